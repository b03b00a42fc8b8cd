/* SPDX-License-Identifier: Apache-2.0 */
/* Profile: which claims a profile covers, value by value (launch-policy.md §3.7, §4). */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "policy/profile.h"

#define APP_GROUPS "com.apple.security.application-groups"

/* Values of the switches read here. */
enum { SOFT_GROUPS_ONLY, SOFT_NONE, SOFT_ALL };

struct matching {
    struct arena *a;
    const struct profile_holder *holder;
    const struct value *grants;
    struct profile_match *out;
};

static bool has_team_prefix(const struct profile_holder *holder, struct bytes group)
{
    size_t n = holder->team ? strlen(holder->team) : 0;

    return n && group.n > n + 1 && bytes_starts(group, bytes_str(holder->team)) &&
           group.p[n] == '.';
}

/* §4.6: a group under the code's own team needs no listing, unless the switch says that it does. */
static bool group_is_implicit(const struct matching *m, const struct value *group)
{
    return m->holder->switches->at[SWITCH_GROUP_TEAM_PREFIX] == 0 &&
           value_is(group, VALUE_STRING) && has_team_prefix(m->holder, group->bytes);
}

/* The granted item that covers ITEM, as text; NULL when none does. */
static const char *cover_of(struct matching *m, const struct value *item, const struct value *grant)
{
    if (!grant)
        return NULL;
    if (!value_is(grant, VALUE_ARRAY)) {
        bool covered = match_value(m->a, m->holder->switches, item, grant).covered;

        return covered ? value_text(m->a, grant) : NULL;
    }
    for (size_t i = 0; i < grant->count; i++)
        if (match_value(m->a, m->holder->switches, item, grant->items[i]).covered)
            return value_text(m->a, grant->items[i]);
    return NULL;
}

static const char *item_cover(struct matching *m, const struct claim_match *cm,
                              const struct value *item)
{
    if (!cm->needs)
        return "anybody may claim it";
    if (strcmp(cm->key, APP_GROUPS) == 0 && group_is_implicit(m, item))
        return "the team's own prefix";
    return cover_of(m, item, cm->grant);
}

/* One line a value; whether the claim as a whole is covered is the matcher's word, not the sum of these. */
static void list_items(struct matching *m, struct claim_match *cm)
{
    const struct value *v = cm->claim;

    if (value_is(v, VALUE_ARRAY)) {
        for (size_t i = 0; i < v->count; i++)
            vec_push(
                m->a, &cm->items,
                (struct claim_item){value_text(m->a, v->items[i]), item_cover(m, cm, v->items[i])});
        return;
    }
    vec_push(m->a, &cm->items,
             (struct claim_item){value_text(m->a, v), cm->covered ? item_cover(m, cm, v) : NULL});
}

/* The groups of CLAIM that need a listing, as a list of their own. */
static const struct value *groups_to_list(struct matching *m, const struct value *claim)
{
    struct value *rest = value_array(m->a);

    if (!value_is(claim, VALUE_ARRAY))
        return group_is_implicit(m, claim) ? rest : claim;
    for (size_t i = 0; i < claim->count; i++)
        if (!group_is_implicit(m, claim->items[i]))
            value_append(m->a, rest, claim->items[i]);
    return rest;
}

/* Groups under the team's prefix ask for nothing; the others are matched like any list. */
static struct match match_groups(struct matching *m, const struct claim_match *cm)
{
    const struct value *rest = groups_to_list(m, cm->claim);
    bool implicit = value_is(rest, VALUE_ARRAY) && rest->count == 0;

    if (implicit && !(value_is(cm->claim, VALUE_ARRAY) && cm->claim->count == 0))
        return (struct match){.covered = true,
                              .grade = 'D',
                              .why = "every group has the team's own prefix",
                              .route = SWITCH_GROUP_TEAM_PREFIX};
    return match_value(m->a, m->holder->switches, rest, cm->grant);
}

static void judge_claim(struct matching *m, struct claim_match *cm)
{
    if (!cm->needs) {
        cm->match = (struct match){
            .covered = true, .grade = 'B', .why = "needs no profile", .route = SWITCH_COUNT};
        return;
    }
    cm->match = strcmp(cm->key, APP_GROUPS) == 0
                    ? match_groups(m, cm)
                    : match_value(m->a, m->holder->switches, cm->claim, cm->grant);
    if (cm->match.grade > m->out->grade)
        m->out->grade = cm->match.grade;
    if (cm->match.route < SWITCH_COUNT)
        m->out->routes[cm->match.route] = true;
}

static void count(struct profile_match *out, const struct claim_match *cm)
{
    bool hard = cm->class == CLAIM_HARD;

    if (!cm->needs)
        return;
    *(hard ? &out->hard : &out->soft) += 1;
    if (!cm->covered)
        *(hard ? &out->uncovered_hard : &out->uncovered_soft) += 1;
}

static void match_claim(struct matching *m, const struct value_key *key, const struct value *claim)
{
    const struct host *host = m->holder->host;
    struct claim_match cm = {.key = (const char *)key->name.p, .claim = claim};

    cm.class = claim_classify(cm.key, host->macos, host->sip);
    cm.needs = cm.class == CLAIM_SOFT || cm.class == CLAIM_HARD;
    cm.grant = value_get_bytes(m->grants, key->name);
    judge_claim(m, &cm);
    cm.covered = cm.match.covered;
    list_items(m, &cm);
    count(m->out, &cm);
    vec_push(m->a, &m->out->claims, cm);
}

/* Which uncovered soft claims are printed beside hard ones is not settled (Q19). */
static bool is_listed(const struct matching *m, const struct claim_match *cm)
{
    uint8_t soft = m->holder->switches->at[SWITCH_SOFT_IN_LIST];

    if (cm->covered || !cm->needs)
        return false;
    if (cm->class == CLAIM_HARD || soft == SOFT_ALL)
        return true;
    return soft == SOFT_GROUPS_ONLY && strcmp(cm->key, APP_GROUPS) == 0;
}

void profile_match(struct arena *a, const struct profile_holder *holder, const struct value *grants,
                   struct profile_match *out)
{
    struct matching m = {a, holder, grants, out};
    const struct value *claims = holder->claims;

    *out = (struct profile_match){.grade = 'A'};
    for (size_t i = 0; value_is(claims, VALUE_DICT) && i < claims->count; i++)
        match_claim(&m, &claims->keys[i], claims->items[i]);
    for (size_t i = 0; i < out->claims.n; i++)
        if (is_listed(&m, &out->claims.at[i]))
            vec_push(a, &out->listed, out->claims.at[i].key);
}
