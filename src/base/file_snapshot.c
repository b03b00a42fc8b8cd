/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A snapshot of a tree: each directory is listed, and what lies in it looked at, once, when it is first asked for. What is
 * asked again is answered from memory; contents and attributes always come from the file system itself.
 */
#include <errno.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/file_private.h"
#include "base/index.h"
#include "base/text.h"

/* Trees have 100,000 of these: kept small. */
struct entry {
    const char *name;
    const char *target; /* of a link, once it was asked for */
    uint64_t size, inode;
    uint16_t mode;
    uint8_t kind; /* enum node_kind */
    bool bare;    /* has no attributes, as was found when they were asked for */
};

struct listing {
    struct bytes path;
    struct entry *at; /* in bytewise order of names */
    size_t n;
    uint64_t device; /* of all of them */
    bool closed;     /* not all of it could be looked at, or it spans devices: ask anew each time */
};

struct snapshot {
    struct fs fs;
    struct fs *under;
    struct arena *a;
    const char *root;
    struct index listings;      /* path → struct listing */
    const struct listing *last; /* the one asked for last: the entry found last lies in it */
};

/* -- listing */

/* Names, one behind the other. */
static size_t names_size(const struct name_vec *names)
{
    size_t n = 0;
    for (size_t i = 0; i < names->n; i++)
        n += strlen(names->at[i]) + 1;
    return n;
}

static void look_at(struct snapshot *s, struct listing *l, const char *path, struct entry *e)
{
    struct node node;
    if (fs_stat(s->under, path, &node, NULL) != DS_OK ||
        (l->device != 0 && node.device != l->device)) {
        l->closed = true;
        return;
    }
    e->kind = (uint8_t)node.kind;
    e->mode = (uint16_t)node.mode;
    e->size = node.size;
    e->inode = node.inode;
    l->device = node.device;
}

static void take_names(struct snapshot *s, struct listing *l, struct buf *path,
                       const struct name_vec *names)
{
    char *text = arena_alloc(s->a, names_size(names));
    size_t length = path->n;
    l->at = arena_array(s->a, names->n, struct entry);
    for (l->n = 0; l->n < names->n && !l->closed; l->n++) {
        size_t n = strlen(names->at[l->n]) + 1;
        l->at[l->n].name = memcpy(text, names->at[l->n], n);
        buf_cut(path, length);
        buf_str(path, text);
        look_at(s, l, buf_cstr(path), &l->at[l->n]);
        text += n;
    }
}

static struct listing *list(struct snapshot *s, struct bytes path)
{
    struct listing *l = arena_new_of(s->a, struct listing);
    struct arena *scratch = arena_child(s->a);
    struct name_vec names;
    l->path = bytes_copy(s->a, path);
    const char *text = (const char *)l->path.p;
    struct buf below = {.arena = scratch};
    buf_put(&below, path);
    if (!bytes_is(path, "/"))
        buf_byte(&below, '/');
    if (fs_list(s->under, scratch, text, &names, NULL) == DS_OK)
        take_names(s, l, &below, &names);
    else
        l->closed = true;
    arena_child_free(scratch);
    index_add(&s->listings, l->path, l);
    return l;
}

/* -- finding */

static struct entry *entry_of(struct snapshot *s, struct bytes path, bool *asked);

/* The listing of the directory PATH, at or below the root; NULL when it is none. *ASKED: it cannot be told from here. */
static const struct listing *listing_of(struct snapshot *s, struct bytes path, bool *asked)
{
    if (s->last && bytes_equal(s->last->path, path))
        return s->last;
    const struct listing *l = index_find(&s->listings, path);
    if (!l && !bytes_is(path, s->root)) {
        const struct entry *e = entry_of(s, path, asked);
        if (*asked || !e || e->kind != NODE_DIR)
            return NULL;
    }
    return s->last = l ? l : list(s, path);
}

static int compare(const char *name, struct bytes sought)
{
    int order = strncmp(name, (const char *)sought.p, sought.n);
    return order ? order : name[sought.n] != '\0';
}

static struct entry *entry_in(const struct listing *l, struct bytes name)
{
    size_t from = 0, to = l->n;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        int order = compare(l->at[middle].name, name);
        if (order == 0)
            return &l->at[middle];
        if (order < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return NULL;
}

/* What lies at PATH, which is below the root; NULL: nothing. *ASKED: it cannot be told from here. */
static struct entry *entry_of(struct snapshot *s, struct bytes path, bool *asked)
{
    size_t slash = path.n;
    while (path.p[slash - 1] != '/')
        slash--;
    const struct listing *l = listing_of(s, bytes_of(path.p, slash > 1 ? slash - 1 : 1), asked);
    *asked |= l && l->closed;
    return l && !l->closed ? entry_in(l, bytes_of(path.p + slash, path.n - slash)) : NULL;
}

/* *ASKED: the file system itself is to be asked. */
static struct entry *find(struct snapshot *s, const char *path, bool *asked)
{
    const char *rest = path_relative(path, s->root);
    *asked = !rest || *rest == '\0';
    return *asked ? NULL : entry_of(s, bytes_str(path), asked);
}

/* -- the operations of struct fs */

static enum ds_status snapshot_stat(struct fs *fs, const char *path, struct node *out, int *error)
{
    struct snapshot *s = fs->self;
    bool asked;
    const struct entry *e = find(s, path, &asked);
    if (asked)
        return fs_stat(s->under, path, out, error);
    if (e)
        *out = (struct node){.kind = e->kind,
                             .mode = e->mode,
                             .size = e->size,
                             .device = s->last->device,
                             .inode = e->inode};
    return DS_OK;
}

static enum ds_status snapshot_list(struct fs *fs, struct arena *a, const char *path,
                                    struct name_vec *out, int *error)
{
    struct snapshot *s = fs->self;
    bool asked = !path_below(path, s->root);
    const struct listing *l = asked ? NULL : listing_of(s, bytes_str(path), &asked);
    if (!l || l->closed)
        return fs_list(s->under, a, path, out, error);
    out->at = arena_array(a, l->n, const char *);
    out->n = out->room = l->n;
    for (size_t i = 0; i < l->n; i++)
        out->at[i] = l->at[i].name;
    return DS_OK;
}

static enum ds_status snapshot_map(struct fs *fs, struct arena *a, const char *path,
                                   struct bytes *out, int *error)
{
    return fs_map(((struct snapshot *)fs->self)->under, a, path, out, error);
}

static enum ds_status snapshot_readlink(struct fs *fs, struct arena *a, const char *path,
                                        char **out, int *error)
{
    struct snapshot *s = fs->self;
    bool asked;
    struct entry *e = find(s, path, &asked);
    if (!e || e->kind != NODE_LINK)
        return fs_readlink(s->under, a, path, out, error);
    if (!e->target) {
        enum ds_status status = fs_readlink(s->under, s->a, path, out, error);
        if (status != DS_OK)
            return status;
        e->target = *out;
    }
    *out = arena_strdup(a, e->target);
    return DS_OK;
}

static enum ds_status snapshot_xattrs(struct fs *fs, struct arena *a, const char *path,
                                      struct xattr_vec *out, int *error)
{
    struct snapshot *s = fs->self;
    bool asked;
    struct entry *e = find(s, path, &asked);
    if (e && e->bare)
        return DS_OK;
    enum ds_status status = fs_xattrs(s->under, a, path, out, error);
    if (e && status == DS_OK && out->n == 0)
        e->bare = true;
    return status;
}

static const struct fs_ops snapshot_ops = {snapshot_stat, snapshot_list, snapshot_map,
                                           snapshot_readlink, snapshot_xattrs};

struct fs *fs_snapshot(struct arena *a, struct fs *under, const char *root)
{
    struct snapshot *s = arena_new_of(a, struct snapshot);
    *s = (struct snapshot){
        .under = under, .a = a, .root = arena_strdup(a, root), .listings = {.arena = a}};
    s->fs = (struct fs){.ops = &snapshot_ops, .self = s, .label = under->label};
    return &s->fs;
}
