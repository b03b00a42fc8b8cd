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
with_code()
{
    printf 'taskgated-helper: com.example.vpn.tunnel: Unsatisfied entitlements: com.apple.developer.networking.networkextension\n' >"$tap_tmp/log"
    "$DRYSEAL" forge --variant f1-plain-value -o "$tap_tmp/forged" "$top_srcdir/corpus/cases/ne/devid-appex.yaml" >/dev/null || return 1
    "$DRYSEAL" explain-log --allow-test-root --code "$tap_tmp/forged/Example.app" "$tap_tmp/log" >"$tap_tmp/out" || return 1
    cat "$tap_tmp/out"
    grep -qF 'AMFI-ENT-UNSATISFIED in Example.app/Contents/PlugIns/Tunnel.appex' "$tap_tmp/out"
}
ok 'with the code at hand: which it was' with_code
refused 5 'code that is not there' "$DRYSEAL" explain-log --code "$tap_tmp/none" "$tap_tmp/log"
refused 5 'a file that is not there' "$DRYSEAL" explain-log "$tap_tmp/none"
done_testing
