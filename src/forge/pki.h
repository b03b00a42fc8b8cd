/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PKI: the identities of a case. Certificates carry Apple's names and marker extensions (launch-policy.md
 * §6.2) under the test root, and a comment that says what they are; the keys are those of key.h.
 */
#ifndef DS_FORGE_PKI_H
#define DS_FORGE_PKI_H

#include "base/arena.h"
#include "base/value.h"
#include "base/vec.h"
#include "forge/der_write.h"
#include "forge/key.h"

/* What is wrong with the chain of a signature's time stamp. */
enum stamp_chain {
    STAMP_CHAIN_OK,
    STAMP_CHAIN_BROKEN,   /* the intermediate is not carried */
    STAMP_CHAIN_ROOTLESS, /* the root is not */
};

struct signer_row;
struct identity;

/* Identities that belong to no case: who stamps the time, signs profiles (and their DER form) and tickets. */
enum service {
    SERVICE_TIMESTAMP,
    SERVICE_PROFILE,
    SERVICE_PROFILE_DER,
    SERVICE_TICKET,
    SERVICE_OWN,
    SERVICE_COUNT
};

/* What the identities of one build share; zero but for the arena. */
struct pki {
    struct arena *arena;
    struct identity *services[SERVICE_COUNT]; /* made when first asked for */
};

/* A certificate with what its issuer and users need. */
struct certificate {
    struct bytes der;
    struct bytes subject;        /* Name */
    struct bytes issuer, serial; /* Name, INTEGER: how a CMS names it */
    const char *common_name;
    const char *organisation; /* NULL: none */
    enum test_key key;
};

struct identity {
    struct pki *pki;
    const char *name; /* in the case */
    const struct signer_row *row;
    const char *team;            /* NULL: none */
    struct certificate chain[3]; /* leaf first */
    size_t count;
    bool carried[3];  /* what a CMS carries */
    bool apple_root;  /* ends in the test root */
    int64_t signs_at; /* signingTime */
    int64_t stamp_at; /* time of the RFC 3161 token, WHEN_NONE: none */
    enum stamp_chain stamp_chain;
};
struct identity_vec VEC_OF(struct identity *);

/* The identity that SPEC (an entry of `signers`) describes, for code signed at SIGNED_AT. */
struct identity *identity_make(struct pki *pki, const char *name, const struct value *spec,
                               int64_t signed_at);

/* The kind as written: "developer-id". */
const char *identity_kind(const struct identity *id);
/* Code of this kind is hardened by default; the kind of the profile it gets, NULL: none. */
bool identity_hardened(const struct identity *id);
const char *identity_profile(const struct identity *id);
/* Which markers the leaf and certificate 1 have decide the designated requirement's form. */
bool identity_is_developer_id(const struct identity *id);
bool identity_is_wwdr(const struct identity *id);
bool identity_is_store(const struct identity *id);

/* Who answers about certificates in AUTHORITY's place, with the usage for it (RFC 6960 §4.2.2.2) or without. */
struct certificate pki_responder(struct arena *a, const struct certificate *authority,
                                 bool with_usage);

/* SHA-1 of the public key proper, the usual key identifier. */
struct bytes key_id(struct arena *a, enum test_key key);

/* A copy of the identity of SERVICE, for the caller to give its times. */
struct identity *identity_service(struct pki *pki, enum service service);

#endif
