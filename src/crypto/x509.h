/* SPDX-License-Identifier: Apache-2.0 */
/*
 * X.509 certificates as facts: everything the requirement language and the policies ask, read by our own
 * DER reader, since real chains and test chains hold names that strict libraries refuse
 * (requirement-language.md §4.5). Signatures are checked elsewhere (crypto/chain.h).
 */
#ifndef DS_CRYPTO_X509_H
#define DS_CRYPTO_X509_H

#include "base/bytes.h"
#include "base/oid.h"
#include "base/vec.h"
#include "base/when.h"

struct cert_attribute {
    struct bytes oid;  /* content octets */
    uint32_t tag;      /* universal string tag */
    struct bytes raw;  /* value content */
    struct bytes text; /* decoded as the reference does, UTF-8; valid only when `decoded` */
    bool decoded;
};

struct cert_extension {
    struct bytes oid;
    bool critical;
    struct bytes value; /* content of the OCTET STRING */
};

struct cert {
    struct bytes der;
    uint8_t sha1[20], sha256[32];
    struct bytes serial;          /* content octets of the INTEGER */
    struct bytes issuer, subject; /* whole Name elements */
    struct bytes spki;            /* whole SubjectPublicKeyInfo */
    struct bytes tbs, signature_algorithm,
        signature;       /* for chain checks; signature without the unused-bits octet */
    bool name_decodable; /* false: malformed subject, or 1024 RDNs and more */
    struct cert_attribute_vec VEC_OF(struct cert_attribute)
        attributes; /* subject, encoding order */
    struct cert_extension_vec VEC_OF(struct cert_extension) extensions;
    struct bytes_vec VEC_OF(struct bytes) policies; /* policyIdentifiers */
    struct bytes_vec usages;                        /* extendedKeyUsage */
    bool has_basic_constraints, is_ca;
    int64_t path_length; /* -1: none given */
    bool has_key_usage;
    uint32_t key_usage;                            /* bit 0 digitalSignature … bit 8 */
    struct bytes subject_key_id, authority_key_id; /* {NULL,0} when absent */
    int64_t not_before, not_after;                 /* WHEN_NONE when unreadable */
    const char *common_name;                       /* last CN, "" when none */
    const char *organisation;                      /* last O, NULL when none */
    const char *team;                              /* last OU, NULL when none */
};

/* Parse DER; false when it is no certificate. Bytes are borrowed from DER, which must outlive A's users. */
bool cert_parse(struct arena *a, struct bytes der, struct cert *out);

/* The extension with this OID (content octets), NULL when absent. */
const struct cert_extension *cert_extension(const struct cert *c, struct bytes oid);
bool cert_has_marker(const struct cert *c, enum oid_id id);
bool cert_has_policy(const struct cert *c, struct bytes oid);
bool cert_has_usage(const struct cert *c, enum oid_id id);
/* The last subject attribute with this OID, NULL when absent. */
const struct cert_attribute *cert_attribute(const struct cert *c, struct bytes oid);
/* A date extension: one DER UTF8String holding a GeneralizedTime (§2.5, §4.5 op 22); seconds since 2001. */
bool cert_date_extension(const struct cert *c, struct bytes oid, int64_t *seconds);
/* rfc822 names of subjectAltName, then emailAddress attributes (`email`, §4.5). */
void cert_emails(struct arena *a, const struct cert *c, struct bytes_vec *out);
/* Subject and issuer are the same name. */
bool cert_self_issued(const struct cert *c);
/* "CN=…, OU=…, O=…, C=…" for messages. */
char *cert_subject_text(struct arena *a, const struct cert *c);

/* Which of Apple's roots, by SHA-256 (crypto/anchors.def); the test root only when it is allowed. */
enum anchor {
    ANCHOR_NONE,
    ANCHOR_APPLE,
    ANCHOR_APPLE_G2,
    ANCHOR_APPLE_G3,
    ANCHOR_BACKPORT_RSA,
    ANCHOR_BACKPORT_ECC,
    ANCHOR_TEST
};
enum anchor cert_anchor(const struct cert *c);
const char *anchor_name(enum anchor anchor);

/* What kind of signer a chain (leaf first, N certificates) is, by its markers. */
enum signer_kind {
    SIGNER_NONE, /* unsigned or no chain */
    SIGNER_ADHOC,
    SIGNER_APPLE,         /* Apple's own software signing */
    SIGNER_MAC_APP_STORE, /* re-signed by the store */
    SIGNER_TESTFLIGHT,
    SIGNER_DEVELOPER_ID,
    SIGNER_DEVELOPER_ID_INSTALLER,
    SIGNER_DEVELOPER_ID_KEXT,
    SIGNER_APPLE_DEVELOPMENT,  /* 6.1.2 */
    SIGNER_MAC_DEVELOPMENT,    /* 6.1.12 */
    SIGNER_APPLE_DISTRIBUTION, /* 6.1.7 / 6.1.4: not yet re-signed by the store */
    SIGNER_ENTERPRISE,
    SIGNER_APPLE_OTHER, /* Apple root, none of the above */
    SIGNER_SELF_SIGNED,
    SIGNER_THIRD_PARTY, /* other root */
};
enum signer_kind signer_kind_of(const struct cert *const *chain, size_t n);
const char *signer_kind_name(enum signer_kind kind);

#endif
