/* SPDX-License-Identifier: Apache-2.0 */
/* Digests by OpenSSL's EVP interface: see digest.h. */
#include "crypto/digest.h"

#include <openssl/evp.h>

static const struct {
    const char *name, *openssl;
    size_t size;
} kinds[] = {
    [DIGEST_NONE] = {NULL, NULL, 0},
    [DIGEST_SHA1] = {"sha1", "SHA1", 20},
    [DIGEST_SHA256] = {"sha256", "SHA256", 32},
    [DIGEST_SHA256_TRUNCATED] = {"sha256t", "SHA256", 20},
    [DIGEST_SHA384] = {"sha384", "SHA384", 48},
    [DIGEST_SHA512] = {"sha512", "SHA512", 64},
    [DIGEST_MD5] = {"md5", "MD5", 16},
};

static bool known(enum digest_type type)
{
    return (size_t)type < sizeof kinds / sizeof *kinds && kinds[type].size != 0;
}

size_t digest_size(enum digest_type type)
{
    return known(type) ? kinds[type].size : 0;
}

const char *digest_name(enum digest_type type)
{
    return known(type) ? kinds[type].name : NULL;
}

size_t digest_of(enum digest_type type, struct bytes data, uint8_t out[DIGEST_MAX])
{
    size_t n;
    memset(out, 0, DIGEST_MAX);
    if (!known(type))
        return 0;
    if (!EVP_Q_digest(NULL, kinds[type].openssl, NULL, data.p, data.n, out, &n))
        return 0;
    return kinds[type].size;
}

struct bytes digest_bytes(struct arena *a, enum digest_type type, struct bytes data)
{
    uint8_t raw[DIGEST_MAX];
    size_t n = digest_of(type, data, raw);
    if (n == 0 && known(type))
        arena_fail(a, DS_NOMEM);
    return bytes_copy(a, bytes_of(raw, n));
}

struct digester {
    EVP_MD *algorithm; /* fetched once: a fetch costs more than the digest of a page's tail */
    EVP_MD_CTX *context;
    size_t size;
    bool failed; /* OpenSSL refused a step; the digest then has no bytes */
};

static void digester_release(void *p)
{
    struct digester *d = p;
    EVP_MD_CTX_free(d->context);
    EVP_MD_free(d->algorithm);
}

struct digester *digester_new(struct arena *a, enum digest_type type)
{
    if (!known(type))
        arena_fail(a, DS_INVALID);
    struct digester *d = arena_new_of(a, struct digester);
    arena_defer(a, digester_release, d);
    d->size = kinds[type].size;
    d->algorithm = EVP_MD_fetch(NULL, kinds[type].openssl, NULL);
    if (!d->algorithm)
        arena_fail(a, DS_UNSUPPORTED);
    d->context = EVP_MD_CTX_new();
    if (!d->context)
        arena_fail(a, DS_NOMEM);
    return d;
}

void digester_begin(struct digester *d)
{
    d->failed = !EVP_DigestInit_ex2(d->context, d->algorithm, NULL);
}

void digester_update(struct digester *d, struct bytes data)
{
    if (data.n != 0 && !EVP_DigestUpdate(d->context, data.p, data.n))
        d->failed = true;
}

size_t digester_finish(struct digester *d, uint8_t out[DIGEST_MAX])
{
    uint8_t full[EVP_MAX_MD_SIZE];
    unsigned n;
    memset(out, 0, DIGEST_MAX);
    if (d->failed || !EVP_DigestFinal_ex(d->context, full, &n))
        return 0;
    memcpy(out, full, d->size);
    return d->size;
}

/* -- several at once */

#define PIECE ((size_t)64 << 10) /* stays in a processor's cache from one digest to the next */

struct digest_set {
    struct digester *of[DIGEST_SHA384 + 1];
};

struct digest_set *digest_set_new(struct arena *a)
{
    struct digest_set *s = arena_new_of(a, struct digest_set);
    for (enum digest_type type = DIGEST_SHA1; type <= DIGEST_SHA384; type++)
        s->of[type] = digester_new(a, type);
    return s;
}

static void update_all(struct digest_set *s, const enum digest_type *types, size_t n,
                       struct bytes data)
{
    while (data.n) {
        size_t piece = data.n < PIECE ? data.n : PIECE;
        for (size_t i = 0; i < n; i++)
            digester_update(s->of[types[i]], bytes_of(data.p, piece));
        data = bytes_of(data.p + piece, data.n - piece);
    }
}

size_t digest_set_of(struct digest_set *s, const enum digest_type *types, size_t n,
                     struct bytes data, uint8_t out[DIGEST_SET_MOST * DIGEST_MAX])
{
    uint8_t digest[DIGEST_MAX];
    size_t size = 0;
    for (size_t i = 0; i < n; i++)
        digester_begin(s->of[types[i]]);
    update_all(s, types, n, data);
    for (size_t i = 0; i < n; i++) {
        size_t m = digester_finish(s->of[types[i]], digest);
        if (m == 0)
            return 0;
        memcpy(out + size, digest, m);
        size += m;
    }
    return size;
}
