#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every status of src/base/osstatus.def ends a run of codesign in corpus/cases/codesign/errors.yaml, by number and by text, or
# corpus/unreached-statuses.tsv says why none can. That the cases hold is tested by corpus.sh.
. "${top_srcdir:?}/tests/tap.sh"

cases=$top_srcdir/corpus/cases/codesign/errors.yaml
sed -n 's/^OSSTATUS(\(-[0-9]*\), [A-Za-z_]*, "\(.*\)")$/\1	\2/p' "$top_srcdir/src/base/osstatus.def" >"$tap_tmp/all"
sed 1d "$top_srcdir/corpus/unreached-statuses.tsv" | cut -f1 | sort >"$tap_tmp/excused"
cut -f1 "$tap_tmp/all" | sort >"$tap_tmp/numbers"

# The case e-NUMBER expects NUMBER on standard output and TEXT on standard error.
has_case()
{
    awk -v name="  e$1:" -v number="$1" -v text="$2" '
        /^  e[-0-9]*:/ { inside = $0 == name; next }
        inside && substr($0, length($0) - length(text) - 1) == ": " text { said = 1 }
        inside && $1 == number { numbered = 1 }
        END { exit !(said && numbered) }' "$cases"
}

is_settled()
{
    grep -qx -- "$1" "$tap_tmp/excused" || has_case "$1" "$2"
}

while IFS='	' read -r number text; do
    ok "$number $text" is_settled "$number" "$text"
done <"$tap_tmp/all"

comm -23 "$tap_tmp/excused" "$tap_tmp/numbers" >"$tap_tmp/unknown"
ok 'only statuses are excused' test ! -s "$tap_tmp/unknown"
ok 'the table is read' test -s "$tap_tmp/all"
sed -n 's/^  e\(-[0-9]*\):$/\1/p' "$cases" | sort | comm -12 - "$tap_tmp/excused" >"$tap_tmp/both"
ok 'what is excused has no case' test ! -s "$tap_tmp/both"
done_testing
