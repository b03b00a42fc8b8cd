/* SPDX-License-Identifier: Apache-2.0 */
/* Seal write: see seal_write.h. Rules are matched with the C library's expressions, not with those of the readers. */
#include "forge/seal_write.h"

#include <regex.h>
#include <string.h>

#include "base/text.h"
#include "forge/case_check.h"
#include "format/plist.h"

#define RULE_OMIT     1u
#define RULE_OPTIONAL 2u
#define RULE_NESTED   4u

#define REPOSITORIES                                                                    \
    "^(Frameworks|SharedFrameworks|PlugIns|Plug-ins|XPCServices|Helpers|MacOS|Library/" \
    "(Automator|Spotlight|LoginItems))/"

enum rule_set { SET_V1, SET_V2, SET_FLAT1, SET_FLAT2 };

struct rule {
    const char *pattern;
    double weight;
    unsigned flags;
    regex_t *regex;
};
struct rule_vec VEC_OF(struct rule);

struct sealer {
    struct forge *f;
    const struct item *item;
    const enum digest_type *types;
    size_t type_count;
    struct rule_vec rules1, rules2;
    struct name_vec unsealed; /* relative to the bundle */
    struct value *files1, *files2;
};

/* --- rules ------------------------------------------------------------------------------------------------ */

static void release_regex(void *p)
{
    regfree(p);
}

static void add_rule(struct sealer *s, struct rule_vec *rules, struct rule rule)
{
    /* Repetition counts could ask for any amount of memory, and no real rule has one. */
    if (strchr(rule.pattern, '{'))
        forge_refuse(s->f, value_get(s->item->spec, "rules"), "the rule '%s' counts repetitions",
                     rule.pattern);
    rule.regex = arena_new_of(s->f->a, regex_t);
    if (regcomp(rule.regex, rule.pattern, REG_EXTENDED | REG_NOSUB) != 0)
        forge_refuse(s->f, value_get(s->item->spec, "rules"), "the rule '%s' is no expression",
                     rule.pattern);
    arena_defer(s->f->a, release_regex, rule.regex);
    vec_push(s->f->a, rules, rule);
}

static void add_set(struct sealer *s, struct rule_vec *rules, enum rule_set set)
{
    static const struct {
        enum rule_set set;
        struct rule rule;
    } rows[] = {
#define SEAL_RULE(set, pattern, weight, flags) {SET_##set, {pattern, weight, flags, NULL}},
#include "forge/seal_rules.def"
#undef SEAL_RULE
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].set == set)
            add_rule(s, rules, rows[i].rule);
}

static double number_of(const struct value *v, double fallback)
{
    return value_is(v, VALUE_INT)    ? (double)v->integer
           : value_is(v, VALUE_REAL) ? v->real
                                     : fallback;
}

/* Rules the case wrote: pattern → true, false or { weight, omit, optional, nested } (§6.2). */
static void add_given(struct sealer *s, struct rule_vec *rules, const struct value *given)
{
    for (size_t i = 0; value_is(given, VALUE_DICT) && i < given->count; i++) {
        const struct value *v = given->items[i];
        struct rule rule = {.pattern = (const char *)given->keys[i].name.p};

        rule.weight = number_of(value_get(v, "weight"), 1);
        rule.flags =
            (value_is(v, VALUE_BOOL) && !v->boolean) || case_flag(value_get(v, "omit"), false)
                ? RULE_OMIT
                : 0;
        rule.flags |= case_flag(value_get(v, "optional"), false) ? RULE_OPTIONAL : 0;
        rule.flags |= case_flag(value_get(v, "nested"), false) ? RULE_NESTED : 0;
        if (!value_is(v, VALUE_NULL))
            add_rule(s, rules, rule);
    }
}

static void choose_rules(struct sealer *s)
{
    const struct value *given = value_get(s->item->spec, "rules");
    bool flat = s->item->layout == LAYOUT_FLAT;
    const struct value *first = value_get(given, "rules"), *second = value_get(given, "rules2");

    if (!value_is(given, VALUE_DICT)) {
        add_set(s, &s->rules1, flat ? SET_FLAT1 : SET_V1);
        add_set(s, &s->rules2, flat ? SET_FLAT2 : SET_V2);
        return;
    }
    if (!first && !second)
        first = given;
    add_given(s, &s->rules1, first ? first : second);
    add_given(s, &s->rules2, second ? second : first);
    if (!second)
        add_rule(s, &s->rules2, (struct rule){REPOSITORIES, 0, RULE_NESTED, NULL});
}

/* The rule that decides: the heaviest, at equal weight one that omits, then the first by pattern (§6.4). */
static const struct rule *find_rule(const struct rule_vec *rules, const char *path)
{
    const struct rule *best = NULL;

    for (size_t i = 0; i < rules->n; i++) {
        const struct rule *r = &rules->at[i];

        if (regexec(r->regex, path, 0, NULL, 0) != 0)
            continue;
        bool better = !best || r->weight > best->weight;
        bool tie = best && r->weight == best->weight;
        if (better || (tie && (r->flags & RULE_OMIT) && !(best->flags & RULE_OMIT)) ||
            (tie && !((r->flags ^ best->flags) & RULE_OMIT) &&
             strcmp(r->pattern, best->pattern) < 0))
            best = r;
    }
    return best;
}

static struct value *rules_value(struct arena *a, const struct rule_vec *rules)
{
    struct value *out = value_dict(a);

    for (size_t i = 0; i < rules->n; i++) {
        const struct rule *r = &rules->at[i];
        struct value *v = value_dict(a);

        if (r->flags & RULE_NESTED)
            value_set(a, v, "nested", value_bool(a, true));
        if (r->flags & RULE_OMIT)
            value_set(a, v, "omit", value_bool(a, true));
        if (r->flags & RULE_OPTIONAL)
            value_set(a, v, "optional", value_bool(a, true));
        if (r->weight != 1)
            value_set(a, v, "weight", value_real(a, r->weight));
        value_set(a, out, r->pattern, v->count ? v : value_bool(a, true));
    }
    return out;
}

/* --- entries ---------------------------------------------------------------------------------------------- */

static struct bytes read_file(struct sealer *s, const char *path)
{
    struct bytes content = {0};
    int error = 0;

    if (fs_map(s->f->fs, s->f->a, path, &content, &error) != DS_OK)
        forge_refuse(s->f, NULL, "%s cannot be read to be sealed", path);
    return content;
}

/* { hash, hash2 … } for all digests of the signature; SHA-1 alone is plain data. */
static struct value *hashes(struct sealer *s, struct bytes content, bool optional)
{
    static const char *const names[] = {[DIGEST_SHA1] = "hash",
                                        [DIGEST_SHA256] = "hash2",
                                        [DIGEST_SHA256_TRUNCATED] = "hash3",
                                        [DIGEST_SHA384] = "hash4",
                                        [DIGEST_SHA512] = "hash5"};
    struct arena *a = s->f->a;
    struct value *entry = value_dict(a);

    for (enum digest_type type = DIGEST_SHA1; type <= DIGEST_SHA512; type++)
        for (size_t i = 0; i < s->type_count; i++)
            if (s->types[i] == type)
                value_set(a, entry, names[type], value_data(a, digest_bytes(a, type, content)));
    if (optional)
        value_set(a, entry, "optional", value_bool(a, true));
    return entry->count == 1 && value_get(entry, "hash") ? value_get(entry, "hash") : entry;
}

/* Version 1: SHA-1 as data, or with `optional` where the rule has any flag. */
static struct value *hash1(struct sealer *s, struct bytes content, const struct rule *rule)
{
    struct arena *a = s->f->a;
    struct value *hash = value_data(a, digest_bytes(a, DIGEST_SHA1, content));
    struct value *entry = value_dict(a);

    if (!rule->flags)
        return hash;
    value_set(a, entry, "hash", hash);
    value_set(a, entry, "optional", value_bool(a, rule->flags & RULE_OPTIONAL));
    return entry;
}

/* The requirement code without a stored one has: any of its cdhashes. */
static const char *implicit_requirement(struct forge *f, const struct item *item)
{
    struct buf b = {.arena = f->a};

    for (size_t i = 0; i < item->cdhashes.n; i++)
        buf_printf(&b, "%scdhash H\"%s\"", i ? " or " : "", bytes_hex(f->a, item->cdhashes.at[i]));
    return item->cdhashes.n ? buf_cstr(&b)
                            : arena_printf(f->a, "identifier \"%s\"", item->code_identifier);
}

static struct value *nested(struct sealer *s, const struct item *code)
{
    struct arena *a = s->f->a;
    struct value *entry = value_dict(a);

    if (code->cdhash.n)
        value_set(a, entry, "cdhash", value_data(a, code->cdhash));
    value_set(
        a, entry, "requirement",
        value_string(a, code->requirement ? code->requirement : implicit_requirement(s->f, code)));
    return entry;
}

static struct value *symlink_entry(struct sealer *s, const char *path, bool optional)
{
    struct arena *a = s->f->a;
    struct value *entry = value_dict(a);
    char *target = NULL;
    int error = 0;

    if (fs_readlink(s->f->fs, a, path, &target, &error) != DS_OK)
        forge_refuse(s->f, NULL, "%s cannot be read to be sealed", path);
    if (optional)
        value_set(a, entry, "optional", value_bool(a, true));
    value_set(a, entry, "symlink", value_string(a, target));
    return entry;
}

/* --- the scan (§6.5) -------------------------------------------------------------------------------------- */

/* What the program leaves out on its own (§6.3). */
static bool excluded(const struct sealer *s, const char *path, const char *full)
{
    return strcmp(path, "_CodeSignature") == 0 || strcmp(path, "CodeResources") == 0 ||
           strcmp(path, "_MASReceipt") == 0 || strcmp(full, s->item->exec_path) == 0;
}

/* Named in `unsealed`, by its path from the bundle, or below such a path. */
static bool left_out(const struct sealer *s, const char *full)
{
    const char *path = path_relative(full, s->item->path);

    for (size_t i = 0; i < s->unsealed.n; i++)
        if (path && path_below(path, s->unsealed.at[i]))
            return true;
    return false;
}

static void add_file(struct sealer *s, const char *path, const char *full)
{
    const struct rule *first = find_rule(&s->rules1, path), *rule = find_rule(&s->rules2, path);
    struct bytes content = read_file(s, full);
    struct item *code = rule && (rule->flags & RULE_NESTED) ? item_find(s->f, full) : NULL;

    if (first && !(first->flags & RULE_OMIT))
        value_add(s->f->a, s->files1, bytes_str(path), hash1(s, content, first));
    if (!rule || (rule->flags & RULE_OMIT))
        return;
    if (code && code->row->shape != SHAPE_ARCHIVE &&
        (code->kind != ITEM_DATA || code->mode != MODE_NONE))
        value_add(s->f->a, s->files2, bytes_str(path), nested(s, code));
    else
        value_add(s->f->a, s->files2, bytes_str(path),
                  hashes(s, content, rule->flags & RULE_OPTIONAL));
}

static void add_link(struct sealer *s, const char *path, const char *full)
{
    const struct rule *rule = find_rule(&s->rules2, path);

    if (rule && !(rule->flags & RULE_OMIT))
        value_add(s->f->a, s->files2, bytes_str(path),
                  symlink_entry(s, full, rule->flags & RULE_OPTIONAL));
}

/* A directory that is nested code is sealed as a whole; true when it is not to be entered. */
static bool add_nested(struct sealer *s, const char *path, const char *full)
{
    const struct rule *rule = find_rule(&s->rules2, path);
    struct item *code = item_find(s->f, full);

    if (!rule || !(rule->flags & RULE_NESTED) || !strchr(path_base(path), '.') || !code)
        return false;
    value_add(s->f->a, s->files2, bytes_str(path), nested(s, code));
    return true;
}

/* Everything below DIR, whose path in the seal is PREFIX. */
static void scan(struct sealer *s, const char *dir, const char *prefix)
{
    struct name_vec names = {0};
    int error = 0;

    if (fs_list(s->f->fs, s->f->a, dir, &names, &error) != DS_OK)
        return;
    for (size_t i = 0; i < names.n; i++) {
        const char *full = path_join(s->f->a, dir, names.at[i]);
        const char *path = path_join(s->f->a, prefix, names.at[i]);
        struct node node;

        if (excluded(s, path, full) || left_out(s, full) ||
            fs_stat(s->f->fs, full, &node, &error) != DS_OK)
            continue;
        if (node.kind == NODE_FILE)
            add_file(s, path, full);
        else if (node.kind == NODE_LINK)
            add_link(s, path, full);
        else if (node.kind == NODE_DIR && !add_nested(s, path, full))
            scan(s, full, path);
    }
}

struct bytes seal_write(struct forge *f, const struct item *item, const enum digest_type *types,
                        size_t count)
{
    struct sealer s = {.f = f, .item = item, .types = types, .type_count = count};
    struct value *whole = value_dict(f->a);

    choose_rules(&s);
    s.unsealed = item_texts(f, item->spec, "unsealed");
    s.files1 = value_dict(f->a);
    s.files2 = value_dict(f->a);
    scan(&s, item->base, "");
    value_set(f->a, whole, "files", s.files1);
    value_set(f->a, whole, "files2", s.files2);
    value_set(f->a, whole, "rules", rules_value(f->a, &s.rules1));
    value_set(f->a, whole, "rules2", rules_value(f->a, &s.rules2));
    return plist_write_xml(f->a, whole, false);
}
