#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# `make lint`: the style tests, and the tools that are too slow or too picky about versions for `make check`. TAP.
. "${top_srcdir:?}/tests/tap.sh"
cd "$top_srcdir" || exit 99
jobs=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)

for test in layers sources headers functions library symbols man; do
    ok "tests/style/$test.sh" sh "$top_srcdir/tests/style/$test.sh"
done

mapped()
{
    bad=0
    for file in src/[!i]*/*.h; do
        module=${file#src/}
        module=${module%.h}
        grep -qE "(^|[^a-z])${module#*/}([^a-z]|\$)" src/README.md || { echo "src/README.md does not name $module"; bad=1; }
    done
    return $bad
}
ok 'src/README.md names every module' mapped

# shellcheck disable=SC2046
format_clean()
{
    clang-format --dry-run -Werror $(find src tests -name '*.[ch]')
}
case $(clang-format --version 2>/dev/null) in
*"version 14."*) ok 'clang-format changes nothing' format_clean ;;
'') skip 'clang-format changes nothing' 'no clang-format' ;;
*) skip 'clang-format changes nothing' 'not version 14, whose layout is the project'\''s' ;;
esac

static_analysis()
{
    cppcheck --quiet --std=c11 --enable=warning,performance,portability --inline-suppr --error-exitcode=1 -j"$jobs" \
        --library=tests/style/cppcheck.cfg --suppressions-list=tests/style/cppcheck.txt -DHAVE_CONFIG_H -D__GNUC__=12 -Dnoreturn=_Noreturn \
        -I src -I src/include -I "$top_builddir" src
}
if command -v cppcheck >/dev/null 2>&1; then
    ok 'cppcheck finds nothing' static_analysis
else
    skip 'cppcheck finds nothing' 'no cppcheck'
fi
done_testing
