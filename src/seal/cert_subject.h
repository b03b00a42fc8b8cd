/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Certificates as a requirement sees them: answers lang/subject.h's questions about a chain of struct cert.
 * Shared by code read from disk (seal/subject.h) and by facts given in JSON.
 */
#ifndef DS_SEAL_CERT_SUBJECT_H
#define DS_SEAL_CERT_SUBJECT_H

#include "crypto/x509.h"
#include "lang/subject.h"

/* What stands behind `self` of a subject made here; the optional parts may be set after making. */
struct cert_subject {
    const struct cert **chain; /* leaf first */
    size_t count;
    struct bytes_vec *emails;        /* of each certificate */
    const enum trust_setting *trust; /* of each certificate; NULL: the Mac has no settings */
    /* By enum fragment_kind: name → data, a requirement; NULL: none */
    const struct value *fragments[2];
};

/*
 * Fill ops, self, chain_count and apple_anchor of OUT (the test root does not count). Returns OUT's self.
 * CHAIN is borrowed.
 */
struct cert_subject *cert_subject_make(struct arena *a, const struct cert **chain, size_t count,
                                       struct subject *out);

#endif
