/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cursor: the only way to read untrusted bytes.
 *
 * Sticky: after the first read that does not fit, every later read yields zero (or nothing) and the cursor
 * stays failed, so a parser reads a whole record and tests once. A child cursor covers a part and knows the
 * absolute offset, so that messages name the place in the file.
 */
#ifndef DS_BASE_CURSOR_H
#define DS_BASE_CURSOR_H

#include "base/bytes.h"

struct cursor {
    struct bytes data;
    size_t at;       /* next byte, relative to data */
    uint64_t origin; /* absolute offset of data[0] in the file */
    bool failed;
    uint64_t failed_at; /* absolute offset of the first read that did not fit */
};

static inline struct cursor cursor_of(struct bytes data, uint64_t origin)
{
    return (struct cursor){.data = data, .origin = origin};
}

static inline size_t cursor_left(const struct cursor *c)
{
    return c->failed ? 0 : c->data.n - c->at;
}

static inline uint64_t cursor_offset(const struct cursor *c)
{
    return c->origin + c->at;
}

/* Mark C as failed here (a parser's own rule was broken). */
void cursor_fail(struct cursor *c);

/* Move to offset AT of the data (not absolute); fails when it lies beyond the end. */
void cursor_seek(struct cursor *c, uint64_t at);
void cursor_skip(struct cursor *c, uint64_t n);

uint8_t cursor_u8(struct cursor *c);
uint16_t cursor_be16(struct cursor *c);
uint32_t cursor_be32(struct cursor *c);
uint64_t cursor_be64(struct cursor *c);
uint16_t cursor_le16(struct cursor *c);
uint32_t cursor_le32(struct cursor *c);
uint64_t cursor_le64(struct cursor *c);

/* The next N bytes, {NULL,0} on failure. */
struct bytes cursor_bytes(struct cursor *c, uint64_t n);
struct bytes cursor_rest(struct cursor *c);

/* A cursor over the next N bytes; over part [OFFSET, OFFSET+N) of the data (C does not move). */
struct cursor cursor_child(struct cursor *c, uint64_t n);
struct cursor cursor_part(struct cursor *c, uint64_t offset, uint64_t n);

/* The NUL-terminated text at offset AT of the data, without its NUL; fails C when none ends inside. */
struct bytes cursor_cstring_at(struct cursor *c, uint64_t at);

#endif
