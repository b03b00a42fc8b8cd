/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rule checks about requirements that code states for others (subsystem-checks.md §7, §8.1, §11, §12): who is meant,
 * and does he meet them? `item.text` is the text.
 */
#include "policy/rule_check.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "policy/rule_require.h"

static void say(struct rule_scope *s, const char *key, const char *text)
{
    value_set(s->j->a, s->said, key, value_string(s->j->a, text));
}

static const char *item_text(const struct rule_scope *s)
{
    const char *text = value_get_cstr(s->item, "text");

    return text ? text : "";
}

/* -- the text alone */

enum verdict check_names_own_team(struct rule_scope *s, const struct code *c)
{
    struct require_study study;
    const char *team = code_team(c);

    if (!team || !require_study(s->j->a, item_text(s), &study))
        return VERDICT_YES;
    for (size_t i = 0; i < study.teams.n; i++) {
        if (strcmp(study.teams.at[i], team) == 0)
            continue;
        say(s, "team", study.teams.at[i]);
        return VERDICT_NO;
    }
    return VERDICT_YES;
}

enum verdict check_anchored(struct rule_scope *s, const struct code *c)
{
    struct require_study study;

    (void)c;
    if (!require_study(s->j->a, item_text(s), &study))
        return VERDICT_YES;
    return verdict_of(study.anchored || study.open_branch);
}

enum verdict check_closed(struct rule_scope *s, const struct code *c)
{
    struct require_study study;

    (void)c;
    if (!require_study(s->j->a, item_text(s), &study))
        return VERDICT_YES;
    return verdict_of(!study.open_branch);
}

/* -- the other side */

/* Who could be meant, and the best of them. */
struct search {
    struct rule_scope *s;
    const struct code *self;
    struct require_study study;
    bool met;                 /* somebody meets it */
    const struct code *named; /* has an identifier that it names */
    const struct code *alike; /* is called like one */
};

static bool names(const struct name_vec *list, const char *word)
{
    for (size_t i = 0; word && i < list->n; i++)
        if (strcmp(list->at[i], word) == 0)
            return true;
    return false;
}

/* "Assistant" for a file of that name, and for "Assistant-5555…", the identifier that a signing tool made of it. */
static bool is_called_like(const struct code *c, const char *identifier)
{
    size_t n = strlen(identifier);
    const char *own = c->code_identifier;

    if (strcmp(c->name, identifier) == 0)
        return true;
    return own && strncmp(own, identifier, n) == 0 && own[n] == '-';
}

/* Only code of an identifier that is named can meet a requirement that names some and has no alternative. */
static bool is_worth_asking(const struct search *f, bool named)
{
    return named || f->study.identifiers.n == 0 || f->study.has_alternatives;
}

static void consider_one(struct search *f, const struct code *c)
{
    const char *own = c->code_identifier ? c->code_identifier : c->identifier;
    bool named = names(&f->study.identifiers, own);

    if (c == f->self || !c->is_main_executable)
        return;
    if (!f->named && named)
        f->named = c;
    for (size_t i = 0; !f->alike && i < f->study.identifiers.n; i++)
        if (is_called_like(c, f->study.identifiers.at[i]))
            f->alike = c;
    if (is_worth_asking(f, named))
        f->met |= require_meets_text(f->s, c, item_text(f->s)) == VERDICT_YES;
}

static void consider_all(struct search *f, const struct code *c)
{
    consider_one(f, c);
    for (size_t i = 0; !f->met && i < c->child_count; i++)
        consider_all(f, c->children[i]);
}

/* False when the text is no requirement, or is about Apple's own code, which is not here. */
static bool search_peers(struct rule_scope *s, const struct code *c, struct search *f)
{
    const struct judge_input *in = s->j->in;

    *f = (struct search){.s = s, .self = c};
    if (!require_study(s->j->a, item_text(s), &f->study))
        return false;
    if (f->study.apple_only && f->study.teams.n == 0 && !in->peer)
        return false;
    f->met = require_meets_text(s, c, item_text(s)) == VERDICT_YES;
    for (size_t i = 0; !f->met && i < in->top_count; i++)
        consider_all(f, in->tops[i]);
    if (in->peer && !f->met)
        consider_all(f, in->peer);
    return true;
}

/* Without an identifier a requirement is about the other side when that was given, else about nobody in particular. */
static const struct code *meant(const struct search *f)
{
    if (f->named || f->alike)
        return f->named ? f->named : f->alike;
    return f->s->j->in->peer;
}

enum verdict check_peer_known(struct rule_scope *s, const struct code *c)
{
    struct search f;

    if (!search_peers(s, c, &f) || f.met || f.study.identifiers.n == 0)
        return VERDICT_YES;
    return meant(&f) ? VERDICT_YES : VERDICT_UNDECIDED;
}

enum verdict check_peer_identifier(struct rule_scope *s, const struct code *c)
{
    struct search f;
    const struct code *peer;

    if (!search_peers(s, c, &f) || f.met || f.named || f.study.identifiers.n == 0)
        return VERDICT_YES;
    peer = meant(&f);
    if (!peer)
        return VERDICT_YES;
    say(s, "wanted", f.study.identifiers.at[0]);
    say(s, "found", peer->code_identifier ? peer->code_identifier : "(none)");
    say(s, "peer", peer->path);
    return VERDICT_NO;
}

static bool is_adhoc(const struct code *c)
{
    return !code_team(c);
}

/* An ad hoc peer where a team is asked for: the one that is named, or, where none is, any that is ad hoc. */
static const struct code *teamless(const struct search *f, const struct code *c)
{
    if (is_adhoc(c))
        return is_adhoc(c) && c->is_main_executable ? c : NULL;
    for (size_t i = 0; i < c->child_count; i++) {
        const struct code *found = teamless(f, c->children[i]);
        if (found)
            return found;
    }
    return NULL;
}

enum verdict check_peer_team(struct rule_scope *s, const struct code *c)
{
    struct search f;
    const struct code *peer;

    if (!search_peers(s, c, &f) || f.met || f.study.teams.n == 0)
        return VERDICT_YES;
    peer = f.study.identifiers.n || s->j->in->peer ? meant(&f) : teamless(&f, code_top(c));
    if (!peer || !is_adhoc(peer) || (f.study.identifiers.n && peer != f.named))
        return VERDICT_YES;
    say(s, "peer", peer->path);
    say(s, "wanted", f.study.teams.at[0]);
    return VERDICT_NO;
}

enum verdict check_peer_meets(struct rule_scope *s, const struct code *c)
{
    struct search f;
    const struct code *peer;

    if (!search_peers(s, c, &f) || f.met)
        return VERDICT_YES;
    peer = f.study.identifiers.n ? f.named : s->j->in->peer;
    if (!peer || (f.study.teams.n && is_adhoc(peer)))
        return VERDICT_YES;
    say(s, "peer", peer->path);
    return require_meets_text(s, peer, item_text(s));
}

/* -- helpers and their apps (SB-02) */

enum verdict check_authorises_app(struct rule_scope *s, const struct code *c)
{
    const struct slice *slice = code_main_slice(c);
    const struct value *clients =
        value_get(slice ? slice->info_section : NULL, "SMAuthorizedClients");
    const struct code *app = c->parent;
    enum verdict v = VERDICT_NO;

    while (app && app->kind != CODE_APP)
        app = app->parent;
    if (!app)
        app = s->self;
    for (size_t i = 0; value_is(clients, VALUE_ARRAY) && i < clients->count; i++) {
        const char *text = value_cstr(clients->items[i]);
        if (text)
            v = verdict_or(v, require_meets_text(s, app, text));
    }
    return v;
}

/* -- the older version (TC-01, UP-01) */

enum verdict check_meets_replaced(struct rule_scope *s, const struct code *c)
{
    const struct signature *old = code_signature(code_counterpart(c, s->j->in->replaces));

    if (!old || old->dr.n == 0)
        return VERDICT_YES;
    say(s, "requirement", old->dr_text ? old->dr_text : "(unreadable)");
    return require_meets(s, c, old->dr);
}
