/* SPDX-License-Identifier: Apache-2.0 */
/* Rule sense: conditions that read well and can never hold: words that a fact never is, and two that exclude each other. */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "policy/rule_fact.h"
#include "policy/rule_read.h"

/* The text of a pattern that stands for one value alone; NULL for all others. */
static const char *only_text(const struct pattern *p)
{
    const char *text = p->kind == PATTERN_EQUALS ? p->text.source : NULL;

    return text && !strchr(text, '*') && !strstr(text, "${") ? text : NULL;
}

/* -- words that a fact never is */

/* The fact that PATH ends at, NULL when it goes on into its value or is no fact. */
static const struct rule_fact *last_fact(const struct rule_path *path)
{
    if (path->keys.n || path->facts.n == 0)
        return NULL;
    return rule_fact_at(path->facts.at[path->facts.n - 1]);
}

static size_t split(struct arena *a, const char *words, const char ***out)
{
    size_t n = 0;
    const char **list = arena_array(a, strlen(words) + 1, const char *);

    while (*words) {
        size_t length = strcspn(words, " ");
        list[n++] = arena_strndup(a, words, length);
        words += length + (words[length] == ' ');
    }
    *out = list;
    return n;
}

static bool is_word(struct rule_reader *r, const struct rule_fact *fact, const struct pattern *p,
                    const char *text)
{
    const char **words;
    size_t n = split(r->a, fact->words, &words);

    for (size_t i = 0; i < n; i++)
        if (strcmp(words[i], text) == 0)
            return true;
    return rule_refuse(r, p->literal, arena_printf(r->a, "'%s' is never '%s'", fact->name, text),
                       text_suggest(text, words, n));
}

static bool pattern_has_sense(struct rule_reader *r, const struct rule_fact *fact,
                              const struct pattern *p)
{
    const char *text = only_text(p);

    if (text && fact->is_flag && !value_is(p->literal, VALUE_BOOL))
        return rule_refuse(r, p->literal, arena_printf(r->a, "'%s' is yes or no", fact->name),
                           NULL);
    if (text && fact->words && !is_word(r, fact, p, text))
        return false;
    for (size_t i = 0; i < p->parts.n; i++)
        if (!pattern_has_sense(r, fact, p->parts.at[i]))
            return false;
    return true;
}

/* -- two that exclude each other */

/* Whether TEXT is among what P stands for; true also when P stands for more than can be listed. */
static bool may_be(const struct pattern *p, const char *text)
{
    const char *own = only_text(p);

    if (own)
        return strcmp(own, text) == 0;
    if (p->kind != PATTERN_ONE_OF)
        return true;
    for (size_t i = 0; i < p->parts.n; i++)
        if (may_be(p->parts.at[i], text))
            return true;
    return false;
}

static bool exclude_each_other(const struct pattern *a, const struct pattern *b)
{
    const char *text = only_text(a);

    if (text)
        return !may_be(b, text);
    if (a->kind != PATTERN_ONE_OF)
        return only_text(b) && !may_be(a, only_text(b));
    for (size_t i = 0; i < a->parts.n; i++)
        if (!exclude_each_other(a->parts.at[i], b))
            return false;
    return true;
}

/* A fact among what must hold together with it. */
static bool agrees(struct rule_reader *r, const struct cond *all, const struct cond *one)
{
    for (size_t i = 0; i < all->parts.n; i++) {
        const struct cond *other = all->parts.at[i];
        if (other->kind == COND_ALL && !agrees(r, other, one))
            return false;
        if (other == one || other->kind != COND_FACT ||
            strcmp(other->path.text, one->path.text) != 0 ||
            !exclude_each_other(other->pattern, one->pattern))
            continue;
        *r->error = (struct value_error){
            arena_printf(r->a, "this can never hold together with what line %u says of '%s'",
                         one->span.line, one->path.text),
            NULL, other->span};
        return false;
    }
    return true;
}

static bool agrees_all(struct rule_reader *r, const struct cond *top, const struct cond *part)
{
    for (size_t i = 0; i < part->parts.n; i++) {
        const struct cond *one = part->parts.at[i];
        if (one->kind == COND_ALL && !agrees_all(r, top, one))
            return false;
        if (one->kind == COND_FACT && !agrees(r, top, one))
            return false;
    }
    return true;
}

bool cond_has_sense(struct rule_reader *r, const struct cond *cond)
{
    const struct rule_fact *fact = cond->kind == COND_FACT ? last_fact(&cond->path) : NULL;

    if (fact && !pattern_has_sense(r, fact, cond->pattern))
        return false;
    if (cond->kind == COND_ALL && !agrees_all(r, cond, cond))
        return false;
    for (size_t i = 0; i < cond->parts.n; i++)
        if (!cond_has_sense(r, cond->parts.at[i]))
            return false;
    return true;
}
