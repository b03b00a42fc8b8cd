#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Size limits of the house: functions, parameters, files.
. "${top_srcdir:?}/tests/tap.sh"
cd "$top_srcdir" || exit 99

find src tests -name '*.[ch]' | sort >"$tap_tmp/files"

no_output()
{
    out=$("$@")
    [ -z "$out" ] || { echo "$out"; return 1; }
}

# shellcheck disable=SC2046
ok 'functions of at most 80 lines and 5 parameters' \
    no_output "$AWK" -v lines=80 -v parameters=5 -f tests/style/functions.awk $(cat "$tap_tmp/files")

long_files()
{
    xargs wc -l <"$tap_tmp/files" | "$AWK" '$2 != "total" && $2 ~ /^src\// && $1 > 800 { print $2 " " $1 }' |
    while read -r file lines; do
        grep -q 'Longer than 800 lines because' "$file" || echo "$file: $lines lines (limit 800, or a reason)"
    done
}
ok 'modules of at most 800 lines' no_output long_files
done_testing
