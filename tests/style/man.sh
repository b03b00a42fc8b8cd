#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Manual pages are clean for mandoc, the generated one too.
. "${top_srcdir:?}/tests/tap.sh"
[ -n "$MANDOC" ] || skip_all 'no mandoc'

# Whether another manual is installed says nothing about the page.
clean()
{
    out=$("$MANDOC" -T lint -W style "$1" 2>&1 | grep -v 'referenced manual not found')
    [ -z "$out" ] || { echo "$out"; return 1; }
}
for page in "$top_srcdir"/man/*.[1-9] "$top_builddir/man/dryseal-findings.7"; do
    ok "${page##*/} is clean" clean "$page"
done
done_testing
