#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# `make coverage`: builds with --enable-coverage in coverage-build/, runs the tests, prints the share of executed lines for
# each file (coverage-build/coverage.txt) and each layer. Needs gcov, which comes with gcc.
set -eu
: "${top_srcdir:?}" "${top_builddir:?}"
mkdir -p "$top_builddir/coverage-build"
cd "$top_builddir/coverage-build"
[ -f Makefile ] || "$top_srcdir/configure" --enable-coverage CC=gcc CFLAGS='-O0 -g' >configure.log 2>&1
make -j"$(getconf _NPROCESSORS_ONLN)" >make.log 2>&1
find . -name '*.gcda' -exec rm -f {} +
make check >check.log 2>&1 || echo 'coverage: some tests failed (coverage-build/check.log)' >&2

# gcov names every file a note covers; only the lines of the compiled file itself count, headers would count many times.
find src -name '*.gcda' | while read -r data; do
    gcov -n "$data" 2>/dev/null
done | awk -v top="$top_srcdir/" '
    /^File / {
        file = $0
        sub(/^File ./, "", file)
        sub(/.$/, "", file)
        sub(/^.*\/src\//, "src/", file)
    }
    /^Lines executed:/ && file ~ /^src\/.*\.c$/ {
        split($0, part, /[:% ]+/)
        n = $NF
        printf "%s %d %d\n", file, part[3] * n / 100 + 0.5, n
        file = ""
    }' | sort -u >coverage.txt

awk '
    { layer = $1; sub(/^src\//, "", layer); if (!sub(/\/.*/, "", layer)) layer = "(interface)"
      hit[layer] += $2; all[layer] += $3; total_hit += $2; total += $3 }
    END {
        for (layer in all)
            printf "%-12s %5.1f %%  of %6d lines\n", layer, 100 * hit[layer] / all[layer], all[layer] | "sort"
        close("sort")
        if (total)
            printf "%-12s %5.1f %%  of %6d lines\n", "all", 100 * total_hit / total, total
    }' coverage.txt
