/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Core: everything validation does with one slice, in the reference's order (static-validation.md §7.1 a–i):
 * directories, CMS and trust, special slots, top directory, pages. Facts go to struct signature, faults to the
 * findings; with collect_all later steps still run, so that all faults are seen.
 */
#ifndef DS_SEAL_CORE_H
#define DS_SEAL_CORE_H

#include "seal/code.h"
#include "seal/components.h"

/* Content that a special slot binds and that does not come from the signature. */
struct bound {
    bool present;
    struct bytes data;
};

struct core {
    struct arena *a;
    struct findings *f;
    struct place at;
    const struct code_options *options;
    struct components *components;
    struct bytes code;                 /* from the signing base to the end of the file */
    uint64_t code_offset;              /* of `code` in the file */
    struct bound info, resources, rep; /* slots 1, 3 and 6 */
    enum finding_id unsigned_id;       /* what to call a missing signature */
    const char *unsigned_why;          /* it would be looked for elsewhere; NULL: nothing to say */
    struct slice *slice;               /* NULL for files without slices */
    bool team_first; /* the directories are asked for the team before anything else (§4.7) */
};

/* Read and validate; SIG is filled, sig->core_valid tells the outcome. */
void core_validate(struct core *c, struct signature *sig);

/* Steps of it, each its own module: trust.c, pages.c. False when a fault was added. */
bool trust_check(struct core *c, struct signature *sig, struct bytes cms);
/* What is seen of a CMS before the directories are: whether it decodes; that it ends too early shows later (§7.1). */
bool trust_decodes(struct core *c, struct bytes cms);
bool pages_check(struct core *c, struct signature *sig);

/* The facts that come from the blobs: entitlements, requirements, constraints (claims.c). */
void claims_read(struct core *c, struct signature *sig);

#endif
