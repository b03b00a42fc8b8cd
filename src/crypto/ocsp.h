/* SPDX-License-Identifier: Apache-2.0 */
/*
 * OCSP: an answer about the state of certificates (RFC 6960 §4.2), read by our own DER reader. Whether it is genuine, fresh
 * and about a certificate at hand is judged in crypto/revocation.h.
 */
#ifndef DS_CRYPTO_OCSP_H
#define DS_CRYPTO_OCSP_H

#include "crypto/cms.h"

enum ocsp_status { OCSP_GOOD, OCSP_REVOKED, OCSP_UNKNOWN };

struct ocsp_answer {
    /* CertID: which certificate is meant */
    enum oid_id digest;
    struct bytes issuer_name_hash, issuer_key_hash, serial;
    enum ocsp_status status;
    int64_t revoked_at; /* WHEN_NONE unless revoked */
    int reason;         /* as in crypto/crl.h */
    int64_t this_update, next_update;
};

struct ocsp {
    struct bytes tbs;       /* ResponseData: what the signature covers */
    struct bytes algorithm; /* whole AlgorithmIdentifier */
    struct bytes signature;
    struct bytes responder_name; /* whole Name, {NULL, 0} when named by key */
    struct bytes responder_key;  /* SHA-1 of its public key, {NULL, 0} when named by name */
    struct cms_cert_vec certs;   /* that came along */
    struct ocsp_answer_vec VEC_OF(struct ocsp_answer) answers;
};

/* Parse DER, an OCSPResponse or the BasicOCSPResponse inside; false with *WHY when it answers nothing. Bytes are borrowed. */
bool ocsp_parse(struct arena *a, struct bytes der, struct ocsp *out, const char **why);

/* ANSWER is about C, which ISSUER issued. */
bool ocsp_is_about(struct arena *a, const struct ocsp_answer *answer, const struct cert *c,
                   const struct cert *issuer);

/* C is who OCSP says has answered. */
bool ocsp_is_responder(struct arena *a, const struct ocsp *ocsp, const struct cert *c);

#endif
