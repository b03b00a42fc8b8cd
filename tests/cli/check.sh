#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# check, verify and show: what they say of inputs and options that are wrong, and their forms of output.
. "${top_srcdir:?}/tests/tap.sh"

printf 'plain\n' >"$tap_tmp/plain.txt"

ok 'no path' prints 'which path?' 2 "$DRYSEAL" check
ok 'a path at which nothing lies' prints 'No such file' 5 "$DRYSEAL" check "$tap_tmp/none"
ok 'one good and one missing path: the graver status' prints 'No such file' 5 "$DRYSEAL" check "$tap_tmp/plain.txt" "$tap_tmp/none"
ok 'an unsigned file is refused' prints 'SIG-UNSIGNED' 1 "$DRYSEAL" check "$tap_tmp/plain.txt"
ok 'verify says so too' prints 'refused at static: SIG-UNSIGNED' 1 "$DRYSEAL" verify -q "$tap_tmp/plain.txt"
ok 'show does not judge' prints 'signature      none' 0 "$DRYSEAL" show "$tap_tmp/plain.txt"
ok 'a version that is none' prints '--macos' 2 "$DRYSEAL" check --macos fifteen "$tap_tmp/plain.txt"
ok 'an assumption that is none, with a hint' prints "did you mean 'notarized'?" 2 "$DRYSEAL" check --assume notarised=yes "$tap_tmp/plain.txt"
ok 'JSON of one path is one object' prints '"verdict": "refused"' 1 "$DRYSEAL" check --format json "$tap_tmp/plain.txt"
ok 'jsonl is one line a path' prints '{"path":' 1 "$DRYSEAL" check --format jsonl "$tap_tmp/plain.txt"

two_objects()
{
    "$DRYSEAL" check --format json "$tap_tmp/plain.txt" "$tap_tmp/plain.txt" >"$tap_tmp/two"
    [ "$(head -c 1 "$tap_tmp/two")" = '[' ] && [ "$(grep -c '"verdict"' "$tap_tmp/two")" -eq 2 ]
}
ok 'JSON of two paths is an array' two_objects

# The status never depends on the format.
same_status()
{
    for format in text json jsonl; do
        "$DRYSEAL" check --format "$format" "$tap_tmp/plain.txt" >"$tap_tmp/out"
        [ $? -eq 1 ] || return 1
    done
}
ok 'the status does not depend on the format' same_status

ok 'SARIF' prints '"ruleId": "SIG-UNSIGNED"' 1 "$DRYSEAL" check --format sarif "$tap_tmp/plain.txt"
ok 'JUnit' prints '<failure type="SIG-UNSIGNED"' 1 "$DRYSEAL" check --format junit "$tap_tmp/plain.txt"
ok 'HTML' prints '<section id="SIG-UNSIGNED">' 1 "$DRYSEAL" check --format html "$tap_tmp/plain.txt"
ok 'GitHub' prints ',title=SIG-UNSIGNED::' 1 "$DRYSEAL" check --format github "$tap_tmp/plain.txt"
ok 'a demanded requirement that does not compile' prints 'REQ-PARSE' 1 "$DRYSEAL" check -R '=anchor' "$tap_tmp/plain.txt"
ok 'a rule file that is not there' prints 'No such file' 5 "$DRYSEAL" check --rules "$tap_tmp/none" "$tap_tmp/plain.txt"
ok 'an installed profile that is none' prints 'it is no provisioning profile' 5 "$DRYSEAL" check --installed-profile "$tap_tmp/plain.txt" "$tap_tmp/plain.txt"

# Code among the resources is told of once a piece, however it is reached.
cat >"$tap_tmp/case.yaml" <<'EOT'
title: Code among resources
code:
  Example.app:
    identifier: com.example.app
    signer: adhoc
    contains:
      Contents/Resources/tool: { kind: tool, identifier: com.example.tool, signer: adhoc }
      Contents/Resources/Helper.app: { identifier: com.example.helper, signer: adhoc }
EOT
told_once()
{
    "$DRYSEAL" forge "$tap_tmp/case.yaml" -o "$tap_tmp/forged" >/dev/null 2>&1 || return 1
    "$DRYSEAL" check "$tap_tmp/forged/Example.app" >"$tap_tmp/out"
    [ "$(grep -c 'LAYOUT-CODE-IN-RESOURCES' "$tap_tmp/out")" -eq 2 ]
}
ok 'code among resources is told of once a piece' told_once

real=$top_srcdir/../shared/real
if [ -d "$real/macho" ]; then
    ok 'an intact file passes' prints 'accepted' 0 "$DRYSEAL" verify -q "$real/macho/iterm-libswiftXPC.dylib"
    ok 'a demanded requirement that is met' prints 'accepted' 0 "$DRYSEAL" verify -q -R '=anchor apple generic' "$real/macho/iterm-libswiftXPC.dylib"
    ok 'and one that is not' prints 'REQ-FAILED' 3 "$DRYSEAL" verify -q -R '=anchor apple' "$real/macho/iterm-libswiftXPC.dylib"
    ok 'and one that asks what is not on disk' prints 'undecided' 4 "$DRYSEAL" verify -q -R '=notarized' "$real/macho/iterm-libswiftXPC.dylib"
    ok 'bytes that nothing protects' prints '13252 of them protected by nothing' 0 "$DRYSEAL" show --coverage "$real/macho/iterm-libswiftXPC.dylib"
    ok 'a changed page is named' prints 'page 0 at offset 0x1000' 1 "$DRYSEAL" verify "$real/macho/fuse-libosxfuse-4arch.dylib"
else
    skip 'real files' 'they are not here'
fi
done_testing
