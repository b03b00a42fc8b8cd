#!/bin/bash -eu
# SPDX-License-Identifier: Apache-2.0
# Builds the fuzz targets in the manner of OSS-Fuzz: CC, CFLAGS, LIB_FUZZING_ENGINE and OUT come from outside. Each target
# is installed with a zip of its seeds. By hand:
#
#   CC=clang CFLAGS='-O1 -g -fsanitize=address,fuzzer-no-link' LIB_FUZZING_ENGINE=-fsanitize=fuzzer OUT=/some/where tests/fuzz/build.sh
top=$(cd "$(dirname "$0")/../.." && pwd)
work=${WORK:-$PWD/fuzz-build}
: "${OUT:?where the targets go}"

[ -x "$top/configure" ] || (cd "$top" && autoreconf -fi)
mkdir -p "$work" "$OUT"
cd "$work"
"$top/configure" --enable-fuzzers --disable-sanitizers --disable-shared --enable-static \
    FUZZING_ENGINE="${LIB_FUZZING_ENGINE:--fsanitize=fuzzer}"
make -j"$(nproc)" fuzz-targets
for target in tests/fuzz/fuzz_*; do
    [ -x "$target" ] && [ -f "$target" ] || continue
    name=${target##*/fuzz_}
    cp "$target" "$OUT/"
    if [ -f "$top/corpus/fuzz/$name.dict" ]; then
        cp "$top/corpus/fuzz/$name.dict" "$OUT/fuzz_$name.dict"
    fi
    if [ -d "$top/corpus/fuzz/$name" ] && command -v zip >/dev/null; then
        (cd "$top/corpus/fuzz/$name" && zip -q -r "$OUT/fuzz_${name}_seed_corpus.zip" .)
    fi
done
