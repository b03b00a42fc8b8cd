/* SPDX-License-Identifier: Apache-2.0 */
/* Rules: the book, and judging by it. */
#include "policy/rules.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "policy/rule_eval.h"
#include "policy/rule_file.h"

/* -- the book */

const struct rule *rules_rule(const struct rules *book, const char *id)
{
    for (size_t i = 0; i < book->list.n; i++)
        if (strcmp(book->list.at[i]->id, id) == 0)
            return book->list.at[i];
    return NULL;
}

bool rule_is_named(const struct rule *rule, const char *text)
{
    return strcmp(rule->id, text) == 0 || strcmp(rule->spec, text) == 0 ||
           strcmp(finding_row(rule->finding)->id, text) == 0;
}

/* In place of the one of the same id, else at the end. */
static void add_rule(struct arena *a, struct rules *book, const struct rule *rule)
{
    for (size_t i = 0; i < book->list.n; i++) {
        if (strcmp(book->list.at[i]->id, rule->id) != 0)
            continue;
        book->list.at[i] = rule;
        return;
    }
    vec_push(a, &book->list, rule);
}

enum ds_status rules_load(struct arena *a, struct bytes text, const char *name,
                          const struct rules **book, struct value_error *error)
{
    struct rules *out = arena_new_of(a, struct rules);
    struct rule_list list = {0};
    enum ds_status status = rule_file_read(a, text, &list, error);

    if (status != DS_OK)
        return status;
    for (size_t i = 0; *book && i < (*book)->list.n; i++)
        vec_push(a, &out->list, (*book)->list.at[i]);
    for (size_t i = 0; i < list.n; i++) {
        list.at[i]->book = name;
        add_rule(a, out, list.at[i]);
    }
    *book = out;
    return DS_OK;
}

static struct bytes file_text(struct arena *a, const struct rule_file *file)
{
    struct buf b = {.arena = a};

    for (size_t i = 0; i < file->n; i++) {
        buf_str(&b, file->lines[i]);
        buf_byte(&b, '\n');
    }
    return buf_bytes(&b);
}

/* The files that are built in are known to be right: tests/unit/test_rules.c reads them all. */
const struct rules *rules_builtin(struct arena *a)
{
    const struct rules *book = arena_new_of(a, struct rules);

    for (size_t i = 0; i < rule_file_count; i++) {
        struct value_error error;
        rules_load(a, file_text(a, &rule_files[i]), rule_files[i].name, &book, &error);
    }
    return book;
}

/* -- one stanza, one piece of code */

static bool in_time(const struct rule *rule, uint32_t macos)
{
    return (!rule->since || macos >= rule->since) && (!rule->until || macos < rule->until);
}

static bool row_fits(struct rule_scope *s, const struct value *cells)
{
    const struct rule_body *body = s->rule->body;

    for (size_t i = 0; i < body->row.n; i++) {
        const char *wanted = text_fill(s, s->self, &body->row.at[i].text, NULL);
        const struct value *cell = cells->items[body->row.at[i].column];
        if (!wanted || !bytes_is(cell->bytes, wanted))
            return false;
    }
    return true;
}

/* The first line of the table that fits, as a dictionary by its columns. */
static void bind_row(struct rule_scope *s)
{
    const struct rule_table *table = s->rule->body->table;

    s->row = NULL;
    for (size_t i = 0; table && i < table->rows->count; i++) {
        const struct value *cells = table->rows->items[i];
        struct value *row;
        if (!row_fits(s, cells))
            continue;
        row = value_dict(s->j->a);
        for (size_t k = 0; k < cells->count; k++)
            if (!value_is(cells->items[k], VALUE_NULL))
                value_add(s->j->a, row, table->columns->items[k]->bytes, cells->items[k]);
        s->row = row;
        return;
    }
}

/* -- what comes of it */

/* The question that decides: the stanza's own, else the one that belongs to the fact that is unknown. */
static void ask(struct rule_scope *s)
{
    const struct rule_body *body = s->rule->body;
    const struct rule_fact *fact = s->unknown;
    size_t before = s->j->out->findings.list.n;

    if (body->ask != FINDING_NONE)
        judging_ask(s->j, body->ask, s->self, body->ask_blocks, body->ask_text);
    else if (fact && fact->ask != FINDING_NONE)
        judging_ask(s->j, fact->ask, s->self, fact->blocks, NULL);
    if (s->j->out->findings.list.n > before)
        s->j->out->findings.list.at[before]->rule = s->rule->id;
}

static const struct code *place(struct rule_scope *s)
{
    const struct rule_body *body = s->rule->body;
    const struct code *c = body->at.text ? path_answer(s, s->self, &body->at).code : NULL;

    return c ? c : s->self;
}

static void report_log(struct rule_scope *s, struct finding *f)
{
    for (size_t i = 0; i < s->rule->body->log.n; i++) {
        const struct rule_log *line = &s->rule->body->log.at[i];
        judging_log(s->j, f, text_fill(s, s->self, &line->process, "(null)"), "%s",
                    text_fill(s, s->self, &line->text, "(null)"));
        f->log.at[f->log.n - 1].noise |= line->noise;
    }
}

/* A check may have found which row says it better than the stanza's own (errors of requirement texts). */
static enum finding_id finding_of(const struct rule_scope *s)
{
    return s->finding != FINDING_NONE ? s->finding : s->rule->finding;
}

static void report(struct rule_scope *s)
{
    const struct rule *rule = s->rule;
    const struct rule_body *body = rule->body;
    const char *says = body->says.pieces.n ? text_fill(s, s->self, &body->says, "(none)") : NULL;
    struct finding *f = judging_add(s->j, finding_of(s), place(s), says ? "%s" : NULL, says);

    f->stage = rule->stage;
    f->severity = rule->severity;
    f->evidence = rule->evidence;
    f->rule = rule->id;
    if (rule->has_code) {
        f->has_code = true;
        f->code = rule->code;
    }
    if (body->fix.pieces.n)
        f->fix = text_fill(s, s->self, &body->fix, "(none)");
    report_log(s, f);
}

/* One member of `each:`, or the code as it is. True when the stanza applied. */
static bool judge_item(struct rule_scope *s)
{
    const struct rule_body *body = s->rule->body;
    enum verdict v;

    s->unknown = NULL;
    s->finding = FINDING_NONE;
    s->said = value_dict(s->j->a);
    s->sought = 0;
    bind_row(s);
    v = body->applies ? cond_holds(s, s->self, body->applies) : VERDICT_YES;
    if (v == VERDICT_NO)
        return false;
    if (body->must)
        v = verdict_and(v, verdict_not(cond_holds(s, s->self, body->must)));
    if (s->rehearsing)
        s->speaks |= v != VERDICT_NO;
    else if (v == VERDICT_YES)
        report(s);
    else if (v == VERDICT_UNDECIDED)
        ask(s);
    return true;
}

/* A dictionary's member is shown as { key, value }. */
static const struct value *member(struct rule_scope *s, const struct value *list, size_t i)
{
    struct value *pair;

    if (list->type == VALUE_ARRAY)
        return list->items[i];
    pair = value_dict(s->j->a);
    value_set(s->j->a, pair, "key", value_string_bytes(s->j->a, list->keys[i].name));
    value_set(s->j->a, pair, "value", list->items[i]);
    return pair;
}

static bool judge_code(struct rule_scope *s)
{
    const struct rule_body *body = s->rule->body;
    const struct value *list;
    bool applied = false;

    if (!body->has_each)
        return judge_item(s);
    list = path_answer(s, s->self, &body->each).value;
    if (!list)
        return false;
    if (list->type != VALUE_ARRAY && list->type != VALUE_DICT) {
        s->item = list;
        return judge_item(s);
    }
    for (size_t i = 0; i < list->count; i++) {
        s->item = member(s, list, i);
        applied |= judge_item(s);
    }
    return applied;
}

/*
 * Evaluation makes many small values. Most stanzas have nothing to say of most code, so each is rehearsed in memory that
 * is given back, and evaluated for good only when it speaks.
 */
static bool judge_one(struct judging *j, const struct rule *rule, const struct code *c)
{
    struct judging scratch = *j;
    struct rule_scope s = {.j = &scratch, .rule = rule, .self = c, .rehearsing = true};
    bool applied;

    scratch.a = arena_child(j->a);
    applied = judge_code(&s);
    arena_child_free(scratch.a);
    if (s.speaks) {
        s = (struct rule_scope){.j = j, .rule = rule, .self = c};
        judge_code(&s);
    }
    return applied;
}

bool rules_judge(struct judging *j, enum stage stage)
{
    const struct rules *book = j->in->rules;
    bool applied = false;

    for (size_t i = 0; i < j->all.n; i++) {
        for (size_t k = 0; k < book->list.n; k++) {
            const struct rule *rule = book->list.at[k];
            if (rule->stage == stage && in_time(rule, j->host->macos))
                applied |= judge_one(j, rule, j->all.at[i]);
        }
    }
    return applied;
}
