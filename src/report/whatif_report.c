/* SPDX-License-Identifier: Apache-2.0 */
/* What-ifs as text and as trees (report/whatif_report.h). */
#include "config.h"

#include "report/whatif_report.h"

#include "base/arena.h"
#include "report/tree.h"
#include "report/wrap.h"

const char *outcome_phrase(struct arena *a, const struct judgement *j)
{
    if (!j->deciding)
        return outcome_name(j->outcome);
    return arena_printf(a, "%s at %s: %s", outcome_name(j->outcome), stage_name(j->deciding->stage),
                        finding_row(j->deciding->id)->id);
}

void text_sign_again(struct buf *out, const char *indent, const struct edited *e)
{
    if (e->sign_again.n)
        buf_printf(out, "%sTo sign again, in this order:\n", indent);
    for (size_t i = 0; i < e->sign_again.n; i++)
        buf_printf(out, "%s  %zu. %s\n", indent, i + 1, e->sign_again.at[i]);
    if (e->notarize_again)
        buf_printf(out, "%sThen notarize and staple it again: the ticket is for the old bytes.\n",
                   indent);
    if (e->presumed)
        buf_printf(out, "%sIdentities and profiles that are not at hand were presumed.\n", indent);
}

static void list(struct buf *out, const char *mark, const struct finding_vec *findings)
{
    for (size_t i = 0; i < findings->n; i++) {
        const struct finding *f = findings->at[i];

        buf_printf(out, "  %s %s (%s) %s\n", mark, finding_row(f->id)->id, stage_name(f->stage),
                   f->place.path ? f->place.path : "");
    }
}

static void one_line(struct buf *out, const char *path, const struct whatif *w)
{
    buf_printf(out, "%s: %s, and then %s\n", path, outcome_phrase(out->arena, &w->before),
               outcome_phrase(out->arena, &w->after));
}

void text_whatif(struct buf *out, const char *path, const struct whatif *w, struct text_style style)
{
    if (style.quiet) {
        one_line(out, path, w);
        return;
    }
    buf_printf(out, "%s\n", path);
    buf_printf(out, "  as it is  %s\n", outcome_phrase(out->arena, &w->before));
    for (size_t i = 0; i < w->edits.n; i++)
        buf_printf(out, "  %-9s %s\n", i ? "" : "what if", edit_text(out->arena, &w->edits.at[i]));
    buf_printf(out, "  then      %s\n", outcome_phrase(out->arena, &w->after));
    if (w->after.deciding)
        wrap_text(out, "            ", finding_message(out->arena, w->after.deciding));
    if (w->gone.n || w->new.n)
        buf_str(out, "\nWhat goes (-) and what comes (+):\n");
    list(out, "-", &w->gone);
    list(out, "+", &w->new);
    buf_str(out, "\n");
    text_sign_again(out, "", &w->edited);
    if (style.verbose) {
        buf_str(out, "\n");
        text_judgement(out, path, &w->after, style);
    }
}

/* -- trees */

static struct value *brief(struct arena *a, const struct judgement *j)
{
    struct value *v = value_dict(a);

    value_set_text(a, v, "verdict", outcome_name(j->outcome));
    value_set_text(a, v, "stage", j->deciding ? stage_name(j->deciding->stage) : NULL);
    value_set_text(a, v, "finding", j->deciding ? finding_row(j->deciding->id)->id : NULL);
    return v;
}

static struct value *finding_list(struct arena *a, const struct finding_vec *findings)
{
    struct value *all = value_array(a);

    for (size_t i = 0; i < findings->n; i++) {
        const struct finding *f = findings->at[i];
        struct value *v = value_dict(a);

        value_set_text(a, v, "id", finding_row(f->id)->id);
        value_set_text(a, v, "stage", stage_name(f->stage));
        value_set_text(a, v, "path", f->place.path);
        value_append(a, all, v);
    }
    return all;
}

static struct value *names(struct arena *a, const struct name_vec *list)
{
    struct value *all = value_array(a);

    for (size_t i = 0; i < list->n; i++)
        value_append(a, all, value_string(a, list->at[i]));
    return all;
}

struct value *tree_whatif(struct arena *a, const char *path, const struct whatif *w)
{
    struct value *v = value_dict(a), *edits = value_array(a);

    for (size_t i = 0; i < w->edits.n; i++)
        value_append(a, edits, edit_tree(a, &w->edits.at[i]));
    value_set_text(a, v, "path", path);
    value_set(a, v, "edits", edits);
    value_set(a, v, "before", brief(a, &w->before));
    value_set(a, v, "after", tree_judgement(a, path, &w->after));
    value_set(a, v, "gone", finding_list(a, &w->gone));
    value_set(a, v, "new", finding_list(a, &w->new));
    value_set(a, v, "sign_again", names(a, &w->edited.sign_again));
    value_set(a, v, "notarize_again", value_bool(a, w->edited.notarize_again));
    value_set(a, v, "presumed", value_bool(a, w->edited.presumed));
    return v;
}
