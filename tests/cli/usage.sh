#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Options that every invocation shares.
. "${top_srcdir:?}/tests/tap.sh"

ok "--version" "$DRYSEAL" --version
refused 2 "an unknown option is a usage error" "$DRYSEAL" --no-such-option
done_testing
