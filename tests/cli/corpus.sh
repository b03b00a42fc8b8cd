#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every case of the corpus, built, run and compared with what it expects; and every rule of the book has something to say
# in at least one of them. The cases run once for both, since that takes longer than all other scripts together.
. "${top_srcdir:?}/tests/tap.sh"
cd "$top_srcdir" || exit 99

"$DRYSEAL" replay -v corpus/cases/*/*.yaml >"$tap_tmp/reports" 2>"$tap_tmp/trouble"
echo "exit status $?" >>"$tap_tmp/trouble"

# A line of the result for each variant, what differs below it; the reports in between are left out.
awk '/^(ok |NOT)  corpus\/cases\// { tells = 1; word = $1 == "NOT" ? "not ok" : "ok"; print word " " ++n " - " substr($0, 6); next }
     tells && /^       / { print "# " $0; next }
     { tells = 0 }' "$tap_tmp/reports" | tee "$tap_tmp/results"
tap_n=$(grep -c -e '^ok' -e '^not ok' "$tap_tmp/results")
tap_failed=$(grep -c '^not ok' "$tap_tmp/results")

all_ran()
{
    cat "$tap_tmp/trouble"
    [ "$tap_n" -gt 0 ] && [ "$(cat "$tap_tmp/trouble")" = 'exit status 0' ]
}
ok 'every case is read, and comes as it expects' all_ran

sed -n 's/.*(.*, rule \([^,)]*\)[,)].*/\1/p' "$tap_tmp/reports" | sort -u >"$tap_tmp/seen"
"$DRYSEAL" rules | sed -n 's/^  \([^ ]*\) .*/\1/p' | sort -u >"$tap_tmp/book"
comm -23 "$tap_tmp/book" "$tap_tmp/seen" >"$tap_tmp/silent"

covered()
{
    [ -s "$tap_tmp/book" ] || return 1
    sed 's/^/no case for the rule /' "$tap_tmp/silent"
    [ ! -s "$tap_tmp/silent" ]
}
ok "all $(wc -l <"$tap_tmp/book" | tr -d ' ') rules have a case" covered
done_testing
