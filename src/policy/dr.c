/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Requirements that codesign itself tests: the one a user demands, and the code's own designated requirement
 * (static-validation.md §8.2, requirement-language.md §6.4, §8).
 */
#include "config.h"

#include "policy/dr.h"

#include "base/arena.h"
#include "lang/lint.h"
#include "lang/print.h"
#include "lang/study.h"
#include "seal/subject.h"

struct req_result code_meets(struct arena *a, const struct host *host, const struct code *c,
                             const struct signature *sig, struct bytes blob)
{
    const struct subject_answers answers = {
        .notarized = host->notarized,
        .legacy_listed = VERDICT_UNDECIDED,
        .old_anchor_apple = host->macos < MACOS(26, 0, 0),
    };
    struct subject subject;
    code_subject(a, c, sig, &answers, &subject);
    return req_eval(a, blob, &subject, NULL);
}

static const char *printed(struct arena *a, struct bytes blob)
{
    struct bytes text;
    return req_print(a, blob, &text) == REQ_OK ? bytes_printable(a, text, 0) : "it cannot be shown";
}

/* -- texts that do not compile */

/* ASSUMPTION(demanded-syntax): a refusal, not a usage error. */
static void refuse_text(struct judging *j, const struct code *c)
{
    const struct req_error_vec *errors = j->in->demanded_errors;
    for (size_t i = 0; i < errors->n; i++) {
        struct bytes text = req_error_text(j->a, &errors->at[i]);
        struct finding *f;
        while (text.n && (text.p[text.n - 1] == '\n' || *text.p == ' '))
            text = *text.p == ' ' ? bytes_of(text.p + 1, text.n - 1) : bytes_of(text.p, text.n - 1);
        f = judging_add(j, errors->at[i].finding, c, "%s", bytes_printable(j->a, text, 400));
        judging_log(j, f, "codesign", "Requirement syntax error(s): %s",
                    bytes_printable(j->a, text, 400));
    }
}

/* -- what compiles and is not what people mean */

static enum finding_id lint_finding(enum lint_id id)
{
    switch (id) {
    case LINT_ID_FIELD:
    case LINT_ID_FIELD_ABSENT:
    case LINT_ID_PRESENCE_VALUE:
    case LINT_ID_EMPTY_OPERAND:
    case LINT_ID_NO_OID:
    case LINT_ID_PLATFORM: return FINDING_REQ_NEVER_TRUE;
    case LINT_ID_BAD_DATE:
    case LINT_ID_DATE_2001: return FINDING_REQ_DATE;
    default: return FINDING_NONE;
    }
}

static void remark(struct judging *j, const struct code *c, struct bytes blob)
{
    struct req_lint_vec lint = {0};
    req_lint_program(j->a, blob, &lint);
    for (size_t i = 0; i < lint.n; i++) {
        enum finding_id id = lint_finding(lint.at[i].id);
        if (id != FINDING_NONE)
            judging_add(j, id, c, "%s: %s", lint.at[i].part, req_lint_text(lint.at[i].id));
    }
}

/* Who may meet what is demanded (XP-01, XP-03). */
static void remark_demand(struct judging *j, const struct code *c)
{
    const char *text = printed(j->a, j->in->demanded);
    struct req_study study;
    remark(j, c, j->in->demanded);
    if (!req_study(j->a, j->in->demanded, &study))
        return;
    if (study.open_branch)
        judging_add(j, FINDING_REQ_PRECEDENCE, c, "%s", text);
    else if (!study.anchored)
        judging_add(j, FINDING_REQ_NO_ANCHOR, c, "%s", text);
}

/* -- evaluation */

/* The finding that an evaluation which did not end well is; FAILED when it only said no. */
static enum finding_id result_finding(const struct req_result *r, enum finding_id failed)
{
    switch (r->error) {
    case REQ_UNSUPPORTED: return FINDING_REQ_KIND;
    case REQ_UNIMPLEMENTED: return FINDING_REQ_OPCODE;
    case REQ_INVALID: return r->too_deep ? FINDING_REQ_NESTING : FINDING_REQ_BLOB;
    default: return failed;
    }
}

/* What codesign prints of it. */
static void log_result(struct judging *j, struct finding *f, const struct code *c)
{
    if (f->id == FINDING_DR_SELF)
        judging_log(j, f, "codesign", "%s: does not satisfy its designated Requirement", c->path);
    else
        judging_log(j, f, "codesign", "test-requirement: %s", finding_row(f->id)->mac_text);
}

/* Must C's SLICE meet BLOB? When it does not, that is a finding FAILED. */
static void test(struct judging *j, const struct code *c, const struct slice *slice,
                 struct bytes blob, enum finding_id failed)
{
    struct req_result r = code_meets(j->a, j->host, c, &slice->sig, blob);
    struct finding *f;
    if (r.error == REQ_OK && r.verdict == VERDICT_YES)
        return;
    if (r.verdict == VERDICT_UNDECIDED) {
        judging_ask(j, FINDING_ASK_NOTARIZED, c, true,
                    arena_printf(j->a, "%s asks for %s, which is not on disk",
                                 failed == FINDING_DR_SELF ? "the designated requirement"
                                                           : "the requirement given",
                                 r.missing ? r.missing : "a fact"));
        return;
    }
    f = judging_add(j, result_finding(&r, failed), c, "%s", printed(j->a, blob));
    f->place.arch = *slice->arch ? slice->arch : NULL;
    log_result(j, f, c);
}

/* On every slice of every item (corrections V9). */
static void test_demanded(struct judging *j)
{
    for (size_t i = 0; i < j->in->top_count; i++) {
        const struct code *c = j->in->tops[i];
        if (j->in->demanded_errors)
            refuse_text(j, c);
        if (!j->in->demanded.n)
            continue;
        remark_demand(j, c);
        for (size_t k = 0; k < c->slice_count; k++)
            test(j, c, &c->slices[k], j->in->demanded, FINDING_REQ_FAILED);
    }
}

/* On the preferred slice alone, once it is known to be sound. */
static void test_designated(struct judging *j, const struct code *c)
{
    const struct slice *s = code_main_slice(c);
    struct finding *f;
    if (!s || !s->sig.core_valid || s->sig.presumed)
        return;
    if (c->findings && findings_find(c->findings, FINDING_REQ_SET_BLOB)) {
        f = judging_add(j, FINDING_DR_UNAVAILABLE, c, "the requirement set does not parse");
        judging_log(j, f, "codesign", "%s: cannot retrieve designated requirement", c->path);
    }
    if (s->sig.dr.n == 0)
        return;
    if (s->sig.dr_explicit)
        remark(j, c, s->sig.dr);
    test(j, c, s, s->sig.dr, FINDING_DR_SELF);
}

void dr_judge(struct judging *j)
{
    test_demanded(j);
    for (size_t i = 0; i < j->all.n; i++)
        test_designated(j, j->all.at[i]);
}
