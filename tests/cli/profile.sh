#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# profile show: what a profile says; profile match: claims against it, value by value.
. "${top_srcdir:?}/tests/tap.sh"

printf 'plain\n' >"$tap_tmp/plain"
printf 'keychain-access-groups: [G43BCU2T37.x]\ncom.apple.developer.driverkit: yes\n' >"$tap_tmp/good.yaml"
printf '{"keychain-access-groups": ["OTHERTEAM1.x"], "com.apple.security.app-sandbox": true}' >"$tap_tmp/bad.json"

ok 'no operand' prints 'one operand is needed' 2 "$DRYSEAL" profile match
ok 'code without a profile' prints 'no profile is embedded' 5 "$DRYSEAL" profile match "$tap_tmp/plain"
ok 'claims that are none' prints 'neither a property list' 5 "$DRYSEAL" profile match --claims "$tap_tmp/plain" "$tap_tmp/plain"
ok 'a profile that is none' prints 'AMFI-PROFILE-FORMAT' 1 "$DRYSEAL" profile match --claims "$tap_tmp/good.yaml" "$tap_tmp/plain"

ok 'show: no operand' prints 'which profile?' 2 "$DRYSEAL" profile show
ok 'show: a file that is none' prints 'not valid: it is no complete SEQUENCE' 1 "$DRYSEAL" profile show "$tap_tmp/plain"

profile="$top_srcdir/../shared/real/profiles/karabiner-dext-developer-id.provisionprofile"
if [ -r "$profile" ]; then
    ok 'covered' prints 'everything is covered' 0 "$DRYSEAL" profile match --date 2026-01-15 --claims "$tap_tmp/good.yaml" "$profile"
    ok 'by what' prints '"G43BCU2T37.x", covered by "G43BCU2T37.*"' 0 "$DRYSEAL" profile match --date 2026-01-15 --claims "$tap_tmp/good.yaml" "$profile"
    ok 'not covered' prints 'the process would be killed' 1 "$DRYSEAL" profile match --date 2026-01-15 --claims "$tap_tmp/bad.json" "$profile"
    ok 'expired one day' prints 'AMFI-PROFILE-EXPIRED' 1 "$DRYSEAL" profile match --date 2050-01-01 --claims "$tap_tmp/good.yaml" "$profile"
    ok 'JSON' prints '"covered_by": "anybody may claim it"' 1 "$DRYSEAL" profile match --format json --date 2026-01-15 --claims "$tap_tmp/bad.json" "$profile"
    ok 'show' prints 'DER form       the same' 0 "$DRYSEAL" profile show "$profile"
    ok 'show in JSON' prints '"kind": "Developer ID"' 0 "$DRYSEAL" profile show --format json "$profile"
    ok 'show: an edited one' prints 'not valid: signed for' 1 "$DRYSEAL" profile show "${profile%/*}/fastlane-edited-platform-osx.provisionprofile"
else
    skip 'claims against a real profile' 'the profile is not here'
fi

done_testing
