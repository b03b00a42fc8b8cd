/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Relocate: code that lies elsewhere, is called otherwise, or is gone. Works on a clone (policy/clone.h) and keeps
 * what depends on the place true: paths of all code inside, where libraries resolve to, who contains whom.
 */
#ifndef DS_POLICY_RELOCATE_H
#define DS_POLICY_RELOCATE_H

#include "seal/code.h"

/* C lies at PATH (as reported) from now on: below another container when the path leads there. C is not the top. */
void code_move(struct arena *a, struct code *c, const char *path);

/* C is called NAME where it lies; the top too. */
void code_rename(struct arena *a, struct code *c, const char *name);

/* C is gone, and with it the findings around it that are about it. C is not the top. */
void code_remove(struct arena *a, struct code *c);

#endif
