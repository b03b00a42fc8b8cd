/* SPDX-License-Identifier: Apache-2.0 */
/* Findings: the table is well-formed, and equal to the specification's where that is at hand. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/finding.h"
#include "in_arena.h"

Suite *finding_suite(void);

START_TEST(rows_are_whole)
{
    for (int i = FINDING_NONE + 1; i < FINDING_COUNT; i++) {
        const struct finding_row *row = finding_row((enum finding_id)i);
        char first[32] = "";
        ck_assert_int_eq(finding_find(row->id), i);
        snprintf(first, sizeof first, "%.*s", (int)strcspn(row->stages, ","), row->stages);
        ck_assert_msg(stage_find(first) != STAGE_COUNT, "%s: %s", row->id, row->stages);
        ck_assert(row->evidence >= 'A' && row->evidence <= 'D');
        ck_assert(*row->title && *row->fix);
    }
    ck_assert_int_eq(finding_find("NO-SUCH"), FINDING_NONE);
}
END_TEST

/* The next tab-separated field of *LINE. */
static char *field(char **line)
{
    char *start = *line;
    *line += strcspn(start, "\t\n");
    if (**line)
        *(*line)++ = '\0';
    return start;
}

static void compare_line(char *line)
{
    const struct finding_row *row = finding_row(finding_find(field(&line)));
    char evidence[2] = {row->evidence, 0};
    ck_assert_str_ne(row->id, "NONE");
    ck_assert_str_eq(row->stages, field(&line));
    ck_assert_str_eq(severity_name(row->severity), field(&line));
    ck_assert_str_eq(row->code, field(&line));
    ck_assert_str_eq(row->rules, field(&line));
    ck_assert_str_eq(evidence, field(&line));
    ck_assert_str_eq(row->title, field(&line));
    ck_assert_str_eq(row->mac_text, field(&line));
    ck_assert_str_eq(row->fix, field(&line));
    ck_assert_str_eq(row->aliases, field(&line));
}

START_TEST(table_equals_the_specification)
{
    const char *top = getenv("top_srcdir");
    char path[4096], line[8192];
    int n = 0;
    snprintf(path, sizeof path, "%s/../shared/spec/findings.tsv", top ? top : ".");
    FILE *f = fopen(path, "r");
    if (!f)
        return; /* the specification is not part of the project */
    ck_assert_ptr_nonnull(fgets(line, sizeof line, f));
    while (fgets(line, sizeof line, f)) {
        compare_line(line);
        n++;
    }
    fclose(f);
    ck_assert_int_eq(n, FINDING_COUNT - 1);
}
END_TEST

static enum ds_status add(void *arg)
{
    struct arena *a = arg;
    struct findings f = {.arena = a};
    struct finding *x =
        finding_add(&f, FINDING_AMFI_ENT_UNSATISFIED, place_path("A.app"), "key %s", "k");
    ck_assert_int_eq(x->code, -413);
    ck_assert_int_eq(x->stage, STAGE_AMFI);
    ck_assert_str_eq(x->rule, "HM2");
    finding_log(&f, x, "kernel", "AMFI: %s", "x");
    ck_assert(!x->log.at[0].noise);
    ck_assert(!findings_find(&f, FINDING_NE_SIGCHECK_LINE));
    x = finding_add(&f, FINDING_NE_SIGCHECK_LINE, place_path("A.app"), NULL);
    finding_log(&f, x, "Tunnel", "Signature check failed");
    ck_assert(x->log.at[0].noise);
    ck_assert(findings_refuse(&f) && findings_find(&f, FINDING_NE_SIGCHECK_LINE) == x);
    ck_assert_ptr_nonnull(strstr(finding_message(a, f.list.at[0]), ": key k"));
    x = finding_add(&f, FINDING_LIBVAL_TEAM, place_path("A.app"), NULL);
    ck_assert(x->has_code && x->code == 1); /* "DYLD/1 reason" */
    return DS_OK;
}

ARENA_TEST(findings_carry_their_row, add)

Suite *finding_suite(void)
{
    Suite *suite = suite_create("finding");
    TCase *tc = tcase_create("finding");

    tcase_add_test(tc, rows_are_whole);
    tcase_add_test(tc, table_equals_the_specification);
    tcase_add_test(tc, findings_carry_their_row);
    suite_add_tcase(suite, tc);
    return suite;
}
