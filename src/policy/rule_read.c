/* SPDX-License-Identifier: Apache-2.0 */
/* Rule files: reading stanzas and tables from YAML (dryseal-rules(5)). */
#include "policy/rule_read.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "format/yaml.h"
#include "policy/host.h"
#include "policy/rule_file.h"

/* A stanza that is being read. */
struct draft {
    struct rule *rule;
    struct rule_body *body;
    bool has_stage, has_severity;
};

/* Reads the value of one key of a stanza. */
typedef bool read_key(struct rule_reader *r, struct draft *d, const struct value *v);

struct key_row {
    const char *name;
    read_key *read;
};

static bool need_text(struct rule_reader *r, const struct value *v, const char **out)
{
    *out = scalar_text(v);
    return (*out && **out) || rule_refuse(r, v, "a text is expected", NULL);
}

/* -- what a stanza is called and stands for */

static bool read_id(struct rule_reader *r, struct draft *d, const struct value *v)
{
    const char *slash;

    if (!need_text(r, v, &d->rule->id))
        return false;
    slash = strchr(d->rule->id, '/');
    d->rule->spec =
        slash ? arena_strndup(r->a, d->rule->id, (size_t)(slash - d->rule->id)) : d->rule->id;
    return true;
}

static const char *suggest_finding(struct rule_reader *r, const char *word)
{
    const char **ids = arena_array(r->a, FINDING_COUNT, const char *);

    for (int i = 1; i < FINDING_COUNT; i++)
        ids[i - 1] = finding_row((enum finding_id)i)->id;
    return text_suggest(word, ids, FINDING_COUNT - 1);
}

static bool find_finding(struct rule_reader *r, const struct value *v, enum finding_id *out)
{
    const char *word;

    if (!need_text(r, v, &word))
        return false;
    *out = finding_find(word);
    return *out != FINDING_NONE ||
           rule_refuse(r, v, arena_printf(r->a, "there is no finding '%s'", word),
                       suggest_finding(r, word));
}

static bool read_finding(struct rule_reader *r, struct draft *d, const struct value *v)
{
    return find_finding(r, v, &d->rule->finding);
}

static bool read_stage(struct rule_reader *r, struct draft *d, const struct value *v)
{
    static const char *const names[] = {
#define STAGE(id, name, about) name,
#include "base/stages.def"
#undef STAGE
    };
    const char *word;

    if (!need_text(r, v, &word))
        return false;
    d->rule->stage = stage_find(word);
    d->has_stage = true;
    return d->rule->stage != STAGE_COUNT ||
           rule_refuse(r, v, arena_printf(r->a, "there is no stage '%s'", word),
                       text_suggest(word, names, STAGE_COUNT));
}

static bool read_severity(struct rule_reader *r, struct draft *d, const struct value *v)
{
    const char *word;

    if (!need_text(r, v, &word))
        return false;
    d->has_severity = true;
    for (int s = SEVERITY_NOISE; s <= SEVERITY_FATAL; s++) {
        d->rule->severity = (enum severity)s;
        if (strcmp(severity_name((enum severity)s), word) == 0)
            return true;
    }
    return rule_refuse(r, v, "a severity is noise, info, warn, degraded, refused or fatal", NULL);
}

static bool read_evidence(struct rule_reader *r, struct draft *d, const struct value *v)
{
    const char *word;

    if (!need_text(r, v, &word))
        return false;
    d->rule->evidence = *word;
    return (word[1] == '\0' && *word >= 'A' && *word <= 'D') ||
           rule_refuse(r, v, "evidence is A, B, C or D", NULL);
}

static bool read_code(struct rule_reader *r, struct draft *d, const struct value *v)
{
    d->rule->has_code = true;
    d->rule->code = value_int_or(v, 0);
    return value_is(v, VALUE_INT) || rule_refuse(r, v, "a number is expected", NULL);
}

static bool read_title(struct rule_reader *r, struct draft *d, const struct value *v)
{
    return need_text(r, v, &d->rule->title);
}

static bool read_source(struct rule_reader *r, struct draft *d, const struct value *v)
{
    return need_text(r, v, &d->rule->source);
}

static bool read_version(struct rule_reader *r, const struct value *v, uint32_t *out)
{
    const char *word = scalar_text(v);

    return (word && macos_parse(word, out)) ||
           rule_refuse(r, v, "a macOS version is expected, as 13.0", NULL);
}

static bool read_since(struct rule_reader *r, struct draft *d, const struct value *v)
{
    return read_version(r, v, &d->rule->since);
}

static bool read_until(struct rule_reader *r, struct draft *d, const struct value *v)
{
    return read_version(r, v, &d->rule->until);
}

/* -- what it looks at */

static bool read_each(struct rule_reader *r, struct draft *d, const struct value *v)
{
    d->body->has_each = true;
    if (!rule_read_path(r, v, &d->body->each))
        return false;
    r->names.has_item = true;
    return !path_is_code(&d->body->each) || rule_refuse(r, v, "this is code and no list", NULL);
}

static const struct rule_table *find_table(struct rule_reader *r, const char *name)
{
    for (size_t i = 0; name && i < r->tables.n; i++)
        if (strcmp(r->tables.at[i].name, name) == 0)
            return &r->tables.at[i];
    return NULL;
}

static bool read_row_key(struct rule_reader *r, struct draft *d, const struct value_key *key,
                         const struct value *v)
{
    const struct value *columns = d->body->table->columns;
    struct row_key row = {0};

    while (row.column < columns->count &&
           !bytes_equal(columns->items[row.column]->bytes, key->name))
        row.column++;
    if (row.column == columns->count)
        return rule_refuse(
            r, v, arena_printf(r->a, "the table has no column '%s'", (const char *)key->name.p),
            NULL);
    if (!rule_read_text(r, v, &row.text))
        return false;
    vec_push(r->a, &d->body->row, row);
    return true;
}

/* { table: name, column: text … }: the first line that fits. */
static bool read_row(struct rule_reader *r, struct draft *d, const struct value *v)
{
    d->body->table = find_table(r, value_get_cstr(v, "table"));
    if (!d->body->table)
        return rule_refuse(r, v, "a table of this file is expected", NULL);
    for (size_t i = 0; i < v->count; i++)
        if (!bytes_is(v->keys[i].name, "table") && !read_row_key(r, d, &v->keys[i], v->items[i]))
            return false;
    r->names.has_row = true;
    return true;
}

static bool read_with_one(struct rule_reader *r, struct rule_with *with, const struct value *v)
{
    static const char *const words[] = {"inside", "around", "anywhere"};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        const struct value *cond = value_get(v, words[i]);
        if (!cond || v->count != 1)
            continue;
        with->where = (enum with_where)i;
        with->cond = cond_read(r, cond);
        return with->cond != NULL;
    }
    return rule_refuse(r, v, "one of inside, around or anywhere is expected", NULL);
}

static bool read_with(struct rule_reader *r, struct draft *d, const struct value *v)
{
    if (!value_is(v, VALUE_DICT) || v->count > RULE_WITH_MAX)
        return rule_refuse(r, v, "names and conditions are expected, four at most", NULL);
    for (size_t i = 0; i < v->count; i++) {
        struct rule_with *with = &d->body->with[i];
        with->name = (const char *)v->keys[i].name.p;
        if (!read_with_one(r, with, v->items[i]))
            return false;
        d->body->with_count = i + 1;
        r->names.with[r->names.with_count++] = with->name;
    }
    return true;
}

static bool read_applies(struct rule_reader *r, struct draft *d, const struct value *v)
{
    d->body->applies = cond_read(r, v);
    return d->body->applies && cond_has_sense(r, d->body->applies);
}

static bool read_must(struct rule_reader *r, struct draft *d, const struct value *v)
{
    d->body->must = cond_read(r, v);
    return d->body->must && cond_has_sense(r, d->body->must);
}

/* -- what it says */

static bool read_says(struct rule_reader *r, struct draft *d, const struct value *v)
{
    return rule_read_text(r, v, &d->body->says);
}

static bool read_fix(struct rule_reader *r, struct draft *d, const struct value *v)
{
    d->rule->fix = scalar_text(v);
    return rule_read_text(r, v, &d->body->fix);
}

static bool read_at(struct rule_reader *r, struct draft *d, const struct value *v)
{
    return rule_read_path(r, v, &d->body->at) &&
           (path_is_code(&d->body->at) || rule_refuse(r, v, "this is no code", NULL));
}

static bool read_log_line(struct rule_reader *r, struct draft *d, const struct value *v)
{
    struct rule_log line = {.noise = value_is_true(value_get(v, "noise"))};
    const struct value *by = value_get(v, "by"), *text = value_get(v, "text");

    if (!by || !text)
        return rule_refuse(r, v, "a line of a log is { by: process, text: … }", NULL);
    if (!rule_read_text(r, by, &line.process) || !rule_read_text(r, text, &line.text))
        return false;
    vec_push(r->a, &d->body->log, line);
    return true;
}

static bool read_log(struct rule_reader *r, struct draft *d, const struct value *v)
{
    if (!value_is(v, VALUE_ARRAY))
        return rule_refuse(r, v, "a list of lines is expected", NULL);
    for (size_t i = 0; i < v->count; i++)
        if (!read_log_line(r, d, v->items[i]))
            return false;
    return true;
}

/* { finding: ASK-…, blocks: yes, text: … } */
static bool read_ask(struct rule_reader *r, struct draft *d, const struct value *v)
{
    const struct value *finding = value_get(v, "finding");

    if (!finding)
        return rule_refuse(r, v, "a question is { finding: ASK-…, blocks: yes, text: … }", NULL);
    d->body->ask_blocks = value_is_true(value_get(v, "blocks"));
    d->body->ask_text = value_get_cstr(v, "text");
    return find_finding(r, finding, &d->body->ask);
}

/* In the order in which they are read: what defines names comes before what uses them. */
static const struct key_row keys[] = {
    {"id", read_id},
    {"finding", read_finding},
    {"stage", read_stage},
    {"severity", read_severity},
    {"code", read_code},
    {"title", read_title},
    {"evidence", read_evidence},
    {"source", read_source},
    {"since", read_since},
    {"until", read_until},
    {"each", read_each},
    {"row", read_row},
    {"with", read_with},
    {"applies", read_applies},
    {"must", read_must},
    {"says", read_says},
    {"fix", read_fix},
    {"at", read_at},
    {"log", read_log},
    {"ask", read_ask},
};
#define KEY_COUNT (sizeof keys / sizeof *keys)

static bool is_key(const char *name)
{
    for (size_t i = 0; i < KEY_COUNT; i++)
        if (strcmp(keys[i].name, name) == 0)
            return true;
    return false;
}

static bool refuse_key(struct rule_reader *r, const struct value_key *key)
{
    const char *words[KEY_COUNT];
    const char *name = (const char *)key->name.p;

    for (size_t i = 0; i < KEY_COUNT; i++)
        words[i] = keys[i].name;
    *r->error = (struct value_error){arena_printf(r->a, "unknown key '%s'", name),
                                     text_suggest(name, words, KEY_COUNT), key->span};
    return false;
}

static bool check_keys(struct rule_reader *r, const struct value *v)
{
    static const char *const needed[] = {"id", "finding", "title", "evidence", "source"};

    if (!value_is(v, VALUE_DICT))
        return rule_refuse(r, v, "a stanza is expected", NULL);
    for (size_t i = 0; i < v->count; i++)
        if (!is_key((const char *)v->keys[i].name.p))
            return refuse_key(r, &v->keys[i]);
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        if (!value_get(v, needed[i]))
            return rule_refuse(r, v, arena_printf(r->a, "the stanza has no '%s'", needed[i]), NULL);
    return true;
}

/* What is not written comes from the finding. */
static void fill_defaults(struct draft *d)
{
    const struct finding_row *row = finding_row(d->rule->finding);
    size_t n = strcspn(row->stages, ",");
    char first[32] = {0};

    if (!d->has_severity)
        d->rule->severity = row->severity;
    if (d->has_stage || n >= sizeof first)
        return;
    memcpy(first, row->stages, n);
    d->rule->stage = stage_find(first);
}

/* A stanza for no system at all. */
static bool has_time(struct rule_reader *r, const struct draft *d, const struct value *v)
{
    return !d->rule->since || !d->rule->until || d->rule->since < d->rule->until ||
           rule_refuse(r, value_get(v, "until"), "this is before the stanza begins to hold", NULL);
}

static struct rule *stanza_read(struct rule_reader *r, const struct value *v)
{
    struct draft d = {.rule = arena_new_of(r->a, struct rule),
                      .body = arena_new_of(r->a, struct rule_body)};

    r->names = (struct path_names){.has_said = true};
    if (!check_keys(r, v))
        return NULL;
    for (size_t i = 0; i < KEY_COUNT; i++) {
        const struct value *own = value_get(v, keys[i].name);
        if (own && !keys[i].read(r, &d, own))
            return NULL;
    }
    if (!has_time(r, &d, v))
        return NULL;
    fill_defaults(&d);
    d.rule->body = d.body;
    return d.rule;
}

/* -- files */

static bool read_table(struct rule_reader *r, const struct value_key *key, const struct value *v)
{
    struct rule_table table = {(const char *)key->name.p, value_get(v, "columns"),
                               value_get(v, "rows")};

    if (!value_is(table.columns, VALUE_ARRAY) || !value_is(table.rows, VALUE_ARRAY))
        return rule_refuse(r, v, "a table has columns and rows", NULL);
    for (size_t i = 0; i < table.rows->count; i++) {
        const struct value *row = table.rows->items[i];
        if (!value_is(row, VALUE_ARRAY) || row->count != table.columns->count)
            return rule_refuse(r, row, "the row has not as many cells as the table has columns",
                               NULL);
    }
    vec_push(r->a, &r->tables, table);
    return true;
}

static bool read_tables(struct rule_reader *r, const struct value *v)
{
    for (size_t i = 0; v && i < v->count; i++)
        if (!read_table(r, &v->keys[i], v->items[i]))
            return false;
    return true;
}

/* The lines of TEXT from line FROM (1…) up to line TO, without blank lines and comments at their end. */
static struct bytes lines_of(struct bytes text, uint32_t from, uint32_t to)
{
    size_t start = 0, at = 0, end = 0;

    for (uint32_t line = 1; at < text.n && line < to; line++) {
        const uint8_t *eol = memchr(text.p + at, '\n', text.n - at);
        size_t next = eol ? (size_t)(eol - text.p) + 1 : text.n;
        bool blank = next - at <= 1 || text.p[at] == '#';
        if (line == from)
            start = at;
        if (line >= from && !blank)
            end = next;
        at = next;
    }
    return end > start ? bytes_of(text.p + start, end - start) : bytes_of(NULL, 0);
}

static bool is_new(struct rule_reader *r, const struct rule_list *list, const struct rule *rule,
                   const struct value *v)
{
    for (size_t i = 0; i < list->n; i++)
        if (strcmp(list->at[i]->id, rule->id) == 0)
            return rule_refuse(r, v, arena_printf(r->a, "'%s' is in this file twice", rule->id),
                               NULL);
    return true;
}

static bool read_rules(struct rule_reader *r, struct bytes text, const struct value *list,
                       struct rule_list *out)
{
    if (!value_is(list, VALUE_ARRAY))
        return rule_refuse(r, list, "a list of stanzas is expected", NULL);
    for (size_t i = 0; i < list->count; i++) {
        struct rule *rule = stanza_read(r, list->items[i]);
        uint32_t next = i + 1 < list->count ? list->items[i + 1]->span.line : UINT32_MAX;
        if (!rule || !is_new(r, out, rule, list->items[i]))
            return false;
        rule->stanza = lines_of(text, list->items[i]->span.line, next);
        vec_push(r->a, out, rule);
    }
    return true;
}

static bool read_top(struct rule_reader *r, const struct value *v)
{
    static const char *const words[] = {"about", "tables", "rules"};

    if (!value_is(v, VALUE_DICT) || !value_get(v, "rules"))
        return rule_refuse(r, v, "a rule file has 'rules:'", NULL);
    for (size_t i = 0; i < v->count; i++) {
        const char *name = (const char *)v->keys[i].name.p;
        if (strcmp(name, "about") == 0 || strcmp(name, "tables") == 0 || strcmp(name, "rules") == 0)
            continue;
        *r->error = (struct value_error){arena_printf(r->a, "unknown key '%s'", name),
                                         text_suggest(name, words, 3), v->keys[i].span};
        return false;
    }
    return read_tables(r, value_get(v, "tables"));
}

enum ds_status rule_file_read(struct arena *a, struct bytes text, struct rule_list *out,
                              struct value_error *error)
{
    struct rule_reader r = {.a = a, .error = error};
    struct value *v;
    enum ds_status status = yaml_parse(a, text, &v, error);

    if (status != DS_OK)
        return status;
    if (!read_top(&r, v) || !read_rules(&r, text, value_get(v, "rules"), out))
        return DS_PARSE;
    return DS_OK;
}
