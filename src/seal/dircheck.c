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

static bool target_matches(struct check *c, const struct dir_rule *rule, const struct item *item)
{
    char *text;
    const char *error;
    uint64_t work = 0;
    if (!rule->target || item->type != ITEM_LINK)
        return true;
    if (fs_readlink(c->r->fs, c->r->a, path_join(c->r->a, c->root, item->path), &text, NULL) !=
        DS_OK)
        return false;
    struct ere *ere =
        ere_compile(c->r->a, target_pattern(c->r->a, rule->target, item->path), &error);
    return ere && ere_match(ere, bytes_str(text), &work);
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
    if (fs_list(c->r->fs, c->r->a, path_join(c->r->a, c->root, dir), &names, NULL) != DS_OK) {
        c->fault = "a directory cannot be listed";
        return;
    }
    for (size_t i = 0; i < names.n && !c->fault; i++) {
        struct item item = {.path = path_join(c->r->a, dir, names.at[i])};
        if (fs_stat(c->r->fs, path_join(c->r->a, c->root, item.path), &item.node, NULL) != DS_OK)
            continue;
        item.type = type_of(item.node.kind);
        /* One level of descent is all the rule sets have. */
        if (check_item(c, &item) && *dir == '\0')
            check_directory(c, item.path);
    }
}

const char *dircheck_fault(struct reader *r, const char *root, const struct dir_rule *rules,
                           unsigned n)
{
    struct check c = {.r = r, .root = root, .rules = rules, .n = n};
    const char *error;
    for (unsigned i = 0; i < n; i++)
        if (!(c.ere[i] = ere_compile(r->a, bytes_str(rules[i].pattern), &error)))
            return "a name cannot be compared";
    check_directory(&c, "");
    for (unsigned i = 0; i < n && !c.fault; i++)
        if (rules[i].require && !c.met[i])
            c.fault = arena_printf(r->a, "nothing matches %s", rules[i].pattern);
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
