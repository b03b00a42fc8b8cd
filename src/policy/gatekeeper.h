/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Gatekeeper: the assessment of a first launch, an installation or an opened document
 * (static-validation.md §9, subsystem-checks.md §16). The rules are gatekeeper.def, in Apple's own language.
 */
#ifndef DS_POLICY_GATEKEEPER_H
#define DS_POLICY_GATEKEEPER_H

#include "policy/judging.h"

void gatekeeper_judge(struct judging *j);

enum gk_type { GK_EXECUTE = 1, GK_INSTALL = 2, GK_OPEN = 4 };

/* How an item of C's kind is assessed. */
enum gk_type gatekeeper_type(const struct code *c);

/* What `spctl -a` would say. */
struct gk_assessment {
    enum verdict allowed;        /* undecided: the answer to `asks` decides */
    enum finding_id finding;     /* GK-ACCEPTED, GK-UNNOTARIZED, GK-NO-RULE … */
    const char *source;          /* the label after "source=", NULL: none */
    const struct finding *fault; /* what static validation found: the signature is broken or weak */
    bool is_error;               /* an error, not a rejection: PATH: text, status 1 */
    enum finding_id asks;        /* ASK-NOTARIZED, ASK-LEGACY, or FINDING_NONE */
    const char *origin;          /* leaf's common name, NULL: none */
};

/* Assess C alone, without what is nested in it. */
void gatekeeper_assess(struct arena *a, const struct host *host, const struct code *c,
                       enum gk_type type, struct gk_assessment *out);

/* The certificate of SIG's chain that the host or the records given say is revoked, NULL. */
const struct cert *gatekeeper_revoked(struct arena *a, const struct host *host,
                                      const struct signature *sig);

#endif
