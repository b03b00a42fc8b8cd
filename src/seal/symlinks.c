/* SPDX-License-Identifier: Apache-2.0 */
/* Symlinks: where sealed links may lead (static-validation.md §6.8); and what old store seals are forgiven. */
#include <errno.h>
#include <string.h>

#include "base/text.h"
#include "seal/resources.h"

/* Absolute links may lead into the system, which need not exist here. */
static const char *absolute_fault(struct arena *a, const char *text)
{
    const char *path = path_normal(a, text);
    bool system = path_relative(path, "/System") || path_relative(path, "/Library");
    return system ? NULL : "is an absolute path outside /System and /Library";
}

/* Whether the innermost object around the target, judged by its path as a mere string, seals it. */
static const char *target_fault(struct object *o, const char *target)
{
    for (struct object *x = o; x; x = x->parent) {
        size_t n = x->base ? strlen(x->base) : 0;
        if (n == 0 || strncmp(target, x->base, n) != 0)
            continue;
        if (target[n] == '\0' || target[n + 1] == '\0')
            return "is the directory of the bundle itself";
        if (x->sealed && rules_include(&x->sealed->matcher, bytes_str(target + n + 1)))
            return NULL;
        return "is not sealed";
    }
    return "lies outside the bundle";
}

const char *symlink_fault(struct object *o, const char *path, const char *text)
{
    const char *target;
    if (*text == '/')
        return absolute_fault(o->r->a, text);
    int error = reader_resolve(o->r, path, &target);
    if (error == EXDEV)
        return "lies outside the bundle";
    if (error != 0)
        return error == ELOOP ? "leads in a circle" : "leads nowhere";
    return target_fault(o, target);
}

/* -- old seals */

#define PLATFORM_IOS 2
#define SDK_9        0x00090000u

static bool matches(struct object *o, const char *pattern, struct bytes path)
{
    const char *error;
    uint64_t work = 0;
    struct ere *ere = ere_cached(&o->r->patterns, o->r->a, bytes_str(pattern), &error);
    return ere && ere_match(ere, path, &work);
}

/* The first version's rules beside those in use; without any when they cannot be read. */
static struct rules *old_rules(struct object *o)
{
    const char *why;
    const struct value *dict = value_get(o->c->seal.plist, "rules");
    struct rules *rules = arena_new_of(o->r->a, struct rules);
    rules->cache = &o->r->patterns;
    if (!value_is(dict, VALUE_DICT) ||
        rules_read(o->r->a, dict, bytes_of(NULL, 0), rules, &why) != RULES_OK)
        rules->list.n = 0;
    return rules;
}

/* The first version's rules leave PATH out. */
static bool old_rules_omit(struct object *o, struct bytes path)
{
    if (!o->sealed->old)
        o->sealed->old = old_rules(o);
    const struct rule *rule = rules_find(o->sealed->old, path);
    return rule && rule->flags & (RULE_OMIT | RULE_EXCLUDED);
}

bool legacy_forgives(struct object *o, struct bytes path, bool added)
{
#define WHERE "^(Frameworks/[^/]+\\.framework/|PlugIns/[^/]+\\.appex/|())SC_Info/"
    const struct slice *s = object_slice(o);
    if (s->platform != PLATFORM_IOS || s->sdk >= SDK_9 || o->sealed->version < 2)
        return false;
    const char *pattern = added ? WHERE "[^/]*\\.sinf$" : WHERE "[^/]*\\.sup[fp]$";
    return matches(o, pattern, path) && old_rules_omit(o, path);
#undef WHERE
}
