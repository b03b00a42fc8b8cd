/* SPDX-License-Identifier: Apache-2.0 */
/* Recompile: see recompile.h. Writes what should compile back, then compiles it and compares. */
#include "config.h"

#include "lang/recompile.h"

#include "base/arena.h"
#include "lang/compile.h"
#include "lang/date.h"
#include "lang/lex.h"
#include "lang/maker.h"
#include "lang/print.h"

#define BARE_MAX 255          /* what the reference cuts is written in quotes here */
#define DATE_MAX 400000000000 /* seconds since 2001: well behind the year 9999 */
#define ZONE_MAX 362340       /* seconds of the widest zone that can be written, +9999 */

struct writer {
    const char *why; /* the first reason why there is no such text, NULL so far */
};

static void refuse(struct writer *w, const char *why)
{
    if (!w->why)
        w->why = why;
}

/* -- Values */

/* No backslash, and only bytes that the language knows (§1.1, §1.3). */
static bool fits_quotes(struct bytes text)
{
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] == '\\' || !lex_is_vocabulary(text.p[i]))
            return false;
    return true;
}

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

/* The part of a word that begins at *AT: not empty, and all digits when it begins with one (§1.3). */
static bool word_part(struct bytes text, size_t *at)
{
    size_t first = *at;
    bool number = first < text.n && is_digit(text.p[first]);
    for (; *at < text.n && text.p[*at] != '.'; ++*at)
        if (number && !is_digit(text.p[*at]))
            return false;
    return *at > first;
}

static bool fits_bare(struct bytes text, bool dots)
{
    if (text.n > BARE_MAX || req_quoting_of(text, dots) != QUOTING_BARE)
        return false;
    for (size_t at = 0; at <= text.n; at++)
        if (!word_part(text, &at))
            return false;
    return true;
}

static void put_name(struct writer *w, struct buf *b, struct bytes text, bool dots)
{
    if (fits_bare(text, dots))
        buf_put(b, text);
    else if (fits_quotes(text))
        req_put_quoted(b, text);
    else
        refuse(w, "a name holds bytes that cannot be written between quotes");
}

/* A value may also be written in hex. */
static void put_value(struct writer *w, struct buf *b, struct bytes text)
{
    if (fits_bare(text, false) || fits_quotes(text))
        put_name(w, b, text, false);
    else
        buf_printf(b, "0x%s", bytes_hex(b->arena, text));
}

static void put_hash(struct writer *w, struct buf *b, struct bytes hash)
{
    if (hash.n != 20)
        refuse(w, "a hash has not 20 bytes");
    req_put_hash(b, hash);
}

/* Years 0 to 9999, and by a zone of up to ±99:99 a little beyond. */
static void put_date(struct writer *w, struct buf *b, int64_t seconds)
{
    char text[16];
    bool near = seconds > -DATE_MAX && seconds < DATE_MAX;
    for (int64_t zone = 0; near && zone <= ZONE_MAX; zone += 60) {
        int64_t hours = zone / 3600 < 99 ? zone / 3600 : 99, minutes = (zone - hours * 3600) / 60;
        bool earlier = req_date_source(seconds - zone, text);
        if (!earlier && !req_date_source(seconds + zone, text))
            continue;
        if (zone == 0)
            buf_printf(b, "timestamp \"%s\"", text);
        else
            buf_printf(b, "timestamp \"%.14s%c%02d%02d\"", text, earlier ? '-' : '+', (int)hours,
                       (int)minutes);
        return;
    }
    refuse(w, "a date lies outside the years 0 to 9999");
}

static void put_match(struct writer *w, struct buf *b, struct cursor *c)
{
    uint32_t number = req_word(c);
    const struct req_match_row *row = req_match_row(number);
    if (!row) {
        refuse(w, "a match operation is unknown");
        return;
    }
    if (number == MATCH_EXISTS || number == MATCH_ABSENT) {
        buf_str(b, number == MATCH_EXISTS ? " exists" : " absent");
        return;
    }
    if (row->operand == OPERAND_DATE) {
        static const char *const signs[] = {" = ", " < ", " > ", " <= ", " >= "};
        buf_str(b, signs[number - MATCH_ON]);
        put_date(w, b, req_date(c));
        return;
    }
    buf_str(b, row->before);
    put_value(w, b, req_data(c));
    buf_str(b, row->behind);
}

/* -- Object identifiers */

/* "0.N" and further numbers: the first is 40·q1 + q2, and q1 may as well be 0. Minimal base 128 below 2^64 only. */
static bool put_arcs(struct buf *b, struct bytes oid)
{
    uint64_t value = 0;
    bool fresh = true;
    for (size_t i = 0; i < oid.n; i++) {
        uint8_t byte = oid.p[i];
        if ((fresh && byte == 0x80) || value > UINT64_MAX >> 7)
            return false;
        value = value << 7 | (byte & 0x7f);
        fresh = !(byte & 0x80);
        if (!fresh)
            continue;
        buf_printf(b, ".%llu", (unsigned long long)value);
        value = 0;
    }
    return fresh;
}

static void put_oid(struct writer *w, struct buf *b, const char *prefix, struct bytes oid)
{
    struct buf arcs = {.arena = b->arena};
    struct buf usual = {.arena = b->arena};
    if (!put_arcs(&arcs, oid)) {
        refuse(w, "an object identifier is not encoded in the shortest way");
        return;
    }
    req_put_oid(&usual, "", oid);
    struct bytes back = maker_oid(b->arena, buf_bytes(&usual));
    buf_printf(b, "%s%s", prefix,
               oid.n && bytes_equal(back, oid) ? buf_cstr(&usual)
                                               : arena_printf(b->arena, "0%s", buf_cstr(&arcs)));
}

/* -- Nodes */

static void put_certificate(struct buf *b, struct cursor *c)
{
    buf_str(b, "certificate");
    req_put_slot(b, (int32_t)req_word(c));
}

static void put_certificate_oid(struct writer *w, struct buf *b, struct cursor *c,
                                const char *prefix)
{
    struct buf key = {.arena = b->arena};
    put_certificate(b, c);
    put_oid(w, &key, prefix, req_data(c));
    buf_str(b, "[");
    put_name(w, b, buf_bytes(&key), true);
    buf_str(b, "]");
    put_match(w, b, c);
}

static void put_keyed(struct writer *w, struct buf *b, struct cursor *c, const char *word)
{
    buf_printf(b, "%s[", word);
    put_name(w, b, req_data(c), true);
    buf_str(b, "]");
    put_match(w, b, c);
}

static void put_field(struct writer *w, struct buf *b, struct cursor *c)
{
    put_certificate(b, c);
    struct bytes name = req_data(c);
    if (!bytes_starts(name, bytes_str("subject.")))
        refuse(w, "a certificate attribute does not begin with \"subject.\"");
    buf_str(b, "[");
    put_name(w, b, name, true);
    buf_str(b, "]");
    put_match(w, b, c);
}

static void put_leaf(struct buf *b, struct cursor *c, uint32_t word, void *self)
{
    struct writer *w = self;
    if (word != REQ_OPCODE(word))
        refuse(w, "an opcode has flags");
    switch (REQ_OPCODE(word)) {
    case OP_NEVER: buf_str(b, "never"); break;
    case OP_ALWAYS: buf_str(b, "always"); break;
    case OP_IDENTIFIER:
        buf_str(b, "identifier ");
        put_name(w, b, req_data(c), false);
        break;
    case OP_ANCHOR_APPLE: buf_str(b, "anchor apple"); break;
    case OP_ANCHOR_HASH:
        put_certificate(b, c);
        buf_str(b, " = ");
        put_hash(w, b, req_data(c));
        break;
    case OP_INFO_EQUAL:
        refuse(w, "the old form of info[key] = value has no text of its own");
        break;
    case OP_CDHASH:
        buf_str(b, "cdhash ");
        put_hash(w, b, req_data(c));
        break;
    case OP_INFO: put_keyed(w, b, c, "info"); break;
    case OP_FIELD: put_field(w, b, c); break;
    case OP_TRUSTED:
        put_certificate(b, c);
        buf_str(b, " trusted");
        break;
    case OP_ANCHOR_TRUSTED: buf_str(b, "anchor trusted"); break;
    case OP_EXTENSION: put_certificate_oid(w, b, c, "field."); break;
    case OP_APPLE_GENERIC: buf_str(b, "anchor apple generic"); break;
    case OP_ENTITLEMENT: put_keyed(w, b, c, "entitlement"); break;
    case OP_POLICY: put_certificate_oid(w, b, c, "policy."); break;
    case OP_NAMED_ANCHOR:
        buf_str(b, "anchor apple ");
        put_name(w, b, req_data(c), false);
        break;
    case OP_NAMED_CODE:
        buf_str(b, "(");
        put_name(w, b, req_data(c), false);
        buf_str(b, ")");
        break;
    case OP_PLATFORM: buf_printf(b, "platform = %u", req_word(c)); break;
    case OP_NOTARIZED: buf_str(b, "notarized"); break;
    case OP_DATE_EXTENSION: put_certificate_oid(w, b, c, "timestamp."); break;
    case OP_LEGACY: buf_str(b, "legacy"); break;
    default: refuse(w, "an opcode is unknown"); break;
    }
}

static enum req_status put_requirement(struct writer *w, struct buf *b, struct bytes blob)
{
    struct bytes whole;
    const struct req_style style = {put_leaf, w, true};
    enum req_status status = req_open(blob, &whole);
    if (status == REQ_OK && req_kind(blob) != REQ_KIND_EXPRESSION)
        status = REQ_UNSUPPORTED;
    if (status != REQ_OK)
        return status;
    struct cursor c = req_program(blob);
    return req_put_expression(b, &c, &style);
}

/* -- Sets */

static enum req_status put_set(struct writer *w, struct buf *b, struct bytes blob)
{
    struct req_set set;
    enum req_status status = reqset_open(b->arena, blob, &set);
    if (status == REQ_OK && set.members.n == 0)
        refuse(w, "a set without members has no text");
    for (size_t i = 0; status == REQ_OK && i < set.members.n && !w->why; i++) {
        const struct req_member *m = &set.members.at[i];
        const char *name = m->type ? req_type_name(m->type) : NULL;
        if (!m->valid)
            return REQ_INVALID;
        if (name)
            buf_printf(b, "%s => ", name);
        else
            buf_printf(b, "%u => ", m->type);
        status = put_requirement(w, b, m->blob);
        buf_byte(b, '\n');
    }
    return status;
}

bool req_recompilable(struct arena *a, struct bytes blob, struct bytes *text, const char **why)
{
    struct writer w = {0};
    struct buf b = {.arena = a};
    struct cursor c = cursor_of(blob, 0);
    bool is_set = req_word(&c) == REQ_MAGIC_SET;
    struct req_options options = {.mode = is_set ? REQ_SET : REQ_SINGLE};
    enum req_status status = is_set ? put_set(&w, &b, blob) : put_requirement(&w, &b, blob);
    *text = (struct bytes){NULL, 0};
    *why = status != REQ_OK ? req_status_text(status) : w.why;
    if (*why)
        return false;
    struct req_compiled back = req_compile(a, buf_bytes(&b), &options);
    if (back.ok && bytes_equal(back.blob, blob)) {
        *text = buf_bytes(&b);
        return true;
    }
    *why = "bytes lie where no text puts any: padding, order, or behind the end";
    return false;
}
