/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Repair ways: what might mend one finding (repair.def): edits, and what a person does for them. Whether it does mend
 * anything is not known here: policy/repair.c judges it.
 */
#ifndef DS_POLICY_REPAIR_WAYS_H
#define DS_POLICY_REPAIR_WAYS_H

#include "policy/apply.h"

struct way {
    const char *what; /* "Rename Tunnel.appex to …" */
    struct edit_vec edits;
    bool tempting; /* a thing people try: no way to go on */
};
struct way_vec VEC_OF(struct way);

/* What ways of one finding are made from. */
struct plan {
    struct arena *a;
    const struct judge_input *in;
    const struct finding *finding;
    const struct code *c; /* what the finding is about */
    const char *what;     /* of the row being worked on, words filled in */
    struct way_vec *out;
};

/* Append the ways of F, the likeliest first. */
void repair_ways(struct arena *a, const struct judge_input *in, const struct finding *f,
                 struct way_vec *out);

/* TEXT with its {words} filled in; NULL when one has no filling (policy/repair_words.c). */
const char *plan_fill(const struct plan *p, const char *text);
/* The app around C (or C), what loads it, and the twin of C in the replaced version; NULL when there is none. */
const struct code *plan_app(const struct plan *p);
const struct code *plan_process(const struct plan *p);
const struct code *plan_old(const struct plan *p);

/* Add an edit of C (its path is made from C's). */
void plan_edit(const struct plan *p, struct edit_vec *edits, const struct code *c,
               struct edit edit);
/* An edit of one value below KEY ID and NAME; V NULL takes it away. */
struct edit edit_of(struct arena *a, enum edit_id id, const char *name, const struct value *v);
/* Offer EDITS as one way; none when there are none. */
void plan_offer(const struct plan *p, const struct edit_vec *edits);

/* The makers of repair.def (policy/repair_make.c, policy/repair_make_plist.c). */
#define WAY(finding, edits, what)
#define TEMPT(finding, edits, what)
#define MAKE(finding, maker, what) void way_##maker(const struct plan *p);
#include "policy/repair.def"
#undef WAY
#undef TEMPT
#undef MAKE

#endif
