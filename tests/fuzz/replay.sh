#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs every fuzz target over its stored inputs, corpus/fuzz/<target>/, and over the empty input.
. "${top_srcdir:?}/tests/tap.sh"
cd "$top_builddir" || exit 99
[ -n "$FUZZ_TARGETS" ] || skip_all 'no fuzz targets'

: >"$tap_tmp/empty"
for target in $FUZZ_TARGETS; do
    name=${target##*/fuzz_}
    find "$top_srcdir/corpus/fuzz/$name" -type f ! -name 'README*' 2>/dev/null | sort >"$tap_tmp/inputs"
    # shellcheck disable=SC2046
    ok "$name: $(wc -l <"$tap_tmp/inputs") stored inputs" "./$target" "$tap_tmp/empty" $(cat "$tap_tmp/inputs")
done
done_testing
