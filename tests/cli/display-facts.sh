#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What codesign --display tells of signatures of all kinds: page sizes, digests, slots, requirements beside other output. That
# verifying and displaying leave files alone.
. "${top_srcdir:?}/tests/tap.sh"

cat >"$tap_tmp/case.yaml" <<'END'
title: what display shows of signatures of all kinds
source: Security seccodesigner.mm, SignatureEditing.sh; signers crate, display and verify binary tests
signers:
  us: { kind: developer-id, team: TEAMID1234, name: Example Corp }
  apple: { kind: apple }
code:
  many: { kind: tool, identifier: com.example.many, signer: us, archs: [arm64, arm64_32, armv7, x86_64] }
  adhoc: { kind: tool, identifier: com.example.adhoc, signer: adhoc, archs: [arm64, arm64_32, armv7, x86_64] }
  two: { kind: tool, identifier: com.example.two, signer: adhoc, archs: [arm64, x86_64], hash-types: [sha1, sha256] }
  flagless: { kind: tool, identifier: com.example.flagless, signer: adhoc }
  "a => b": { kind: tool, identifier: com.example.odd, signer: us }
  -dashed: { kind: tool, identifier: com.example.odd, signer: us }
  "two words": { kind: tool, identifier: com.example.odd, signer: us }
  "ümläut": { kind: tool, identifier: com.example.odd, signer: us }
  rich:
    kind: tool
    identifier: com.example.rich
    signer: us
    entitlements: { com.apple.security.cs.allow-jit: true }
    constraints: { self: { team-identifier: TEAMID1234 }, parent: { validation-category: 2 }, responsible: { validation-category: 3 }, library: { team-identifier: TEAMID1234 } }
    requirements: "host => anchor apple designated => identifier com.example.rich and anchor apple generic"
  guests: { kind: tool, identifier: com.example.guests, signer: adhoc, requirements: "plugin => never guest => always" }
  members: { kind: tool, identifier: com.example.set, signer: us, requirements: "host => anchor apple; designated => identifier com.example.set; library => always" }
  ls: { kind: tool, identifier: com.apple.ls, signer: apple, entitlements: { com.apple.private.x: true } }
  old: { kind: tool, identifier: com.example.old, signer: us, minos: "10.9", sdk: "10.9" }
  new: { kind: tool, identifier: com.example.old, signer: us, minos: "11.0", sdk: "13.0" }
  debug: { kind: tool, identifier: com.example.debug, signer: us, entitlements: { com.apple.security.get-task-allow: true } }
  broken: { kind: tool, identifier: com.example.broken, signer: us }
  plain: { kind: tool, identifier: com.example.plain, signer: none }
  Sample.app: { identifier: com.example.TestCLT, signer: us, sdk: "12.1", entitlements: { com.apple.security.cs.allow-jit: true } }
after-signing:
  - flip: { path: flagless, field: flags, set: 0 }
  - flip: { path: broken, page: 1 }
END
"$DRYSEAL" forge "$tap_tmp/case.yaml" -o "$tap_tmp/made" >/dev/null || exit 99
cd "$tap_tmp/made" || exit 99

codesign()
{
    "$DRYSEAL" codesign --allow-test-root "$@"
}

# shows FILE LINE args...: LINE is among what codesign -dvvvvv says about FILE.
shows()
{
    codesign -dvvvvv "$@" >"$tap_tmp/out" 2>&1
    cat "$tap_tmp/out"
    grep -qx -e "$line" "$tap_tmp/out"
}
lacks()
{
    ! shows "$@"
}
# dumps FILE TEXT args...: TEXT, exactly, is what codesign -d sends to standard output.
dumps()
{
    text=$1
    shift
    codesign -d "$@" 2>/dev/null | sed 's/[0-9a-f]\{40\}/HASH/g' >"$tap_tmp/got"
    printf '%s\n' "$text" | diff - "$tap_tmp/got"
}

for arch in arm64:16384 arm64_32:16384 armv7:4096 x86_64:4096; do
    line="Page size=${arch#*:}"
    ok "signed with a certificate, ${arch%:*}: $line" shows -a "${arch%:*}" many
    ok "signed ad hoc, ${arch%:*}: $line" shows -a "${arch%:*}" adhoc
done
line='CodeDirectory v=20400 .* flags=0x0(none) .*'
ok 'ad hoc without its flag' shows flagless

devid='designated => identifier "com.example.odd" and anchor apple generic and certificate 1[field.1.2.840.113635.100.6.2.6] /* exists */ and certificate leaf[field.1.2.840.113635.100.6.1.13] /* exists */ and certificate leaf[subject.OU] = TEAMID1234'
for name in 'a => b' -dashed 'two words' 'ümläut'; do
    ok "requirements of a file named '$name'" dumps "$devid" -r- -- "$name"
done
ok 'members come in the order of their types' dumps 'host => anchor apple
designated => identifier "com.example.set"
library => always' -r- members
ok 'what only follows is marked' dumps 'guest => always
plugin => never
# designated => cdhash H"HASH"' -r- guests
ok 'ad hoc and universal: a hash for each slice' dumps '# designated => cdhash H"HASH" or cdhash H"HASH" or cdhash H"HASH" or cdhash H"HASH"' -r- adhoc
ok 'and for each digest' dumps '# designated => cdhash H"HASH" or cdhash H"HASH" or cdhash H"HASH" or cdhash H"HASH"' -r- two
ok 'one slice alone' dumps '# designated => cdhash H"HASH"' -r- -a x86_64 adhoc
ok "Apple's own" dumps 'designated => identifier "com.apple.ls" and anchor apple' -r- ls
ok 'the leaf of Apple code' codesign -v \
    '-R=certificate leaf[subject.CN] = "Software Signing" and certificate leaf[subject.OU] = "Apple Software" and certificate leaf[subject.O] = "Apple Inc."' ls
ok 'requirements and entitlements' dumps 'host => anchor apple
designated => identifier "com.example.rich" and anchor apple generic
[Dict]
	[Key] com.apple.security.cs.allow-jit
	[Value]
		[Bool] true' -r- --entitlements - rich
line='	Has Parent Launch Constraints'
ok 'constraints are told on the other stream' shows -r- --entitlements - rich
for line in '	Has Self Launch Constraints' '	Has Responsible Launch Constraints' '	Has Library Load Constraints'; do
    ok "constraints:$line" shows rich
done
line='Launch Constraints:'
ok 'without constraints nothing is said' lacks ls

line=' *-7=[0-9a-f]*'
ok 'DER entitlements of Apple code' shows ls
ok 'none without entitlements' lacks adhoc
line='Executable Segment flags=0x11'
ok 'get-task-allow lets pages go unsigned' shows debug
line='Hash choices=sha1,sha256'
ok 'for old systems two digests' shows old
line='Hash choices=sha256'
ok 'for new ones a single one' shows new
line='Runtime Version=13.0.0'
ok 'the runtime is that of the SDK' shows new

hash_of()
{
    codesign -dvvv Sample.app 2>&1 | sed -n "s/^$1=//p"
}
line='CodeDirectory v=20500 .* flags=0x10000(runtime) hashes=[0-9]*+7 location=embedded'
ok 'a directory with seven special slots' shows Sample.app
line='Hash choices=sha256'
ok 'SHA-256 only' shows Sample.app
line='CMSDigestType=2'
ok 'whose digest type is 2' shows Sample.app
line="CandidateCDHash sha256=$(hash_of CDHash)"
ok 'and whose candidate is chosen' shows Sample.app
line="CDHash=$(hash_of CDHash)"
for how in --ignore-resources --deep --strict --all-architectures --no-strict; do
    ok "its hash is the same with $how" shows "$how" Sample.app
done
line='Identifier=com.example.broken'
ok 'a changed page does not keep it from being told' shows broken
line='Authority=Developer ID Application: Example Corp (TEAMID1234)'
ok 'nor who signed' shows broken

sums()
{
    find . -type f -exec cksum {} + | sort
}
sums >"$tap_tmp/before"
for how in '-v' '-v --strict --deep' '-dvvvv'; do
    # shellcheck disable=SC2086
    codesign $how many adhoc broken plain Sample.app -- -dashed >/dev/null 2>&1
done
sums >"$tap_tmp/after"
ok 'nothing was written' cmp "$tap_tmp/before" "$tap_tmp/after"
done_testing
