# SPDX-License-Identifier: Apache-2.0
# Cases, requirement expressions and fuzz inputs are data: the whole folders are distributed, no list to keep.
EXTRA_DIST += corpus
