/* SPDX-License-Identifier: Apache-2.0 */
/*
 * AMFI: one executable through the kernel's parse, classify and decide (launch-policy.md §3.1 to §3.3) and
 * amfid's checks of the signature (§3.4). Profiles are amfi_profile.c, what is run at all amfi_exec.c.
 */
#include "policy/amfi.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/osstatus.h"
#include "base/text.h"
#include "crypto/x509.h"
#include "policy/amfi_steps.h"

#define ENTITLEMENTS_MAX 0x20000 /* of the kernel, launch-policy.md KP5 */
#define CD_WITH_EXEC_SEG 0x20400
#define EXEC_SEG_MAIN    1

struct finding *amfi_deny(struct amfi *m, enum finding_id id, const char *detail,
                          const struct denial *d)
{
    struct finding *f = judging_add(m->j, id, m->c, detail ? "%s" : NULL, detail);

    f->place.arch = m->slice->arch;
    if (!m->killed && d)
        amfi_log_denial(m, f, d);
    m->killed = true;
    return f;
}

bool amfi_is_apple_anchor(enum anchor anchor)
{
    return anchor != ANCHOR_NONE;
}

/* The severity of the row: a fault in code that validation does not reach is told as a warning, and is a fault. */
static bool is_basic(const struct finding *f, const struct slice *slice)
{
    static const char *const kinds[] = {"SIG-",       "CD-",    "CMS-",       "TEAM-",
                                        "TIMESTAMP-", "CHAIN-", "INFO-PLIST-"};
    const char *id = finding_row(f->id)->id;
    bool here = !f->place.arch || strcmp(f->place.arch, slice->arch) == 0;
    bool foreign = text_starts(id, "CHAIN-") && !amfi_is_apple_anchor(slice->sig.anchor);

    if (finding_row(f->id)->severity < SEVERITY_REFUSED || f->severity < SEVERITY_WARN || !here ||
        foreign || f->id == FINDING_CD_PAGE_HASH)
        return false;
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
        if (text_starts(id, kinds[k]))
            return true;
    return false;
}

const struct finding *amfi_basic_fault(const struct code *c, const struct slice *slice)
{
    for (size_t i = 0; c->findings && i < c->findings->list.n; i++)
        if (is_basic(c->findings->list.at[i], slice))
            return c->findings->list.at[i];
    return NULL;
}

bool amfi_is_store(const struct amfi *m)
{
    return m->sig->signer == SIGNER_MAC_APP_STORE || (m->sig->signer == SIGNER_APPLE_DISTRIBUTION &&
                                                      m->j->host->store_accepts == VERDICT_YES);
}

/* -- KP3 to KP5: the entitlement blobs */

static void check_main_binary(struct amfi *m)
{
    const struct codedir *cd = m->sig->chosen;
    bool main = m->c->is_main_executable &&
                (cd->version < CD_WITH_EXEC_SEG || (cd->exec_seg_flags & EXEC_SEG_MAIN));
    struct finding *f;

    if (main || !(m->sig->has_xml_entitlements || m->sig->has_der_entitlements))
        return;
    f = judging_add(m->j, FINDING_AMFI_ENT_NOT_MAIN, m->c, NULL);
    judging_log(m->j, f, "kernel",
                "AMFI: constraint violation %s has entitlements but is not a main binary",
                amfi_log_path(m->j, m->c));
    m->claims = NULL;
}

/* Why the kernel cannot load the entitlements; NULL when it can. */
static const char *load_fault(const struct amfi *m)
{
    const struct signature *sig = m->sig;
    bool xml = sig->has_xml_entitlements, der = sig->has_der_entitlements;

    if ((xml && sig->entitlements_xml.n > ENTITLEMENTS_MAX) ||
        (der && sig->entitlements_der.n > ENTITLEMENTS_MAX))
        return "the entitlements are too large";
    if ((xml && sig->entitlements_xml.n <= 8) || (der && sig->entitlements_der.n <= 8))
        return "the entitlements are too small";
    /* ASSUMPTION(der-ignored): beside readable XML a broken DER form is ignored with all claims (EB-02, D-040); alone
     * it is fatal (KP5). */
    if (der && !sig->entitlements && (!xml || sig->xml_error))
        return sig->der_error ? sig->der_error : "the DER form does not parse";
    return NULL;
}

static void check_load(struct amfi *m)
{
    const char *why = load_fault(m);
    struct denial d = {0};

    if (why) {
        d.text = arena_printf(m->j->a,
                              "The signature could not be validated because AMFI could not load "
                              "its entitlements for validation: %s",
                              why);
        amfi_deny(m, FINDING_AMFI_ENT_LOAD, why, &d);
        m->claims = NULL;
    }
}

static void check_xml(struct amfi *m)
{
    const struct signature *sig = m->sig;
    struct finding *f;

    if (!sig->has_xml_entitlements || !sig->xml_error)
        return;
    f = judging_add(m->j, FINDING_ENT_XML, m->c, "%s", sig->xml_error);
    judging_log(m->j, f, "kernel", "failed to parse entitlements for %s: OSUnserializeXML: %s",
                path_base(code_exec_path(m->c)), sig->xml_error);
    /* The kernel follows the DER form where there is one (§2.1). */
    if (sig->has_der_entitlements && !sig->der_error)
        f->severity = SEVERITY_WARN;
    m->killed |= f->severity == SEVERITY_FATAL;
}

static void check_forms(struct amfi *m)
{
    struct finding *f;

    if (m->sig->has_xml_entitlements && !m->sig->has_der_entitlements &&
        m->j->host->macos >= MACOS(12, 0, 0)) {
        f = judging_add(m->j, FINDING_ENT_DER_MISSING, m->c, NULL);
        judging_log(m->j, f, "kernel",
                    "AMFI: %s doesn't have DER entitlements and will not work in a future release",
                    amfi_log_path(m->j, m->c));
    }
    if (m->sig->entitlements_differ)
        judging_add(m->j, FINDING_ENT_XML_DER_DIFFER, m->c, NULL);
}

/* -- §3.2: classify the claims */

static void classify(struct amfi *m)
{
    profile_match(m->j->a, &m->holder, NULL, &m->match);
    m->hard = m->match.hard;
    m->soft = m->match.soft;
}

/* The claims of one kernel table, with whether all of them are in its sub-table too. */
static bool claims_in(const struct amfi *m, enum kernel_table table, enum kernel_table sub,
                      bool *all_in_sub, const char **key)
{
    bool any = false;

    *all_in_sub = true;
    for (size_t i = 0; i < m->match.claims.n; i++) {
        const char *k = m->match.claims.at[i].key;

        if (!kernel_has_key(table, k, m->j->host->macos))
            continue;
        *key = k;
        any = true;
        *all_in_sub &= kernel_has_key(sub, k, m->j->host->macos);
    }
    return any;
}

static void check_relaxations(struct amfi *m)
{
    bool sysext_jit, relax_jit;
    const char *sysext_key = NULL, *relax_key = NULL;
    struct denial d = {.text = "Hardened Runtime relaxation entitlements disallowed on System "
                               "Extensions"};

    if (!claims_in(m, KERNEL_SYSEXT, KERNEL_SYSEXT_JIT, &sysext_jit, &sysext_key) ||
        !claims_in(m, KERNEL_RELAX, KERNEL_RELAX_JIT, &relax_jit, &relax_key) ||
        (sysext_jit && relax_jit))
        return;
    judging_rely(m->j, "hardened-relax-members", m->c);
    amfi_deny(m, FINDING_AMFI_HARDENED_RELAX,
              arena_printf(m->j->a, "%s together with %s", relax_key, sysext_key), &d);
}

static void check_oop_jit(struct amfi *m)
{
    const struct value *loader = value_get(m->claims, "com.apple.private.oop-jit.loader"),
                       *runner = value_get(m->claims, "com.apple.private.oop-jit.runner");
    struct denial d = {.text = "OOP-JIT loader entitlement is an incorrect type"};

    if (loader && runner)
        d.text = "Cannot be both OOP-JIT loader and runner simultaneously";
    else if (runner && !value_is(runner, VALUE_STRING) && !value_is(runner, VALUE_ARRAY))
        d.text = "OOP-JIT runner entitlement is an incorrect type";
    else if (!loader || value_is(loader, VALUE_STRING))
        return;
    amfi_deny(m, FINDING_AMFI_OOP_JIT, d.text, &d);
}

/* -- §3.3, §3.4: who signed it */

static const struct finding *basic_fault(const struct amfi *m)
{
    return amfi_basic_fault(m->c, m->slice);
}

static bool chain_is_foreign(const struct amfi *m)
{
    return m->sig->has_cms && !m->sig->adhoc && m->sig->chain_count &&
           !amfi_is_apple_anchor(m->sig->anchor);
}

static const char *hard_claims(const struct amfi *m)
{
    struct buf b = {.arena = m->j->a};

    for (size_t i = 0; i < m->match.claims.n; i++)
        if (m->match.claims.at[i].class == CLAIM_HARD)
            buf_printf(&b, "%s%s", b.n ? ", " : "", m->match.claims.at[i].key);
    return arena_strdup(m->j->a, buf_cstr(&b));
}

static void check_coretrust(struct amfi *m)
{
    struct denial d = {0};

    if (!m->hard || !chain_is_foreign(m))
        return;
    d.kernel_note =
        arena_printf(m->j->a, "AMFI: '%s': Unrecoverable CT signature issue, bailing out.",
                     amfi_log_path(m->j, m->c));
    amfi_deny(m, FINDING_AMFI_CORETRUST,
              arena_printf(m->j->a, "claims %s, signed by \"%s\"", hard_claims(m),
                           m->sig->chain[0]->common_name),
              &d);
}

static void check_platform_identifier(struct amfi *m)
{
    const char *path = amfi_log_path(m->j, m->c);
    struct denial d = {.text = "AMFI: Platform binary with platform identifier not in trust cache"};

    if (m->sig->chosen->platform == 0)
        return;
    d.kernel_note = arena_printf(m->j->a,
                                 "AMFI: %s: Rejecting signature, binary has platform identifier "
                                 "but is not in the trustcache",
                                 path);
    amfi_deny(m, FINDING_AMFI_PLATFORM_ID,
              arena_printf(m->j->a, "platform identifier %u", m->sig->chosen->platform), &d);
}

static void check_basic_validity(struct amfi *m)
{
    const struct finding *fault = basic_fault(m);
    long long code = fault && fault->has_code ? (long long)fault->code : errSecCSSignatureFailed;
    struct denial d = {.error = -420};

    if (!m->hard || !fault)
        return;
    d.amfid_note = arena_printf(m->j->a,
                                "Code failed basic validity check (error: %lld): Error "
                                "Domain=NSOSStatusErrorDomain Code=%lld",
                                code, code);
    amfi_deny(m, FINDING_AMFI_BASIC_VALIDITY,
              arena_printf(m->j->a, "claims %s; %s (%lld)", hard_claims(m),
                           finding_row(fault->id)->title, code),
              &d);
}

/* The signature does not carry what its chain needs to reach a root. */
static bool chain_is_cut(const struct amfi *m)
{
    size_t n = m->sig->chain_count;

    return n == 0 || (chain_is_foreign(m) && !cert_self_issued(m->sig->chain[n - 1]));
}

/* A2: no chain of Apple's, and something hard is claimed. */
static void check_chain(struct amfi *m)
{
    struct denial d = {0};
    const char *claims = m->hard ? hard_claims(m) : "";

    if (!m->hard)
        return;
    if (m->sig->adhoc) {
        d.error = -424;
        d.amfid_note = "Adhoc signed app with restricted entitlements detected";
        amfi_deny(m, FINDING_AMFI_ADHOC_RESTRICTED, claims, &d);
    } else if (chain_is_cut(m)) {
        d.error = -427;
        amfi_deny(m, FINDING_AMFI_NO_CHAIN, claims, &d);
    } else if (chain_is_foreign(m)) {
        d.error = -423;
        amfi_deny(m, FINDING_AMFI_UNKNOWN_CHAIN, claims, &d);
    }
}

/* Outcome 0: nothing hard is claimed, the signature is broken, and a Team ID makes that fatal. */
static void check_team_broken(struct amfi *m)
{
    const struct finding *fault = basic_fault(m);
    struct denial d = {.text = "The code contains a Team ID, but validating its signature failed.\n"
                               "Please check your system log.",
                       .amfid_note = "Broken signature with Team ID fatal.",
                       .kernel_note = "AMFI: code signature validation failed.",
                       .error = -420};

    if (m->hard || m->killed || !m->sig->chosen->team)
        return;
    if (!fault && chain_is_foreign(m))
        d.error = -423;
    bool own = !fault && judging_found(m->j, FINDING_DR_SELF, m->c); /* EB-05 */
    if (fault || own || d.error == -423)
        amfi_deny(m, FINDING_AMFI_TEAM_BROKEN,
                  fault ? finding_row(fault->id)->title
                  : own ? finding_row(FINDING_DR_SELF)->title
                        : "signed by a certificate that is not Apple-issued",
                  &d);
}

/* k13, k14: printed for every ad-hoc executable, of no consequence. */
static void note_adhoc(struct amfi *m)
{
    struct finding *f;

    if (!m->sig->adhoc)
        return;
    f = judging_add(m->j, FINDING_AMFI_ADHOC_LINE, m->c, NULL);
    judging_log(m->j, f, "kernel",
                m->sig->chosen->flags & CD_FLAG_LINKER_SIGNED ? "AMFI: '%s' has no CMS blob?"
                                                              : "AMFI: '%s' is adhoc signed.",
                amfi_log_path(m->j, m->c));
}

/* -- the ladder */

static bool is_platform_code(const struct amfi *m)
{
    return m->sig->signer == SIGNER_APPLE && !basic_fault(m);
}

/* The faults of one executable, in the order of §3.8; the first is the cause. */
static void judge_signed(struct amfi *m)
{
    m->claims = code_claims(m->c);
    amfi_check_structure(m);
    check_main_binary(m);
    check_load(m);
    check_xml(m);
    check_forms(m);
    m->holder = profile_holder_of(m->c, m->claims, m->j->host, &m->j->switches);
    classify(m);
    if (is_platform_code(m)) {
        judging_add(m->j, FINDING_AMFI_PLATFORM_CODE, m->c, NULL);
        return;
    }
    note_adhoc(m);
    check_relaxations(m);
    check_oop_jit(m);
    check_coretrust(m);
    check_platform_identifier(m);
    check_basic_validity(m);
    check_chain(m);
    amfi_check_profile(m);
    check_team_broken(m);
    amfi_lint(m);
}

static void judge_executable(struct judging *j, const struct code *c)
{
    struct amfi m = {.j = j, .c = c, .slice = code_main_slice(c), .sig = code_signature(c)};

    if (!m.slice || !amfi_runs(c))
        return;
    if (!amfi_check_signed(&m))
        return;
    judge_signed(&m);
    amfi_check_run(&m);
}

/* A library is not started, but its pages are checked and its entitlements dropped. */
static void judge_library(struct judging *j, const struct code *c)
{
    struct amfi m = {.j = j, .c = c, .slice = code_main_slice(c), .sig = code_signature(c)};

    if (!m.slice || !m.sig->chosen || !*m.slice->arch)
        return;
    check_main_binary(&m);
    amfi_check_pages(&m);
}

void amfi_judge(struct judging *j)
{
    for (size_t i = 0; i < j->all.n; i++) {
        const struct code *c = j->all.at[i];

        if (c->is_main_executable)
            judge_executable(j, c);
        else
            judge_library(j, c);
    }
}
