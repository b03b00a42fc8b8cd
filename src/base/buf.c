/* SPDX-License-Identifier: Apache-2.0 */
/* Buf: see buf.h. */
#include "base/buf.h"

#include <stdio.h>

#include "base/arena.h"

uint8_t *buf_reserve(struct buf *b, size_t n)
{
    if (n >= SIZE_MAX / 2 - b->n)
        arena_fail(b->arena, DS_NOMEM);
    if (b->n + n + 1 > b->room) {
        size_t room = b->room ? b->room : 64;
        while (room < b->n + n + 1)
            room *= 2;
        uint8_t *p = arena_alloc(b->arena, room);
        if (b->n)
            memcpy(p, b->p, b->n);
        b->p = p;
        b->room = room;
    }
    return b->p + b->n;
}

void buf_put(struct buf *b, struct bytes bytes)
{
    uint8_t *to = buf_reserve(b, bytes.n);
    if (bytes.n)
        memcpy(to, bytes.p, bytes.n);
    b->n += bytes.n;
    b->p[b->n] = 0;
}

void buf_byte(struct buf *b, uint8_t byte)
{
    buf_put(b, bytes_of(&byte, 1));
}

void buf_zero(struct buf *b, size_t n)
{
    memset(buf_reserve(b, n), 0, n + 1);
    b->n += n;
}

void buf_str(struct buf *b, const char *s)
{
    buf_put(b, bytes_str(s));
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    if (n < 0)
        arena_fail(b->arena, DS_NOMEM);
    char *to = (char *)buf_reserve(b, (size_t)n);
    va_start(ap, fmt);
    vsnprintf(to, (size_t)n + 1, fmt, ap);
    va_end(ap);
    b->n += (size_t)n;
}

static void put_be(struct buf *b, uint64_t v, size_t n)
{
    uint8_t raw[8];
    for (size_t i = 0; i < n; i++)
        raw[i] = (uint8_t)(v >> 8 * (n - 1 - i));
    buf_put(b, bytes_of(raw, n));
}

static void put_le(struct buf *b, uint64_t v, size_t n)
{
    uint8_t raw[8];
    for (size_t i = 0; i < n; i++)
        raw[i] = (uint8_t)(v >> 8 * i);
    buf_put(b, bytes_of(raw, n));
}

void buf_be16(struct buf *b, uint16_t v)
{
    put_be(b, v, 2);
}

void buf_be32(struct buf *b, uint32_t v)
{
    put_be(b, v, 4);
}

void buf_be64(struct buf *b, uint64_t v)
{
    put_be(b, v, 8);
}

void buf_le32(struct buf *b, uint32_t v)
{
    put_le(b, v, 4);
}

void buf_le64(struct buf *b, uint64_t v)
{
    put_le(b, v, 8);
}

void buf_set_be32(struct buf *b, size_t at, uint32_t v)
{
    for (size_t i = 0; i < 4 && at + i < b->n; i++)
        b->p[at + i] = (uint8_t)(v >> 8 * (3 - i));
}

void buf_insert(struct buf *b, size_t at, size_t n)
{
    if (at > b->n)
        return;
    buf_reserve(b, n);
    memmove(b->p + at + n, b->p + at, b->n - at + 1);
    memset(b->p + at, 0, n);
    b->n += n;
}

void buf_cut(struct buf *b, size_t n)
{
    if (n > b->n)
        return;
    b->n = n;
    if (b->p)
        b->p[n] = '\0';
}

const char *buf_cstr(const struct buf *b)
{
    return b->p ? (const char *)b->p : "";
}
