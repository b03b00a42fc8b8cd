#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# explain-log: lines in, causes out; noise stays noise.
. "${top_srcdir:?}/tests/tap.sh"

says()
{
    pattern=$1
    shift
    printf '%s\n' "$@" | "$DRYSEAL" explain-log >"$tap_tmp/out" || return 1
    cat "$tap_tmp/out"
    grep -qF -- "$pattern" "$tap_tmp/out"
}

ok 'a cause' says 'AMFI-ENT-UNSATISFIED' \
    'taskgated-helper: com.example.vpn: Unsatisfied entitlements: com.apple.developer.networking.networkextension'
ok 'noise is called noise' says 'noise: healthy software prints it too' \
    'Signature check failed: code failed to satisfy specified code requirement(s)'
ok 'nothing known' says 'No line names a fault' 'the quick brown fox'

json()
{
    printf 'taskgated-helper: x: Unsatisfied entitlements: y\n' >"$tap_tmp/log"
    "$DRYSEAL" explain-log --format json "$tap_tmp/log" >"$tap_tmp/out" || return 1
    cat "$tap_tmp/out"
    grep -q '"causes"' "$tap_tmp/out" && grep -q 'AMFI-ENT-UNSATISFIED' "$tap_tmp/out"
}
ok 'JSON' json
refused 5 'a file that is not there' "$DRYSEAL" explain-log "$tap_tmp/none"
done_testing
