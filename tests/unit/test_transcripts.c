/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What people saw Apple's tools print against what our cases expect of ours. corpus/transcripts.tsv names each record of
 * ../shared/real/transcripts.jsonl, the case that forges its situation, and how much of it must agree; the corpus test holds
 * our output to those cases. Where the shared folder is not there, only the table itself is tested.
 */
#include <check.h>
#include <ctype.h>

#include "base/status.h"

#include "base/file.h"
#include "base/text.h"
#include "base/vec.h"
#include "forge/case.h"
#include "format/json_read.h"
#include "policy/log.h"
#include "shared_files.h"

Suite *transcripts_suite(void);

struct table_row {
    char *id, *file, *variant, *how;
    char *without; /* how lines begin that are left out, with '|' between them */
    char *note;
};

struct lines {
    struct name_vec list;
    size_t at; /* the next one to be met */
};

/* What one record is compared with. */
struct comparison {
    struct arena *a;
    const struct table_row *row;
    struct name_vec items; /* names whose paths differ from machine to machine */
    struct lines out, err;
};

static bool read_tree(struct arena *a, const char *name, struct bytes *out)
{
    const char *top = getenv("top_srcdir");
    FILE *f = fopen(arena_printf(a, "%s/%s", top ? top : ".", name), "rb");
    if (!f)
        return false;
    char *text = arena_alloc(a, 1 << 20);
    *out = bytes_of((uint8_t *)text, fread(text, 1, 1 << 20, f));
    fclose(f);
    return true;
}

/* The next row of the table that is no comment. */
static bool next_row(struct arena *a, struct bytes *table, struct table_row *row)
{
    char *fields[6] = {NULL};
    while (shared_row(a, table, fields, 6) > 0) {
        *row = (struct table_row){fields[0], fields[1], fields[2], fields[3], fields[4], fields[5]};
        if (*row->id && *row->id != '#' && strcmp(row->id, "row") != 0)
            return true;
        memset(fields, 0, sizeof fields);
    }
    return false;
}

/* -- lines that can be compared */

static bool ends_path(const char *line, const char *at)
{
    return at == line || strchr("=:\"", at[-1]) || (at[-1] == ' ' && *at == '/');
}

/* LINE with each path to ITEM cut down to its name. */
static const char *without_path(struct arena *a, const char *line, const char *item)
{
    const char *needle = arena_printf(a, "/%s", item), *found = strstr(line, needle);
    if (!found)
        return line;
    const char *start = found;
    while (!ends_path(line, start))
        start--;
    while (*start == ' ')
        start++;
    return arena_printf(a, "%.*s%s", (int)(start - line), line, without_path(a, found + 1, item));
}

/* Dates are written as the user of the Mac likes them (D8). */
static const char *without_date(struct arena *a, const char *line)
{
    (void)a;
    if (text_starts(line, "Timestamp="))
        return "Timestamp=";
    return text_starts(line, "Signed Time=") ? "Signed Time=" : line;
}

/* Blanks at both ends differ with the way something was posted. */
static const char *plain(struct comparison *c, const char *line)
{
    line += strspn(line, " \t");
    size_t n = strlen(line);
    while (n && isspace((unsigned char)line[n - 1]))
        n--;
    line = without_date(c->a, arena_strndup(c->a, line, n));
    for (size_t i = 0; i < c->items.n; i++)
        line = without_path(c->a, line, c->items.at[i]);
    return line;
}

static bool is_left_out(const struct comparison *c, const char *line)
{
    for (const char *at = c->row->without ? c->row->without : ""; *at;) {
        size_t n = strcspn(at, "|");
        if (n && strncmp(line, at, n) == 0)
            return true;
        at += n + (at[n] == '|');
    }
    return false;
}

static void add_lines(struct comparison *c, struct name_vec *out, const char *text)
{
    while (text && *text) {
        size_t n = strcspn(text, "\n");
        const char *line = plain(c, arena_strndup(c->a, text, n));
        if (*line && !is_left_out(c, line))
            vec_push(c->a, out, line);
        text += n + (text[n] == '\n');
    }
}

/* -- one record */

/* SEEN is the wanted line; where parts count, also what follows its operand, and, cut short, how it begins. */
static bool agrees(const char *seen, const char *wanted, bool part, bool cut)
{
    const char *behind = part ? strstr(wanted, ": ") : NULL;
    return text_fits(seen, wanted) || (behind && text_fits(seen, behind + 2)) ||
           (cut && (text_starts(wanted, seen) || (behind && text_starts(behind + 2, seen))));
}

/* LINE is the next of LINES, or, where parts count, one further on. */
static bool meets(struct lines *lines, const char *line, bool skip, bool cut)
{
    for (size_t i = lines->at; i < lines->list.n; i++) {
        if (agrees(line, lines->list.at[i], skip, cut)) {
            lines->at = i + 1;
            return true;
        }
        if (!skip)
            return false;
    }
    return false;
}

static bool is_ellipsis(const char *line)
{
    return strcmp(line, "...") == 0 || strcmp(line, "[...]") == 0;
}

static unsigned compare_text(struct comparison *c, const char *text, bool out, bool err)
{
    struct name_vec seen = {0};
    bool part = strcmp(c->row->how, "part") == 0;
    unsigned wrong = 0;
    add_lines(c, &seen, text);
    for (size_t i = 0; i < seen.n; i++) {
        bool cut = part && i + 1 == seen.n;
        if (is_ellipsis(seen.at[i]) || (err && meets(&c->err, seen.at[i], part, cut)) ||
            (out && meets(&c->out, seen.at[i], part, cut)))
            continue;
        /* Once told, what follows is compared from where it agrees again. */
        if ((err && meets(&c->err, seen.at[i], true, false)) ||
            (out && meets(&c->out, seen.at[i], true, false)))
            fprintf(stderr, "%s: expected before it: ", c->row->id);
        fprintf(stderr, "%s: not what the case expects: %s\n", c->row->id, seen.at[i]);
        wrong++;
    }
    return wrong;
}

static unsigned left_over(struct comparison *c, const struct lines *lines)
{
    if (strcmp(c->row->how, "whole") != 0 || lines->at == lines->list.n)
        return 0;
    fprintf(stderr, "%s: expected beyond it: %s\n", c->row->id, lines->list.at[lines->at]);
    return 1;
}

static unsigned compare_streams(struct comparison *c, const struct value *record)
{
    const char *out = value_get_cstr(record, "stdout"), *err = value_get_cstr(record, "stderr");
    const char *merged = value_get_cstr(record, "text");
    unsigned wrong = 0;
    if (merged)
        wrong += compare_text(c, merged, true, true);
    if (out)
        wrong += compare_text(c, out, true, false);
    if (err)
        wrong += compare_text(c, err, false, true);
    if (merged || out)
        wrong += left_over(c, &c->out);
    if (merged || err)
        wrong += left_over(c, &c->err);
    return wrong;
}

static unsigned compare_exit(struct comparison *c, const struct value *record,
                             const struct value *expect)
{
    const struct value *seen = value_get(record, "exit"), *want = value_get(expect, "exit");
    if (!value_is(seen, VALUE_INT))
        seen = value_get(record, "exit_inferred");
    if (!value_is(seen, VALUE_INT) || !value_is(want, VALUE_INT) ||
        seen->integer == want->integer || strstr(c->row->note ? c->row->note : "", "status"))
        return 0;
    fprintf(stderr, "%s: exit status %lld, the case expects %lld\n", c->row->id,
            (long long)seen->integer, (long long)want->integer);
    return 1;
}

/* Lines of logs and crash reports: each record holds something that explain-log knows. */
static unsigned compare_log(struct comparison *c, const struct value *record)
{
    struct log_report e;
    const struct value *text = value_get(record, "text");
    if (value_is(text, VALUE_STRING) && (log_explain(c->a, text->bytes, &e), e.matches.n))
        return 0;
    fprintf(stderr, "%s: no line is known to explain-log\n", c->row->id);
    return 1;
}

/* -- the cases */

/* The document of ROW's variant; NULL when there is none. */
static const struct value *variant_of(struct arena *a, const struct table_row *row)
{
    struct case_file c;
    struct bytes text;
    struct value_error error;
    if (!read_tree(a, arena_printf(a, "corpus/cases/%s.yaml", row->file), &text) ||
        case_read(a, text, &c, &error) != DS_OK)
        return NULL;
    for (size_t i = 0; i < c.variants.n; i++)
        if (strcmp(c.variants.at[i].name ? c.variants.at[i].name : "", row->variant) == 0)
            return c.variants.at[i].doc;
    return NULL;
}

/* The names of what the case makes, and of what its command is given. */
static void take_items(struct comparison *c, const struct value *doc)
{
    const struct value *code = value_get(doc, "code");
    const struct value *paths = value_get(value_get(doc, "check"), "paths");
    for (size_t i = 0; value_is(paths, VALUE_ARRAY) && i < paths->count; i++)
        vec_push(c->a, &c->items, path_base(path_normal(c->a, value_cstr(paths->items[i]))));
    for (size_t i = 0; code && i < code->count; i++)
        vec_push(c->a, &c->items, path_base((const char *)code->keys[i].name.p));
}

static bool is_compared(const struct table_row *row)
{
    return strcmp(row->how, "whole") == 0 || strcmp(row->how, "part") == 0;
}

static unsigned compare_record(struct arena *a, const struct table_row *row,
                               const struct value *record)
{
    struct comparison c = {.a = a, .row = row};
    if (strcmp(row->how, "log") == 0)
        return compare_log(&c, record);
    if (!is_compared(row))
        return 0;
    const struct value *doc = variant_of(a, row), *expect = value_get(doc, "expect");
    take_items(&c, doc);
    add_lines(&c, &c.out.list, value_get_cstr(expect, "stdout"));
    add_lines(&c, &c.err.list, value_get_cstr(expect, "stderr"));
    return compare_streams(&c, record) + compare_exit(&c, record, expect);
}

/* -- the tests */

static enum ds_status check_table(void *arg)
{
    struct arena *a = arg;
    struct bytes table;
    struct table_row row;
    unsigned rows = 0;
    ck_assert_msg(read_tree(a, "corpus/transcripts.tsv", &table), "no table");
    for (; next_row(a, &table, &row); rows++) {
        ck_assert_msg(row.how != NULL, "%s: too few columns", row.id);
        const struct value *doc = is_compared(&row) ? variant_of(a, &row) : NULL;
        const struct value *expect = value_get(doc, "expect");
        ck_assert_msg(
            !is_compared(&row) || value_get(expect, "stdout") || value_get(expect, "stderr"),
            "%s: no case %s with variant %s that expects output", row.id, row.file, row.variant);
        ck_assert_msg(is_compared(&row) || strcmp(row.how, "log") == 0 || (row.note && *row.note),
                      "%s: no reason why it is not compared", row.id);
    }
    ck_assert_uint_gt(rows, 0);
    return DS_OK;
}

static void in_arena(enum ds_status (*body)(void *))
{
    struct arena *a = arena_new(0);
    ck_assert_int_eq(arena_run(a, body, a), DS_OK);
    arena_free(a);
}

START_TEST(table_names_cases)
{
    in_arena(check_table);
}
END_TEST

/* The row of the table for ID. */
static bool find_row(struct arena *a, struct bytes table, const char *id, struct table_row *row)
{
    while (next_row(a, &table, row))
        if (strcmp(row->id, id) == 0)
            return true;
    return false;
}

static enum ds_status check_records(void *arg)
{
    struct arena *a = arg;
    struct bytes table, records;
    struct value *record;
    struct table_row row;
    char *line[1];
    unsigned wrong = 0;
    if (!shared_read(a, "real/transcripts.jsonl", &records))
        return DS_OK;
    ck_assert(read_tree(a, "corpus/transcripts.tsv", &table));
    while (shared_row(a, &records, line, 1) > 0) {
        ck_assert(json_parse(a, bytes_str(line[0]), &record, NULL) == DS_OK);
        const char *id = value_get_cstr(record, "id");
        if (find_row(a, table, id, &row)) {
            wrong += compare_record(a, &row, record);
            continue;
        }
        fprintf(stderr, "%s: not in the table\n", id);
        wrong++;
    }
    ck_assert_uint_eq(wrong, 0);
    return DS_OK;
}

START_TEST(records_agree)
{
    in_arena(check_records);
}
END_TEST

Suite *transcripts_suite(void)
{
    Suite *s = suite_create("transcripts");
    TCase *tc = tcase_create("transcripts");
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, table_names_cases);
    tcase_add_test(tc, records_agree);
    suite_add_tcase(s, tc);
    return s;
}
