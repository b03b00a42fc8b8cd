/* SPDX-License-Identifier: Apache-2.0 */
/* AMFI: the steps that its files share (launch-policy.md §3); policy/amfi.c calls them in order. */
#ifndef DS_POLICY_AMFI_STEPS_H
#define DS_POLICY_AMFI_STEPS_H

#include "policy/amfi.h"

/* Add a fault that kills; the log of D (NULL: none) goes to the first one. */
struct finding *amfi_deny(struct amfi *m, enum finding_id id, const char *detail,
                          const struct denial *d);

/* The store's signature, or one that the store is assumed to replace. */
bool amfi_is_store(const struct amfi *m);
bool amfi_is_apple_anchor(enum anchor anchor);

/* amfi_exec.c: what is executed at all, and what stops it besides its claims. */
bool amfi_runs(const struct code *c);      /* a Mach-O that gets an exec of its own */
bool amfi_check_signed(struct amfi *m);    /* false: it has no usable signature */
void amfi_check_structure(struct amfi *m); /* static-validation.md §10.1 */
void amfi_check_pages(struct amfi *m);     /* §10.2 */
void amfi_check_run(struct amfi *m);       /* pages, launch constraints, platform, linking */

/* amfi_profile.c: ranks 7 to 12 of §3.8. */
void amfi_check_profile(struct amfi *m);

#endif
