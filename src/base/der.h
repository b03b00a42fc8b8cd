/* SPDX-License-Identifier: Apache-2.0 */
/*
 * DER and BER elements over a cursor (X.690). BER's indefinite lengths are read, since most real code
 * signatures use them; whether an encoding is strict DER is reported, not required.
 */
#ifndef DS_BASE_DER_H
#define DS_BASE_DER_H

#include "base/cursor.h"

enum der_class { DER_UNIVERSAL = 0, DER_APPLICATION = 1, DER_CONTEXT = 2, DER_PRIVATE = 3 };

/* Universal tag numbers. */
enum der_tag {
    DER_BOOLEAN = 1,
    DER_INTEGER = 2,
    DER_BIT_STRING = 3,
    DER_OCTET_STRING = 4,
    DER_NULL = 5,
    DER_OID = 6,
    DER_ENUMERATED = 10,
    DER_UTF8 = 12,
    DER_SEQUENCE = 16,
    DER_SET = 17,
    DER_NUMERIC = 18,
    DER_PRINTABLE = 19,
    DER_T61 = 20,
    DER_IA5 = 22,
    DER_UTCTIME = 23,
    DER_GENERALIZED = 24,
    DER_VISIBLE = 26,
    DER_GENERAL = 27,
    DER_UNIVERSAL_STRING = 28,
    DER_BMP = 30,
};

struct der {
    enum der_class class;
    uint32_t tag;
    bool constructed;
    bool indefinite; /* BER: ended by an end-of-contents element (not part of `content`) */
    bool minimal;    /* tag and length in their shortest form, definite */
    struct bytes content;
    struct bytes whole; /* header, content and end-of-contents */
    uint64_t offset;    /* absolute offset of `whole` */
    uint64_t content_offset;
};

/*
 * Read the next element; false (and C failed) when none is well-formed here: cut off, a sequence that is primitive, an
 * integer that is not, nested beyond the limit.
 */
bool der_next(struct cursor *c, struct der *out);

/* Read the next element and require CLASS and TAG. */
bool der_expect(struct cursor *c, enum der_class class, uint32_t tag, struct der *out);

/* True when the next element has CLASS and TAG (C does not move). */
bool der_peek(const struct cursor *c, enum der_class class, uint32_t tag);

static inline bool der_is(const struct der *d, enum der_class class, uint32_t tag)
{
    return d->class == class && d->tag == tag;
}

/* A cursor over the content of D. */
static inline struct cursor der_inside(const struct der *d)
{
    return cursor_of(d->content, d->content_offset);
}

/* A signed integer of at most 8 bytes. */
bool der_int64(const struct der *d, int64_t *out);

/* Time ::= CHOICE { UTCTime, GeneralizedTime }, as an instant of base/when.h. */
bool der_when(const struct der *d, int64_t *out);

/* The octets of an OCTET STRING; BER's constructed form is joined in ARENA. */
bool der_octets(struct arena *arena, const struct der *d, struct bytes *out);

struct buf;
/* Append an element with the one identifier octet TAG, definite length and CONTENT. */
void der_put(struct buf *b, uint8_t tag, struct bytes content);

#endif
