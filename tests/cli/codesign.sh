#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# codesign: Apple's command line. What verification prints is in corpus/cases/static/codesign-verify.yaml; here are display,
# sinks, options and the name by which the program is called.
. "${top_srcdir:?}/tests/tap.sh"

cat >"$tap_tmp/case.yaml" <<'END'
title: an app to look at
source: constructed
signers:
  us: { kind: developer-id, team: TEAMID1234, name: Example Corp, timestamp: 2025-12-16 }
code:
  Example.app:
    identifier: com.example.app
    signer: us
    profile: none
    entitlements: { com.apple.security.cs.allow-jit: true, com.example.list: [a, b], com.example.number: 12 }
    files: { Contents/Resources/a.txt: { text: hello } }
    contains:
      Contents/Frameworks/Lib.framework: { identifier: com.example.lib }
  plain: { kind: tool, identifier: com.example.plain, signer: adhoc }
expect: { verdict: accepted }
END
"$DRYSEAL" forge "$tap_tmp/case.yaml" -o "$tap_tmp/made" >/dev/null || exit 99
cd "$tap_tmp/made" || exit 99
real=$(pwd -P)

codesign()
{
    "$DRYSEAL" codesign --allow-test-root "$@"
}

# says STREAM WANT args...: codesign prints exactly WANT there (1 stdout, 2 stderr), but for hashes and sizes.
says()
{
    stream=$1 want=$2
    shift 2
    codesign "$@" >"$tap_tmp/1" 2>"$tap_tmp/2"
    sed -e "s|$real/||" -e 's/[0-9a-f]\{40,\}/HASH/' -e 's/\(size\|entries\)=[0-9][0-9]*/\1=N/' "$tap_tmp/$stream" >"$tap_tmp/got"
    printf '%s\n' "$want" | sed '/^$/d' >"$tap_tmp/want"
    diff "$tap_tmp/want" "$tap_tmp/got"
}

ok 'display names the executable' says 2 'Executable=Example.app/Contents/MacOS/Example' -d Example.app
ok 'display, level 2' says 2 'Executable=Example.app/Contents/MacOS/Example
Identifier=com.example.app
Format=app bundle with Mach-O thin (arm64)
CodeDirectory v=20500 size=N flags=0x10000(runtime) hashes=5+7 location=embedded
Signature size=N
Authority=Developer ID Application: Example Corp (TEAMID1234)
Authority=Developer ID Certification Authority
Authority=Apple Root CA
Timestamp=16 Dec 2025 at 00:00:00
Info.plist entries=N
TeamIdentifier=TEAMID1234
Runtime Version=15.2.0
Sealed Resources version=2 rules=13 files=2
Internal requirements count=1 size=N
Total signatures=1
Chosen signature=1' -dvv Example.app
ok 'ad hoc, level 3' says 2 'Executable=plain
Identifier=com.example.plain
Format=Mach-O thin (arm64)
CodeDirectory v=20400 size=N flags=0x2(adhoc) hashes=5+2 location=embedded
Hash type=sha256 size=N
CandidateCDHash sha256=HASH
CandidateCDHashFull sha256=HASH
Hash choices=sha256
CMSDigest=HASH
CMSDigestType=2
CDHash=HASH
Signature=adhoc
Info.plist=not bound
TeamIdentifier=not set
Sealed Resources=none
Internal requirements count=0 size=N
Total signatures=1
Chosen signature=1' -dvvv plain
ok 'nested code' says 2 'Executable=Example.app/Contents/MacOS/Example
Nested=Frameworks/Lib.framework' -d --deep Example.app
ok 'requirements on standard output' says 1 \
    'designated => identifier "com.example.app" and anchor apple generic and certificate 1[field.1.2.840.113635.100.6.2.6] /* exists */ and certificate leaf[field.1.2.840.113635.100.6.1.13] /* exists */ and certificate leaf[subject.OU] = TEAMID1234' \
    -d -r- Example.app
ok 'a requirement that only follows is marked' says 1 '# designated => cdhash H"HASH"' -d -r - plain
ok 'entitlements with types' says 1 '[Dict]
	[Key] com.apple.security.cs.allow-jit
	[Value]
		[Bool] true
	[Key] com.example.list
	[Value]
		[Array]
			[String] a
			[String] b
	[Key] com.example.number
	[Value]
		[Int] 12' -d --entitlements - Example.app
ok 'entitlements as XML' says 1 '<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "https://www.apple.com/DTDs/PropertyList-1.0.dtd"><plist version="1.0"><dict><key>com.apple.security.cs.allow-jit</key><true/><key>com.example.list</key><array><string>a</string><string>b</string></array><key>com.example.number</key><integer>12</integer></dict></plist>' -d --entitlements - --xml Example.app
ok 'the colon of old is warned of' says 2 "Executable=plain
warning: Specifying ':' in the path is deprecated and will not work in a future release" -d --entitlements :- plain
ok 'files of a framework' says 1 'Example.app/Contents/Frameworks/Lib.framework/Versions/Current/Lib
Example.app/Contents/Frameworks/Lib.framework/Versions/Current/./_CodeSignature/CodeResources' -d --file-list - Example.app/Contents/Frameworks/Lib.framework
ok 'certificates into files' codesign -d --extract-certificates="$tap_tmp/cert" Example.app
ok 'leaf first, three of them' test -s "$tap_tmp/cert0" -a -s "$tap_tmp/cert2" -a ! -e "$tap_tmp/cert3"
ok 'the directory into a file' codesign -d --codedirectory "$tap_tmp/cd" Example.app
ok 'whose hash is the one shown' sh -c "[ \"\$(sha256sum <'$tap_tmp/cd' | cut -c1-40)\" = \"\$('$DRYSEAL' codesign -dvvv Example.app 2>&1 | sed -n s/^CDHash=//p)\" ]"

# complains LINE args...: codesign begins standard error with LINE and exits with 2.
complains()
{
    line=$1
    shift
    codesign "$@" 2>"$tap_tmp/2"
    [ $? -eq 2 ] && [ "$(head -1 "$tap_tmp/2")" = "$line" ]
}

ok 'an option without its value' complains "codesign: option \`--architecture' requires an argument" --architecture
ok 'an option nobody knows' complains "codesign: unrecognized option \`--deep-signing'" --deep-signing
refused 2 'an unknown option' codesign --deep-signing
refused 2 'no operand' codesign -v
refused 1 'signing' codesign -s - -f plain
ok 'signing as a dry run' codesign -s - -f --dryrun plain
refused 1 'nothing there' codesign -v nowhere
refused 65 'entitlements without a type for each' sh -c "
    printf 'title: t\nsource: s\ncode:\n  odd: { kind: tool, signer: adhoc, entitlements: { a: [x, true] } }\nexpect: { verdict: accepted }\n' >'$tap_tmp/odd.yaml'
    '$DRYSEAL' forge '$tap_tmp/odd.yaml' -o '$tap_tmp/odd' >/dev/null && exec '$DRYSEAL' codesign -d --entitlements - '$tap_tmp/odd/odd'"

refused 1 'verify, in the same words' "$DRYSEAL" verify --like-codesign nowhere

ln -s "$DRYSEAL" "$tap_tmp/codesign"
refused 1 'by its name' "$tap_tmp/codesign" -v nowhere
done_testing
