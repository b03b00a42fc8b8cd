/* SPDX-License-Identifier: Apache-2.0 */
/* Expect: what a case expects against what came (case-format.md, `expect`). Only what is written is compared. */
#ifndef DS_CLI_EXPECT_H
#define DS_CLI_EXPECT_H

#include "base/value.h"
#include "cli/case_run.h"

struct expectation {
    bool met;
    struct value *got;      /* the same keys as expected, with what came */
    struct name_vec failed; /* keys that do not agree */
};

void expect_compare(struct arena *a, const struct value *expect, const struct case_outcome *outcome,
                    struct expectation *out);

#endif
