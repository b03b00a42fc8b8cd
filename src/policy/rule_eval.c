/* SPDX-License-Identifier: Apache-2.0 */
/* Rule evaluation: what a stanza says, asked of the facts. */
#include "policy/rule_eval.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"
#include "policy/rule_check.h"
#include "policy/rule_require.h"

static const struct answer absent = {ANSWER_ABSENT, NULL, NULL};

/* -- paths */

static struct answer value_answer(const struct value *v)
{
    return (struct answer){v ? ANSWER_KNOWN : ANSWER_ABSENT, v, NULL};
}

/* -- the code that `with:` calls by name, found by its condition when it is first asked for */

static const struct code *find_inside(struct rule_scope *s, const struct code *c,
                                      const struct cond *cond)
{
    for (size_t i = 0; i < c->child_count; i++) {
        const struct code *found;
        if (cond_holds(s, c->children[i], cond) == VERDICT_YES)
            return c->children[i];
        found = find_inside(s, c->children[i], cond);
        if (found)
            return found;
    }
    return NULL;
}

static const struct code *find_around(struct rule_scope *s, const struct code *c,
                                      const struct cond *cond)
{
    for (c = c->parent; c; c = c->parent)
        if (cond_holds(s, c, cond) == VERDICT_YES)
            return c;
    return NULL;
}

static const struct code *find_anywhere(struct rule_scope *s, const struct cond *cond)
{
    const struct code *peer = s->j->in->peer;

    for (size_t i = 0; i < s->j->all.n; i++)
        if (s->j->all.at[i] != s->self && cond_holds(s, s->j->all.at[i], cond) == VERDICT_YES)
            return s->j->all.at[i];
    if (!peer)
        return NULL;
    return cond_holds(s, peer, cond) == VERDICT_YES ? peer : find_inside(s, peer, cond);
}

static const struct code *named_code(struct rule_scope *s, unsigned i)
{
    const struct rule_with *with = &s->rule->body->with[i];

    if (s->sought & 1u << i)
        return s->with[i];
    s->sought |= 1u << i;
    switch (with->where) {
    case WITH_INSIDE: s->with[i] = find_inside(s, s->self, with->cond); break;
    case WITH_AROUND: s->with[i] = find_around(s, s->self, with->cond); break;
    case WITH_ANYWHERE: s->with[i] = find_anywhere(s, with->cond); break;
    }
    return s->with[i];
}

static struct answer root_answer(struct rule_scope *s, const struct code *c,
                                 const struct rule_path *path)
{
    switch (path->root) {
    case ROOT_ITEM: return value_answer(s->item);
    case ROOT_ROW: return value_answer(s->row);
    case ROOT_SAID: return value_answer(s->said);
    case ROOT_SELF: c = s->self; break;
    case ROOT_WITH: c = named_code(s, path->with); break;
    case ROOT_FACT: break;
    }
    return (struct answer){c ? ANSWER_KNOWN : ANSWER_ABSENT, NULL, c};
}

struct answer path_answer(struct rule_scope *s, const struct code *c, const struct rule_path *path)
{
    struct answer at = root_answer(s, c, path);

    for (size_t i = 0; i < path->facts.n; i++) {
        const struct rule_fact *fact = rule_fact_at(path->facts.at[i]);
        if (!at.code)
            return absent;
        at = fact->read(s->j, at.code);
        if (at.state == ANSWER_UNKNOWN)
            s->unknown = fact;
        if (at.state != ANSWER_KNOWN)
            return at;
    }
    for (size_t i = 0; i < path->keys.n; i++)
        at = value_answer(value_get_bytes(at.value, path->keys.at[i]));
    return at;
}

/* A scalar as text; NULL for others. */
static const char *value_word(struct arena *a, const struct value *v)
{
    if (!v)
        return NULL;
    if (v->type == VALUE_STRING)
        return value_cstr(v);
    if (v->type == VALUE_INT)
        return arena_printf(a, "%" PRId64, v->integer);
    if (v->type == VALUE_BOOL)
        return v->boolean ? "true" : "false";
    return NULL;
}

const char *path_text(struct rule_scope *s, const struct code *c, const struct rule_path *path)
{
    struct answer at = path_answer(s, c, path);
    const char *word = value_word(s->j->a, at.value);

    if (at.code)
        return code_log_name(at.code);
    return word || !at.value ? word : value_text(s->j->a, at.value);
}

/* -- texts */

char *text_fill(struct rule_scope *s, const struct code *c, const struct rule_text *text,
                const char * or)
{
    struct buf b = {.arena = s->j->a};

    for (size_t i = 0; i < text->pieces.n; i++) {
        const struct text_piece *piece = &text->pieces.at[i];
        const char *part = piece->text ? piece->text : path_text(s, c, &piece->path);
        if (!part && ! or)
            return NULL;
        buf_str(&b, part ? part : or);
    }
    return arena_strdup(s->j->a, buf_cstr(&b));
}

/* -- comparisons */

bool glob_match(const char *pattern, const char *text)
{
    const char *star = NULL, *mark = NULL;

    while (*text) {
        if (*pattern == '*') {
            star = pattern++;
            mark = text;
        } else if (*pattern == *text) {
            pattern++, text++;
        } else if (star) {
            pattern = star + 1;
            text = ++mark;
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        pattern++;
    return *pattern == '\0';
}

int version_compare(const char *a, const char *b)
{
    while (*a || *b) {
        char *end_a, *end_b;
        unsigned long x = strtoul(a, &end_a, 10), y = strtoul(b, &end_b, 10);
        if (x != y)
            return x < y ? -1 : 1;
        a = end_a, b = end_b;
        if (*a && *a != '.')
            a += strlen(a);
        if (*b && *b != '.')
            b += strlen(b);
        a += *a == '.', b += *b == '.';
    }
    return 0;
}

/* -- patterns */

static bool pattern_matches(struct rule_scope *s, const struct code *c, const struct pattern *p,
                            const struct value *v);

static bool equals(struct rule_scope *s, const struct code *c, const struct pattern *p,
                   const struct value *v)
{
    const char *word = value_word(s->j->a, v);
    const char *wanted;

    if (v->type == VALUE_BOOL)
        return value_is(p->literal, VALUE_BOOL) && p->literal->boolean == v->boolean;
    wanted = text_fill(s, c, &p->text, NULL);
    return word && wanted && glob_match(wanted, word);
}

static bool parts_match(struct rule_scope *s, const struct code *c, const struct pattern *p,
                        const struct value *v)
{
    bool all = p->kind == PATTERN_ALL;

    for (size_t i = 0; i < p->parts.n; i++)
        if (pattern_matches(s, c, p->parts.at[i], v) != all)
            return !all;
    return all;
}

/* Members of a list, or the values of a dictionary; a scalar is its own only member. */
static bool members_match(struct rule_scope *s, const struct code *c, const struct pattern *p,
                          const struct value *v)
{
    bool every = p->kind == PATTERN_EVERY;

    if (v->type != VALUE_ARRAY && v->type != VALUE_DICT)
        return pattern_matches(s, c, p->parts.at[0], v);
    for (size_t i = 0; i < v->count; i++)
        if (pattern_matches(s, c, p->parts.at[0], v->items[i]) != every)
            return !every;
    return every;
}

static bool has(struct rule_scope *s, const struct code *c, const struct pattern *p,
                const struct value *v)
{
    const struct pattern *part = p->parts.at[0];

    if (v->type == VALUE_STRING) {
        const char *wanted = text_fill(s, c, &part->text, NULL);
        return wanted && strstr(value_cstr(v), wanted);
    }
    for (size_t i = 0; v->type == VALUE_ARRAY && i < v->count; i++)
        if (pattern_matches(s, c, part, v->items[i]))
            return true;
    for (size_t i = 0; v->type == VALUE_DICT && i < v->count; i++) {
        struct value key = {.type = VALUE_STRING, .bytes = v->keys[i].name};
        if (pattern_matches(s, c, part, &key))
            return true;
    }
    return false;
}

static bool takes_absence(const struct pattern *p);

static bool entries_match(struct rule_scope *s, const struct code *c, const struct pattern *p,
                          const struct value *v)
{
    for (size_t i = 0; i < p->parts.n; i++) {
        const struct value *entry = value_get(v, p->keys.at[i]);
        bool fits =
            entry ? pattern_matches(s, c, p->parts.at[i], entry) : takes_absence(p->parts.at[i]);
        if (!fits)
            return false;
    }
    return v->type == VALUE_DICT;
}

static bool is_under(const char *word, const char *group)
{
    size_t n = strlen(group);

    return strncmp(word, group, n) == 0 && (word[n] == '\0' || word[n] == '.');
}

/* WORD against one member of the list that a pattern names. */
static bool member_fits(enum pattern_kind kind, const char *word, const char *member)
{
    if (!member || *member == '\0')
        return false;
    if (kind == PATTERN_UNDER_ANY)
        return is_under(word, member);
    return kind == PATTERN_BEGINS_ANY ? text_starts(word, member) : strcmp(word, member) == 0;
}

static bool fits_list(struct rule_scope *s, const struct code *c, const struct pattern *p,
                      const struct value *v)
{
    const char *word = value_word(s->j->a, v);
    const struct value *list = path_answer(s, c, &p->path).value;

    if (!word || !list)
        return false;
    if (list->type == VALUE_DICT)
        return p->kind == PATTERN_IN && value_get(list, word);
    if (list->type != VALUE_ARRAY)
        return member_fits(p->kind, word, value_word(s->j->a, list));
    for (size_t i = 0; i < list->count; i++)
        if (member_fits(p->kind, word, value_word(s->j->a, list->items[i])))
            return true;
    return false;
}

static bool is_empty(const struct value *v)
{
    return v->type == VALUE_STRING
               ? v->bytes.n == 0
               : (v->type == VALUE_ARRAY || v->type == VALUE_DICT) && v->count == 0;
}

/* The words that compare text with text. */
static bool text_matches(struct rule_scope *s, const struct code *c, const struct pattern *p,
                         const struct value *v)
{
    const char *word = value_word(s->j->a, v), *wanted = text_fill(s, c, &p->text, NULL);

    if (p->kind == PATTERN_TYPE)
        return wanted && strcmp(value_type_name(v->type), wanted) == 0;
    if (!word || !wanted)
        return false;
    switch (p->kind) {
    case PATTERN_BEGINS: return text_starts(word, wanted);
    case PATTERN_ENDS: return text_ends(word, wanted);
    case PATTERN_AT_LEAST: return version_compare(word, wanted) >= 0;
    default: return version_compare(word, wanted) < 0;
    }
}

static bool pattern_matches(struct rule_scope *s, const struct code *c, const struct pattern *p,
                            const struct value *v)
{
    switch (p->kind) {
    case PATTERN_EQUALS: return equals(s, c, p, v);
    case PATTERN_ONE_OF:
    case PATTERN_ALL: return parts_match(s, c, p, v);
    case PATTERN_NOT: return !pattern_matches(s, c, p->parts.at[0], v);
    case PATTERN_HAS: return has(s, c, p, v);
    case PATTERN_WHERE: return entries_match(s, c, p, v);
    case PATTERN_SOME:
    case PATTERN_EVERY: return members_match(s, c, p, v);
    case PATTERN_EMPTY: return is_empty(v) == p->literal->boolean;
    case PATTERN_BEGINS_ANY:
    case PATTERN_UNDER_ANY:
    case PATTERN_IN: return fits_list(s, c, p, v);
    default: return text_matches(s, c, p, v);
    }
}

/* Whether PATTERN is content with nothing: only `not`, alone or in all of several words. */
static bool takes_absence(const struct pattern *p)
{
    if (p->kind == PATTERN_NOT)
        return !takes_absence(p->parts.at[0]);
    if (p->kind != PATTERN_ALL)
        return false;
    for (size_t i = 0; i < p->parts.n; i++)
        if (!takes_absence(p->parts.at[i]))
            return false;
    return p->parts.n > 0;
}

/* -- conditions */

static enum verdict fact_holds(struct rule_scope *s, const struct code *c, const struct cond *cond)
{
    struct answer at = path_answer(s, c, &cond->path);

    if (at.state == ANSWER_UNKNOWN)
        return VERDICT_UNDECIDED;
    if (!at.value)
        return verdict_of(takes_absence(cond->pattern));
    return verdict_of(pattern_matches(s, c, cond->pattern, at.value));
}

static enum verdict exists(struct rule_scope *s, const struct code *c, const struct cond *cond)
{
    struct answer at = path_answer(s, c, &cond->path);
    enum verdict there =
        at.state == ANSWER_UNKNOWN ? VERDICT_UNDECIDED : verdict_of(at.state == ANSWER_KNOWN);

    return cond->kind == COND_EXISTS ? there : verdict_not(there);
}

static enum verdict all_hold(struct rule_scope *s, const struct code *c, const struct cond *cond)
{
    enum verdict v = VERDICT_YES;

    for (size_t i = 0; v != VERDICT_NO && i < cond->parts.n; i++)
        v = verdict_and(v, cond_holds(s, c, cond->parts.at[i]));
    return v;
}

static enum verdict any_holds(struct rule_scope *s, const struct code *c, const struct cond *cond)
{
    enum verdict v = VERDICT_NO;

    for (size_t i = 0; v != VERDICT_YES && i < cond->parts.n; i++)
        v = verdict_or(v, cond_holds(s, c, cond->parts.at[i]));
    return v;
}

static enum verdict inside_holds(struct rule_scope *s, const struct code *c,
                                 const struct cond *cond)
{
    enum verdict v = VERDICT_NO;

    for (size_t i = 0; v != VERDICT_YES && i < c->child_count; i++) {
        v = verdict_or(v, all_hold(s, c->children[i], cond));
        v = verdict_or(v, inside_holds(s, c->children[i], cond));
    }
    return v;
}

static enum verdict around_holds(struct rule_scope *s, const struct code *c,
                                 const struct cond *cond)
{
    enum verdict v = VERDICT_NO;

    for (c = c->parent; c && v != VERDICT_YES; c = c->parent)
        v = verdict_or(v, all_hold(s, c, cond));
    return v;
}

static enum verdict other_holds(struct rule_scope *s, const struct code *c, const struct cond *cond)
{
    struct answer at = path_answer(s, c, &cond->path);

    return at.code ? all_hold(s, at.code, cond) : VERDICT_NO;
}

static enum verdict text_holds(struct rule_scope *s, const struct code *c, const struct cond *cond)
{
    const char *text = text_fill(s, c, &cond->text, NULL);

    if (!text)
        return VERDICT_NO;
    return cond->kind == COND_COMPILES ? require_compiles(s, text) : require_meets_text(s, c, text);
}

enum verdict cond_holds(struct rule_scope *s, const struct code *c, const struct cond *cond)
{
    switch (cond->kind) {
    case COND_ALL: return all_hold(s, c, cond);
    case COND_ANY: return any_holds(s, c, cond);
    case COND_NONE: return verdict_not(any_holds(s, c, cond));
    case COND_NOT: return verdict_not(all_hold(s, c, cond));
    case COND_EXISTS:
    case COND_MISSING: return exists(s, c, cond);
    case COND_INSIDE: return inside_holds(s, c, cond);
    case COND_AROUND: return around_holds(s, c, cond);
    case COND_REQUIREMENT: return require_meets(s, c, cond->requirement);
    case COND_MEETS:
    case COND_COMPILES: return text_holds(s, c, cond);
    case COND_CHECK: return cond->check->holds(s, c);
    case COND_FACT: return fact_holds(s, c, cond);
    case COND_CODE: return other_holds(s, c, cond);
    }
    return VERDICT_UNDECIDED;
}
