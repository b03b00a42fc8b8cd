/* SPDX-License-Identifier: Apache-2.0 */
/* Study: what requirements say of whoever meets them. */
#include <check.h>

#include "base/arena.h"
#include "lang/compile.h"
#include "lang/study.h"

Suite *lang_study_suite(void);

static const struct row {
    const char *text;
    size_t identifiers, teams;
    bool apple_only, has_alternatives, anchored, open_branch;
} rows[] = {
    {"identifier a", .identifiers = 1},
    {"anchor apple", .apple_only = true, .anchored = true},
    {"anchor apple generic", .anchored = true},
    {"cdhash H\"0123456789012345678901234567890123456789\"", .anchored = true},
    {"certificate leaf[subject.OU] = A", .teams = 1},
    {"certificate leaf[subject.OU] = A*", .teams = 0},
    {"certificate leaf[subject.CN] = A", .teams = 0},
    {"! anchor apple generic", .teams = 0},
    {"anchor apple generic and certificate leaf[subject.OU] = A", .teams = 1, .anchored = true},
    {"identifier a or identifier b", .identifiers = 2, .has_alternatives = true},
    {"identifier a or identifier b and anchor apple generic", .identifiers = 2,
     .has_alternatives = true, .open_branch = true},
    /* Anchored either way, but only one side names the maker. */
    {"anchor apple generic or anchor apple", .apple_only = true, .has_alternatives = true,
     .anchored = true, .open_branch = true},
    /* What is around the alternatives ties both. */
    {"(identifier a or anchor apple generic) and anchor apple", .identifiers = 1,
     .apple_only = true, .has_alternatives = true, .anchored = true},
};

START_TEST(texts_are_studied)
{
    const struct row *row = &rows[_i];
    struct arena *a = arena_new(0);
    struct req_study study;
    struct req_compiled c = req_compile(a, bytes_str(row->text), NULL);
    ck_assert_msg(c.ok, "%s", row->text);
    ck_assert(req_study(a, c.blob, &study));
    ck_assert_msg(study.identifiers.n == row->identifiers && study.teams.n == row->teams, "%s",
                  row->text);
    ck_assert_msg(study.apple_only == row->apple_only &&
                      study.has_alternatives == row->has_alternatives,
                  "%s", row->text);
    ck_assert_msg(study.anchored == row->anchored && study.open_branch == row->open_branch, "%s",
                  row->text);
    arena_free(a);
}
END_TEST

START_TEST(what_is_no_requirement_is_not)
{
    struct arena *a = arena_new(0);
    struct req_study study;
    ck_assert(!req_study(a, bytes_str("no requirement"), &study));
    arena_free(a);
}
END_TEST

Suite *lang_study_suite(void)
{
    Suite *suite = suite_create("lang_study");
    TCase *tc = tcase_create("study");
    tcase_add_loop_test(tc, texts_are_studied, 0, sizeof rows / sizeof *rows);
    tcase_add_test(tc, what_is_no_requirement_is_not);
    suite_add_tcase(suite, tc);
    return suite;
}
