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
#include "crypto/name.h"

struct cert_extension {
    struct bytes oid;
    bool critical;
    struct bytes value; /* content of the OCTET STRING */
};

struct cursor;
/* Extension ::= SEQUENCE { extnID OID, critical BOOLEAN DEFAULT FALSE, extnValue OCTET STRING }, of a certificate or list */
bool cert_extension_read(struct cursor *c, struct cert_extension *out);

struct cert {
    struct bytes der;
    uint8_t sha1[20], sha256[32];
    struct bytes serial;                  /* content octets of the INTEGER */
    struct bytes issuer, subject;         /* whole Name elements */
    struct bytes spki;                    /* whole SubjectPublicKeyInfo */
    struct bytes tbs;                     /* what the signature covers */
    struct bytes signature_algorithm;     /* whole AlgorithmIdentifier outside the signed part */
    struct bytes inner_algorithm;         /* its twin inside; must be the same */
    struct bytes signature;               /* without the unused-bits octet */
    bool name_decodable;                  /* false: malformed subject, or 1024 RDNs and more */
    struct cert_attribute_vec attributes; /* subject, encoding order */
    struct cert_extension_vec VEC_OF(struct cert_extension) extensions;
    bool extensions_odd; /* one of those below does not parse, or an extension is there twice */
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
    const char *first_unit; /* first OU: what a team identifier is compared with (§5.6) */
};

/*
 * Parse DER; false when it is no certificate, or one that the reference refuses to take (version above 3, an
 * empty list of extensions or usages, a key with unused bits, RSA with parameters). Bytes are borrowed from
 * DER, which must outlive A's users.
 */
bool cert_parse(struct arena *a, struct bytes der, struct cert *out);

/* Decode C's subject anew: attributes, common name, team (for certificates known by their facts alone). */
void cert_read_subject(struct arena *a, struct cert *c);

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

/* The public key, as far as names and sizes go. */
struct cert_key {
    enum oid_id algorithm; /* OID_RSA, OID_EC_KEY, OID_UNKNOWN */
    enum oid_id curve; /* OID_EC_P256 …, OID_UNKNOWN: RSA, another curve, or explicit parameters */
    unsigned bits;     /* of the modulus or the curve, 0 when unknown */
};
struct cert_key cert_key_of(const struct cert *c);

#include "crypto/signer.h" /* enum anchor, enum signer_kind and the functions on them */

#endif
