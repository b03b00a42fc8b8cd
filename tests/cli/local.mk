# SPDX-License-Identifier: Apache-2.0
# Tests of the program: shell scripts that print TAP (tests/tap.sh), $DRYSEAL is the program. One script a line.
CLI_TESTS =
CLI_TESTS += tests/cli/usage.sh
CLI_TESTS += tests/cli/check.sh
CLI_TESTS += tests/cli/trust.sh
CLI_TESTS += tests/cli/whatif.sh
CLI_TESTS += tests/cli/repair.sh
CLI_TESTS += tests/cli/diff.sh
CLI_TESTS += tests/cli/explain-log.sh
CLI_TESTS += tests/cli/rules.sh
CLI_TESTS += tests/cli/replay.sh
CLI_TESTS += tests/cli/corpus.sh
CLI_TESTS += tests/cli/coverage.sh
CLI_TESTS += tests/cli/reference.sh
CLI_TESTS += tests/cli/req.sh
CLI_TESTS += tests/cli/req-manual.sh
CLI_TESTS += tests/cli/csreq.sh
CLI_TESTS += tests/cli/codesign.sh
CLI_TESTS += tests/cli/statuses.sh
CLI_TESTS += tests/cli/by-name.sh
CLI_TESTS += tests/cli/display-facts.sh
CLI_TESTS += tests/cli/profile.sh
CLI_TESTS += tests/cli/packages.sh

TESTS += $(CLI_TESTS)
EXTRA_DIST += $(CLI_TESTS)
