/* SPDX-License-Identifier: Apache-2.0 */
/* Match: the table of launch-policy.md §4.1, one function a row. */
#include "policy/match.h"

#include "base/arena.h"

/* Values of the switch dict-match. */
enum { DICT_EQUAL, DICT_SUBSET, DICT_DENY };

struct matcher {
    struct arena *arena;
    const struct switches *switches;
};

static struct match covered(char grade, const char *why)
{
    return (struct match){.covered = true, .grade = grade, .why = why, .route = SWITCH_COUNT};
}

static struct match denied(char grade, const char *why)
{
    return (struct match){.grade = grade, .why = why, .route = SWITCH_COUNT};
}

bool match_string(struct bytes claim, struct bytes grant)
{
    if (bytes_equal(claim, grant))
        return true;
    return grant.n > 0 && grant.p[grant.n - 1] == '*' &&
           bytes_starts(claim, bytes_of(grant.p, grant.n - 1));
}

/* The string CLAIM against the items of GRANT; an item that is no string ends the scan (§4.1). */
static bool string_in_list(struct bytes claim, const struct value *grant)
{
    for (size_t i = 0; i < grant->count && value_is(grant->items[i], VALUE_STRING); i++)
        if (match_string(claim, grant->items[i]->bytes))
            return true;
    return false;
}

/* Every pair of CLAIM occurs in GRANT. */
static bool dict_subset(const struct value *claim, const struct value *grant)
{
    for (size_t i = 0; i < claim->count; i++)
        if (!value_equal(claim->items[i], value_get_bytes(grant, claim->keys[i].name)))
            return false;
    return true;
}

static bool dict_covers(const struct matcher *m, const struct value *claim,
                        const struct value *grant)
{
    if (!value_is(grant, VALUE_DICT))
        return false;
    switch (m->switches->at[SWITCH_DICT_MATCH]) {
    case DICT_EQUAL: return value_equal(claim, grant);
    case DICT_SUBSET: return dict_subset(claim, grant);
    default: return false;
    }
}

/* One item of a claimed list against the granted list. */
static bool item_covered(const struct matcher *m, const struct value *item,
                         const struct value *grant)
{
    if (item->type == VALUE_STRING)
        return string_in_list(item->bytes, grant);
    for (size_t i = 0; i < grant->count; i++) {
        const struct value *g = grant->items[i];

        if (item->type == VALUE_DICT
                ? dict_covers(m, item, g)
                : m->switches->at[SWITCH_NUMBER_MATCH] == 0 && value_equal(item, g))
            return true;
    }
    return false;
}

static bool only_strings(const struct value *array)
{
    for (size_t i = 0; i < array->count; i++)
        if (array->items[i]->type != VALUE_STRING)
            return false;
    return true;
}

static struct match match_array(const struct matcher *m, const struct value *claim,
                                const struct value *grant)
{
    bool strings = only_strings(claim);
    char grade = strings ? 'B' : 'D';
    struct match r;

    if (grant->type != VALUE_ARRAY)
        return denied(grade, arena_printf(m->arena, "a list is claimed, the profile has a %s",
                                          value_type_name(grant->type)));
    r = covered(grade, claim->count ? "every item is covered" : "an empty list is covered");
    for (size_t i = 0; i < claim->count && r.covered; i++)
        if (!item_covered(m, claim->items[i], grant))
            r = denied(grade, arena_printf(m->arena, "the profile does not cover the item %s",
                                           value_text(m->arena, claim->items[i])));
    r.route = strings ? SWITCH_COUNT : SWITCH_DICT_MATCH;
    return r;
}

static struct match match_text(const struct matcher *m, const struct value *claim,
                               const struct value *grant)
{
    if (grant->type == VALUE_STRING && match_string(claim->bytes, grant->bytes))
        return covered('B', bytes_equal(claim->bytes, grant->bytes) ? "equal"
                                                                    : "covered by a trailing star");
    if (grant->type == VALUE_ARRAY && string_in_list(claim->bytes, grant))
        return covered('B', "an item of the profile's list covers it");
    return denied('B', arena_printf(m->arena, "the profile has %s", value_text(m->arena, grant)));
}

static struct match match_bool(const struct matcher *m, const struct value *claim,
                               const struct value *grant)
{
    if (grant->type == VALUE_BOOL && grant->boolean == claim->boolean)
        return covered('B', "equal");
    return denied('B', arena_printf(m->arena, "the profile has %s", value_text(m->arena, grant)));
}

static struct match match_dict(const struct matcher *m, const struct value *claim,
                               const struct value *grant)
{
    struct match r = dict_covers(m, claim, grant)
                         ? covered('D', "the profile's dictionary covers it")
                         : denied('D', "the profile has another dictionary");

    r.route = SWITCH_DICT_MATCH;
    return r;
}

/* Numbers, dates and data: libmis denies, the default here is equality (§4.1, D). */
static struct match match_other(const struct matcher *m, const struct value *claim,
                                const struct value *grant)
{
    bool equal = m->switches->at[SWITCH_NUMBER_MATCH] == 0 && value_equal(claim, grant);
    struct match r = equal ? covered('D', "equal") : denied('D', "the profile has another value");

    r.route = SWITCH_NUMBER_MATCH;
    return r;
}

struct match match_value(struct arena *a, const struct switches *switches,
                         const struct value *claim, const struct value *grant)
{
    struct matcher m = {a, switches};

    if (!grant)
        return denied('A', "the key is not in the profile");
    if (grant->type == VALUE_STRING && bytes_is(grant->bytes, "*"))
        return covered('B', "the profile's lone star covers any value");
    switch (claim->type) {
    case VALUE_BOOL: return match_bool(&m, claim, grant);
    case VALUE_STRING: return match_text(&m, claim, grant);
    case VALUE_ARRAY: return match_array(&m, claim, grant);
    case VALUE_DICT: return match_dict(&m, claim, grant);
    default: return match_other(&m, claim, grant);
    }
}
