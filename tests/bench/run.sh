#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# `make bench`: times the program's main jobs on the corpus, then runs the benchmark programs named on the command line.
cd "${top_builddir:?}" || exit 99
tmp=$(mktemp -d "${TMPDIR:-/tmp}/dryseal-bench.XXXXXX") || exit 99
trap 'rm -rf "$tmp"' EXIT
case=$top_srcdir/corpus/cases/ne/devid-appex.yaml

# measure TIMES NAME COMMAND...: the mean wall time of a run, and processor time.
measure()
{
    times=$1 name=$2
    shift 2
    times >"$tmp/before"
    start=$(date +%s%N)
    i=0
    while [ $i -lt "$times" ]; do
        "$@" >/dev/null 2>&1
        i=$((i + 1))
    done
    end=$(date +%s%N)
    times >"$tmp/after"
    cpu=$((($(processor_ms "$tmp/after") - $(processor_ms "$tmp/before")) * 1000 / times))
    printf '%-46s %7d %8d %8d\n' "$name" "$times" $cpu $(((end - start) / times / 1000))
}

# Milliseconds that the shell's children took, from the second line of what `times` wrote: 0m1.234s 0m0.100s.
processor_ms()
{
    sed -n '2{s/[ms]/ /g;p;}' "$1" | {
        read -r um us sm ss
        echo $(((um + sm) * 60000 + $(whole_ms "$us") + $(whole_ms "$ss")))
    }
}

# 1.234000 as 1234
whole_ms()
{
    rest=${1#*.}000
    echo $((${1%.*} * 1000 + 1${rest%"${rest#???}"} - 1000))
}

printf '%-46s %7s %8s %8s\n' 'a run of' times 'CPU us' 'wall us'
measure 50 'dryseal --version' "$DRYSEAL" --version
if [ -f "$case" ]; then
    measure 5 'replay the founding case' "$DRYSEAL" replay "$case"
    measure 5 'forge the founding case' "$DRYSEAL" forge "$case" -o "$tmp/forged"
    for app in "$tmp"/forged/*.app; do
        [ -d "$app" ] && measure 20 "check ${app##*/}" "$DRYSEAL" check "$app"
    done
fi
for program in "$@"; do
    printf '\n== %s\n' "${program##*/}"
    "./$program" || exit 1
done
