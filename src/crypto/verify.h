/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Verify: one public-key signature over given bytes, the only place that hands keys to OpenSSL. The algorithms are
 * those of static-validation.md §5.2.
 */
#ifndef DS_CRYPTO_VERIFY_H
#define DS_CRYPTO_VERIFY_H

#include "base/oid.h"
#include "crypto/digest.h"

enum verify_result {
    VERIFY_GOOD,
    VERIFY_BAD,         /* the signature does not hold */
    VERIFY_KEY,         /* the key does not parse */
    VERIFY_UNSUPPORTED, /* algorithm outside the accepted set, or digest and algorithm do not agree */
};

/* The digest an algorithm identifier names: SHA-256, sha256WithRSAEncryption, ecdsa-with-SHA256 …; DIGEST_NONE for those
 * that leave it open (rsaEncryption, id-ecPublicKey) or are unknown. */
enum digest_type algorithm_digest(enum oid_id id);

/*
 * SIGNATURE over DATA by the key SPKI (whole SubjectPublicKeyInfo). ALGORITHM is the signature algorithm; DIGEST is used
 * where it leaves the digest open and must agree where it does not (DIGEST_NONE: take the algorithm's).
 */
enum verify_result signature_verify(struct bytes spki, enum oid_id algorithm,
                                    enum digest_type digest, struct bytes data,
                                    struct bytes signature);

/*
 * The same with ALGORITHM a whole AlgorithmIdentifier that names the digest, as certificates and lists of revoked ones
 * have.
 */
enum verify_result signature_verify_named(struct bytes spki, struct bytes algorithm,
                                          struct bytes data, struct bytes signature);

/*
 * RSA PKCS#1 v1.5 over the digest itself: DATA_DIGEST was computed by the caller (xar, static-validation.md §C.1).
 */
enum verify_result signature_verify_digest(struct bytes spki, enum digest_type digest,
                                           struct bytes data_digest, struct bytes signature);

#endif
