/* SPDX-License-Identifier: Apache-2.0 */
/* AMFI: the worked examples of launch-policy.md §4.10, and the faults of profiles and signatures in their order. */
#include <check.h>
#include <string.h>

#include "base/text.h"
#include "format/yaml.h"
#include "policy_facts.h"

Suite *amfi_suite(void);

#define TEAM "ABCDE12345"

/* -- the worked examples: number, claims, the profile's grants, verdict, list */

enum expected {
    FREE,    /* no profile is looked for */
    ALLOWED, /* flag set */
    RUNS,    /* flag clear */
    DENIED
};

/* clang-format off */
static const struct {
    int number;
    const char *claims, *grants; /* grants NULL: no profile; "": an otherwise perfect one */
    enum expected expected;
    const char *listed;
} examples[] = {
    {1, "{com.apple.security.app-sandbox: true}", NULL, FREE, ""},
    {2, "{com.apple.security.get-task-allow: true}", NULL, FREE, ""},
    {3, "{com.apple.security.cs.disable-library-validation: true}", NULL, FREE, ""},
    {4, "{com.apple.security.temporary-exception.mach-lookup.global-name: [\"com.example.svc\"]}", NULL, FREE, ""},
    {5, "{com.apple.security.not-a-real-key: true}", NULL, FREE, ""},
    {6, "{com.apple.security.hypervisor: true}", NULL, FREE, ""},
    {7, "{com.apple.vm.networking: true}", NULL, DENIED, ""},
    {8, "{com.apple.developer.endpoint-security.client: true}", NULL, DENIED, ""},
    {9, "{com.apple.developer.endpoint-security.client: false}", NULL, DENIED, ""},
    {10, "{com.example.my-own-key: true}", NULL, DENIED, ""},
    {11, "{com.apple.overclaim: true}", "{com.apple.developer.team-identifier: \"ABCDE12345\"}", DENIED, "com.apple.overclaim"},
    {12, "{com.apple.private.tcc.allow: [\"kTCCServiceAll\"]}", "{keychain-access-groups: [\"ABCDE12345.*\"]}", DENIED, "com.apple.private.tcc.allow"},
    {13, "{com.apple.application-identifier: \"ABCDE12345.com.example.app\"}", NULL, RUNS, ""},
    {14, "{com.apple.application-identifier: \"ABCDE12345.com.example.app\", com.apple.developer.team-identifier: \"ABCDE12345\"}", NULL, DENIED, ""},
    {15, "{com.apple.application-identifier: \"ABCDE12345.com.example.app\", com.apple.developer.team-identifier: \"ABCDE12345\"}", "{com.apple.application-identifier: \"ABCDE12345.com.example.app\", com.apple.developer.team-identifier: \"ABCDE12345\"}", ALLOWED, ""},
    {16, "{com.apple.application-identifier: \"ABCDE12345.com.example.app\", com.apple.developer.team-identifier: \"ABCDE12345\"}", "{com.apple.application-identifier: \"ABCDE12345.com.example.*\", com.apple.developer.team-identifier: \"ABCDE12345\"}", ALLOWED, ""},
    {17, "{com.apple.application-identifier: \"ABCDE12345.com.example.app\", com.apple.developer.team-identifier: \"ABCDE12345\"}", "{com.apple.application-identifier: \"ABCDE12345.*\", com.apple.developer.team-identifier: \"ABCDE12345\"}", ALLOWED, ""},
    {18, "{com.apple.developer.team-identifier: \"ZZZZZ99999\"}", "{com.apple.developer.team-identifier: \"ABCDE12345\"}", DENIED, "com.apple.developer.team-identifier"},
    {19, "{application-identifier: \"ABCDE12345.com.example.app\"}", "{com.apple.application-identifier: \"ABCDE12345.com.example.app\"}", DENIED, "application-identifier"},
    {20, "{keychain-access-groups: [\"ABCDE12345.com.example.shared\"]}", "{keychain-access-groups: [\"ABCDE12345.*\"]}", ALLOWED, ""},
    {21, "{keychain-access-groups: [\"ABCDE12345.com.example.shared\", \"ABCDE12345.b\"]}", "{keychain-access-groups: [\"ABCDE12345.*\"]}", ALLOWED, ""},
    {22, "{keychain-access-groups: [\"com.apple.token\"]}", "{keychain-access-groups: [\"ABCDE12345.*\"]}", DENIED, "keychain-access-groups"},
    {23, "{keychain-access-groups: [\"ZZZZZ99999.x\"]}", "{keychain-access-groups: [\"ABCDE12345.*\"]}", DENIED, "keychain-access-groups"},
    {24, "{keychain-access-groups: [\"ABCDE12345.*\"]}", "{keychain-access-groups: [\"ABCDE12345.*\"]}", ALLOWED, ""},
    {25, "{keychain-access-groups: []}", "{keychain-access-groups: [\"ABCDE12345.*\"]}", ALLOWED, ""},
    {26, "{keychain-access-groups: \"ABCDE12345.x\"}", "{keychain-access-groups: [\"ABCDE12345.*\"]}", ALLOWED, ""},
    {27, "{keychain-access-groups: [\"ABCDE12345.x\"]}", "{keychain-access-groups: \"ABCDE12345.*\"}", DENIED, "keychain-access-groups"},
    {28, "{keychain-access-groups: [\"ABCDE12345.x\"]}", "{keychain-access-groups: [\"*.x\"]}", DENIED, "keychain-access-groups"},
    {29, "{keychain-access-groups: [\"abcde12345.x\"]}", "{keychain-access-groups: [\"ABCDE12345.*\"]}", DENIED, "keychain-access-groups"},
    {30, "{keychain-access-groups: [\"ABCDE12345X.y\"]}", "{keychain-access-groups: [\"ABCDE12345.*\"]}", DENIED, "keychain-access-groups"},
    {31, "{com.apple.developer.icloud-services: [\"CloudKit\"]}", "{com.apple.developer.icloud-services: \"*\"}", ALLOWED, ""},
    {32, "{com.apple.developer.icloud-services: [\"CloudKit\"]}", "", DENIED, "com.apple.developer.icloud-services"},
    {33, "{com.apple.developer.associated-domains: [\"applinks:example.com?mode=developer\"]}", "{com.apple.developer.associated-domains: \"*\"}", ALLOWED, ""},
    {34, "{com.apple.developer.icloud-container-environment: \"Production\"}", "{com.apple.developer.icloud-container-environment: [\"Development\", \"Production\"]}", ALLOWED, ""},
    {35, "{com.apple.developer.icloud-container-environment: \"Development\"}", "{com.apple.developer.icloud-container-environment: [\"Production\"]}", DENIED, "com.apple.developer.icloud-container-environment"},
    {36, "{com.apple.developer.aps-environment: \"development\"}", "{com.apple.developer.aps-environment: \"production\"}", DENIED, "com.apple.developer.aps-environment"},
    {37, "{aps-environment: \"production\"}", "{com.apple.developer.aps-environment: \"production\"}", DENIED, "aps-environment"},
    {38, "{com.apple.developer.networking.networkextension: [\"packet-tunnel-provider\"]}", "{com.apple.developer.networking.networkextension: [\"packet-tunnel-provider-systemextension\", \"app-proxy-provider-systemextension\"]}", DENIED, "com.apple.developer.networking.networkextension"},
    {39, "{com.apple.developer.networking.networkextension: [\"packet-tunnel-provider-systemextension\"]}", "{com.apple.developer.networking.networkextension: [\"packet-tunnel-provider-systemextension\", \"app-proxy-provider-systemextension\"]}", ALLOWED, ""},
    {40, "{com.apple.developer.networking.networkextension: [\"packet-tunnel-provider-systemextension\"]}", "{com.apple.developer.networking.networkextension: [\"packet-tunnel-provider\", \"app-proxy-provider\"]}", DENIED, "com.apple.developer.networking.networkextension"},
    {41, "{com.apple.developer.networking.vpn.api: [\"allow-vpn\"]}", "{com.apple.developer.networking.vpn.api: [\"allow-vpn\"]}", ALLOWED, ""},
    {42, "{com.apple.developer.applesignin: [\"Default\"]}", "", DENIED, "com.apple.developer.applesignin"},
    {43, "{com.apple.developer.system-extension.install: true}", "{com.apple.developer.system-extension.install: false}", DENIED, "com.apple.developer.system-extension.install"},
    {44, "{com.apple.developer.system-extension.install: true}", "{com.apple.developer.system-extension.install: \"true\"}", DENIED, "com.apple.developer.system-extension.install"},
    {45, "{com.apple.developer.system-extension.install: \"YES\"}", "{com.apple.developer.system-extension.install: true}", DENIED, "com.apple.developer.system-extension.install"},
    {46, "{com.apple.developer.ubiquity-kvstore-identifier: \"ABCDE12345.com.example.app\"}", "{com.apple.developer.ubiquity-kvstore-identifier: \"ABCDE12345.*\"}", ALLOWED, ""},
    {47, "{com.apple.security.application-groups: [\"ABCDE12345.shared\"]}", NULL, RUNS, ""},
    {48, "{com.apple.security.application-groups: [\"group.com.example\"]}", NULL, RUNS, ""},
    {49, "{com.apple.security.application-groups: [\"ABCDE12345.shared\"], com.apple.developer.team-identifier: \"ABCDE12345\"}", "{com.apple.developer.team-identifier: \"ABCDE12345\"}", ALLOWED, ""},
    {50, "{com.apple.security.application-groups: [\"group.com.example\"], com.apple.developer.team-identifier: \"ABCDE12345\"}", "{com.apple.developer.team-identifier: \"ABCDE12345\", com.apple.security.application-groups: [\"group.com.example\", \"ABCDE12345.*\"]}", ALLOWED, ""},
    {51, "{com.apple.security.application-groups: [\"group.other\"], com.apple.developer.team-identifier: \"ABCDE12345\"}", "{com.apple.developer.team-identifier: \"ABCDE12345\", com.apple.security.application-groups: [\"group.com.example\", \"ABCDE12345.*\"]}", RUNS, ""},
    {52, "{com.apple.developer.driverkit: true, com.apple.developer.driverkit.transport.usb: [{\"idVendor\": 1452}]}", "{com.apple.developer.driverkit: true, com.apple.developer.driverkit.transport.usb: [{\"idVendor\": 1452}]}", ALLOWED, ""},
    {53, "{com.apple.developer.driverkit.transport.usb: [{\"idVendor\": 1452, \"idProduct\": 5}]}", "{com.apple.developer.driverkit.transport.usb: [{\"idVendor\": 1452}]}", DENIED, "com.apple.developer.driverkit.transport.usb"},
    {54, "{com.apple.developer.driverkit.transport.usb: [{\"idVendor\": 1452}]}", "{com.apple.developer.driverkit.transport.usb: []}", DENIED, "com.apple.developer.driverkit.transport.usb"},
    {55, "{com.apple.developer.driverkit.transport.usb: [{\"idVendor\": 1356}]}", "{com.apple.developer.driverkit.transport.usb: [{\"idVendor\": \"*\"}]}", DENIED, "com.apple.developer.driverkit.transport.usb"},
    {56, "{com.apple.developer.driverkit.transport.usb: [{\"idVendor\": \"*\"}]}", "{com.apple.developer.driverkit.transport.usb: [{\"idVendor\": \"*\"}]}", ALLOWED, ""},
};
/* clang-format on */

static struct value *yaml(struct arena *a, const char *text)
{
    struct value *v;
    struct value_error error;

    ck_assert_int_eq(yaml_parse(a, bytes_str(text), &v, &error), DS_OK);
    return v;
}

static struct code *signed_app(struct arena *a)
{
    return facts_code(a, CODE_APP, "Example.app", SIGNER_DEVELOPER_ID, TEAM);
}

static void set_claims(struct arena *a, struct code *c, const struct value *claims)
{
    for (size_t i = 0; i < claims->count; i++)
        facts_claim(a, c, (const char *)claims->keys[i].name.p, claims->items[i]);
}

/* A profile that is otherwise perfect: its grants are the example's. */
static void set_grants(struct arena *a, struct code *c, const char *grants)
{
    if (grants)
        value_set(a, facts_profile(a, c)->plist, "Entitlements",
                  *grants ? yaml(a, grants) : value_dict(a));
}

static void check_listed(struct arena *a, const struct judgement *out, const char *listed)
{
    const char *line = arena_printf(a, "Unsatisfied Entitlements: %s\n", listed);

    ck_assert_msg(strstr(facts_log(a, out), line) != NULL, "%s in %s", line, facts_log(a, out));
}

static void check_example(struct arena *a, size_t i)
{
    struct host host = host_default(FACTS_NOW);
    struct code *c = signed_app(a);
    struct judgement out;

    c->identifier = c->code_identifier = "com.example.app";
    set_claims(a, c, yaml(a, examples[i].claims));
    set_grants(a, c, examples[i].grants);
    out = facts_judge(a, c, &host);
    ck_assert_int_eq(out.outcome == OUTCOME_REFUSED, examples[i].expected == DENIED);
    ck_assert_int_eq(findings_find(&out.findings, FINDING_AMFI_ALLOWED) != NULL,
                     examples[i].expected == ALLOWED);
    ck_assert_int_eq(findings_find(&out.findings, FINDING_AMFI_ENT_SOFT) != NULL,
                     examples[i].expected == RUNS);
    if (examples[i].expected == DENIED)
        check_listed(a, &out, examples[i].listed);
}

struct example {
    struct arena *a;
    size_t i;
};

static enum ds_status run_example(void *arg)
{
    struct example *e = arg;

    check_example(e->a, e->i);
    return DS_OK;
}

START_TEST(worked_example)
{
    struct example e = {arena_new(0), (size_t)_i};

    ck_assert_int_eq(arena_run(e.a, run_example, &e), DS_OK);
    arena_free(e.a);
}
END_TEST

/* -- one change to a good app with a hard claim and a profile, and what becomes of it */

static void expect(struct arena *a, struct code *c, const struct host *host, enum finding_id id)
{
    struct judgement out = facts_judge(a, c, host);

    if (id == FINDING_NONE) {
        ck_assert_msg(out.outcome == OUTCOME_ACCEPTED, "refused by %s",
                      out.deciding ? finding_row(out.deciding->id)->id : "?");
        return;
    }
    ck_assert_ptr_nonnull(out.deciding);
    ck_assert_str_eq(finding_row(out.deciding->id)->id, finding_row(id)->id);
}

static struct code *with_profile(struct arena *a)
{
    struct code *c = signed_app(a);

    set_claims(a, c,
               yaml(a, "{keychain-access-groups: [" TEAM ".x], "
                       "com.apple.application-identifier: " TEAM ".com.example.Example.app}"));
    facts_profile(a, c);
    return c;
}

static struct value *plist(struct code *c)
{
    return c->profile->plist;
}

static void store_kind(struct arena *a, struct code *c)
{
    (void)a;
    value_remove(plist(c), "ProvisionsAllDevices");
}

static void expired(struct arena *a, struct code *c)
{
    value_set(a, plist(c), "ExpirationDate", value_date(a, (double)when_to_2001(FACTS_NOW - 1)));
}

static void other_certificate(struct arena *a, struct code *c)
{
    value_set(a, plist(c), "DeveloperCertificates", value_array(a));
}

static void other_team(struct arena *a, struct code *c)
{
    value_set(a, plist(c), "TeamIdentifier", facts_list(a, "OTHERTEAM1"));
    other_certificate(a, c);
}

static void other_platform(struct arena *a, struct code *c)
{
    value_set(a, plist(c), "Platform", facts_list(a, "iOS"));
}

static void other_app_id(struct arena *a, struct code *c)
{
    value_set(a, value_get(plist(c), "Entitlements"), "com.apple.application-identifier",
              value_string(a, TEAM ".com.other"));
}

static void other_device(struct arena *a, struct code *c)
{
    store_kind(a, c);
    value_set(a, plist(c), "ProvisionedDevices", facts_list(a, "00008103-000000000000001F"));
}

static void edited(struct arena *a, struct code *c)
{
    (void)a;
    c->profile->signature_valid = false;
}

static void foreign_signer(struct arena *a, struct code *c)
{
    (void)a;
    c->profile->anchor = ANCHOR_NONE;
}

static void version_two(struct arena *a, struct code *c)
{
    value_set(a, plist(c), "Version", value_int(a, 2));
}

static void no_profile(struct arena *a, struct code *c)
{
    (void)a;
    c->profile = NULL;
}

static void adhoc(struct arena *a, struct code *c)
{
    struct signature *sig = &c->slices[0].sig;
    struct codedir *cd = arena_copy(a, sig->chosen, sizeof *cd);

    cd->team = NULL;
    cd->flags = CD_FLAG_ADHOC;
    sig->chosen = cd;
    sig->adhoc = true;
    sig->has_cms = false;
    sig->chain_count = 0;
    sig->signer = SIGNER_ADHOC;
    sig->anchor = ANCHOR_NONE;
}

static void self_signed(struct arena *a, struct code *c)
{
    (void)a;
    c->slices[0].sig.signer = SIGNER_SELF_SIGNED;
    c->slices[0].sig.anchor = ANCHOR_NONE;
}

static void info_edited(struct arena *a, struct code *c)
{
    (void)a;
    finding_add(c->findings, FINDING_INFO_PLIST_MODIFIED, place_path(c->path), NULL);
    c->findings->list.at[0]->severity = SEVERITY_REFUSED;
    c->findings->list.at[0]->stage = STAGE_UPDATER; /* so that it does not decide here */
}

static void store_signed(struct arena *a, struct code *c)
{
    no_profile(a, c);
    c->slices[0].sig.signer = SIGNER_MAC_APP_STORE;
}

static void relaxed(struct arena *a, struct code *c)
{
    facts_claim(a, c, "com.apple.developer.networking.networkextension",
                facts_list(a, "packet-tunnel-provider"));
    facts_claim(a, c, "com.apple.security.cs.disable-library-validation", value_bool(a, true));
    facts_profile(a, c);
}

static void jit_with_network(struct arena *a, struct code *c)
{
    facts_claim(a, c, "com.apple.developer.networking.networkextension",
                facts_list(a, "packet-tunnel-provider"));
    facts_claim(a, c, "com.apple.security.cs.allow-jit", value_bool(a, true));
    facts_profile(a, c);
}

static void platform_identifier(struct arena *a, struct code *c)
{
    struct codedir *cd = arena_copy(a, c->slices[0].sig.chosen, sizeof *cd);

    cd->platform = 13;
    c->slices[0].sig.chosen = cd;
}

static void ios_binary(struct arena *a, struct code *c)
{
    (void)a;
    c->slices[0].platform = 7;
}

static void static_binary(struct arena *a, struct code *c)
{
    (void)a;
    c->slices[0].mach_flags = 0;
}

static void big_pages(struct arena *a, struct code *c)
{
    struct codedir *cd = arena_copy(a, c->slices[0].sig.chosen, sizeof *cd);

    cd->page_shift = 13;
    c->slices[0].sig.chosen = cd;
}

static void team_constraint(struct arena *a, struct code *c)
{
    c->slices[0].sig.has_constraint[0] = true;
    c->slices[0].sig.constraints[0] = yaml(a, "{reqs: {team-identifier: OTHER}}");
}

static void category_constraint(struct arena *a, struct code *c)
{
    c->slices[0].sig.has_constraint[0] = true;
    c->slices[0].sig.constraints[0] =
        yaml(a, "{validation-category: {$in: [6, 4]}, $or: {team-identifier: X, "
                "signing-identifier: com.example.Example.app}}");
}

static void odd_constraint(struct arena *a, struct code *c)
{
    c->slices[0].sig.has_constraint[1] = true;
    c->slices[0].sig.constraints[1] = yaml(a, "{favourite-colour: blue}");
}

static void parent_constraint(struct arena *a, struct code *c)
{
    c->slices[0].sig.has_constraint[1] = true;
    c->slices[0].sig.constraints[1] = yaml(a, "{team-identifier: " TEAM "}");
}

static void unchanged(struct arena *a, struct code *c)
{
    (void)a;
    (void)c;
}

static const struct {
    void (*change)(struct arena *a, struct code *c);
    enum finding_id decides;
    const char *log; /* a line of it */
} changes[] = {
    {unchanged, FINDING_NONE,
     "allowing entitlement(s) for com.example.Example.app due to provisioning profile (isUPP: 1)"},
    {store_kind, FINDING_AMFI_PROFILE_STORE, "Code=-215"},
    {expired, FINDING_AMFI_PROFILE_EXPIRED, "no eligible provisioning profiles found"},
    {other_certificate, FINDING_AMFI_PROFILE_CERT,
     "com.example.Example.app: Unsatisfied entitlements: keychain-access-groups\n"},
    {other_team, FINDING_AMFI_PROFILE_TEAM, "Disallowing: com.example.Example.app"},
    {other_platform, FINDING_AMFI_PROFILE_PLATFORM, "Code=-413"},
    {other_app_id, FINDING_AMFI_PROFILE_APPID, "no eligible provisioning profiles found"},
    {other_device, FINDING_AMFI_PROFILE_DEVICE, "is not provisioned for this device"},
    {edited, FINDING_AMFI_PROFILE_SIGNATURE, NULL},
    {foreign_signer, FINDING_AMFI_PROFILE_SIGNER, NULL},
    {version_two, FINDING_AMFI_PROFILE_FORMAT, NULL},
    {no_profile, FINDING_AMFI_ENT_NOPROFILE,
     "AMFI: bailing out because of restricted entitlements."},
    {adhoc, FINDING_AMFI_ADHOC_RESTRICTED, "Code=-424"},
    {self_signed, FINDING_AMFI_CORETRUST, "Unrecoverable CT signature issue, bailing out."},
    {info_edited, FINDING_AMFI_BASIC_VALIDITY, "Code failed basic validity check (error: -67030)"},
    {store_signed, FINDING_NONE, NULL},
    {relaxed, FINDING_AMFI_HARDENED_RELAX, NULL},
    {jit_with_network, FINDING_NONE, NULL},
    {platform_identifier, FINDING_AMFI_PLATFORM_ID, "is not in the trustcache"},
    {ios_binary, FINDING_EXEC_WRONG_PLATFORM, NULL},
    {static_binary, FINDING_EXEC_NO_DYLDLINK, "ASP: Security policy would not allow process"},
    {big_pages, FINDING_EXEC_SIG_STRUCTURE, "load code signature error 4"},
    {team_constraint, FINDING_LC_SELF, "AMFI: Launch Constraint Violation (enforcing)"},
    {category_constraint, FINDING_NONE, NULL},
    {odd_constraint, FINDING_LC_MALFORMED, NULL},
    {parent_constraint, FINDING_LC_PARENT, "c[4]p[3]m[1]e[0]"},
};

static enum ds_status run_change(void *arg)
{
    struct example *e = arg;
    struct host host = host_default(FACTS_NOW);
    struct code *c = with_profile(e->a);
    struct judgement out;

    host.udid = "00008103-000000000000001E";
    changes[e->i].change(e->a, c);
    expect(e->a, c, &host, changes[e->i].decides);
    out = facts_judge(e->a, c, &host);
    if (changes[e->i].log)
        ck_assert_msg(strstr(facts_log(e->a, &out), changes[e->i].log) != NULL, "%s in %s",
                      changes[e->i].log, facts_log(e->a, &out));
    return DS_OK;
}

START_TEST(one_change)
{
    struct example e = {arena_new(0), (size_t)_i};

    ck_assert_int_eq(arena_run(e.a, run_change, &e), DS_OK);
    arena_free(e.a);
}
END_TEST

/* -- by itself */

static void device_unknown(struct arena *a)
{
    struct host host = host_default(FACTS_NOW);
    struct code *c = with_profile(a);
    struct judgement out;

    other_device(a, c);
    out = facts_judge(a, c, &host);
    ck_assert_int_eq(out.outcome, OUTCOME_UNDECIDED);
    ck_assert_int_eq(out.deciding->id, FINDING_ASK_DEVICE);

    ck_assert_int_eq(out.stages[STAGE_AMFI], STAGE_UNDECIDED);
}

static void sip_off(struct arena *a)
{
    struct host host = host_default(FACTS_NOW);
    struct code *c = facts_code(a, CODE_APP, "Example.app", SIGNER_ADHOC, NULL);
    struct judgement out;

    facts_claim(a, c, "com.apple.developer.endpoint-security.client", value_bool(a, true));
    expect(a, c, &host, FINDING_AMFI_ADHOC_RESTRICTED);
    host.sip = false;
    expect(a, c, &host, FINDING_NONE);
    out = facts_judge(a, c, &host);
    ck_assert_ptr_nonnull(findings_find(&out.findings, FINDING_AMFI_SIP_WAIVED));
}

static void unsigned_code(struct arena *a)
{
    struct host host = host_default(FACTS_NOW);
    struct code *c = signed_app(a);

    c->slices[0].sig = (struct signature){0};
    expect(a, c, &host, FINDING_EXEC_UNSIGNED_ARM64);
    c->slices[0].arch = "x86_64";
    expect(a, c, &host, FINDING_NONE);
}

/* Info.plist edited, nothing hard claimed: fatal because of the Team ID, harmless without one (outcome 0). */
static void broken_with_team(struct arena *a)
{
    struct host host = host_default(FACTS_NOW);
    struct code *c = signed_app(a);

    info_edited(a, c);
    expect(a, c, &host, FINDING_AMFI_TEAM_BROKEN);
    adhoc(a, c);
    c->findings->list.at[0]->severity = SEVERITY_INFO;
    expect(a, c, &host, FINDING_NONE);
}

static void warnings(struct arena *a)
{
    struct host host = host_default(FACTS_NOW);
    struct code *c = signed_app(a);
    struct judgement out;
    static const enum finding_id ids[] = {FINDING_ENT_UNKNOWN_KEY,   FINDING_ENT_VARIABLE,
                                          FINDING_ENT_TEAM_PREFIX,   FINDING_ENT_FALSE_CLAIM,
                                          FINDING_ENT_IOS_SPELLING,  FINDING_AMFI_ENT_PRIVATE,
                                          FINDING_AMFI_APPID_DIFFERS};

    set_claims(a, c,
               yaml(a, "{com.apple.security.netwrk.client: yes, com.apple.private.tcc.allow: [x], "
                       "keychain-access-groups: [OTHERTEAM1.x, $(AppIdentifierPrefix)y], "
                       "aps-environment: production, com.apple.developer.weatherkit: no, "
                       "com.apple.application-identifier: " TEAM ".other}"));
    out = facts_judge(a, c, &host);
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
        ck_assert_msg(findings_find(&out.findings, ids[i]) != NULL, "%s", finding_row(ids[i])->id);
}

static void (*const tests[])(struct arena *a) = {device_unknown, sip_off, unsigned_code,
                                                 broken_with_team, warnings};

START_TEST(judged)
{
    facts_run(tests[_i]);
}
END_TEST

Suite *amfi_suite(void)
{
    Suite *s = suite_create("amfi");
    TCase *tc = tcase_create("amfi");

    tcase_add_loop_test(tc, worked_example, 0, (int)(sizeof examples / sizeof *examples));
    tcase_add_loop_test(tc, one_change, 0, (int)(sizeof changes / sizeof *changes));
    tcase_add_loop_test(tc, judged, 0, (int)(sizeof tests / sizeof *tests));
    suite_add_tcase(s, tc);
    return s;
}
