#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every case of the corpus, built, run and compared with what it expects.
cd "${top_srcdir:?}" || exit 99
exec "$DRYSEAL" replay --format tap corpus/cases/*/*.yaml
