/* SPDX-License-Identifier: Apache-2.0 */
/* Cursor: see cursor.h. */
#include "base/cursor.h"

void cursor_fail(struct cursor *c)
{
    if (c->failed)
        return;
    c->failed = true;
    c->failed_at = cursor_offset(c);
}

void cursor_seek(struct cursor *c, uint64_t at)
{
    if (c->failed)
        return;
    if (at > c->data.n)
        cursor_fail(c);
    else
        c->at = (size_t)at;
}

void cursor_skip(struct cursor *c, uint64_t n)
{
    (void)cursor_bytes(c, n);
}

struct bytes cursor_bytes(struct cursor *c, uint64_t n)
{
    struct bytes part;
    if (c->failed || !bytes_part(c->data, c->at, n, &part)) {
        cursor_fail(c);
        return (struct bytes){NULL, 0};
    }
    c->at += (size_t)n;
    return part;
}

struct bytes cursor_rest(struct cursor *c)
{
    return cursor_bytes(c, cursor_left(c));
}

static uint64_t read_be(struct cursor *c, size_t n)
{
    struct bytes b = cursor_bytes(c, n);
    uint64_t value = 0;
    for (size_t i = 0; i < b.n; i++)
        value = value << 8 | b.p[i];
    return value;
}

static uint64_t read_le(struct cursor *c, size_t n)
{
    struct bytes b = cursor_bytes(c, n);
    uint64_t value = 0;
    for (size_t i = b.n; i-- > 0;)
        value = value << 8 | b.p[i];
    return value;
}

uint8_t cursor_u8(struct cursor *c)
{
    return (uint8_t)read_be(c, 1);
}

uint16_t cursor_be16(struct cursor *c)
{
    return (uint16_t)read_be(c, 2);
}

uint32_t cursor_be32(struct cursor *c)
{
    return (uint32_t)read_be(c, 4);
}

uint64_t cursor_be64(struct cursor *c)
{
    return read_be(c, 8);
}

uint16_t cursor_le16(struct cursor *c)
{
    return (uint16_t)read_le(c, 2);
}

uint32_t cursor_le32(struct cursor *c)
{
    return (uint32_t)read_le(c, 4);
}

uint64_t cursor_le64(struct cursor *c)
{
    return read_le(c, 8);
}

struct cursor cursor_child(struct cursor *c, uint64_t n)
{
    uint64_t origin = cursor_offset(c);
    struct cursor child = cursor_of(cursor_bytes(c, n), origin);
    if (c->failed)
        cursor_fail(&child);
    return child;
}

struct cursor cursor_part(struct cursor *c, uint64_t offset, uint64_t n)
{
    struct bytes part;
    bool inside = !c->failed && bytes_part(c->data, offset, n, &part);
    if (!inside)
        part = (struct bytes){NULL, 0};
    struct cursor child = cursor_of(part, c->origin + (offset < c->data.n ? offset : c->data.n));
    if (!inside)
        cursor_fail(&child);
    return child;
}

struct bytes cursor_cstring_at(struct cursor *c, uint64_t at)
{
    if (c->failed || at >= c->data.n) {
        cursor_fail(c);
        return (struct bytes){NULL, 0};
    }
    const uint8_t *start = c->data.p + at;
    const uint8_t *nul = memchr(start, 0, c->data.n - (size_t)at);
    if (!nul) {
        cursor_fail(c);
        return (struct bytes){NULL, 0};
    }
    return bytes_of(start, (size_t)(nul - start));
}
