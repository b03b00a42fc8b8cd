#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every rule of the book has something to say in at least one case of the corpus, and every case comes as it expects.
. "${top_srcdir:?}/tests/tap.sh"

"$DRYSEAL" replay -v "$top_srcdir"/corpus/cases/*/*.yaml >"$tap_tmp/reports" 2>&1
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
