/* SPDX-License-Identifier: Apache-2.0 */
/* AMFI: faults of claims and profiles that stop nothing today (launch-policy.md §4, §5, §6). */
#include <ctype.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"
#include "policy/amfi_steps.h"

#define APP_ID  "com.apple.application-identifier"
#define TEAM_ID "com.apple.developer.team-identifier"
#define TEAM_N  10 /* characters of a Team ID */

/* -- keys */

static bool is_mac_style(const struct amfi *m)
{
    return m->slice->platform != 2 && m->slice->platform != 6;
}

static const struct entitlement_row *row_of(const struct amfi *m, const char *key)
{
    return entitlement_find(key, !is_mac_style(m));
}

static void lint_private(struct amfi *m, const struct claim_match *cm)
{
    if (cm->class == CLAIM_HARD && strcmp(row_of(m, cm->key)->restricted, "private") == 0)
        judging_add(m->j, FINDING_AMFI_ENT_PRIVATE, m->c, "%s", cm->key);
}

static void lint_unknown(struct amfi *m, const struct claim_match *cm)
{
    const char *near;

    if (!text_starts(cm->key, "com.apple.security.") || row_of(m, cm->key)->match == KEY_EXACT)
        return;
    near = entitlement_suggest(cm->key);
    judging_add(m->j, FINDING_ENT_UNKNOWN_KEY, m->c, "%s%s%s", cm->key,
                near ? "; did you mean " : "", near ? near : "");
}

static void lint_false(struct amfi *m, const struct claim_match *cm)
{
    if (cm->class == CLAIM_HARD && value_is(cm->claim, VALUE_BOOL) && !cm->claim->boolean)
        judging_add(m->j, FINDING_ENT_FALSE_CLAIM, m->c, "%s", cm->key);
}

static void lint_spelling(struct amfi *m, const struct claim_match *cm)
{
    static const char *const keys[] = {"application-identifier", "aps-environment",
                                       "get-task-allow"};

    for (size_t i = 0; is_mac_style(m) && i < sizeof keys / sizeof *keys; i++)
        if (strcmp(cm->key, keys[i]) == 0)
            judging_add(m->j, FINDING_ENT_IOS_SPELLING, m->c, "%s", cm->key);
}

/* -- texts in values */

/* Call VISIT with every string in V. */
static void each_text(const struct value *v, void (*visit)(void *arg, const char *text), void *arg)
{
    const char *s = value_cstr(v);

    if (s)
        visit(arg, s);
    for (size_t i = 0; (value_is(v, VALUE_ARRAY) || value_is(v, VALUE_DICT)) && i < v->count; i++)
        if (value_cstr(v->items[i]))
            visit(arg, value_cstr(v->items[i]));
}

struct texts {
    struct amfi *m;
    const char *key;
};

static void visit_variable(void *arg, const char *text)
{
    struct texts *t = arg;

    if (strstr(text, "$(") || strstr(text, "${"))
        judging_add(t->m->j, FINDING_ENT_VARIABLE, t->m->c, "%s: %s", t->key, text);
}

/* Ten capitals and digits before a dot: what a Team ID looks like. */
static bool has_literal_team(const char *s)
{
    size_t n = strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");

    return n == TEAM_N && (s[n] == '.' || s[n] == '\0');
}

/* An old application identifier has a prefix that is no team (T1). */
static bool is_known_prefix(const struct amfi *m, const char *text)
{
    const struct value *prefixes =
        m->c->profile ? value_get(m->c->profile->plist, "ApplicationIdentifierPrefix") : NULL;

    if (strncmp(text, m->holder.team, TEAM_N) == 0)
        return true;
    for (size_t i = 0; value_is(prefixes, VALUE_ARRAY) && i < prefixes->count; i++) {
        const char *prefix = value_cstr(prefixes->items[i]);

        if (prefix && strncmp(text, prefix, TEAM_N) == 0)
            return true;
    }
    return false;
}

static void visit_team(void *arg, const char *text)
{
    struct texts *t = arg;

    if (has_literal_team(text) && !is_known_prefix(t->m, text))
        judging_add(t->m->j, FINDING_ENT_TEAM_PREFIX, t->m->c, "%s: %s, the code is signed by %s",
                    t->key, text, t->m->holder.team);
}

static bool carries_team(const char *key)
{
    static const char *const keys[] = {APP_ID,
                                       TEAM_ID,
                                       "application-identifier",
                                       "keychain-access-groups",
                                       "com.apple.security.application-groups",
                                       "com.apple.developer.ubiquity-kvstore-identifier",
                                       "com.apple.developer.ubiquity-container-identifiers",
                                       "com.apple.developer.pass-type-identifiers"};

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (strcmp(key, keys[i]) == 0)
            return true;
    return false;
}

static void lint_texts(struct amfi *m, const struct claim_match *cm)
{
    struct texts t = {m, cm->key};

    each_text(cm->claim, visit_variable, &t);
    if (m->holder.team && carries_team(cm->key))
        each_text(cm->claim, visit_team, &t);
}

/* §4.4: the application identifier is the prefix and the signing identifier. */
static void lint_app_id(struct amfi *m)
{
    const char *app_id = value_get_cstr(m->claims, APP_ID), *id = m->c->code_identifier, *rest;

    if (!app_id || !id)
        return;
    rest = strchr(app_id, '.');
    if (!rest || strcmp(rest + 1, id) != 0)
        judging_add(m->j, FINDING_AMFI_APPID_DIFFERS, m->c, "%s is claimed, the code is %s", app_id,
                    id);
}

/* -- the profile as a file */

static bool grants_capability(const struct value *grants)
{
    for (size_t i = 0; value_is(grants, VALUE_DICT) && i < grants->count; i++) {
        const char *key = (const char *)grants->keys[i].name.p;

        if (text_starts(key, "com.apple.developer.") && strcmp(key, TEAM_ID) != 0)
            return true;
    }
    return false;
}

static void warn_profile(struct amfi *m, enum finding_id id, const char *path)
{
    judging_add(m->j, id, m->c, NULL)->place.path = path;
}

static void lint_profile(struct amfi *m)
{
    const struct profile *p = m->c->profile;

    for (size_t i = 0; i < m->c->other_profiles.n; i++)
        warn_profile(m, FINDING_AMFI_PROFILE_MISPLACED, m->c->other_profiles.at[i]->path);
    if (!p)
        return;
    if (p->quarantined)
        warn_profile(m, FINDING_AMFI_PROFILE_QUARANTINE, p->path);
    if (p->der_differs)
        warn_profile(m, FINDING_AMFI_PROFILE_DER_DIFFERS, p->path);
    if (m->c->seal.present && !p->sealed)
        warn_profile(m, FINDING_AMFI_PROFILE_UNSEALED, p->path);
    if (m->checked && text_ends(m->check.app_id, "*") && grants_capability(m->check.grants))
        warn_profile(m, FINDING_AMFI_PROFILE_WILDCARD, p->path);
}

void amfi_lint(struct amfi *m)
{
    for (size_t i = 0; i < m->match.claims.n; i++) {
        const struct claim_match *cm = &m->match.claims.at[i];

        lint_private(m, cm);
        lint_unknown(m, cm);
        lint_false(m, cm);
        lint_spelling(m, cm);
        lint_texts(m, cm);
    }
    lint_app_id(m);
    lint_profile(m);
}
