/* SPDX-License-Identifier: Apache-2.0 */
/* Compare: see compare.h. */
#include "lang/compare.h"

const char *req_relation_name(enum req_relation r)
{
    static const char *const names[] = {"equivalent", "stricter", "weaker", "different",
                                        "undecided"};
    return names[r];
}

static enum req_relation relation(enum solved only_a, enum solved only_b)
{
    if (only_a == SOLVED_UNKNOWN || only_b == SOLVED_UNKNOWN)
        return RELATION_UNDECIDED;
    if (only_a == SOLVED_YES)
        return only_b == SOLVED_YES ? RELATION_DIFFERENT : RELATION_WEAKER;
    return only_b == SOLVED_YES ? RELATION_STRICTER : RELATION_EQUIVALENT;
}

struct req_comparison req_compare(struct arena *a, const struct req_node *x,
                                  const struct req_node *y)
{
    struct req_comparison out;
    out.only_a = req_solve(a, &(struct req_goal){.holds = x, .fails = y});
    out.only_b = req_solve(a, &(struct req_goal){.holds = y, .fails = x});
    out.relation = relation(out.only_a.solved, out.only_b.solved);
    return out;
}
