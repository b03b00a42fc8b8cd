/* SPDX-License-Identifier: Apache-2.0 */
/* Advise: see advise.h. One function a slip; the first that recognises it speaks. */
#include "config.h"

#include "lang/advise.h"

#include "base/text.h"

struct advisor {
    struct arena *a;
    struct bytes text;
    const struct req_error *e;
    struct bytes rest; /* the text from the error on */
    struct bytes run;  /* the run of bytes around it that someone may have meant as one word */
};

/* Bytes that end such a run. */
static bool is_delimiter(uint8_t c)
{
    return c <= ' ' || (c && strchr("()[]\",;=~<>!*", c));
}

static struct bytes run_around(struct bytes text, size_t at)
{
    size_t from = at, to = at;
    struct bytes run = {NULL, 0};
    while (from > 0 && !is_delimiter(text.p[from - 1]))
        from--;
    while (to < text.n && !is_delimiter(text.p[to]))
        to++;
    bytes_part(text, from, to - from, &run);
    return run;
}

static const char *shown(const struct advisor *x, struct bytes part)
{
    return bytes_printable(x->a, part, 80);
}

static bool starts(const struct advisor *x, const char *prefix)
{
    return bytes_starts(x->rest, bytes_str(prefix));
}

static bool is_word_byte(uint8_t c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

/* -- Bytes */

static const char *line_ends(const struct advisor *x)
{
    return x->e->kind == REQ_ERROR_CHAR && x->e->byte == '\r'
               ? "lines end in LF alone in this language: remove the carriage returns (tr -d '\\r')"
               : NULL;
}

/* What web pages and word processors put in place of plain signs. */
static const char *typography(const struct advisor *x)
{
    static const struct {
        const char *bytes, *advice;
    } signs[] = {
        {"\xe2\x80\x9c", "typographic quotes, as pasted from a web page: write plain \" instead"},
        {"\xe2\x80\x9d", "typographic quotes, as pasted from a web page: write plain \" instead"},
        {"\xe2\x80\x9e", "typographic quotes, as pasted from a web page: write plain \" instead"},
        {"\xe2\x80\x98", "typographic quotes, as pasted from a web page: write plain \" instead"},
        {"\xe2\x80\x99", "typographic quotes, as pasted from a web page: write plain \" instead"},
        {"\xc2\xa0", "a no-break space, as pasted from a web page: write a plain blank instead"},
        {"\xe2\x80\x93",
         "a typographic dash, as pasted from a web page: write a plain - in quotes"},
        {"\xe2\x80\x94",
         "a typographic dash, as pasted from a web page: write a plain - in quotes"},
        {"\xef\xbb\xbf", "a byte-order mark: save the text without one"},
    };
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (x->e->kind == REQ_ERROR_CHAR && starts(x, signs[i].bytes))
            return signs[i].advice;
    return NULL;
}

static const char *single_quotes(const struct advisor *x)
{
    if (x->e->kind != REQ_ERROR_CHAR || !starts(x, "'"))
        return NULL;
    const uint8_t *close = x->rest.n > 1 ? memchr(x->rest.p + 1, '\'', x->rest.n - 1) : NULL;
    struct bytes inside;
    if (!close || !bytes_part(x->rest, 1, (size_t)(close - x->rest.p) - 1, &inside))
        return "strings are written in double quotes";
    return arena_printf(x->a, "strings are written in double quotes: \"%s\"", shown(x, inside));
}

static const char *foreign_operators(const struct advisor *x)
{
    static const struct {
        const char *sign, *advice;
    } signs[] = {
        {"&", "write the word and"},
        {"|", "write the word or"},
        {"!=", "there is no !=: put ! before the whole, as in !(info[key] = value)"},
        {",", "there is no comma: join requirements by and, or"},
    };
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (starts(x, signs[i].sign))
            return signs[i].advice;
    return NULL;
}

static const char *backslash(const struct advisor *x)
{
    if (x->e->kind != REQ_ERROR_CHAR || x->e->at == 0 || x->text.p[x->e->at - 1] != '\\' ||
        x->e->wanted != '"')
        return NULL;
    return "in a string only \\\" is an escape; a backslash itself cannot be written";
}

static const char *open_end(const struct advisor *x)
{
    if (x->e->kind != REQ_ERROR_CHAR || x->e->byte != LEX_END)
        return NULL;
    if (x->e->wanted == '"')
        return "the closing \" is missing";
    return x->e->wanted == '*'
               ? "the closing */ is missing; an even number of stars before the / does not close"
               : NULL;
}

/* -- Words */

/* In the midst of what looks like one word: a sign that no bare word has, or a part that begins with a digit. */
static const char *unquoted(const struct advisor *x)
{
    if (x->run.n < 2 || x->e->at >= x->text.n)
        return NULL;
    size_t offset = (size_t)(x->text.p + x->e->at - x->run.p);
    if (offset == 0 || offset >= x->run.n || !is_word_byte(x->run.p[offset - 1]))
        return NULL;
    uint8_t c = x->text.p[x->e->at];
    if (is_word_byte(c))
        return arena_printf(x->a, "a part that begins with a digit needs quotes: \"%s\"",
                            shown(x, x->run));
    return arena_printf(x->a, "a name with '%c' in it needs quotes: \"%s\"", c, shown(x, x->run));
}

/* `= 10` and `= 1ABCDE2345`: a value that begins with a digit. The error is at the sign before it. */
static const char *number_value(const struct advisor *x)
{
    token_set signs = TOKEN_BIT(TOKEN_EQL) | TOKEN_BIT(TOKEN_EQQL) | TOKEN_BIT(TOKEN_SUBS) |
                      TOKEN_BIT(TOKEN_LESS) | TOKEN_BIT(TOKEN_GT) | TOKEN_BIT(TOKEN_LE) |
                      TOKEN_BIT(TOKEN_GE);
    size_t at = x->e->at;
    if (x->e->kind == REQ_ERROR_CHAR)
        return NULL;
    if (TOKEN_BIT(x->e->found.kind) & signs)
        at += x->e->found.length;
    else if (x->e->found.kind != TOKEN_INTEGER)
        return NULL;
    while (at < x->text.n && (x->text.p[at] == ' ' || x->text.p[at] == '\t'))
        at++;
    if (at >= x->text.n || x->text.p[at] < '0' || x->text.p[at] > '9')
        return NULL;
    return arena_printf(x->a, "a value that begins with a digit needs quotes: \"%s\"",
                        shown(x, run_around(x->text, at)));
}

/* `identifier apple` */
static const char *keyword_value(const struct advisor *x)
{
    token_set names = TOKEN_BIT(TOKEN_DOTKEY) | TOKEN_BIT(TOKEN_STRING);
    if (x->e->kind == REQ_ERROR_CHAR || !token_is_keyword(x->e->found.kind) ||
        (x->e->expected & names) == 0)
        return NULL;
    return arena_printf(x->a, "%s is a keyword; as a name it needs quotes: \"%s\"",
                        token_name(x->e->found.kind), token_name(x->e->found.kind));
}

/* `certificate [subject.OU]`, `cert subject.OU` */
static const char *certificate_slot(const struct advisor *x)
{
    if (x->e->kind != REQ_ERROR_TOKEN ||
        (x->e->found.kind != WORD_CERT && x->e->found.kind != WORD_CERTIFICATE))
        return NULL;
    return "say which certificate: certificate leaf[subject.OU] = …, certificate 1[…], "
           "certificate root[…]";
}

static char *lower(struct arena *a, struct bytes word)
{
    char *out = bytes_cstr(a, word);
    for (char *c = out; *c; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c | 0x20);
    return out;
}

static const char *other_words(const char *word)
{
    static const struct {
        const char *word, *advice;
    } words[] = {
        {"not", "negation is written !"},
        {"email", "there is no email in this language"},
        {"issuer", "issuers are tested by their own certificate: certificate 1[subject.CN] = …"},
        {"team", "a team is tested by the leaf: certificate leaf[subject.OU] = TEAMID"},
        {"teamid", "a team is tested by the leaf: certificate leaf[subject.OU] = TEAMID"},
        {"subject", "a subject is tested in a certificate: certificate leaf[subject.OU] = TEAMID"},
        {"intermediate", "certificates are counted from the leaf: certificate 1"},
        {"in", "there is no list: write one comparison each, joined by or"},
        {"bundle", "the bundle's identifier is tested by identifier"},
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i].word, word) == 0)
            return words[i].advice;
    return NULL;
}

/* A word where only keywords fit: a slip of one, in capitals, or a word of another language. */
static const char *near_keyword(const struct advisor *x)
{
    const char *words[TOKEN_KINDS];
    size_t n = 0;
    if (x->e->kind == REQ_ERROR_CHAR || x->e->found.kind != TOKEN_DOTKEY)
        return NULL;
    for (int kind = WORD_GUEST; kind < TOKEN_KINDS; kind++)
        if (x->e->expected & TOKEN_BIT(kind) || x->e->expected & TOKEN_BIT(TOKEN_EOF))
            words[n++] = token_name((enum token_kind)kind);
    const char *word = lower(x->a, x->e->found.text);
    const char *near = text_suggest(word, words, n);
    return near ? arena_printf(x->a, "did you mean %s?", near) : other_words(word);
}

/* -- Hashes, fields, files */

static bool all_hex(struct bytes b)
{
    for (size_t i = 0; i < b.n; i++)
        if (!((b.p[i] >= '0' && b.p[i] <= '9') ||
              ((b.p[i] | 0x20) >= 'a' && (b.p[i] | 0x20) <= 'f')))
            return false;
    return b.n > 0;
}

/* `cdhash "…"`, `cdhash 0x…`, `cdhash abc…`. */
static const char *bare_hash(const struct advisor *x)
{
    struct bytes run = x->run.n ? x->run : x->e->found.text;
    if (x->e->kind != REQ_ERROR_EXPECTED || !(x->e->expected & TOKEN_BIT(TOKEN_HASHCONSTANT)))
        return NULL;
    if (x->e->found.kind == TOKEN_STRING || x->e->found.kind == TOKEN_HEXCONSTANT)
        run = x->e->found.text;
    return all_hex(run) ? arena_printf(x->a, "a hash is written H\"%s\"", shown(x, run))
                        : "a hash is written H\"…\", with 40 hex digits";
}

static const char *hash_length(const struct advisor *x)
{
    struct bytes digits = x->e->found.text, first;
    if (x->e->kind != REQ_ERROR_HASH_LENGTH)
        return NULL;
    if (digits.n > 40 && bytes_part(digits, 0, 40, &first))
        return arena_printf(x->a,
                            "a cdhash is the first 40 digits (H\"%s\"); certificates are named by "
                            "their SHA-1",
                            shown(x, first));
    return "a SHA-1, or a cdhash, has 40 hex digits";
}

static const char *hex_odd(const struct advisor *x)
{
    return x->e->kind == REQ_ERROR_HEX_ODD ? "two hex digits make a byte; is one missing?" : NULL;
}

/* `OU`, `Subject.OU`, `feild.1.2`, `issuer.CN`. */
static const char *certificate_field(const struct advisor *x)
{
    static const char *const prefixes[] = {"subject", "field", "extension", "policy", "timestamp"};
    static const char *const names[] = {"C", "CN", "D", "L", "O", "OU", "ST", "STREET", "UID"};
    if (x->e->kind != REQ_ERROR_CERT_FIELD)
        return NULL;
    const char *key = bytes_cstr(x->a, x->e->subject);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(key, names[i]) == 0)
            return arena_printf(x->a, "did you mean subject.%s?", key);
    if (*key >= '0' && *key <= '9')
        return arena_printf(x->a, "did you mean field.%s?", key);
    size_t n = strcspn(key, ".");
    const char *prefix = lower(x->a, bytes_of(key, n));
    const char *near = text_suggest(prefix, prefixes, sizeof prefixes / sizeof *prefixes);
    if (near && key[n])
        return arena_printf(x->a, "did you mean %s%s?", near, key + n);
    if (strcmp(prefix, "issuer") == 0)
        return "issuers are tested by their own certificate: certificate 1[subject.CN] = …";
    return "a certificate has subject.NAME, field.OID, policy.OID and timestamp.OID";
}

static const char *certificate_file(const struct advisor *x)
{
    if (x->e->kind != REQ_ERROR_FILE)
        return NULL;
    if (x->e->subject.n == 40 && all_hex(x->e->subject))
        return arena_printf(x->a, "a hash is written H\"%s\"", shown(x, x->e->subject));
    if (bytes_is(x->e->subject, "apple") || bytes_is(x->e->subject, "trusted"))
        return "these words follow without =";
    return "after = stands a hash H\"…\", or the name of a DER file; attributes are tested as "
           "[subject.OU] = …";
}

static const char *path_parts(const struct advisor *x)
{
    struct bytes before;
    if (x->e->kind != REQ_ERROR_CHAR || x->run.n < 2 || x->run.p[0] != '/')
        return NULL;
    before = x->run;
    return arena_printf(x->a, "a path is best written in quotes: \"%s\"", shown(x, before));
}

const char *req_advise(struct arena *a, struct bytes text, const struct req_error *error)
{
    static const char *(*const slips[])(const struct advisor *) = {
        line_ends,        typography,        single_quotes, backslash,    open_end,
        path_parts,       unquoted,          bare_hash,     number_value, keyword_value,
        certificate_slot, near_keyword,      hash_length,   hex_odd,      certificate_field,
        certificate_file, foreign_operators,
    };
    size_t at = error->at < text.n ? error->at : text.n;
    struct advisor x = {.a = a, .text = text, .e = error, .run = run_around(text, at)};
    const char *hint = NULL;
    bytes_part(text, at, text.n - at, &x.rest);
    for (size_t i = 0; i < sizeof slips / sizeof *slips && !hint; i++)
        hint = slips[i](&x);
    return hint;
}
