/* SPDX-License-Identifier: Apache-2.0 */
/* Gatekeeper: matching its rules, and the verdict on one item (static-validation.md §9.1, §9.2). */
#include "policy/gatekeeper.h"

#include <string.h>

#include "base/arena.h"
#include "base/osstatus.h"
#include "lang/compile.h"
#include "lang/eval.h"
#include "seal/subject.h"

#define E GK_EXECUTE
#define I GK_INSTALL
#define O GK_OPEN

struct gk_rule {
    int priority;
    int types; /* bits of enum gk_type */
    const char *label;
    bool allows;
    const char *requirement;
};

static const struct gk_rule rules[] = {
#define GK_RULE(priority, types, label, allows, requirement) \
    {priority, types, label, allows, requirement},
#include "policy/gatekeeper.def"
#undef GK_RULE
};

enum gk_type gatekeeper_type(const struct code *c)
{
    if (c->kind == CODE_PKG)
        return GK_INSTALL;
    return c->kind == CODE_DMG || c->kind == CODE_DATA || c->kind == CODE_ARCHIVE ? GK_OPEN
                                                                                  : GK_EXECUTE;
}

/* -- rules */

/* Of what a rule may wait for, a person can answer these; a stock Mac answers the rest with no. */
static bool is_asked(enum subject_fact fact)
{
    return fact == FACT_NOTARIZED || fact == FACT_LEGACY_LISTED;
}

/* The first rule of TYPE that matches under ANSWERS; NULL when none does. *OPEN: the first fact that a rule before it
 * waits for. */
static const struct gk_rule *match(struct arena *a, const struct code *c, enum gk_type type,
                                   const struct subject_answers *answers, enum subject_fact *open)
{
    struct subject subject;

    code_subject(a, c, code_signature(c), answers, &subject);
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        struct req_result r;

        if (!(rules[i].types & (int)type))
            continue;
        r = req_eval(a, req_compile_single(a, rules[i].requirement), &subject, NULL);
        if (r.verdict == VERDICT_YES)
            return &rules[i];
        if (r.verdict == VERDICT_UNDECIDED && *open == FACT_NONE && is_asked(r.fact))
            *open = r.fact;
    }
    return NULL;
}

/* RULE's word; no rule denies without a label. */
static void take_rule(const struct gk_rule *rule, struct gk_assessment *out)
{
    out->source = rule ? rule->label : NULL;
    out->allowed = verdict_of(rule && rule->allows);
    if (!rule)
        out->finding = FINDING_GK_NO_RULE;
    else if (!rule->allows)
        out->finding = FINDING_GK_UNNOTARIZED;
    else
        out->finding = rule->priority == 4 ? FINDING_GK_OLD_DEVID : FINDING_GK_ACCEPTED;
}

/* A rule waits for an answer: it is asked only where the answer changes the verdict. */
static void take_open(struct arena *a, const struct code *c, enum gk_type type,
                      struct subject_answers answers, struct gk_assessment *out)
{
    enum subject_fact open = FACT_NONE;
    bool notarized = answers.notarized == VERDICT_UNDECIDED;

    answers.notarized = notarized ? VERDICT_NO : answers.notarized;
    take_rule(match(a, c, type, &answers, &open), out);
    if (open != FACT_NONE) {
        answers.legacy_listed = VERDICT_NO;
        take_rule(match(a, c, type, &answers, &open), out);
    }
    if (out->allowed == VERDICT_YES)
        return;
    out->allowed = VERDICT_UNDECIDED;
    out->asks = notarized ? FINDING_ASK_NOTARIZED : FINDING_ASK_LEGACY;
}

/* Before notarization was asked for, what now is refused without it was let in (corrections S11). */
static bool predates_notarization(const struct host *host, enum gk_type type)
{
    return host->macos < (type == GK_EXECUTE ? MACOS(10, 14, 5) : MACOS(10, 15, 0));
}

static void let_in(struct gk_assessment *out)
{
    out->source = "Developer ID";
    out->allowed = VERDICT_YES;
    out->finding = FINDING_GK_OLD_DEVID;
}

/* Nothing of what evaluation makes outlives it: labels are static. */
static void judge_by_rules(struct arena *a, const struct host *host, const struct code *c,
                           enum gk_type type, struct gk_assessment *out)
{
    struct arena *scratch = arena_child(a);
    struct subject_answers answers = {.notarized = host->notarized,
                                      .legacy_listed = VERDICT_UNDECIDED,
                                      .old_anchor_apple = host->macos < MACOS(26, 0, 0)};
    enum subject_fact open = FACT_NONE;
    bool early = predates_notarization(host, type);
    const struct gk_rule *rule;

    if (early && answers.notarized == VERDICT_UNDECIDED)
        answers.notarized = VERDICT_NO;
    if (early)
        answers.legacy_listed = VERDICT_NO;
    rule = match(scratch, c, type, &answers, &open);
    take_rule(rule, out);
    if (early && rule && !rule->allows)
        let_in(out);
    if (open != FACT_NONE && !(rule && rule->allows))
        take_open(scratch, c, type, answers, out);
    arena_child_free(scratch);
}

/* -- the state of the signature */

/* Structural faults for which the rule still has a say (§9.2 step 5). */
static bool is_weak(int64_t code)
{
    static const int codes[] = {
        errSecCSWeakResourceRules,     errSecCSWeakResourceEnvelope,   errSecCSResourceNotSupported,
        errSecCSAmbiguousBundleFormat, errSecCSSignatureNotVerifiable, errSecCSRegularFile,
        errSecCSBadMainExecutable,     errSecCSBadFrameworkVersion,    errSecCSUnsealedAppRoot,
        errSecCSUnsealedFrameworkRoot, errSecCSInvalidSymlink,         errSecCSNotAppLike};

    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (code == codes[i])
            return true;
    return false;
}

/* The fault that validation stops at: what C's outcome says, else the first one of its findings. */
static const struct finding *static_fault(const struct code *c)
{
    if (c->outcome.first)
        return c->outcome.first;
    for (size_t i = 0; c->findings && i < c->findings->list.n; i++) {
        const struct finding *f = c->findings->list.at[i];

        if (f->severity >= SEVERITY_REFUSED && f->stage <= STAGE_STATIC)
            return f;
    }
    return NULL;
}

static bool is_unsigned(const struct code *c, const struct signature *sig)
{
    if (c->kind == CODE_PKG && c->package && c->package->has_rsa)
        return false;
    return !sig || !sig->present || (!sig->adhoc && !sig->has_cms && !sig->unreadable);
}

/* Nothing that could be code: said as an error, like every fault that is not merely weak. */
static bool is_error(const struct finding *fault, bool is_code, bool by_nobody)
{
    return fault && !is_weak(fault->code) && !(is_code && by_nobody);
}

static void weaken(struct gk_assessment *out)
{
    if (out->allowed == VERDICT_NO)
        return;
    out->allowed = VERDICT_NO;
    out->finding = FINDING_GK_WEAK_SEAL;
    out->source = "obsolete resource envelope";
    out->asks = FINDING_NONE;
}

void gatekeeper_assess(struct arena *a, const struct host *host, const struct code *c,
                       enum gk_type type, struct gk_assessment *out)
{
    const struct finding *fault = static_fault(c);
    const struct signature *sig = code_signature(c);
    bool by_nobody = is_unsigned(c, sig);

    *out = (struct gk_assessment){.asks = FINDING_NONE, .fault = fault};
    if (sig && sig->chain_count)
        out->origin = sig->chain[0]->common_name;
    if (is_error(fault, c->slice_count > 0, by_nobody)) {
        out->finding = FINDING_GK_DAMAGED;
        out->is_error = true;
        return;
    }
    if (by_nobody || (sig && sig->adhoc)) {
        out->finding = FINDING_GK_NO_SIGNATURE;
        /* Code that is signed by nobody matches no rule, which has no label (corrections S3). */
        out->source = by_nobody ? "no usable signature" : NULL;
        return;
    }
    judge_by_rules(a, host, c, type, out);
    if (out->fault)
        weaken(out);
}
