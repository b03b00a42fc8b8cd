#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# whatif: facts judged, edited, judged again.
. "${top_srcdir:?}/tests/tap.sh"

"$DRYSEAL" forge "$top_srcdir/corpus/cases/ne/devid-appex.yaml" -o "$tap_tmp" >/dev/null || skip_all 'nothing was forged'
app=$tap_tmp/Example.app
tunnel=Contents/PlugIns/Tunnel.appex
value=entitlements.com.apple.developer.networking.networkextension

# what STATUS WORDS args...: whatif says WORDS and exits with STATUS.
what()
{
    status=$1 words=$2
    shift 2
    prints "$words" "$status" "$DRYSEAL" whatif --allow-test-root --macos 15.3 \
        --assume notarized=yes --assume user-approved=yes "$@" "$app"
}

ok 'the founding case as a system extension' what 0 'then      accepted' --package system-extension --at "$tunnel"
ok 'the plain value is no way out' what 1 'then      refused at amfi: AMFI-ENT-UNSATISFIED' \
    --set "$tunnel:$value=[packet-tunnel-provider]"
ok 'another signer for all' what 1 'AMFI-PROFILE-CERT' --signer apple-development --at '*'
ok 'what must be signed again' what 1 '2. Example.app' --set "$tunnel:info.Key=1"
ok 'the host is a fact too' what 0 'then      accepted' --package system-extension --at "$tunnel" --set host.macos=14.0
ok 'a slip is answered with a hint' what 2 "did you mean 'signer'?" --set singer=adhoc
ok 'an edit of nothing' what 2 'no code lies at' --set Contents/None.app:signer=adhoc
ok 'no edit at all' what 2 'what if what?'
ok 'what can be changed' what 0 'peer-requirements' --keys
ok 'json' what 0 '"sign_again": [' --format json --package system-extension --at "$tunnel"

# Every example of the manual runs and says something; without the test root, forged code is refused.
cp -r "$app" "$tap_tmp/Theirs.app"
example()
{
    (cd "$tap_tmp" && eval "$(echo "$1" | sed "s|^dryseal|\"$DRYSEAL\"|")") >"$tap_tmp/out" 2>&1
    got=$?
    cat "$tap_tmp/out"
    [ "$got" -le 1 ] && [ -s "$tap_tmp/out" ]
}
sed -n 's/^\.Dl \$ //p' "$top_srcdir/man/dryseal-whatif.1" >"$tap_tmp/examples"
while read -r line; do
    ok "the manual: $line" example "$line"
done <"$tap_tmp/examples"
done_testing
