/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Match: whether a profile's value covers a claimed value (launch-policy.md §4.1, §4.2, §4.8). Pure value
 * arithmetic; which keys are compared at all is the caller's business (policy/amfi.h).
 */
#ifndef DS_POLICY_MATCH_H
#define DS_POLICY_MATCH_H

#include "base/value.h"
#include "policy/switches.h"

/* The answer, with what a person wants to know. */
struct match {
    bool covered;
    char grade;           /* evidence of the rule that answered (§4.1) */
    const char *why;      /* "every item is covered", "no item of the profile covers \"x\"" */
    enum switch_id route; /* the switch that answered, SWITCH_COUNT when none did */
};

/* §4.2: equal bytes, or GRANT ends in a star and CLAIM begins with what stands before it. */
bool match_string(struct bytes claim, struct bytes grant);

/* §4.1: CLAIM against GRANT, the profile's value of the same key (NULL: the key is not in the profile). */
struct match match_value(struct arena *a, const struct switches *switches,
                         const struct value *claim, const struct value *grant);

#endif
