/* SPDX-License-Identifier: Apache-2.0 */
/* Repair: the search. See repair.h. */
#include "policy/repair.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/text.h"

/* What is reached by some steps. */
struct state {
    struct repair path;
    const struct judge_input *in; /* the facts after it */
};
struct state_vec VEC_OF(struct state *);

struct search {
    struct arena *a;
    const struct judge_input *in;
    struct repairs *out;
    enum severity failing;  /* findings at least so grave are failures */
    struct state_vec queue; /* in order of their sizes */
    struct name_vec seen;   /* texts of edit sets, so that each is judged once */
};

/* -- failures */

static bool same_place(const struct finding *a, const struct finding *b)
{
    const char *x = a->place.path ? a->place.path : "", *y = b->place.path ? b->place.path : "";

    return a->id == b->id && strcmp(x, y) == 0;
}

static bool is_beyond(const struct search *s, const struct finding *f)
{
    for (size_t i = 0; i < s->out->beyond.n; i++)
        if (same_place(s->out->beyond.at[i], f))
            return true;
    return false;
}

static bool is_failure(const struct search *s, const struct finding *f)
{
    return f->severity >= s->failing && !is_beyond(s, f);
}

static const struct finding *first_failure(const struct search *s, const struct judgement *j)
{
    for (size_t i = 0; i < j->findings.list.n; i++)
        if (is_failure(s, j->findings.list.at[i]))
            return j->findings.list.at[i];
    return NULL;
}

static bool still_fails(const struct search *s, const struct finding *f, const struct judgement *j)
{
    for (size_t i = 0; i < j->findings.list.n; i++)
        if (is_failure(s, j->findings.list.at[i]) && same_place(f, j->findings.list.at[i]))
            return true;
    return false;
}

/* -- ways that several objects need alike */

static bool same_kind_of_way(const struct way *a, const struct way *b)
{
    if (a->edits.n != b->edits.n || a->tempting != b->tempting)
        return false;
    for (size_t i = 0; i < a->edits.n; i++)
        if (a->edits.at[i].id != b->edits.at[i].id)
            return false;
    return true;
}

static bool has_edit(const struct edit_vec *edits, const struct edit *e)
{
    for (size_t i = 0; i < edits->n; i++)
        if (edit_equal(&edits->at[i], e))
            return true;
    return false;
}

static void add_edits(struct arena *a, struct edit_vec *to, const struct edit_vec *from)
{
    for (size_t i = 0; i < from->n; i++)
        if (!has_edit(to, &from->at[i]))
            vec_push(a, to, from->at[i]);
}

/* WAY, and the same for all other code that shows the finding F in J. */
static struct way widen(struct search *s, const struct state *at, const struct finding *f,
                        const struct way *way)
{
    struct way wide = {.what = way->what, .tempting = way->tempting};
    const struct judgement *j = &at->path.judgement;

    add_edits(s->a, &wide.edits, &way->edits);
    for (size_t i = 0; i < j->findings.list.n; i++) {
        const struct finding *other = j->findings.list.at[i];
        struct way_vec ways = {0};

        if (other == f || other->id != f->id || !is_failure(s, other))
            continue;
        repair_ways(s->a, at->in, other, &ways);
        for (size_t k = 0; k < ways.n; k++)
            if (same_kind_of_way(way, &ways.at[k])) {
                add_edits(s->a, &wide.edits, &ways.at[k].edits);
                break;
            }
    }
    return wide;
}

/* -- states */

static int by_text(const void *a, const void *b)
{
    const char *const *x = a, *const *y = b;

    return strcmp(*x, *y);
}

/* One text for the set, whatever the order. */
static const char *set_text(struct arena *a, const struct edit_vec *edits)
{
    const char **texts = arena_array(a, edits->n + 1, const char *), *all = "";

    for (size_t i = 0; i < edits->n; i++)
        texts[i] = edit_text(a, &edits->at[i]);
    qsort(texts, edits->n, sizeof *texts, by_text);
    for (size_t i = 0; i < edits->n; i++)
        all = arena_printf(a, "%s\n%s", all, texts[i]);
    return all;
}

static bool seen_before(struct search *s, const struct edit_vec *edits)
{
    const char *text = set_text(s->a, edits);

    for (size_t i = 0; i < s->seen.n; i++)
        if (strcmp(s->seen.at[i], text) == 0)
            return true;
    vec_push(s->a, &s->seen, text);
    return false;
}

/* The facts after R's edits, and what is judged of them; false when these make no sense, or enough was judged. */
static bool judge_edits(struct search *s, struct repair *r)
{
    struct value_error error;

    if (s->out->judged >= LIMIT_REPAIR_JUDGEMENTS ||
        edits_apply(s->a, s->in, &r->edits, &r->edited, &error) != DS_OK)
        return false;
    s->out->judged++;
    return judge(s->a, &r->edited.in, &r->judgement) == DS_OK;
}

/* FROM and one step more, judged; NULL when it was seen, or makes no sense. */
static struct state *step(struct search *s, const struct state *from, const struct finding *f,
                          const struct way *way)
{
    struct state *to = arena_new_of(s->a, struct state);

    for (size_t i = 0; i < from->path.steps.n; i++)
        vec_push(s->a, &to->path.steps, from->path.steps.at[i]);
    vec_push(s->a, &to->path.steps,
             (struct repair_step){.cures = f, .what = way->what, .edits = way->edits});
    add_edits(s->a, &to->path.edits, &from->path.edits);
    add_edits(s->a, &to->path.edits, &way->edits);
    if (to->path.edits.n == from->path.edits.n || seen_before(s, &to->path.edits))
        return NULL;
    if (!judge_edits(s, &to->path))
        return NULL;
    to->in = &to->path.edited.in;
    return to;
}

/* -- results */

static bool is_part_of(const struct edit_vec *small, const struct edit_vec *large)
{
    for (size_t i = 0; i < small->n; i++)
        if (!has_edit(large, &small->at[i]))
            return false;
    return true;
}

static bool holds_found(const struct search *s, const struct edit_vec *edits)
{
    for (size_t i = 0; i < s->out->found.n; i++)
        if (is_part_of(&s->out->found.at[i].edits, edits))
            return true;
    return false;
}

static void add_dead_end(struct search *s, struct dead_end_vec *to, const struct way *way,
                         const struct state *at)
{
    const struct finding *then = first_failure(s, &at->path.judgement);

    if (then)
        vec_push(s->a, to,
                 (struct dead_end){
                     .what = way->what,
                     .edits = to == &s->out->tried ? at->path.edits : way->edits,
                     .then = then,
                 });
}

static void drop_edit(struct edit_vec *edits, const struct edit *e)
{
    size_t kept = 0;

    for (size_t i = 0; i < edits->n; i++)
        if (!edit_equal(&edits->at[i], e))
            edits->at[kept++] = edits->at[i];
    edits->n = kept;
}

/* R without the edit E, of which nothing must be left in its steps either. */
static struct repair without(struct search *s, const struct repair *r, const struct edit *e)
{
    struct repair less = {0};

    add_edits(s->a, &less.edits, &r->edits);
    drop_edit(&less.edits, e);
    for (size_t i = 0; i < r->steps.n; i++) {
        struct repair_step rest = r->steps.at[i];

        rest.edits = (struct edit_vec){0};
        add_edits(s->a, &rest.edits, &r->steps.at[i].edits);
        drop_edit(&rest.edits, e);
        if (rest.edits.n)
            vec_push(s->a, &less.steps, rest);
    }
    return less;
}

/* Ways say what is usual; what is not needed here, and is no part of what is built, is left out. */
static struct repair minimised(struct search *s, struct repair r)
{
    for (size_t i = 0; r.edits.n > 1 && i < r.edits.n;) {
        enum edit_phase phase = edit_phase(r.edits.at[i].id);
        bool may_go = phase == EDIT_PHASE_MAC || phase == EDIT_PHASE_LOOSE;
        struct repair less = without(s, &r, &r.edits.at[i]);

        if (may_go && judge_edits(s, &less) && !first_failure(s, &less.judgement))
            r = less;
        else
            i++;
    }
    return r;
}

static void keep(struct search *s, struct state *to)
{
    struct repair r;

    if (first_failure(s, &to->path.judgement)) {
        vec_push(s->a, &s->queue, to);
        return;
    }
    r = minimised(s, to->path);
    if (!holds_found(s, &r.edits))
        vec_push(s->a, &s->out->found, r);
}

/* -- the search */

static void try_way(struct search *s, const struct state *from, const struct finding *f,
                    const struct way *way)
{
    struct way wide = widen(s, from, f, way);
    struct state *to = step(s, from, f, &wide);
    bool at_root = from->path.steps.n == 0;

    if (!to)
        return;
    add_dead_end(s, &s->out->tried, way, to);
    if (way->tempting || still_fails(s, f, &to->path.judgement)) {
        if (at_root)
            add_dead_end(s, &s->out->dead_ends, way, to);
        return;
    }
    keep(s, to);
}

static void try_ways(struct search *s, const struct state *from, const struct finding *f)
{
    struct way_vec ways = {0};

    repair_ways(s->a, from->in, f, &ways);
    for (size_t i = 0; i < ways.n; i++)
        if (from->path.steps.n == 0 || !ways.at[i].tempting)
            try_way(s, from, f, &ways.at[i]);
}

/* The way out of a later failure may mend the first one too, so that all are looked at. */
static void expand(struct search *s, const struct state *from)
{
    const struct judgement *j = &from->path.judgement;
    bool tried[FINDING_COUNT] = {false};

    if (from->path.steps.n >= LIMIT_REPAIR_STEPS || holds_found(s, &from->path.edits))
        return;
    for (size_t i = 0; i < j->findings.list.n; i++) {
        const struct finding *f = j->findings.list.at[i];

        if (!is_failure(s, f) || tried[f->id])
            continue;
        tried[f->id] = true;
        try_ways(s, from, f);
    }
}

/* Failures that nothing in the table is about. What only follows from them falls out as well. */
static void set_aside_beyond(struct search *s, const struct state *root)
{
    const struct judgement *j = &root->path.judgement;

    for (size_t i = 0; i < j->findings.list.n; i++) {
        struct finding *f = j->findings.list.at[i];
        struct way_vec ways = {0};

        if (!is_failure(s, f))
            continue;
        repair_ways(s->a, root->in, f, &ways);
        if (ways.n == 0)
            vec_push(s->a, &s->out->beyond, f);
    }
}

/* One step beyond the smallest repair is looked at, for alternatives. */
static bool is_done(const struct search *s, const struct state *next)
{
    const struct repairs *out = s->out;

    if (out->found.n >= LIMIT_REPAIR_ALTERNATIVES || out->judged >= LIMIT_REPAIR_JUDGEMENTS)
        return true;
    return out->found.n && next->path.steps.n > out->found.at[0].steps.n;
}

enum ds_status repair_search(struct arena *a, const struct judge_input *in, struct repairs *out)
{
    struct search s = {.a = a, .in = in, .out = out};
    struct state *root = arena_new_of(a, struct state);
    enum ds_status status;

    *out = (struct repairs){0};
    root->in = in;
    status = judge(a, in, &root->path.judgement);
    if (status != DS_OK)
        return status;
    out->before = root->path.judgement;
    s.failing = out->before.outcome >= OUTCOME_REFUSED ? SEVERITY_REFUSED : SEVERITY_DEGRADED;
    out->needed = first_failure(&s, &out->before) != NULL;
    set_aside_beyond(&s, root);
    if (first_failure(&s, &out->before))
        vec_push(a, &s.queue, root);
    for (size_t i = 0; i < s.queue.n && !is_done(&s, s.queue.at[i]); i++)
        expand(&s, s.queue.at[i]);
    if (out->found.n > LIMIT_REPAIR_ALTERNATIVES)
        out->found.n = LIMIT_REPAIR_ALTERNATIVES;
    return DS_OK;
}

/* -- as values */

struct value *repair_tree(struct arena *a, const struct repairs *r)
{
    struct value *list = value_array(a);

    for (size_t i = 0; r->found.n && i < r->found.at[0].edits.n; i++)
        value_append(a, list, edit_tree(a, &r->found.at[0].edits.at[i]));
    return list;
}

/* EDITS with the paths of the objects they mean, so that forms of a path do not matter. */
static struct edit_vec resolved(struct arena *a, const struct judge_input *in,
                                const struct edit_vec *edits)
{
    struct edit_vec out = {0};

    for (size_t i = 0; i < edits->n; i++) {
        struct edit e = edits->at[i];
        const struct code *c = edit_phase(e.id) == EDIT_PHASE_MAC ? NULL : edit_object(in, e.path);

        if (c)
            e.path = c->path;
        vec_push(a, &out, e);
    }
    return out;
}

/* A profile that fits goes without saying, as in cases: unless EDITS speak of profiles, FOUND's are passed over. */
static void pass_over_profiles(const struct edit_vec *edits, struct edit_vec *found)
{
    size_t kept = 0;

    for (size_t i = 0; i < edits->n; i++)
        if (edits->at[i].id == EDIT_PROFILE)
            return;
    for (size_t i = 0; i < found->n; i++)
        if (found->at[i].id != EDIT_PROFILE || found->n == 1)
            found->at[kept++] = found->at[i];
    found->n = kept;
}

static bool is_usage_text(const struct edit *e)
{
    return e->id == EDIT_INFO && text_ends(e->name, "UsageDescription") &&
           value_is(e->value, VALUE_STRING);
}

/* The same change to a person: any text for the user is as good as another, and a kind of signer has any team. */
static bool alike(const struct edit *a, const struct edit *b)
{
    const char *x = value_cstr(a->value), *y = value_cstr(b->value);
    struct edit with = *a;

    if (edit_equal(a, b))
        return true;
    with.value = b->value;
    if (!edit_equal(&with, b) || !x || !y)
        return false;
    if (is_usage_text(a) && is_usage_text(b))
        return true;
    return a->id == EDIT_SIGNER && (!strchr(x, '/') || !strchr(y, '/')) &&
           strcspn(x, "/") == strcspn(y, "/") && strncmp(x, y, strcspn(x, "/")) == 0;
}

/* Each edit of A has one alike in B. */
static bool all_alike(const struct edit_vec *a, const struct edit_vec *b)
{
    for (size_t i = 0; i < a->n; i++) {
        size_t k = 0;

        while (k < b->n && !alike(&a->at[i], &b->at[k]))
            k++;
        if (k == b->n)
            return false;
    }
    return true;
}

bool repair_is_found(struct arena *a, const struct judge_input *in, const struct repairs *r,
                     const struct value *expected)
{
    struct edit_vec edits = {0};
    struct value_error error;

    if (edits_read(a, expected, &edits, &error) != DS_OK)
        return false;
    edits = resolved(a, in, &edits);
    for (size_t i = 0; i < r->found.n; i++) {
        struct edit_vec found = resolved(a, in, &r->found.at[i].edits);

        pass_over_profiles(&edits, &found);
        if (all_alike(&edits, &found) && all_alike(&found, &edits))
            return true;
    }
    return r->found.n == 0 && edits.n == 0;
}
