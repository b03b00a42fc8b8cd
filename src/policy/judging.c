/* SPDX-License-Identifier: Apache-2.0 */
/* Judging: adding findings and questions to a judgement, and what stage judges ask of code. */
#include "policy/judging.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"

bool finding_listed(enum finding_id id, enum stage stage)
{
    const char *name = stage < STAGE_COUNT ? stage_name(stage) : "";
    size_t n = strlen(name);

    for (const char *p = finding_row(id)->stages; p && n; p = strchr(p, ',')) {
        p += *p == ',';
        if (strncmp(p, name, n) == 0 && (p[n] == ',' || p[n] == '\0'))
            return true;
    }
    return false;
}

static struct finding *add(struct judging *j, enum finding_id id, const struct code *c,
                           const char *detail)
{
    const struct code *about = c ? c : j->all.n ? j->all.at[0] : NULL;
    struct finding *f = finding_add(&j->out->findings, id, place_path(about ? about->path : NULL),
                                    detail ? "%s" : NULL, detail);

    if (finding_listed(id, j->stage))
        f->stage = j->stage;
    vec_push(j->a, &j->owners, about);
    return f;
}

struct finding *judging_add(struct judging *j, enum finding_id id, const struct code *c,
                            const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    char *detail = fmt ? arena_vprintf(j->a, fmt, ap) : NULL;
    va_end(ap);
    return add(j, id, c, detail);
}

void judging_log(struct judging *j, struct finding *f, const char *process, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    char *text = arena_vprintf(j->a, fmt, ap);
    va_end(ap);
    finding_log(&j->out->findings, f, process, "%s", text);
}

/* ASK was asked about C in this stage. */
static bool asked(const struct judging *j, enum finding_id ask, const struct code *c)
{
    for (size_t i = 0; i < j->out->questions.n; i++) {
        const struct question *q = &j->out->questions.at[i];

        if (q->finding->id == ask && q->finding->stage == j->stage &&
            q->finding->place.path == (c ? c->path : NULL))
            return true;
    }
    return false;
}

void judging_ask(struct judging *j, enum finding_id ask, const struct code *c, bool blocks,
                 const char *text)
{
    const struct code *about = c ? c : j->all.n ? j->all.at[0] : NULL;
    struct finding *f;

    if (asked(j, ask, about))
        return;
    f = add(j, ask, about, text);
    if (f->stage > j->in->only) /* asked by a stage that usually leaves it to a later one */
        f->stage = j->stage;
    f->blocks = blocks;
    vec_push(j->a, &j->out->questions,
             (struct question){
                 .finding = f, .text = text ? text : finding_row(ask)->title, .blocks = blocks});
}

void judging_skip(struct judging *j, const char *why)
{
    j->out->skipped[j->stage] = why;
}

void judging_rely(struct judging *j, const char *name, const struct code *c)
{
    vec_push(j->a, &j->relied, (struct relied){.name = name, .stage = j->stage, .code = c});
}

void judging_rely_switch(struct judging *j, enum switch_id id, const struct code *c)
{
    judging_rely(j, switch_name(id), c);
}

/* OUTER is C or contains it. */
static bool contains(const struct code *outer, const struct code *c)
{
    while (c && c != outer)
        c = c->parent;
    return c != NULL;
}

bool judging_denied(const struct judging *j, const struct code *c)
{
    for (size_t i = 0; i < j->out->findings.list.n; i++) {
        const struct finding *f = j->out->findings.list.at[i];

        if (f->severity >= SEVERITY_REFUSED && f->stage >= STAGE_GATEKEEPER &&
            f->stage < j->stage && contains(j->owners.at[i], c))
            return true;
    }
    return false;
}

bool judging_found(const struct judging *j, enum finding_id id, const struct code *c)
{
    for (size_t i = 0; i < j->out->findings.list.n; i++)
        if (j->out->findings.list.at[i]->id == id && j->owners.at[i] == c)
            return true;
    return false;
}

const struct code *code_top(const struct code *c)
{
    while (c->parent)
        c = c->parent;
    return c;
}

const struct code *code_enclosing_bundle(const struct code *c)
{
    while (c && !c->is_bundle)
        c = c->parent;
    return c;
}

const char *code_log_name(const struct code *c)
{
    if (c->identifier)
        return c->identifier;
    return c->code_identifier ? c->code_identifier : c->name;
}

const struct value *code_claims(const struct code *c)
{
    const struct signature *sig = code_signature(c);

    /* Claims of a DER form that is not canonical are ignored (EB-02). */
    if (!sig || !value_is(sig->entitlements, VALUE_DICT) ||
        (sig->has_der_entitlements && sig->der_error))
        return NULL;
    return sig->entitlements;
}

const struct value *code_claim(const struct code *c, const char *key)
{
    return value_get(code_claims(c), key);
}

const char *code_team(const struct code *c)
{
    const struct signature *sig = code_signature(c);

    return sig && sig->chosen ? sig->chosen->team : NULL;
}

const char *code_exec_path(const struct code *c)
{
    return c->executable ? c->executable : c->path;
}
