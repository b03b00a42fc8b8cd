/* SPDX-License-Identifier: Apache-2.0 */
/* Judge: what decides, in which order (case-format.md, "What decides"). */
#include <check.h>
#include <string.h>

#include "policy_facts.h"

Suite *judge_suite(void);

static struct code *app(struct arena *a)
{
    return facts_code(a, CODE_APP, "A.app", SIGNER_DEVELOPER_ID, "TEAMID1234");
}

static void healthy(struct arena *a)
{
    struct host host = host_default(FACTS_NOW);
    struct judgement out = facts_judge(a, app(a), &host);

    ck_assert_int_eq(out.outcome, OUTCOME_ACCEPTED);
    ck_assert_ptr_null(out.deciding);
    ck_assert_int_eq(out.stages[STAGE_STATIC], STAGE_PASSED);
    ck_assert_int_eq(out.stages[STAGE_NOTARY], STAGE_SKIPPED);
    ck_assert_str_eq(out.skipped[STAGE_NOTARY], "runs on request only");
}

/* Findings of inner code made first, then of the outer code: the outer one decides, and stage order wins over both. */
static void order(struct arena *a)
{
    struct host host = host_default(FACTS_NOW);
    struct code *outer = app(a),
                *b = facts_code(a, CODE_DYLIB, "A.app/Contents/Frameworks/b.dylib",
                                SIGNER_DEVELOPER_ID, "TEAMID1234"),
                *c = facts_code(a, CODE_DYLIB, "A.app/Contents/Frameworks/c.dylib",
                                SIGNER_DEVELOPER_ID, "TEAMID1234");
    struct judgement out;

    facts_nest(a, outer, c);
    facts_nest(a, outer, b);
    finding_add(c->findings, FINDING_CD_PAGE_HASH, place_path(c->path), NULL);
    finding_add(b->findings, FINDING_CD_SPECIAL_SLOT, place_path(b->path), NULL);
    finding_add(c->findings, FINDING_MACHO_FORMAT, place_path(c->path), NULL);
    out = facts_judge(a, outer, &host);
    ck_assert_int_eq(out.outcome, OUTCOME_REFUSED);
    ck_assert_int_eq(out.deciding->id, FINDING_MACHO_FORMAT);
    ck_assert_int_eq(out.findings.list.at[1]->id, FINDING_CD_SPECIAL_SLOT);
    ck_assert_int_eq(out.findings.list.at[2]->id, FINDING_CD_PAGE_HASH);
    ck_assert_int_eq(out.stages[STAGE_LAYOUT], STAGE_REFUSED);
    ck_assert_int_eq(out.evidence, 'A');
}

static void unreadable(struct arena *a)
{
    struct host host = host_default(FACTS_NOW);
    struct code *c = app(a);
    struct judgement out;

    finding_add(c->findings, FINDING_INPUT_NOT_FOUND, place_path(c->path), NULL);
    out = facts_judge(a, c, &host);
    ck_assert_int_eq(out.outcome, OUTCOME_INVALID);
    ck_assert_str_eq(outcome_name(out.outcome), "invalid");
}

/* A rule weaker than the host wants is a note. */
static void weak(struct arena *a)
{
    struct host host = host_default(FACTS_NOW);
    struct code *c = facts_code(a, CODE_APP, "A.app", SIGNER_ADHOC, NULL);
    struct judgement out;

    finding_add(c->findings, FINDING_CMS_ALGORITHM, place_path(c->path), NULL);
    out = facts_judge(a, c, &host);
    ck_assert_int_eq(out.outcome, OUTCOME_REFUSED);
    ck_assert_int_eq(out.evidence, 'D');
    host.min_evidence = 'B';
    out = facts_judge(a, c, &host);
    ck_assert_int_eq(out.outcome, OUTCOME_ACCEPTED);
}

/* What signing would refuse is judged by that stage alone. */
static void signing_only(struct arena *a)
{
    struct host host = host_default(FACTS_NOW);
    struct code *c = app(a);
    struct judgement out;
    struct judge_input in = {
        .tops = &c, .top_count = 1, .host = &host, .run_sign = true, .only = STAGE_SIGN};

    finding_add(c->findings, FINDING_CD_PAGE_HASH, place_path(c->path), NULL);
    finding_add(c->findings, FINDING_MACHO_STRICT, place_path(c->path), NULL);
    ck_assert_int_eq(judge(a, &in, &out), DS_OK);
    ck_assert_int_eq(out.deciding->id, FINDING_MACHO_STRICT);
    ck_assert_int_eq(out.deciding->stage, STAGE_SIGN);
    ck_assert_ptr_null(findings_find(&out.findings, FINDING_CD_PAGE_HASH));
    ck_assert_int_eq(c->findings->list.at[1]->stage, STAGE_STATIC);
}

static void test_identity(struct arena *a)
{
    struct host host = host_default(FACTS_NOW);
    struct code *c = app(a);
    struct judgement out;

    c->test_identity = true;
    out = facts_judge(a, c, &host);
    ck_assert(out.test_identity);
    ck_assert_ptr_nonnull(findings_find(&out.findings, FINDING_TEST_IDENTITY));
    ck_assert_int_eq(out.outcome, OUTCOME_ACCEPTED);
}

static void (*const tests[])(struct arena *a) = {healthy, order,        unreadable,
                                                 weak,    signing_only, test_identity};

START_TEST(judged)
{
    facts_run(tests[_i]);
}
END_TEST

Suite *judge_suite(void)
{
    Suite *s = suite_create("judge");
    TCase *tc = tcase_create("judge");

    tcase_add_loop_test(tc, judged, 0, (int)(sizeof tests / sizeof *tests));
    suite_add_tcase(s, tc);
    return s;
}
