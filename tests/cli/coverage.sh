#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every finding of the catalogue decides a case of the corpus, or is expected beside it, or corpus/unreached.tsv says why not.
. "${top_srcdir:?}/tests/tap.sh"

sed -n 's/^FINDING([A-Z0-9_]*, "\([^"]*\)".*/\1/p' "$top_srcdir/src/base/findings.def" | sort -u >"$tap_tmp/all"
# What a case says must not appear is no case for it, and neither is a remark.
cat "$top_srcdir"/corpus/cases/*/*.yaml | sed 's/ #.*//' | tr '\n' ' ' | sed 's/[^a-z]not: *\[[^]]*\]//g' |
    grep -oE '[A-Z0-9]+(-[A-Z0-9]+)+' | sort -u >"$tap_tmp/seen"
sed 1d "$top_srcdir/corpus/unreached.tsv" | cut -f1 | sort >"$tap_tmp/excused"

# Nothing in FILE, whose lines are shown after WHY.
none()
{
    sed "s/^/$2 /" "$1"
    [ -s "$tap_tmp/all" ] && [ ! -s "$1" ]
}

sort -u "$tap_tmp/seen" "$tap_tmp/excused" | comm -23 "$tap_tmp/all" - >"$tap_tmp/missing"
ok "all $(wc -l <"$tap_tmp/all" | tr -d ' ') findings have a case" none "$tap_tmp/missing" 'no case for'
comm -12 "$tap_tmp/seen" "$tap_tmp/excused" >"$tap_tmp/reached"
ok 'what is excused has none' none "$tap_tmp/reached" 'a case, and an excuse, for'
comm -23 "$tap_tmp/excused" "$tap_tmp/all" >"$tap_tmp/unknown"
ok 'only findings are excused' none "$tap_tmp/unknown" 'no finding'
done_testing
