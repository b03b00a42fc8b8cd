/* SPDX-License-Identifier: Apache-2.0 */
/* Apply: finding what edits are about, making them in their order, signing again. See apply.h. */
#include "policy/apply.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "policy/change.h"
#include "policy/clone.h"
#include "policy/resign.h"

static change_function *const functions[EDIT_COUNT] = {
#define EDIT(id, key, named, phase, function, about) change_##function,
#include "policy/edit.def"
#undef EDIT
};

/* The code object at PATH below ROOT, in C or deeper; NULL when there is none. */
static struct code *find_below(struct code *c, const char *root, const char *path)
{
    const char *is = path_relative(c->path, root);

    if (is && strcmp(is, path) == 0)
        return c;
    for (size_t i = 0; i < c->child_count; i++) {
        struct code *found = find_below(c->children[i], root, path);

        if (found)
            return found;
    }
    return NULL;
}

struct code *edit_object(const struct judge_input *in, const char *path)
{
    struct code *found = path ? NULL : in->tops[0];

    for (size_t i = 0; path && !found && i < in->top_count; i++)
        found = code_at_path(in->tops[i], path);
    for (size_t i = 0; path && !found && i < in->top_count; i++)
        found = find_below(in->tops[i], in->tops[i]->path, path);
    return found;
}

static void add_all(struct applying *run, const struct edit *e, struct code *c)
{
    const struct signature *sig = code_signature(c);

    if (sig && (sig->present || e->id == EDIT_SIGNER))
        vec_push(run->a, &run->changes, (struct change){run, e, c});
    for (size_t i = 0; i < c->child_count; i++)
        add_all(run, e, c->children[i]);
}

/* The objects of all edits as they lie before anything moves; what is not there yet is looked for again later. */
static void find_objects(struct applying *run, const struct edit_vec *edits)
{
    for (size_t i = 0; i < edits->n; i++) {
        const struct edit *e = &edits->at[i];

        if (!e->path || strcmp(e->path, "*") != 0) {
            struct code *c = edit_object(&run->out->in, e->path);

            vec_push(run->a, &run->changes, (struct change){run, e, c});
            continue;
        }
        for (size_t k = 0; k < run->out->in.top_count; k++)
            add_all(run, e, run->out->in.tops[k]);
    }
}

static void clone_input(struct applying *run, const struct judge_input *in)
{
    struct code **tops = arena_array(run->a, in->top_count + 1, struct code *);

    for (size_t i = 0; i < in->top_count; i++)
        tops[i] = code_clone(run->a, in->tops[i]);
    run->host = arena_copy(run->a, in->host, sizeof *in->host);
    run->out->in = *in;
    run->out->in.tops = tops;
    run->out->in.host = run->host;
}

static bool is_touched(const struct applying *run, const struct code *c)
{
    for (size_t i = 0; i < run->touched.n; i++)
        if (run->touched.at[i] == c)
            return true;
    return false;
}

/* Inner code first; true when C, and so what contains it, got a new signature. */
static bool sign_touched(struct applying *run, struct code *c)
{
    bool touched = is_touched(run, c), had_ticket = c->ticket.present;

    for (size_t i = 0; i < c->child_count; i++)
        touched |= sign_touched(run, c->children[i]);
    if (!touched)
        return false;
    run->out->notarize_again |= had_ticket;
    if (resign(run->a, c))
        vec_push(run->a, &run->out->sign_again, c->path);
    return true;
}

/* Only what is signed with Developer ID goes to the notary service. */
static bool is_notarizable(const struct applying *run)
{
    const struct signature *sig = code_signature(run->out->in.tops[0]);

    return sig && (sig->signer == SIGNER_DEVELOPER_ID || sig->signer == SIGNER_DEVELOPER_ID_KEXT ||
                   sig->signer == SIGNER_DEVELOPER_ID_INSTALLER);
}

static void sign_all(struct applying *run)
{
    bool any = false;

    for (size_t i = 0; i < run->out->in.top_count; i++) {
        any |= sign_touched(run, run->out->in.tops[i]);
        resign_settle(run->out->in.tops[i]);
    }
    run->out->notarize_again &= any && is_notarizable(run);
    run->out->notarize_again |= any && is_notarizable(run) && run->host->notarized == VERDICT_YES;
}

static enum ds_status make_change(struct change *ch)
{
    if (!ch->code)
        ch->code = edit_object(&ch->run->out->in, ch->edit->path);
    if (!ch->code)
        return change_refuse(ch, arena_printf(ch->run->a, "no code lies at %s", ch->edit->path));
    return functions[ch->edit->id](ch);
}

static enum ds_status make_changes(struct applying *run, enum edit_phase phase)
{
    enum ds_status status = DS_OK;

    for (size_t i = 0; status == DS_OK && i < run->changes.n; i++)
        if (edit_phase(run->changes.at[i].edit->id) == phase)
            status = make_change(&run->changes.at[i]);
    return status;
}

enum ds_status edits_apply(struct arena *a, const struct judge_input *in,
                           const struct edit_vec *edits, struct edited *out,
                           struct value_error *error)
{
    struct applying run = {.a = a, .out = out, .error = error};
    enum ds_status status = DS_OK;

    *out = (struct edited){0};
    clone_input(&run, in);
    find_objects(&run, edits);
    for (int phase = 0; status == DS_OK && phase < EDIT_PHASES; phase++) {
        status = make_changes(&run, (enum edit_phase)phase);
        if (phase == EDIT_PHASE_PROFILE && status == DS_OK)
            sign_all(&run);
    }
    return status;
}
