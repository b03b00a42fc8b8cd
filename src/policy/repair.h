/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Repair: the smallest edits that make every stage pass. Breadth first over the ways out of each finding (repair.def): every
 * set of up to LIMIT_REPAIR_STEPS steps is applied to the facts and judged, so that what is printed as a way out is one, and
 * what only moves the failure is told as no way out. A question that is not answered is no failure.
 */
#ifndef DS_POLICY_REPAIR_H
#define DS_POLICY_REPAIR_H

#include "policy/repair_ways.h"

/* One thing to do; the same for every code object that shows the finding. */
struct repair_step {
    const struct finding *cures; /* the first of them */
    const char *what;
    struct edit_vec edits;
};

struct repair {
    struct repair_step_vec VEC_OF(struct repair_step) steps;
    struct edit_vec edits; /* of all steps */
    struct edited edited;
    struct judgement judgement; /* what becomes of it */
};

/* What was tried alone and is no way out. */
struct dead_end {
    const char *what;
    struct edit_vec edits;
    const struct finding *then; /* what refuses it still, or instead */
};

struct repairs {
    struct judgement before;
    bool needed;                                   /* something fails */
    struct repair_vec VEC_OF(struct repair) found; /* the smallest first, none a part of another */
    struct dead_end_vec VEC_OF(struct dead_end) dead_ends; /* single steps */
    struct dead_end_vec tried; /* every set that was judged and fails still */
    struct finding_vec beyond; /* failures that no edit of facts mends: not looked at any more */
    size_t judged;             /* judgements made */
};

/* Nothing fails, or there is a way out that leaves nothing behind. */
static inline bool repair_succeeds(const struct repairs *r)
{
    return !r->needed || (r->found.n && !r->beyond.n);
}

/* Status of the first judgement; facts that cannot be repaired are no error. */
enum ds_status repair_search(struct arena *a, const struct judge_input *in, struct repairs *out);

/* The edits of the smallest repair as cases write them: [{set: {[PATH:]KEY: VALUE}}, …]; [] when there is none. */
struct value *repair_tree(struct arena *a, const struct repairs *r);

/*
 * True when EXPECTED (such a list, in any form that edits_read() takes) is exactly one of the repairs found. Where it says
 * nothing of profiles, those that are found to be embedded are taken as understood; a signer without a team has any.
 */
bool repair_is_found(struct arena *a, const struct judge_input *in, const struct repairs *r,
                     const struct value *expected);

#endif
