#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every source file has its licence tag and is listed in a local.mk.
. "${top_srcdir:?}/tests/tap.sh"
cd "$top_srcdir" || exit 99

find src tests man m4 configure.ac Makefile.am quickstart .ci \
    \( -name '*.[ch]' -o -name '*.def' -o -name '*.mk' -o -name '*.sh' -o -name '*.awk' -o -name '*.[1-9]' \
    -o -name '*.m4' -o -name '*.ac' -o -name '*.am' -o -name '*.yaml' -o -name quickstart -o -name run \) -type f |
    grep -v -e '^m4/libtool\.m4' -e '^m4/lt' | sort >"$tap_tmp/files"

# The files of $1 that $2 does not name; both sorted.
none_but()
{
    comm -23 "$1" "$2" >"$tap_tmp/left"
    cat "$tap_tmp/left"
    [ ! -s "$tap_tmp/left" ]
}

xargs awk 'FNR <= 3 && /SPDX-License-Identifier: Apache-2\.0/ { print FILENAME }' <"$tap_tmp/files" |
    sort -u >"$tap_tmp/tagged"
ok 'SPDX tag in the first three lines' none_but "$tap_tmp/files" "$tap_tmp/tagged"

# A fuzz target is listed without its suffix.
grep -E '^(src|tests)/.*\.([ch]|def|sh)$' "$tap_tmp/files" | sed 's|^\(tests/fuzz/fuzz_.*\)\.c$|\1|' | sort >"$tap_tmp/sources"
cat src/local.mk src/*/local.mk tests/local.mk tests/*/local.mk | tr -s ' \t\\' '\n' | sort -u >"$tap_tmp/listed"
ok 'every source is listed in a local.mk' none_but "$tap_tmp/sources" "$tap_tmp/listed"

no_tabs()
{
    # shellcheck disable=SC2046
    ! grep -n "$(printf '\t')" $(grep '\.[ch]$' "$tap_tmp/files")
}
ok 'no tabs in C files' no_tabs
done_testing
