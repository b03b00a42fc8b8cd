/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Time stamp: the RFC 3161 token among a signature's unsigned attributes (static-validation.md §5.4).
 */
#ifndef DS_CRYPTO_TIMESTAMP_H
#define DS_CRYPTO_TIMESTAMP_H

#include "crypto/chain.h"

struct timestamp {
    bool present; /* some unsigned attribute is there, so exactly one good token must be */
    size_t tokens;
    /* CMS-UNSIGNED-ATTRIBUTE, TIMESTAMP-INVALID, TIMESTAMP-UNTRUSTED; FINDING_NONE when good */
    enum finding_id fault;
    const char *why;
    int64_t when;                           /* genTime of a good token, else WHEN_NONE */
    struct chain chain;                     /* of the authority */
    bool carries_apple_root, carries_certs; /* the token's own certificates (§5.6 rule 2) */
};

struct timestamp_options {
    bool test_root;                  /* it stands in for a system root */
    const struct trust_store *store; /* NULL: none */
    int64_t now;
};

/* Judge the time stamp of CMS. */
void timestamp_check(struct arena *a, const struct cms *cms,
                     const struct timestamp_options *options, struct timestamp *out);

#endif
