/* SPDX-License-Identifier: Apache-2.0 */
/* Maker: see maker.h. */
#include "lang/maker.h"

#include "base/arena.h"

struct maker maker_of(struct arena *a)
{
    return (struct maker){.arena = a, .code = {.arena = a}};
}

void maker_reset(struct maker *m)
{
    m->code.n = 0;
    m->pieces.n = 0;
    m->inserted.n = 0;
}

size_t maker_piece(struct maker *m)
{
    vec_push(m->arena, &m->pieces, (struct maker_piece){m->code.n, 0});
    return m->pieces.n - 1;
}

void maker_insert(struct maker *m, size_t piece, enum req_op op)
{
    struct maker_piece *p = &m->pieces.at[piece];
    vec_push(m->arena, &m->inserted, (struct maker_insert){op, p->head});
    p->head = (uint32_t)m->inserted.n;
}

static void put_word(struct buf *b, uint32_t word)
{
    uint8_t *to = buf_reserve(b, 4);
    for (size_t i = 0; i < 4; i++)
        to[i] = (uint8_t)(word >> 8 * (3 - i));
    b->n += 4;
}

void maker_word(struct maker *m, uint32_t word)
{
    put_word(&m->code, word);
}

void maker_data(struct maker *m, struct bytes data)
{
    put_word(&m->code, (uint32_t)data.n);
    buf_put(&m->code, data);
    if (data.n % 4 != 0)
        buf_zero(&m->code, 4 - data.n % 4);
}

void maker_date(struct maker *m, int64_t seconds)
{
    put_word(&m->code, (uint32_t)((uint64_t)seconds >> 32));
    put_word(&m->code, (uint32_t)seconds);
}

struct bytes maker_finish(const struct maker *m)
{
    size_t total = REQ_HEADER + m->code.n + 4 * m->inserted.n;
    struct buf out = {.arena = m->arena};
    buf_reserve(&out, total);
    put_word(&out, REQ_MAGIC);
    put_word(&out, (uint32_t)total);
    put_word(&out, REQ_KIND_EXPRESSION);
    for (size_t i = 0; i < m->pieces.n; i++) {
        const struct maker_piece *piece = &m->pieces.at[i];
        size_t end = i + 1 < m->pieces.n ? piece[1].at : m->code.n;
        struct bytes part;
        for (uint32_t k = piece->head; k != 0; k = m->inserted.at[k - 1].next)
            put_word(&out, m->inserted.at[k - 1].op);
        if (bytes_part(buf_bytes(&m->code), piece->at, end - piece->at, &part))
            buf_put(&out, part);
    }
    return buf_bytes(&out);
}

/* C's strtoul in base 10 on text that ends at N or at a NUL: *AT moves only when there are digits. */
static uint64_t arc(struct bytes text, size_t *at)
{
    size_t i = *at;
    bool negative = false, overflow = false;
    uint64_t value = 0;
    while (i < text.n && (text.p[i] == ' ' || (text.p[i] >= '\t' && text.p[i] <= '\r')))
        i++;
    if (i < text.n && (text.p[i] == '+' || text.p[i] == '-'))
        negative = text.p[i++] == '-';
    size_t first = i;
    for (; i < text.n && text.p[i] >= '0' && text.p[i] <= '9'; i++) {
        uint64_t digit = text.p[i] - '0';
        overflow |= value > (UINT64_MAX - digit) / 10;
        value = value * 10 + digit;
    }
    if (i == first)
        return 0;
    *at = i;
    if (overflow)
        return UINT64_MAX;
    return negative ? -value : value;
}

static void put_base128(struct buf *b, uint64_t value)
{
    uint8_t groups[10];
    size_t n = 0;
    do {
        groups[n++] = value & 0x7f;
        value >>= 7;
    } while (value);
    while (n-- > 0)
        buf_byte(b, groups[n] | (n ? 0x80 : 0));
}

static bool dot(struct bytes text, size_t *at)
{
    if (*at >= text.n || text.p[*at] != '.')
        return false;
    ++*at;
    return true;
}

struct bytes maker_oid(struct arena *a, struct bytes dotted)
{
    struct buf out = {.arena = a};
    size_t at = 0;
    uint64_t first = arc(dotted, &at);
    if (!dot(dotted, &at))
        return (struct bytes){NULL, 0};
    put_base128(&out, first * 40 + arc(dotted, &at));
    while (dot(dotted, &at))
        put_base128(&out, arc(dotted, &at));
    return buf_bytes(&out);
}
