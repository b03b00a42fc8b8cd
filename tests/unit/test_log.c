/* SPDX-License-Identifier: Apache-2.0 */
/* Log lines: the table is well-formed, and what known logs are explained as. */
#include <check.h>
#include <string.h>

#include "base/arena.h"
#include "in_arena.h"
#include "policy/log.h"

Suite *log_suite(void);

/* Every label of LIST that names a finding must exist. */
static void check_causes(const struct log_row *row)
{
    const char *list = row->causes;
    while (*list) {
        char id[64] = "";
        size_t n = strcspn(list, ",");
        ck_assert_uint_lt(n, sizeof id);
        memcpy(id, list, n);
        ck_assert_msg(finding_find(id) != FINDING_NONE, "%s: %s", row->label, id);
        list += n + (list[n] == ',');
    }
}

START_TEST(rows_are_whole)
{
    size_t n;
    const struct log_row *rows = log_rows(&n);
    for (size_t i = 0; i < n; i++) {
        check_causes(&rows[i]);
        ck_assert_msg(*rows[i].meaning && *rows[i].pattern, "%s", rows[i].label);
        ck_assert_msg(rows[i].kind != LOG_KIND_noise || *rows[i].causes, "%s", rows[i].label);
    }
}
END_TEST

static const struct {
    const char *text;
    const char *causes; /* comma-separated ids, in order */
    size_t noise;       /* lines said to be noise */
} logs[] = {
    {"taskgated-helper: Checking profile: Example\n"
     "taskgated-helper: com.example: Unsatisfied entitlements: keychain-access-groups\n"
     "kernel: AMFI: bailing out because of restricted entitlements.\n",
     "AMFI-ENT-UNSATISFIED", 0},
    {"Disallowing com.example because no eligible provisioning profiles found\n", "AMFI-SOFT-LINE",
     1},
    {"Disallowing com.example because no eligible provisioning profiles found\r\n"
     "AMFI: bailing out because of restricted entitlements.\r\n",
     "AMFI-ENT-NOPROFILE", 0},
    {"Tunnel: Signature check failed: code failed to satisfy specified code requirement(s)\n"
     "status changed to disconnected, last stop reason Plugin failed",
     "NE-SIGCHECK-LINE,NE-PLUGIN-FAILED", 1},
    {"hello\n\nworld", "", 0},
    {"", "", 0},
};

static void check_log(struct arena *a, size_t at)
{
    struct log_report r;
    char found[512] = "";
    size_t noise = 0;
    log_explain(a, bytes_str(logs[at].text), &r);
    for (size_t i = 0; i < r.causes.n; i++) {
        strcat(found, i ? "," : "");
        strcat(found, finding_row(r.causes.at[i])->id);
    }
    for (size_t i = 0; i < r.matches.n; i++)
        noise += r.matches.at[i].row->kind == LOG_KIND_noise;
    ck_assert_str_eq(found, logs[at].causes);
    ck_assert_uint_eq(noise, logs[at].noise);
}

static enum ds_status explain(void *arg)
{
    for (size_t i = 0; i < sizeof logs / sizeof *logs; i++)
        check_log(arg, i);
    return DS_OK;
}

ARENA_TEST(known_logs, explain)

START_TEST(patterns)
{
    struct bytes rest;
    ck_assert(log_pattern_match("a*c", bytes_str("xxabbcx"), &rest) && rest.n == 0);
    ck_assert(log_pattern_match("key: *", bytes_str("the key: value"), &rest) &&
              bytes_is(rest, "value"));
    ck_assert(log_pattern_match("Domain#4", bytes_str("Domain=XDomain Code=4 \"(null)\""), &rest));
    ck_assert(log_pattern_match("Domain#10", bytes_str("(Domain error 10.)"), &rest));
    ck_assert(!log_pattern_match("Domain#1", bytes_str("(Domain error 10.)"), &rest));
    ck_assert(!log_pattern_match("Domain#2", bytes_str("Domain Code=12"), &rest));
    ck_assert(!log_pattern_match("Domain#4", bytes_str("Domain"), &rest));
    ck_assert(!log_pattern_match("Domain#4", bytes_str("Domain is not what has 4"), &rest));
    ck_assert(!log_pattern_match("a*c", bytes_str("ca"), &rest));
    ck_assert(!log_pattern_match("abc", bytes_str("ab"), &rest));
    ck_assert(!log_pattern_match("abc", bytes_str(""), &rest));
}
END_TEST

Suite *log_suite(void)
{
    Suite *suite = suite_create("log");
    TCase *tc = tcase_create("log");

    tcase_add_test(tc, rows_are_whole);
    tcase_add_test(tc, known_logs);
    tcase_add_test(tc, patterns);
    suite_add_tcase(suite, tc);
    return suite;
}
