/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Buf: growing bytes in an arena, for building text and binary forms. The content stays NUL-terminated, so
 * buf_cstr() is free. Zero-initialise with {.arena = a}.
 */
#ifndef DS_BASE_BUF_H
#define DS_BASE_BUF_H

#include <stdarg.h>

#include "base/bytes.h"

struct buf {
    struct arena *arena;
    uint8_t *p;
    size_t n, room;
};

/* Make room for N more bytes and return where they go (not counted yet). */
uint8_t *buf_reserve(struct buf *b, size_t n);

void buf_put(struct buf *b, struct bytes bytes);
void buf_byte(struct buf *b, uint8_t byte);
void buf_zero(struct buf *b, size_t n);
void buf_str(struct buf *b, const char *s);
void buf_printf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void buf_be16(struct buf *b, uint16_t v);
void buf_be32(struct buf *b, uint32_t v);
void buf_be64(struct buf *b, uint64_t v);
void buf_le32(struct buf *b, uint32_t v);
void buf_le64(struct buf *b, uint64_t v);

/* Overwrite four bytes at offset AT, which must lie inside. */
void buf_set_be32(struct buf *b, size_t at, uint32_t v);
/* Move the content from AT on up by N bytes and zero the gap. */
void buf_insert(struct buf *b, size_t at, size_t n);

/* Keep the first N bytes, of which there are as many. */
void buf_cut(struct buf *b, size_t n);

static inline struct bytes buf_bytes(const struct buf *b)
{
    return bytes_of(b->p, b->n);
}

/* The content as text; "" when empty. Valid until the next change. */
const char *buf_cstr(const struct buf *b);

#endif
