/* SPDX-License-Identifier: Apache-2.0 */
/*
 * File access behind one interface, so that a bundle on disk, one inside an archive and one just forged are
 * read by the same code.
 *
 * Paths are absolute within the file system ("/" is its root) and normal (path_normal). No operation follows
 * a symbolic link in the *last* component, nor in any other: fs_resolve() follows links itself, counting hops
 * and refusing to leave a directory, and hands out a path without links. On disk every step is an openat()
 * with O_NOFOLLOW.
 */
#ifndef DS_BASE_FILE_H
#define DS_BASE_FILE_H

#include "base/arena.h"
#include "base/bytes.h"
#include "base/status.h"
#include "base/vec.h"

enum node_kind { NODE_NONE, NODE_FILE, NODE_DIR, NODE_LINK, NODE_OTHER };

struct node {
    enum node_kind kind;
    uint32_t mode; /* permission bits */
    uint64_t size;
    uint64_t device, inode; /* identity: equal for equal files */
};

struct xattr {
    const char *name;
    struct bytes value;
};

struct name_vec VEC_OF(const char *);
struct xattr_vec VEC_OF(struct xattr);

struct fs;

/* The operations a file system provides. Errors are DS_IO with *error set to an errno (ENOENT …). */
struct fs_ops {
    enum ds_status (*stat)(struct fs *fs, const char *path, struct node *out, int *error);
    enum ds_status (*list)(struct fs *fs, struct arena *a, const char *path, struct name_vec *out,
                           int *error);
    enum ds_status (*map)(struct fs *fs, struct arena *a, const char *path, struct bytes *out,
                          int *error);
    enum ds_status (*readlink)(struct fs *fs, struct arena *a, const char *path, char **out,
                               int *error);
    enum ds_status (*xattrs)(struct fs *fs, struct arena *a, const char *path,
                             struct xattr_vec *out, int *error);
};

struct fs {
    const struct fs_ops *ops;
    void *self;
    const char *label; /* prepended in messages for archives: "Helper.zip/"; "" on disk */
};

/* kind NODE_NONE (and DS_OK) when nothing is there. */
enum ds_status fs_stat(struct fs *fs, const char *path, struct node *out, int *error);
bool fs_exists(struct fs *fs, const char *path);
bool fs_is_dir(struct fs *fs, const char *path);
/* Names in bytewise order, without "." and "..". */
enum ds_status fs_list(struct fs *fs, struct arena *a, const char *path, struct name_vec *out,
                       int *error);
/* The whole content of a regular file; it stays valid as long as arena A. Mapped where that helps. */
enum ds_status fs_map(struct fs *fs, struct arena *a, const char *path, struct bytes *out,
                      int *error);
enum ds_status fs_readlink(struct fs *fs, struct arena *a, const char *path, char **out,
                           int *error);
enum ds_status fs_xattrs(struct fs *fs, struct arena *a, const char *path, struct xattr_vec *out,
                         int *error);

/*
 * Follow all links of PATH; *OUT has none. JAIL (NULL: none) is a directory without links that the walk must
 * not leave. Returns 0 or an errno: EXDEV when it leaves the jail, ELOOP after more than LIMIT_SYMLINK_HOPS
 * links, ENOENT when the target is missing.
 */
int fs_resolve(struct fs *fs, struct arena *a, const char *path, const char *jail, char **out);

/* The machine's own file system. */
struct fs *fs_disk(struct arena *a);

/*
 * UNDER as it is when first asked about: what lies at and below ROOT (free of links) is looked at once. Contents are read each
 * time. For one reading of a tree that nobody is to change meanwhile.
 */
struct fs *fs_snapshot(struct arena *a, struct fs *under, const char *root);

/* A file system in memory; what is added is borrowed (must outlive it), paths are copied. */
struct fs *fs_memory(struct arena *a);
enum ds_status fs_add_dir(struct fs *mem, const char *path, uint32_t mode);
/* Parents are made as needed (mode 0755); an existing file is replaced. */
enum ds_status fs_add_file(struct fs *mem, const char *path, uint32_t mode, struct bytes content);
enum ds_status fs_add_link(struct fs *mem, const char *path, const char *target);
enum ds_status fs_add_other(struct fs *mem, const char *path);
enum ds_status fs_add_xattr(struct fs *mem, const char *path, const char *name, struct bytes value);
/* All of these give DS_INVALID when a component of the path is no directory, or the root would change kind. */
/* Remove PATH and all below it; rename it (what has the name TO goes). DS_IO when it is not there. */
enum ds_status fs_remove(struct fs *mem, const char *path);
enum ds_status fs_rename(struct fs *mem, const char *from, const char *to);
enum ds_status fs_set_mode(struct fs *mem, const char *path, uint32_t mode);

/*
 * Write PATH of FS to the disk directory DIR (created): what is in PATH when that is a directory, else PATH
 * itself. What is there under the same names is replaced. Xattrs are written as user.NAME where they are kept.
 */
enum ds_status fs_write(struct fs *fs, const char *path, const char *dir, int *error);

#endif
