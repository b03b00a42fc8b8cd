# SPDX-License-Identifier: Apache-2.0
# Tests of the tree itself: shell scripts that print TAP. One a line. `make lint` adds the slow ones (lint.sh).
STYLE_TESTS =
STYLE_TESTS += tests/style/layers.sh
STYLE_TESTS += tests/style/sources.sh
STYLE_TESTS += tests/style/documents.sh
STYLE_TESTS += tests/style/headers.sh
STYLE_TESTS += tests/style/functions.sh
STYLE_TESTS += tests/style/library.sh
STYLE_TESTS += tests/style/symbols.sh
STYLE_TESTS += tests/style/man.sh

TESTS += $(STYLE_TESTS)
EXTRA_DIST += $(STYLE_TESTS)
EXTRA_DIST += tests/style/functions.awk
EXTRA_DIST += tests/style/lint.sh
EXTRA_DIST += tests/style/cppcheck.txt
EXTRA_DIST += tests/style/cppcheck.cfg

.PHONY: lint
lint: all
	@$(AM_TESTS_ENVIRONMENT) $(SHELL) $(top_srcdir)/tests/style/lint.sh
