#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# `make fuzz`: fuzzes each target for FUZZ_TIME seconds, starting from the stored inputs. New inputs and crashes stay in
# fuzz-work/<target>/ of the build directory; a crash is kept by copying it to corpus/fuzz/<target>/ with the fix. TAP.
cd "${top_builddir:?}" || exit 99
jobs=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
status=0

# A length limit keeps runs fast; parsers' own limits are tried by unit tests.
fuzz_one()
{
    name=${1##*/fuzz_}
    mkdir -p "fuzz-work/$name/found"
    seeds=$top_srcdir/corpus/fuzz/$name
    [ -d "$seeds" ] || seeds=
    dictionary=$top_srcdir/corpus/fuzz/$name.dict
    [ -f "$dictionary" ] || dictionary=
    "./$1" -max_total_time="$FUZZ_TIME" -timeout=10 -rss_limit_mb=1024 -max_len=65536 -print_final_stats=1 \
        -artifact_prefix="fuzz-work/$name/" ${dictionary:+"-dict=$dictionary"} "fuzz-work/$name/found" ${seeds:+"$seeds"} >"fuzz-work/$name/log" 2>&1
}

# Targets run side by side, one a processor.
running=0
for target in $FUZZ_TARGETS; do
    name=${target##*/fuzz_}
    mkdir -p "fuzz-work/$name"
    rm -f "fuzz-work/$name/failed"
    { fuzz_one "$target" || : >"fuzz-work/$name/failed"; } &
    running=$((running + 1))
    [ $((running % jobs)) -ne 0 ] || wait
done
wait

number=0
for target in $FUZZ_TARGETS; do
    name=${target##*/fuzz_}
    number=$((number + 1))
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "fuzz-work/$name/log")
    if [ -f "fuzz-work/$name/failed" ]; then
        echo "not ok $number - fuzz $name (log and input: fuzz-work/$name/)"
        tail -n 30 "fuzz-work/$name/log" | sed 's/^/# /'
        status=1
    else
        echo "ok $number - fuzz $name: ${runs:-?} runs in $FUZZ_TIME s"
    fi
done
echo "1..$number"
exit $status
