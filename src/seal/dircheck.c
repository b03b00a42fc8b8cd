/* SPDX-License-Identifier: Apache-2.0 */
/* Directory check: see dircheck.h. */
#include "seal/dircheck.h"

#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "seal/ere.h"
#include "seal/reader.h"

#define RULES_MOST 8

struct check {
    struct reader *r;
    struct arena *a; /* for the time of the check */
    const char *root;
    const struct dir_rule *rules;
    unsigned n;
    struct ere *ere[RULES_MOST];
    bool met[RULES_MOST];
    const char *fault;
};

struct item {
    const char *path; /* relative to the root */
    struct node node;
    unsigned type;
};

/* The target expression with the item's name put in. */
static struct bytes target_pattern(struct arena *a, const char *target, const char *path)
{
    struct buf out = {.arena = a};
    struct bytes name = ere_escape(a, bytes_str(path_base(path)));
    for (const char *p = target; *p; p++) {
        if (*p == '%')
            buf_put(&out, name);
        else
            buf_byte(&out, (uint8_t)*p);
    }
    return buf_bytes(&out);
}

/* A root may hold any number of links, so the expression of each is forgotten at once. */
static bool target_matches(struct check *c, const struct dir_rule *rule, const struct item *item)
{
    char *text;
    const char *error;
    uint64_t work = 0;
    if (!rule->target || item->type != ITEM_LINK)
        return true;
    struct arena *a = arena_child(c->a);
    bool good = fs_readlink(c->r->fs, a, path_join(a, c->root, item->path), &text, NULL) == DS_OK;
    if (good) {
        struct ere *ere = ere_compile(a, target_pattern(a, rule->target, item->path), &error);
        good = ere && ere_match(ere, bytes_str(text), &work);
    }
    arena_child_free(a);
    return good;
}

static bool applies(struct check *c, unsigned i, const struct item *item)
{
    const struct dir_rule *rule = &c->rules[i];
    uint64_t work = 0;
    if (!(rule->types & item->type) ||
        (rule->noexec && item->type == ITEM_FILE && item->node.mode & 0111))
        return false;
    return ere_match(c->ere[i], bytes_str(item->path), &work) && target_matches(c, rule, item);
}

static unsigned type_of(enum node_kind kind)
{
    return kind == NODE_FILE   ? ITEM_FILE
           : kind == NODE_LINK ? ITEM_LINK
           : kind == NODE_DIR  ? ITEM_DIR
                               : 0;
}

/* Checks one item; true when its rule says to go into it. */
static bool check_item(struct check *c, const struct item *item)
{
    static const char *const what[] = {"item", "file", "link", "", "directory"};
    for (unsigned i = 0; i < c->n; i++)
        if (applies(c, i, item)) {
            c->met[i] = true;
            return c->rules[i].descend && item->type == ITEM_DIR;
        }
    c->fault = arena_printf(c->r->a, "unexpected %s %s", what[item->type],
                            bytes_printable(c->r->a, bytes_str(item->path), 200));
    return false;
}

static void check_directory(struct check *c, const char *dir)
{
    struct name_vec names;
    if (fs_list(c->r->fs, c->a, path_join(c->a, c->root, dir), &names, NULL) != DS_OK) {
        c->fault = "a directory cannot be listed";
        return;
    }
    for (size_t i = 0; i < names.n && !c->fault; i++) {
        struct item item = {.path = path_join(c->a, dir, names.at[i])};
        if (fs_stat(c->r->fs, path_join(c->a, c->root, item.path), &item.node, NULL) != DS_OK)
            continue;
        item.type = type_of(item.node.kind);
        /* One level of descent is all the rule sets have. */
        if (check_item(c, &item) && *dir == '\0')
            check_directory(c, item.path);
    }
}

static void run(struct check *c)
{
    const char *error;
    for (unsigned i = 0; i < c->n; i++)
        if (!(c->ere[i] =
                  ere_cached(&c->r->patterns, c->a, bytes_str(c->rules[i].pattern), &error))) {
            c->fault = "a name cannot be compared";
            return;
        }
    check_directory(c, "");
    for (unsigned i = 0; i < c->n && !c->fault; i++)
        if (c->rules[i].require && !c->met[i])
            c->fault = arena_printf(c->r->a, "nothing matches %s", c->rules[i].pattern);
}

const char *dircheck_fault(struct reader *r, const char *root, const struct dir_rule *rules,
                           unsigned n)
{
    struct check c = {.r = r, .a = arena_child(r->a), .root = root, .rules = rules, .n = n};
    run(&c);
    arena_child_free(c.a);
    return c.fault;
}

const char *dircheck_bundle(struct reader *r, const char *root)
{
    static const struct dir_rule rules[] = {
        {"^Contents$", ITEM_DIR, true, false, false, NULL},
        {"^(\\.LSOverride|\\.DS_Store|Icon\r|\\.SoftwareDepot\\.tracking)$", ITEM_FILE, false, true,
         false, NULL},
    };
    return dircheck_fault(r, root, rules, 2);
}

/* "Current", or what Versions/Current leads to. */
static const char *current_pattern(struct reader *r, const char *root)
{
    char *text;
    if (fs_readlink(r->fs, r->a, path_join(r->a, root, "Versions/Current"), &text, NULL) != DS_OK)
        return "Current";
    /* '%' is the item's name in a target. */
    if (strchr(text, '%'))
        return "Current";
    struct bytes escaped = ere_escape(r->a, bytes_str(text));
    return arena_printf(r->a, "(Current|%s)", (const char *)escaped.p);
}

const char *dircheck_framework(struct reader *r, const char *root)
{
    const char *current = current_pattern(r, root);
    const char *item = arena_printf(r->a, "^(\\./)?Versions/%s/%%$", current);
    const char *map = arena_printf(r->a, "^(\\./)?Versions/%s/module\\.map$", current);
    const struct dir_rule rules[] = {
        {"^Versions$", ITEM_DIR, true, false, true, NULL},
        {"^Versions/[^/]+$", ITEM_DIR, true, false, false, NULL},
        {"^Versions/Current$", ITEM_LINK, true, false, false,
         "^(\\./)?(\\.\\.[^/]+|\\.?[^\\./][^/]*)$"},
        {"^(Versions/)?\\.DS_Store$", ITEM_FILE, false, true, false, NULL},
        {"^[^/]+$", ITEM_LINK, false, false, false, item},
        {"^module\\.map$", ITEM_FILE | ITEM_LINK, false, true, false, map},
    };
    return dircheck_fault(r, root, rules, 6);
}
