/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Chain: from a leaf to a root (static-validation.md §5.5). Candidates are the certificates of the signature, and extra
 * ones the user gave; Apple's public roots and intermediates that are missing are completed from a table of facts
 * (crypto/known.h). Any self-signed root ends a good chain; whether it is Apple's is another question
 * (crypto/signer.h).
 */
#ifndef DS_CRYPTO_CHAIN_H
#define DS_CRYPTO_CHAIN_H

#include "crypto/store.h"

enum chain_purpose { CHAIN_FOR_CODE, CHAIN_FOR_TIMESTAMP, CHAIN_FOR_ANY };

enum chain_fault {
    CHAIN_GOOD,
    CHAIN_NO_ROOT,       /* an issuer is missing */
    CHAIN_BAD_LINK,      /* a signature does not hold, or an issuer is no CA */
    CHAIN_BAD_EXTENSION, /* a critical extension nobody knows, or malformed ones */
    CHAIN_BAD_USAGE,     /* key usage or extended usage of the leaf */
    CHAIN_EXPIRED,
    CHAIN_NOT_YET_VALID,
};

struct chain_options {
    enum chain_purpose purpose;
    int64_t when;                    /* verify date */
    const struct trust_store *store; /* NULL: none */
    bool test_root;                  /* it need not be carried either */
};

struct chain {
    const struct cert **certs; /* leaf first */
    size_t n;
    enum anchor anchor;     /* of the last certificate, ANCHOR_NONE unless it is self-issued */
    enum chain_fault fault; /* the first in the order of the enum; dates come last */
    size_t at;              /* index of the certificate at fault */
    const char *why;
    bool completed; /* a certificate is not in the input but known, or given */
    bool given;     /* it ends in a root that was given */
};

/* Build and judge; *OUT always holds the chain as far as it goes. */
void chain_build(struct arena *a, const struct cert *leaf, const struct cms_cert_vec *bag,
                 const struct chain_options *options, struct chain *out);

/* The finding of a fault, FINDING_NONE for CHAIN_GOOD. */
enum finding_id chain_fault_finding(enum chain_fault fault);

#endif
