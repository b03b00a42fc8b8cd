/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Dr: the requirement that the user demands of the code (codesign's -R, static-validation.md §8.1), asked of every slice
 * of every top-level item, and each piece of code's own designated requirement (§8.2).
 */
#ifndef DS_POLICY_DR_H
#define DS_POLICY_DR_H

#include "lang/eval.h"
#include "policy/judging.h"

/* Whether C, by its signature SIG, meets the requirement BLOB on HOST. */
struct req_result code_meets(struct arena *a, const struct host *host, const struct code *c,
                             const struct signature *sig, struct bytes blob);

void dr_judge(struct judging *j);

#endif
