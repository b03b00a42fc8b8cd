/* SPDX-License-Identifier: Apache-2.0 */
/* Repairs, for people and for scripts. */
#ifndef DS_REPORT_REPAIR_REPORT_H
#define DS_REPORT_REPAIR_REPORT_H

#include "policy/repair.h"
#include "report/text.h"

/* What to do, step by step; alternatives; what is no way out and why; what no edit of facts mends. */
void text_repairs(struct buf *out, const char *path, const struct repairs *r,
                  struct text_style style);

/*
 * {path, verdict, stage, finding, repairs [{steps [{do, cures, path, edits}], edits [{set}], verdict, sign_again,
 * notarize_again, presumed}], no_way_out [{because, edits, then {stage, finding, path, message}}], beyond [{stage,
 * finding, path, message, fix}]}
 */
struct value *tree_repairs(struct arena *a, const char *path, const struct repairs *r);

#endif
