/* SPDX-License-Identifier: Apache-2.0 */
/*
 * AMFI's XML: a small subset of property lists, read strictly. No byte-order mark, no binary form, no CDATA, no real
 * numbers or dates, text only inside text elements, `--` in a comment only as its end (subsystem-checks.md EB-01).
 * ASSUMPTION(AMFI-XML-COMMENT): comments without `--` pass, since reports differ about them.
 */
#include <string.h>

#include "base/buf.h"
#include "base/cursor.h"
#include "base/limits.h"
#include "format/entitle.h"

struct xml {
    struct arena *a;
    struct bytes text;
    size_t at;
    uint32_t line;
    const char *what; /* "syntax error", NULL while all is well */
};

enum tag_form { TAG_START, TAG_END, TAG_EMPTY, TAG_BROKEN };

struct tag {
    enum tag_form form;
    struct bytes name;
    bool hex; /* format="hex" */
    uint32_t line;
};

static void *fail(struct xml *x, const char *what)
{
    if (!x->what)
        x->what = what;
    return NULL;
}

static void *syntax(struct xml *x)
{
    return fail(x, "syntax error");
}

/* The byte at hand, 0 at the end (a NUL in the text ends it too). */
static uint8_t look(const struct xml *x)
{
    return x->at < x->text.n && !x->what ? x->text.p[x->at] : 0;
}

static uint8_t take(struct xml *x)
{
    uint8_t c = look(x);
    if (c == '\n')
        x->line++;
    if (c)
        x->at++;
    return c;
}

static bool is_space(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool is_letter(uint8_t c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

static void skip_space(struct xml *x)
{
    while (is_space(look(x)))
        take(x);
}

/* -- Markup --------------------------------------------------------------------------------------------- */

/* Behind "<!--": up to the first "--", which must be the comment's end. */
static void skip_comment(struct xml *x)
{
    for (uint8_t before = 0, c; (c = take(x)) != 0; before = c) {
        if (c != '-' || before != '-')
            continue;
        if (take(x) != '>')
            syntax(x);
        return;
    }
    syntax(x);
}

/* Behind "<!" or "<?". */
static void skip_declaration(struct xml *x, bool instruction)
{
    if (!instruction && look(x) == '-') {
        take(x);
        if (take(x) == '-')
            skip_comment(x);
        else
            syntax(x);
        return;
    }
    if (!is_letter(look(x)))
        syntax(x);
    uint8_t c;
    while ((c = take(x)) != '>')
        if (c == 0) {
            syntax(x);
            return;
        }
}

static struct bytes read_word(struct xml *x)
{
    size_t start = x->at;
    struct bytes word = {NULL, 0};
    while (is_letter(look(x)) || (x->at > start && look(x) >= '0' && look(x) <= '9'))
        take(x);
    (void)bytes_part(x->text, start, x->at - start, &word);
    return word;
}

/* NAME="VALUE". References to other elements, which nothing writes, are not followed. */
static void read_attribute(struct xml *x, struct tag *tag)
{
    struct bytes name = read_word(x), value = {NULL, 0};
    if (name.n == 0 || take(x) != '=')
        syntax(x);
    uint8_t quote = take(x), c = quote;
    size_t start = x->at;
    if (quote != '"' && quote != '\'')
        syntax(x);
    while (c && (c = look(x)) != quote)
        take(x);
    if (x->what || c == 0) {
        syntax(x);
        return;
    }
    (void)bytes_part(x->text, start, x->at - start, &value);
    take(x);
    if (bytes_is(name, "IDREF"))
        syntax(x);
    tag->hex = tag->hex || (bytes_is(name, "format") && bytes_is(value, "hex"));
}

/* Behind "<": the rest of a tag. */
static void read_tag(struct xml *x, struct tag *tag)
{
    if (look(x) == '/') {
        take(x);
        tag->form = TAG_END;
    }
    tag->name = read_word(x);
    if (tag->name.n == 0)
        syntax(x);
    for (;;) {
        skip_space(x);
        uint8_t c = look(x);
        if (!is_letter(c))
            break;
        read_attribute(x, tag);
    }
    if (look(x) == '/' && tag->form == TAG_START) {
        take(x);
        tag->form = TAG_EMPTY;
    }
    if (take(x) != '>')
        syntax(x);
}

/* The next tag; blanks, comments, declarations and <plist> are passed over. */
static struct tag next_tag(struct xml *x)
{
    for (;;) {
        struct tag tag = {.form = TAG_START};
        skip_space(x);
        tag.line = x->line;
        if (take(x) != '<')
            syntax(x);
        uint8_t c = look(x);
        if (c == '!' || c == '?') {
            take(x);
            skip_declaration(x, c == '?');
            continue;
        }
        if (!x->what)
            read_tag(x, &tag);
        if (x->what)
            return (struct tag){.form = TAG_BROKEN};
        if (!bytes_is(tag.name, "plist"))
            return tag;
    }
}

/* -- Content of text elements ---------------------------------------------------------------------------- */

/* Behind "&". */
static void read_entity(struct xml *x, struct buf *to)
{
    static const struct {
        const char *name;
        char c;
    } entities[] = {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}};
    struct bytes name = read_word(x);
    for (size_t i = 0; i < sizeof entities / sizeof *entities; i++) {
        if (bytes_is(name, entities[i].name) && take(x) == ';') {
            buf_byte(to, (uint8_t)entities[i].c);
            return;
        }
    }
    syntax(x);
}

/* The text up to the end tag of TAG. */
static struct bytes read_text(struct xml *x, const struct tag *tag)
{
    struct buf text = {.arena = x->a};
    if (tag->form == TAG_EMPTY)
        return buf_bytes(&text);
    uint8_t c;
    while ((c = look(x)) != '<' && c != 0) {
        take(x);
        if (c == '&')
            read_entity(x, &text);
        else
            buf_byte(&text, c);
    }
    take(x);
    struct tag end = {.form = TAG_START};
    if (!x->what)
        read_tag(x, &end);
    if (end.form != TAG_END || !bytes_equal(end.name, tag->name))
        syntax(x);
    return buf_bytes(&text);
}

static int digit_value(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : 16;
}

/* Blanks around, a sign, decimal or 0x digits; nothing beyond 64 bits. */
static struct value *read_integer(struct xml *x, struct bytes text)
{
    struct cursor c = cursor_of(text, 0);
    uint64_t n = 0;
    unsigned base = 10;
    size_t end = text.n, at = 0;
    while (at < end && is_space(text.p[at]))
        at++;
    while (end > at && is_space(text.p[end - 1]))
        end--;
    bool minus = at < end && text.p[at] == '-';
    at += minus ? 1 : 0;
    if (end - at > 2 && text.p[at] == '0' && (text.p[at + 1] | 0x20) == 'x') {
        base = 16;
        at += 2;
    }
    if (at == end)
        return syntax(x);
    for (cursor_seek(&c, at); c.at < end;) {
        unsigned digit = (unsigned)digit_value(cursor_u8(&c));
        if (digit >= base || __builtin_mul_overflow(n, (uint64_t)base, &n) ||
            __builtin_add_overflow(n, (uint64_t)digit, &n))
            return syntax(x);
    }
    struct value *v = value_int(x->a, (int64_t)(minus ? -n : n));
    v->is_unsigned = !minus && n > INT64_MAX;
    return v;
}

static struct value *read_data(struct xml *x, const struct tag *tag, struct bytes text)
{
    struct buf out = {.arena = x->a};
    uint32_t bits = 0, have = 0, width = tag->hex ? 4 : 6;
    for (size_t i = 0; i < text.n; i++) {
        static const char alphabet[] =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        uint8_t c = text.p[i];
        const char *place = c ? strchr(alphabet, c) : NULL;
        if (is_space(c) || (c == '=' && !tag->hex))
            continue;
        if (tag->hex ? digit_value(c) > 15 : !place)
            return syntax(x);
        bits = bits << width | (tag->hex ? (uint32_t)digit_value(c) : (uint32_t)(place - alphabet));
        have += width;
        if (have >= 8) {
            have -= 8;
            buf_byte(&out, (uint8_t)(bits >> have));
        }
    }
    return value_data(x->a, buf_bytes(&out));
}

/* -- Values --------------------------------------------------------------------------------------------- */

static struct value *read_value(struct xml *x, struct tag tag, unsigned depth);

static bool ends(const struct xml *x, const struct tag *tag, const char *name)
{
    return x->what || (tag->form == TAG_END && bytes_is(tag->name, name));
}

static struct value *read_dict(struct xml *x, unsigned depth)
{
    struct value *dict = value_dict(x->a);
    for (;;) {
        struct tag tag = next_tag(x);
        if (ends(x, &tag, "dict"))
            return dict;
        if (tag.form != TAG_START || !bytes_is(tag.name, "key"))
            return syntax(x);
        struct bytes key = read_text(x, &tag);
        struct value *item = x->what ? NULL : read_value(x, next_tag(x), depth + 1);
        if (!item)
            return NULL;
        if (value_get_bytes(dict, key))
            return fail(x, "duplicate dictionary key");
        value_add(x->a, dict, key, item);
        dict->keys[dict->count - 1].span.line = tag.line;
    }
}

static struct value *read_array(struct xml *x, const char *name, unsigned depth)
{
    struct value *array = value_array(x->a);
    for (;;) {
        struct tag tag = next_tag(x);
        if (ends(x, &tag, name))
            return array;
        struct value *item = read_value(x, tag, depth + 1);
        if (!item)
            return NULL;
        value_append(x->a, array, item);
    }
}

static struct value *read_container(struct xml *x, const struct tag *tag, unsigned depth)
{
    bool empty = tag->form == TAG_EMPTY;
    if (depth > LIMIT_PLIST_DEPTH)
        return syntax(x);
    if (bytes_is(tag->name, "dict"))
        return empty ? value_dict(x->a) : read_dict(x, depth);
    if (bytes_is(tag->name, "array"))
        return empty ? value_array(x->a) : read_array(x, "array", depth);
    if (bytes_is(tag->name, "set"))
        return empty ? value_array(x->a) : read_array(x, "set", depth);
    return syntax(x);
}

static struct value *read_value(struct xml *x, struct tag tag, unsigned depth)
{
    struct value *v;
    bool start = tag.form == TAG_START || tag.form == TAG_EMPTY;
    if (!start)
        return syntax(x);
    if (tag.form == TAG_EMPTY && (bytes_is(tag.name, "true") || bytes_is(tag.name, "false")))
        v = value_bool(x->a, bytes_is(tag.name, "true"));
    else if (bytes_is(tag.name, "string"))
        v = value_string_bytes(x->a, read_text(x, &tag));
    else if (bytes_is(tag.name, "integer"))
        v = read_integer(x, read_text(x, &tag));
    else if (bytes_is(tag.name, "data"))
        v = read_data(x, &tag, read_text(x, &tag));
    else
        v = read_container(x, &tag, depth);
    if (x->what || !v)
        return NULL;
    v->span.line = tag.line;
    return v;
}

/* What may follow the dictionary: blanks, comments and the end of <plist>. ASSUMPTION(AMFI-XML-TAIL): and NULs. */
static void read_tail(struct xml *x)
{
    for (;;) {
        skip_space(x);
        if (look(x) == 0)
            break;
        if (take(x) != '<') {
            syntax(x);
            return;
        }
        struct tag tag = {.form = TAG_START};
        uint8_t c = look(x);
        if (c == '!' || c == '?') {
            take(x);
            skip_declaration(x, c == '?');
            continue;
        }
        read_tag(x, &tag);
        if (tag.form != TAG_END || !bytes_is(tag.name, "plist"))
            syntax(x);
    }
    struct bytes rest;
    if (bytes_part(x->text, x->at, x->text.n - x->at, &rest) && !bytes_zero(rest))
        syntax(x);
}

struct value *entitle_xml(struct arena *a, struct bytes text, const char **error)
{
    struct xml x = {.a = a, .text = text, .line = 1};
    const char *why = text.n > LIMIT_ENTITLEMENTS ? "the entitlements are too large" : NULL;
    struct value *v = why ? NULL : read_value(&x, next_tag(&x), 0);
    if (v)
        read_tail(&x);
    if (x.what)
        why = arena_printf(a, "%s near line %u", x.what, x.line);
    if (!why && !value_is(v, VALUE_DICT))
        why = "the entitlements are not a dictionary";
    if (error)
        *error = why;
    return why ? NULL : v;
}
