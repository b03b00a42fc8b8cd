/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Judge: runs the stages in order and decides (case-format.md, "What decides"). The stages layout, static and
 * dr were judged while reading; their findings come with the facts. What execution and the subsystems say is
 * in the judges of the table below and in the rule book.
 */
#include "policy/judge.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "policy/amfi.h"
#include "policy/dr.h"
#include "policy/gatekeeper.h"
#include "policy/judging.h"
#include "policy/libval.h"
#include "policy/notary.h"
#include "policy/quote.h"
#include "policy/remarks.h"
#include "policy/rules.h"
#include "policy/secinit.h"
#include "policy/sign.h"

/* One line a stage that is judged by code; rules of the book come after it. */
static void (*const judges[STAGE_COUNT])(struct judging *j) = {
    [STAGE_STATIC] = remarks_judge,        [STAGE_DR] = dr_judge,
    [STAGE_GATEKEEPER] = gatekeeper_judge, [STAGE_AMFI] = amfi_judge,
    [STAGE_LIBVAL] = libval_judge,         [STAGE_SECINIT] = secinit_judge,
    [STAGE_NOTARY] = notary_judge,         [STAGE_SIGN] = sign_judge,
};

const char *outcome_name(enum outcome o)
{
    static const char *const names[] = {"accepted", "degraded", "undecided", "refused", "invalid"};

    return names[o];
}

const char *stage_result_name(enum stage_result r)
{
    static const char *const names[] = {"skipped", "passed", "degraded", "undecided", "refused"};

    return names[r];
}

/* -- the code objects */

static void collect(struct judging *j, struct code *c)
{
    vec_push(j->a, &j->all, c);
    for (size_t i = 0; i < c->child_count; i++)
        collect(j, c->children[i]);
}

/* A path sorts behind the path that contains it, so outer code stays first. */
static int by_path(const void *a, const void *b)
{
    const struct code *const *x = a, *const *y = b;

    return strcmp((*x)->path, (*y)->path);
}

static void collect_all(struct judging *j)
{
    for (size_t i = 0; i < j->in->top_count; i++) {
        size_t first = j->all.n;

        collect(j, j->in->tops[i]);
        qsort(j->all.at + first, j->all.n - first, sizeof *j->all.at, by_path);
    }
}

/* -- the findings that came with the facts */

/* On request, signing and the notary service look at a bundle in their own way: what they would refuse is theirs. */
static bool takes(const struct judging *j, struct finding *f)
{
    enum stage only = j->in->only;

    if (only != STAGE_SIGN && only != STAGE_NOTARY)
        return f->stage <= only;
    if (finding_listed(f->id, only)) {
        f->stage = only;
        return true;
    }
    return f->severity < SEVERITY_DEGRADED;
}

/*
 * ASSUMPTION(unreached-unsigned): code that is sealed as mere data may be unsigned, since validation does not look at it
 * as code (LY-08).
 * ASSUMPTION(script-along): so may a script that comes along with code, to install it: it is judged by what it does.
 */
static void excuse_data(const struct judging *j, const struct code *c, struct finding *f)
{
    bool sealed_as_data = c->parent && !c->reached;
    bool comes_along =
        !c->parent && c->kind == CODE_SCRIPT && j->in->top_count > 1 && j->in->only > STAGE_DR;

    if (f->id == FINDING_SIG_UNSIGNED && (sealed_as_data || comes_along))
        f->severity = SEVERITY_WARN;
}

/* What to do about caches that Python writes is known better than the row says. */
static void advise(struct finding *f)
{
    bool seal = f->id == FINDING_SEAL_RESOURCE_ADDED || f->id == FINDING_SEAL_RESOURCE_MODIFIED;

    if (seal && f->place.path && text_ends(f->place.path, ".pyc"))
        f->fix = "Keep Python from writing into the bundle: set PYTHONPYCACHEPREFIX, or ship "
                 "caches that are "
                 "checked by hash (python -m compileall --invalidation-mode checked-hash)";
}

static void take_findings(struct judging *j, const struct code *c)
{
    for (size_t i = 0; c->findings && i < c->findings->list.n; i++) {
        struct finding *f = arena_copy(j->a, c->findings->list.at[i], sizeof *f);

        if (!takes(j, f))
            continue;
        excuse_data(j, c, f);
        advise(f);
        /* Static validation of a container ends at its own signature, as codesign's does. */
        f->blocks = f->blocks && j->in->only > STAGE_DR;
        vec_push(j->a, &j->out->findings.list, f);
        vec_push(j->a, &j->owners, c);
    }
}

static void take_facts(struct judging *j)
{
    j->stage = STAGE_LAYOUT;
    for (size_t i = 0; i < j->all.n; i++) {
        take_findings(j, j->all.at[i]);
        j->out->test_identity |= j->all.at[i]->test_identity;
    }
    if (j->out->test_identity && !findings_find(&j->out->findings, FINDING_TEST_IDENTITY))
        judging_add(j, FINDING_TEST_IDENTITY, NULL, NULL);
}

/* -- running the stages */

/* Why STAGE does not run at all; NULL when it does. */
static const char *not_wanted(const struct judge_input *in, enum stage stage)
{
    bool on_request = stage == STAGE_NOTARY || stage == STAGE_SIGN;
    bool asked = stage == STAGE_NOTARY ? in->run_notary : in->run_sign;

    if (in->only == STAGE_NOTARY || in->only == STAGE_SIGN)
        return stage == STAGE_LAYOUT || stage == in->only ? NULL : "not asked for";
    if (on_request)
        return asked ? NULL : "runs on request only";
    return stage > in->only ? "not asked for" : NULL;
}

/* A subsystem's stage is skipped when no stanza of its book has anything to look at. */
static void run_stage(struct judging *j, enum stage stage)
{
    bool applied;

    if (judges[stage])
        judges[stage](j);
    applied = rules_judge(j, stage);
    if (!applied && !judges[stage] && stage >= STAGE_SYSEXT)
        judging_skip(j, "nothing in the input is its business");
}

static void run_stages(struct judging *j)
{
    for (int s = STAGE_LAYOUT; s < STAGE_COUNT; s++) {
        const char *why = not_wanted(j->in, (enum stage)s);

        j->stage = (enum stage)s;
        if (why)
            judging_skip(j, why);
        else
            run_stage(j, (enum stage)s);
    }
}

/* -- deciding */

/* Rules weaker than the host asks for become notes. */
static void weaken(struct judging *j)
{
    for (size_t i = 0; i < j->out->findings.list.n; i++) {
        struct finding *f = j->out->findings.list.at[i];

        if (f->evidence > j->host->min_evidence && f->severity > SEVERITY_INFO)
            f->severity = SEVERITY_INFO;
    }
}

struct entry {
    struct finding *finding;
    const struct code *owner;
    size_t place, made; /* of the owner among all code; of the finding among all findings */
};

static int by_stage(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;

    if (x->finding->stage != y->finding->stage)
        return x->finding->stage < y->finding->stage ? -1 : 1;
    if (x->place != y->place)
        return x->place < y->place ? -1 : 1;
    return x->made < y->made ? -1 : 1;
}

static size_t place_of(const struct judging *j, const struct code *c)
{
    size_t i = 0;

    while (i < j->all.n && j->all.at[i] != c)
        i++;
    return i;
}

/* Stage order, then outer code first, then paths bytewise, then the order of the stage's own precedence. */
static void sort_findings(struct judging *j)
{
    struct finding **list = j->out->findings.list.at;
    size_t n = j->out->findings.list.n;
    struct entry *entries = arena_array(j->a, n + 1, struct entry);

    for (size_t i = 0; i < n; i++)
        entries[i] = (struct entry){list[i], j->owners.at[i], place_of(j, j->owners.at[i]), i};
    qsort(entries, n, sizeof *entries, by_stage);
    for (size_t i = 0; i < n; i++) {
        list[i] = entries[i].finding;
        j->owners.at[i] = entries[i].owner;
    }
}

/* The index of the first finding of severity FROM to TO; SIZE_MAX when there is none. */
static size_t first_of(const struct judging *j, enum severity from, enum severity to)
{
    for (size_t i = 0; i < j->out->findings.list.n; i++) {
        enum severity s = j->out->findings.list.at[i]->severity;

        if (s >= from && s <= to)
            return i;
    }
    return SIZE_MAX;
}

static size_t first_blocking(const struct judging *j)
{
    for (size_t i = 0; i < j->out->findings.list.n; i++)
        if (j->out->findings.list.at[i]->blocks)
            return i;
    return SIZE_MAX;
}

/* Findings that say that the input could not be read, rather than that it is wrong. */
static bool says_unreadable(enum finding_id id)
{
    return id == FINDING_INPUT_NOT_FOUND || id == FINDING_INPUT_UNREADABLE ||
           id == FINDING_INPUT_LIMIT;
}

/* Sets outcome and deciding finding; the index of the latter, SIZE_MAX when accepted. */
static size_t decide(struct judging *j)
{
    struct judgement *out = j->out;
    size_t at = first_of(j, SEVERITY_REFUSED, SEVERITY_FATAL);

    out->outcome = OUTCOME_REFUSED;
    if (at == SIZE_MAX) {
        at = first_blocking(j);
        out->outcome = OUTCOME_UNDECIDED;
    }
    if (at == SIZE_MAX) {
        at = first_of(j, SEVERITY_DEGRADED, SEVERITY_DEGRADED);
        out->outcome = OUTCOME_DEGRADED;
    }
    if (at == SIZE_MAX) {
        out->outcome = OUTCOME_ACCEPTED;
        return at;
    }
    out->deciding = out->findings.list.at[at];
    if (out->outcome == OUTCOME_REFUSED && says_unreadable(out->deciding->id))
        out->outcome = OUTCOME_INVALID;
    return at;
}

static enum stage_result result_of(const struct judgement *out, enum stage stage)
{
    enum stage_result r = out->skipped[stage] ? STAGE_SKIPPED : STAGE_PASSED;

    for (size_t i = 0; i < out->findings.list.n; i++) {
        const struct finding *f = out->findings.list.at[i];
        enum stage_result own = f->severity >= SEVERITY_REFUSED    ? STAGE_REFUSED
                                : f->blocks                        ? STAGE_UNDECIDED
                                : f->severity == SEVERITY_DEGRADED ? STAGE_DEGRADED
                                                                   : STAGE_SKIPPED;

        if (f->stage == stage && own > r)
            r = own;
    }
    return r;
}

static void fill_results(struct judgement *out)
{
    for (int s = STAGE_LAYOUT; s < STAGE_COUNT; s++) {
        out->stages[s] = result_of(out, (enum stage)s);
        if (out->stages[s] != STAGE_SKIPPED)
            out->skipped[s] = NULL;
    }
}

static void note_once(struct judging *j, const char *name)
{
    for (size_t i = 0; i < j->out->assumptions.n; i++)
        if (strcmp(j->out->assumptions.at[i], name) == 0)
            return;
    vec_push(j->a, &j->out->assumptions, name);
}

/* A step that lets code through, on the path to every verdict but a refusal. */
static bool is_step(const struct finding *f)
{
    return f->severity == SEVERITY_INFO && f->stage >= STAGE_GATEKEEPER &&
           strncmp(finding_row(f->id)->id, "ASK-", 4) != 0;
}

/* The weakest grade, and what was assumed, on the path to the finding at AT (SIZE_MAX: all steps were passed). */
static void grade(struct judging *j, size_t at)
{
    struct judgement *out = j->out;
    const struct code *owner = at == SIZE_MAX ? NULL : j->owners.at[at];

    out->evidence = out->deciding ? out->deciding->evidence : 'A';
    for (size_t i = 0; !out->deciding && i < out->findings.list.n; i++)
        if (is_step(out->findings.list.at[i]) && out->findings.list.at[i]->evidence > out->evidence)
            out->evidence = out->findings.list.at[i]->evidence;
    for (size_t i = 0; i < j->relied.n; i++) {
        const struct relied *r = &j->relied.at[i];

        if (out->deciding && (r->stage != out->deciding->stage || (r->code && r->code != owner)))
            continue;
        note_once(j, r->name);
        out->evidence = 'D';
    }
}

/* -- the whole */

struct job {
    struct arena *a;
    const struct judge_input *in;
    struct judgement *out;
};

static enum ds_status run(void *arg)
{
    struct job *job = arg;
    struct judge_input in = *job->in;
    struct asked asked = {{.arena = job->a}, {.arena = job->a}, {.arena = job->a}};
    struct judging j = {.a = job->a, .in = &in, .host = in.host, .out = job->out, .asked = &asked};
    struct value_error error;
    enum ds_status status = switches_read(j.a, j.host->switches, &j.switches, &error);

    if (status != DS_OK)
        return status;
    if (!in.rules)
        in.rules = rules_builtin(job->a);
    *job->out = (struct judgement){.findings.arena = job->a};
    collect_all(&j);
    take_facts(&j);
    run_stages(&j);
    quote_all(&j);
    weaken(&j);
    sort_findings(&j);
    grade(&j, decide(&j));
    fill_results(job->out);
    return DS_OK;
}

enum ds_status judge(struct arena *a, const struct judge_input *in, struct judgement *out)
{
    struct job job = {a, in, out};

    return arena_run(a, run, &job);
}
