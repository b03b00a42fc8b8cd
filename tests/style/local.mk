# SPDX-License-Identifier: Apache-2.0
# Tests of the tree itself: shell scripts that print TAP. One a line.
STYLE_TESTS =

TESTS += $(STYLE_TESTS)
EXTRA_DIST += $(STYLE_TESTS)
