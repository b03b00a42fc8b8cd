/* SPDX-License-Identifier: Apache-2.0 */
/* Archive, second half: see archive_fix.h. */
#include "format/archive_fix.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "format/appledouble.h"

#define SEQUESTERED "__MACOSX" /* where Mac tools put the companions of zip members */

struct fixing {
    struct unpacking *u;
    size_t companions;
    const char *first;     /* a companion, for the message */
    const char *framework; /* one whose links are lost */
    unsigned depth;
};

/* -- companions */

/* Attributes of the companion at PATH go to the file TARGET; the companion goes. */
static void merge(struct fixing *x, const char *path, const char *target)
{
    struct unpacking *u = x->u;
    struct xattr_vec attributes = {0};
    struct bytes file;
    int error;
    if (!fs_exists(u->fs, target) || fs_map(u->fs, u->a, path, &file, &error) != DS_OK ||
        !appledouble_parse(u->a, file, &attributes))
        return;
    for (size_t i = 0; i < attributes.n; i++)
        (void)fs_add_xattr(u->fs, target, attributes.at[i].name, attributes.at[i].value);
    (void)fs_remove(u->fs, path);
    if (x->companions++ == 0)
        x->first = path_relative(path, u->dir);
}

/* PATH is a "._x" of DIR: its file lies beside it, or, for sequestered ones, where __MACOSX is left out. */
static void look_companion(struct fixing *x, const char *dir, const char *path)
{
    struct arena *a = x->u->a;
    const char *inside = path_relative(dir, x->u->dir), *rest = inside;
    const char *name = path_base(path) + 2;
    if (inside && strcmp(inside, SEQUESTERED) == 0)
        rest = "";
    else if (inside)
        rest = path_relative(inside, SEQUESTERED) ? path_relative(inside, SEQUESTERED) : inside;
    const char *home = rest && *rest ? path_join(a, x->u->dir, rest) : x->u->dir;
    merge(x, path, path_join(a, home, name));
}

/* -- frameworks */

/* A framework with versions whose Versions/Current is a file or a copy, or whose own file is no link. */
static void look_framework(struct fixing *x, const char *path)
{
    struct arena *a = x->u->a;
    struct node node;
    int error;
    const char *name = path_base(path);
    if (!fs_is_dir(x->u->fs, path_join(a, path, "Versions")) || x->framework)
        return;
    if (fs_stat(x->u->fs, path_join(a, path, "Versions/Current"), &node, &error) == DS_OK &&
        (node.kind == NODE_FILE || node.kind == NODE_DIR))
        x->framework = path;
    const char *own =
        path_join(a, path, arena_strndup(a, name, strlen(name) - strlen(".framework")));
    if (fs_stat(x->u->fs, own, &node, &error) == DS_OK && node.kind == NODE_FILE)
        x->framework = path;
}

/* -- the walk */

static void walk(struct fixing *x, const char *dir)
{
    struct unpacking *u = x->u;
    struct name_vec names = {0};
    int error;
    if (x->depth >= LIMIT_TREE_DEPTH || fs_list(u->fs, u->a, dir, &names, &error) != DS_OK)
        return;
    x->depth++;
    for (size_t i = 0; i < names.n; i++) {
        struct node node;
        const char *path = path_join(u->a, dir, names.at[i]);
        if (fs_stat(u->fs, path, &node, &error) != DS_OK)
            continue;
        if (node.kind == NODE_DIR && text_ends(path, ".framework"))
            look_framework(x, path);
        if (node.kind == NODE_DIR)
            walk(x, path);
        else if (node.kind == NODE_FILE && text_starts(names.at[i], "._"))
            look_companion(x, dir, path);
    }
    x->depth--;
}

/* Left over when its companions found their files. */
static void remove_sequestered(struct fixing *x)
{
    const char *path = path_join(x->u->a, x->u->dir, SEQUESTERED);
    if (x->companions && fs_is_dir(x->u->fs, path))
        (void)fs_remove(x->u->fs, path);
}

void archive_fix(struct unpacking *u)
{
    struct fixing x = {.u = u};
    walk(&x, u->dir);
    remove_sequestered(&x);
    if (x.companions && !u->quiet_companions)
        finding_add(u->f, FINDING_ARCHIVE_METADATA_LOST, u->at, "%s and %zu more", x.first,
                    x.companions - 1);
    if (x.framework)
        finding_add(u->f, FINDING_ARCHIVE_LINKS_LOST, u->at, "%s",
                    path_relative(x.framework, u->dir));
}
