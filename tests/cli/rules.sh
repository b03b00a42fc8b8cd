#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# rules: the list, an explanation, the words, the entitlement catalogue, and a company's own rules.
. "${top_srcdir:?}/tests/tap.sh"

shows()
{
    pattern=$1
    shift
    "$DRYSEAL" rules "$@" >"$tap_tmp/out" || return 1
    cat "$tap_tmp/out"
    grep -qF -- "$pattern" "$tap_tmp/out"
}

ok 'the list' shows 'A Developer ID provider must be a system extension'
ok 'one stage' shows 'sysext: system extensions' --stage sysext
ok 'a rule' shows 'evidence:  A, documented by Apple' NE-01
ok 'a rule by its finding' shows 'NE-12:' NE-MACH-PREFIX
ok 'its stanza' shows 'applies: { row.channel: store, channel: developer-id }' NE-01
ok 'JSON' shows '"finding": "NE-PKG-DEVID-APPEX"' --format json NE-01
ok 'the words' shows 'path-inside' words
ok 'an entitlement' shows 'TEAM.* usual' entitlements keychain-access-groups
refused 2 'no such rule' "$DRYSEAL" rules NE-0l
refused 2 'no such stage' "$DRYSEAL" rules --stage nee

cat >"$tap_tmp/ours.yaml" <<'RULES'
about: What our company ships
rules:
- id: US-1
  finding: REQ-FAILED
  stage: layout
  title: Everything we ship is ours and hardened
  evidence: D
  source: our handbook
  applies: { is-executable: yes }
  must:
    requirement: anchor apple generic and certificate leaf[subject.OU] = "TEAMID1234"
    flags: { has: hardened-runtime }
  says: "${called} is signed by ${authority}"
RULES
ok "a company's rules" shows 'our handbook' --rules "$tap_tmp/ours.yaml" US-1
sed 's/flags:/falgs:/' "$tap_tmp/ours.yaml" >"$tap_tmp/slip.yaml"
slip()
{
    "$DRYSEAL" rules --rules "$tap_tmp/slip.yaml" 2>"$tap_tmp/err"
    [ $? -eq 5 ] || return 1
    cat "$tap_tmp/err"
    grep -qF "slip.yaml:12:5: there is no fact 'falgs'; did you mean 'flags'?" "$tap_tmp/err"
}
ok 'a slip in them' slip

# The same rules before forged apps: one of ours, and one of another team.
"$DRYSEAL" forge "$top_srcdir/corpus/cases/updater/certificate-change.yaml" -o "$tap_tmp/forged" >/dev/null
ours()
{
    "$DRYSEAL" check --allow-test-root --assume notarized=yes --rules "$tap_tmp/ours.yaml" "$1" >"$tap_tmp/out"
    status=$?
    cat "$tap_tmp/out"
    [ "$status" -eq "$2" ]
}
ok 'an app of another team' ours "$tap_tmp/forged/Example.app" 3
ok 'it names the rule' grep -qF 'rule US-1' "$tap_tmp/out"
ok 'an app of ours' ours "$tap_tmp/forged/replaced/Example.app" 0
done_testing
