/* SPDX-License-Identifier: Apache-2.0 */
/* Errors of requirement text: see error.h. The messages are requirement-language.md §8.2. */
#include "lang/error.h"

#include "base/buf.h"
#include "base/limits.h"

static const enum finding_id findings[] = {
#define REQ_ERROR(id, finding) FINDING_##finding,
#include "lang/errors.def"
#undef REQ_ERROR
};

enum finding_id req_error_finding(enum req_error_kind kind)
{
    return findings[kind];
}

/* A byte as the reference shows it: EOF, 'c', 0xFF. */
static void put_char(struct buf *b, int byte)
{
    if (byte == LEX_END)
        buf_str(b, "EOF");
    else if (byte >= 0x20 && byte < 0x7f)
        buf_printf(b, "'%c'", byte);
    else
        buf_printf(b, "0x%02X", (unsigned)byte);
}

static void put_position(struct buf *b, const struct req_error *e)
{
    buf_printf(b, "line %u:%u: ", e->line, e->column);
}

static void put_char_error(struct buf *b, const struct req_error *e)
{
    if (e->wanted == LEX_END) {
        buf_str(b, "unexpected char: ");
        put_char(b, e->byte);
        return;
    }
    buf_str(b, "expecting '");
    put_char(b, e->wanted);
    buf_str(b, "', found '");
    put_char(b, e->byte);
    buf_str(b, "'");
}

static void put_token_error(struct buf *b, const struct req_error *e)
{
    if (e->found.kind == TOKEN_EOF) {
        buf_str(b, "unexpected end of file");
        return;
    }
    buf_str(b, "unexpected token: ");
    buf_put(b, e->found.text);
}

/* EXPECTED holds one kind, or a set of which the reference names none (it never does, §8.3). */
static void put_expected_error(struct buf *b, const struct req_error *e)
{
    enum token_kind kind = TOKEN_EOF;
    while (kind + 1 < TOKEN_KINDS && !(e->expected & TOKEN_BIT(kind)))
        kind++;
    const char *quote = token_is_keyword(kind) ? "\"" : "";
    buf_printf(b, "expecting %s%s%s, found '", quote, token_name(kind), quote);
    buf_put(b, e->found.text);
    buf_str(b, "'");
}

static void put_error(struct buf *b, const struct req_error *e)
{
    switch (e->kind) {
    case REQ_ERROR_CHAR:
        put_position(b, e);
        put_char_error(b, e);
        break;
    case REQ_ERROR_TOKEN:
        put_position(b, e);
        put_token_error(b, e);
        break;
    case REQ_ERROR_EXPECTED:
        put_position(b, e);
        put_expected_error(b, e);
        break;
    case REQ_ERROR_HASH_LENGTH: buf_str(b, " invalid hash length"); break;
    case REQ_ERROR_HEX_ODD: buf_str(b, " odd number of digits"); break;
    case REQ_ERROR_CERT_FIELD:
        buf_byte(b, ' ');
        buf_put(b, e->subject);
        buf_str(b, ": unrecognized certificate field");
        break;
    case REQ_ERROR_FILE:
        buf_byte(b, ' ');
        buf_put(b, e->subject);
        buf_str(b, ": not found");
        break;
    case REQ_ERROR_NESTING:
        put_position(b, e);
        buf_printf(b, "nested more than %d deep", LIMIT_REQ_SOURCE_DEPTH);
        break;
    case REQ_ERROR_LENGTH:
        buf_printf(b, " text of more than %u bytes", (unsigned)LIMIT_REQ_TEXT);
        break;
    }
    buf_byte(b, '\n');
}

struct bytes req_error_text(struct arena *a, const struct req_error *error)
{
    struct buf b = {.arena = a};
    put_error(&b, error);
    return buf_bytes(&b);
}

struct bytes req_errors_text(struct arena *a, const struct req_error_vec *errors)
{
    struct buf b = {.arena = a};
    for (size_t i = 0; i < errors->n; i++)
        put_error(&b, &errors->at[i]);
    return buf_bytes(&b);
}
