/* SPDX-License-Identifier: Apache-2.0 */
/* Relocate: see relocate.h. */
#include "policy/relocate.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "policy/judging.h"

/* PATH, or where it leads when what lay at OLD lies at NEW (NULL: nowhere). */
static const char *moved(struct arena *a, const char *path, const char *old, const char *new)
{
    const char *rest;

    if (!path || !path_below(path, old))
        return path;
    rest = path_relative(path, old);
    return !new ? NULL : rest ? path_join(a, new, rest) : new;
}

static void move_links(struct arena *a, struct code *c, const char *old, const char *new)
{
    for (size_t s = 0; s < c->slice_count; s++)
        for (size_t i = 0; i < c->slices[s].links.n; i++) {
            struct link *link = &c->slices[s].links.at[i];
            bool had = link->resolved != NULL;

            link->resolved = moved(a, link->resolved, old, new);
            link->missing |= had && !link->resolved;
        }
    for (size_t i = 0; i < c->child_count; i++)
        move_links(a, c->children[i], old, new);
}

static void move_paths(struct arena *a, struct code *c, const char *old, const char *new)
{
    c->path = moved(a, c->path, old, new);
    c->shown = c->path;
    c->name = path_base(c->path);
    c->executable = moved(a, c->executable, old, new);
    if (c->profile)
        c->profile->path = moved(a, c->profile->path, old, new);
    for (size_t i = 0; i < c->child_count; i++)
        move_paths(a, c->children[i], old, new);
}

/* -- who contains whom */

static void drop_child(struct code *c)
{
    struct code *parent = c->parent;
    size_t kept = 0;

    for (size_t i = 0; i < parent->child_count; i++)
        if (parent->children[i] != c)
            parent->children[kept++] = parent->children[i];
    parent->child_count = kept;
}

static void add_child(struct arena *a, struct code *parent, struct code *c)
{
    struct code **more = arena_array(a, parent->child_count + 2, struct code *);
    size_t n = 0;

    while (n < parent->child_count && strcmp(parent->children[n]->path, c->path) < 0)
        n++;
    for (size_t i = 0; i < parent->child_count; i++)
        more[i < n ? i : i + 1] = parent->children[i];
    more[n] = c;
    parent->children = more;
    parent->child_count++;
    c->parent = parent;
    c->sealed_by_parent = c->in_code_place = true;
    c->reached = parent->reached;
}

/* The innermost bundle that PATH lies in, other than C. */
static struct code *container_of(struct code *top, const char *path, const struct code *c)
{
    for (size_t i = 0; i < top->child_count; i++) {
        struct code *child = top->children[i];

        if (child != c && child->is_bundle && path_below(path, child->path))
            return container_of(child, path, c);
    }
    return top;
}

static struct code *top_of(struct code *c)
{
    while (c->parent)
        c = c->parent;
    return c;
}

/* -- findings about a place that is left */

static void drop_findings(struct code *c, const char *path, bool all)
{
    size_t kept = 0;

    for (size_t i = 0; i < c->findings->list.n; i++) {
        struct finding *f = c->findings->list.at[i];
        bool about = f->place.path && path_below(f->place.path, path);
        bool of_place =
            f->id == FINDING_LAYOUT_CODE_IN_RESOURCES || f->id == FINDING_LAYOUT_CODE_NONSTANDARD;

        if (!about || !(all || of_place))
            c->findings->list.at[kept++] = f;
    }
    c->findings->list.n = kept;
}

static void drop_findings_around(struct code *c, bool all)
{
    for (struct code *at = c; at; at = at->parent)
        drop_findings(at, c->path, all && at != c);
}

/* -- the three of them */

void code_move(struct arena *a, struct code *c, const char *path)
{
    const char *old = c->path;
    struct code *top = top_of(c);

    drop_findings_around(c, false);
    drop_child(c);
    move_paths(a, c, old, path);
    add_child(a, container_of(top, path, c), c);
    move_links(a, top, old, path);
}

void code_rename(struct arena *a, struct code *c, const char *name)
{
    const char *old = c->path, *dir = path_dir(a, old);
    const char *path = *dir ? path_join(a, dir, name) : name;

    if (c->parent)
        code_move(a, c, path);
    else {
        move_paths(a, c, old, path);
        move_links(a, c, old, path);
    }
}

void code_remove(struct arena *a, struct code *c)
{
    struct code *top = top_of(c);

    drop_findings_around(c, true);
    drop_child(c);
    move_links(a, top, c->path, NULL);
}
