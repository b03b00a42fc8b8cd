/* SPDX-License-Identifier: Apache-2.0 */
/* Rule conditions: reading them from YAML. The words are in rule_conds.def and rule_patterns.def. */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "lang/compile.h"
#include "policy/rule_check.h"
#include "policy/rule_fact.h"
#include "policy/rule_read.h"

static const char *const cond_words[] = {
#define COND(id, name, about) name,
#include "policy/rule_conds.def"
#undef COND
};

static const char *const pattern_words[] = {
#define PATTERN(id, name, about) name,
#include "policy/rule_patterns.def"
#undef PATTERN
};

/* The index of WORD in WORDS, N when it is none. */
static size_t word_find(const char *const *words, size_t n, const char *word)
{
    size_t i = 0;

    while (i < n && strcmp(words[i], word) != 0)
        i++;
    return i;
}

bool rule_refuse(struct rule_reader *r, const struct value *v, const char *message,
                 const char *suggestion)
{
    struct source_span nowhere = {0};

    *r->error = (struct value_error){message, suggestion, v ? v->span : nowhere};
    return false;
}

const char *scalar_text(const struct value *v)
{
    if (!v || v->type == VALUE_ARRAY || v->type == VALUE_DICT)
        return NULL;
    return v->bytes.p ? (const char *)v->bytes.p : "";
}

bool rule_read_path(struct rule_reader *r, const struct value *v, struct rule_path *out)
{
    const char *s = scalar_text(v);

    if (!s)
        return rule_refuse(r, v, "a path is expected", NULL);
    if (path_read(r->a, bytes_str(s), &r->names, out, r->error))
        return true;
    r->error->span = v->span;
    return false;
}

bool rule_read_text(struct rule_reader *r, const struct value *v, struct rule_text *out)
{
    const char *s = scalar_text(v);

    if (!s)
        return rule_refuse(r, v, "a text is expected", NULL);
    if (text_read(r->a, s, &r->names, out, r->error))
        return true;
    r->error->span = v->span;
    return false;
}

/* -- patterns */

static struct pattern *pattern_read(struct rule_reader *r, const struct value *v);

static bool add_pattern(struct rule_reader *r, struct pattern *p, struct pattern *part)
{
    if (part)
        vec_push(r->a, &p->parts, part);
    return part != NULL;
}

static bool read_list(struct rule_reader *r, const struct value *v, struct pattern *p)
{
    p->kind = PATTERN_ONE_OF;
    for (size_t i = 0; i < v->count; i++)
        if (!add_pattern(r, p, pattern_read(r, v->items[i])))
            return false;
    return true;
}

static bool unknown_pattern(struct rule_reader *r, const struct value *v, const char *word)
{
    return rule_refuse(r, v, arena_printf(r->a, "'%s' is no word of a pattern", word),
                       text_suggest(word, pattern_words, PATTERN_COUNT));
}

static bool read_entries(struct rule_reader *r, const struct value *v, struct pattern *p)
{
    if (!value_is(v, VALUE_DICT))
        return rule_refuse(r, v, "entries and patterns are expected", NULL);
    for (size_t i = 0; i < v->count; i++) {
        if (!add_pattern(r, p, pattern_read(r, v->items[i])))
            return false;
        vec_push(r->a, &p->keys, (const char *)v->keys[i].name.p);
    }
    return true;
}

/* The operand V of the word of KIND. */
static struct pattern *operand_read(struct rule_reader *r, enum pattern_kind kind,
                                    const struct value *v)
{
    struct pattern *p = arena_new_of(r->a, struct pattern);
    bool ok;

    p->kind = kind;
    p->literal = v;
    switch (kind) {
    case PATTERN_NOT:
    case PATTERN_SOME:
    case PATTERN_EVERY:
    case PATTERN_HAS: ok = add_pattern(r, p, pattern_read(r, v)); break;
    case PATTERN_WHERE: ok = read_entries(r, v, p); break;
    case PATTERN_BEGINS_ANY:
    case PATTERN_UNDER_ANY:
    case PATTERN_IN: ok = rule_read_path(r, v, &p->path); break;
    case PATTERN_EMPTY:
        ok = value_is(v, VALUE_BOOL) || rule_refuse(r, v, "yes or no is expected", NULL);
        break;
    default: ok = rule_read_text(r, v, &p->text);
    }
    return ok ? p : NULL;
}

static bool read_words(struct rule_reader *r, const struct value *v, struct pattern *p)
{
    p->kind = PATTERN_ALL;
    for (size_t i = 0; i < v->count; i++) {
        const char *word = (const char *)v->keys[i].name.p;
        size_t kind = word_find(pattern_words, PATTERN_COUNT, word);
        if (kind >= PATTERN_COUNT)
            return unknown_pattern(r, v->items[i], word);
        if (!add_pattern(r, p, operand_read(r, (enum pattern_kind)kind, v->items[i])))
            return false;
    }
    return true;
}

static struct pattern *pattern_read(struct rule_reader *r, const struct value *v)
{
    struct pattern *p = arena_new_of(r->a, struct pattern);
    bool ok;

    p->literal = v;
    if (value_is(v, VALUE_ARRAY))
        ok = read_list(r, v, p);
    else if (value_is(v, VALUE_DICT))
        ok = read_words(r, v, p);
    else
        ok = rule_read_text(r, v, &p->text);
    return ok ? p : NULL;
}

/* -- conditions */

static bool add_cond(struct rule_reader *r, struct cond *c, struct cond *part)
{
    if (part)
        vec_push(r->a, &c->parts, part);
    return part != NULL;
}

static struct cond *new_cond(struct rule_reader *r, enum cond_kind kind, const struct value *v)
{
    struct cond *c = arena_new_of(r->a, struct cond);

    c->kind = kind;
    c->span = v->span;
    return c;
}

/* A list of conditions, each a part. */
static bool read_parts(struct rule_reader *r, const struct value *v, struct cond *c)
{
    if (!value_is(v, VALUE_ARRAY))
        return add_cond(r, c, cond_read(r, v));
    for (size_t i = 0; i < v->count; i++)
        if (!add_cond(r, c, cond_read(r, v->items[i])))
            return false;
    return true;
}

/* One path, or a list of paths: each a part of its own. */
static bool read_paths(struct rule_reader *r, const struct value *v, struct cond *c)
{
    size_t n = value_is(v, VALUE_ARRAY) ? v->count : 1;

    for (size_t i = 0; i < n; i++) {
        const struct value *item = value_is(v, VALUE_ARRAY) ? v->items[i] : v;
        struct cond *part = new_cond(r, c->kind, item);
        if (!rule_read_path(r, item, &part->path))
            return false;
        add_cond(r, c, part);
    }
    c->kind = COND_ALL;
    return true;
}

static bool read_requirement(struct rule_reader *r, const struct value *v, struct cond *c)
{
    const char *s = scalar_text(v);
    struct req_options options = {.mode = REQ_SINGLE};
    struct req_compiled compiled;

    if (!s)
        return rule_refuse(r, v, "a requirement is expected", NULL);
    compiled = req_compile(r->a, bytes_str(s), &options);
    if (!compiled.ok)
        return rule_refuse(r, v, (const char *)req_errors_text(r->a, &compiled.errors).p, NULL);
    c->requirement = compiled.blob;
    return true;
}

static bool read_check(struct rule_reader *r, const struct value *v, struct cond *c)
{
    const char *s = scalar_text(v);

    c->check = s ? rule_check_find(s) : NULL;
    if (c->check)
        return true;
    return rule_refuse(r, v, arena_printf(r->a, "there is no check '%s'", s ? s : "…"),
                       s ? rule_check_suggest(s) : NULL);
}

static bool read_keyword(struct rule_reader *r, const struct value *v, struct cond *c)
{
    switch (c->kind) {
    case COND_EXISTS:
    case COND_MISSING: return read_paths(r, v, c);
    case COND_REQUIREMENT: return read_requirement(r, v, c);
    case COND_MEETS:
    case COND_COMPILES: return rule_read_text(r, v, &c->text);
    case COND_CHECK: return read_check(r, v, c);
    default: return read_parts(r, v, c);
    }
}

static bool read_fact(struct rule_reader *r, const struct value_key *key, const struct value *v,
                      struct cond *c)
{
    if (!path_read(r->a, key->name, &r->names, &c->path, r->error)) {
        size_t n = sizeof cond_words / sizeof *cond_words;
        const char *near = text_suggest((const char *)key->name.p, cond_words, n);
        r->error->span = key->span;
        if (near)
            r->error->suggestion = near;
        return false;
    }
    if (path_is_code(&c->path)) {
        c->kind = COND_CODE;
        return add_cond(r, c, cond_read(r, v));
    }
    c->pattern = pattern_read(r, v);
    return c->pattern != NULL;
}

/* One entry of a condition: a keyword or a path, and what belongs to it. */
static struct cond *entry_read(struct rule_reader *r, const struct value_key *key,
                               const struct value *v)
{
    size_t n = sizeof cond_words / sizeof *cond_words;
    size_t word = word_find(cond_words, n, (const char *)key->name.p);
    struct cond *c = new_cond(r, word < n ? (enum cond_kind)word : COND_FACT, v);
    bool ok = word < n ? read_keyword(r, v, c) : read_fact(r, key, v, c);

    return ok ? c : NULL;
}

struct cond *cond_read(struct rule_reader *r, const struct value *v)
{
    struct cond *c = new_cond(r, COND_ALL, v);

    if (value_is(v, VALUE_ARRAY))
        return read_parts(r, v, c) ? c : NULL;
    if (!value_is(v, VALUE_DICT)) {
        rule_refuse(r, v, "a condition is expected: facts and what they must be like", NULL);
        return NULL;
    }
    for (size_t i = 0; i < v->count; i++)
        if (!add_cond(r, c, entry_read(r, &v->keys[i], v->items[i])))
            return NULL;
    return c;
}
