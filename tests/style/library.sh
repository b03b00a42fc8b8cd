#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What the library must not do, seen in its objects: print, exit, abort, keep writable globals.
. "${top_srcdir:?}/tests/tap.sh"
archive=$top_builddir/.libs/libcore.a
[ -f "$archive" ] || skip_all "no $archive"

# Lines "member: symbol".
calls()
{
    $NM -A -u "$archive" 2>/dev/null | sed 's/.*libcore\.a:\([^:]*\):.* /\1: /' |
        grep -E ": (_?exit|_Exit|quick_exit|abort|__assert_fail|(__)?v?printf(_chk)?|puts|putchar|perror|v?warnx?|v?errx?|stdout|stderr)(@.*)?\$"
}

# nm's System V format has the section in the last field: .data and .bss are writable, .data.rel.ro is not after loading.
writable()
{
    $NM -A -f sysv "$archive" 2>/dev/null | "$AWK" -F'|' '
        { section = $NF; gsub(/ /, "", section); name = $1; gsub(/ /, "", name); sub(/.*libcore\.a:/, "", name) }
        section ~ /^(\*COM\*|\.(data|bss|tdata|tbss)(\..*)?)$/ && section !~ /^\.data\.rel\.ro/ { print name " in " section }'
}

no_output()
{
    out=$("$@")
    [ -z "$out" ] || { echo "$out"; return 1; }
}

if [ -n "$INSTRUMENTED" ]; then
    skip 'the library never prints, exits or aborts' 'instrumented build'
    skip 'the library has no writable globals' 'instrumented build'
else
    ok 'the library never prints, exits or aborts' no_output calls
    ok 'the library has no writable globals' no_output writable
fi
done_testing
