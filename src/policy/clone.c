/* SPDX-License-Identifier: Apache-2.0 */
/* Clone: see clone.h. */
#include "policy/clone.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"

/* N elements of the array AT, copied. */
#define copied(a, at, n) ((n) ? arena_copy((a), (at), (n) * sizeof *(at)) : NULL)

/* The twin of DIRECTORY in the copied array of NEW. */
static const struct codedir *twin_of(const struct signature *old, const struct signature *new,
                                     const struct codedir *directory)
{
    for (size_t i = 0; i < old->directory_count; i++)
        if (directory == &old->directories[i])
            return &new->directories[i];
    return directory;
}

static void clone_signature(struct arena *a, const struct signature *old, struct signature *new)
{
    new->directories = copied(a, old->directories, old->directory_count);
    new->chosen = twin_of(old, new, old->chosen);
    new->primary = twin_of(old, new, old->primary);
}

static void clone_slices(struct arena *a, const struct code *old, struct code *new)
{
    new->slices = copied(a, old->slices, old->slice_count);
    for (size_t i = 0; i < old->slice_count; i++) {
        clone_signature(a, &old->slices[i].sig, &new->slices[i].sig);
        new->slices[i].links.at = copied(a, old->slices[i].links.at, old->slices[i].links.n);
        new->slices[i].links.room = old->slices[i].links.n;
    }
}

static struct findings *clone_findings(struct arena *a, const struct findings *old)
{
    struct findings *new = arena_new_of(a, struct findings);

    new->arena = a;
    for (size_t i = 0; old && i < old->list.n; i++)
        vec_push(a, &new->list, old->list.at[i]);
    return new;
}

static struct code *clone(struct arena *a, const struct code *old, struct code *parent)
{
    struct code *new = arena_copy(a, old, sizeof *old);

    new->parent = parent;
    clone_slices(a, old, new);
    new->findings = clone_findings(a, old->findings);
    new->profile = old->profile ? arena_copy(a, old->profile, sizeof *old->profile) : NULL;
    new->other_profiles.at = copied(a, old->other_profiles.at, old->other_profiles.n);
    new->other_profiles.room = old->other_profiles.n;
    new->plain.at = copied(a, old->plain.at, old->plain.n);
    new->plain.room = old->plain.n;
    new->children = arena_array(a, old->child_count + 1, struct code *);
    for (size_t i = 0; i < old->child_count; i++)
        new->children[i] = clone(a, old->children[i], new);
    return new;
}

/* The errors named by outcomes lie in the copies too. */
static void move_outcomes(struct code *c)
{
    const struct code *where = c->outcome.where;
    struct code *twin = where ? code_at_path(c, where->path) : NULL;

    if (twin)
        c->outcome.where = twin;
    for (size_t i = 0; i < c->child_count; i++)
        move_outcomes(c->children[i]);
}

struct code *code_clone(struct arena *a, const struct code *c)
{
    struct code *new = clone(a, c, NULL);

    move_outcomes(new);
    return new;
}

struct code *code_at_path(struct code *top, const char *path)
{
    if (strcmp(top->path, path) == 0)
        return top;
    for (size_t i = 0; i < top->child_count; i++) {
        struct code *found =
            path_below(path, top->children[i]->path) ? code_at_path(top->children[i], path) : NULL;

        if (found)
            return found;
    }
    return NULL;
}
