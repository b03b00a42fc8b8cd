/* SPDX-License-Identifier: Apache-2.0 */
/* The rule book: what is built in reads well, slips in rule files are errors with a place, conditions have three values. */
#include <check.h>
#include <string.h>

#include "base/arena.h"
#include "policy/judging.h"
#include "policy/rule_eval.h"
#include "policy/rule_file.h"
#include "policy/rules.h"

Suite *rules_suite(void);

/* -- files */

static const struct {
    const char *text;    /* NULL: see `stanza` */
    const char *stanza;  /* lines of a stanza, put into a file that is otherwise right */
    const char *message; /* part of it; NULL: no error */
    const char *suggestion;
    uint32_t line;
} files[] = {
    {"rules: []", NULL, NULL, NULL, 0},
    {"rule: []", NULL, "has 'rules:'", NULL, 1},
    {"rules: []\ntabels: {}", NULL, "unknown key 'tabels'", "tables", 2},
    {"rules: [{id: X}]", NULL, "has no 'finding'", NULL, 1},
    {"rules:\n- a: [\n", NULL, "", NULL, 3},
    {NULL, "aplies: {}", "unknown key 'aplies'", "applies", 7},
    {NULL, "applies: { knid: app }", "no fact 'knid'", "kind", 7},
    {NULL, "applies: { kind: { begin: app } }", "'begin' is no word", "begins", 7},
    {NULL, "applies: { parent.knid: app }", "no fact 'knid'", "kind", 7},
    {NULL, "applies: { insde: {} }", "no fact 'insde'", "inside", 7},
    {NULL, "must: { check: class-presnt }", "no check", "class-present", 7},
    {NULL, "must: { requirement: anchor apple and }", "unexpected", NULL, 7},
    {NULL, "must: { requirement: anchor apple }", NULL, NULL, 0},
    {NULL, "says: \"${identifer}\"", "no fact 'identifer'", "identifier", 7},
    {NULL, "says: \"${identifier\"", "not closed", "}", 7},
    {NULL, "says: \"${item.x}\"", "no fact 'item'", NULL, 7},
    {NULL, "each: files\n  says: \"${item.x}\"", NULL, NULL, 0},
    {NULL, "each: parent", "is code", NULL, 7},
    {NULL, "stage: nee", "no stage 'nee'", NULL, 7},
    {NULL, "severity: bad", "a severity is", NULL, 7},
    {NULL, "since: new", "a macOS version", NULL, 7},
    {NULL, "row: { table: none }", "a table of this file", NULL, 7},
    {NULL,
     "with: { helper: { inside: { kind: tool } } }\n  must: { helper: { team: \"${self.team}\" } }",
     NULL, NULL, 0},
    {NULL, "with: { helper: { outside: {} } }", "one of inside", NULL, 7},
    {NULL, "at: kind", "no code", NULL, 7},
    {NULL, "applies: { kind: framewrk }", "never 'framewrk'", "framework", 7},
    {NULL, "applies: { kind: [app, framwork] }", "never 'framwork'", "framework", 7},
    {NULL, "applies: { kind: { not: kxt } }", "never 'kxt'", "kext", 7},
    {NULL, "applies: { valid: perhaps }", "is yes or no", NULL, 7},
    {NULL, "applies: [ { kind: app }, { kind: [appex, xpc] } ]", "never hold together", NULL, 7},
    {NULL, "applies: [ { kind: app }, { any: [ { kind: appex }, { kind: app } ] } ]", NULL, NULL,
     0},
    {NULL, "applies: [ { name: a }, { name: \"b*\" } ]", NULL, NULL, 0},
    {NULL, "since: 13.0\n  until: 12.0", "before the stanza begins", NULL, 8},
    {"rules:\n- &a {id: X}", NULL, "", NULL, 2},
    {"rules:\n- {id: X, finding: NE-PKG-DEVID-APPEX, title: t, evidence: D, source: s}\n"
     "- {id: X, finding: NE-PKG-DEVID-APPEX, title: t, evidence: D, source: s}",
     NULL, "twice", NULL, 3},
};

static const char *file_of(struct arena *a, size_t at)
{
    if (files[at].text)
        return files[at].text;
    return arena_printf(a,
                        "rules:\n- id: X-1\n  finding: NE-PKG-DEVID-APPEX\n  title: t\n"
                        "  evidence: D\n  source: s\n  %s\n",
                        files[at].stanza);
}

static enum ds_status read_file(struct arena *a, size_t at)
{
    struct value_error error = {0};
    const struct rules *book = NULL;
    const char *text = file_of(a, at);
    enum ds_status status = rules_load(a, bytes_str(text), "test.yaml", &book, &error);

    if (!files[at].message) {
        ck_assert_msg(status == DS_OK, "%s: %s", text, error.message);
        return DS_OK;
    }
    ck_assert_msg(status == DS_PARSE, "%s", text);
    ck_assert_msg(strstr(error.message, files[at].message) != NULL, "%s", error.message);
    ck_assert_msg(error.span.line == files[at].line, "%s: line %u", text, error.span.line);
    if (files[at].suggestion)
        ck_assert_str_eq(error.suggestion, files[at].suggestion);
    return DS_OK;
}

static enum ds_status read_files(void *arg)
{
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        read_file(arg, i);
    return DS_OK;
}

/* -- the built-in book */

static struct bytes join(struct arena *a, const struct rule_file *file)
{
    char *text = arena_strdup(a, "");

    for (size_t i = 0; i < file->n; i++)
        text = arena_printf(a, "%s%s\n", text, file->lines[i]);
    return bytes_str(text);
}

static enum ds_status read_builtin(void *arg)
{
    const struct rules *book = rules_builtin(arg);
    size_t n = 0;

    for (size_t i = 0; i < rule_file_count; i++) {
        struct rule_list list = {0};
        struct value_error error = {0};
        enum ds_status status = rule_file_read(arg, join(arg, &rule_files[i]), &list, &error);
        ck_assert_msg(status == DS_OK, "%s:%u:%u: %s", rule_files[i].name, error.span.line,
                      error.span.column, error.message);
        n += list.n;
    }
    ck_assert_msg(book->list.n == n, "an id is used twice");
    for (size_t i = 0; i < n; i++)
        ck_assert(book->list.at[i]->stanza.n > 20);
    return DS_OK;
}

/* -- comparisons */

static const struct {
    const char *pattern, *text;
    bool match;
} globs[] = {{"a", "a", true},       {"a", "b", false},      {"*", "", true},
             {"a*", "abc", true},    {"*c", "abc", true},    {"a*c", "abbc", true},
             {"a*d", "abbc", false}, {"*.b*", "a.bc", true}, {"", "a", false}};

static const struct {
    const char *a, *b;
    int order;
} versions[] = {{"13.0", "13", 0},   {"13.0", "13.1", -1}, {"10.15", "10.9", 1},
                {"26", "15.3.1", 1}, {"1.0d2", "1.0", 0},  {"", "0", 0}};

START_TEST(comparisons)
{
    for (size_t i = 0; i < sizeof globs / sizeof *globs; i++)
        ck_assert_msg(glob_match(globs[i].pattern, globs[i].text) == globs[i].match, "%s ~ %s",
                      globs[i].pattern, globs[i].text);
    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++)
        ck_assert_msg(version_compare(versions[i].a, versions[i].b) == versions[i].order, "%s ? %s",
                      versions[i].a, versions[i].b);
}
END_TEST

static void run(enum ds_status (*work)(void *arg))
{
    struct arena *a = arena_new(0);

    ck_assert_int_eq(arena_run(a, work, a), DS_OK);
    arena_free(a);
}

START_TEST(slips_are_errors_with_a_place)
{
    run(read_files);
}
END_TEST

START_TEST(builtin_book_reads)
{
    run(read_builtin);
}
END_TEST

Suite *rules_suite(void)
{
    Suite *s = suite_create("rules");
    TCase *t = tcase_create("book");

    tcase_add_test(t, comparisons);
    tcase_add_test(t, slips_are_errors_with_a_place);
    tcase_add_test(t, builtin_book_reads);
    suite_add_tcase(s, t);
    return s;
}
