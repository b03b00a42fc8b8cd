/* SPDX-License-Identifier: Apache-2.0 */
/* Remarks: one function a remark (subsystem-checks.md §18, static-validation.md §8.3, §11.6). */
#include "policy/remarks.h"

#include <string.h>

#include "base/text.h"
#include "crypto/x509.h"
#include "policy/gatekeeper.h"

#define ALLOW_UNSIGNED 0x10 /* of execSegFlags */
#define PLATFORM_IOS   2
#define SLOP_SECONDS   86400 /* between clocks: a day is no accident */

/* A signed slice and the code it is of. */
struct remarked {
    struct judging *j;
    const struct code *c;
    const struct slice *slice;
    const struct signature *sig;
};

static void remark(const struct remarked *r, enum finding_id id, const char *detail)
{
    if (judging_found(r->j, id, r->c))
        return;
    judging_add(r->j, id, r->c, detail ? "%s" : NULL, detail)->place.arch = r->slice->arch;
}

/* XP-04: requirements name one identifier, and the code has the other. */
static void identifiers(const struct remarked *r)
{
    const char *plist = value_get_cstr(r->slice->info_section, "CFBundleIdentifier");
    const char *own = r->c->identifier ? r->c->identifier : plist;

    if (own && strcmp(own, r->sig->chosen->identifier) != 0)
        judging_add(r->j, FINDING_ID_MISMATCH, r->c,
                    "the signature says %s, CFBundleIdentifier is %s", r->sig->chosen->identifier,
                    own);
}

/* EB-02 */
static void der_form(const struct remarked *r)
{
    static const char text[] =
        "binary contains an invalid entitlements blob. The OS will ignore these entitlements.";
    struct finding *f;

    if (!r->sig->has_der_entitlements || !r->sig->der_error ||
        judging_found(r->j, FINDING_ENT_DER, r->c))
        return;
    f = judging_add(r->j, FINDING_ENT_DER, r->c, "%s (%s)", text, r->sig->der_error);
    judging_log(r->j, f, "codesign", "%s: %s", r->c->path, text);
}

/* EB-03 */
static void segment_flags(const struct remarked *r)
{
    static const char *const keys[] = {"com.apple.security.get-task-allow", "get-task-allow"};

    if (!(r->sig->chosen->exec_seg_flags & ALLOW_UNSIGNED))
        return;
    for (size_t i = 0; i < 2; i++)
        if (value_is_true(value_get(r->sig->entitlements, keys[i])))
            return;
    remark(r, FINDING_EXECSEG_ALLOW_UNSIGNED, NULL);
}

/* EB-06 */
static void team(const struct remarked *r)
{
    const struct signature *sig = r->sig;

    if (sig->chosen->team || sig->adhoc || !sig->chain_count || !sig->chain[0]->team ||
        sig->anchor == ANCHOR_NONE || sig->signer == SIGNER_APPLE)
        return;
    remark(r, FINDING_CD_TEAM_MISSING, sig->chain[0]->team);
}

static bool differ_much(int64_t a, int64_t b)
{
    return a != WHEN_NONE && b != WHEN_NONE && (a > b + SLOP_SECONDS || b > a + SLOP_SECONDS);
}

static bool is_ahead(int64_t when, int64_t now)
{
    return when != WHEN_NONE && when > now + SLOP_SECONDS;
}

/* SV5.7: what a device would say of code whose chain ends in a root that is not Apple's. */
static void device(const struct remarked *r)
{
    if (r->slice->platform == PLATFORM_IOS && r->sig->cms_valid && r->sig->chain_count &&
        r->sig->anchor == ANCHOR_NONE)
        remark(r, FINDING_SIG_EMBEDDED_UNTRUSTED,
               r->sig->chain[r->sig->chain_count - 1]->common_name);
}

/* Nobody has said whether a certificate of SIG's chain is revoked, or nothing that counts. */
static bool is_open(const struct host *host, const struct signature *sig)
{
    return !host->revocation_known && sig->chain_count &&
           (sig->revocation.status == REVOCATION_OPEN ||
            sig->revocation.status == REVOCATION_UNASKED);
}

/* SV5.5, ASSUMPTION(chain-revoked-stage): in a check Gatekeeper asks; verification alone has nobody behind it who would. */
static void revocation(const struct remarked *r)
{
    const struct cert *cert = NULL;

    if (r->j->in->only != STAGE_DR || r->sig->adhoc)
        return;
    if (r->sig->revocation.status != REVOCATION_REVOKED) /* else validation has said so itself */
        cert = gatekeeper_revoked(r->j->a, r->j->host, r->sig);
    if (cert)
        remark(r, FINDING_CHAIN_REVOKED, cert->common_name);
    else if (r->j->in->check_revocation && is_open(r->j->host, r->sig))
        judging_ask(r->j, FINDING_ASK_REVOKED, r->c, true, r->sig->revocation.why);
}

/* SV8.3 */
static void times(const struct remarked *r)
{
    int64_t stamp = r->sig->timestamp, signing = r->sig->signing_time, now = r->j->host->date;

    if (is_ahead(stamp, now) || is_ahead(signing, now))
        remark(r, FINDING_TIMESTAMP_POSTDATED, "the signature is from the future");
    else if (differ_much(stamp, signing))
        remark(r, FINDING_TIMESTAMP_POSTDATED, "signing time and time stamp differ by much");
}

/* TC-02 */
static void requirement(const struct remarked *r)
{
    if (r->sig->dr_text && text_starts(r->sig->dr_text, "cdhash "))
        remark(r, FINDING_DR_CDHASH, r->sig->dr_text);
}

void remarks_judge(struct judging *j)
{
    for (size_t i = 0; i < j->all.n; i++) {
        const struct code *c = j->all.at[i];
        const struct slice *s = code_main_slice(c);
        struct remarked r = {j, c, s, s ? &s->sig : NULL};

        if (s)
            revocation(&r);
        if (!s || !s->sig.chosen)
            continue;
        identifiers(&r);
        der_form(&r);
        segment_flags(&r);
        team(&r);
        device(&r);
        times(&r);
        requirement(&r);
    }
}
