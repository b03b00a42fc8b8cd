/* SPDX-License-Identifier: Apache-2.0 */
/* AMFI: the claims against the embedded profile, as taskgated-helper does it (launch-policy.md §3.6 to §3.8). */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"
#include "policy/amfi_steps.h"

#define APP_ID "com.apple.application-identifier"

/* Values of the switches read here. */
enum { LONE_RUNS };
enum { MISMATCH_NO_ELIGIBLE };
enum { CERT_HARD_CLAIMS };

/* "key, key" of the claims of CLASS that are not covered. */
static const char *uncovered(const struct amfi *m, const struct profile_match *match,
                             enum claim_class class)
{
    struct buf b = {.arena = m->j->a};

    for (size_t i = 0; i < match->claims.n; i++) {
        const struct claim_match *cm = &match->claims.at[i];

        if (cm->class == class && !cm->covered)
            buf_printf(&b, "%s%s = %s", b.n ? ", " : "", cm->key, value_text(m->j->a, cm->claim));
    }
    return arena_strdup(m->j->a, buf_cstr(&b));
}

static const char *all_keys(const struct amfi *m, enum claim_class class)
{
    struct buf b = {.arena = m->j->a};

    for (size_t i = 0; i < m->match.claims.n; i++)
        if (m->match.claims.at[i].class == class)
            buf_printf(&b, "%s%s", b.n ? ", " : "", m->match.claims.at[i].key);
    return arena_strdup(m->j->a, buf_cstr(&b));
}

static void rely_on_routes(struct amfi *m)
{
    for (int i = 0; i < SWITCH_COUNT; i++)
        if (m->match.routes[i])
            judging_rely_switch(m->j, (enum switch_id)i, m->c);
}

/* -- soft claims: never fatal, but the process counts as unproven */

static void soften(struct amfi *m, const struct profile_match *match)
{
    struct finding *f =
        judging_add(m->j, FINDING_AMFI_ENT_SOFT, m->c, "%s", uncovered(m, match, CLAIM_SOFT));

    if (!m->checked || m->check.dropped) {
        struct finding *line = judging_add(m->j, FINDING_AMFI_SOFT_LINE, m->c, NULL);

        judging_log(m->j, line, "taskgated-helper",
                    "Disallowing %s because no eligible provisioning profiles found",
                    code_log_name(m->c));
        return;
    }
    judging_log(m->j, f, "taskgated-helper", "Checking profile: %s", m->check.name);
    if (!match->listed.n)
        return;
    judging_log(m->j, f, "taskgated-helper", "%s: Unsatisfied entitlements: %s",
                code_log_name(m->c), match->listed.at[0]);
    judging_log(m->j, f, "taskgated-helper", "Disallowing: %s", code_log_name(m->c));
}

static void check_lone_app_id(struct amfi *m)
{
    struct denial d = {.error = -413};

    if (m->hard || m->soft != 1 || !value_get(m->claims, APP_ID) || m->checked)
        return;
    judging_rely_switch(m->j, SWITCH_LONE_APP_ID, m->c);
    if (m->j->switches.at[SWITCH_LONE_APP_ID] != LONE_RUNS)
        amfi_deny(m, FINDING_AMFI_ENT_NOPROFILE, APP_ID, &d);
}

/* -- no profile at all */

static void no_profile(struct amfi *m)
{
    struct denial d = {.error = -413};

    check_lone_app_id(m);
    if (m->hard)
        amfi_deny(m, FINDING_AMFI_ENT_NOPROFILE, all_keys(m, CLAIM_HARD), &d);
    else if (!m->killed && m->match.uncovered_soft + m->match.soft)
        soften(m, &m->match);
}

/* -- faults of the profile */

static const char *helper_note(struct amfi *m, enum finding_id id)
{
    if (id == FINDING_AMFI_PROFILE_STORE)
        return arena_printf(
            m->j->a,
            "embedded provisioning profile not valid: file://%s error: Error "
            "Domain=CPProfileManager Code=-215 \"Only Development Provisioning Profiles can be "
            "installed in System Preferences. Production Provisioning Profiles are imported "
            "within Xcode.\"",
            path_join(m->j->a, m->j->host->location ? m->j->host->location : "/",
                      m->profile->path));
    if (id == FINDING_AMFI_PROFILE_DEVICE)
        return arena_printf(m->j->a,
                            "Provisioning Profile Validation: profile '%s' is not provisioned for "
                            "this device",
                            m->check.app_id);
    return NULL;
}

/* The helper's list for a profile that grants nothing; NULL where it says that none was eligible. */
static const struct name_vec *void_list(struct amfi *m, enum finding_id id,
                                        const struct name_vec *empty)
{
    if (id == FINDING_AMFI_PROFILE_APPID) {
        judging_rely_switch(m->j, SWITCH_APP_ID_MISMATCH, m->c);
        return m->j->switches.at[SWITCH_APP_ID_MISMATCH] == MISMATCH_NO_ELIGIBLE ? NULL
                                                                                 : &m->match.listed;
    }
    if (id == FINDING_AMFI_PROFILE_CERT &&
        m->j->switches.at[SWITCH_UNSATISFIED_ON_CERT] != CERT_HARD_CLAIMS)
        return empty;
    return &m->match.listed;
}

/* M->match is against nothing here: every claim is unsatisfied. */
static void report_fault(struct amfi *m, const struct profile_fault *fault)
{
    static const struct name_vec empty = {0};
    struct denial d = {.error = -413, .helper_note = helper_note(m, fault->id)};
    struct finding *f;

    if (fault->effect == PROFILE_WARNS || !m->hard) {
        f = judging_add(m->j, fault->id, m->c, fault->detail ? "%s" : NULL, fault->detail);
        f->severity = SEVERITY_WARN;
        f->place.path = m->profile->path;
        return;
    }
    if (fault->effect == PROFILE_VOIDS)
        d.unsatisfied = void_list(m, fault->id, &empty);
    amfi_deny(m, fault->id,
              arena_printf(m->j->a, "%s%s%s claimed", fault->detail ? fault->detail : "",
                           fault->detail ? "; " : "", all_keys(m, CLAIM_HARD)),
              &d);
}

static void report_faults(struct amfi *m)
{
    for (size_t i = 0; i < m->check.faults.n; i++)
        report_fault(m, &m->check.faults.at[i]);
}

/* -- a usable profile */

/* A granted text that differs from the claimed one only by a tail, such as "-systemextension". */
static const char *near_grant(const struct claim_match *cm)
{
    for (size_t i = 0; value_is(cm->claim, VALUE_ARRAY) && i < cm->claim->count; i++) {
        const char *claimed = value_cstr(cm->claim->items[i]);

        if (!claimed || value_has_string(cm->grant, claimed))
            continue;
        for (size_t k = 0; value_is(cm->grant, VALUE_ARRAY) && k < cm->grant->count; k++) {
            const char *granted = value_cstr(cm->grant->items[k]);

            if (granted && (text_starts(granted, claimed) || text_starts(claimed, granted)))
                return granted;
        }
    }
    return NULL;
}

static const char *unsatisfied_fix(struct amfi *m, const struct profile_match *match,
                                   const char *fix)
{
    for (size_t i = 0; i < match->claims.n; i++) {
        const struct claim_match *cm = &match->claims.at[i];
        const char *near = cm->covered ? NULL : near_grant(cm);

        if (near)
            return arena_printf(m->j->a, "%s. The profile grants %s: claim that value", fix, near);
    }
    return fix;
}

/* "key: why; key: why" of everything that is not covered. */
static const char *why_uncovered(struct amfi *m, const struct profile_match *match)
{
    struct buf b = {.arena = m->j->a};

    for (size_t i = 0; i < match->claims.n; i++) {
        const struct claim_match *cm = &match->claims.at[i];

        if (!cm->covered)
            buf_printf(&b, "%s%s: %s", b.n ? "; " : "", cm->key, cm->match.why);
    }
    return arena_strdup(m->j->a, buf_cstr(&b));
}

static void unsatisfied(struct amfi *m, const struct profile_match *match)
{
    struct denial d = {.error = -413, .unsatisfied = &match->listed};
    struct finding *f;

    if (!match->uncovered_hard)
        return;
    rely_on_routes(m);
    f = amfi_deny(m, FINDING_AMFI_ENT_UNSATISFIED, why_uncovered(m, match), &d);
    f->fix = unsatisfied_fix(m, match, f->fix);
}

/* KC-03: before macOS 13 a profile did not bind to code that claims no application identifier; nor
 * does it later where nothing is assumed in its place (switch assume-app-id). */
static void check_app_id_claimed(struct amfi *m)
{
    struct denial d = {.error = -413,
                       .helper = "taskgated", /* as it was called then */
                       .helper_note = "no application identifier provided, can't use provisioning "
                                      "profiles"};
    struct finding *f;

    if (value_get(m->claims, profile_app_id_key(&m->holder)))
        return;
    if (m->hard &&
        (m->j->host->macos < MACOS(13, 0, 0) || m->j->switches.at[SWITCH_ASSUME_APP_ID])) {
        amfi_deny(m, FINDING_AMFI_APPID_MISSING, profile_app_id_key(&m->holder), &d);
        return;
    }
    f = judging_add(m->j, FINDING_AMFI_APPID_MISSING, m->c, "%s", profile_app_id_key(&m->holder));
    f->severity = SEVERITY_WARN;
}

static void allow(struct amfi *m)
{
    struct finding *f = judging_add(m->j, FINDING_AMFI_ALLOWED, m->c, "%s profile \"%s\"",
                                    profile_kind_name(m->check.kind), m->check.name);
    bool universal = m->check.kind == PROFILE_DEVELOPER_ID || m->check.kind == PROFILE_ENTERPRISE;

    rely_on_routes(m);
    judging_log(m->j, f, "taskgated-helper", "Checking profile: %s", m->check.name);
    judging_log(m->j, f, "taskgated-helper",
                "allowing entitlement(s) for %s due to provisioning profile%s", code_log_name(m->c),
                universal ? " (isUPP: 1)" : "");
}

static void ask_device(struct amfi *m)
{
    if (m->check.asks_device && m->hard && !m->killed)
        judging_ask(m->j, FINDING_ASK_DEVICE, m->c, true, NULL);
}

static void with_profile(struct amfi *m)
{
    struct profile_match match = {0};

    profile_check(m->j->a, m->profile, &m->holder, &m->check);
    m->checked = true;
    report_faults(m);
    profile_match(m->j->a, &m->holder, m->check.grants, &match);
    if (m->check.dropped || m->check.is_void) {
        if (!m->hard && !m->killed)
            soften(m, &m->match);
        unsatisfied(m, &match);
        return;
    }
    m->match = match;
    unsatisfied(m, &match);
    check_app_id_claimed(m);
    ask_device(m);
    if (m->killed)
        return;
    if (match.uncovered_soft)
        soften(m, &match);
    else if (!m->check.asks_device || !m->hard)
        allow(m);
}

/* -- candidates */

enum fit { FIT_OTHERS, FIT_REFUSES, FIT_AUTHORISES };

/* How P fits: it is dropped or some other code's, it is looked at, or it authorises every hard claim. */
static enum fit fit_of(const struct amfi *m, const struct profile *p)
{
    struct profile_check check = {0};
    struct profile_match match = {0};

    profile_check(m->j->a, p, &m->holder, &check);
    if (check.dropped)
        return FIT_OTHERS;
    for (size_t i = 0; i < check.faults.n; i++)
        if (check.faults.at[i].id == FINDING_AMFI_PROFILE_APPID)
            return FIT_OTHERS;
    profile_match(m->j->a, &m->holder, check.grants, &match);
    return check.is_void || match.uncovered_hard ? FIT_REFUSES : FIT_AUTHORISES;
}

/*
 * H-CANDIDATES: the embedded profile, then those installed on the Mac. The first that authorises the code counts; when none
 * does, the embedded one tells why, or the first installed one that is not some other code's.
 */
static const struct profile *choose(const struct amfi *m)
{
    const struct judge_input *in = m->j->in;
    const struct profile *refuses = m->c->profile;

    if (m->c->profile && (in->profile_count == 0 || fit_of(m, m->c->profile) == FIT_AUTHORISES))
        return m->c->profile;
    for (size_t i = 0; i < in->profile_count; i++) {
        enum fit fit = fit_of(m, in->profiles[i]);
        if (fit == FIT_AUTHORISES)
            return in->profiles[i];
        if (fit == FIT_REFUSES && !refuses)
            refuses = in->profiles[i];
    }
    return refuses;
}

/* A profile for all devices or for some is no store's. */
static bool is_for_store(const struct amfi *m)
{
    return !m->c->profile || profile_kind_of(m->c->profile) == PROFILE_STORE;
}

static void ask_store(struct amfi *m)
{
    if (is_for_store(m) && m->sig->signer == SIGNER_APPLE_DISTRIBUTION && !m->c->parent &&
        m->j->host->store_accepts == VERDICT_UNDECIDED)
        judging_ask(m->j, FINDING_ASK_STORE, m->c, false, NULL);
}

static void note_waived(struct amfi *m)
{
    const char *keys = all_keys(m, CLAIM_WAIVED);

    if (*keys)
        judging_add(m->j, FINDING_AMFI_SIP_WAIVED, m->c, "%s", keys);
}

/* A signature of Apple's kinds: the others were refused before a profile was looked at. */
static bool reaches_helper(const struct amfi *m)
{
    return !m->sig->adhoc && m->sig->chain_count && amfi_is_apple_anchor(m->sig->anchor);
}

/* ASSUMPTION(testflight-profile): TestFlight installs a profile with what it signs. */
static bool is_installed_beta(const struct amfi *m)
{
    return m->sig->signer == SIGNER_TESTFLIGHT && !m->c->profile;
}

void amfi_check_profile(struct amfi *m)
{
    note_waived(m);
    ask_store(m);
    if (!m->hard && !m->soft) {
        if (m->c->profile && !amfi_is_store(m))
            judging_add(m->j, FINDING_AMFI_PROFILE_UNUSED, m->c, NULL);
        return;
    }
    if (amfi_is_store(m) || is_installed_beta(m)) {
        if (m->sig->signer != SIGNER_MAC_APP_STORE)
            judging_rely(m->j, is_installed_beta(m) ? "testflight-profile" : "assume store", m->c);
        judging_add(m->j, FINDING_AMFI_STORE_CERT, m->c, NULL);
        return;
    }
    if (!reaches_helper(m)) {
        if (!m->hard)
            soften(m, &m->match);
        return;
    }
    m->profile = choose(m);
    if (m->profile)
        with_profile(m);
    else
        no_profile(m);
}
