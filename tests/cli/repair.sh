#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# repair: the smallest changes that make every stage pass, and what is no way out.
. "${top_srcdir:?}/tests/tap.sh"

"$DRYSEAL" forge "$top_srcdir/corpus/cases/ne/devid-appex.yaml" -o "$tap_tmp" >/dev/null || skip_all 'nothing was forged'
app=$tap_tmp/Example.app

# repair STATUS WORDS args...: repair says WORDS and exits with STATUS.
repair()
{
    status=$1 words=$2
    shift 2
    prints "$words" "$status" "$DRYSEAL" repair --allow-test-root --macos 15.3 \
        --assume notarized=yes --assume user-approved=yes "$@"
}

ok 'the founding case: a system extension' repair 0 "--set 'Contents/PlugIns/Tunnel.appex:package=system-extension'" "$app"
ok 'what to sign again' repair 0 'codesign --force --sign' "$app"
ok 'an alternative' repair 0 "--set '*:signer=mac-app-store'" "$app"
ok 'the plain value is no way out' repair 0 'then refused at amfi: AMFI-ENT-UNSATISFIED' "$app"
ok 'json' repair 0 '"no_way_out": [' --format json "$app"
ok 'quiet' repair 0 'refused at ne' --quiet "$app"
ok 'which path?' repair 2 'which path?'

# forged NAME CASE: the case's bundle in a folder of its own.
forged()
{
    "$DRYSEAL" forge "$top_srcdir/corpus/cases/$2.yaml" -o "$tap_tmp/$1" >/dev/null
}
forged finder pluginkit/finder-not-sandboxed &&
    ok 'one claim more' repair 0 'entitlements.com.apple.security.app-sandbox=true' "$tap_tmp/finder/Example.app"
forged links static/framework-links-resolved &&
    ok 'what no change of facts mends' repair 1 'Not to be mended by changing facts' "$tap_tmp/links/Example.app"
done_testing
