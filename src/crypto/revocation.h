/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Revocation: what lists (crypto/crl.h) and responses (crypto/ocsp.h) that somebody handed over say of a chain. Nothing is
 * fetched (static-validation.md §5.5: "a tool can offer user-supplied CRLs").
 *
 * An answer counts when it is signed by the certificate's issuer, or, for OCSP, by a responder that the issuer authorised
 * (RFC 6960 §4.2.2.2). What is silent, not genuine, out of date or "unknown" leaves the question open.
 */
#ifndef DS_CRYPTO_REVOCATION_H
#define DS_CRYPTO_REVOCATION_H

#include "crypto/crl.h"
#include "crypto/ocsp.h"

/* What was handed over. */
struct revocation_records {
    struct crl_vec VEC_OF(const struct crl *) crls;
    struct ocsp_vec VEC_OF(const struct ocsp *) ocsps;
};

enum revocation_status {
    REVOCATION_UNASKED, /* no records */
    REVOCATION_GOOD,    /* every certificate below the root is answered for */
    REVOCATION_OPEN,    /* of one of them nothing is known */
    REVOCATION_REVOKED,
};

struct revocation {
    enum revocation_status status;
    const struct cert *cert; /* the revoked one, or the first that nothing is known of */
    int64_t when;            /* of the revocation */
    const char *why;         /* for people; NULL when good or unasked */
};

/* Times against which answers are held. */
struct revocation_times {
    int64_t now;     /* of the check: is an answer still current? */
    int64_t trusted; /* of a time stamp: was the signature made before? WHEN_NONE: no such */
};

/*
 * What RECORDS (NULL: none) say of CHAIN (leaf first, N certificates). A revocation counts from its first day on for
 * ever, even of an answer that is out of date; only a signature stamped before it survives, where the reason given is
 * none that puts the key in doubt (RFC 3161 §4).
 */
struct revocation revocation_check(struct arena *a, const struct revocation_records *records,
                                   const struct cert *const *chain, size_t n,
                                   struct revocation_times times);

#endif
