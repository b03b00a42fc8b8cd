/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Compare: two artifacts in signing terms, mine and theirs. Code is paired by place or identifier; each fact that differs is
 * tried: mine with their value, theirs with mine, judged. So a difference is known to change a verdict or not, and the
 * differences that do come first (design §4).
 */
#ifndef DS_POLICY_COMPARE_H
#define DS_POLICY_COMPARE_H

#include "policy/apply.h"

struct difference {
    const char *path;          /* of the code, mine, or theirs where I have none */
    const char *field;         /* "signer", "entitlements.KEY", … */
    const char *mine, *theirs; /* NULL: nothing there */
    struct finding_vec cures;  /* failures of mine that their value takes away */
    struct finding_vec breaks; /* failures that theirs would have with my value */
    bool decides;              /* `cures` holds what decides about mine */
    size_t made;               /* order in which it was found */
};

struct comparison {
    struct judgement mine, theirs;
    struct difference_vec VEC_OF(struct difference) list; /* what matters most first */
};

/* Status of the first judgement that could not be made. The items of MINE and THEIRS are compared one by one. */
enum ds_status code_compare(struct arena *a, const struct judge_input *mine,
                            const struct judge_input *theirs, struct comparison *out);

/* True when it changes a verdict. */
static inline bool difference_matters(const struct difference *d)
{
    return d->cures.n || d->breaks.n;
}

#endif
