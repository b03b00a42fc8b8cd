/* SPDX-License-Identifier: Apache-2.0 */
/* JSON text to values: see json_read.h. One function a rule of RFC 8259. */
#include "format/json_read.h"

#include <errno.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/limits.h"

struct reader {
    struct arena *a;
    struct bytes text;
    size_t at;
    uint32_t line;
    size_t line_start;
    unsigned depth;
    enum ds_status status;
    struct value_error *error;
};

static struct source_span here(const struct reader *r, size_t from)
{
    return (struct source_span){.line = r->line,
                                .column = (uint32_t)(from - r->line_start + 1),
                                .offset = from,
                                .length = r->at - from};
}

static bool fail(struct reader *r, enum ds_status status, const char *message)
{
    if (r->status == DS_OK) {
        r->status = status;
        *r->error = (struct value_error){.message = message, .span = here(r, r->at)};
    }
    return false;
}

static bool bad(struct reader *r, const char *message)
{
    return fail(r, DS_PARSE, message);
}

/* The byte at hand, 0 at the end (a NUL is no JSON outside strings, nor raw inside). */
static uint8_t peek(const struct reader *r)
{
    return r->at < r->text.n ? r->text.p[r->at] : 0;
}

static void skip_blanks(struct reader *r)
{
    for (uint8_t c = peek(r); c == ' ' || c == '\t' || c == '\r' || c == '\n'; c = peek(r)) {
        r->at++;
        if (c == '\n') {
            r->line++;
            r->line_start = r->at;
        }
    }
}

static bool take(struct reader *r, uint8_t c, const char *message)
{
    skip_blanks(r);
    if (peek(r) != c)
        return bad(r, message);
    r->at++;
    return true;
}

/* -- Strings */

static bool hex4(struct reader *r, uint32_t *unit)
{
    *unit = 0;
    for (int i = 0; i < 4; i++, r->at++) {
        uint8_t c = peek(r);
        uint8_t low = c | 0x20;
        if (c >= '0' && c <= '9')
            *unit = *unit << 4 | (uint32_t)(c - '0');
        else if (low >= 'a' && low <= 'f')
            *unit = *unit << 4 | (uint32_t)(low - 'a' + 10);
        else
            return bad(r, "\\u needs four hex digits");
    }
    return true;
}

static void put_utf8(struct buf *b, uint32_t c)
{
    if (c < 0x80) {
        buf_byte(b, (uint8_t)c);
        return;
    }
    int more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
    static const uint8_t lead[] = {0, 0xc0, 0xe0, 0xf0};
    buf_byte(b, (uint8_t)(lead[more] | c >> 6 * more));
    while (more-- > 0)
        buf_byte(b, (uint8_t)(0x80 | (c >> 6 * more & 0x3f)));
}

/* Behind "\u". Half of a pair alone becomes U+FFFD. */
static bool unicode_escape(struct reader *r, struct buf *b)
{
    uint32_t c, low;
    if (!hex4(r, &c))
        return false;
    size_t second = r->at;
    if (c >= 0xd800 && c < 0xdc00 && r->text.n - r->at >= 6 && r->text.p[r->at] == '\\' &&
        r->text.p[r->at + 1] == 'u') {
        r->at += 2;
        if (!hex4(r, &low))
            return false;
        if (low >= 0xdc00 && low < 0xe000)
            c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
        else
            r->at = second;
    }
    put_utf8(b, c >= 0xd800 && c < 0xe000 ? 0xfffd : c);
    return true;
}

static bool escape(struct reader *r, struct buf *b)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    r->at++;
    uint8_t c = peek(r);
    if (c == 'u') {
        r->at++;
        return unicode_escape(r, b);
    }
    const char *found = c ? strchr(from, c) : NULL;
    if (!found)
        return bad(r, "no such escape in a string");
    buf_byte(b, (uint8_t)to[found - from]);
    r->at++;
    return true;
}

/* At the opening quote. */
static bool string(struct reader *r, struct bytes *out)
{
    struct buf b = {.arena = r->a};
    for (r->at++; peek(r) != '"';) {
        struct bytes run;
        size_t from = r->at;
        while (peek(r) >= 0x20 && peek(r) != '"' && peek(r) != '\\')
            r->at++;
        if (bytes_part(r->text, from, r->at - from, &run))
            buf_put(&b, run);
        if (r->at == r->text.n)
            return bad(r, "the string does not end");
        if (peek(r) == '\\' && !escape(r, &b))
            return false;
        if (r->at < r->text.n && peek(r) < 0x20)
            return bad(r, "control characters in strings are written as escapes");
    }
    r->at++;
    buf_reserve(&b, 1)[0] = '\0';
    *out = buf_bytes(&b);
    return true;
}

/* -- Numbers */

static size_t digits(struct reader *r)
{
    size_t from = r->at;
    while (peek(r) >= '0' && peek(r) <= '9')
        r->at++;
    return r->at - from;
}

/* -? (0 | 1-9 digits) [. digits] [e [+-] digits]; WHOLE: neither of the latter. */
static bool number_form(struct reader *r, bool *whole)
{
    *whole = true;
    if (peek(r) == '-')
        r->at++;
    bool zero = peek(r) == '0';
    size_t n = digits(r);
    if (n == 0 || (zero && n > 1))
        return bad(r, "no JSON value begins like this");
    if (peek(r) == '.') {
        *whole = false;
        r->at++;
        if (digits(r) == 0)
            return bad(r, "digits are missing behind the point");
    }
    if (peek(r) != 'e' && peek(r) != 'E')
        return true;
    *whole = false;
    r->at++;
    if (peek(r) == '+' || peek(r) == '-')
        r->at++;
    return digits(r) > 0 || bad(r, "digits are missing in the exponent");
}

static struct value *number(struct reader *r)
{
    size_t from = r->at;
    bool whole;
    if (!number_form(r, &whole))
        return NULL;
    const char *text = arena_strndup(r->a, (const char *)r->text.p + from, r->at - from);
    errno = 0;
    long long i = whole ? strtoll(text, NULL, 10) : 0;
    if (whole && errno == 0)
        return value_int(r->a, i);
    errno = 0;
    unsigned long long u = whole && *text != '-' ? strtoull(text, NULL, 10) : 0;
    if (whole && *text != '-' && errno == 0) {
        struct value *v = value_int(r->a, (int64_t)u);
        v->is_unsigned = true;
        return v;
    }
    return value_real(r->a, strtod(text, NULL));
}

/* -- Values */

static struct value *value(struct reader *r);

static struct value *array(struct reader *r)
{
    struct value *out = value_array(r->a);
    r->at++;
    skip_blanks(r);
    if (peek(r) == ']') {
        r->at++;
        return out;
    }
    do {
        struct value *item = value(r);
        if (!item)
            return NULL;
        value_append(r->a, out, item);
        skip_blanks(r);
    } while (peek(r) == ',' && r->at++ < r->text.n);
    return take(r, ']', "',' or ']' expected") ? out : NULL;
}

static bool member(struct reader *r, struct value *dict)
{
    struct bytes key;
    skip_blanks(r);
    size_t from = r->at;
    if (peek(r) != '"')
        return bad(r, "a key in quotes expected");
    if (!string(r, &key))
        return false;
    struct source_span span = here(r, from);
    if (value_get_bytes(dict, key)) {
        r->at = from;
        return bad(r, "the key was there before");
    }
    if (!take(r, ':', "':' expected behind a key"))
        return false;
    struct value *item = value(r);
    if (!item)
        return false;
    value_add(r->a, dict, key, item);
    dict->keys[dict->count - 1].span = span;
    return true;
}

static struct value *object(struct reader *r)
{
    struct value *out = value_dict(r->a);
    r->at++;
    skip_blanks(r);
    if (peek(r) == '}') {
        r->at++;
        return out;
    }
    do {
        if (!member(r, out))
            return NULL;
        skip_blanks(r);
    } while (peek(r) == ',' && r->at++ < r->text.n);
    return take(r, '}', "',' or '}' expected") ? out : NULL;
}

static struct value *word(struct reader *r)
{
    struct bytes rest;
    bytes_part(r->text, r->at, r->text.n - r->at, &rest);
    static const char *const words[] = {"true", "false", "null"};
    for (int i = 0; i < 3; i++) {
        if (!bytes_starts(rest, bytes_str(words[i])))
            continue;
        r->at += strlen(words[i]);
        return i == 2 ? value_null(r->a) : value_bool(r->a, i == 0);
    }
    bad(r, "no JSON value begins like this");
    return NULL;
}

static struct value *string_value(struct reader *r)
{
    struct bytes text;
    return string(r, &text) ? value_string_bytes(r->a, text) : NULL;
}

static struct value *nested(struct reader *r, struct value *read(struct reader *))
{
    if (r->depth == LIMIT_JSON_DEPTH) {
        fail(r, DS_LIMIT, "nested too deep");
        return NULL;
    }
    r->depth++;
    struct value *out = read(r);
    r->depth--;
    return out;
}

static struct value *value(struct reader *r)
{
    struct value *out;
    skip_blanks(r);
    size_t from = r->at;
    switch (peek(r)) {
    case '{': out = nested(r, object); break;
    case '[': out = nested(r, array); break;
    case '"': out = string_value(r); break;
    case 't':
    case 'f':
    case 'n': out = word(r); break;
    default: out = number(r); break;
    }
    if (out)
        out->span = here(r, from);
    return out;
}

enum ds_status json_parse(struct arena *a, struct bytes text, struct value **out,
                          struct value_error *error)
{
    struct reader r = {.a = a, .text = text, .line = 1, .error = error};
    *out = NULL;
    if (text.n > LIMIT_JSON_BYTES) {
        fail(&r, DS_LIMIT, "the text is too long");
        return r.status;
    }
    if (!bytes_utf8(text)) {
        bad(&r, "the text is no UTF-8");
        return r.status;
    }
    struct value *v = value(&r);
    skip_blanks(&r);
    if (v && r.at < text.n)
        bad(&r, "something follows the value");
    if (r.status == DS_OK)
        *out = v;
    return r.status;
}
