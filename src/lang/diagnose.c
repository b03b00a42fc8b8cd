/* SPDX-License-Identifier: Apache-2.0 */
/* Diagnose: see diagnose.h. */
#include "config.h"

#include "lang/diagnose.h"

#include "base/buf.h"
#include "base/limits.h"
#include "lang/advise.h"

#define WINDOW   96 /* bytes of a long line that are shown */
#define BEFORE   40 /* of them, before the place */
#define MENTIONS 8  /* longer lists of what would fit are told by their kind */

/* -- What was found */

static const char *byte_name(struct arena *a, int byte)
{
    if (byte == LEX_END)
        return "the end of the text";
    if (byte == '\r')
        return "a carriage return";
    if (byte >= 0x20 && byte < 0x7f)
        return arena_printf(a, "'%c'", byte);
    return arena_printf(a, "the byte 0x%02x", (unsigned)byte);
}

static const char *char_message(struct arena *a, const struct req_error *e)
{
    if (e->wanted == '"' && e->byte == LEX_END)
        return "the string does not end";
    if (e->wanted == '*' && e->byte == LEX_END)
        return "the comment does not end";
    return arena_printf(a, "%s does not fit here", byte_name(a, e->byte));
}

static const char *token_message(struct arena *a, struct bytes text, const struct req_error *e)
{
    struct bytes written;
    if (e->found.kind == TOKEN_EOF)
        return "the text ends too early";
    if (!bytes_part(text, e->found.at, e->found.length, &written))
        written = e->found.text;
    const char *kind = token_is_keyword(e->found.kind) ? "the keyword " : "";
    return arena_printf(a, "%s%s does not fit here", kind, bytes_printable(a, written, 60));
}

static const char *message(struct arena *a, struct bytes text, const struct req_error *e)
{
    switch (e->kind) {
    case REQ_ERROR_CHAR: return char_message(a, e);
    case REQ_ERROR_TOKEN:
    case REQ_ERROR_EXPECTED: return token_message(a, text, e);
    case REQ_ERROR_HASH_LENGTH:
        return arena_printf(a, "a hash of %zu hex digits; it needs 40", e->found.text.n);
    case REQ_ERROR_HEX_ODD: return "a hex value with an odd number of digits";
    case REQ_ERROR_CERT_FIELD:
        return arena_printf(a, "certificates have no field '%s'",
                            bytes_printable(a, e->subject, 60));
    case REQ_ERROR_FILE:
        return arena_printf(a, "cannot read the certificate file '%s'",
                            bytes_printable(a, e->subject, 120));
    case REQ_ERROR_NESTING:
        return arena_printf(a, "nested more than %d deep", LIMIT_REQ_SOURCE_DEPTH);
    case REQ_ERROR_LENGTH:
        return arena_printf(a, "more than %u bytes of text", (unsigned)LIMIT_REQ_TEXT);
    }
    return "it does not compile";
}

/* -- What would have fitted */

static unsigned members(token_set set)
{
    unsigned n = 0;
    for (; set; set &= set - 1)
        n++;
    return n;
}

static bool has(token_set set, enum token_kind kind)
{
    return (set & TOKEN_BIT(kind)) != 0;
}

static const char *listed(struct arena *a, token_set set)
{
    struct buf b = {.arena = a};
    unsigned left = members(set);
    for (int kind = 0; kind < TOKEN_KINDS; kind++) {
        if (!has(set, (enum token_kind)kind))
            continue;
        buf_str(&b, token_written((enum token_kind)kind));
        left--;
        buf_str(&b, left > 1 ? ", " : left == 1 ? " or " : "");
    }
    return buf_cstr(&b);
}

static const char *expected(struct arena *a, const struct req_error *e)
{
    if (e->kind != REQ_ERROR_TOKEN && e->kind != REQ_ERROR_EXPECTED)
        return NULL;
    if (e->expected == 0)
        return NULL;
    if (e->expected == TOKEN_BIT(TOKEN_EOF))
        return "\"and\", \"or\", ';' or the end";
    if (e->expected == TOKEN_BIT(TOKEN_RPAREN))
        return "\"and\", \"or\" or ')'";
    if (has(e->expected, TOKEN_EQL) && has(e->expected, TOKEN_HASHCONSTANT) &&
        has(e->expected, TOKEN_INTEGER))
        return "a value";
    if (members(e->expected) <= MENTIONS)
        return listed(a, e->expected);
    if (has(e->expected, WORD_IDENTIFIER) && has(e->expected, WORD_DESIGNATED))
        return "a requirement (identifier, anchor, certificate, info, entitlement, cdhash, …), or "
               "a set (designated => …)";
    if (has(e->expected, WORD_IDENTIFIER))
        return "a requirement: identifier, anchor, certificate, info, entitlement, cdhash, '(', "
               "'!', …";
    if (has(e->expected, TOKEN_EOF))
        return "\"and\", \"or\", ')' or the end";
    return "something else";
}

struct req_diagnosis req_diagnose(struct arena *a, struct bytes text, const struct req_error *error)
{
    struct req_diagnosis d = {.at = error->at < text.n ? error->at : text.n,
                              .length = error->length,
                              .line = 1,
                              .column = 1};
    for (size_t i = 0; i < d.at; i++) {
        d.column = text.p[i] == '\n' ? 1 : d.column + 1;
        d.line += text.p[i] == '\n';
    }
    d.message = message(a, text, error);
    d.expected = expected(a, error);
    d.hint = req_advise(a, text, error);
    return d;
}

/* -- The line with its caret */

static bool continues(uint8_t byte)
{
    return (byte & 0xc0) == 0x80;
}

/* Bytes [*FROM, *TO): the line of AT, or the part of a long one around it. */
static void window(struct bytes text, size_t at, size_t *from, size_t *to)
{
    size_t first = at, last = at;
    while (first > 0 && text.p[first - 1] != '\n')
        first--;
    while (last < text.n && text.p[last] != '\n')
        last++;
    if (last - first > WINDOW) {
        first = at - first > BEFORE ? at - BEFORE : first;
        last = last - first > WINDOW ? first + WINDOW : last;
    }
    while (first < at && continues(text.p[first]))
        first++;
    *from = first;
    *to = last;
}

/* One column a character, whatever it is: control bytes and bytes that are no UTF-8 become a sign. */
static void put_line(struct buf *b, struct bytes line)
{
    bool utf8 = bytes_utf8(line);
    for (size_t i = 0; i < line.n; i++) {
        uint8_t c = line.p[i];
        if (c == '\t')
            buf_byte(b, ' ');
        else if (c < 0x20 || c == 0x7f || (c >= 0x80 && !utf8))
            buf_byte(b, '?');
        else
            buf_byte(b, c);
    }
}

static size_t columns(struct bytes part, bool utf8)
{
    size_t n = 0;
    for (size_t i = 0; i < part.n; i++)
        n += !utf8 || !continues(part.p[i]);
    return n;
}

static void put_caret(struct buf *b, struct bytes text, const struct req_diagnosis *d)
{
    struct bytes line, before, span;
    size_t from, to;
    window(text, d->at, &from, &to);
    bytes_part(text, from, to - from, &line);
    bytes_part(text, from, d->at - from, &before);
    size_t end = d->at + d->length < to ? d->at + d->length : to;
    bytes_part(text, d->at, end > d->at ? end - d->at : 0, &span);
    bool utf8 = bytes_utf8(line);
    buf_str(b, "    ");
    put_line(b, line);
    buf_str(b, "\n    ");
    for (size_t i = columns(before, utf8); i > 0; i--)
        buf_byte(b, ' ');
    buf_byte(b, '^');
    for (size_t i = columns(span, utf8); i > 1; i--)
        buf_byte(b, '~');
    buf_byte(b, '\n');
}

void req_put_diagnosis(struct buf *b, const char *name, struct bytes text,
                       const struct req_diagnosis *d)
{
    buf_printf(b, "%s:%u:%u: %s\n", name, d->line, d->column, d->message);
    put_caret(b, text, d);
    if (d->expected)
        buf_printf(b, "    expected %s\n", d->expected);
    if (d->hint)
        buf_printf(b, "    hint: %s\n", d->hint);
}
