/* SPDX-License-Identifier: Apache-2.0 */
/* Gatekeeper: the stage: what a first launch brings besides the rules (subsystem-checks.md §16). */
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/text.h"
#include "policy/amfi.h"
#include "policy/gatekeeper.h"
#include "seal/ticket.h"

static bool assesses(const struct judging *j)
{
    return j->host->quarantine || j->host->first_launch;
}

/* -- what is looked at in any case: the system's version, revocation, the ticket */

/* LaunchServices reads LSMinimumSystemVersion; without it the deployment target counts. */
static uint32_t minimum_system(const struct code *c)
{
    const char *text = value_get_cstr(c->info, "LSMinimumSystemVersion");
    const struct slice *s = code_main_slice(c);
    uint32_t version;

    if (text && macos_parse(text, &version))
        return version;
    return s && s->platform == 1 ? s->minos : 0;
}

static void check_minimum_system(struct judging *j, const struct code *c)
{
    uint32_t needed = minimum_system(c);
    struct finding *f;

    if (c->kind != CODE_APP || c->parent || needed <= j->host->macos)
        return;
    f = judging_add(j, FINDING_LAUNCH_MIN_OS, c, "macOS %s is needed, this is %s",
                    macos_text(j->a, needed), macos_text(j->a, j->host->macos));
    judging_log(j, f, "CoreServicesUIAgent",
                "handle LS launch error: { Action = oapp; AppMimimumSystemVersion = %s; AppPath = "
                "%s; ErrorCode = -10825 }",
                macos_text(j->a, needed),
                path_join(j->a, j->host->location ? j->host->location : "", c->path));
}

static char *hex(struct arena *a, const uint8_t *p, size_t n)
{
    char *out = arena_alloc(a, 2 * n + 1);

    for (size_t i = 0; i < n; i++) {
        out[2 * i] = "0123456789abcdef"[p[i] >> 4];
        out[2 * i + 1] = "0123456789abcdef"[p[i] & 15];
    }
    return out;
}

/* NAME is the serial number, the SHA-256 or the common name of CERT. */
static bool names_certificate(struct arena *a, const char *name, const struct cert *cert)
{
    const char *serial = hex(a, cert->serial.p, cert->serial.n);

    while (serial[0] == '0' && serial[1])
        serial++;
    while (name[0] == '0' && name[1] && strcmp(name, cert->common_name) != 0)
        name++;
    return strcasecmp(name, serial) == 0 || strcmp(name, cert->common_name) == 0 ||
           strcasecmp(name, hex(a, cert->sha256, sizeof cert->sha256)) == 0;
}

const struct cert *gatekeeper_revoked(struct arena *a, const struct host *host,
                                      const struct signature *sig)
{
    for (size_t i = 0; i < sig->chain_count; i++)
        for (size_t k = 0; k < host->revoked.n; k++)
            if (names_certificate(a, host->revoked.at[k], sig->chain[i]))
                return sig->chain[i];
    return sig->revocation.status == REVOCATION_REVOKED ? sig->revocation.cert : NULL;
}

static void check_revoked(struct judging *j, const struct code *c)
{
    const struct signature *sig = code_signature(c);
    const struct cert *cert = sig && !sig->adhoc ? gatekeeper_revoked(j->a, j->host, sig) : NULL;
    struct finding *f;

    if (!cert)
        return;
    if (sig->revocation.status == REVOCATION_REVOKED)
        f = judging_add(j, FINDING_GK_REVOKED, c, "%s", sig->revocation.why);
    else
        f = judging_add(j, FINDING_GK_REVOKED, c, "\"%s\"", cert->common_name);
    judging_log(j, f, "syspolicyd", "%s: CSSMERR_TP_CERT_REVOKED", amfi_log_path(j, c));
}

/* Revocation is on nobody's disk, unless records were given; it never stands in the way of a verdict (case-format.md). */
static void ask_revoked(struct judging *j, const struct code *top)
{
    const struct signature *sig = code_signature(top);

    if (j->host->revocation_known || !sig || !sig->chain_count)
        return;
    if (sig->revocation.status == REVOCATION_OPEN ||
        (sig->revocation.status == REVOCATION_UNASKED && sig->anchor != ANCHOR_NONE))
        judging_ask(j, FINDING_ASK_REVOKED, top, false, sig->revocation.why);
}

static void check_ticket(struct judging *j, const struct code *c)
{
    const struct ticket_facts *t = &c->ticket;

    if (t->present && !(t->valid && t->lists_this))
        judging_add(j, FINDING_GK_TICKET_OTHER, c, "%s",
                    !t->valid ? (t->error ? t->error : "it is not genuine")
                              : "it does not list this code");
}

/* Only what can carry a ticket lacks one: bundles, images and packages. */
static void check_stapled(struct judging *j, const struct code *c,
                          const struct gk_assessment *assessed)
{
    struct finding *f;
    bool notarizable =
        assessed->asks == FINDING_ASK_NOTARIZED ||
        (assessed->source && strcmp(assessed->source, "Notarized Developer ID") == 0);

    if (!notarizable || c->ticket.present || c->kind == CODE_TOOL || c->kind == CODE_DYLIB)
        return;
    f = judging_add(j, FINDING_GK_UNSTAPLED, c, NULL);
    judging_log(j, f, "stapler", "%s does not have a ticket stapled to it.", c->name);
}

static void check_package(struct judging *j, const struct code *c)
{
    const struct signature *sig = code_signature(c);

    if (c->kind != CODE_PKG || !sig || !sig->chain_count ||
        sig->signer == SIGNER_DEVELOPER_ID_INSTALLER || sig->signer == SIGNER_APPLE ||
        cert_has_marker(sig->chain[0], OID_APPLE_MAC_SUBMIT_INSTALLER) ||
        cert_has_marker(sig->chain[0], OID_APPLE_MAC_STORE_INSTALLER))
        return;
    judging_add(j, FINDING_PKG_CERT_KIND, c, "\"%s\"", sig->chain[0]->common_name);
}

/* -- a first launch */

static void log_assessment(struct judging *j, const struct code *c)
{
    struct finding *f = judging_add(j, FINDING_GK_ASSESSMENT_LINE, c, NULL);
    const char *path = amfi_log_path(j, c), *team = code_team(c);

    judging_log(j, f, "syspolicyd", "GK process assessment: %s <-- (launchd, %s)", path, path);
    judging_log(j, f, "syspolicyd",
                "GK performScan: PST: (path: <private>), (team: %s), (id: %s), (bundle_id: %s)",
                team ? team : "(null)", c->code_identifier ? c->code_identifier : "(null)",
                c->identifier ? c->identifier : "NO_BUNDLE_ID");
}

/* The wording is spctl's (§9.3); "damaged" is what the user reads. */
static void log_verdict(struct judging *j, struct finding *f, const struct code *c,
                        const struct gk_assessment *assessed)
{
    if (f->id == FINDING_GK_DAMAGED) {
        judging_log(j, f, "CoreServicesUIAgent", "\"%s\" is damaged and can't be opened.", c->name);
        return;
    }
    judging_log(j, f, "spctl", "%s: %s", c->path,
                assessed->allowed == VERDICT_YES ? "accepted" : "rejected");
    if (assessed->source)
        judging_log(j, f, "spctl", "source=%s", assessed->source);
    if (assessed->origin)
        judging_log(j, f, "spctl", "origin=%s", assessed->origin);
}

static const char *reason(const struct gk_assessment *assessed)
{
    if (assessed->fault)
        return finding_row(assessed->fault->id)->title;
    return assessed->source ? assessed->source : "no rule matches";
}

static void report(struct judging *j, const struct code *c, const struct gk_assessment *assessed)
{
    struct finding *f;

    if (assessed->allowed == VERDICT_UNDECIDED) {
        judging_ask(j, assessed->asks, c, true, NULL);
        return;
    }
    f = judging_add(j, assessed->finding, c, "%s", reason(assessed));
    log_verdict(j, f, c, assessed);
}

/* Nested code must be allowed as well; a weak or broken seal was told of what contains it. */
static void check_nested(struct judging *j, const struct code *c)
{
    struct gk_assessment assessed;

    for (size_t i = 0; i < c->child_count; i++) {
        const struct code *inner = c->children[i];

        if (!inner->reached || !inner->slice_count)
            continue;
        gatekeeper_assess(j->a, j->host, inner, GK_EXECUTE, &assessed);
        if (assessed.allowed == VERDICT_NO)
            judging_add(j, FINDING_GK_NESTED, inner, "%s",
                        assessed.source ? assessed.source : "no rule matches");
        check_nested(j, inner);
    }
}

/* GK-04: as long as the user has not moved it. */
static void check_translocated(struct judging *j, const struct code *c)
{
    struct finding *f;

    if (!j->host->quarantine || c->kind != CODE_APP)
        return;
    f = judging_add(j, FINDING_GK_TRANSLOCATED, c, NULL);
    judging_log(j, f, "lsd",
                "SecTranslocateCreateSecureDirectoryForURL: created "
                "/private/var/folders/<private>/AppTranslocation/<uuid>/d/%s",
                c->name);
    judging_log(
        j, f, "updater",
        "/private/var/folders/<private>/AppTranslocation/<uuid>/d/%s: Read-only file system",
        c->name);
}

static void note_tool(struct judging *j, const struct code *c)
{
    struct finding *f;

    if (c->kind != CODE_TOOL)
        return;
    f = judging_add(j, FINDING_GK_NOT_APP, c, NULL);
    judging_log(j, f, "spctl", "%s: rejected (the code is valid but does not seem to be an app)",
                c->path);
}

/* static-validation.md §9.2 step 1: the attribute itself forbids it, whatever the signature. */
static void check_hard_quarantine(struct judging *j, const struct code *c)
{
    struct finding *f;

    if (!c->hard_quarantined)
        return;
    f = judging_add(j, FINDING_GK_HARD_QUARANTINE, c, NULL);
    judging_log(j, f, "spctl", "%s: File created by an AppSandbox, exec/open not allowed", c->path);
}

static void first_launch(struct judging *j, const struct code *top)
{
    struct gk_assessment assessed;

    if (top->kind == CODE_DATA || top->kind == CODE_ARCHIVE)
        return;
    log_assessment(j, top);
    gatekeeper_assess(j->a, j->host, top, gatekeeper_type(top), &assessed);
    report(j, top, &assessed);
    note_tool(j, top);
    check_stapled(j, top, &assessed);
    if (assessed.allowed != VERDICT_NO)
        check_nested(j, top);
    check_translocated(j, top);
}

void gatekeeper_judge(struct judging *j)
{
    for (size_t i = 0; i < j->all.n; i++) {
        check_minimum_system(j, j->all.at[i]);
        check_revoked(j, j->all.at[i]);
        check_ticket(j, j->all.at[i]);
        check_package(j, j->all.at[i]);
    }
    for (size_t i = 0; i < j->in->top_count; i++) {
        ask_revoked(j, j->in->tops[i]);
        check_hard_quarantine(j, j->in->tops[i]);
        if (assesses(j))
            first_launch(j, j->in->tops[i]);
    }
    if (!assesses(j))
        judging_skip(j, "not quarantined, and no first launch");
}
