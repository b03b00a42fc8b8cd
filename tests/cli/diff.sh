#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# diff: two artifacts in signing terms, what changes a verdict first.
. "${top_srcdir:?}/tests/tap.sh"

case=$top_srcdir/corpus/cases/ne/devid-appex.yaml
"$DRYSEAL" forge "$case" -o "$tap_tmp/mine" >/dev/null &&
    "$DRYSEAL" forge "$case" --variant f2-system-extension -o "$tap_tmp/theirs" >/dev/null || skip_all 'nothing was forged'
mine=$tap_tmp/mine/Example.app
theirs=$tap_tmp/theirs/Example.app

# differ STATUS WORDS args...: diff says WORDS and exits with STATUS.
differ()
{
    status=$1 words=$2
    shift 2
    prints "$words" "$status" "$DRYSEAL" diff --allow-test-root --macos 15.3 \
        --assume notarized=yes --assume user-approved=yes "$@"
}

ok 'why theirs passes' differ 1 'theirs passes NE-PKG-DEVID-APPEX because of this' "$mine" "$theirs"
ok 'what theirs needs' differ 1 'with mine, theirs would fail: SYSEXT-APP-ENT' "$mine" "$theirs"
ok 'the same artifact' differ 0 'No difference in signing terms' "$theirs" "$theirs"
ok 'json' differ 1 '"decides": true' --format json "$mine" "$theirs"
ok 'two paths' differ 2 'mine and theirs' "$mine"

# The difference that decides comes first.
first()
{
    differ 1 'package' "$mine" "$theirs" && sed -n '/What changes a verdict/{n;p;q;}' "$tap_tmp/out" | grep -q 'package$'
}
ok 'what decides comes first' first
done_testing
