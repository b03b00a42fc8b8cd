/* SPDX-License-Identifier: Apache-2.0 */
/* Key: see key.h. What libcrypto makes is freed before the arena is used again, or registered with it. */
#include "forge/key.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "base/buf.h"
#include "base/cursor.h"
#include "base/der.h"

#define P256_BYTES 32

static const struct {
    const char *private, *public;
} keys[] = {
#define TEST_KEY(id, private, public) [KEY_##id] = {private, public},
#include "forge/test_keys.def"
#undef TEST_KEY
};

bool key_is_rsa(enum test_key key)
{
    return key != KEY_EC_LEAF && key != KEY_EC_AUTHORITY;
}

static void release_key(void *p)
{
    EVP_PKEY_free(p);
}

/* The bytes of base64 TEXT. */
static struct bytes decode(struct arena *a, const char *text)
{
    size_t n = strlen(text), pad = text[n - 1] != '=' ? 0 : text[n - 2] != '=' ? 1 : 2;
    uint8_t *der = arena_alloc(a, n);
    int got = EVP_DecodeBlock(der, (const uint8_t *)text, (int)n);

    return bytes_of(der, got > 0 ? (size_t)got - pad : 0);
}

/* The next INTEGER of IN for the key that B builds; kept in NUMBERS until it is built. */
static bool push_number(OSSL_PARAM_BLD *b, const char *name, struct cursor *in, BIGNUM **number)
{
    struct der d;

    if (!der_expect(in, DER_UNIVERSAL, DER_INTEGER, &d))
        return false;
    *number = BN_bin2bn(d.content.p, (int)d.content.n, NULL);
    return *number && OSSL_PARAM_BLD_push_BN(b, name, *number) == 1;
}

static EVP_PKEY *from_numbers(OSSL_PARAM_BLD *b)
{
    OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(b);
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
    EVP_PKEY *pkey = NULL;

    if (!params || !ctx || EVP_PKEY_fromdata_init(ctx) != 1 ||
        EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_KEYPAIR, params) != 1)
        pkey = NULL;
    EVP_PKEY_CTX_free(ctx);
    OSSL_PARAM_free(params);
    return pkey;
}

/*
 * RSAPrivateKey (RFC 8017, A.1.2) in PKCS#8. Handed over as numbers: OpenSSL 3's decoder takes longer than the signature that
 * is made with the key, and a case makes dozens.
 */
static EVP_PKEY *load_rsa(struct bytes pkcs8)
{
    static const char *const names[] = {
        OSSL_PKEY_PARAM_RSA_N,         OSSL_PKEY_PARAM_RSA_E,
        OSSL_PKEY_PARAM_RSA_D,         OSSL_PKEY_PARAM_RSA_FACTOR1,
        OSSL_PKEY_PARAM_RSA_FACTOR2,   OSSL_PKEY_PARAM_RSA_EXPONENT1,
        OSSL_PKEY_PARAM_RSA_EXPONENT2, OSSL_PKEY_PARAM_RSA_COEFFICIENT1};
    BIGNUM *numbers[8] = {NULL};
    OSSL_PARAM_BLD *b = OSSL_PARAM_BLD_new();
    struct cursor in = cursor_of(pkcs8, 0);
    struct der d;
    bool ok = b && der_expect(&in, DER_UNIVERSAL, DER_SEQUENCE, &d);

    in = der_inside(&d);
    ok = ok && der_expect(&in, DER_UNIVERSAL, DER_INTEGER, &d) &&
         der_expect(&in, DER_UNIVERSAL, DER_SEQUENCE, &d) &&
         der_expect(&in, DER_UNIVERSAL, DER_OCTET_STRING, &d);
    in = der_inside(&d);
    ok = ok && der_expect(&in, DER_UNIVERSAL, DER_SEQUENCE, &d);
    in = der_inside(&d);
    ok = ok && der_expect(&in, DER_UNIVERSAL, DER_INTEGER, &d);
    for (size_t i = 0; ok && i < sizeof names / sizeof *names; i++)
        ok = push_number(b, names[i], &in, &numbers[i]);
    EVP_PKEY *pkey = ok ? from_numbers(b) : NULL;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        BN_free(numbers[i]);
    OSSL_PARAM_BLD_free(b);
    return pkey;
}

static EVP_PKEY *load(struct arena *a, enum test_key key)
{
    struct bytes der = decode(a, keys[key].private);
    const uint8_t *p = der.p;
    EVP_PKEY *pkey = key_is_rsa(key) ? load_rsa(der) : d2i_AutoPrivateKey(NULL, &p, (long)der.n);

    if (!pkey)
        arena_fail(a, DS_UNSUPPORTED);
    arena_defer(a, release_key, pkey);
    return pkey;
}

struct bytes key_public(struct arena *a, enum test_key key)
{
    return decode(a, keys[key].public);
}

static const EVP_MD *digest_method(enum digest_type type)
{
    switch (type) {
    case DIGEST_SHA1: return EVP_sha1();
    case DIGEST_SHA384: return EVP_sha384();
    case DIGEST_SHA512: return EVP_sha512();
    default: return EVP_sha256();
    }
}

static void release_context(void *p)
{
    EVP_PKEY_CTX_free(p);
}

static struct bytes sign_rsa(struct arena *a, EVP_PKEY *pkey, enum digest_type type,
                             struct bytes digest)
{
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(pkey, NULL);
    size_t n = (size_t)EVP_PKEY_get_size(pkey);

    if (!ctx)
        arena_fail(a, DS_NOMEM);
    arena_defer(a, release_context, ctx);
    uint8_t *out = arena_alloc(a, n);
    if (EVP_PKEY_sign_init(ctx) <= 0 || EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) <= 0 ||
        EVP_PKEY_CTX_set_signature_md(ctx, digest_method(type)) <= 0 ||
        EVP_PKEY_sign(ctx, out, &n, digest.p, digest.n) <= 0)
        arena_fail(a, DS_UNSUPPORTED);
    return bytes_of(out, n);
}

/* The state of RFC 6979 §3.2, with SHA-256 and a group order of 256 bits. */
struct nonce {
    uint8_t k[P256_BYTES], v[P256_BYTES];
};

/* K = HMAC(K, V || MARK || EXTRA), V = HMAC(K, V) (steps d–g). */
static void nonce_step(struct nonce *s, uint8_t mark, struct bytes extra)
{
    uint8_t text[P256_BYTES + 1 + 2 * P256_BYTES];

    memcpy(text, s->v, P256_BYTES);
    text[P256_BYTES] = mark;
    if (extra.n)
        memcpy(text + P256_BYTES + 1, extra.p, extra.n);
    HMAC(EVP_sha256(), s->k, P256_BYTES, text, P256_BYTES + 1 + extra.n, s->k, NULL);
    HMAC(EVP_sha256(), s->k, P256_BYTES, s->v, P256_BYTES, s->v, NULL);
}

/* The numbers of one ECDSA signature; all freed by release_ecdsa. */
struct ecdsa {
    EC_GROUP *group;
    EC_POINT *point;
    BN_CTX *ctx;
    BIGNUM *d, *h, *k, *r, *s;
    const BIGNUM *order;
};

static void release_ecdsa(void *p)
{
    struct ecdsa *e = p;

    EC_POINT_free(e->point);
    EC_GROUP_free(e->group);
    BN_free(e->d);
    BN_free(e->h);
    BN_free(e->k);
    BN_free(e->r);
    BN_free(e->s);
    BN_CTX_free(e->ctx);
}

static bool ecdsa_begin(struct ecdsa *e, EVP_PKEY *pkey, struct bytes digest)
{
    e->group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
    e->ctx = BN_CTX_new();
    e->point = e->group ? EC_POINT_new(e->group) : NULL;
    e->order = e->group ? EC_GROUP_get0_order(e->group) : NULL;
    e->h = BN_bin2bn(digest.p, digest.n > P256_BYTES ? P256_BYTES : (int)digest.n, NULL);
    e->k = BN_new();
    e->r = BN_new();
    e->s = BN_new();
    return e->order && e->ctx && e->point && e->h && e->k && e->r && e->s &&
           EVP_PKEY_get_bn_param(pkey, OSSL_PKEY_PARAM_PRIV_KEY, &e->d);
}

/* Seed the nonce with the key and the digest reduced by the order (RFC 6979 §3.2 b–g). */
static bool nonce_begin(struct nonce *s, const struct ecdsa *e)
{
    uint8_t seed[2 * P256_BYTES];
    BIGNUM *reduced = BN_new();
    bool ok = reduced && BN_nnmod(reduced, e->h, e->order, e->ctx) &&
              BN_bn2binpad(e->d, seed, P256_BYTES) == P256_BYTES &&
              BN_bn2binpad(reduced, seed + P256_BYTES, P256_BYTES) == P256_BYTES;

    BN_free(reduced);
    memset(s->v, 1, sizeof s->v);
    memset(s->k, 0, sizeof s->k);
    if (ok) {
        nonce_step(s, 0, bytes_of(seed, sizeof seed));
        nonce_step(s, 1, bytes_of(seed, sizeof seed));
    }
    return ok;
}

/* r = (kG).x mod n, s = (h + r d) / k mod n; false when k does not fit, and the next is tried. */
static bool ecdsa_try(struct ecdsa *e)
{
    if (BN_is_zero(e->k) || BN_cmp(e->k, e->order) >= 0)
        return false;
    return EC_POINT_mul(e->group, e->point, e->k, NULL, NULL, e->ctx) &&
           EC_POINT_get_affine_coordinates(e->group, e->point, e->r, NULL, e->ctx) &&
           BN_nnmod(e->r, e->r, e->order, e->ctx) && !BN_is_zero(e->r) &&
           BN_mod_mul(e->s, e->r, e->d, e->order, e->ctx) &&
           BN_mod_add(e->s, e->s, e->h, e->order, e->ctx) &&
           BN_mod_inverse(e->k, e->k, e->order, e->ctx) &&
           BN_mod_mul(e->s, e->s, e->k, e->order, e->ctx) && !BN_is_zero(e->s);
}

/* An unsigned number as DER INTEGER. */
static void put_number(struct buf *b, const BIGNUM *n)
{
    uint8_t text[1 + P256_BYTES] = {0};
    size_t size = (size_t)BN_num_bytes(n);
    size_t sign = BN_num_bits(n) % 8 == 0;

    BN_bn2bin(n, text + sign);
    der_put(b, DER_INTEGER, bytes_of(text, size + sign));
}

static struct bytes sign_ecdsa(struct arena *a, EVP_PKEY *pkey, struct bytes digest)
{
    struct ecdsa *e = arena_new_of(a, struct ecdsa);
    struct nonce nonce;
    struct buf pair = {.arena = a}, out = {.arena = a};

    arena_defer(a, release_ecdsa, e);
    if (!ecdsa_begin(e, pkey, digest) || !nonce_begin(&nonce, e))
        arena_fail(a, DS_UNSUPPORTED);
    for (;;) {
        HMAC(EVP_sha256(), nonce.k, P256_BYTES, nonce.v, P256_BYTES, nonce.v, NULL);
        if (BN_bin2bn(nonce.v, P256_BYTES, e->k) && ecdsa_try(e))
            break;
        nonce_step(&nonce, 0, bytes_of(NULL, 0));
    }
    put_number(&pair, e->r);
    put_number(&pair, e->s);
    der_put(&out, 0x30, buf_bytes(&pair));
    return buf_bytes(&out);
}

struct bytes key_sign(struct arena *a, enum test_key key, enum digest_type type,
                      struct bytes message)
{
    struct bytes digest = digest_bytes(a, type, message);
    EVP_PKEY *pkey = load(a, key);

    return key_is_rsa(key) ? sign_rsa(a, pkey, type, digest) : sign_ecdsa(a, pkey, digest);
}
