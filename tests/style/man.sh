#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Manual pages are clean for mandoc, the generated one too, and tell of every option that a command's --help lists.
. "${top_srcdir:?}/tests/tap.sh"
[ -n "$MANDOC" ] || skip_all 'no mandoc'

# Whether another manual is installed says nothing about the page.
clean()
{
    out=$("$MANDOC" -T lint -W style "$1" 2>&1 | grep -v 'referenced manual not found')
    [ -z "$out" ] || { echo "$out"; return 1; }
}
for page in "$top_srcdir"/man/*.[1-9] "$top_builddir/man/dryseal-findings.7"; do
    ok "${page##*/} is clean" clean "$page"
done

# The options of $1 on its own page, else on the program's; those that several commands share are on the page of check.
documented()
{
    page=$top_srcdir/man/dryseal-$1.1
    [ -f "$page" ] || page=$(grep -l "^\.Nm dryseal-$1\b" "$top_srcdir"/man/*.1) || page=$top_srcdir/man/dryseal.1
    "$DRYSEAL" "$1" --help | grep -oE '^  (-[A-Za-z], )?--[a-z-]+' | sed 's/.* -//' | sort -u >"$tap_tmp/options"
    [ -s "$tap_tmp/options" ] || { echo 'no options'; return 1; }
    sed -n '/^\.\(It \)*Fl/p' "$page" "$top_srcdir/man/dryseal-check.1" | tr ' ' '\n' | sort -u >"$tap_tmp/told"
    comm -23 "$tap_tmp/options" "$tap_tmp/told" >"$tap_tmp/silent"
    cat "$tap_tmp/silent"
    [ ! -s "$tap_tmp/silent" ]
}
for command in check verify show whatif repair diff explain-log rules forge replay; do
    ok "every option of $command is in a manual" documented "$command"
done
done_testing
