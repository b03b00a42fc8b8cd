/* SPDX-License-Identifier: Apache-2.0 */
/* Verify: see verify.h. Nothing here allocates from an arena, so OpenSSL's objects cannot leak past an escape. */
#include "crypto/verify.h"

#include <openssl/evp.h>
#include <openssl/rsa.h>

#include "base/der.h"
#include "crypto/key.h"

static const struct {
    enum oid_id id;
    enum digest_type digest;
    bool signs; /* may stand as a signature algorithm */
} algorithms[] = {
    {OID_MD5, DIGEST_MD5, false},
    {OID_SHA1, DIGEST_SHA1, false},
    {OID_SHA256, DIGEST_SHA256, false},
    {OID_SHA384, DIGEST_SHA384, false},
    {OID_SHA512, DIGEST_SHA512, false},
    {OID_RSA, DIGEST_NONE, true},
    {OID_RSA_MD5, DIGEST_MD5, true},
    {OID_RSA_SHA1, DIGEST_SHA1, true},
    {OID_RSA_SHA256, DIGEST_SHA256, true},
    {OID_RSA_SHA384, DIGEST_SHA384, true},
    {OID_RSA_SHA512, DIGEST_SHA512, true},
    {OID_EC_KEY, DIGEST_NONE, true},
    {OID_EC_P256, DIGEST_NONE, true},
    {OID_EC_P384, DIGEST_NONE, true},
    {OID_EC_P521, DIGEST_NONE, true},
    {OID_ECDSA_SHA1, DIGEST_SHA1, true},
    {OID_ECDSA_SHA256, DIGEST_SHA256, true},
    {OID_ECDSA_SHA384, DIGEST_SHA384, true},
    {OID_ECDSA_SHA512, DIGEST_SHA512, true},
};
#define ALGORITHM_COUNT (sizeof algorithms / sizeof *algorithms)

static bool is_rsa(enum oid_id id)
{
    return id >= OID_RSA && id <= OID_RSA_SHA512;
}

enum digest_type algorithm_digest(enum oid_id id)
{
    for (size_t i = 0; i < ALGORITHM_COUNT; i++)
        if (algorithms[i].id == id)
            return algorithms[i].digest;
    return DIGEST_NONE;
}

static bool algorithm_signs(enum oid_id id)
{
    for (size_t i = 0; i < ALGORITHM_COUNT; i++)
        if (algorithms[i].id == id)
            return algorithms[i].signs;
    return false;
}

static const EVP_MD *evp_digest(enum digest_type type)
{
    switch (type) {
    case DIGEST_MD5: return EVP_md5();
    case DIGEST_SHA1: return EVP_sha1();
    case DIGEST_SHA256: return EVP_sha256();
    case DIGEST_SHA384: return EVP_sha384();
    case DIGEST_SHA512: return EVP_sha512();
    default: return NULL;
    }
}

static enum verify_result verify_with_key(EVP_PKEY *key, const EVP_MD *md, struct bytes data,
                                          struct bytes signature)
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    int good = ctx && EVP_DigestVerifyInit(ctx, NULL, md, NULL, key) == 1 &&
               EVP_DigestVerify(ctx, signature.p, signature.n, data.p, data.n) == 1;
    EVP_MD_CTX_free(ctx);
    return good ? VERIFY_GOOD : VERIFY_BAD;
}

enum verify_result signature_verify(struct bytes spki, enum oid_id algorithm,
                                    enum digest_type digest, struct bytes data,
                                    struct bytes signature)
{
    enum digest_type named = algorithm_digest(algorithm);
    if (!algorithm_signs(algorithm) ||
        (named != DIGEST_NONE && digest != DIGEST_NONE && named != digest))
        return VERIFY_UNSUPPORTED;
    if (!is_rsa(algorithm) && digest == DIGEST_MD5)
        return VERIFY_UNSUPPORTED; /* nobody signs so with curves (§5.2) */
    const EVP_MD *md = evp_digest(named != DIGEST_NONE ? named : digest);
    EVP_PKEY *key = md ? public_key(spki) : NULL;
    if (!md)
        return VERIFY_UNSUPPORTED;
    if (!key)
        return VERIFY_KEY;
    bool fits = EVP_PKEY_get_base_id(key) == (is_rsa(algorithm) ? EVP_PKEY_RSA : EVP_PKEY_EC);
    enum verify_result result =
        fits ? verify_with_key(key, md, data, signature) : VERIFY_UNSUPPORTED;
    EVP_PKEY_free(key);
    return result;
}

static enum oid_id algorithm_of(struct bytes identifier)
{
    struct cursor c = cursor_of(identifier, 0);
    struct der seq, oid;
    if (!der_expect(&c, DER_UNIVERSAL, DER_SEQUENCE, &seq))
        return OID_UNKNOWN;
    c = der_inside(&seq);
    return der_expect(&c, DER_UNIVERSAL, DER_OID, &oid) ? oid_find(oid.content) : OID_UNKNOWN;
}

enum verify_result signature_verify_named(struct bytes spki, struct bytes algorithm,
                                          struct bytes data, struct bytes signature)
{
    return signature_verify(spki, algorithm_of(algorithm), DIGEST_NONE, data, signature);
}

enum verify_result signature_verify_digest(struct bytes spki, enum digest_type digest,
                                           struct bytes data_digest, struct bytes signature)
{
    const EVP_MD *md = evp_digest(digest);
    EVP_PKEY *key = public_key(spki);
    if (!key || !md) {
        EVP_PKEY_free(key);
        return md ? VERIFY_KEY : VERIFY_UNSUPPORTED;
    }
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key, NULL);
    int good = ctx && EVP_PKEY_verify_init(ctx) == 1 &&
               EVP_PKEY_CTX_set_signature_md(ctx, md) == 1 &&
               EVP_PKEY_verify(ctx, signature.p, signature.n, data_digest.p, data_digest.n) == 1;
    EVP_PKEY_CTX_free(ctx);
    EVP_PKEY_free(key);
    return good ? VERIFY_GOOD : VERIFY_BAD;
}
