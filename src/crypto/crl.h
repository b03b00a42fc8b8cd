/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CRL: a list of revoked certificates (RFC 5280 §5), read by our own DER reader. Whether it is genuine, fresh and about a
 * certificate at hand is judged in crypto/revocation.h.
 */
#ifndef DS_CRYPTO_CRL_H
#define DS_CRYPTO_CRL_H

#include "base/bytes.h"
#include "base/vec.h"

/* CRLReason (RFC 5280 §5.3.1); OCSP has the same numbers. */
#define REASON_NONE           (-1) /* none given */
#define REASON_UNSPECIFIED    0
#define REASON_KEY_COMPROMISE 1
#define REASON_AFFILIATION    3
#define REASON_SUPERSEDED     4
#define REASON_CESSATION      5
#define REASON_HOLD           6 /* for now: may be taken back */
#define REASON_REMOVED        8 /* in a delta list: was taken back */

struct crl_entry {
    struct bytes serial; /* content octets of the INTEGER */
    int64_t when;        /* revocationDate */
    int64_t since;       /* invalidityDate, WHEN_NONE: not given */
    int reason;
};

struct crl {
    struct bytes tbs;       /* what the signature covers */
    struct bytes algorithm; /* whole AlgorithmIdentifier */
    struct bytes signature;
    struct bytes issuer;              /* whole Name */
    int64_t this_update, next_update; /* WHEN_NONE: not given */
    bool partial; /* a delta, or for some certificates or reasons only: silence says nothing */
    struct crl_entry_vec VEC_OF(struct crl_entry) entries;
};

/*
 * Parse DER; false, with *WHY, when it is no list, or one that must not be used: critical extensions nobody knows, of the
 * list or of an entry (RFC 5280 §5.2, §5.3). Bytes are borrowed.
 */
bool crl_parse(struct arena *a, struct bytes der, struct crl *out, const char **why);

/* What CRL says of the certificate with SERIAL; NULL when it does not list it. */
const struct crl_entry *crl_find(const struct crl *crl, struct bytes serial);

/* "key compromise"; NULL for REASON_NONE and numbers nobody gave a meaning. */
const char *reason_name(int reason);

#endif
