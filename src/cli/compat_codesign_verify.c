/* SPDX-License-Identifier: Apache-2.0 */
/* codesign --verify (static-validation.md §8.2, corrections V1 to V11). */
#include "config.h"

#include <string.h>

#include "base/arena.h"
#include "base/osstatus.h"
#include "base/text.h"
#include "cli/compat_codesign.h"
#include "lang/compile.h"
#include "policy/gatekeeper.h"
#include "seal/meets.h"

/* -- progress: nested objects, as they are prepared and validated */

static const struct code *next_nested(const struct code *c, size_t after)
{
    const struct code *next = NULL;
    for (size_t i = 0; i < c->child_count; i++) {
        const struct code *child = c->children[i];
        if (child->reached && child->serial > after && (!next || child->serial < next->serial))
            next = child;
    }
    return next;
}

/* Prints what was met before the first error; false when that ended the run inside C. */
static bool print_progress(struct codesign *s, const struct code *c)
{
    const struct code *child;
    size_t after = 0;
    if (!c->prepared)
        return false;
    while ((child = next_nested(c, after))) {
        after = child->serial;
        if (child->prepared)
            fprintf(s->cli->err, "--prepared:%s\n", child->shown);
        if (!print_progress(s, child) || child->outcome.first)
            return false;
        fprintf(s->cli->err, "--validated:%s\n", child->shown);
    }
    return true;
}

/* -- failure */

static void print_list(struct codesign *s, const struct code *where, const char *title,
                       const enum finding_id *ids)
{
    for (size_t i = 0; i < where->findings->list.n; i++) {
        const struct finding *f = where->findings->list.at[i];
        for (const enum finding_id *id = ids; *id != FINDING_NONE; id++)
            if (f->id == *id)
                fprintf(s->cli->out, "file %s: %s\n", title,
                        codesign_path(s->cli->arena, where, f->place.path));
    }
}

static void print_detritus(struct codesign *s, const struct code *where)
{
    for (size_t i = 0; i < where->findings->list.n; i++) {
        const struct finding *f = where->findings->list.at[i];
        if (f->id == FINDING_BUNDLE_XATTR)
            fprintf(s->cli->out,
                    "file with invalid attached data: Disallowed xattr %s found on %s\n", f->detail,
                    codesign_path(s->cli->arena, where, f->place.path));
    }
}

/* Lists belong to the error only when comparing resources found it. */
static void print_lists(struct codesign *s, const struct static_outcome *outcome)
{
    static const enum finding_id added[] = {FINDING_SEAL_RESOURCE_ADDED, FINDING_NONE};
    static const enum finding_id altered[] = {FINDING_SEAL_RESOURCE_MODIFIED,
                                              FINDING_SEAL_RECURSIVE, FINDING_SEAL_SYMLINK,
                                              FINDING_NESTED_REQUIREMENT, FINDING_NONE};
    static const enum finding_id missing[] = {FINDING_SEAL_RESOURCE_MISSING, FINDING_NONE};
    if (s->verbose < 1)
        return;
    if (outcome->collected) {
        print_list(s, outcome->where, "added", added);
        print_list(s, outcome->where, "modified", altered);
        print_list(s, outcome->where, "missing", missing);
    }
    if (outcome->collected || outcome->first->id == FINDING_BUNDLE_XATTR)
        print_detritus(s, outcome->where);
}

/* Nested code is named by the path it is sealed under, without the version in use. */
static const char *subcomponent(struct arena *a, const struct code *c)
{
    if (strcmp(c->root, c->fs_path) == 0)
        return c->shown;
    const char *end = c->shown, *at;
    while ((at = strstr(end + 1, "/Versions/")))
        end = at;
    return arena_strndup(a, c->shown, (size_t)(end - c->shown));
}

/* What the system itself refused, ENOEXEC among it, passes through the code around without a path (§6.9). */
static bool is_placed(const struct finding *f)
{
    return f->code < OSSTATUS_ERRNO && f->code != errSecCSBadObjectFormat &&
           f->code != OSSTATUS_NO_DICTIONARY;
}

static int fail(struct codesign *s, const char *operand, const struct code *code)
{
    const struct static_outcome *outcome = &code->outcome;
    codesign_say_status(s, operand, outcome->first->code);
    if (outcome->where != code && is_placed(outcome->first))
        fprintf(s->cli->err, "In subcomponent: %s\n", subcomponent(s->cli->arena, outcome->where));
    if (outcome->arch)
        fprintf(s->cli->err, "In architecture: %s\n", outcome->arch);
    print_lists(s, outcome);
    return CODESIGN_FAILED;
}

/* What the imagined Mac was told about certificates, beside lists and responses (--assume revoked=…). */
static bool is_known_revoked(const struct codesign *s, const struct code *code)
{
    const struct signature *sig = code_signature(code);
    return s->options.check_revocation && sig && !sig->adhoc &&
           gatekeeper_revoked(s->cli->arena, &s->mac, sig);
}

static int fail_revoked(struct codesign *s, const char *operand, const struct code *code)
{
    const struct slice *slice = code_main_slice(code);
    codesign_say_status(s, operand, CSSMERR_TP_CERT_REVOKED);
    if (slice && *slice->arch)
        fprintf(s->cli->err, "In architecture: %s\n", slice->arch);
    return CODESIGN_FAILED;
}

/* -- requirements */

static struct subject_answers answers_of(const struct host *mac)
{
    return (struct subject_answers){.notarized = mac->notarized,
                                    .legacy_listed = VERDICT_UNDECIDED,
                                    .old_anchor_apple = mac->macos < MACOS(26, 0, 0)};
}

/*
 * The code against its own designated requirement, on the preferred slice alone (V9).
 * ASSUMPTION(codesign-undecided): what depends on facts that are not on disk is told and ends in a status of ours.
 * ASSUMPTION(codesign-no-dr): the status where no requirement can be had.
 */
static int test_own(struct codesign *s, const char *operand, const struct code *code)
{
    const struct signature *sig = code_signature(code);
    if (!sig || sig->dr.n == 0) {
        codesign_say_status(s, operand, errSecCSReqInvalid);
        fprintf(s->cli->err, "%s: cannot retrieve designated requirement\n", operand);
        return CODESIGN_FAILED;
    }
    const struct subject_answers answers = answers_of(&s->mac);
    struct met met = code_satisfies(s->cli->arena, code, sig, sig->dr, &answers);
    if (met.verdict == VERDICT_YES) {
        fprintf(s->cli->err, "%s: satisfies its Designated Requirement\n", operand);
        return CODESIGN_FINE;
    }
    if (met.verdict == VERDICT_UNDECIDED) {
        cli_say(s->cli, "%s: its designated requirement asks for %s, which is not on disk", operand,
                met.missing);
        return EXIT_UNDECIDED;
    }
    fprintf(s->cli->err, "%s: does not satisfy its designated Requirement\n", operand);
    return CODESIGN_UNMET;
}

/* REQUIREMENT on every slice that was verified: the worst answer. */
static struct met test_slices(struct codesign *s, const struct code *code, struct bytes requirement)
{
    const struct subject_answers answers = answers_of(&s->mac);
    struct met worst = {.verdict = VERDICT_YES};
    for (size_t i = 0; i < code->slice_count && worst.verdict != VERDICT_NO; i++) {
        if (s->options.only_arch && i != code->main_slice)
            continue;
        struct met met =
            code_satisfies(s->cli->arena, code, &code->slices[i].sig, requirement, &answers);
        if (met.verdict != VERDICT_YES)
            worst = met;
    }
    return worst;
}

static int test_given(struct codesign *s, const char *operand, const struct code *code)
{
    struct met met = test_slices(s, code, s->test);
    if (met.verdict == VERDICT_YES) {
        if (s->verbose >= 1)
            fprintf(s->cli->err, "%s: explicit requirement satisfied\n", operand);
        return CODESIGN_FINE;
    }
    if (met.verdict == VERDICT_UNDECIDED) {
        cli_say(s->cli, "%s: the requirement asks for %s, which is not on disk", operand,
                met.missing);
        return EXIT_UNDECIDED;
    }
    codesign_say_status(s, "test-requirement", met.status);
    return met.status == errSecCSReqFailed ? CODESIGN_UNMET : CODESIGN_FAILED;
}

/*
 * Whether all certificates were answered for. ASSUMPTION(revocation-offline): a Mac that reaches no server lets that
 * pass, as this does where nothing was given; records that were given and do not answer are another matter.
 */
static int test_answered(struct codesign *s, const char *operand, const struct code *code)
{
    const struct signature *sig = code_signature(code);
    if (!sig || sig->revocation.status != REVOCATION_OPEN)
        return CODESIGN_FINE;
    cli_say(s->cli, "%s: whether it is revoked is undecided: %s", operand, sig->revocation.why);
    return EXIT_UNDECIDED;
}

int codesign_verify(struct codesign *s, const char *operand, const struct code *code)
{
    int status = CODESIGN_FINE;
    bool whole = s->options.check_pages && s->options.check_resources;
    if (s->verbose >= 2)
        (void)print_progress(s, code);
    if (code->outcome.first)
        return fail(s, operand, code);
    if (is_known_revoked(s, code))
        return fail_revoked(s, operand, code);
    if (s->verbose >= 1) {
        fprintf(s->cli->err, "%s: valid on disk%s\n", operand,
                whole ? "" : " (not all contents verified)");
        status = test_own(s, operand, code);
    }
    if (s->test.n && status != CODESIGN_FAILED) {
        int given = test_given(s, operand, code);
        status = status ? status : given;
    }
    if (s->options.check_revocation && status == CODESIGN_FINE)
        status = test_answered(s, operand, code);
    return status;
}
