/* SPDX-License-Identifier: Apache-2.0 */
/* Judgements as a tree of values (report/tree.h). */
#include "config.h"

#include "base/arena.h"
#include "report/tree.h"

static void set_place(struct arena *a, struct value *to, const char *key, int64_t number)
{
    value_set(a, to, key, number == PLACE_NONE ? value_null(a) : value_int(a, number));
}

static struct value *stages(struct arena *a, const struct judgement *j)
{
    struct value *list = value_array(a);
    for (int i = 0; i < STAGE_COUNT; i++) {
        struct value *stage = value_dict(a);
        value_set_text(a, stage, "stage", stage_name((enum stage)i));
        value_set_text(a, stage, "result", stage_result_name(j->stages[i]));
        if (j->skipped[i])
            value_set_text(a, stage, "why", j->skipped[i]);
        value_append(a, list, stage);
    }
    return list;
}

static struct value *log_lines(struct arena *a, const struct finding *f, bool noise_only)
{
    struct value *list = value_array(a);
    for (size_t i = 0; i < f->log.n; i++) {
        const struct log_line *line = &f->log.at[i];
        if (noise_only && !line->noise)
            continue;
        const char *text =
            line->process ? arena_printf(a, "%s: %s", line->process, line->text) : line->text;
        value_append(a, list, value_string(a, text));
    }
    return list;
}

static struct value *finding(struct arena *a, const struct finding *f)
{
    struct value *v = value_dict(a);
    const char evidence[2] = {f->evidence, '\0'};
    value_set_text(a, v, "id", finding_row(f->id)->id);
    value_set_text(a, v, "rule", f->rule);
    value_set_text(a, v, "stage", stage_name(f->stage));
    value_set_text(a, v, "severity", severity_name(f->severity));
    value_set(a, v, "code", f->has_code ? value_int(a, f->code) : value_null(a));
    value_set_text(a, v, "path", f->place.path);
    value_set_text(a, v, "arch", f->place.arch && *f->place.arch ? f->place.arch : NULL);
    set_place(a, v, "slot", f->place.slot);
    set_place(a, v, "offset", f->place.offset);
    value_set_text(a, v, "message", finding_message(a, f));
    value_set(a, v, "log", log_lines(a, f, false));
    value_set(a, v, "noise", log_lines(a, f, true));
    value_set_text(a, v, "fix", f->fix && f->fix[0] && f->fix[0] != '-' ? f->fix : NULL);
    value_set_text(a, v, "evidence", evidence);
    return v;
}

static struct value *questions(struct arena *a, const struct judgement *j)
{
    struct value *list = value_array(a);
    for (size_t i = 0; i < j->questions.n; i++) {
        const struct question *q = &j->questions.at[i];
        struct value *v = value_dict(a);
        value_set_text(a, v, "id", finding_row(q->finding->id)->id);
        value_set_text(a, v, "path", q->finding->place.path);
        value_set_text(a, v, "question", q->text);
        value_set(a, v, "blocks", value_bool(a, q->blocks));
        value_append(a, list, v);
    }
    return list;
}

struct value *tree_judgement(struct arena *a, const char *path, const struct judgement *j)
{
    struct value *v = value_dict(a), *findings = value_array(a), *assumptions = value_array(a);
    const char evidence[2] = {j->evidence, '\0'};
    for (size_t i = 0; i < j->findings.list.n; i++)
        value_append(a, findings, finding(a, j->findings.list.at[i]));
    for (size_t i = 0; i < j->assumptions.n; i++)
        value_append(a, assumptions, value_string(a, j->assumptions.at[i]));
    value_set_text(a, v, "path", path);
    value_set_text(a, v, "verdict", outcome_name(j->outcome));
    value_set_text(a, v, "stage", j->deciding ? stage_name(j->deciding->stage) : NULL);
    value_set_text(a, v, "finding", j->deciding ? finding_row(j->deciding->id)->id : NULL);
    value_set_text(a, v, "evidence", evidence[0] ? evidence : NULL);
    value_set(a, v, "stages", stages(a, j));
    value_set(a, v, "findings", findings);
    value_set(a, v, "questions", questions(a, j));
    value_set(a, v, "assumptions", assumptions);
    value_set(a, v, "test_identities", value_bool(a, j->test_identity));
    return v;
}
