/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Resign: what a fresh signature does to the facts. Changing what is signed means to sign the object again and then all code
 * around it, inside out: every container's seal holds what lies in it. A fresh signature cures what was wrong with the old
 * one; faults of the files themselves (their layout, the binary's structure) stay, and so does what is wrong with the signer.
 *
 * Works on a clone (policy/clone.h); nothing is signed.
 */
#ifndef DS_POLICY_RESIGN_H
#define DS_POLICY_RESIGN_H

#include "policy/signer_facts.h"

/* The signature is readable enough to tell who made it: an ad hoc one, or one with a chain. */
bool signature_names_signer(const struct signature *sig);

/*
 * Sign C anew by the signer it has: findings cured, claims in both forms, all slices alike, new hashes, no ticket. False, and
 * nothing changed, when its signature does not tell the signer.
 */
bool resign(struct arena *a, struct code *c);

/*
 * The same by another signer, which gives C its team; `adhoc` and `none` too. The chain is that of code below TOP that is
 * signed so already, else presumed. The designated requirement is the default one of the new signer. True when certificates
 * were presumed.
 */
bool resign_as(struct arena *a, struct code *c, const struct signer_choice *who,
               const struct code *top);

/* A requirement made by default for C's signer and identifiers, where they have changed. */
void resign_requirement(struct arena *a, struct code *c);

/* What codesign would say of C and all in it, after findings went: `outcome` and `static_valid`, inner code first. */
void resign_settle(struct code *c);

/* True when a signature made anew, by the same signer, takes the finding away. */
bool resign_cures(enum finding_id id);

/* The team that C's signature, its claims or its profile name, or that of code around it; NULL when nothing does. */
const char *team_known(const struct code *c);

#endif
