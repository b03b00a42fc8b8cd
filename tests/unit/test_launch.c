/* SPDX-License-Identifier: Apache-2.0 */
/* What happens around a launch: Gatekeeper, library validation, sandbox initialisation. */
#include <check.h>
#include <string.h>

#include "base/text.h"
#include "lang/compile.h"
#include "policy_facts.h"

Suite *launch_suite(void);

#define TEAM    "TEAMID1234"
#define SANDBOX "com.apple.security.app-sandbox"
#define INHERIT "com.apple.security.inherit"

#define E 1
#define I 2
#define O 4

static const char *const requirements[] = {
#define GK_RULE(priority, types, label, allows, requirement) requirement,
#include "policy/gatekeeper.def"
#undef GK_RULE
};

static void rules_compile(struct arena *a)
{
    for (size_t i = 0; i < sizeof requirements / sizeof *requirements; i++)
        ck_assert_msg(req_compile_single(a, requirements[i]).n > 0, "%s", requirements[i]);
}

static struct code *app(struct arena *a)
{
    return facts_code(a, CODE_APP, "A.app", SIGNER_DEVELOPER_ID, TEAM);
}

static void decides(struct arena *a, struct code *c, const struct host *host, enum finding_id id)
{
    struct judgement out = facts_judge(a, c, host);

    ck_assert_str_eq(out.deciding ? finding_row(out.deciding->id)->id : "-",
                     id == FINDING_NONE ? "-" : finding_row(id)->id);
}

/* -- Gatekeeper */

static void first_launch(struct arena *a)
{
    struct host host = host_default(FACTS_NOW);
    struct code *unsigned_app = app(a), *damaged = app(a);

    decides(a, app(a), &host, FINDING_NONE);
    host.first_launch = true;
    decides(a, app(a), &host, FINDING_GK_NO_RULE); /* the certificates have no markers */
    decides(a, facts_code(a, CODE_APP, "A.app", SIGNER_ADHOC, NULL), &host,
            FINDING_GK_NO_SIGNATURE);
    unsigned_app->slices[0].sig = (struct signature){0};
    decides(a, unsigned_app, &host, FINDING_GK_NO_SIGNATURE);
    finding_add(damaged->findings, FINDING_SEAL_RESOURCE_ADDED, place_path("A.app/x"), NULL)
        ->stage = STAGE_UPDATER;
    damaged->outcome.first = damaged->findings->list.at[0];
    decides(a, damaged, &host, FINDING_GK_DAMAGED);
}

static void translocation(struct arena *a)
{
    struct host host = host_default(FACTS_NOW);
    struct judgement out;

    host.quarantine = true;
    out = facts_judge(a, app(a), &host);
    ck_assert_ptr_nonnull(findings_find(&out.findings, FINDING_GK_TRANSLOCATED));
    ck_assert_ptr_nonnull(findings_find(&out.findings, FINDING_GK_ASSESSMENT_LINE));
}

static void old_system(struct arena *a)
{
    struct host host = host_default(FACTS_NOW);
    struct code *c = app(a);

    c->info = value_dict(a);
    value_set(a, c->info, "LSMinimumSystemVersion", value_string(a, "15.0"));
    decides(a, c, &host, FINDING_NONE);
    host.macos = MACOS(14, 7, 0);
    decides(a, c, &host, FINDING_LAUNCH_MIN_OS);
}

static void revoked(struct arena *a)
{
    struct host host = host_default(FACTS_NOW);
    struct judgement out = facts_judge(a, app(a), &host);

    ck_assert_ptr_nonnull(findings_find(&out.findings, FINDING_ASK_REVOKED));
    ck_assert_int_eq(out.outcome, OUTCOME_ACCEPTED);
    host.revocation_known = true;
    vec_push(a, &host.revoked, "Example");
    decides(a, app(a), &host, FINDING_GK_REVOKED);
}

/* -- library validation */

static struct code *library(struct arena *a, struct code *outer, const char *team)
{
    struct code *lib = facts_code(a, CODE_DYLIB, "A.app/Contents/Frameworks/b.dylib",
                                  team ? SIGNER_DEVELOPER_ID : SIGNER_ADHOC, team);

    facts_nest(a, outer, lib);
    vec_push(a, &outer->slices[0].links,
             (struct link){.name = "@rpath/b.dylib", .resolved = lib->path});
    return lib;
}

static void libraries(struct arena *a)
{
    struct host host = host_default(FACTS_NOW);
    static const struct {
        const char *team;
        bool exempt;
        enum finding_id id;
    } cases[] = {{TEAM, false, FINDING_NONE},
                 {"OTHERTEAM1", false, FINDING_LIBVAL_TEAM},
                 {NULL, false, FINDING_LIBVAL_NO_TEAM},
                 {"OTHERTEAM1", true, FINDING_NONE}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct code *c = app(a);

        library(a, c, cases[i].team);
        if (cases[i].exempt)
            facts_claim(a, c, "com.apple.security.cs.disable-library-validation",
                        value_bool(a, true));
        decides(a, c, &host, cases[i].id);
    }
}

static void library_faults(struct arena *a)
{
    struct host host = host_default(FACTS_NOW);
    struct code *c = app(a), *lib = library(a, c, TEAM);

    lib->slices[0].sig = (struct signature){0};
    decides(a, c, &host, FINDING_LIBVAL_UNSIGNED);
    c = app(a);
    vec_push(a, &c->slices[0].links, (struct link){.name = "@rpath/x.dylib", .missing = true});
    decides(a, c, &host, FINDING_LIBVAL_MISSING);
    c->slices[0].links.at[0].weak = true;
    decides(a, c, &host, FINDING_NONE);
}

/* What is shipped and not linked is taken to be loaded, on weaker grounds. */
static void unlinked(struct arena *a)
{
    struct host host = host_default(FACTS_NOW);
    struct code *c = app(a);
    struct judgement out;

    library(a, c, "OTHERTEAM1");
    c->slices[0].links.n = 0;
    out = facts_judge(a, c, &host);
    ck_assert_int_eq(out.deciding->id, FINDING_LIBVAL_TEAM);
    ck_assert_int_eq(out.evidence, 'D');
    ck_assert_str_eq(out.assumptions.at[0], "unlinked-library");
}

/* -- sandbox */

static void sandbox(struct arena *a)
{
    struct host host = host_default(FACTS_NOW);
    static const struct {
        bool outer, inner, inherit;
        enum code_kind kind;
        enum finding_id id;
    } cases[] = {{true, true, true, CODE_TOOL, FINDING_NONE},
                 {false, true, true, CODE_TOOL, FINDING_SECINIT_NOT_INHERITED},
                 {true, true, false, CODE_TOOL, FINDING_SECINIT_REINIT},
                 {true, true, false, CODE_XPC, FINDING_NONE},
                 {true, true, true, CODE_XPC, FINDING_SECINIT_NOT_INHERITED},
                 {true, false, false, CODE_TOOL, FINDING_NONE}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct code *c = app(a);
        struct code *inner =
            facts_code(a, cases[i].kind, "A.app/Contents/MacOS/b", SIGNER_DEVELOPER_ID, TEAM);

        facts_nest(a, c, inner);
        if (cases[i].outer)
            facts_claim(a, c, SANDBOX, value_bool(a, true));
        if (cases[i].inner)
            facts_claim(a, inner, SANDBOX, value_bool(a, true));
        if (cases[i].inherit)
            facts_claim(a, inner, INHERIT, value_bool(a, true));
        decides(a, c, &host, cases[i].id);
    }
}

/* -- on request */

static struct judgement on_request(struct arena *a, struct code *top, enum stage stage)
{
    struct host host = host_default(FACTS_NOW);
    struct judge_input in = {.tops = &top,
                             .top_count = 1,
                             .host = &host,
                             .run_notary = stage == STAGE_NOTARY,
                             .run_sign = stage == STAGE_SIGN,
                             .only = stage};
    struct judgement out;

    ck_assert_int_eq(judge(a, &in, &out), DS_OK);
    return out;
}

static void notary(struct arena *a)
{
    struct code *c = app(a),
                *tool = facts_code(a, CODE_TOOL, "A.app/x", SIGNER_APPLE_DEVELOPMENT, TEAM);
    struct judgement out = on_request(a, c, STAGE_NOTARY);

    ck_assert_int_eq(out.outcome, OUTCOME_ACCEPTED);
    ck_assert_ptr_nonnull(findings_find(&out.findings, FINDING_NOTARY_NOT_LAUNCH));
    facts_nest(a, c, tool);
    facts_claim(a, tool, "com.apple.security.get-task-allow", value_bool(a, true));
    tool->slices[0].sig.timestamp = WHEN_NONE;
    tool->slices[0].sdk = 0x000a0800;
    out = on_request(a, c, STAGE_NOTARY);
    ck_assert_int_eq(out.deciding->id, FINDING_NOTARY_NOT_DEVID);
    ck_assert_int_eq(out.deciding->code, 4000);
    ck_assert_ptr_nonnull(findings_find(&out.findings, FINDING_NOTARY_NO_TIMESTAMP));
    ck_assert_ptr_nonnull(findings_find(&out.findings, FINDING_NOTARY_GET_TASK_ALLOW));
    ck_assert_ptr_nonnull(findings_find(&out.findings, FINDING_NOTARY_OLD_SDK));
    ck_assert_ptr_null(findings_find(&out.findings, FINDING_NOTARY_NO_RUNTIME));
    tool->slices[0].sig = (struct signature){0};
    out = on_request(a, c, STAGE_NOTARY);
    ck_assert_int_eq(out.deciding->id, FINDING_NOTARY_UNSIGNED);
}

static void signing(struct arena *a)
{
    struct code *c = app(a), *tool = facts_code(a, CODE_TOOL, "A.app/x", SIGNER_ADHOC, NULL);
    struct judgement out;

    facts_nest(a, c, tool);
    tool->slices[0].sig = (struct signature){0};
    facts_claim(a, c, "x", value_real(a, 1.5));
    out = on_request(a, c, STAGE_SIGN);
    ck_assert_int_eq(out.deciding->id, FINDING_ENT_UNENCODABLE);
    ck_assert_ptr_nonnull(findings_find(&out.findings, FINDING_NESTED_UNSIGNED));
    c->slices[0].sig.xml_error = "syntax error near line 6";
    out = on_request(a, c, STAGE_SIGN);
    ck_assert_int_eq(out.deciding->id, FINDING_ENT_XML);
}

static void (*const tests[])(struct arena *a) = {
    rules_compile,  first_launch, translocation, old_system, revoked, libraries,
    library_faults, unlinked,     sandbox,       notary,     signing};

START_TEST(judged)
{
    facts_run(tests[_i]);
}
END_TEST

Suite *launch_suite(void)
{
    Suite *s = suite_create("launch");
    TCase *tc = tcase_create("launch");

    tcase_add_loop_test(tc, judged, 0, (int)(sizeof tests / sizeof *tests));
    suite_add_tcase(s, tc);
    return s;
}
