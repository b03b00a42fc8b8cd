#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# replay and forge: what they say of cases that are wrong, and that a forged bundle on disk is the one replay judges.
. "${top_srcdir:?}/tests/tap.sh"
founding=$top_srcdir/corpus/cases/ne/devid-appex.yaml

cat >"$tap_tmp/wrong.yaml" <<'END'
title: expects what does not come
code:
  Example.app: { identifier: com.example.app }
expect: { verdict: refused, stage: static }
END
cat >"$tap_tmp/slip.yaml" <<'END'
title: a slip
code:
  Example.app: { identifer: com.example.app }
END

ok 'the founding case tells its story' prints 'refused at ne: NE-PKG-DEVID-APPEX' 0 "$DRYSEAL" replay "$founding"
ok 'one variant' prints '1 as expected, 0 not' 0 "$DRYSEAL" replay --variant f2-system-extension "$founding"
ok 'no such variant' prints "did you mean 'f2-system-extension'?" 2 "$DRYSEAL" replay --variant f2-system-extensoin "$founding"
ok 'what does not come as expected' prints 'verdict: expected "refused"' 1 "$DRYSEAL" replay "$tap_tmp/wrong.yaml"
ok 'a slip, with line, column and hint' prints "slip.yaml:3:18: " 5 "$DRYSEAL" replay "$tap_tmp/slip.yaml"
ok 'and the hint' prints "did you mean 'identifier'?" 5 "$DRYSEAL" replay "$tap_tmp/slip.yaml"
ok 'no such case' prints 'No such file' 5 "$DRYSEAL" replay "$tap_tmp/none.yaml"
ok 'JSON has what was expected and what came' prints '"variant": null' 0 "$DRYSEAL" replay --format json --variant '' "$founding"
ok 'TAP' prints 'ok 1 - ' 0 "$DRYSEAL" replay --format tap "$founding"

forged()
{
    "$DRYSEAL" forge -o "$tap_tmp/forged" "$founding" || return 1
    "$DRYSEAL" verify -q --deep --strict --allow-test-root "$tap_tmp/forged/Example.app"
}
ok 'what is forged verifies on disk, as the reporter saw' forged
ok 'and is refused at ne' prints 'NE-PKG-DEVID-APPEX' 1 "$DRYSEAL" check --allow-test-root --macos 15.3 "$tap_tmp/forged/Example.app"
ok 'without the test root it is a stranger' prints 'refused at static' 1 "$DRYSEAL" verify "$tap_tmp/forged/Example.app"

same_bytes()
{
    "$DRYSEAL" forge -o "$tap_tmp/again" "$founding" >/dev/null && diff -r "$tap_tmp/forged" "$tap_tmp/again"
}
ok 'the same case gives the same bytes' same_bytes
done_testing
