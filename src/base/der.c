/* SPDX-License-Identifier: Apache-2.0 */
/* DER and BER elements: see der.h. */
#include "base/der.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/when.h"

static bool next_at_depth(struct cursor *c, struct der *out, int depth);

static void read_tag(struct cursor *c, struct der *out)
{
    uint8_t first = cursor_u8(c);
    out->class = (enum der_class)(first >> 6);
    out->constructed = (first & 0x20) != 0;
    out->tag = first & 0x1f;
    if (out->tag != 0x1f)
        return;
    uint8_t byte = cursor_u8(c);
    out->minimal = byte != 0x80;
    out->tag = byte & 0x7f;
    while (byte & 0x80 && !c->failed) {
        byte = cursor_u8(c);
        if (out->tag > UINT32_MAX >> 7)
            cursor_fail(c);
        out->tag = out->tag << 7 | (byte & 0x7f);
    }
    if (out->tag < 0x1f)
        out->minimal = false;
}

/* The length octets; false for the indefinite form. */
static bool read_length(struct cursor *c, struct der *out, uint64_t *length)
{
    uint8_t first = cursor_u8(c);
    *length = first;
    if (first < 0x80)
        return true;
    size_t n = first & 0x7f;
    if (n == 0)
        return false;
    if (n > 8) {
        cursor_fail(c);
        return true;
    }
    *length = 0;
    for (size_t i = 0; i < n; i++)
        *length = *length << 8 | cursor_u8(c);
    if (*length < 0x80 || (n < 8 && *length >> 8 * (n - 1) == 0))
        out->minimal = false;
    return true;
}

/* Find the end-of-contents element; the content is what stands before it. */
static bool read_indefinite(struct cursor *c, struct der *out, int depth)
{
    size_t start = c->at;
    out->indefinite = true;
    out->minimal = false;
    if (!out->constructed)
        cursor_fail(c);
    while (!c->failed) {
        size_t at = c->at;
        struct der inner;
        if (!next_at_depth(c, &inner, depth + 1))
            break;
        if (inner.class == DER_UNIVERSAL && inner.tag == 0 && inner.whole.n == 2)
            return bytes_part(c->data, start, at - start, &out->content);
    }
    return false;
}

/* Types that are never of the other form (X.690 §8). */
static bool has_its_form(const struct der *d)
{
    if (d->class != DER_UNIVERSAL)
        return true;
    switch (d->tag) {
    case DER_SEQUENCE:
    case DER_SET: return d->constructed;
    case DER_BOOLEAN:
    case DER_INTEGER:
    case DER_NULL:
    case DER_OID:
    case DER_ENUMERATED: return !d->constructed;
    default: return true;
    }
}

static bool next_at_depth(struct cursor *c, struct der *out, int depth)
{
    *out = (struct der){.minimal = true, .offset = cursor_offset(c)};
    size_t start = c->at;
    if (depth > LIMIT_DER_DEPTH)
        cursor_fail(c);
    read_tag(c, out);
    if (!has_its_form(out))
        cursor_fail(c);
    uint64_t length;
    bool definite = read_length(c, out, &length);
    out->content_offset = cursor_offset(c);
    if (definite)
        out->content = cursor_bytes(c, length);
    else if (!read_indefinite(c, out, depth))
        cursor_fail(c);
    if (c->failed)
        return false;
    return bytes_part(c->data, start, c->at - start, &out->whole);
}

bool der_next(struct cursor *c, struct der *out)
{
    return next_at_depth(c, out, 0);
}

bool der_expect(struct cursor *c, enum der_class class, uint32_t tag, struct der *out)
{
    if (!der_next(c, out))
        return false;
    if (der_is(out, class, tag))
        return true;
    cursor_fail(c);
    return false;
}

bool der_peek(const struct cursor *c, enum der_class class, uint32_t tag)
{
    struct cursor copy = *c;
    struct der d = {0};
    if (cursor_left(&copy) == 0)
        return false;
    read_tag(&copy, &d);
    return !copy.failed && der_is(&d, class, tag);
}

bool der_int64(const struct der *d, int64_t *out)
{
    if (d->content.n == 0 || d->content.n > 8)
        return false;
    uint64_t value = d->content.p[0] & 0x80 ? UINT64_MAX : 0;
    for (size_t i = 0; i < d->content.n; i++)
        value = value << 8 | d->content.p[i];
    *out = (int64_t)value;
    return true;
}

bool der_when(const struct der *d, int64_t *out)
{
    if (der_is(d, DER_UNIVERSAL, DER_UTCTIME))
        return when_parse_utctime(d->content, out);
    return der_is(d, DER_UNIVERSAL, DER_GENERALIZED) && when_parse_generalized(d->content, out);
}

static bool join_octets(struct buf *to, const struct der *d, int depth)
{
    if (!d->constructed) {
        buf_put(to, d->content);
        return true;
    }
    if (depth > LIMIT_DER_DEPTH)
        return false;
    struct cursor c = der_inside(d);
    while (cursor_left(&c)) {
        struct der part;
        if (!der_expect(&c, DER_UNIVERSAL, DER_OCTET_STRING, &part) ||
            !join_octets(to, &part, depth + 1))
            return false;
    }
    return !c.failed;
}

bool der_octets(struct arena *arena, const struct der *d, struct bytes *out)
{
    *out = d->content;
    if (!d->constructed)
        return true;
    struct buf joined = {.arena = arena};
    if (!join_octets(&joined, d, 0))
        return false;
    *out = buf_bytes(&joined);
    return true;
}

void der_put(struct buf *b, uint8_t tag, struct bytes content)
{
    size_t octets = 0;
    for (size_t n = content.n; n; n >>= 8)
        octets++;
    buf_byte(b, tag);
    if (content.n < 0x80) {
        buf_byte(b, (uint8_t)content.n);
    } else {
        buf_byte(b, (uint8_t)(0x80 | octets));
        while (octets-- > 0)
            buf_byte(b, (uint8_t)(content.n >> 8 * octets));
    }
    buf_put(b, content);
}
