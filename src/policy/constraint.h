/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Constraint: launch and library constraints in a signature (slots 8 to 11; launch-policy.md §7.7,
 * subsystem-checks.md §8.3): a dictionary of facts a process must have, decided with three values.
 */
#ifndef DS_POLICY_CONSTRAINT_H
#define DS_POLICY_CONSTRAINT_H

#include "base/verdict.h"
#include "policy/amfi.h"

/* What a constraint may ask of a process or a library. */
struct constrained {
    bool known;                    /* false: nobody knows which process it is */
    bool is_init, is_system;       /* launchd; on the sealed system volume and protected by SIP */
    const char *identifier, *team; /* NULL: none */
    int category;                  /* validation category, §7.7 */
    int launch_type;               /* 0 default, 3 by LaunchServices */
    struct bytes cdhash;           /* {NULL,0}: not known */
    const struct value *entitlements;
};

/* CODE as a constraint sees it. */
struct constrained constrained_code(const struct judging *j, const struct code *c);

/*
 * Evaluate a decoded constraint on W. *UNKNOWN is set to a fact or operator that this system does not know,
 * which makes the constraint malformed; it stays as it is otherwise.
 */
enum verdict constraint_eval(const struct value *constraint, const struct constrained *w,
                             const char **unknown);

/* The launch constraints of an executable that was let through so far. */
void constraint_check(struct amfi *m);

/* The validation category of code that amfid accepted (launch-policy.md §3.3). */
int constraint_category(const struct code *c);

#endif
