/* SPDX-License-Identifier: Apache-2.0 */
/* Rule text: reading paths and texts with placeholders. */
#include "policy/rule_text.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"
#include "policy/rule_fact.h"

static bool refuse(struct value_error *error, const char *message, const char *suggestion)
{
    error->message = message;
    error->suggestion = suggestion;
    return false;
}

/* -- paths */

/* One step: a bare word up to the next dot, or text in quotes. */
static bool next_step(struct arena *a, struct bytes text, size_t *at, struct bytes *out)
{
    struct buf b = {.arena = a};
    bool quoted = *at < text.n && text.p[*at] == '"';

    *at += quoted;
    while (*at < text.n && text.p[*at] != (quoted ? '"' : '.'))
        buf_byte(&b, text.p[(*at)++]);
    if (quoted && (*at >= text.n || text.p[(*at)++] != '"'))
        return false;
    if (*at < text.n && text.p[(*at)++] != '.')
        return false;
    *out = bytes_str(arena_strdup(a, buf_cstr(&b)));
    return quoted || out->n > 0;
}

/* The fact NAME, for `host` together with the step behind it; false when there is none. */
static bool fact_step(struct arena *a, struct bytes text, size_t *at, struct bytes name,
                      unsigned *out)
{
    const char *full = (const char *)name.p;
    struct bytes more;
    size_t row;

    if (bytes_is(name, "host") && next_step(a, text, at, &more))
        full = arena_printf(a, "host.%s", (const char *)more.p);
    row = rule_fact_find(full);
    *out = (unsigned)row;
    return row < rule_fact_count();
}

static bool unknown_fact(struct arena *a, struct bytes name, struct value_error *error)
{
    size_t n = rule_fact_count();
    const char **words = arena_array(a, n, const char *);

    for (size_t i = 0; i < n; i++)
        words[i] = rule_fact_at(i)->name;
    return refuse(error, arena_printf(a, "there is no fact '%s'", (const char *)name.p),
                  text_suggest((const char *)name.p, words, n));
}

/* `self`, `item` and the like; false when NAME is none of them. */
static bool root_step(struct bytes name, const struct path_names *names, struct rule_path *out)
{
    const struct {
        const char *word;
        bool there;
        enum path_root root;
    } roots[] = {{"self", true, ROOT_SELF},
                 {"item", names->has_item, ROOT_ITEM},
                 {"row", names->has_row, ROOT_ROW},
                 {"said", names->has_said, ROOT_SAID}};

    for (size_t i = 0; i < sizeof roots / sizeof *roots; i++) {
        out->root = roots[i].root;
        if (roots[i].there && bytes_is(name, roots[i].word))
            return true;
    }
    out->root = ROOT_WITH;
    for (out->with = 0; out->with < names->with_count; out->with++)
        if (bytes_is(name, names->with[out->with]))
            return true;
    out->root = ROOT_FACT;
    return false;
}

/* True as long as the path so far leads to code, so that a fact may follow. */
static bool at_code(const struct rule_path *path)
{
    if (path->facts.n)
        return rule_fact_at(path->facts.at[path->facts.n - 1])->is_code;
    return path->root == ROOT_FACT || path->root == ROOT_SELF || path->root == ROOT_WITH;
}

bool path_read(struct arena *a, struct bytes text, const struct path_names *names,
               struct rule_path *out, struct value_error *error)
{
    size_t at = 0;
    bool first = true;

    *out = (struct rule_path){.text = bytes_cstr(a, text)};
    while (at < text.n || first) {
        struct bytes step;
        unsigned fact;
        if (!next_step(a, text, &at, &step))
            return refuse(error, arena_printf(a, "'%s' is no path", out->text), NULL);
        if (first && root_step(step, names, out)) {
            first = false;
            continue;
        }
        first = false;
        if (!at_code(out))
            vec_push(a, &out->keys, step);
        else if (fact_step(a, text, &at, step, &fact))
            vec_push(a, &out->facts, fact);
        else
            return unknown_fact(a, step, error);
    }
    return true;
}

bool path_is_code(const struct rule_path *path)
{
    return path->keys.n == 0 && at_code(path);
}

/* -- texts */

static void add_literal(struct arena *a, struct rule_text *out, const char *from, size_t n)
{
    if (n)
        vec_push(a, &out->pieces, (struct text_piece){.text = arena_strndup(a, from, n)});
}

bool text_read(struct arena *a, const char *text, const struct path_names *names,
               struct rule_text *out, struct value_error *error)
{
    const char *at = text, *open;

    *out = (struct rule_text){.source = text};
    while ((open = strstr(at, "${"))) {
        const char *close = strchr(open, '}');
        struct text_piece piece = {0};

        if (!close)
            return refuse(error, "a placeholder is not closed", "}");
        add_literal(a, out, at, (size_t)(open - at));
        if (!path_read(a, bytes_of(open + 2, (size_t)(close - open - 2)), names, &piece.path,
                       error))
            return false;
        vec_push(a, &out->pieces, piece);
        at = close + 1;
    }
    add_literal(a, out, at, strlen(at));
    return true;
}
