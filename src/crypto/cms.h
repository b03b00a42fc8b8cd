/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CMS SignedData as code signatures, time stamps and profiles use it (static-validation.md §5.2, §5.3; RFC 5652).
 *
 * Taken apart by our own BER reader: 130 of 135 real signatures use indefinite lengths, and the signature covers the
 * attributes in the order and the bytes in which they stand, which libraries that re-sort them call bad. Parsing keeps
 * everything as it is; judging is cms_check().
 */
#ifndef DS_CRYPTO_CMS_H
#define DS_CRYPTO_CMS_H

#include "base/finding.h"
#include "crypto/digest.h"
#include "crypto/x509.h"

struct cms_attribute {
    struct bytes oid;
    struct bytes values; /* content of the SET: the values one after another, byte for byte */
};
struct cms_attribute_vec VEC_OF(struct cms_attribute);
struct cms_cert_vec VEC_OF(const struct cert *);

struct cms {
    size_t length;   /* bytes of the whole element; what follows is the caller's business */
    bool incomplete; /* does not parse because it ends too early, perhaps at once */
    struct bytes content_type; /* of the encapsulated content */
    bool has_content;
    struct bytes content; /* encapsulated content */
    struct bytes_vec digest_algorithms;
    struct cms_cert_vec certs; /* in order; certificates that do not parse are left out */
    size_t bad_certs;
    size_t signer_count;
    /* signerInfos[0] */
    struct bytes issuer, serial; /* {NULL,0} when named by key identifier */
    struct bytes key_id;
    enum oid_id digest_algorithm, signature_algorithm; /* OID_UNKNOWN for others */
    struct bytes signature;
    bool has_signed_attributes, has_unsigned_attributes;
    /* As signed: tag 0x31, definite length, elements in the order found */
    struct bytes signed_attributes;
    struct cms_attribute_vec attributes, unsigned_attributes;
    const struct cert *signer; /* NULL when its certificate is not there */
};

/* Parse; false when it is no SignedData with a signer, and *WHY says what is wrong. Bytes are borrowed. */
bool cms_parse(struct arena *a, struct bytes der, struct cms *out, const char **why);

/* The one value of an attribute; {NULL,0} when it is absent or there twice (§5.3: counts as absent). */
struct bytes cms_attribute_value(const struct cms_attribute_vec *attributes, enum oid_id id,
                                 size_t *count);

enum cms_fault {
    CMS_GOOD,
    CMS_NO_SIGNER, /* the signer's certificate is missing */
    CMS_BAD_ALGORITHM,
    CMS_BAD_ATTRIBUTES, /* content type or digest missing, repeated or of the wrong kind */
    CMS_BAD_DIGEST,     /* messageDigest is not that of the content */
    CMS_BAD_SIGNATURE,
};

/*
 * Check signer, attributes, digest and signature over CONTENT (detached, or cms->content) whose type must be
 * CONTENT_TYPE. Unsigned attributes and embedded content are judged by the caller. *WHY says what was found and required.
 */
enum cms_fault cms_check(struct arena *a, const struct cms *cms, struct bytes content,
                         enum oid_id content_type, const char **why);

/* The finding a fault of a code signature stands for. */
enum finding_id cms_fault_finding(enum cms_fault fault);

/* signingTime, when there exactly once and readable; else WHEN_NONE. */
int64_t cms_signing_time(const struct cms *cms);

/* Attribute 9.2: SET of SEQUENCE { digest OID, OCTET STRING }. */
struct cms_cdhash {
    enum oid_id algorithm;
    struct bytes digest;
};
struct cms_cdhash_vec VEC_OF(struct cms_cdhash);

/* Appends to OUT. *PRESENT false when it is absent (or twice). Returns false when it is there and does not decode. */
bool cms_cdhashes(struct arena *a, const struct cms *cms, bool *present,
                  struct cms_cdhash_vec *out);
/* Attribute 9.1: true when it is there, once; *PLIST is its property list, n 0 when the first value is no OCTET STRING. */
bool cms_cdhashes_plist(struct arena *a, const struct cms *cms, struct bytes *plist);

#endif
