/* SPDX-License-Identifier: Apache-2.0 */
/* What log lines stand for (report/explained.h). */
#include "config.h"

#include <string.h>

#include "base/arena.h"
#include "report/explained.h"
#include "report/wrap.h"

static struct value *ids(struct arena *a, const struct finding_ids *list)
{
    struct value *v = value_array(a);
    for (size_t i = 0; i < list->n; i++)
        value_append(a, v, value_string(a, finding_row(list->at[i])->id));
    return v;
}

static struct value *match(struct arena *a, const struct log_match *m)
{
    struct value *v = value_dict(a);
    value_set(a, v, "line", value_int(a, (int64_t)m->line));
    value_set(a, v, "text", value_string_bytes(a, m->text));
    value_set(a, v, "process", value_string(a, m->row->process));
    value_set(a, v, "kind", value_string(a, log_kind_name(m->row->kind)));
    value_set(a, v, "meaning", value_string(a, m->row->meaning));
    if (*m->row->not_meaning)
        value_set(a, v, "not_meaning", value_string(a, m->row->not_meaning));
    return v;
}

/* Of the causes that R names, surely or possibly, those that J found, in R's order. */
static struct finding_ids found_ids(struct arena *a, const struct log_report *r,
                                    const struct judgement *j)
{
    const struct finding_ids *lists[] = {&r->causes, &r->possible};
    struct finding_ids found = {0};
    for (size_t l = 0; j && l < 2; l++)
        for (size_t i = 0; i < lists[l]->n; i++)
            if (findings_find(&j->findings, lists[l]->at[i]))
                vec_push(a, &found, lists[l]->at[i]);
    return found;
}

struct value *tree_explained(struct arena *a, const struct log_report *r, const struct judgement *j)
{
    struct value *v = value_dict(a), *matches = value_array(a);
    for (size_t i = 0; i < r->matches.n; i++)
        value_append(a, matches, match(a, &r->matches.at[i]));
    value_set(a, v, "lines", value_int(a, (int64_t)r->lines));
    value_set(a, v, "unrecognised", value_int(a, (int64_t)r->unrecognised));
    value_set(a, v, "causes", ids(a, &r->causes));
    value_set(a, v, "possible", ids(a, &r->possible));
    value_set(a, v, "matches", matches);
    const struct finding_ids found = found_ids(a, r, j);
    if (j)
        value_set(a, v, "found", ids(a, &found));
    return v;
}

static const char *kind_phrase(enum log_kind kind)
{
    static const char *const phrase[] = {
        [LOG_KIND_cause] = "names a fault",
        [LOG_KIND_follows] = "follows from a fault named elsewhere",
        [LOG_KIND_noise] = "noise: healthy software prints it too",
        [LOG_KIND_info] = "information",
    };
    return phrase[kind];
}

static void text_match(struct buf *out, const struct log_match *m)
{
    buf_printf(out, "line %zu: %s\n", m->line, bytes_printable(out->arena, m->text, 0));
    buf_printf(out, "    %s\n", kind_phrase(m->row->kind));
    wrap_text(out, "    ", m->row->meaning);
    if (*m->row->not_meaning)
        wrap_text(out, "    but: ", m->row->not_meaning);
}

static void text_ids(struct buf *out, const char *heading, const struct finding_ids *list)
{
    for (size_t i = 0; i < list->n; i++) {
        const struct finding_row *row = finding_row(list->at[i]);
        if (i == 0)
            buf_printf(out, "%s\n", heading);
        buf_printf(out, "  %s (evidence %c)\n", row->id, row->evidence);
        wrap_text(out, "      ", row->title);
        if (row->fix && strcmp(row->fix, "-") != 0)
            wrap_text(out, "      fix: ", row->fix);
    }
}

/* Which of the causes it is, by the code the log is about. */
static void text_found(struct buf *out, const struct log_report *r, const struct judgement *j)
{
    const struct finding_ids found = found_ids(out->arena, r, j);
    buf_str(out, found.n ? "\nThe code given has:\n" : "\nThe code given has none of these.\n");
    for (size_t i = 0; i < found.n; i++) {
        const struct finding *f = findings_find(&j->findings, found.at[i]);
        buf_printf(out, "  %s in %s\n", finding_row(f->id)->id,
                   f->place.path ? f->place.path : "it");
        wrap_text(out, "      ", finding_message(out->arena, f));
    }
    if (j->deciding && !found.n)
        buf_printf(out, "  It would be %s by %s.\n", outcome_name(j->outcome),
                   finding_row(j->deciding->id)->id);
}

void text_explained(struct buf *out, const struct log_report *r, const struct judgement *j,
                    struct text_style style)
{
    for (size_t i = 0; i < r->matches.n && !style.quiet; i++)
        text_match(out, &r->matches.at[i]);
    if (r->causes.n == 0 && r->possible.n == 0)
        buf_printf(out,
                   "%sNo line names a fault of signing that is known here (%zu of %zu lines "
                   "recognised).\n",
                   r->matches.n ? "\n" : "", r->lines - r->unrecognised, r->lines);
    text_ids(out, "\nWhat it can be, the likeliest first:", &r->causes);
    text_ids(out, "\nNamed only as alternatives:", &r->possible);
    if (j)
        text_found(out, r, j);
}
