/* SPDX-License-Identifier: Apache-2.0 */
/* Print: see print.h. Nesting is kept on a stack of one byte a level, so that depth costs memory only. */
#include "lang/print.h"

#include <stdio.h>

#include "base/arena.h"
#include "lang/date.h"
#include "lang/lex.h"

/* The reference formats these through fixed buffers (§5.1, §5.3). */
#define CUT_BARE      255
#define CUT_FIELD     255
#define CUT_OID_FIRST 9
#define CUT_OID_REST  19

#define put_literal(b, text) buf_put((b), bytes_of((text), sizeof(text) - 1))

/* -- Data (§5.3) */

enum { PLAIN = 0, DOT = 1, DIGIT = 2, QUOTE = 4, OTHER = 8 };

static unsigned byte_class(uint8_t c)
{
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
        return PLAIN;
    if (c >= '0' && c <= '9')
        return DIGIT;
    if (c == '.')
        return DOT;
    return (c > 0x20 && c < 0x7f) || c == ' ' || (c >= '\t' && c <= '\r') ? QUOTE : OTHER;
}

enum req_quoting req_quoting_of(struct bytes data, bool dots)
{
    unsigned seen = 0;
    for (size_t i = 0; i < data.n; i++)
        seen |= byte_class(data.p[i]);
    if (seen & OTHER)
        return QUOTING_HEX;
    if ((seen & QUOTE) || ((seen & DOT) && !dots) || data.n == 0 || byte_class(data.p[0]) == DIGIT)
        return QUOTING_QUOTED;
    return token_is_keyword(token_of_word(data)) ? QUOTING_QUOTED : QUOTING_BARE;
}

static void put_hex(struct buf *b, struct bytes data)
{
    static const char digit[] = "0123456789abcdef";
    uint8_t *to = buf_reserve(b, 2 * data.n);
    for (size_t i = 0; i < data.n; i++) {
        to[2 * i] = (uint8_t)digit[data.p[i] >> 4];
        to[2 * i + 1] = (uint8_t)digit[data.p[i] & 15];
    }
    b->n += 2 * data.n;
    b->p[b->n] = 0;
}

void req_put_quoted(struct buf *b, struct bytes data)
{
    uint8_t *to = buf_reserve(b, 2 * data.n + 2);
    size_t n = 0;
    to[n++] = '"';
    for (size_t i = 0; i < data.n; i++) {
        if (data.p[i] == '"' || data.p[i] == '\\')
            to[n++] = '\\';
        to[n++] = data.p[i];
    }
    to[n++] = '"';
    b->n += n;
    b->p[b->n] = 0;
}

void req_put_data(struct buf *b, struct bytes data, bool dots)
{
    switch (req_quoting_of(data, dots)) {
    case QUOTING_BARE:
        if (data.n > CUT_BARE)
            data.n = CUT_BARE;
        buf_put(b, data);
        break;
    case QUOTING_QUOTED: req_put_quoted(b, data); break;
    case QUOTING_HEX:
        put_literal(b, "0x");
        put_hex(b, data);
        break;
    }
}

void req_put_hash(struct buf *b, struct bytes hash)
{
    put_literal(b, "H\"");
    put_hex(b, hash);
    put_literal(b, "\"");
}

void req_put_slot(struct buf *b, int32_t slot)
{
    if (slot == REQ_SLOT_ROOT)
        put_literal(b, " root");
    else if (slot == REQ_SLOT_LEAF)
        put_literal(b, " leaf");
    else
        buf_printf(b, " %d", slot);
}

/* -- Object identifiers */

/* The next base-128 number; a missing last byte counts as 0 (§11). */
static uint64_t base128(struct bytes oid, size_t *at)
{
    uint64_t value = 0;
    while (*at < oid.n) {
        uint8_t c = oid.p[(*at)++];
        value = value << 7 | (c & 0x7f);
        if (!(c & 0x80))
            return value;
    }
    return value << 7;
}

/* VALUE in decimal at TEXT, no NUL; its length. */
static size_t decimal(char *text, uint64_t value)
{
    char reversed[20];
    size_t n = 0;
    do {
        reversed[n++] = (char)('0' + value % 10);
        value /= 10;
    } while (value);
    for (size_t i = 0; i < n; i++)
        text[i] = reversed[n - 1 - i];
    return n;
}

/* "Q1.Q2" of the first number, as far as it fits. */
static size_t first_arcs(char *text, uint64_t value)
{
    uint64_t q1 = value / 40 < 2 ? value / 40 : 2;
    size_t n = decimal(text, q1);
    text[n++] = '.';
    n += decimal(text + n, value - 40 * q1);
    return n < CUT_OID_FIRST ? n : CUT_OID_FIRST;
}

static size_t further_arc(char *text, uint64_t value)
{
    text[0] = '.';
    size_t n = 1 + decimal(text + 1, value);
    return n < CUT_OID_REST ? n : CUT_OID_REST;
}

void req_put_oid(struct buf *b, const char *prefix, struct bytes oid)
{
    size_t start = b->n, at = 0;
    char text[48];
    buf_str(b, prefix);
    if (oid.n > 0)
        buf_put(b, bytes_of(text, first_arcs(text, base128(oid, &at))));
    while (at < oid.n)
        buf_put(b, bytes_of(text, further_arc(text, base128(oid, &at))));
    if (b->n - start > CUT_FIELD) {
        b->n = start + CUT_FIELD;
        b->p[b->n] = 0;
    }
}

/* -- Nodes */

static void put_match(struct buf *b, struct cursor *c)
{
    uint32_t number = req_word(c);
    const struct req_match_row *row = req_match_row(number);
    if (!row) {
        buf_printf(b, "MATCH OPCODE %d NOT UNDERSTOOD", (int32_t)number);
        return;
    }
    buf_str(b, row->before);
    if (row->operand == OPERAND_DATA)
        req_put_data(b, req_data(c), false);
    else if (row->operand == OPERAND_DATE)
        req_date_put(b, req_date(c));
    buf_str(b, row->behind);
}

static void put_key(struct buf *b, struct cursor *c, const char *word)
{
    buf_str(b, word);
    put_literal(b, "[");
    req_put_data(b, req_data(c), true);
    put_literal(b, "]");
}

static void put_certificate(struct buf *b, struct cursor *c)
{
    put_literal(b, "certificate");
    req_put_slot(b, (int32_t)req_word(c));
}

static void put_certificate_oid(struct buf *b, struct cursor *c, const char *prefix)
{
    put_certificate(b, c);
    put_literal(b, "[");
    req_put_oid(b, prefix, req_data(c));
    put_literal(b, "]");
    put_match(b, c);
}

/* An opcode without a row: its operands are not skipped, so what follows is read from a wrong place (§5.1). */
static void put_unknown(struct buf *b, uint32_t word)
{
    if (word & REQ_FLAG_FALSE)
        buf_printf(b, " false /* opcode %u */", REQ_OPCODE(word));
    else if (word & REQ_FLAG_SKIP)
        buf_printf(b, " /* opcode %u */", REQ_OPCODE(word));
    else
        buf_printf(b, "OPCODE %d NOT UNDERSTOOD (ending print)", (int32_t)word);
}

static void put_named(struct buf *b, struct cursor *c, const char *before, const char *behind)
{
    buf_str(b, before);
    req_put_data(b, req_data(c), false);
    buf_str(b, behind);
}

/* A node without operand expressions. */
static void put_leaf(struct buf *b, struct cursor *c, uint32_t word, void *self)
{
    (void)self;
    switch (REQ_OPCODE(word)) {
    case OP_NEVER: put_literal(b, "never"); break;
    case OP_ALWAYS: put_literal(b, "always"); break;
    case OP_IDENTIFIER: put_named(b, c, "identifier ", ""); break;
    case OP_ANCHOR_APPLE: put_literal(b, "anchor apple"); break;
    case OP_ANCHOR_HASH:
        put_certificate(b, c);
        put_literal(b, " = ");
        req_put_hash(b, req_data(c));
        break;
    case OP_INFO_EQUAL:
        put_key(b, c, "info");
        put_named(b, c, " = ", "");
        break;
    case OP_CDHASH:
        put_literal(b, "cdhash ");
        req_put_hash(b, req_data(c));
        break;
    case OP_INFO:
        put_key(b, c, "info");
        put_match(b, c);
        break;
    case OP_FIELD:
        put_certificate(b, c);
        put_key(b, c, "");
        put_match(b, c);
        break;
    case OP_TRUSTED:
        put_certificate(b, c);
        put_literal(b, "trusted"); /* no blank (§5.1) */
        break;
    case OP_ANCHOR_TRUSTED: put_literal(b, "anchor trusted"); break;
    case OP_EXTENSION: put_certificate_oid(b, c, "field."); break;
    case OP_APPLE_GENERIC: put_literal(b, "anchor apple generic"); break;
    case OP_ENTITLEMENT:
        put_key(b, c, "entitlement");
        put_match(b, c);
        break;
    case OP_POLICY: put_certificate_oid(b, c, "policy."); break;
    case OP_NAMED_ANCHOR: put_named(b, c, "anchor apple ", ""); break;
    case OP_NAMED_CODE: put_named(b, c, "(", ")"); break;
    case OP_PLATFORM: buf_printf(b, "platform = %d", (int32_t)req_word(c)); break;
    case OP_NOTARIZED: put_literal(b, "notarized"); break;
    case OP_DATE_EXTENSION: put_certificate_oid(b, c, "timestamp."); break;
    case OP_LEGACY: put_literal(b, "legacy"); break;
    default: put_unknown(b, word); break;
    }
}

void req_put_node(struct buf *b, struct bytes blob, uint32_t at)
{
    struct cursor c = cursor_of(blob, 0);
    cursor_seek(&c, at);
    put_leaf(b, &c, req_word(&c), NULL);
}

/* -- Expressions (§5.2). Levels from tight to loose. */

enum level { LEVEL_PRIMARY, LEVEL_AND, LEVEL_OR, LEVEL_TOP };

/* A frame: the operator's level, and these. */
enum { FRAME_LEVEL = 3, FRAME_PAREN = 4, FRAME_SECOND = 8 };

/* Open `and` or `or` in CONTEXT. */
static void open_operator(struct buf *b, struct buf *stack, enum level level, enum level context)
{
    bool paren = context < level;
    if (paren)
        put_literal(b, "(");
    buf_byte(stack, (uint8_t)(level | (paren ? FRAME_PAREN : 0)));
}

/* An operand ended. True when another is to come, in *CONTEXT; KEEP_ORDER: it may not be the same operator bare. */
static bool close_operators(struct buf *b, struct buf *stack, bool keep_order, enum level *context)
{
    while (stack->n > 0) {
        uint8_t *top = &stack->p[stack->n - 1];
        if (!(*top & FRAME_SECOND)) {
            *top |= FRAME_SECOND;
            *context = (enum level)(*top & FRAME_LEVEL);
            buf_str(b, *context == LEVEL_AND ? " and " : " or ");
            if (keep_order)
                *context = (enum level)(*context - 1);
            return true;
        }
        if (*top & FRAME_PAREN)
            put_literal(b, ")");
        stack->n--;
    }
    return false;
}

enum req_status req_put_expression(struct buf *b, struct cursor *c, const struct req_style *style)
{
    struct buf stack = {.arena = b->arena};
    enum level context = LEVEL_TOP;
    for (;;) {
        uint32_t word = req_word(c), opcode = REQ_OPCODE(word);
        if (c->failed)
            return REQ_INVALID;
        if (opcode == OP_AND || opcode == OP_OR) {
            enum level level = opcode == OP_AND ? LEVEL_AND : LEVEL_OR;
            open_operator(b, &stack, level, context);
            context = level;
            continue;
        }
        if (opcode == OP_NOT) {
            put_literal(b, "! ");
            context = LEVEL_PRIMARY;
            continue;
        }
        style->put_leaf(b, c, word, style->self);
        if (c->failed)
            return REQ_INVALID;
        if (!close_operators(b, &stack, style->keep_order, &context))
            return REQ_OK;
    }
}

enum req_status req_print_to(struct buf *b, struct bytes blob)
{
    struct bytes whole;
    enum req_status status = req_open(blob, &whole);
    if (status != REQ_OK)
        return status;
    size_t start = b->n;
    struct cursor c = req_program(whole);
    const struct req_style reference = {.put_leaf = put_leaf};
    status = req_put_expression(b, &c, &reference);
    if (status != REQ_OK)
        b->n = start;
    return status;
}

static enum req_status print_single(struct arena *a, struct bytes blob, struct bytes *out)
{
    struct buf b = {.arena = a};
    buf_reserve(&b, 2 * blob.n); /* the usual text fits */
    enum req_status status = req_print_to(&b, blob);
    *out = buf_bytes(&b);
    if (status == REQ_OK && out->n > 0 && out->p[0] == ' ')
        bytes_part(*out, 1, out->n - 1, out);
    return status;
}

static void put_tag(struct buf *b, uint32_t type)
{
    if (req_type_name(type))
        buf_str(b, req_type_name(type));
    else
        buf_printf(b, "/*unknown type*/ %d", (int32_t)type);
    put_literal(b, " => ");
}

/* The reference follows a null pointer on a member that is no requirement (§11): invalid for us. */
static enum req_status print_set(struct arena *a, struct bytes blob, struct bytes *out)
{
    struct buf b = {.arena = a};
    struct req_set set;
    enum req_status status = reqset_open(a, blob, &set);
    for (size_t i = 0; status == REQ_OK && i < set.members.n; i++) {
        if (!set.members.at[i].valid)
            return REQ_INVALID;
        put_tag(&b, set.members.at[i].type);
        status = req_print_to(&b, set.members.at[i].blob);
        buf_byte(&b, '\n');
    }
    if (status == REQ_OK)
        *out = buf_bytes(&b);
    return status;
}

enum req_status req_print(struct arena *a, struct bytes blob, struct bytes *out)
{
    struct cursor c = cursor_of(blob, 0);
    *out = (struct bytes){NULL, 0};
    if (req_word(&c) == REQ_MAGIC_SET)
        return print_set(a, blob, out);
    enum req_status status = print_single(a, blob, out);
    if (status != REQ_OK)
        *out = (struct bytes){NULL, 0};
    return status;
}
