/* SPDX-License-Identifier: Apache-2.0 */
/* File access, the part that is the same for every file system: dispatch, following links, writing out. */
#include "base/file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/file_private.h"
#include "base/limits.h"
#include "base/text.h"

enum ds_status file_error(int *error, int number)
{
    if (error)
        *error = number;
    return DS_IO;
}

int file_no_content(enum node_kind kind)
{
    switch (kind) {
    case NODE_DIR: return EISDIR;
    case NODE_LINK: return ELOOP;
    case NODE_NONE: return ENOENT;
    case NODE_FILE:
    case NODE_OTHER: break;
    }
    return ENODEV;
}

enum ds_status fs_stat(struct fs *fs, const char *path, struct node *out, int *error)
{
    *out = (struct node){.kind = NODE_NONE};
    return fs->ops->stat(fs, path, out, error);
}

bool fs_exists(struct fs *fs, const char *path)
{
    struct node node;
    return fs_stat(fs, path, &node, NULL) == DS_OK && node.kind != NODE_NONE;
}

bool fs_is_dir(struct fs *fs, const char *path)
{
    struct node node;
    return fs_stat(fs, path, &node, NULL) == DS_OK && node.kind == NODE_DIR;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool is_sorted(const struct name_vec *names)
{
    for (size_t i = 1; i < names->n; i++)
        if (strcmp(names->at[i - 1], names->at[i]) > 0)
            return false;
    return true;
}

enum ds_status fs_list(struct fs *fs, struct arena *a, const char *path, struct name_vec *out,
                       int *error)
{
    *out = (struct name_vec){0};
    enum ds_status status = fs->ops->list(fs, a, path, out, error);
    if (status == DS_OK && !is_sorted(out))
        qsort(out->at, out->n, sizeof *out->at, by_name);
    return status;
}

enum ds_status fs_map(struct fs *fs, struct arena *a, const char *path, struct bytes *out,
                      int *error)
{
    *out = (struct bytes){NULL, 0};
    return fs->ops->map(fs, a, path, out, error);
}

enum ds_status fs_readlink(struct fs *fs, struct arena *a, const char *path, char **out, int *error)
{
    *out = NULL;
    return fs->ops->readlink(fs, a, path, out, error);
}

enum ds_status fs_xattrs(struct fs *fs, struct arena *a, const char *path, struct xattr_vec *out,
                         int *error)
{
    *out = (struct xattr_vec){0};
    return fs->ops->xattrs(fs, a, path, out, error);
}

/* -- Following links ------------------------------------------------------------------------------------ */

struct walk {
    struct fs *fs;
    struct arena *a;
    const char *jail;    /* NULL: none; normal, without links */
    char *done;          /* the part that is resolved, normal */
    const char *pending; /* components still to go */
    unsigned hops;
};

/* No part is "." or "..", or empty. */
static bool is_plain(const char *path)
{
    while (*path) {
        size_t n = strcspn(path, "/");
        if (n == 0 || strncmp(path, ".", n) == 0 || (n == 2 && strncmp(path, "..", n) == 0))
            return false;
        path += n + (path[n] == '/' && path[n + 1] != '\0');
    }
    return true;
}

/* NODE, which lies at the end of a path without links, is where a walk may go on, or END. */
static bool is_landing(const struct node *node, bool end)
{
    return node->kind == NODE_DIR || (end && node->kind != NODE_NONE && node->kind != NODE_LINK);
}

/*
 * Step over the longest part of what is pending that has no links: a path is asked for as a whole before it is taken apart,
 * so that a deep one costs no more than a shallow one.
 */
static void walk_ahead(struct walk *w)
{
    struct node node;
    size_t least = strlen(w->done), all = strlen(w->pending);
    if (!is_plain(w->pending))
        return;
    char *path = path_join(w->a, w->done, w->pending);
    size_t full = strlen(path);
    for (size_t n = full; n > least; n = (size_t)(path_base(path) - path) - 1) {
        path[n] = '\0';
        if (fs_stat(w->fs, path, &node, NULL) == DS_OK && is_landing(&node, n == full)) {
            w->pending += all - (full - n);
            w->pending += strspn(w->pending, "/");
            w->done = path;
            return;
        }
    }
}

/* Start anew at an absolute path TEXT: at the jail when there is one, which it must not leave. */
static bool walk_absolute(struct walk *w, const char *text)
{
    const char *rest = w->jail ? path_relative(text, w->jail) : text;
    if (!rest && strcmp(text, w->jail) == 0)
        rest = "";
    w->done = arena_strdup(w->a, w->jail ? w->jail : "/");
    if (!rest)
        return false;
    w->pending = rest + strspn(rest, "/");
    walk_ahead(w);
    return true;
}

static int walk_up(struct walk *w)
{
    if (w->jail && strcmp(w->done, w->jail) == 0)
        return EXDEV;
    w->done = path_dir(w->a, w->done);
    return 0;
}

static int walk_link(struct walk *w, const char *link)
{
    char *target;
    int error = 0;
    if (++w->hops > LIMIT_SYMLINK_HOPS)
        return ELOOP;
    if (fs_readlink(w->fs, w->a, link, &target, &error) != DS_OK)
        return error;
    if (*target == '\0')
        return ENOENT;
    target = path_join(w->a, target, w->pending);
    if (*target == '/')
        return walk_absolute(w, target) ? 0 : EXDEV;
    w->pending = target;
    walk_ahead(w);
    return 0;
}

/* Take the next component; 0 or an errno. */
static int walk_step(struct walk *w)
{
    size_t n = strcspn(w->pending, "/");
    const char *name = arena_strndup(w->a, w->pending, n);
    struct node node;
    int error = 0;

    w->pending += n + strspn(w->pending + n, "/");
    if (n == 0 || strcmp(name, ".") == 0)
        return 0;
    if (strcmp(name, "..") == 0)
        return walk_up(w);
    char *next = path_join(w->a, w->done, name);
    if (fs_stat(w->fs, next, &node, &error) != DS_OK)
        return error;
    if (node.kind == NODE_NONE)
        return ENOENT;
    if (node.kind == NODE_LINK)
        return walk_link(w, next);
    if (node.kind != NODE_DIR && *w->pending)
        return ENOTDIR;
    w->done = next;
    return 0;
}

int fs_resolve(struct fs *fs, struct arena *a, const char *path, const char *jail, char **out)
{
    struct walk w = {.fs = fs, .a = arena_child(a), .jail = jail};
    int error = walk_absolute(&w, path) ? 0 : EXDEV;
    *out = NULL;
    while (error == 0 && *w.pending)
        error = walk_step(&w);
    if (error == 0)
        *out = arena_strdup(a, w.done);
    arena_child_free(w.a);
    return error;
}
