#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# `make bench`: times the program's main jobs on the corpus, then runs the benchmark programs named on the command line.
cd "${top_builddir:?}" || exit 99
tmp=$(mktemp -d "${TMPDIR:-/tmp}/dryseal-bench.XXXXXX") || exit 99
trap 'rm -rf "$tmp"' EXIT
case=$top_srcdir/corpus/cases/ne/devid-appex.yaml

# measure TIMES NAME COMMAND...: the mean wall time of a run.
measure()
{
    times=$1 name=$2
    shift 2
    start=$(date +%s%N)
    i=0
    while [ $i -lt "$times" ]; do
        "$@" >/dev/null 2>&1
        i=$((i + 1))
    done
    end=$(date +%s%N)
    printf '%-40s %8d us a run (%d runs)\n' "$name" $(((end - start) / times / 1000)) "$times"
}

measure 50 'dryseal --version' "$DRYSEAL" --version
if [ -f "$case" ]; then
    measure 5 'replay the founding case' "$DRYSEAL" replay "$case"
    measure 5 'forge the founding case' "$DRYSEAL" forge "$case" -o "$tmp/forged"
    for app in "$tmp"/forged/*.app; do
        [ -d "$app" ] && measure 20 "check ${app##*/}" "$DRYSEAL" check "$app"
    done
fi
for program in "$@"; do
    echo "== ${program##*/}"
    "./$program" || exit 1
done
