/* SPDX-License-Identifier: Apache-2.0 */
/* Repair ways: the table, and its texts made into edits. See repair_ways.h. */
#include "policy/repair_ways.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "policy/judging.h"
#include "policy/resign.h"

typedef void way_maker(const struct plan *p);

static const struct row {
    enum finding_id finding;
    const char *edits; /* NULL: made */
    way_maker *maker;
    const char *what;
    bool tempting;
} rows[] = {
#define WAY(finding, edits, what)   {FINDING_##finding, edits, NULL, what, false},
#define TEMPT(finding, edits, what) {FINDING_##finding, edits, NULL, what, true},
#define MAKE(finding, maker, what)  {FINDING_##finding, NULL, way_##maker, what, false},
#include "policy/repair.def"
#undef WAY
#undef TEMPT
#undef MAKE
};

/* What any signature that is broken is mended by; the others where it does not tell who signs. */
static const struct row sign_again[] = {
    {FINDING_NONE, "sign-again=yes", NULL, "Sign {name} again", false},
    {FINDING_NONE, "signer={signer}", NULL,
     "Sign {name} again, by the identity that signs the rest", false},
    {FINDING_NONE, "signer=developer-id/{team}", NULL,
     "Sign {name} again, by the team's Developer ID", false},
    {FINDING_NONE, "signer=adhoc", NULL, "Sign {name} again, ad hoc", false},
};

/* -- edits */

struct edit edit_of(struct arena *a, enum edit_id id, const char *name, const struct value *v)
{
    return (struct edit){.id = id, .name = name, .value = v ? v : value_null(a)};
}

/* Below the top-level item, as people write it; the reported path where there are several items. */
static const char *path_for(const struct plan *p, const struct code *c)
{
    const struct code *top = code_top(c);

    if (c == p->in->tops[0])
        return NULL;
    return top == p->in->tops[0] && c != top ? path_relative(c->path, top->path) : c->path;
}

void plan_edit(const struct plan *p, struct edit_vec *edits, const struct code *c, struct edit edit)
{
    edit.path = edit_phase(edit.id) == EDIT_PHASE_MAC ? NULL : path_for(p, c);
    vec_push(p->a, edits, edit);
}

void plan_offer(const struct plan *p, const struct edit_vec *edits)
{
    if (edits->n)
        vec_push(p->a, p->out, (struct way){.what = p->what, .edits = *edits});
}

/* -- texts of the table */

static const struct {
    const char *prefix;
    const struct code *(*find)(const struct plan *p);
} objects[] = {{"@app:", plan_app}, {"@process:", plan_process}};

static const struct code *object_of(const struct plan *p, const char **text)
{
    for (size_t i = 0; i < sizeof objects / sizeof *objects; i++)
        if (text_starts(*text, objects[i].prefix)) {
            *text += strlen(objects[i].prefix);
            return objects[i].find(p);
        }
    if (text_starts(*text, "@top:")) {
        *text += strlen("@top:");
        return code_top(p->c);
    }
    return p->c;
}

/* One edit of the table's text; false when it is about nothing, or does not parse after its words were filled in. */
static bool add_edit(const struct plan *p, const char *text, struct edit_vec *edits)
{
    bool all = text_starts(text, "*:");
    const struct code *c = object_of(p, &text);
    struct value_error error;
    struct edit edit;

    if (!c || edit_parse(p->a, text, &edit, &error) != DS_OK)
        return false;
    if (all)
        vec_push(p->a, edits, edit);
    else
        plan_edit(p, edits, c, edit);
    return true;
}

static void offer_text(const struct plan *p, const struct row *row)
{
    const char *text = plan_fill(p, row->edits);
    struct edit_vec edits = {0};

    while (text && *text) {
        const char *end = strstr(text, " ; ");
        size_t n = end ? (size_t)(end - text) : strlen(text);

        if (!add_edit(p, arena_strndup(p->a, text, n), &edits))
            return;
        text = end ? end + 3 : NULL;
    }
    plan_offer(p, &edits);
    if (edits.n)
        p->out->at[p->out->n - 1].tempting = row->tempting;
}

static void offer(struct plan *p, const struct row *row)
{
    p->what = plan_fill(p, row->what);
    if (!p->what)
        return;
    if (row->maker)
        row->maker(p);
    else
        offer_text(p, row);
}

/* -- which code a finding is about */

/* The innermost code that PATH lies in. */
static const struct code *code_around_path(const struct code *c, const char *path)
{
    for (size_t i = 0; i < c->child_count; i++)
        if (path_below(path, c->children[i]->path))
            return code_around_path(c->children[i], path);
    return c;
}

static const struct code *code_of(const struct judge_input *in, const struct finding *f)
{
    for (size_t i = 0; f->place.path && i < in->top_count; i++)
        if (path_below(f->place.path, in->tops[i]->path))
            return code_around_path(in->tops[i], f->place.path);
    return in->tops[0];
}

static bool tells_signer(const struct code *c)
{
    for (size_t i = 0; i < c->slice_count; i++)
        if (signature_names_signer(&c->slices[i].sig))
            return true;
    return false;
}

static void offer_signing(struct plan *p)
{
    size_t n = tells_signer(p->c) ? 1 : sizeof sign_again / sizeof *sign_again;

    for (size_t i = 0; i < n; i++)
        offer(p, &sign_again[i]);
}

void repair_ways(struct arena *a, const struct judge_input *in, const struct finding *f,
                 struct way_vec *out)
{
    struct plan p = {.a = a, .in = in, .finding = f, .c = code_of(in, f), .out = out};
    size_t before = out->n;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].finding == f->id)
            offer(&p, &rows[i]);
    if (out->n == before && f->stage <= STAGE_DR && resign_cures(f->id))
        offer_signing(&p);
}
