#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Manual pages are clean for mandoc.
. "${top_srcdir:?}/tests/tap.sh"
[ -n "$MANDOC" ] || skip_all 'no mandoc'

for page in "$top_srcdir"/man/*.[1-9]; do
    ok "${page##*/} is clean" "$MANDOC" -T lint -W style "$page"
done
done_testing
