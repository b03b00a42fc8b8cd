/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A file system in memory, for archives and for forged bundles. Nodes are found by (parent, name) in one hash
 * table, so a directory of 100,000 files is as quick as one of ten; each directory also lists its children.
 */
#include <errno.h>
#include <string.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/file_private.h"
#include "base/limits.h"
#include "base/text.h"

struct entry {
    struct entry *parent, *chain; /* chain: next of the same hash bucket */
    const char *name;
    enum node_kind kind;
    uint32_t mode;
    uint64_t inode;
    struct bytes content;
    const char *target;
    struct xattr_vec xattrs;
    struct entry_vec VEC_OF(struct entry *) children;
    size_t place; /* index in the parent's children */
};

struct memory {
    struct fs fs;
    struct arena *arena;
    struct entry *root;
    struct entry **buckets;
    size_t bucket_count, entries;
    uint64_t last_inode;
};

/* FNV-1a over the name, mixed with the parent's identity. */
static size_t hash_of(const struct entry *parent, const char *name, size_t n)
{
    uint64_t h = 0xcbf29ce484222325u ^ parent->inode * 0x9e3779b97f4a7c15u;
    for (size_t i = 0; i < n; i++)
        h = (h ^ (uint8_t)name[i]) * 0x100000001b3u;
    return (size_t)(h ^ h >> 32);
}

static struct entry **bucket_of(struct memory *m, const struct entry *parent, const char *name,
                                size_t n)
{
    return &m->buckets[hash_of(parent, name, n) & (m->bucket_count - 1)];
}

static struct entry *child_find(struct memory *m, const struct entry *parent, const char *name,
                                size_t n)
{
    struct entry *e = *bucket_of(m, parent, name, n);
    while (e && (e->parent != parent || strlen(e->name) != n || memcmp(e->name, name, n) != 0))
        e = e->chain;
    return e;
}

static void table_grow(struct memory *m)
{
    struct entry **old = m->buckets;
    size_t n = m->bucket_count;
    m->bucket_count = n * 4;
    m->buckets = arena_array(m->arena, m->bucket_count, struct entry *);
    for (size_t i = 0; i < n; i++) {
        for (struct entry *e = old[i], *next; e; e = next) {
            struct entry **to = bucket_of(m, e->parent, e->name, strlen(e->name));
            next = e->chain;
            e->chain = *to;
            *to = e;
        }
    }
}

static void entry_link(struct memory *m, struct entry *parent, struct entry *e)
{
    struct entry **bucket = bucket_of(m, parent, e->name, strlen(e->name));
    e->parent = parent;
    e->chain = *bucket;
    *bucket = e;
    e->place = parent->children.n;
    vec_push(m->arena, &parent->children, e);
}

static void entry_unlink(struct memory *m, struct entry *e)
{
    struct entry **at = bucket_of(m, e->parent, e->name, strlen(e->name));
    struct entry_vec *children = &e->parent->children;
    while (*at != e)
        at = &(*at)->chain;
    *at = e->chain;
    children->at[e->place] = children->at[--children->n];
    children->at[e->place]->place = e->place;
}

static struct entry *entry_new(struct memory *m, struct entry *parent, const char *name, size_t n)
{
    if (++m->entries > LIMIT_TREE_NODES)
        arena_fail(m->arena, DS_LIMIT);
    if (m->entries > m->bucket_count)
        table_grow(m);
    struct entry *e = arena_new_of(m->arena, struct entry);
    e->name = arena_strndup(m->arena, name, n);
    e->inode = ++m->last_inode;
    e->mode = 0755;
    entry_link(m, parent, e);
    return e;
}

/* The next component of *PATH and its length; 0 at the end. */
static size_t component(const char **path, const char **name)
{
    *path += strspn(*path, "/");
    *name = *path;
    size_t n = strcspn(*path, "/");
    *path += n;
    return n;
}

static struct entry *entry_find(struct memory *m, const char *path)
{
    struct entry *e = m->root;
    const char *name;
    size_t n;
    while (e && (n = component(&path, &name)) != 0)
        e = child_find(m, e, name, n);
    return e;
}

/* The directory of PATH, made as needed, and its last component; NULL when a component is no directory. */
static struct entry *parent_make(struct memory *m, const char *path, const char **last,
                                 size_t *last_size)
{
    struct entry *dir = m->root;
    *last_size = component(&path, last);
    for (;;) {
        const char *name;
        size_t n = component(&path, &name);
        if (n == 0)
            return dir;
        struct entry *next = child_find(m, dir, *last, *last_size);
        if (!next) {
            next = entry_new(m, dir, *last, *last_size);
            next->kind = NODE_DIR;
        }
        if (next->kind != NODE_DIR)
            return NULL;
        dir = next;
        *last = name;
        *last_size = n;
    }
}

/* The entry PATH, made when it is not there; NULL when it cannot be. */
static struct entry *entry_make(struct memory *m, const char *path)
{
    const char *name;
    size_t n;
    struct entry *parent = parent_make(m, path, &name, &n);
    if (!parent || n == 0)
        return NULL;
    struct entry *e = child_find(m, parent, name, n);
    return e ? e : entry_new(m, parent, name, n);
}

/* -- The operations of struct fs ------------------------------------------------------------------------ */

static uint64_t entry_size(const struct entry *e)
{
    if (e->kind == NODE_LINK)
        return strlen(e->target);
    return e->kind == NODE_FILE ? e->content.n : 0;
}

static enum ds_status memory_stat(struct fs *fs, const char *path, struct node *out, int *error)
{
    const struct entry *e = entry_find(fs->self, path);
    (void)error;
    if (e)
        *out = (struct node){.kind = e->kind,
                             .mode = e->mode,
                             .size = entry_size(e),
                             .device = (uint64_t)(uintptr_t)fs,
                             .inode = e->inode};
    return DS_OK;
}

/* For somebody: there are no users here. */
static bool is_readable(const struct entry *e)
{
    return (e->mode & 0444) != 0;
}

static enum ds_status memory_list(struct fs *fs, struct arena *a, const char *path,
                                  struct name_vec *out, int *error)
{
    const struct entry *e = entry_find(fs->self, path);
    if (!e)
        return file_error(error, ENOENT);
    if (e->kind != NODE_DIR)
        return file_error(error, ENOTDIR);
    if (!is_readable(e))
        return file_error(error, EACCES);
    for (size_t i = 0; i < e->children.n; i++)
        vec_push(a, out, e->children.at[i]->name);
    return DS_OK;
}

static enum ds_status memory_map(struct fs *fs, struct arena *a, const char *path,
                                 struct bytes *out, int *error)
{
    const struct entry *e = entry_find(fs->self, path);
    (void)a;
    enum node_kind kind = e ? e->kind : NODE_NONE;
    if (kind != NODE_FILE)
        return file_error(error, file_no_content(kind));
    if (!is_readable(e))
        return file_error(error, EACCES);
    *out = e->content;
    return DS_OK;
}

static enum ds_status memory_readlink(struct fs *fs, struct arena *a, const char *path, char **out,
                                      int *error)
{
    const struct entry *e = entry_find(fs->self, path);
    if (!e || e->kind != NODE_LINK)
        return file_error(error, e ? EINVAL : ENOENT);
    *out = arena_strdup(a, e->target);
    return DS_OK;
}

static enum ds_status memory_xattrs(struct fs *fs, struct arena *a, const char *path,
                                    struct xattr_vec *out, int *error)
{
    const struct entry *e = entry_find(fs->self, path);
    if (!e)
        return file_error(error, ENOENT);
    for (size_t i = 0; i < e->xattrs.n; i++)
        vec_push(a, out, e->xattrs.at[i]);
    return DS_OK;
}

static const struct fs_ops memory_ops = {memory_stat, memory_list, memory_map, memory_readlink,
                                         memory_xattrs};

struct fs *fs_memory(struct arena *a)
{
    struct memory *m = arena_new_of(a, struct memory);
    m->fs = (struct fs){.ops = &memory_ops, .self = m, .label = ""};
    m->arena = a;
    m->bucket_count = 64;
    m->buckets = arena_array(a, m->bucket_count, struct entry *);
    m->root = arena_new_of(a, struct entry);
    m->root->name = "";
    m->root->kind = NODE_DIR;
    m->root->mode = 0755;
    m->root->inode = ++m->last_inode;
    return &m->fs;
}

/* -- Building ------------------------------------------------------------------------------------------- */

static struct memory *memory_of(struct fs *fs)
{
    return fs->ops == &memory_ops ? fs->self : NULL;
}

/* The entry PATH as KIND; a directory stays one. NULL when that cannot be. */
static struct entry *entry_become(struct fs *mem, const char *path, enum node_kind kind)
{
    struct memory *m = memory_of(mem);
    struct entry *e = m ? entry_make(m, path) : NULL;
    if (!e || (e->kind == NODE_DIR && kind != NODE_DIR) ||
        (kind == NODE_DIR && e->kind != NODE_DIR && e->kind != NODE_NONE))
        return NULL;
    e->kind = kind;
    return e;
}

enum ds_status fs_add_dir(struct fs *mem, const char *path, uint32_t mode)
{
    struct memory *m = memory_of(mem);
    if (!m)
        return DS_INVALID;
    bool is_root = path[strspn(path, "/")] == '\0';
    struct entry *e = is_root ? m->root : entry_become(mem, path, NODE_DIR);
    if (!e)
        return DS_INVALID;
    e->mode = mode & 07777;
    return DS_OK;
}

enum ds_status fs_add_file(struct fs *mem, const char *path, uint32_t mode, struct bytes content)
{
    struct entry *e = entry_become(mem, path, NODE_FILE);
    if (!e)
        return DS_INVALID;
    e->mode = mode & 07777;
    e->content = content;
    return DS_OK;
}

enum ds_status fs_add_link(struct fs *mem, const char *path, const char *target)
{
    struct memory *m = memory_of(mem);
    struct entry *e = m ? entry_become(mem, path, NODE_LINK) : NULL;
    if (!e)
        return DS_INVALID;
    e->target = arena_strdup(m->arena, target);
    return DS_OK;
}

enum ds_status fs_add_other(struct fs *mem, const char *path)
{
    return entry_become(mem, path, NODE_OTHER) ? DS_OK : DS_INVALID;
}

enum ds_status fs_add_xattr(struct fs *mem, const char *path, const char *name, struct bytes value)
{
    struct memory *m = memory_of(mem);
    struct entry *e = m ? entry_find(m, path) : NULL;
    if (!e)
        return m ? DS_IO : DS_INVALID;
    for (size_t i = 0; i < e->xattrs.n; i++) {
        if (strcmp(e->xattrs.at[i].name, name) == 0) {
            e->xattrs.at[i].value = value;
            return DS_OK;
        }
    }
    vec_push(m->arena, &e->xattrs, (struct xattr){arena_strdup(m->arena, name), value});
    return DS_OK;
}

/* What hangs below a removed entry stays in the hash table, where nothing leads to it any more. */
enum ds_status fs_remove(struct fs *mem, const char *path)
{
    struct memory *m = memory_of(mem);
    struct entry *e = m ? entry_find(m, path) : NULL;
    if (!m || e == m->root)
        return DS_INVALID;
    if (!e)
        return DS_IO;
    entry_unlink(m, e);
    return DS_OK;
}

static bool lies_below(const struct entry *e, const struct entry *dir)
{
    while (e && e != dir)
        e = e->parent;
    return e == dir;
}

enum ds_status fs_rename(struct fs *mem, const char *from, const char *to)
{
    struct memory *m = memory_of(mem);
    struct entry *e = m ? entry_find(m, from) : NULL;
    const char *name;
    size_t n;
    if (!m || e == m->root)
        return DS_INVALID;
    if (!e)
        return DS_IO;
    struct entry *parent = parent_make(m, to, &name, &n);
    if (!parent || n == 0 || lies_below(parent, e))
        return DS_INVALID;
    struct entry *there = child_find(m, parent, name, n);
    if (there == e)
        return DS_OK;
    if (there)
        entry_unlink(m, there);
    entry_unlink(m, e);
    e->name = arena_strndup(m->arena, name, n);
    entry_link(m, parent, e);
    return DS_OK;
}

enum ds_status fs_set_mode(struct fs *mem, const char *path, uint32_t mode)
{
    struct memory *m = memory_of(mem);
    struct entry *e = m ? entry_find(m, path) : NULL;
    if (!e)
        return m ? DS_IO : DS_INVALID;
    e->mode = mode & 07777;
    return DS_OK;
}
