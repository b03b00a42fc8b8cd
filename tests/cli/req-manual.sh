#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# dryseal-requirement(7): its examples compile, those meant not to do not, and its grammar is that of the parser.
. "${top_srcdir:?}/tests/tap.sh"
page=$top_srcdir/man/dryseal-requirement.7

# blocks MARK: the displays behind a comment of that word, one file each: $tap_tmp/MARK.N
blocks()
{
    $AWK -v mark=".\\\\\" $1" -v file="$tap_tmp/$1" '
        $0 == mark { want = 1; next }
        want && /^\.Bd/ { inside = 1; n++; next }
        inside && /^\.Ed/ { inside = want = 0; next }
        inside { print > (file "." n) }' "$page"
}
blocks example
blocks refused
for text in "$tap_tmp"/example.*; do
    ok "compiles: $(head -n 1 "$text")" "$DRYSEAL" req compile "$text"
done
for text in "$tap_tmp"/refused.*; do
    refused 1 "does not compile: $(head -n 1 "$text")" "$DRYSEAL" req compile "$text"
done

# The names of rules in the page's grammar are rules of the parser's comments, and the other way round.
rules()
{
    sed -n 's/^\( \*\|\/\*\)* *\([a-zA-Z][a-zA-Z]*\) = .*/\2/p' "$1" | sort -u
}
same_rules()
{
    rules "$page" >"$tap_tmp/page" || return
    for rule in $(cat "$tap_tmp/page"); do
        grep -q "[ *;]$rule = " "$top_srcdir/src/lang/parse.c" || { echo "the parser has no rule $rule"; return 1; }
    done
    [ "$(wc -l <"$tap_tmp/page")" -ge 15 ]
}
ok 'the rules of the grammar are those of the parser' same_rules
done_testing
