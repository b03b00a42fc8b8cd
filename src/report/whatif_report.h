/* SPDX-License-Identifier: Apache-2.0 */
/* What-ifs, for people and for scripts. */
#ifndef DS_REPORT_WHATIF_REPORT_H
#define DS_REPORT_WHATIF_REPORT_H

#include "policy/whatif.h"
#include "report/text.h"

/* Before, the edits, after; what went and what came; what must be signed again. STYLE.verbose: the whole judgement after. */
void text_whatif(struct buf *out, const char *path, const struct whatif *w,
                 struct text_style style);

/*
 * {path, edits [{set}], before {verdict, stage, finding}, after (as `check`), gone [{id, stage, path}], new,
 * sign_again [path], notarize_again, presumed}
 */
struct value *tree_whatif(struct arena *a, const char *path, const struct whatif *w);

/* Parts that repairs show too: the outcome in one phrase, and the paths to sign again as a numbered list. */
const char *outcome_phrase(struct arena *a, const struct judgement *j);
void text_sign_again(struct buf *out, const char *indent, const struct edited *e);

#endif
