/* SPDX-License-Identifier: Apache-2.0 */
/* Rules: reading and matching resource rules (rules.h, static-validation.md §6.2–6.4, §6.12). */
#include "seal/rules.h"

#include <math.h>
#include <stdlib.h>

#include "base/limits.h"

static const struct {
    const char *key;
    unsigned flag;
} flag_keys[] = {{"omit", RULE_OMIT}, {"optional", RULE_OPTIONAL}, {"nested", RULE_NESTED}};

static bool read_weight(const struct value *v, uint32_t *weight, enum rules_error *error)
{
    *weight = 1;
    if (!v)
        return true;
    *error = RULES_INVALID;
    if (v->type == VALUE_INT) {
        *weight = (uint32_t)(uint64_t)v->integer;
        return true;
    }
    if (v->type != VALUE_REAL)
        return false;
    *error = RULES_FRACTION;
    if (!(fabs(v->real) < 9.2e18) || floor(v->real) != v->real)
        return false;
    *weight = (uint32_t)(uint64_t)(int64_t)v->real;
    return true;
}

static bool read_flags(const struct value *v, unsigned *flags)
{
    for (size_t i = 0; i < sizeof flag_keys / sizeof *flag_keys; i++) {
        const struct value *flag = value_get(v, flag_keys[i].key);
        if (flag && flag->type != VALUE_BOOL)
            return false;
        if (flag && flag->boolean)
            *flags |= flag_keys[i].flag;
    }
    return true;
}

/* The value of one rule (§6.2): a boolean or a dictionary. */
static enum rules_error read_value(const struct value *v, struct rule *rule, const char **why)
{
    enum rules_error error = RULES_INVALID;
    rule->weight = 1;
    if (v->type == VALUE_BOOL) {
        rule->flags = v->boolean ? 0 : RULE_OMIT;
        return RULES_OK;
    }
    *why = "its value is neither a boolean nor a dictionary";
    if (v->type != VALUE_DICT)
        return RULES_INVALID;
    *why = "omit, optional or nested is not a boolean";
    if (!read_flags(v, &rule->flags))
        return RULES_INVALID;
    *why = "its weight is not a whole number";
    return read_weight(value_get(v, "weight"), &rule->weight, &error) ? RULES_OK : error;
}

static void add_exclusion(struct arena *a, struct rules *r, struct bytes pattern, unsigned flags)
{
    const char *error;
    struct ere *ere = ere_cached(r->cache, a, pattern, &error);
    if (ere)
        vec_push(a, &r->list,
                 (struct rule){.pattern = pattern, .ere = ere, .flags = RULE_EXCLUDED | flags});
}

/* The program's own rules (§6.3). */
static void add_exclusions(struct arena *a, struct rules *r, struct bytes executable)
{
    add_exclusion(a, r, bytes_str("^_CodeSignature$"), 0);
    add_exclusion(a, r, bytes_str("^CodeResources$"), 0);
    add_exclusion(a, r, bytes_str("^_MASReceipt$"), 0);
    if (executable.n) {
        struct bytes e = ere_escape(a, executable);
        add_exclusion(a, r, bytes_str(arena_printf(a, "^%s$", (const char *)e.p)), RULE_SOFT);
    }
}

static int by_pattern(const void *x, const void *y)
{
    return bytes_compare(((const struct rule *)x)->pattern, ((const struct rule *)y)->pattern);
}

enum rules_error rules_read(struct arena *a, const struct value *dict, struct bytes executable,
                            struct rules *out, const char **why)
{
    *out = (struct rules){.cache = out->cache};
    add_exclusions(a, out, executable);
    size_t first = out->list.n;
    const char *reason = "there are too many rules";
    for (size_t i = 0; i < dict->count; i++) {
        struct rule rule = {.pattern = dict->keys[i].name};
        enum rules_error error =
            i < LIMIT_RULES ? read_value(dict->items[i], &rule, &reason) : RULES_INVALID;
        if (error == RULES_OK && !(rule.ere = ere_cached(out->cache, a, rule.pattern, &reason)))
            error = RULES_INVALID;
        if (error != RULES_OK) {
            *why = arena_printf(a, "rule \"%s\": %s", bytes_printable(a, rule.pattern, 80), reason);
            return error;
        }
        vec_push(a, &out->list, rule);
    }
    if (out->list.n > first)
        qsort(out->list.at + first, out->list.n - first, sizeof *out->list.at, by_pattern);
    return RULES_OK;
}

/* Of two user rules that match: does B take the place of A? */
static bool outweighs(const struct rule *b, const struct rule *a)
{
    if (b->weight != a->weight)
        return b->weight > a->weight;
    return (b->flags & RULE_OMIT) && !(a->flags & RULE_OMIT);
}

static bool disagree(const struct rule *a, const struct rule *b)
{
    return a->weight == b->weight && (a->flags ^ b->flags) & (RULE_OMIT | RULE_NESTED);
}

const struct rule *rules_find(struct rules *r, struct bytes path)
{
    const struct rule *best = NULL, *rival = NULL;
    for (size_t i = 0; i < r->list.n; i++) {
        const struct rule *rule = &r->list.at[i];
        if (r->work > LIMIT_RULES_WORK) {
            r->exhausted = true;
            return NULL;
        }
        /* A lighter rule cannot win: its expression need not run. */
        if (best && !(rule->flags & RULE_EXCLUDED) && rule->weight < best->weight)
            continue;
        if (!ere_match(rule->ere, path, &r->work))
            continue;
        if (rule->flags & RULE_EXCLUDED)
            return rule;
        if (best && disagree(rule, best))
            rival = rule;
        if (!best || outweighs(rule, best))
            best = rule;
    }
    if (rival && best && rival->weight == best->weight && !r->tied.n)
        r->tied = path;
    return best;
}

bool rules_include(struct rules *r, struct bytes path)
{
    const uint8_t *slash = path.n ? memchr(path.p, '/', path.n) : NULL;
    if (slash) {
        const struct rule *top = rules_find(r, bytes_of(path.p, (size_t)(slash - path.p)));
        if (top && top->flags & RULE_EXCLUDED)
            return top->flags & RULE_SOFT;
    }
    const struct rule *rule = rules_find(r, path);
    if (!rule)
        return false;
    return !(rule->flags & (RULE_OMIT | RULE_EXCLUDED)) || rule->flags & RULE_SOFT;
}

/* ---- weak rules, §6.12 ---- */

static bool omits(const struct value *v)
{
    return v->type == VALUE_BOOL ? !v->boolean : value_is_true(value_get(v, "omit"));
}

static bool may_omit(struct arena *a, struct bytes pattern, const char *resources)
{
    static const char *const allowed[] = {"^(.*/)?\\.DS_Store$", "^Info\\.plist$", "^PkgInfo$"};
    for (size_t i = 0; i < sizeof allowed / sizeof *allowed; i++)
        if (bytes_is(pattern, allowed[i]))
            return true;
    return bytes_is(pattern, arena_printf(a, "^%s.*\\.lproj/locversion.plist$", resources));
}

const char *rules_weakness(struct arena *a, const struct value *dict, int version,
                           const char *resources)
{
    const char *covering = version == 1 ? "^Resources/" : "^.*";
    const struct value *cover = value_get(dict, covering);
    for (size_t i = 0; i < dict->count; i++)
        if (omits(dict->items[i]) && !may_omit(a, dict->keys[i].name, resources))
            return arena_printf(a, "rule \"%s\" leaves files out",
                                bytes_printable(a, dict->keys[i].name, 80));
    if (!cover || cover->type != VALUE_BOOL || !cover->boolean)
        return arena_printf(a, "no rule \"%s\" with the value true", covering);
    return NULL;
}
