#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every source file has its licence tag and is listed in a local.mk.
. "${top_srcdir:?}/tests/tap.sh"
cd "$top_srcdir" || exit 99

find src tests man m4 configure.ac Makefile.am quickstart .ci \
    \( -name '*.[ch]' -o -name '*.def' -o -name '*.mk' -o -name '*.sh' -o -name '*.awk' -o -name '*.[1-9]' \
    -o -name '*.m4' -o -name '*.ac' -o -name '*.am' -o -name '*.yaml' -o -name quickstart -o -name run \) -type f |
    grep -v -e '^m4/libtool\.m4' -e '^m4/lt' | sort >"$tap_tmp/files"

tagged()
{
    bad=0
    while read -r file; do
        head -n 3 "$file" | grep -q 'SPDX-License-Identifier: Apache-2\.0' || { echo "$file"; bad=1; }
    done <"$tap_tmp/files"
    return $bad
}
ok 'SPDX tag in the first three lines' tagged

# A fuzz target is listed without its suffix.
listed()
{
    bad=0
    cat src/local.mk src/*/local.mk tests/local.mk tests/*/local.mk >"$tap_tmp/lists"
    grep -E '^(src|tests)/.*\.([ch]|def|sh)$' "$tap_tmp/files" >"$tap_tmp/sources"
    while read -r file; do
        case $file in tests/fuzz/fuzz_*) file=${file%.c} ;; esac
        grep -qF "$file" "$tap_tmp/lists" || { echo "$file"; bad=1; }
    done <"$tap_tmp/sources"
    return $bad
}
ok 'every source is listed in a local.mk' listed

no_tabs()
{
    # shellcheck disable=SC2046
    ! grep -n "$(printf '\t')" $(grep '\.[ch]$' "$tap_tmp/files")
}
ok 'no tabs in C files' no_tabs
done_testing
