/* SPDX-License-Identifier: Apache-2.0 */
/* Lex: see lex.h. One function a token form of requirement-language.md §1.3, one for each comment of §1.4. */
#include "lang/lex.h"

static const char *const names[] = {
#define TOKEN(id, name, written) name,
#define KEYWORD(id, word)        word,
#include "lang/tokens.def"
#undef TOKEN
#undef KEYWORD
};

static const char *const writings[] = {
#define TOKEN(id, name, written) written,
#define KEYWORD(id, word)        "\"" word "\"",
#include "lang/tokens.def"
#undef TOKEN
#undef KEYWORD
};

const char *token_name(enum token_kind kind)
{
    return names[kind];
}

const char *token_written(enum token_kind kind)
{
    return writings[kind];
}

bool token_is_keyword(enum token_kind kind)
{
    return kind >= WORD_GUEST;
}

static const struct {
    uint8_t n;
    const char *word;
} keywords[] = {
#define TOKEN(id, name, written)
#define KEYWORD(id, word) {sizeof(word) - 1, word},
#include "lang/tokens.def"
#undef TOKEN
#undef KEYWORD
};

enum token_kind token_of_word(struct bytes word)
{
    if (word.n < 2 || word.n > 11)
        return TOKEN_DOTKEY;
    for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++)
        if (keywords[i].n == word.n && keywords[i].word[0] == word.p[0] &&
            memcmp(keywords[i].word, word.p, word.n) == 0)
            return (enum token_kind)(WORD_GUEST + i);
    return TOKEN_DOTKEY;
}

/* Classes of bytes. */
enum { LETTER = 1, DIGIT = 2, HEX = 4, VOCABULARY = 8, BLANK = 16 };

#define ROW4(c)  c, c, c, c
#define ROW16(c) ROW4(c), ROW4(c), ROW4(c), ROW4(c)
#define V        VOCABULARY
#define D        VOCABULARY | DIGIT | HEX
#define L        VOCABULARY | LETTER
#define X        VOCABULARY | LETTER | HEX
#define B        VOCABULARY | BLANK
static const uint8_t class_of[256] = {
    V,        V,        V,        V,        V,       V,       V,       V,        V,
    B,        B,        V,        V,        V,       V,       V,       ROW16(V), /* 00 */
    B,        V,        V,        V,        V,       V,       V,       V,        V,
    V,        V,        V,        V,        V,       V,       V, /* 20 */
    D,        D,        D,        D,        D,       D,       D,       D,        D,
    D,        V,        V,        V,        V,       V,       V, /* 30 */
    V,        X,        X,        X,        X,       X,       X,       L,        L,
    L,        L,        L,        L,        L,       L,       L, /* 40 */
    L,        L,        L,        L,        L,       L,       L,       L,        L,
    L,        L,        V,        V,        V,       V,       V, /* 50 */
    V,        X,        X,        X,        X,       X,       X,       L,        L,
    L,        L,        L,        L,        L,       L,       L, /* 60 */
    L,        L,        L,        L,        L,       L,       L,       L,        L,
    L,        L,        V,        V,        V,       V,       V,                 /* 70 */
    ROW16(V), ROW16(V), ROW16(V), ROW16(V),                                      /* 80 */
    0,        0,        V,        V,        ROW4(V), ROW4(V), ROW4(V), ROW16(V), /* c0 */
    ROW16(V), V,        V,        V,        V,       V,       0,       0,        0,
    ROW4(0),  ROW4(0), /* e0 */
};
#undef V
#undef D
#undef L
#undef X
#undef B

bool lex_is_vocabulary(uint8_t byte)
{
    return class_of[byte] & VOCABULARY;
}

struct lexer lexer_of(struct arena *a, struct bytes text)
{
    return (struct lexer){.arena = a, .text = text, .line = 1, .column = 1};
}

/* The byte K places on, LEX_END behind the end. */
static inline int peek(const struct lexer *l, size_t k)
{
    return l->text.n - l->at > k ? l->text.p[l->at + k] : LEX_END;
}

static inline bool at_class(const struct lexer *l, unsigned classes)
{
    return l->at < l->text.n && (class_of[l->text.p[l->at]] & classes);
}

/* Consume a byte that is there; a tab goes to the next column 8k+1 (§1.1). */
static inline void consume(struct lexer *l)
{
    l->column = l->text.p[l->at++] == '\t' ? (l->column - 1) / 8 * 8 + 9 : l->column + 1;
}

static bool fail(struct lexer *l, int wanted)
{
    l->failed = true;
    l->error = (struct lex_error){l->line, l->column, l->at, wanted, peek(l, 0)};
    return false;
}

static bool require(struct lexer *l, int byte)
{
    if (peek(l, 0) != byte)
        return fail(l, byte);
    consume(l);
    return true;
}

static inline void consume_all(struct lexer *l, unsigned classes)
{
    size_t at = l->at;
    while (at < l->text.n && (class_of[l->text.p[at]] & classes))
        at++;
    l->column += (uint32_t)(at - l->at);
    l->at = at;
}

/* CLASSES+, none of which is a tab. */
static bool require_some(struct lexer *l, unsigned classes)
{
    if (!at_class(l, classes))
        return fail(l, LEX_END);
    consume_all(l, classes);
    return true;
}

/* IDENT = letter { letter | digit } */
static bool ident(struct lexer *l)
{
    if (!at_class(l, LETTER))
        return fail(l, LEX_END);
    consume_all(l, LETTER | DIGIT);
    return true;
}

/* The text from START up to here. */
static struct bytes since(const struct lexer *l, size_t start)
{
    return bytes_of(l->text.p + start, l->at - start);
}

/* DOTKEY = IDENT { "." ( IDENT | digits ) }; a whole word may be a keyword (§1.5). */
static bool word(struct lexer *l, struct token *t)
{
    consume_all(l, LETTER | DIGIT);
    while (peek(l, 0) == '.') {
        consume(l);
        if (at_class(l, DIGIT))
            consume_all(l, DIGIT);
        else if (!ident(l))
            return false;
    }
    t->text = since(l, t->at);
    t->kind = token_of_word(t->text);
    return true;
}

/* PATHNAME = "/" IDENT "/" IDENT { "/" IDENT } */
static bool path_name(struct lexer *l, struct token *t)
{
    t->kind = TOKEN_PATHNAME;
    consume(l);
    consume_all(l, LETTER | DIGIT);
    if (peek(l, 0) != '/')
        return fail(l, LEX_END);
    while (peek(l, 0) == '/') {
        consume(l);
        if (!ident(l))
            return false;
    }
    t->text = since(l, t->at);
    return true;
}

/* A token of KIND: hex digits behind two characters. */
static bool hex_digits(struct lexer *l, struct token *t, enum token_kind kind)
{
    t->kind = kind;
    consume(l);
    consume(l);
    size_t start = l->at;
    if (!require_some(l, HEX))
        return false;
    t->text = since(l, start);
    return true;
}

/* HASHCONSTANT = H" hex digits " */
static bool hash_constant(struct lexer *l, struct token *t)
{
    return hex_digits(l, t, TOKEN_HASHCONSTANT) && require(l, '"');
}

/* HEXCONSTANT = 0x hex digits */
static bool hex_constant(struct lexer *l, struct token *t)
{
    return hex_digits(l, t, TOKEN_HEXCONSTANT);
}

static struct bytes without_escapes(struct arena *a, struct bytes raw)
{
    uint8_t *to = arena_alloc(a, raw.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < raw.n; i++) {
        if (raw.p[i] == '\\')
            i++;
        to[n++] = raw.p[i];
    }
    return bytes_of(to, n);
}

/* STRING = " { \" | any byte but " and \ } ": a quote is the only thing that may be escaped. */
static bool string(struct lexer *l, struct token *t)
{
    bool escapes = false;
    t->kind = TOKEN_STRING;
    consume(l);
    size_t start = l->at;
    for (int c; (c = peek(l, 0)) != '"'; consume(l)) {
        if (c == LEX_END || !lex_is_vocabulary((uint8_t)c))
            return fail(l, '"');
        if (c != '\\')
            continue;
        consume(l);
        escapes = true;
        if (peek(l, 0) != '"')
            return fail(l, '"');
    }
    t->text = since(l, start);
    if (escapes)
        t->text = without_escapes(l->arena, t->text);
    consume(l);
    return true;
}

/* "#" or "//" up to the end of the line. */
static void line_comment(struct lexer *l)
{
    while (at_class(l, VOCABULARY) && l->text.p[l->at] != '\n')
        consume(l);
}

/*
 * Behind the opening: up to a star before a slash. A star is taken together with the byte behind it unless
 * that is a slash, so that an even run of stars does not close (§1.4).
 */
static bool block_comment(struct lexer *l)
{
    consume(l);
    consume(l);
    for (;;) {
        int c = peek(l, 0);
        if (c == LEX_END || !lex_is_vocabulary((uint8_t)c))
            return fail(l, '*');
        consume(l);
        if (c != '*')
            continue;
        c = peek(l, 0);
        if (c == '/') {
            consume(l);
            return true;
        }
        if (c == LEX_END || !lex_is_vocabulary((uint8_t)c))
            return fail(l, '/');
        consume(l);
    }
}

/* Blanks and comments; false on a comment that does not end. */
static bool skip(struct lexer *l)
{
    for (;;) {
        int c = peek(l, 0);
        if (c == '\n') {
            l->at++;
            l->line++;
            l->column = 1;
        } else if (c == ' ' || c == '\t') {
            consume(l);
        } else if (c == '#' || (c == '/' && peek(l, 1) == '/')) {
            line_comment(l);
        } else if (c == '/' && peek(l, 1) == '*') {
            if (!block_comment(l))
                return false;
        } else {
            return true;
        }
    }
}

static bool punctuation(struct lexer *l, struct token *t, enum token_kind kind, size_t n)
{
    t->kind = kind;
    for (size_t i = 0; i < n; i++)
        consume(l);
    t->text = since(l, t->at);
    return true;
}

/* The byte C here followed by SECOND makes the two-byte token TWO, else ONE. */
static bool one_or_two(struct lexer *l, struct token *t, enum token_kind one, enum token_kind two)
{
    bool pair = peek(l, 1) == '=';
    return punctuation(l, t, pair ? two : one, pair ? 2 : 1);
}

static bool digits(struct lexer *l, struct token *t)
{
    if (peek(l, 0) == '0' && peek(l, 1) == 'x')
        return hex_constant(l, t);
    t->kind = TOKEN_INTEGER;
    consume_all(l, DIGIT);
    t->text = since(l, t->at);
    return true;
}

static bool slash(struct lexer *l, struct token *t)
{
    int next = peek(l, 1);
    if (next == LEX_END || !(class_of[next] & LETTER))
        return fail(l, LEX_END);
    return path_name(l, t);
}

/* The token that starts with the byte here (§1.2). */
static bool scan(struct lexer *l, struct token *t)
{
    int c = peek(l, 0);
    if (at_class(l, LETTER))
        return c == 'H' && peek(l, 1) == '"' ? hash_constant(l, t) : word(l, t);
    if (at_class(l, DIGIT))
        return digits(l, t);
    switch (c) {
    case LEX_END: return punctuation(l, t, TOKEN_EOF, 0);
    case '"': return string(l, t);
    case ';': return punctuation(l, t, TOKEN_SEMI, 1);
    case '(': return punctuation(l, t, TOKEN_LPAREN, 1);
    case ')': return punctuation(l, t, TOKEN_RPAREN, 1);
    case '[': return punctuation(l, t, TOKEN_LBRACK, 1);
    case ']': return punctuation(l, t, TOKEN_RBRACK, 1);
    case ',': return punctuation(l, t, TOKEN_COMMA, 1);
    case '~': return punctuation(l, t, TOKEN_SUBS, 1);
    case '-': return punctuation(l, t, TOKEN_NEG, 1);
    case '!': return punctuation(l, t, TOKEN_NOT, 1);
    case '*': return punctuation(l, t, TOKEN_STAR, 1);
    case '<': return one_or_two(l, t, TOKEN_LESS, TOKEN_LE);
    case '>': return one_or_two(l, t, TOKEN_GT, TOKEN_GE);
    case '=':
        if (peek(l, 1) == '>')
            return punctuation(l, t, TOKEN_ARROW, 2);
        return one_or_two(l, t, TOKEN_EQL, TOKEN_EQQL);
    case '/': return slash(l, t);
    default: return fail(l, LEX_END);
    }
}

bool lex_next(struct lexer *l, struct token *out)
{
    if (l->failed || !skip(l))
        return false;
    out->line = l->line;
    out->column = l->column;
    out->at = l->at;
    if (!scan(l, out))
        return false;
    out->length = l->at - out->at;
    return true;
}
