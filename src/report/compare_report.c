/* SPDX-License-Identifier: Apache-2.0 */
/* Comparisons as text and as trees (report/compare_report.h). */
#include "config.h"

#include "report/compare_report.h"

#include "base/arena.h"
#include "report/whatif_report.h"
#include "report/wrap.h"

/* -- text */

static const char *ids_text(struct arena *a, const struct finding_vec *list)
{
    const char *all = "";

    for (size_t i = 0; i < list->n; i++)
        all = arena_printf(a, "%s%s%s", all, i ? ", " : "", finding_row(list->at[i]->id)->id);
    return all;
}

static void side_text(struct buf *out, const char *head, const char *text)
{
    wrap_text(out, head, text ? text : "(none)");
}

static void why(struct buf *out, const struct difference *d)
{
    struct arena *a = out->arena;

    if (d->cures.n)
        wrap_text(out, "    ",
                  arena_printf(a, "theirs passes %s because of this: mine would pass too",
                               ids_text(a, &d->cures)));
    if (d->breaks.n && !d->cures.n)
        wrap_text(out, "    ",
                  arena_printf(a, "with mine, theirs would fail: %s", ids_text(a, &d->breaks)));
}

static void difference_text(struct buf *out, const struct difference *d)
{
    buf_printf(out, "  %s: %s\n", d->path, d->field);
    side_text(out, "    mine    ", d->mine);
    side_text(out, "    theirs  ", d->theirs);
    why(out, d);
}

void text_comparison(struct buf *out, const char *const paths[2], const struct comparison *c,
                     struct text_style style)
{
    size_t n = 0;

    buf_printf(out, "mine    %s: %s\n", paths[0], outcome_phrase(out->arena, &c->mine));
    buf_printf(out, "theirs  %s: %s\n", paths[1], outcome_phrase(out->arena, &c->theirs));
    if (style.quiet)
        return;
    for (; n < c->list.n && difference_matters(&c->list.at[n]); n++) {
        if (n == 0)
            buf_str(out, "\nWhat changes a verdict:\n");
        difference_text(out, &c->list.at[n]);
    }
    if (n == 0 && c->list.n)
        buf_str(out, "\nNo difference changes a verdict by itself.\n");
    for (size_t i = n; i < c->list.n; i++) {
        if (i == n)
            buf_str(out, n ? "\nOther differences:\n" : "\nDifferences:\n");
        difference_text(out, &c->list.at[i]);
    }
    if (!c->list.n)
        buf_str(out, "\nNo difference in signing terms.\n");
}

/* -- trees */

static void set_string(struct arena *a, struct value *dict, const char *key, const char *s)
{
    value_set(a, dict, key, s ? value_string(a, s) : value_null(a));
}

static struct value *side_tree(struct arena *a, const char *path, const struct judgement *j)
{
    struct value *v = value_dict(a);

    set_string(a, v, "path", path);
    set_string(a, v, "verdict", outcome_name(j->outcome));
    set_string(a, v, "stage", j->deciding ? stage_name(j->deciding->stage) : NULL);
    set_string(a, v, "finding", j->deciding ? finding_row(j->deciding->id)->id : NULL);
    return v;
}

static struct value *ids(struct arena *a, const struct finding_vec *list)
{
    struct value *all = value_array(a);

    for (size_t i = 0; i < list->n; i++)
        value_append(a, all, value_string(a, finding_row(list->at[i]->id)->id));
    return all;
}

static struct value *difference_tree(struct arena *a, const struct difference *d)
{
    struct value *v = value_dict(a);

    set_string(a, v, "path", d->path);
    set_string(a, v, "field", d->field);
    set_string(a, v, "mine", d->mine);
    set_string(a, v, "theirs", d->theirs);
    value_set(a, v, "matters", value_bool(a, difference_matters(d)));
    value_set(a, v, "decides", value_bool(a, d->decides));
    value_set(a, v, "cures", ids(a, &d->cures));
    value_set(a, v, "breaks", ids(a, &d->breaks));
    return v;
}

struct value *tree_comparison(struct arena *a, const char *const paths[2],
                              const struct comparison *c)
{
    struct value *v = value_dict(a), *list = value_array(a);

    for (size_t i = 0; i < c->list.n; i++)
        value_append(a, list, difference_tree(a, &c->list.at[i]));
    value_set(a, v, "mine", side_tree(a, paths[0], &c->mine));
    value_set(a, v, "theirs", side_tree(a, paths[1], &c->theirs));
    value_set(a, v, "differences", list);
    return v;
}
