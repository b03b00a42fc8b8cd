/* SPDX-License-Identifier: Apache-2.0 */
/* Public keys for libcrypto (crypto/key.h). */
#include "crypto/key.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/x509.h>

#include "base/cursor.h"
#include "base/der.h"
#include "base/oid.h"

/*  SubjectPublicKeyInfo ::= SEQUENCE { SEQUENCE { algorithm OID, parameters }, BIT STRING }  (RFC 5280 §4.1)  */
struct parts {
    enum oid_id algorithm, parameter; /* `parameter`: the curve */
    struct bytes key;                 /* the BIT STRING without its unused-bits octet */
};

static bool take_apart(struct bytes spki, struct parts *out)
{
    struct cursor in = cursor_of(spki, 0);
    struct der sequence, algorithm, oid, bits;
    if (!der_expect(&in, DER_UNIVERSAL, DER_SEQUENCE, &sequence))
        return false;
    in = der_inside(&sequence);
    if (!der_expect(&in, DER_UNIVERSAL, DER_SEQUENCE, &algorithm) ||
        !der_expect(&in, DER_UNIVERSAL, DER_BIT_STRING, &bits) || bits.constructed ||
        bits.content.n < 2 || bits.content.p[0] != 0)
        return false;
    in = der_inside(&algorithm);
    if (!der_expect(&in, DER_UNIVERSAL, DER_OID, &oid))
        return false;
    out->algorithm = oid_find(oid.content);
    out->parameter =
        der_expect(&in, DER_UNIVERSAL, DER_OID, &oid) ? oid_find(oid.content) : OID_UNKNOWN;
    return bytes_part(bits.content, 1, bits.content.n - 1, &out->key);
}

static EVP_PKEY *from_numbers(const char *type, OSSL_PARAM_BLD *numbers)
{
    EVP_PKEY *key = NULL;
    OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(numbers);
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
    if (!params || !ctx || EVP_PKEY_fromdata_init(ctx) != 1 ||
        EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, params) != 1)
        key = NULL;
    EVP_PKEY_CTX_free(ctx);
    OSSL_PARAM_free(params);
    return key;
}

/* A number above zero: the modulus or the exponent. */
static BIGNUM *number(struct cursor *in)
{
    struct der d;
    if (!der_expect(in, DER_UNIVERSAL, DER_INTEGER, &d) || d.content.n == 0 ||
        d.content.p[0] & 0x80)
        return NULL;
    return BN_bin2bn(d.content.p, (int)d.content.n, NULL);
}

/*  RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER }  */
static EVP_PKEY *rsa_key(struct bytes raw)
{
    struct cursor in = cursor_of(raw, 0);
    struct der sequence;
    if (!der_expect(&in, DER_UNIVERSAL, DER_SEQUENCE, &sequence))
        return NULL;
    in = der_inside(&sequence);
    BIGNUM *n = number(&in), *e = number(&in);
    OSSL_PARAM_BLD *numbers = OSSL_PARAM_BLD_new();
    EVP_PKEY *key = NULL;
    if (n && e && numbers && OSSL_PARAM_BLD_push_BN(numbers, OSSL_PKEY_PARAM_RSA_N, n) == 1 &&
        OSSL_PARAM_BLD_push_BN(numbers, OSSL_PKEY_PARAM_RSA_E, e) == 1)
        key = from_numbers("RSA", numbers);
    OSSL_PARAM_BLD_free(numbers);
    BN_free(n);
    BN_free(e);
    return key;
}

static const char *curve_name(enum oid_id curve)
{
    switch (curve) {
    case OID_EC_P256: return "P-256";
    case OID_EC_P384: return "P-384";
    case OID_EC_P521: return "P-521";
    default: return NULL;
    }
}

static EVP_PKEY *ec_key(const char *curve, struct bytes point)
{
    OSSL_PARAM_BLD *numbers = OSSL_PARAM_BLD_new();
    EVP_PKEY *key = NULL;
    if (numbers &&
        OSSL_PARAM_BLD_push_utf8_string(numbers, OSSL_PKEY_PARAM_GROUP_NAME, curve, 0) == 1 &&
        OSSL_PARAM_BLD_push_octet_string(numbers, OSSL_PKEY_PARAM_PUB_KEY, point.p, point.n) == 1)
        key = from_numbers("EC", numbers);
    OSSL_PARAM_BLD_free(numbers);
    return key;
}

EVP_PKEY *public_key(struct bytes spki)
{
    struct parts parts;
    if (spki.n == 0 || spki.n >= 1 << 16 || !take_apart(spki, &parts))
        return NULL;
    if (parts.algorithm == OID_RSA)
        return rsa_key(parts.key);
    if (parts.algorithm == OID_EC_KEY && curve_name(parts.parameter))
        return ec_key(curve_name(parts.parameter), parts.key);
    const unsigned char *p = spki.p;
    return d2i_PUBKEY(NULL, &p, (long)spki.n);
}
