#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every header compiles alone; the public one also as C++ (where there is a C++ compiler) and without our include paths.
. "${top_srcdir:?}/tests/tap.sh"
cd "$top_builddir" || exit 99

# One run of the compiler for all: starting it takes longer than what it has to do.
compile_headers()
{
    mkdir "$tap_tmp/alone"
    for header in "$top_srcdir"/src/*/*.h; do
        name=${header#"$top_srcdir"/src/}
        printf '#include "%s"\n#include "%s"\n' "$name" "$name" >"$tap_tmp/alone/${name%/*}-${name#*/}.c"
    done
    # shellcheck disable=SC2086
    $CC $TEST_CPPFLAGS -std=gnu11 -Wall -Werror -fsyntax-only "$tap_tmp"/alone/*.c
}
ok 'each header of src/ compiles alone, and twice' compile_headers

public_alone()
{
    printf '#include "dryseal.h"\nint main(void) { return ds_version() == 0; }\n' >"$tap_tmp/public.c"
    # shellcheck disable=SC2086
    $CC -std=c11 -pedantic -Wall -Werror -I"$top_srcdir/src/include" -fsyntax-only "$tap_tmp/public.c"
}
ok 'dryseal.h needs nothing else' public_alone

if command -v c++ >/dev/null 2>&1; then
    ok 'dryseal.h is valid C++' c++ -x c++ -Wall -Werror -fsyntax-only "$top_srcdir/src/include/dryseal.h"
else
    skip 'dryseal.h is valid C++' 'no C++ compiler'
fi
done_testing
