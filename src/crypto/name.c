/* SPDX-License-Identifier: Apache-2.0 */
/* Distinguished names: see name.h. */
#include "crypto/name.h"

#include <inttypes.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/der.h"
#include "base/limits.h"

#define DER_VIDEOTEX 21

static void put_utf8(struct buf *b, uint32_t point)
{
    if (point < 0x80) {
        buf_byte(b, (uint8_t)point);
        return;
    }
    if (point < 0x800) {
        buf_byte(b, (uint8_t)(0xc0 | point >> 6));
    } else {
        if (point < 0x10000) {
            buf_byte(b, (uint8_t)(0xe0 | point >> 12));
        } else {
            buf_byte(b, (uint8_t)(0xf0 | point >> 18));
            buf_byte(b, (uint8_t)(0x80 | (point >> 12 & 0x3f)));
        }
        buf_byte(b, (uint8_t)(0x80 | (point >> 6 & 0x3f)));
    }
    buf_byte(b, (uint8_t)(0x80 | (point & 0x3f)));
}

/* Upper-case pairs separated by blanks: what the reference shows when decoding fails. */
static void put_hex(struct buf *b, struct bytes raw)
{
    for (size_t i = 0; i < raw.n; i++)
        buf_printf(b, "%s%02X", i ? " " : "", raw.p[i]);
}

static void put_latin1(struct buf *b, struct bytes raw)
{
    for (size_t i = 0; i < raw.n; i++)
        put_utf8(b, raw.p[i]);
}

static void put_as_utf8(struct buf *b, struct bytes raw)
{
    if (bytes_utf8(raw))
        buf_put(b, raw);
    else
        put_hex(b, raw);
}

/* UTF-16BE; a surrogate without its partner becomes U+FFFD, since it has no UTF-8 form. */
static void put_utf16(struct buf *b, struct bytes raw)
{
    struct cursor c = cursor_of(raw, 0);
    if (raw.n % 2) {
        put_hex(b, raw);
        return;
    }
    while (cursor_left(&c)) {
        uint32_t point = cursor_be16(&c);
        struct cursor next = c;
        uint32_t low = cursor_be16(&next);
        if (point >= 0xd800 && point < 0xdc00 && low >= 0xdc00 && low < 0xe000) {
            point = 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00);
            c = next;
        } else if (point >= 0xd800 && point < 0xe000) {
            point = 0xfffd;
        }
        put_utf8(b, point);
    }
}

static void put_unsigned(struct buf *b, struct bytes raw)
{
    uint64_t value = 0;
    if (raw.n == 0 || raw.n > 8) {
        put_hex(b, raw);
        return;
    }
    for (size_t i = 0; i < raw.n; i++)
        value = value << 8 | raw.p[i];
    buf_printf(b, "%" PRIu64, value);
}

/* A sentence in place of a value that is no string. */
static void put_other(struct buf *b, const struct der *value)
{
    if (value->tag == DER_OCTET_STRING || value->tag == DER_BIT_STRING) {
        buf_printf(b,
                   "%s string; %zu bytes; data = ", value->tag == DER_BIT_STRING ? "Bit" : "Byte",
                   value->content.n);
        put_hex(b, value->content);
        return;
    }
    buf_printf(b, "not displayed (tag = %" PRIu32 "; length %zu)", value->tag, value->content.n);
}

static struct bytes without_last_zero(struct bytes raw)
{
    if (raw.n && raw.p[raw.n - 1] == 0)
        raw.n--;
    return raw;
}

static void put_text(struct buf *b, const struct der *value)
{
    struct bytes text = without_last_zero(value->content);
    switch (value->class == DER_UNIVERSAL ? value->tag : 0) {
    case DER_PRINTABLE:
    case DER_IA5:
    case DER_T61:
    case DER_VIDEOTEX:
    case DER_VISIBLE: put_latin1(b, text); break;
    case DER_UTF8:
    case DER_GENERAL:
    case DER_UNIVERSAL_STRING: put_as_utf8(b, text); break;
    case DER_BMP: put_utf16(b, value->content); break;
    case DER_INTEGER:
    case DER_BOOLEAN: put_unsigned(b, value->content); break;
    case DER_OID: buf_str(b, oid_text(b->arena, value->content)); break;
    default: put_other(b, value);
    }
}

/* AttributeTypeAndValue ::= SEQUENCE { type OID, value ANY } */
static bool parse_attribute(struct arena *a, struct cursor *c, struct cert_attribute *out)
{
    struct der pair, type, value;
    if (!der_expect(c, DER_UNIVERSAL, DER_SEQUENCE, &pair))
        return false;
    struct cursor in = der_inside(&pair);
    if (!der_expect(&in, DER_UNIVERSAL, DER_OID, &type) || !der_next(&in, &value) ||
        cursor_left(&in))
        return false;
    struct buf text = {.arena = a};
    put_text(&text, &value);
    *out = (struct cert_attribute){
        .oid = type.content,
        .tag = value.tag,
        .raw = value.content,
        .text = text.n ? buf_bytes(&text) : bytes_of("", 0),
        .decoded = true,
    };
    return true;
}

/* Name ::= SEQUENCE OF SET OF AttributeTypeAndValue */
static bool parse_name(struct arena *a, struct bytes name, struct cert_attribute_vec *out)
{
    struct cursor c = cursor_of(name, 0);
    struct der sequence, set;
    size_t parts = 0;
    if (!der_expect(&c, DER_UNIVERSAL, DER_SEQUENCE, &sequence) || cursor_left(&c))
        return false;
    for (struct cursor in = der_inside(&sequence); cursor_left(&in);) {
        if (++parts >= LIMIT_RDNS || !der_expect(&in, DER_UNIVERSAL, DER_SET, &set))
            return false;
        for (struct cursor each = der_inside(&set); cursor_left(&each);)
            if (!parse_attribute(a, &each, vec_add(a, out)))
                return false;
    }
    return true;
}

bool name_parse(struct arena *a, struct bytes name, struct cert_attribute_vec *out)
{
    *out = (struct cert_attribute_vec){0};
    if (parse_name(a, name, out))
        return true;
    *out = (struct cert_attribute_vec){0};
    return false;
}

const struct cert_attribute *name_first(const struct cert_attribute_vec *name, enum oid_id id)
{
    for (size_t i = 0; i < name->n; i++)
        if (oid_is(name->at[i].oid, id))
            return &name->at[i];
    return NULL;
}

const struct cert_attribute *name_last(const struct cert_attribute_vec *name, enum oid_id id)
{
    for (size_t i = name->n; i-- > 0;)
        if (oid_is(name->at[i].oid, id))
            return &name->at[i];
    return NULL;
}
