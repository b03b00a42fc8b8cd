/* SPDX-License-Identifier: Apache-2.0 */
/* Lint: what only the text tells (see lint.h). Works on tokens; the text is known to compile. */
#include "config.h"

#include "base/arena.h"
#include "base/oid.h"
#include "lang/date.h"
#include "lang/lex.h"
#include "lang/lint.h"
#include "lang/maker.h"

struct reader {
    struct arena *a;
    struct req_lint_vec *out;
    struct token last;                    /* the token before this one */
    uint64_t tags;                        /* types given so far, those below 64 */
    struct levels VEC_OF(uint8_t) levels; /* by open parenthesis: which operators were seen */
    bool precedence;                      /* told, or not worth telling */
};

enum { SEEN_AND = 1, SEEN_OR = 2 };

static void add(struct reader *r, enum lint_id id, struct bytes part)
{
    vec_push(r->a, r->out, (struct req_lint){id, bytes_printable(r->a, part, 120)});
}

/* timestamp "…" */
static void look_at_date(struct reader *r, const struct token *t)
{
    int64_t seconds;
    if (r->last.kind == WORD_TIMESTAMP && t->kind == TOKEN_STRING &&
        !req_date_parse(t->text, &seconds))
        add(r, LINT_ID_BAD_DATE, t->text);
}

/* [field.…] and its like: what is stored must be all that was written. */
static void look_at_oid(struct reader *r, const struct token *t)
{
    static const char *const prefixes[] = {"field.", "extension.", "policy.", "timestamp."};
    struct bytes dotted, whole;
    if (r->last.kind != TOKEN_LBRACK)
        return;
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        size_t n = strlen(prefixes[i]);
        if (!bytes_starts(t->text, bytes_str(prefixes[i])) ||
            !bytes_part(t->text, n, t->text.n - n, &dotted))
            continue;
        if (!oid_parse(r->a, bytes_cstr(r->a, dotted), &whole) ||
            !bytes_equal(whole, maker_oid(r->a, dotted)))
            add(r, LINT_ID_BAD_OID, t->text);
    }
}

/* TAG => */
static void look_at_tag(struct reader *r, const struct token *t)
{
    uint64_t type = 0;
    if (t->kind != TOKEN_ARROW)
        return;
    switch (r->last.kind) {
    case WORD_HOST: type = 1; break;
    case WORD_GUEST: type = 2; break;
    case WORD_DESIGNATED: type = 3; break;
    case WORD_LIBRARY: type = 4; break;
    case WORD_PLUGIN: type = 5; break;
    default:
        for (size_t i = 0; i < r->last.text.n && type < 64; i++)
            type = type * 10 + (r->last.text.p[i] - '0');
    }
    if (type == 0 || type > 5)
        add(r, LINT_ID_TAG_UNKNOWN, r->last.text);
    if (type < 64 && (r->tags >> type & 1))
        add(r, LINT_ID_TAG_TWICE, r->last.text);
    if (type < 64)
        r->tags |= UINT64_C(1) << type;
}

/* Both operators on one level, without parentheses. */
static void look_at_operator(struct reader *r, const struct token *t)
{
    static const uint8_t none = 0;
    if (r->levels.n == 0 || t->kind == TOKEN_LPAREN) {
        vec_push(r->a, &r->levels, none);
    } else if (t->kind == TOKEN_RPAREN) {
        r->levels.n -= r->levels.n > 1;
    } else if (t->kind == TOKEN_ARROW) {
        r->levels.n = 1;
        r->levels.at[0] = 0;
    }
    uint8_t *seen = &r->levels.at[r->levels.n - 1];
    if (t->kind == WORD_AND)
        *seen |= SEEN_AND;
    if (t->kind == WORD_OR)
        *seen |= SEEN_OR;
    if (*seen == (SEEN_AND | SEEN_OR) && !r->precedence) {
        r->precedence = true;
        add(r, LINT_ID_PRECEDENCE, bytes_str(""));
    }
}

/* The mark of text that a Mac printed, which has no parentheses that could be left out. */
static bool was_printed(struct bytes text)
{
    static const char mark[] = "/* exists */";
    return text.n && memmem(text.p, text.n, mark, sizeof mark - 1) != NULL;
}

void req_lint_source(struct arena *a, struct bytes text, struct req_lint_vec *out)
{
    struct reader r = {.a = a, .out = out, .precedence = was_printed(text)};
    struct lexer lexer = lexer_of(a, text);
    struct token t;
    while (lex_next(&lexer, &t) && t.kind != TOKEN_EOF) {
        look_at_date(&r, &t);
        look_at_oid(&r, &t);
        look_at_tag(&r, &t);
        look_at_operator(&r, &t);
        r.last = t;
    }
}
