# SPDX-License-Identifier: Apache-2.0
# Everything `make check` runs. tests/tap.sh is the shell scripts' common part.
EXTRA_DIST += tests/tap.sh
EXTRA_DIST += tests/coverage.sh

include tests/unit/local.mk
include tests/cli/local.mk
include tests/api/local.mk
include tests/fuzz/local.mk
include tests/bench/local.mk
include tests/style/local.mk

.PHONY: coverage
coverage:
	@$(AM_TESTS_ENVIRONMENT) $(SHELL) $(top_srcdir)/tests/coverage.sh
