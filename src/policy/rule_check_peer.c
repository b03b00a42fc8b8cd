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
    const struct req_study *study = require_study(s, item_text(s));
    const char *team = code_team(c);

    if (!team || !study)
        return VERDICT_YES;
    for (size_t i = 0; i < study->teams.n; i++) {
        if (strcmp(study->teams.at[i], team) == 0)
            continue;
        say(s, "team", study->teams.at[i]);
        return VERDICT_NO;
    }
    return VERDICT_YES;
}

enum verdict check_anchored(struct rule_scope *s, const struct code *c)
{
    const struct req_study *study = require_study(s, item_text(s));

    (void)c;
    return verdict_of(!study || study->anchored || study->open_branch);
}

enum verdict check_closed(struct rule_scope *s, const struct code *c)
{
    const struct req_study *study = require_study(s, item_text(s));

    (void)c;
    return verdict_of(!study || !study->open_branch);
}

/* -- the other side */

/* The first two, so that there is one left for whoever is one of them and asks for the other side. */
struct pair {
    const struct code *at[2];
};

static void pair_add(struct pair *p, const struct code *c)
{
    if (!p->at[0] || !p->at[1])
        p->at[p->at[0] != NULL] = c;
}

static const struct code *pair_other(const struct pair *p, const struct code *c)
{
    return p->at[p->at[0] == c];
}

/* All main executables at hand, seen by one text, whoever states it. */
struct peers {
    const char *text;
    const struct req_study *study;
    bool met;                        /* one of them meets it, and the others were not looked at */
    struct pair named;               /* have an identifier that it names */
    struct pair alike;               /* are called like one */
    const struct rule_fact *unknown; /* a fact that would have helped, NULL */
};

/* Who could be meant by the text of one item, for the code that states it. */
struct search {
    const struct req_study *study;
    bool met;                 /* somebody meets it */
    const struct code *named; /* has an identifier that it names */
    const struct code *alike; /* is called like one */
    const struct code *peer;  /* the other side, where that was given */
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
static bool is_worth_asking(const struct req_study *study, bool named)
{
    return named || study->identifiers.n == 0 || study->has_alternatives;
}

static void consider_one(struct rule_scope *s, struct peers *p, const struct code *c)
{
    const struct req_study *study = p->study;
    const char *own = c->code_identifier ? c->code_identifier : c->identifier;
    bool named = names(&study->identifiers, own), alike = false;

    if (!c->is_main_executable)
        return;
    for (size_t i = 0; !alike && i < study->identifiers.n; i++)
        alike = is_called_like(c, study->identifiers.at[i]);
    if (named)
        pair_add(&p->named, c);
    if (alike)
        pair_add(&p->alike, c);
    if (is_worth_asking(study, named))
        p->met = require_answer(s, c, p->text, &p->unknown) == VERDICT_YES;
}

static void consider_all(struct rule_scope *s, struct peers *p, const struct code *c)
{
    consider_one(s, p, c);
    for (size_t i = 0; !p->met && i < c->child_count; i++)
        consider_all(s, p, c->children[i]);
}

static const struct peers *peers_of(struct rule_scope *s, const struct req_study *study)
{
    const struct judge_input *in = s->j->in;
    struct index *seen = &s->j->asked->peers;
    struct peers *p = index_find(seen, bytes_str(item_text(s)));

    if (p)
        return p;
    p = arena_new_of(seen->arena, struct peers);
    *p = (struct peers){.text = arena_strdup(seen->arena, item_text(s)), .study = study};
    for (size_t i = 0; !p->met && i < in->top_count; i++)
        consider_all(s, p, in->tops[i]);
    if (in->peer && !p->met)
        consider_all(s, p, in->peer);
    index_add(seen, bytes_str(p->text), p);
    return p;
}

/* False when the text is no requirement, or is about Apple's own code, which is not here. */
static bool search_peers(struct rule_scope *s, const struct code *c, struct search *f)
{
    const struct judge_input *in = s->j->in;
    const struct peers *p;

    *f = (struct search){.study = require_study(s, item_text(s)), .peer = in->peer};
    if (!f->study || (f->study->apple_only && f->study->teams.n == 0 && !in->peer))
        return false;
    p = peers_of(s, f->study);
    f->named = pair_other(&p->named, c);
    f->alike = pair_other(&p->alike, c);
    f->met = require_answer(s, c, p->text, &s->unknown) == VERDICT_YES || p->met;
    if (p->unknown)
        s->unknown = p->unknown;
    return true;
}

/* Without an identifier a requirement is about the other side when that was given, else about nobody in particular. */
static const struct code *meant(const struct search *f)
{
    if (f->named || f->alike)
        return f->named ? f->named : f->alike;
    return f->peer;
}

enum verdict check_peer_known(struct rule_scope *s, const struct code *c)
{
    struct search f;

    if (!search_peers(s, c, &f) || f.met || f.study->identifiers.n == 0)
        return VERDICT_YES;
    return meant(&f) ? VERDICT_YES : VERDICT_UNDECIDED;
}

enum verdict check_peer_identifier(struct rule_scope *s, const struct code *c)
{
    struct search f;
    const struct code *peer;

    if (!search_peers(s, c, &f) || f.met || f.named || f.study->identifiers.n == 0)
        return VERDICT_YES;
    peer = meant(&f);
    if (!peer)
        return VERDICT_YES;
    say(s, "wanted", f.study->identifiers.at[0]);
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

    if (!search_peers(s, c, &f) || f.met || f.study->teams.n == 0)
        return VERDICT_YES;
    peer = f.study->identifiers.n || s->j->in->peer ? meant(&f) : teamless(&f, code_top(c));
    if (!peer || !is_adhoc(peer) || (f.study->identifiers.n && peer != f.named))
        return VERDICT_YES;
    say(s, "peer", peer->path);
    say(s, "wanted", f.study->teams.at[0]);
    return VERDICT_NO;
}

enum verdict check_peer_meets(struct rule_scope *s, const struct code *c)
{
    struct search f;
    const struct code *peer;

    if (!search_peers(s, c, &f) || f.met)
        return VERDICT_YES;
    peer = f.study->identifiers.n ? f.named : s->j->in->peer;
    if (!peer || (f.study->teams.n && is_adhoc(peer)))
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
