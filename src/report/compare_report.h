/* SPDX-License-Identifier: Apache-2.0 */
/* Comparisons, for people and for scripts. */
#ifndef DS_REPORT_COMPARE_REPORT_H
#define DS_REPORT_COMPARE_REPORT_H

#include "policy/compare.h"
#include "report/text.h"

/* Both outcomes, then the differences: those that change a verdict with what they change, then the rest. */
void text_comparison(struct buf *out, const char *const paths[2], const struct comparison *c,
                     struct text_style style);

/*
 * {mine {path, verdict, stage, finding}, theirs {…}, differences [{path, field, mine, theirs, matters, decides, cures [id],
 * breaks [id]}]}
 */
struct value *tree_comparison(struct arena *a, const char *const paths[2],
                              const struct comparison *c);

#endif
