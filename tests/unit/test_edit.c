/* SPDX-License-Identifier: Apache-2.0 */
/* Edits of facts: their text, and what they do to a clone (policy/edit.h, policy/apply.h). */
#include <check.h>
#include <string.h>

#include "policy/apply.h"
#include "policy/clone.h"
#include "policy/fit.h"
#include "policy_facts.h"
#include "vpn_facts.h"

Suite *edit_suite(void);

static void texts(struct arena *a)
{
    static const struct {
        const char *text, *path, *name, *again;
        enum edit_id id;
    } rows[] = {
        {"signer=adhoc", NULL, NULL, "signer=adhoc", EDIT_SIGNER},
        {"entitlements.com.a.b=true", NULL, "com.a.b", "entitlements.com.a.b=true",
         EDIT_ENTITLEMENT},
        {"entitlements.\"com.a.b\"=[x, y]", NULL, "com.a.b", "entitlements.com.a.b=[\"x\", \"y\"]",
         EDIT_ENTITLEMENT},
        {"Contents/PlugIns/T.appex: info.A.B=null", "Contents/PlugIns/T.appex", "A.B",
         "Contents/PlugIns/T.appex:info.A.B=null", EDIT_INFO},
        {"info.Text=\"yes\"", NULL, "Text", "info.Text=\"yes\"", EDIT_INFO},
        {"*:signer=developer-id/TEAM", "*", NULL, "*:signer=developer-id/TEAM", EDIT_SIGNER},
        {"host.assume.notarized=yes", NULL, "assume.notarized", "host.assume.notarized=true",
         EDIT_HOST},
        {"A=B.app:remove=yes", "A=B.app", NULL, "A=B.app:remove=true", EDIT_REMOVE},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct value_error error = {0};
        struct edit e;

        ck_assert_msg(edit_parse(a, rows[i].text, &e, &error) == DS_OK, "%s: %s", rows[i].text,
                      error.message);
        ck_assert_int_eq(e.id, rows[i].id);
        ck_assert_pstr_eq(e.path, rows[i].path);
        ck_assert_pstr_eq(e.name, rows[i].name);
        ck_assert_str_eq(edit_text(a, &e), rows[i].again);
    }
}

static void wrong_texts(struct arena *a)
{
    struct value_error error = {0};
    struct edit e;

    ck_assert_int_eq(edit_parse(a, "signer", &e, &error), DS_PARSE);
    ck_assert_int_eq(edit_parse(a, "singer=adhoc", &e, &error), DS_PARSE);
    ck_assert_str_eq(error.suggestion, "signer");
    ck_assert_int_eq(edit_parse(a, "entitlements=true", &e, &error), DS_PARSE);
    ck_assert_int_eq(edit_parse(a, "signer.x=true", &e, &error), DS_PARSE);
}

/* The three forms of a value mean the same. */
static void values(struct arena *a)
{
    struct value *set = value_dict(a), *changes = value_dict(a), *list = value_array(a);
    struct edit_vec edits = {0};
    struct value_error error;

    value_set(a, set, "C/T.appex:entitlements.k", value_bool(a, true));
    value_set(a, changes, "code.\"A.app\".contains.\"C/T.appex\".entitlements.\"k\"",
              value_bool(a, true));
    value_append(a, list, value_string(a, "C/T.appex:entitlements.k=yes"));
    value_append(a, list, set);
    value_append(a, list, changes);
    ck_assert_int_eq(edits_read(a, list, &edits, &error), DS_OK);
    ck_assert_int_eq(edits.n, 3);
    ck_assert(edit_equal(&edits.at[0], &edits.at[1]));
    ck_assert_str_eq(edits.at[2].path, "A.app/C/T.appex");
    ck_assert_str_eq(edits.at[2].name, "k");
    ck_assert_int_eq(edits.at[2].id, EDIT_ENTITLEMENT);
}

/* -- application */

static struct edited apply(struct arena *a, struct code *top, const char *const *texts)
{
    struct host *host = arena_new_of(a, struct host);
    struct judge_input in = {
        .tops = arena_copy(a, &top, sizeof top), .top_count = 1, .host = host, .only = STAGE_COUNT};
    struct edit_vec edits = {0};
    struct value_error error = {0};
    struct edited out;

    *host = host_default(FACTS_NOW);
    for (; *texts; texts++) {
        ck_assert_msg(edit_parse(a, *texts, vec_add(a, &edits), &error) == DS_OK, "%s: %s", *texts,
                      error.message);
    }
    ck_assert_msg(edits_apply(a, &in, &edits, &out, &error) == DS_OK, "%s", error.message);
    return out;
}

#define APPLY(a, top, ...) apply(a, top, (const char *const[]){__VA_ARGS__, NULL})

static struct code *inner(const struct edited *e, const char *path)
{
    struct code *c = code_at_path(e->in.tops[0], path);

    ck_assert_msg(c != NULL, "%s", path);
    return c;
}

static void originals_stay(struct arena *a)
{
    struct code *app = vpn_founding(a), *appex = app->children[0];
    struct edited e = APPLY(a, app, "Contents/PlugIns/Tunnel.appex:entitlements.k=true",
                            "Contents/PlugIns/Tunnel.appex:info.A.B=1", "host.macos=12.3");
    struct code *changed = inner(&e, appex->path);

    ck_assert_ptr_null(value_get(appex->slices[0].sig.entitlements, "k"));
    ck_assert_ptr_null(value_get(appex->info, "A"));
    ck_assert(value_is_true(value_get(changed->slices[0].sig.entitlements, "k")));
    ck_assert_int_eq(value_int_or(value_get(value_get(changed->info, "A"), "B"), 0), 1);
    ck_assert_ptr_eq(changed->parent, e.in.tops[0]);
    ck_assert_int_eq(e.in.host->macos, MACOS(12, 3, 0));
    ck_assert_int_eq(e.sign_again.n, 2);
    ck_assert_str_eq(e.sign_again.at[0], appex->path);
    ck_assert_str_eq(e.sign_again.at[1], "Example.app");
    ck_assert(!e.presumed);
}

static void fresh_signature(struct arena *a)
{
    struct code *app = vpn_founding(a), *appex = app->children[0];
    struct edited e;

    finding_add(appex->findings, FINDING_CD_PAGE_HASH, place_path(appex->path), NULL);
    finding_add(app->findings, FINDING_SEAL_RESOURCE_ADDED, place_path(app->path), NULL);
    finding_add(app->findings, FINDING_BUNDLE_ROOT_UNSEALED, place_path(app->path), NULL);
    appex->slices[0].page_mismatch = true;
    e = APPLY(a, app, "Contents/PlugIns/Tunnel.appex:sign-again=yes");
    ck_assert(appex->slices[0].page_mismatch);
    ck_assert_int_eq(appex->findings->list.n, 1);
    ck_assert(!inner(&e, appex->path)->slices[0].page_mismatch);
    ck_assert_int_eq(inner(&e, appex->path)->findings->list.n, 0);
    ck_assert(inner(&e, appex->path)->static_valid);
    ck_assert_int_eq(e.in.tops[0]->findings->list.n, 1);
    ck_assert_int_eq(e.in.tops[0]->outcome.first->id, FINDING_BUNDLE_ROOT_UNSEALED);
    ck_assert(!e.in.tops[0]->static_valid);
}

static void another_signer(struct arena *a)
{
    struct code *app = vpn_founding(a), *appex = app->children[0];
    struct edited e = APPLY(a, app, "*:signer=apple-development/OTHER12345");
    const struct signature *sig = (&e.in.tops[0]->slices[0].sig);

    ck_assert_int_eq(sig->signer, SIGNER_APPLE_DEVELOPMENT);
    ck_assert_str_eq(sig->chosen->team, "OTHER12345");
    ck_assert(sig->presumed && e.presumed);
    ck_assert(sig->chain_trusted);
    ck_assert_str_eq(sig->chain[0]->common_name, "Apple Development: Example (OTHER12345)");
    ck_assert_str_eq(sig->dr_text,
                     "identifier \"com.example.vpn\" and anchor apple generic and "
                     "certificate leaf[subject.CN] = \"Apple Development: Example "
                     "(OTHER12345)\" and certificate 1[field.1.2.840.113635.100.6.2.1] "
                     "/* exists */");
    ck_assert_int_eq((&inner(&e, appex->path)->slices[0].sig)->signer, SIGNER_APPLE_DEVELOPMENT);
    ck_assert_int_eq((&appex->slices[0].sig)->signer, SIGNER_DEVELOPER_ID);
}

/* A signer who signs elsewhere in the input is not made up. */
static void known_signer(struct arena *a)
{
    struct code *app = vpn_founding(a), *appex = app->children[0];
    struct edited e;

    appex->slices[0].sig.adhoc = true;
    appex->slices[0].sig.chain_count = 0;
    e = APPLY(a, app, "Contents/PlugIns/Tunnel.appex:signer=developer-id");
    ck_assert_ptr_eq((&inner(&e, appex->path)->slices[0].sig)->chain[0],
                     app->slices[0].sig.chain[0]);
    ck_assert(!(&inner(&e, appex->path)->slices[0].sig)->adhoc);
}

static void places(struct arena *a)
{
    struct code *app = vpn_founding(a);
    struct edited e = APPLY(a, app, "Contents/PlugIns/Tunnel.appex:place=Contents/Other/T2.appex");
    struct code *c = inner(&e, "Example.app/Contents/Other/T2.appex");

    ck_assert_str_eq(c->name, "T2.appex");
    ck_assert_str_eq(c->executable, "Example.app/Contents/Other/T2.appex/Contents/MacOS/main");
    ck_assert_str_eq(c->profile->path,
                     "Example.app/Contents/Other/T2.appex/Contents/embedded.provisionprofile");
    e = APPLY(a, app, "Contents/PlugIns/Tunnel.appex:remove=yes");
    ck_assert_int_eq(e.in.tops[0]->child_count, 0);
    ck_assert_int_eq(app->child_count, 1);
    e = APPLY(a, app, "name=Renamed.app");
    inner(&e, "Renamed.app/Contents/PlugIns/Tunnel.appex");
}

static void as_system_extension(struct arena *a)
{
    struct code *app = vpn_founding(a);
    struct edited e = APPLY(a, app, "Contents/PlugIns/Tunnel.appex:package=system-extension");
    struct code *c = inner(&e, "Example.app/Contents/Library/SystemExtensions/"
                               "com.example.vpn.tunnel.systemextension");
    const struct value *ne = value_get(c->info, "NetworkExtension");

    ck_assert_int_eq(c->kind, CODE_SYSEXT);
    ck_assert_str_eq(value_get_cstr(c->info, "CFBundlePackageType"), "SYSX");
    ck_assert_ptr_null(value_get(c->info, "NSExtension"));
    ck_assert_str_eq(value_get_cstr(ne, "NEMachServiceName"), "TEAMID1234.com.example.vpn.tunnel");
    ck_assert_str_eq(value_get_cstr(value_get(ne, "NEProviderClasses"),
                                    "com.apple.networkextension.packet-tunnel"),
                     "TunnelProvider");
    ck_assert(value_has_string(value_get((&c->slices[0].sig)->entitlements, KEY_NE),
                               "packet-tunnel-provider-systemextension"));
    ck_assert(value_is_true(value_get((&e.in.tops[0]->slices[0].sig)->entitlements, KEY_INSTALL)));
    ck_assert(value_is_true(
        value_get(value_get(e.in.tops[0]->profile->plist, "Entitlements"), KEY_INSTALL)));
    e = APPLY(a, e.in.tops[0],
              "Contents/Library/SystemExtensions/com.example.vpn.tunnel.systemextension:package="
              "app-extension");
    c = inner(&e, "Example.app/Contents/PlugIns/tunnel.appex");
    ck_assert_int_eq(c->kind, CODE_APPEX);
    ck_assert_ptr_null(value_get((&e.in.tops[0]->slices[0].sig)->entitlements, KEY_INSTALL));
}

/* Apple's Developer ID profiles list suffixed values alone, whatever is claimed (NE-04). */
static void profile_has_limits(struct arena *a)
{
    struct code *app = vpn_founding(a);
    struct edited e = APPLY(a, app, "entitlements." KEY_NE "=[packet-tunnel-provider]",
                            "entitlements.com.apple.private.x=true", "profile=matching");
    const struct value *grants = value_get(e.in.tops[0]->profile->plist, "Entitlements");

    ck_assert(
        value_has_string(value_get(grants, KEY_NE), "packet-tunnel-provider-systemextension"));
    ck_assert(!value_has_string(value_get(grants, KEY_NE), "packet-tunnel-provider"));
    ck_assert_ptr_null(value_get(grants, "com.apple.private.x"));
    ck_assert_str_eq(value_get_cstr(grants, KEY_APP_ID), "TEAMID1234.com.example.vpn");
    ck_assert(e.presumed);
}

static void refusals(struct arena *a)
{
    static const char *const wrong[] = {
        "Contents/Nowhere.app:signer=adhoc",
        "remove=yes",
        "package=system-extension",
        "signer=somebody",
        "name=a/b",
        "minos=abc",
        "profile=something",
        "constraints.x=null",
        "host.nothing=1",
    };
    struct code *app = vpn_founding(a);
    struct host host = host_default(FACTS_NOW);
    struct judge_input in = {.tops = &app, .top_count = 1, .host = &host, .only = STAGE_COUNT};

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct edit_vec edits = {0};
        struct value_error error = {0};
        struct edited out;

        ck_assert_int_eq(edit_parse(a, wrong[i], vec_add(a, &edits), &error), DS_OK);
        ck_assert_msg(edits_apply(a, &in, &edits, &out, &error) == DS_PARSE, "%s", wrong[i]);
        ck_assert_ptr_nonnull(error.message);
    }
}

static void (*const tests[])(struct arena *a) = {
    texts,          wrong_texts,  values, originals_stay,      fresh_signature,
    another_signer, known_signer, places, as_system_extension, profile_has_limits,
    refusals,
};

START_TEST(edited_facts)
{
    facts_run(tests[_i]);
}
END_TEST

Suite *edit_suite(void)
{
    Suite *s = suite_create("edit");
    TCase *tc = tcase_create("edit");

    tcase_add_loop_test(tc, edited_facts, 0, (int)(sizeof tests / sizeof *tests));
    suite_add_tcase(s, tc);
    return s;
}
