/* SPDX-License-Identifier: Apache-2.0 */
/* Signature blobs made in the tests. */
#ifndef TESTS_UNIT_BLOB_BYTES_H
#define TESTS_UNIT_BLOB_BYTES_H

#include "base/buf.h"

/* A CodeDirectory of 0x20500 with identifier "com.example.id", team "TEAM123456", 7 special and 2 code slots. */
static inline struct buf codedir_bytes(struct arena *a, uint8_t hash_type, uint8_t hash_size)
{
    struct buf b = {.arena = a};
    uint32_t ident = 96, team = ident + 15, pre = team + 11, scatter = pre + 2 * hash_size,
             hashes = scatter + 48 + 7 * hash_size;
    buf_be32(&b, 0xfade0c02);
    buf_be32(&b, hashes + 2 * hash_size);
    buf_be32(&b, 0x20500);
    buf_be32(&b, 0x10000);
    buf_be32(&b, hashes);
    buf_be32(&b, ident);
    buf_be32(&b, 7);
    buf_be32(&b, 2);
    buf_be32(&b, 0x1800);
    buf_byte(&b, hash_size);
    buf_byte(&b, hash_type);
    buf_byte(&b, 0);
    buf_byte(&b, 12);
    buf_be32(&b, 0);
    buf_be32(&b, scatter);
    buf_be32(&b, team);
    buf_be32(&b, 0);
    buf_be64(&b, 0);
    buf_be64(&b, 0);
    buf_be64(&b, 0x4000);
    buf_be64(&b, 0x11);
    buf_be32(&b, 0x0d0100);
    buf_be32(&b, pre);
    buf_put(&b, bytes_of("com.example.id", 15));
    buf_put(&b, bytes_of("TEAM123456", 11));
    buf_zero(&b, 2u * hash_size);
    buf_be32(&b, 2);
    buf_be32(&b, 5);
    buf_be64(&b, 0x4000);
    buf_be64(&b, 0);
    buf_zero(&b, 24);
    for (int i = -7; i < 2; i++)
        for (int k = 0; k < hash_size; k++)
            buf_byte(&b, (uint8_t)(i == -3 ? 0 : i + 8));
    return b;
}

/* Overwrite N big-endian bytes at AT. */
static inline void poke(struct buf *b, size_t at, size_t n, uint64_t value)
{
    for (size_t i = 0; i < n; i++)
        b->p[at + i] = (uint8_t)(value >> 8 * (n - 1 - i));
}

static inline struct buf blob_bytes(struct arena *a, uint32_t magic, struct bytes payload)
{
    struct buf b = {.arena = a};
    buf_be32(&b, magic);
    buf_be32(&b, (uint32_t)payload.n + 8);
    buf_put(&b, payload);
    return b;
}

struct blob_part {
    uint32_t type;
    struct bytes blob;
};

static inline struct buf superblob_bytes(struct arena *a, uint32_t magic,
                                         const struct blob_part *parts, uint32_t n)
{
    struct buf b = {.arena = a};
    uint32_t at = 12 + 8 * n;
    buf_be32(&b, magic);
    buf_be32(&b, 0);
    buf_be32(&b, n);
    for (uint32_t i = 0; i < n; i++) {
        buf_be32(&b, parts[i].type);
        buf_be32(&b, parts[i].blob.n ? at : 0);
        at += (uint32_t)parts[i].blob.n;
    }
    for (uint32_t i = 0; i < n; i++)
        buf_put(&b, parts[i].blob);
    buf_set_be32(&b, 4, (uint32_t)b.n);
    return b;
}

#endif
