#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# security, stapler, pkgutil, codesign: the Mac's command lines around profiles, tickets and packages, word for word.
. "${top_srcdir:?}/tests/tap.sh"
real=$(cd "$top_srcdir" && pwd)/../shared/real
cd "$tap_tmp" || exit 99

# says STATUS STDOUT STDERR args...: the program with these does exactly that.
says()
{
    want=$1
    printf '%s' "$2" >want.out
    printf '%s' "$3" >want.err
    shift 3
    "$DRYSEAL" "$@" >got.out 2>got.err
    got=$?
    diff want.out got.out && diff want.err got.err && { [ "$got" -eq "$want" ] || { echo "exit status $got"; false; }; }
}

# begins STATUS TEXT args...: it exits with STATUS, and TEXT is somewhere in what it prints.
begins()
{
    want=$1 text=$2
    shift 2
    "$DRYSEAL" "$@" >got.out 2>&1
    got=$?
    cat got.out
    [ "$got" -eq "$want" ] && grep -qF -- "$text" got.out
}

printf 'plain\n' >plain
here=$(pwd)
ok 'cms: missing file' says 1 '' 'security: unable to open "none" for reading: No such file or directory
' security cms -D -i none
ok 'cms: no message' says 1 '' 'security: problem decoding
' security cms -D -i plain
ok 'cms: usage' begins 2 'Usage: security cms -D' security cms -X
ok 'stapler: no ticket' says 65 "Processing: $here/plain
plain does not have a ticket stapled to it.
" '' stapler validate plain
ok 'stapler: quiet' says 65 '' '' stapler validate -q plain
ok 'stapler: missing file' begins 66 'Could not find' stapler validate none
ok 'stapler: usage' begins 64 'Usage: stapler validate' stapler staple plain
ok 'pkgutil: no signature' says 1 'Package "plain":
   Status: no signature
' '' pkgutil --check-signature plain
ok 'pkgutil: usage' begins 1 'Usage: pkgutil' pkgutil --expand plain

if [ -r "$real/pkg/JQ-1.6-UNIVERSAL.pkg" ]; then
    profile=$real/profiles/kdrive-developer-id.provisionprofile
    pkg=$real/pkg/Karabiner-DriverKit-VirtualHIDDevice-7.3.0.pkg
    ok 'cms: a profile' begins 0 '<key>AppIDName</key>' security cms -D -i "$profile"
    ok 'cms: into a file' says 0 '' '' security cms -D -i "$profile" -o out.plist
    ok 'cms: what was written' grep -q '<key>AppIDName</key>' out.plist
    ok 'stapler: a package' begins 0 'The validate action worked!' stapler validate "$pkg"
    ok 'codesign: a package is a plain file' begins 1 'code object is not signed at all' codesign -v "$pkg"
    ok 'pkgutil: status' begins 0 'Status: signed by a developer certificate issued by Apple for distribution' pkgutil --check-signature "$pkg"
    ok 'pkgutil: notarized' begins 0 '   Notarization: trusted by the Apple notary service' pkgutil --check-signature "$pkg"
    ok 'pkgutil: time' begins 0 '   Signed with a trusted timestamp on: 2026-06-17 12:07:00 +0000' pkgutil --check-signature "$pkg"
    ok 'pkgutil: chain' begins 0 '    3. Apple Root CA' pkgutil --check-signature "$pkg"
else
    skip 'real packages' 'they are not here'
fi
done_testing
