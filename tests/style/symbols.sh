#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The shared library exports exactly the names of src/dryseal.sym, and the program is a program.
. "${top_srcdir:?}/tests/tap.sh"

library=
for candidate in "$top_builddir/.libs/libdryseal.so" "$top_builddir/.libs/libdryseal.dylib"; do
    [ -f "$candidate" ] && library=$candidate
done

exports()
{
    $NM -D --defined-only "$library" | "$AWK" '$2 ~ /^[A-Z]$/ && $3 !~ /^_/ { sub(/@.*/, "", $3); print $3 }' | sort >"$tap_tmp/got"
    sort "$top_srcdir/src/dryseal.sym" >"$tap_tmp/wanted"
    diff "$tap_tmp/wanted" "$tap_tmp/got"
}
if [ -n "$library" ]; then
    ok 'exported symbols equal src/dryseal.sym' exports
else
    skip 'exported symbols equal src/dryseal.sym' 'no shared library'
fi

prefixed()
{
    ! grep -v '^ds_[a-z0-9_]*$' "$top_srcdir/src/dryseal.sym"
}
ok 'every exported name begins with ds_' prefixed

declared()
{
    while read -r name; do
        grep -q "[ *]$name(" "$top_srcdir/src/include/dryseal.h" || { echo "$name is not in dryseal.h"; return 1; }
    done <"$top_srcdir/src/dryseal.sym"
}
ok 'every exported name is declared in dryseal.h' declared

is_executable()
{
    [ "$(head -c 2 "$DRYSEAL")" != '#!' ]
}
ok 'the built program is an executable, not a wrapper script' is_executable
done_testing
