/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Parse: see parse.h. Every rule function answers false when nothing more can be read (a lexical error);
 * its own errors it reports and recovers from, then answers true. A body answers false with an error raised.
 * Longer than 800 lines because the grammar is one thing and is read as one.
 */
#include "lang/parse.h"

#include "base/arena.h"
#include "base/limits.h"
#include "lang/date.h"

#define T(id) TOKEN_BIT(TOKEN_##id)
#define W(id) TOKEN_BIT(WORD_##id)

/* Sets of requirement-language.md §8.3. */
#define TAGS      (W(GUEST) | W(HOST) | W(DESIGNATED) | W(LIBRARY) | W(PLUGIN))
#define TAG_FIRST (TAGS | T(INTEGER))
#define F9        (T(EOF) | TAG_FIRST | W(OR) | W(AND) | T(RPAREN) | T(SEMI))
#define NAMES     (T(DOTKEY) | T(STRING))
#define PATHS     (NAMES | T(PATHNAME))
#define EQUALS    (T(EQL) | T(EQQL))
#define ORDERS    (T(LESS) | T(GT) | T(LE) | T(GE))
#define VALUES    (NAMES | T(HEXCONSTANT))
#define DIGESTS   (PATHS | T(HASHCONSTANT))
#define PRIMARY_WORDS                                                                      \
    (W(ALWAYS) | W(TRUE) | W(NEVER) | W(FALSE) | W(IDENTIFIER) | W(CDHASH) | W(PLATFORM) | \
     W(NOTARIZED) | W(LEGACY) | W(ANCHOR) | W(CERTIFICATE) | W(CERT) | W(INFO) | W(ENTITLEMENT))
#define PRIMARY_FIRST  (PRIMARY_WORDS | T(LPAREN) | T(NOT))
#define SLOTSPEC_FIRST (EQUALS | T(LBRACK) | DIGESTS)

#define FOLLOW_INTEGER                                                                         \
    (T(EOF) | T(ARROW) | TAGS | W(OR) | W(AND) | T(RPAREN) | W(TRUSTED) | EQUALS | T(LBRACK) | \
     DIGESTS | T(INTEGER) | T(SEMI))
#define FOLLOW_EQL     (DIGESTS | T(INTEGER))
#define FOLLOW_SLOT    (W(TRUSTED) | SLOTSPEC_FIRST)
#define FOLLOW_ELEMENT (T(EOF) | TAG_FIRST)
#define FOLLOW_BRACKET                                                                       \
    (T(EOF) | TAGS | W(OR) | W(AND) | T(RPAREN) | W(EXISTS) | W(ABSENT) | EQUALS | T(SUBS) | \
     ORDERS | T(INTEGER) | T(SEMI))
#define FOLLOW_VALUE (F9 | T(STAR))

enum level { LEVEL_EXPR, LEVEL_TERM, LEVEL_NOT, LEVEL_PAREN };

/* -- Tokens and errors */

static struct req_error *raise_at(struct parser *p, enum req_error_kind kind, const struct token *t)
{
    p->raised = (struct req_error){.kind = kind,
                                   .finding = req_error_finding(kind),
                                   .line = t->line,
                                   .column = t->column,
                                   .at = t->at,
                                   .length = t->length,
                                   .found = *t};
    return &p->raised;
}

/* Nothing more is read, and this is the only message (§8.1). */
static bool die(struct parser *p)
{
    p->dead = true;
    p->errors.n = 0;
    vec_push(p->arena, &p->errors, p->raised);
    return false;
}

static bool lexical(struct parser *p)
{
    const struct lex_error *e = &p->lexer.error;
    struct token here = {.line = e->line, .column = e->column, .at = e->at};
    struct req_error *r = raise_at(p, REQ_ERROR_CHAR, &here);
    r->length = e->found == LEX_END ? 0 : 1;
    r->byte = e->found;
    r->wanted = e->wanted;
    return die(p);
}

/* The token queue of §8.3: drop what was consumed, as far as it is there, and fetch up to N tokens. */
static bool look(struct parser *p, unsigned n)
{
    unsigned drop = p->pending < p->queued ? p->pending : p->queued;
    if (p->dead)
        return false;
    if (drop == 1 && p->queued == 2)
        p->queue[0] = p->queue[1];
    p->queued -= drop;
    p->pending = 0;
    while (p->queued < n) {
        if (!lex_next(&p->lexer, &p->queue[p->queued]))
            return lexical(p);
        p->queued++;
    }
    return true;
}

static bool next_in(struct parser *p, token_set set)
{
    return look(p, 1) && (TOKEN_BIT(p->queue[0].kind) & set);
}

static bool second_in(struct parser *p, token_set set)
{
    return look(p, 2) && (TOKEN_BIT(p->queue[1].kind) & set);
}

/* No alternative fits token 1; SET is what would. */
static bool unexpected(struct parser *p, token_set set)
{
    if (!look(p, 1))
        return false;
    raise_at(p, REQ_ERROR_TOKEN, &p->queue[0])->expected = set;
    return false;
}

static bool match(struct parser *p, enum token_kind kind)
{
    if (!look(p, 1))
        return false;
    if (p->queue[0].kind != kind) {
        raise_at(p, REQ_ERROR_EXPECTED, &p->queue[0])->expected = TOKEN_BIT(kind);
        return false;
    }
    p->pending++;
    return true;
}

/* Match any of SET, and have the token. */
static bool match_in(struct parser *p, token_set set, struct token *out)
{
    if (!next_in(p, set))
        return unexpected(p, set);
    *out = p->queue[0];
    p->pending++;
    return true;
}

/* The end of a rule: an error raised by its body is reported, and tokens are dropped up to FOLLOW. */
static bool end_rule(struct parser *p, bool ok, token_set follow)
{
    if (ok || p->dead)
        return !p->dead;
    vec_push(p->arena, &p->errors, p->raised);
    do
        p->pending++;
    while (!next_in(p, follow | T(EOF)) && !p->dead);
    return !p->dead;
}

/* -- Operands */

/* integer = INTEGER: like C's atol, then cut to 32 bits (§2.4) */
static bool integer(struct parser *p, uint32_t *out)
{
    struct token t = {0};
    uint64_t value = 0;
    *out = 0;
    bool ok = look(p, 1) && (t = p->queue[0], match(p, TOKEN_INTEGER));
    if (!ok)
        return end_rule(p, false, FOLLOW_INTEGER);
    for (size_t i = 0; i < t.text.n; i++) {
        uint64_t digit = t.text.p[i] - '0';
        value = value > (INT64_MAX - digit) / 10 ? INT64_MAX : value * 10 + digit;
    }
    *out = (uint32_t)value;
    return true;
}

/* name = DOTKEY | STRING */
static bool name(struct parser *p, struct bytes *out)
{
    struct token t = {0};
    bool ok = match_in(p, NAMES, &t);
    *out = t.text;
    return end_rule(p, ok, F9);
}

/* stringvalue = DOTKEY | STRING (inside brackets and values) */
static bool string_value(struct parser *p, struct token *out)
{
    bool ok = match_in(p, NAMES, out);
    return end_rule(p, ok, FOLLOW_VALUE | T(RBRACK));
}

static uint8_t hex_digit(uint8_t c)
{
    return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}

/* Pairs of hex digits; the lexer delivers nothing else, an odd last one is left out. */
static void hex_bytes(struct bytes digits, uint8_t *out)
{
    for (size_t i = 0; i + 1 < digits.n; i += 2)
        out[i / 2] = (uint8_t)(hex_digit(digits.p[i]) << 4 | hex_digit(digits.p[i + 1]));
}

static bool hash_body(struct parser *p, uint8_t out[20])
{
    if (!look(p, 1))
        return false;
    struct token t = p->queue[0];
    if (!match(p, TOKEN_HASHCONSTANT))
        return false;
    if (t.text.n != 40) {
        raise_at(p, REQ_ERROR_HASH_LENGTH, &t);
        return false;
    }
    hex_bytes(t.text, out);
    return true;
}

/* hash = HASHCONSTANT of 40 digits */
static bool hash(struct parser *p, uint8_t out[20])
{
    memset(out, 0, 20);
    return end_rule(p, hash_body(p, out), F9);
}

/* eql = [ "=" | "==" ] */
static bool eql(struct parser *p)
{
    struct token t;
    bool ok = next_in(p, FOLLOW_EQL) || match_in(p, EQUALS | FOLLOW_EQL, &t);
    return end_rule(p, ok, FOLLOW_EQL);
}

/* path = DOTKEY | STRING | PATHNAME */
static bool path(struct parser *p, struct token *out)
{
    bool ok = match_in(p, PATHS, out);
    return end_rule(p, ok, F9);
}

static bool file_digest(struct parser *p, const struct token *file, uint8_t out[20])
{
    const char *name = bytes_cstr(p->arena, file->text);
    if (file->text.n > 0 && p->hash_file && p->hash_file(p->hash_self, name, out))
        return true;
    raise_at(p, REQ_ERROR_FILE, file)->subject = file->text;
    return false;
}

/* certdigest = HASHCONSTANT | path, the SHA-1 of that file */
static bool certificate_digest(struct parser *p, uint8_t out[20])
{
    struct token file = {0};
    bool ok;
    memset(out, 0, 20);
    if (next_in(p, T(HASHCONSTANT)))
        ok = hash(p, out);
    else if (next_in(p, PATHS))
        ok = path(p, &file) && file_digest(p, &file, out);
    else
        ok = unexpected(p, DIGESTS);
    return end_rule(p, ok, F9);
}

static bool bracket_body(struct parser *p, struct token *key)
{
    return match(p, TOKEN_LBRACK) && string_value(p, key) && match(p, TOKEN_RBRACK);
}

/* bracket = "[" ( DOTKEY | STRING ) "]"; a key that was read stays read when the "]" is missing */
static bool bracket(struct parser *p, struct token *key)
{
    return end_rule(p, bracket_body(p, key), FOLLOW_BRACKET);
}

/* -- Matches */

static bool data_value_body(struct parser *p, struct bytes *out)
{
    struct token t = {0};
    if (next_in(p, NAMES)) {
        bool ok = string_value(p, &t);
        *out = t.text;
        return ok;
    }
    if (!match_in(p, VALUES, &t))
        return false;
    if (t.text.n % 2 != 0) {
        raise_at(p, REQ_ERROR_HEX_ODD, &t);
        return false;
    }
    uint8_t *bytes = arena_alloc(p->arena, t.text.n / 2);
    hex_bytes(t.text, bytes);
    *out = bytes_of(bytes, t.text.n / 2);
    return true;
}

/* datavalue = DOTKEY | STRING | HEXCONSTANT */
static bool data_value(struct parser *p, struct bytes *out)
{
    return end_rule(p, data_value_body(p, out), FOLLOW_VALUE);
}

static bool timestamp_body(struct parser *p, int64_t *seconds)
{
    if (!match(p, WORD_TIMESTAMP) || !look(p, 1))
        return false;
    struct token t = p->queue[0];
    if (!match(p, TOKEN_STRING))
        return false;
    req_date_parse(t.text, seconds); /* a bad date is 0, without an error (§2.5) */
    return true;
}

/* timestamp = "timestamp" STRING */
static bool timestamp(struct parser *p, enum req_match op)
{
    int64_t seconds = 0;
    bool alive = end_rule(p, timestamp_body(p, &seconds), F9);
    maker_word(&p->maker, op);
    maker_date(&p->maker, seconds);
    return alive;
}

static bool value_match(struct parser *p, enum req_match op)
{
    struct bytes value = {NULL, 0};
    bool alive = data_value(p, &value);
    maker_word(&p->maker, op);
    maker_data(&p->maker, value);
    return alive;
}

/* Behind ( "=" | "==" ): [ "*" ] datavalue [ "*" ] */
static bool wildcard_match(struct parser *p)
{
    struct bytes value = {NULL, 0};
    bool before = false, behind = false;
    if (next_in(p, T(STAR)))
        before = match(p, TOKEN_STAR);
    else if (!next_in(p, VALUES))
        return unexpected(p, VALUES | T(STAR));
    if (!data_value(p, &value))
        return false;
    if (next_in(p, T(STAR)))
        behind = match(p, TOKEN_STAR);
    else if (!next_in(p, F9))
        return unexpected(p, F9 | T(STAR));
    maker_word(&p->maker, before   ? behind ? MATCH_CONTAINS : MATCH_ENDS
                          : behind ? MATCH_BEGINS
                                   : MATCH_EQUAL);
    maker_data(&p->maker, value);
    return true;
}

static enum req_match order_match(enum token_kind kind, bool date)
{
    switch (kind) {
    case TOKEN_LESS: return date ? MATCH_BEFORE : MATCH_LESS;
    case TOKEN_GT: return date ? MATCH_AFTER : MATCH_GREATER;
    case TOKEN_LE: return date ? MATCH_ON_OR_BEFORE : MATCH_LESS_EQUAL;
    case TOKEN_GE: return date ? MATCH_ON_OR_AFTER : MATCH_GREATER_EQUAL;
    default: return MATCH_ON;
    }
}

/* What may stand where a match does. */
#define MATCH_FIRST (F9 | W(EXISTS) | W(ABSENT) | T(SUBS) | EQUALS | ORDERS)

static bool match_body(struct parser *p)
{
    struct token t;
    if (next_in(p, F9 | W(EXISTS))) {
        maker_word(&p->maker, MATCH_EXISTS);
        return !next_in(p, W(EXISTS)) || match(p, WORD_EXISTS);
    }
    if (next_in(p, W(ABSENT))) {
        maker_word(&p->maker, MATCH_ABSENT);
        return match(p, WORD_ABSENT);
    }
    if (next_in(p, T(SUBS)))
        return match(p, TOKEN_SUBS) && value_match(p, MATCH_CONTAINS);
    if (next_in(p, EQUALS) && second_in(p, VALUES | T(STAR)))
        return match_in(p, EQUALS, &t) && wildcard_match(p);
    if (next_in(p, ORDERS) && second_in(p, VALUES))
        return match_in(p, ORDERS, &t) && value_match(p, order_match(t.kind, false));
    if (next_in(p, EQUALS | ORDERS) && second_in(p, W(TIMESTAMP)))
        return match_in(p, EQUALS | ORDERS, &t) && timestamp(p, order_match(t.kind, true));
    return unexpected(p, next_in(p, EQUALS | ORDERS) ? VALUES | W(TIMESTAMP) : MATCH_FIRST);
}

/*
 * match = [ "exists" ] | "absent" | ( "=" | "==" ) [ "*" ] datavalue [ "*" ] | "~" datavalue
 *       | ( "<" | ">" | "<=" | ">=" ) datavalue
 *       | ( "=" | "==" | "<" | ">" | "<=" | ">=" ) "timestamp" STRING
 */
static bool match_rule(struct parser *p)
{
    return end_rule(p, match_body(p), F9);
}

/* -- Primaries */

static void put_slot(struct parser *p, enum req_op op, uint32_t slot)
{
    maker_word(&p->maker, op);
    maker_word(&p->maker, slot);
}

/* Certificate bracket keys, tested in this order (§2.2 note 7). */
static const struct {
    const char *prefix;
    enum req_op op;
} certificate_keys[] = {
    {"timestamp.", OP_DATE_EXTENSION}, {"subject.", OP_FIELD}, {"field.", OP_EXTENSION},
    {"extension.", OP_EXTENSION},      {"policy.", OP_POLICY},
};

static bool certificate_key(struct parser *p, uint32_t slot, const struct token *key)
{
    for (size_t i = 0; i < sizeof certificate_keys / sizeof *certificate_keys; i++) {
        struct bytes prefix = bytes_str(certificate_keys[i].prefix), rest;
        if (!bytes_starts(key->text, prefix))
            continue;
        put_slot(p, certificate_keys[i].op, slot);
        bytes_part(key->text, prefix.n, key->text.n - prefix.n, &rest);
        maker_data(&p->maker,
                   certificate_keys[i].op == OP_FIELD ? key->text : maker_oid(p->arena, rest));
        return true;
    }
    raise_at(p, REQ_ERROR_CERT_FIELD, key)->subject = key->text;
    return false;
}

static bool slotspec_body(struct parser *p, uint32_t slot)
{
    if (next_in(p, EQUALS | DIGESTS)) {
        uint8_t digest[20];
        bool alive = eql(p) && certificate_digest(p, digest);
        put_slot(p, OP_ANCHOR_HASH, slot);
        if (alive)
            maker_data(&p->maker, bytes_of(digest, sizeof digest));
        return alive;
    }
    if (!next_in(p, T(LBRACK)))
        return unexpected(p, SLOTSPEC_FIRST);
    struct token key = p->queue[0];
    key.text.n = 0;
    return bracket(p, &key) && certificate_key(p, slot, &key) && match_rule(p);
}

/* slotspec = [ "=" | "==" ] ( HASHCONSTANT | path ) | bracket match */
static bool slotspec(struct parser *p, uint32_t slot)
{
    return end_rule(p, slotspec_body(p, slot), F9);
}

static bool slot_body(struct parser *p, uint32_t *out)
{
    if (next_in(p, T(INTEGER)))
        return integer(p, out);
    if (next_in(p, T(NEG))) {
        bool ok = match(p, TOKEN_NEG) && integer(p, out);
        *out = -*out;
        return ok;
    }
    struct token t;
    if (!match_in(p, W(LEAF) | W(ROOT), &t))
        return false;
    *out = t.kind == WORD_LEAF ? REQ_SLOT_LEAF : (uint32_t)REQ_SLOT_ROOT;
    return true;
}

/* slot = INTEGER | "-" INTEGER | "leaf" | "root" */
static bool slot(struct parser *p, uint32_t *out)
{
    *out = 0;
    return end_rule(p, slot_body(p, out), FOLLOW_SLOT);
}

static bool apple_tail_body(struct parser *p)
{
    struct bytes anchor = {NULL, 0};
    if (next_in(p, F9)) {
        maker_word(&p->maker, OP_ANCHOR_APPLE);
        return true;
    }
    if (next_in(p, W(GENERIC))) {
        maker_word(&p->maker, OP_APPLE_GENERIC);
        return match(p, WORD_GENERIC);
    }
    if (!next_in(p, NAMES))
        return unexpected(p, F9 | W(GENERIC) | NAMES);
    bool alive = name(p, &anchor);
    maker_word(&p->maker, OP_NAMED_ANCHOR);
    maker_data(&p->maker, anchor);
    return alive;
}

/* Behind "anchor" "apple": [ "generic" | name ] */
static bool apple_tail(struct parser *p)
{
    return end_rule(p, apple_tail_body(p), F9);
}

/* Behind ( "certificate" | "cert" ): slot ( slotspec | "trusted" ) */
static bool slot_tail(struct parser *p)
{
    uint32_t number;
    if (!slot(p, &number))
        return false;
    if (next_in(p, SLOTSPEC_FIRST))
        return slotspec(p, number);
    if (!next_in(p, W(TRUSTED)))
        return unexpected(p, SLOTSPEC_FIRST | W(TRUSTED));
    put_slot(p, OP_TRUSTED, number);
    return match(p, WORD_TRUSTED);
}

#define SLOT_FIRST (T(NEG) | W(LEAF) | W(ROOT) | T(INTEGER))

static bool certspec_body(struct parser *p)
{
    struct token t;
    token_set anchors = W(ANCHOR) | W(CERT) | W(CERTIFICATE);
    if (next_in(p, W(ANCHOR)) && second_in(p, W(APPLE)))
        return match(p, WORD_ANCHOR) && match(p, WORD_APPLE) && apple_tail(p);
    if (next_in(p, W(ANCHOR)) && second_in(p, W(GENERIC))) {
        maker_word(&p->maker, OP_APPLE_GENERIC);
        return match(p, WORD_ANCHOR) && match(p, WORD_GENERIC) && match(p, WORD_APPLE);
    }
    if (next_in(p, anchors) && second_in(p, W(TRUSTED))) {
        maker_word(&p->maker, OP_ANCHOR_TRUSTED);
        return match_in(p, anchors, &t) && match(p, WORD_TRUSTED);
    }
    if (next_in(p, W(CERT) | W(CERTIFICATE)) && second_in(p, SLOT_FIRST))
        return match_in(p, anchors, &t) && slot_tail(p);
    if (next_in(p, W(ANCHOR)) && second_in(p, SLOTSPEC_FIRST))
        return match(p, WORD_ANCHOR) && slotspec(p, (uint32_t)REQ_SLOT_ROOT);
    return unexpected(p, anchors);
}

/*
 * certspec = "anchor" "apple" [ "generic" | name ] | "anchor" "generic" "apple"
 *          | ( "certificate" | "cert" | "anchor" ) "trusted"
 *          | ( "certificate" | "cert" ) slot ( slotspec | "trusted" )
 *          | "anchor" slotspec
 */
static bool certspec(struct parser *p)
{
    return end_rule(p, certspec_body(p), F9);
}

static bool keyed_body(struct parser *p, enum token_kind word, enum req_op op)
{
    struct token key = {0};
    if (!match(p, word) || !bracket(p, &key))
        return false;
    maker_word(&p->maker, op);
    maker_data(&p->maker, key.text);
    return match_rule(p);
}

/* infospec = "info" bracket match; entitlementspec = "entitlement" bracket match */
static bool keyed(struct parser *p, enum token_kind word, enum req_op op)
{
    return end_rule(p, keyed_body(p, word, op), F9);
}

static bool constant(struct parser *p, enum req_op op)
{
    maker_word(&p->maker, op);
    p->pending++;
    return true;
}

/* "identifier" [ "=" | "==" ] name */
static bool identifier(struct parser *p)
{
    struct bytes value = {NULL, 0};
    if (!match(p, WORD_IDENTIFIER) || !eql(p) || !name(p, &value))
        return false;
    maker_word(&p->maker, OP_IDENTIFIER);
    maker_data(&p->maker, value);
    return true;
}

/* "cdhash" [ "=" | "==" ] HASHCONSTANT */
static bool cdhash(struct parser *p)
{
    uint8_t digest[20];
    if (!match(p, WORD_CDHASH) || !eql(p) || !hash(p, digest))
        return false;
    maker_word(&p->maker, OP_CDHASH);
    maker_data(&p->maker, bytes_of(digest, sizeof digest));
    return true;
}

/* "platform" [ "=" | "==" ] INTEGER */
static bool platform(struct parser *p)
{
    uint32_t number;
    if (!match(p, WORD_PLATFORM) || !eql(p) || !integer(p, &number))
        return false;
    maker_word(&p->maker, OP_PLATFORM);
    maker_word(&p->maker, number);
    return true;
}

/* A primary that opens nothing. */
static bool leaf(struct parser *p)
{
    maker_piece(&p->maker);
    switch (p->queue[0].kind) {
    case WORD_ALWAYS:
    case WORD_TRUE: return constant(p, OP_ALWAYS);
    case WORD_NEVER:
    case WORD_FALSE: return constant(p, OP_NEVER);
    case WORD_NOTARIZED: return constant(p, OP_NOTARIZED);
    case WORD_LEGACY: return constant(p, OP_LEGACY);
    case WORD_ANCHOR:
    case WORD_CERT:
    case WORD_CERTIFICATE: return certspec(p);
    case WORD_INFO: return keyed(p, WORD_INFO, OP_INFO);
    case WORD_ENTITLEMENT: return keyed(p, WORD_ENTITLEMENT, OP_ENTITLEMENT);
    case WORD_IDENTIFIER: return identifier(p);
    case WORD_CDHASH: return cdhash(p);
    case WORD_PLATFORM: return platform(p);
    default: return unexpected(p, PRIMARY_FIRST);
    }
}

/* -- Expressions */

static void push(struct parser *p, enum level level)
{
    vec_push(p->arena, &p->stack, (struct parse_frame){level, (uint32_t)p->maker.pieces.n});
}

/* A level of the source's own nesting: "(" or "!". */
static bool push_nesting(struct parser *p, enum level level)
{
    if (p->depth == LIMIT_REQ_SOURCE_DEPTH) {
        raise_at(p, REQ_ERROR_NESTING, &p->queue[0]);
        return die(p);
    }
    p->depth++;
    push(p, level);
    return true;
}

static void push_expression(struct parser *p)
{
    push(p, LEVEL_EXPR);
    push(p, LEVEL_TERM);
}

/* "(" name ")" */
static bool named_code(struct parser *p)
{
    struct bytes code = {NULL, 0};
    maker_piece(&p->maker);
    if (!match(p, TOKEN_LPAREN) || !name(p, &code))
        return false;
    maker_word(&p->maker, OP_NAMED_CODE);
    maker_data(&p->maker, code);
    return match(p, TOKEN_RPAREN);
}

/* "(" expr ")" | "(" name ")" */
static bool parenthesis(struct parser *p, bool *opened)
{
    if (second_in(p, PRIMARY_FIRST)) {
        *opened = push_nesting(p, LEVEL_PAREN) && match(p, TOKEN_LPAREN);
        push_expression(p);
        return *opened;
    }
    bool ok = second_in(p, NAMES) ? named_code(p) : unexpected(p, PRIMARY_FIRST & ~T(LPAREN));
    return end_rule(p, ok, F9);
}

/*
 * primary = "(" expr ")" | "!" primary | "always" | "true" | "never" | "false" | certspec | infospec
 *         | entitlementspec | "identifier" … | "cdhash" … | "platform" … | "notarized" | "legacy"
 *         | "(" name ")"
 *
 * OPENED: it began with what encloses another primary, which follows.
 */
static bool primary(struct parser *p, bool *opened)
{
    *opened = false;
    if (!look(p, 1))
        return false;
    if (p->queue[0].kind == TOKEN_LPAREN)
        return parenthesis(p, opened);
    if (p->queue[0].kind != TOKEN_NOT)
        return end_rule(p, leaf(p), F9);
    if (!push_nesting(p, LEVEL_NOT))
        return false;
    maker_piece(&p->maker);
    maker_word(&p->maker, OP_NOT);
    *opened = true;
    return match(p, TOKEN_NOT);
}

/* "and" or "or" behind an operand of FRAME, whose code it goes before. */
static bool operator_follows(struct parser *p, const struct parse_frame *frame)
{
    bool is_and = frame->level == LEVEL_TERM;
    if (!next_in(p, is_and ? W(AND) : W(OR)))
        return false;
    if (frame->piece < p->maker.pieces.n)
        maker_insert(&p->maker, frame->piece, is_and ? OP_AND : OP_OR);
    p->pending++;
    return true;
}

/* A primary ended: close what ends with it. MORE: an operator was read, another primary follows. */
static bool close_levels(struct parser *p, bool *more)
{
    *more = false;
    while (p->stack.n > 0) {
        struct parse_frame frame = p->stack.at[p->stack.n - 1];
        if (frame.level == LEVEL_TERM || frame.level == LEVEL_EXPR) {
            if (operator_follows(p, &frame)) {
                if (frame.level == LEVEL_EXPR)
                    push(p, LEVEL_TERM);
                *more = true;
                return true;
            }
            p->stack.n--;
            continue;
        }
        p->stack.n--;
        p->depth--;
        if (frame.level == LEVEL_PAREN && !end_rule(p, match(p, TOKEN_RPAREN), F9))
            return false;
    }
    return !p->dead;
}

/* expr = term { "or" term }; term = primary { "and" primary } */
static bool expr(struct parser *p)
{
    bool more = true;
    p->stack.n = 0;
    p->depth = 0;
    push_expression(p);
    while (more) {
        bool opened;
        if (!primary(p, &opened))
            return false;
        if (!opened && !close_levels(p, &more))
            return false;
    }
    return true;
}

/* -- Start rules */

/* element = expr { ";" } */
static bool element(struct parser *p, struct bytes *out)
{
    maker_reset(&p->maker);
    if (!expr(p))
        return false;
    while (next_in(p, T(SEMI)))
        p->pending++;
    if (p->errors.n == 0)
        *out = maker_finish(&p->maker);
    return !p->dead;
}

/* requirement = element EOF */
static bool requirement(struct parser *p)
{
    bool ok = element(p, &p->single) && match(p, TOKEN_EOF);
    return end_rule(p, ok, T(EOF));
}

static bool tag_body(struct parser *p, uint32_t *type)
{
    static const struct {
        enum token_kind word;
        uint32_t type;
    } tags[] = {
        {WORD_HOST, 1}, {WORD_GUEST, 2}, {WORD_DESIGNATED, 3}, {WORD_LIBRARY, 4}, {WORD_PLUGIN, 5}};
    struct token t = {0};
    if (next_in(p, T(INTEGER)))
        return integer(p, type);
    if (!match_in(p, TAG_FIRST, &t))
        return false;
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
        if (tags[i].word == t.kind)
            *type = tags[i].type;
    return true;
}

/* tag = "guest" | "host" | "designated" | "library" | "plugin" | INTEGER */
static bool tag(struct parser *p, uint32_t *type)
{
    return end_rule(p, tag_body(p, type), T(ARROW));
}

static bool set_body(struct parser *p)
{
    if (!next_in(p, TAG_FIRST))
        return unexpected(p, TAG_FIRST);
    while (next_in(p, TAG_FIRST)) {
        struct set_entry entry = {.order = p->entries.n};
        if (!tag(p, &entry.type) || !match(p, TOKEN_ARROW) || !element(p, &entry.requirement))
            return false;
        vec_push(p->arena, &p->entries, entry);
    }
    return match(p, TOKEN_EOF);
}

/* requirementSet = tag "=>" element { tag "=>" element } EOF */
static bool requirement_set(struct parser *p)
{
    p->is_set = true;
    return end_rule(p, set_body(p), T(EOF));
}

/* auto = requirement | requirementSet */
static bool automatic(struct parser *p)
{
    bool ok;
    if (next_in(p, PRIMARY_FIRST))
        ok = requirement(p);
    else if (next_in(p, TAG_FIRST))
        ok = requirement_set(p);
    else
        ok = unexpected(p, PRIMARY_FIRST | TAG_FIRST);
    return end_rule(p, ok, T(EOF));
}

void parse(struct parser *p, enum req_mode mode)
{
    if (mode == REQ_SINGLE)
        (void)requirement(p);
    else if (mode == REQ_SET)
        (void)requirement_set(p);
    else
        (void)automatic(p);
}
