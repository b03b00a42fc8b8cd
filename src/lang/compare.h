/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Compare: are two requirements the same in what they admit, or is one stricter? Both directions are decided with the
 * solver: each difference comes with code that shows it, each "none" is proved, and the rest is not claimed.
 */
#ifndef DS_LANG_COMPARE_H
#define DS_LANG_COMPARE_H

#include "lang/solve.h"

enum req_relation {
    RELATION_EQUIVALENT,
    RELATION_STRICTER,  /* all that satisfies A satisfies B, not the other way round */
    RELATION_WEAKER,    /* the other way round */
    RELATION_DIFFERENT, /* each admits what the other refuses */
    RELATION_UNDECIDED,
};
/* "equivalent", "stricter", … */
const char *req_relation_name(enum req_relation r);

struct req_comparison {
    enum req_relation relation;
    struct req_solution only_a, only_b; /* code that satisfies A and not B; B and not A */
};

struct req_comparison req_compare(struct arena *a, const struct req_node *x,
                                  const struct req_node *y);

#endif
