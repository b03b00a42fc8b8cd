/* SPDX-License-Identifier: Apache-2.0 */
/* Repairs as text and as trees (report/repair_report.h). */
#include "config.h"

#include "report/repair_report.h"

#include "base/arena.h"
#include "policy/clone.h"
#include "policy/judging.h"
#include "report/whatif_report.h"
#include "report/wrap.h"

/* -- text */

static void edits_text(struct buf *out, const char *indent, const struct edit_vec *edits)
{
    for (size_t i = 0; i < edits->n; i++)
        buf_printf(out, "%s--set '%s'\n", indent, edit_text(out->arena, &edits->at[i]));
}

/* The command that signs C as the repaired facts have it; entitlements come from a file of one's own. */
static const char *sign_command(struct arena *a, const struct code *c)
{
    const struct signature *sig = code_signature(c);
    const char *identity = sig->adhoc ? "-" : sig->chain_count ? sig->chain[0]->common_name : "-";
    bool runtime = sig->chosen && (sig->chosen->flags & CD_FLAG_RUNTIME);
    const char *own = sig->entitlements && sig->entitlements->count
                          ? arena_printf(a, " --entitlements '%s.entitlements'", c->name)
                          : "";

    return arena_printf(a, "codesign --force --sign '%s'%s%s%s '%s'", identity,
                        runtime ? " --options runtime" : "", sig->adhoc ? "" : " --timestamp", own,
                        c->path);
}

static const struct code *find_code(const struct judge_input *in, const char *path)
{
    const struct code *c = NULL;

    for (size_t i = 0; !c && i < in->top_count; i++)
        c = code_at_path(in->tops[i], path);
    return c;
}

/* Signatures that a developer makes; the others are the store's or Apple's. */
static bool is_ones_own(const struct code *c)
{
    enum signer_kind kind = code_signature(c)->signer;

    return kind != SIGNER_MAC_APP_STORE && kind != SIGNER_TESTFLIGHT && kind != SIGNER_APPLE;
}

static void script(struct buf *out, const struct edited *e)
{
    bool others = false;

    if (e->sign_again.n)
        buf_str(out, "  Then sign again, inside out:\n");
    for (size_t i = 0; i < e->sign_again.n; i++) {
        const struct code *c = find_code(&e->in, e->sign_again.at[i]);

        if (c && code_signature(c) && is_ones_own(c))
            buf_printf(out, "    %s\n", sign_command(out->arena, c));
        others |= c && code_signature(c) && !is_ones_own(c);
    }
    if (others)
        buf_str(out, "    upload it, signed for distribution: the store signs what it delivers\n");
    if (e->notarize_again)
        buf_str(out, "  Then notarize and staple again: a ticket is for the old bytes.\n");
}

static void one_repair(struct buf *out, const struct repair *r)
{
    for (size_t i = 0; i < r->steps.n; i++) {
        const struct repair_step *s = &r->steps.at[i];

        wrap_text(out, arena_printf(out->arena, "  %zu. ", i + 1), s->what);
        buf_printf(out, "     mends %s%s%s\n", finding_row(s->cures->id)->id,
                   s->cures->place.path ? " of " : "",
                   s->cures->place.path ? s->cures->place.path : "");
        edits_text(out, "     ", &s->edits);
    }
    script(out, &r->edited);
    buf_printf(out, "  It would then be %s.\n", outcome_phrase(out->arena, &r->judgement));
    if (r->edited.presumed)
        buf_str(out, "  Identities and profiles that are not at hand were presumed.\n");
}

static void dead_ends(struct buf *out, const struct repairs *r)
{
    if (r->dead_ends.n)
        buf_str(out, "\nNo way out:\n");
    for (size_t i = 0; i < r->dead_ends.n; i++) {
        const struct dead_end *d = &r->dead_ends.at[i];

        edits_text(out, "  ", &d->edits);
        wrap_text(out, "    ", d->what);
        buf_printf(out, "    then refused at %s: %s in %s\n", stage_name(d->then->stage),
                   finding_row(d->then->id)->id,
                   d->then->place.path ? d->then->place.path : "(no file)");
        wrap_text(out, "    ", finding_message(out->arena, d->then));
    }
}

static void beyond(struct buf *out, const struct repairs *r)
{
    if (r->beyond.n)
        buf_str(out, "\nNot to be mended by changing facts:\n");
    for (size_t i = 0; i < r->beyond.n; i++) {
        const struct finding *f = r->beyond.at[i];

        buf_printf(out, "  %s (%s) %s\n", finding_row(f->id)->id, stage_name(f->stage),
                   f->place.path ? f->place.path : "");
        if (f->fix && *f->fix && *f->fix != '-')
            wrap_text(out, "    fix: ", f->fix);
    }
}

/* Everything that was judged on the way, for those who wonder. */
static void tried(struct buf *out, const struct repairs *r)
{
    buf_printf(out, "\n%zu sets of changes were judged; these fail:\n", r->judged);
    for (size_t i = 0; i < r->tried.n; i++) {
        const struct finding *f = r->tried.at[i].then;

        edits_text(out, "  ", &r->tried.at[i].edits);
        buf_printf(out, "    %s (%s) %s\n", finding_row(f->id)->id, stage_name(f->stage),
                   f->place.path ? f->place.path : "");
    }
}

void text_repairs(struct buf *out, const char *path, const struct repairs *r,
                  struct text_style style)
{
    buf_printf(out, "%s: %s\n", path, outcome_phrase(out->arena, &r->before));
    if (style.quiet)
        return;
    if (!r->needed)
        buf_str(out, "  Nothing to repair.\n");
    else if (!r->found.n)
        buf_str(out, "\nNo repair was found among changes of facts.\n");
    for (size_t i = 0; i < r->found.n; i++) {
        buf_str(out, i ? "\nOr:\n" : "\nThe smallest repair:\n");
        one_repair(out, &r->found.at[i]);
    }
    dead_ends(out, r);
    beyond(out, r);
    if (style.verbose)
        tried(out, r);
}

/* -- trees */

static void set_string(struct arena *a, struct value *dict, const char *key, const char *s)
{
    value_set(a, dict, key, s ? value_string(a, s) : value_null(a));
}

static struct value *edits_tree(struct arena *a, const struct edit_vec *edits)
{
    struct value *list = value_array(a);

    for (size_t i = 0; i < edits->n; i++)
        value_append(a, list, edit_tree(a, &edits->at[i]));
    return list;
}

static struct value *step_tree(struct arena *a, const struct repair_step *s)
{
    struct value *v = value_dict(a);

    set_string(a, v, "do", s->what);
    set_string(a, v, "cures", finding_row(s->cures->id)->id);
    set_string(a, v, "path", s->cures->place.path);
    value_set(a, v, "edits", edits_tree(a, &s->edits));
    return v;
}

static struct value *repair_value(struct arena *a, const struct repair *r)
{
    struct value *v = value_dict(a), *steps = value_array(a), *paths = value_array(a);

    for (size_t i = 0; i < r->steps.n; i++)
        value_append(a, steps, step_tree(a, &r->steps.at[i]));
    for (size_t i = 0; i < r->edited.sign_again.n; i++)
        value_append(a, paths, value_string(a, r->edited.sign_again.at[i]));
    value_set(a, v, "steps", steps);
    value_set(a, v, "edits", edits_tree(a, &r->edits));
    set_string(a, v, "verdict", outcome_name(r->judgement.outcome));
    value_set(a, v, "sign_again", paths);
    value_set(a, v, "notarize_again", value_bool(a, r->edited.notarize_again));
    value_set(a, v, "presumed", value_bool(a, r->edited.presumed));
    return v;
}

static struct value *finding_value(struct arena *a, const struct finding *f)
{
    struct value *v = value_dict(a);

    set_string(a, v, "stage", stage_name(f->stage));
    set_string(a, v, "finding", finding_row(f->id)->id);
    set_string(a, v, "path", f->place.path);
    set_string(a, v, "message", finding_message(a, f));
    return v;
}

static struct value *dead_end_tree(struct arena *a, const struct dead_end *d)
{
    struct value *v = value_dict(a);

    set_string(a, v, "because", d->what);
    value_set(a, v, "edits", edits_tree(a, &d->edits));
    value_set(a, v, "then", finding_value(a, d->then));
    return v;
}

static struct value *beyond_tree(struct arena *a, const struct finding *f)
{
    struct value *v = finding_value(a, f);

    set_string(a, v, "fix", f->fix);
    return v;
}

struct value *tree_repairs(struct arena *a, const char *path, const struct repairs *r)
{
    struct value *v = value_dict(a), *found = value_array(a), *ends = value_array(a),
                 *rest = value_array(a);
    const struct finding *f = r->before.deciding;

    for (size_t i = 0; i < r->found.n; i++)
        value_append(a, found, repair_value(a, &r->found.at[i]));
    for (size_t i = 0; i < r->dead_ends.n; i++)
        value_append(a, ends, dead_end_tree(a, &r->dead_ends.at[i]));
    for (size_t i = 0; i < r->beyond.n; i++)
        value_append(a, rest, beyond_tree(a, r->beyond.at[i]));
    set_string(a, v, "path", path);
    set_string(a, v, "verdict", outcome_name(r->before.outcome));
    set_string(a, v, "stage", f ? stage_name(f->stage) : NULL);
    set_string(a, v, "finding", f ? finding_row(f->id)->id : NULL);
    value_set(a, v, "repairs", found);
    value_set(a, v, "no_way_out", ends);
    value_set(a, v, "beyond", rest);
    return v;
}
