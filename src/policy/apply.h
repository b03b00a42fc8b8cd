/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Apply: facts, edited (policy/edit.h). Edits are made on a clone, phase by phase and in the order given; then whatever
 * they touched is signed again, inside out (policy/resign.h), so that the result can be judged as if it had been built
 * so (ASSUMPTION(whatif-resigned)).
 */
#ifndef DS_POLICY_APPLY_H
#define DS_POLICY_APPLY_H

#include "policy/edit.h"

struct edited {
    struct judge_input in;      /* ready for judge(): its own items and host */
    struct name_vec sign_again; /* reported paths of what needs a new signature, inner code first */
    bool presumed;              /* certificates or profiles that nobody has were made up for it */
    bool notarize_again; /* what was notarized, or assumed to be, are no longer these bytes */
};

/* DS_OK, or DS_PARSE with *ERROR when an edit makes no sense for its object. IN and what it leads to stay as they are. */
enum ds_status edits_apply(struct arena *a, const struct judge_input *in,
                           const struct edit_vec *edits, struct edited *out,
                           struct value_error *error);

/* The code object that PATH means in IN: as reported, or below the first top-level item (NULL: that itself). */
struct code *edit_object(const struct judge_input *in, const char *path);

#endif
