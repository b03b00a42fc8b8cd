/* SPDX-License-Identifier: Apache-2.0 */
/* Say: one part of an expression in plain words: what it asks (req_says, lang/explain.h) and what it saw. */
#ifndef DS_LANG_SAY_H
#define DS_LANG_SAY_H

#include "lang/eval.h"
#include "lang/tree.h"

/* "the leaf's OU is "OTHERTEAM1"", "" when there is nothing to say. */
const char *req_saw(struct arena *a, const struct req_node *n, const struct req_step *step);

#endif
