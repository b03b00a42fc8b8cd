/* SPDX-License-Identifier: Apache-2.0 */
/* What-if: facts judged, edited, and judged again: what would become of them. */
#ifndef DS_POLICY_WHATIF_H
#define DS_POLICY_WHATIF_H

#include "policy/apply.h"

struct whatif {
    struct edit_vec edits;
    struct judgement before, after;
    struct edited edited;
    struct finding_vec gone,
        new; /* of `before` and of `after` alone: another finding or place; no notes, no noise */
};

/* OUT's edits are given. DS_PARSE with *ERROR when one makes no sense for its object. */
enum ds_status whatif_judge(struct arena *a, const struct judge_input *in, struct whatif *out,
                            struct value_error *error);

#endif
