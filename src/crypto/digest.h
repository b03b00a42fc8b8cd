/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Digests, by the numbers CodeDirectory.hashType uses (static-validation.md §4.1).
 */
#ifndef DS_CRYPTO_DIGEST_H
#define DS_CRYPTO_DIGEST_H

#include "base/arena.h"
#include "base/bytes.h"

enum digest_type {
    DIGEST_NONE = 0,
    DIGEST_SHA1 = 1,
    DIGEST_SHA256 = 2,
    DIGEST_SHA256_TRUNCATED = 3, /* the first 20 bytes of SHA-256 */
    DIGEST_SHA384 = 4,
    DIGEST_SHA512 = 5,
    DIGEST_MD5 = 6, /* CMS and certificates only, ours */
};

#define DIGEST_MAX 64

/* Bytes of a digest, 0 for an unknown type. */
size_t digest_size(enum digest_type type);
/* "sha1", "sha256", "sha256t", "sha384", "sha512"; NULL for an unknown type. */
const char *digest_name(enum digest_type type);

/* The digest of DATA into OUT; the number of bytes, 0 for an unknown type. */
size_t digest_of(enum digest_type type, struct bytes data, uint8_t out[DIGEST_MAX]);
/* The same in ARENA. */
struct bytes digest_bytes(struct arena *a, enum digest_type type, struct bytes data);

/* Streaming; create with digester_new, one use after another (begin, update…, finish). Not shared by threads. */
struct digester;
struct digester *digester_new(struct arena *a, enum digest_type type);
void digester_begin(struct digester *d);
void digester_update(struct digester *d, struct bytes data);
size_t digester_finish(struct digester *d, uint8_t out[DIGEST_MAX]);

/* Several digests of the same data in one pass; one use after another. Not shared by threads. */
struct digest_set;
struct digest_set *digest_set_new(struct arena *a);
#define DIGEST_SET_MOST 4 /* all types a CodeDirectory may have and be usable */
/* The digests of DATA of N usable TYPES, one behind the other in OUT; the number of bytes, 0 when one failed. */
size_t digest_set_of(struct digest_set *s, const enum digest_type *types, size_t n,
                     struct bytes data, uint8_t out[DIGEST_SET_MOST * DIGEST_MAX]);

#endif
