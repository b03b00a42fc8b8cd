/* SPDX-License-Identifier: Apache-2.0 */
/* Repairs and comparisons of facts (policy/repair.h, policy/compare.h). */
#include <check.h>
#include <string.h>

#include "policy/compare.h"
#include "policy/repair.h"
#include "policy_facts.h"
#include "vpn_facts.h"

Suite *repair_suite(void);

#define KEY_NE "com.apple.developer.networking.networkextension"

static struct host *mac(struct arena *a)
{
    struct host *host = arena_new_of(a, struct host);

    *host = host_default(FACTS_NOW);
    host->notarized = host->user_approved = VERDICT_YES;
    return host;
}

static struct judge_input input_of(struct arena *a, struct code *top)
{
    return (struct judge_input){.tops = arena_copy(a, &top, sizeof top),
                                .top_count = 1,
                                .host = mac(a),
                                .only = STAGE_COUNT};
}

static struct repairs search(struct arena *a, struct judge_input in)
{
    struct repairs out;

    ck_assert_int_eq(repair_search(a, &in, &out), DS_OK);
    return out;
}

static struct edit the_edit(struct arena *a, const char *text)
{
    struct value_error error;
    struct edit e;

    ck_assert_int_eq(edit_parse(a, text, &e, &error), DS_OK);
    return e;
}

static void founding(struct arena *a)
{
    struct code *app = vpn_founding(a);
    struct repairs r = search(a, input_of(a, app));
    struct edit want = the_edit(a, "Contents/PlugIns/Tunnel.appex:package=system-extension");
    bool plain_is_no_way_out = false;

    ck_assert_int_eq(r.before.deciding->id, FINDING_NE_PKG_DEVID_APPEX);
    ck_assert(r.needed);
    ck_assert_uint_ge(r.found.n, 1);
    ck_assert_uint_eq(r.found.at[0].edits.n, 1);
    ck_assert(edit_equal(&r.found.at[0].edits.at[0], &want));
    ck_assert_uint_eq(r.found.at[0].edited.sign_again.n, 2);
    for (size_t i = 0; i < r.dead_ends.n; i++)
        plain_is_no_way_out |= r.dead_ends.at[i].edits.at[0].id == EDIT_ENTITLEMENT &&
                               r.dead_ends.at[i].then->id == FINDING_AMFI_ENT_UNSATISFIED;
    ck_assert(plain_is_no_way_out);
    ck_assert_int_eq(app->children[0]->kind, CODE_APPEX);
}

static void nothing_to_do(struct arena *a)
{
    struct code *app = facts_code(a, CODE_APP, "A.app", SIGNER_DEVELOPER_ID, "TEAMID1234");
    struct repairs r = search(a, input_of(a, app));

    ck_assert(!r.needed);
    ck_assert_uint_eq(r.found.n, 0);
    ck_assert_uint_eq(r.judged, 0);
}

/* One step for all code that shows the finding. */
static void all_alike(struct arena *a)
{
    struct code *app = facts_code(a, CODE_APP, "A.app", SIGNER_DEVELOPER_ID, "TEAMID1234");
    struct repairs r;

    app->reached = true;
    for (int i = 0; i < 3; i++) {
        struct code *lib =
            facts_code(a, CODE_DYLIB, arena_printf(a, "A.app/Contents/Frameworks/%d.dylib", i),
                       SIGNER_DEVELOPER_ID, "TEAMID1234");

        lib->reached = true;
        facts_nest(a, app, lib);
        finding_add(lib->findings, FINDING_CD_PAGE_HASH, place_path(lib->path), NULL);
    }
    r = search(a, input_of(a, app));
    ck_assert_uint_ge(r.found.n, 1);
    ck_assert_uint_eq(r.found.at[0].steps.n, 1);
    ck_assert_uint_eq(r.found.at[0].edits.n, 3);
    ck_assert_uint_eq(r.found.at[0].edited.sign_again.n, 4);
}

/* What is beyond edits is told, and what can be mended beside it is. */
static void beyond(struct arena *a)
{
    struct code *app = facts_code(a, CODE_APP, "A.app", SIGNER_DEVELOPER_ID, "TEAMID1234");
    struct repairs r;

    finding_add(app->findings, FINDING_BUNDLE_ROOT_UNSEALED, place_path(app->path), NULL);
    finding_add(app->findings, FINDING_SEAL_RESOURCE_ADDED, place_path(app->path), NULL);
    r = search(a, input_of(a, app));
    ck_assert_uint_eq(r.beyond.n, 1);
    ck_assert_int_eq(r.beyond.at[0]->id, FINDING_BUNDLE_ROOT_UNSEALED);
    ck_assert_uint_ge(r.found.n, 1);
    ck_assert_int_eq(r.found.at[0].edits.at[0].id, EDIT_SIGN_AGAIN);
}

static struct value *expected(struct arena *a, const char *text)
{
    struct value *list = value_array(a);

    value_append(a, list, value_string(a, text));
    return list;
}

static void expectations(struct arena *a)
{
    struct judge_input in = input_of(a, vpn_founding(a));
    struct repairs r = search(a, in);

    ck_assert(repair_is_found(
        a, &in, &r, expected(a, "Contents/PlugIns/Tunnel.appex:package=system-extension")));
    ck_assert(repair_is_found(
        a, &in, &r,
        expected(a, "Example.app/Contents/PlugIns/Tunnel.appex:package=system-extension")));
    ck_assert(repair_is_found(a, &in, &r, repair_tree(a, &r)));
    ck_assert(!repair_is_found(a, &in, &r, expected(a, "package=system-extension")));
    ck_assert(!repair_is_found(a, &in, &r, expected(a, "nonsense")));
    ck_assert(!repair_is_found(a, &in, &r, value_array(a)));
}

/* -- comparisons */

static void what_decides(struct arena *a)
{
    struct code *mine = vpn_founding(a);
    struct judge_input in = input_of(a, mine), other;
    struct edit_vec edits = {0};
    struct edited theirs;
    struct comparison c;
    struct value_error error;

    vec_push(a, &edits, the_edit(a, "Contents/PlugIns/Tunnel.appex:package=system-extension"));
    ck_assert_int_eq(edits_apply(a, &in, &edits, &theirs, &error), DS_OK);
    other = theirs.in;
    ck_assert_int_eq(code_compare(a, &in, &other, &c), DS_OK);
    ck_assert_uint_ge(c.list.n, 2);
    ck_assert_str_eq(c.list.at[0].field, "package");
    ck_assert(c.list.at[0].decides);
    ck_assert_int_eq(c.list.at[0].cures.at[0]->id, FINDING_NE_PKG_DEVID_APPEX);
    ck_assert(!difference_matters(&c.list.at[c.list.n - 1]));
}

static void no_difference(struct arena *a)
{
    struct judge_input in = input_of(a, vpn_founding(a));
    struct comparison c;

    ck_assert_int_eq(code_compare(a, &in, &in, &c), DS_OK);
    ck_assert_uint_eq(c.list.n, 0);
}

static void one_has_more(struct arena *a)
{
    struct code *mine = vpn_founding(a), *theirs = vpn_founding(a);
    struct judge_input x, y;
    struct comparison c;

    theirs->child_count = 0;
    x = input_of(a, mine);
    y = input_of(a, theirs);
    ck_assert_int_eq(code_compare(a, &x, &y, &c), DS_OK);
    ck_assert_uint_ge(c.list.n, 1);
    ck_assert_str_eq(c.list.at[0].field, "code");
    ck_assert_ptr_null(c.list.at[0].theirs);
    ck_assert(c.list.at[0].decides);
    ck_assert_int_eq(code_compare(a, &y, &x, &c), DS_OK);
    ck_assert_ptr_null(c.list.at[0].mine);
}

static void (*const tests[])(struct arena *a) = {
    founding,     nothing_to_do, all_alike,     beyond,
    expectations, what_decides,  no_difference, one_has_more,
};

START_TEST(repaired)
{
    facts_run(tests[_i]);
}
END_TEST

Suite *repair_suite(void)
{
    Suite *s = suite_create("repair");
    TCase *tc = tcase_create("repair");

    tcase_add_loop_test(tc, repaired, 0, (int)(sizeof tests / sizeof *tests));
    suite_add_tcase(s, tc);
    return s;
}
