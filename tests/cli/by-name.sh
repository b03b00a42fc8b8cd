#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Apple's command lines by the program's name: the same text on the same stream and the same status as by the command.
. "${top_srcdir:?}/tests/tap.sh"

for name in codesign csreq spctl security stapler pkgutil; do
    ln -s "$DRYSEAL" "$tap_tmp/$name"
done
cat >"$tap_tmp/case.yaml" <<'END'
title: something to look at
source: constructed
code:
  tool: { kind: tool, identifier: com.example.tool, signer: adhoc }
  Example.app: { identifier: com.example.app, signer: adhoc, files: { Contents/Resources/a: { text: a } } }
after-signing: [ { add: { path: Example.app/Contents/Resources/b, text: b } } ]
expect: {}
END
"$DRYSEAL" forge "$tap_tmp/case.yaml" -o "$tap_tmp/made" >/dev/null || exit 99
cd "$tap_tmp/made" || exit 99

# same NAME args...: by its name, by a path to that name, and as a command of dryseal.
same()
{
    name=$1
    shift
    (PATH=$tap_tmp:$PATH && "$name" "$@" >../1 2>../2 </dev/null)
    by_name=$?
    "$DRYSEAL" "$name" "$@" >../3 2>../4 </dev/null
    by_command=$?
    diff ../1 ../3 && diff ../2 ../4 && [ "$by_name" -eq "$by_command" ] || return 1
    "$tap_tmp/$name" "$@" >../5 2>../6 </dev/null
    [ $? -eq "$by_name" ] && diff ../1 ../5 && sed "s|^$tap_tmp/||" ../6 | diff ../2 -
}

ok 'codesign: verified' same codesign -vv tool
ok 'codesign: changed' same codesign -vv Example.app
ok 'codesign: displayed' same codesign -dvvv Example.app
ok 'codesign: requirements' same codesign -d -r- tool
ok 'codesign: nothing there' same codesign -v nowhere
ok 'codesign: no operation' same codesign
ok 'codesign: an option nobody knows' same codesign --deep-signing tool
ok 'codesign: a letter nobody knows' same codesign -q tool
ok 'codesign: a letter without its value' same codesign -v tool -a
ok 'codesign: an option that could be two' same codesign --ver tool
ok 'csreq: text' same csreq -r '=identifier com.example.tool' -t
ok 'csreq: no requirement' same csreq
ok 'csreq: a mistake' same csreq -r '=identifier' -t
ok 'spctl: rejected' same spctl -a -vv tool
ok 'spctl: an error' same spctl -a Example.app
ok 'spctl: no operand' same spctl -a
ok 'spctl: an option nobody knows' same spctl --frob
ok 'spctl: a type nobody knows' same spctl -a -t frob tool
ok 'spctl: status' same spctl --status
ok 'security: no message' same security cms -D -i tool
ok 'security: nothing there' same security cms -D -i nowhere
ok 'security: another command' same security find-identity
ok 'stapler: no ticket' same stapler validate tool
ok 'stapler: no operand' same stapler validate
ok 'pkgutil: no signature' same pkgutil --check-signature tool
ok 'pkgutil: nothing there' same pkgutil --check-signature nowhere
ok 'pkgutil: another operation' same pkgutil --pkgs
done_testing
