#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# security, stapler, pkgutil, codesign: the Mac's command lines around profiles, tickets and packages, word for word.
. "${top_srcdir:?}/tests/tap.sh"
real=$(cd "$top_srcdir" && pwd)/../shared/real
cd "$tap_tmp" || exit 99

# answers STATUS STDOUT STDERR args...: the program with these does exactly that.
answers()
{
    status=$1 out=$2 err=$3
    shift 3
    says "$status" "$out" "$err" "$DRYSEAL" "$@"
}

# mentions STATUS TEXT args...: it exits with STATUS, and TEXT is somewhere in what it prints.
mentions()
{
    status=$1 text=$2
    shift 2
    prints "$text" "$status" "$DRYSEAL" "$@"
}

printf 'plain\n' >plain
here=$(pwd)
ok 'cms: missing file' answers 1 '' 'security: unable to open "none" for reading: No such file or directory
' security cms -D -i none
ok 'cms: no message' answers 1 '' 'security: problem decoding
' security cms -D -i plain
ok 'cms: usage' mentions 2 'Usage: security cms -D' security cms -X
ok 'stapler: no ticket' answers 65 "Processing: $here/plain
plain does not have a ticket stapled to it.
" '' stapler validate plain
ok 'stapler: quiet' answers 65 '' '' stapler validate -q plain
ok 'stapler: missing file' mentions 66 'Could not find' stapler validate none
ok 'stapler: usage' mentions 64 'Usage: stapler validate' stapler staple plain
ok 'pkgutil: no signature' answers 1 'Package "plain":
   Status: no signature
' '' pkgutil --check-signature plain
ok 'pkgutil: usage' mentions 1 'Usage: pkgutil' pkgutil --expand plain

if [ -r "$real/pkg/JQ-1.6-UNIVERSAL.pkg" ]; then
    profile=$real/profiles/kdrive-developer-id.provisionprofile
    pkg=$real/pkg/Karabiner-DriverKit-VirtualHIDDevice-7.3.0.pkg
    ok 'cms: a profile' mentions 0 '<key>AppIDName</key>' security cms -D -i "$profile"
    ok 'cms: into a file' answers 0 '' '' security cms -D -i "$profile" -o out.plist
    ok 'cms: what was written' grep -q '<key>AppIDName</key>' out.plist
    ok 'stapler: a package' mentions 0 'The validate action worked!' stapler validate "$pkg"
    ok 'codesign: a package is a plain file' mentions 1 'code object is not signed at all' codesign -v "$pkg"
    ok 'pkgutil: status' mentions 0 'Status: signed by a developer certificate issued by Apple for distribution' pkgutil --check-signature "$pkg"
    ok 'pkgutil: notarized' mentions 0 '   Notarization: trusted by the Apple notary service' pkgutil --check-signature "$pkg"
    ok 'pkgutil: time' mentions 0 '   Signed with a trusted timestamp on: 2026-06-17 12:07:00 +0000' pkgutil --check-signature "$pkg"
    ok 'pkgutil: chain' mentions 0 '    3. Apple Root CA' pkgutil --check-signature "$pkg"
else
    skip 'real packages' 'they are not here'
fi
done_testing
