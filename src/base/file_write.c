/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writing a tree out to disk. Every step is an openat() below a directory just made or opened without
 * following a link; what is there under a name we write is replaced, never written through.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/file_private.h"
#include "base/limits.h"
#include "base/text.h"

struct writer {
    struct fs *fs;
    int *error;
};

static enum ds_status write_dir(const struct writer *w, struct arena *a, const char *path, int dir,
                                unsigned depth);

static void close_fd(void *p)
{
    if (*(int *)p >= 0)
        close(*(int *)p);
}

/* A descriptor that is closed with A. */
static int *fd_new(struct arena *a)
{
    int *fd = arena_new_of(a, int);
    *fd = -1;
    arena_defer(a, close_fd, fd);
    return fd;
}

/* File systems that keep no attributes lose them silently: the reader of the tree will see that. */
static enum ds_status write_xattrs(const struct writer *w, struct arena *a, const char *path,
                                   int fd)
{
    struct xattr_vec xattrs;
    enum ds_status status = fs_xattrs(w->fs, a, path, &xattrs, w->error);
    for (size_t i = 0; status == DS_OK && i < xattrs.n; i++) {
        int number = file_set_xattr(fd, xattrs.at[i].name, xattrs.at[i].value);
        if (number != 0 && number != ENOTSUP && number != EPERM)
            return file_error(w->error, number);
    }
    return status;
}

static int write_all(int fd, struct bytes b)
{
    for (size_t at = 0; at < b.n;) {
        ssize_t n = write(fd, b.p + at, b.n - at);
        if (n < 0 && errno != EINTR)
            return errno;
        at += n > 0 ? (size_t)n : 0;
    }
    return 0;
}

/* Take away what has the name, unless it is a directory. */
static int make_way(int dir, const char *name)
{
    return unlinkat(dir, name, 0) == 0 || errno == ENOENT ? 0 : errno;
}

static enum ds_status write_file(const struct writer *w, struct arena *a, const char *path, int dir)
{
    struct bytes content;
    struct node node;
    const char *name = path_base(path);
    enum ds_status status = fs_stat(w->fs, path, &node, w->error);
    if (status == DS_OK)
        status = fs_map(w->fs, a, path, &content, w->error);
    if (status != DS_OK)
        return status;
    int *fd = fd_new(a), number = make_way(dir, name);
    if (number != 0)
        return file_error(w->error, number);
    *fd = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (*fd < 0)
        return file_error(w->error, errno);
    number = write_all(*fd, content);
    if (number != 0)
        return file_error(w->error, number);
    status = write_xattrs(w, a, path, *fd);
    if (status == DS_OK && fchmod(*fd, (mode_t)node.mode) != 0)
        return file_error(w->error, errno);
    return status;
}

static enum ds_status write_link(const struct writer *w, struct arena *a, const char *path, int dir)
{
    char *target;
    enum ds_status status = fs_readlink(w->fs, a, path, &target, w->error);
    if (status != DS_OK)
        return status;
    int number = make_way(dir, path_base(path));
    if (number == 0 && symlinkat(target, dir, path_base(path)) != 0)
        number = errno;
    return number == 0 ? DS_OK : file_error(w->error, number);
}

/* A fifo stands for everything that is neither file, link nor directory. */
static enum ds_status write_other(const struct writer *w, const char *path, int dir)
{
    int number = make_way(dir, path_base(path));
    if (number == 0 && mkfifoat(dir, path_base(path), 0644) != 0)
        number = errno;
    return number == 0 ? DS_OK : file_error(w->error, number);
}

static enum ds_status write_below(const struct writer *w, struct arena *a, const char *path,
                                  int dir, unsigned depth)
{
    const char *name = path_base(path);
    int *fd = fd_new(a);
    struct node node;
    enum ds_status status = fs_stat(w->fs, path, &node, w->error);
    if (status != DS_OK)
        return status;
    if (mkdirat(dir, name, 0700) != 0 && errno != EEXIST)
        return file_error(w->error, errno);
    *fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (*fd < 0)
        return file_error(w->error, errno);
    if (fchmod(*fd, 0700) != 0)
        return file_error(w->error, errno);
    status = write_dir(w, a, path, *fd, depth);
    if (status == DS_OK)
        status = write_xattrs(w, a, path, *fd);
    /* Last: a directory may be one that nobody can write into or read. */
    if (status == DS_OK && fchmod(*fd, (mode_t)node.mode) != 0)
        return file_error(w->error, errno);
    return status;
}

static enum ds_status write_node(const struct writer *w, struct arena *a, const char *path, int dir,
                                 unsigned depth)
{
    struct node node;
    enum ds_status status = fs_stat(w->fs, path, &node, w->error);
    if (status != DS_OK)
        return status;
    switch (node.kind) {
    case NODE_FILE: return write_file(w, a, path, dir);
    case NODE_DIR: return write_below(w, a, path, dir, depth + 1);
    case NODE_LINK: return write_link(w, a, path, dir);
    case NODE_OTHER: return write_other(w, path, dir);
    case NODE_NONE: break;
    }
    return file_error(w->error, ENOENT);
}

static enum ds_status write_dir(const struct writer *w, struct arena *a, const char *path, int dir,
                                unsigned depth)
{
    struct name_vec names;
    if (depth > LIMIT_TREE_DEPTH)
        return DS_LIMIT;
    enum ds_status status = fs_list(w->fs, a, path, &names, w->error);
    for (size_t i = 0; status == DS_OK && i < names.n; i++) {
        struct arena *each = arena_child(a);
        status = write_node(w, each, path_join(each, path, names.at[i]), dir, depth);
        arena_child_free(each);
    }
    return status;
}

/* Make DIR and the directories above it. */
static int make_dirs(struct arena *a, const char *dir)
{
    char *path = arena_strdup(a, dir);
    for (char *at = path; *at; at++) {
        if (*at != '/' || at == path)
            continue;
        *at = '\0';
        if (mkdir(path, 0777) != 0 && errno != EEXIST)
            return errno;
        *at = '/';
    }
    return mkdir(path, 0777) == 0 || errno == EEXIST ? 0 : errno;
}

struct job {
    struct writer w;
    struct arena *arena;
    const char *path, *dir;
};

static enum ds_status run_job(void *arg)
{
    struct job *job = arg;
    struct arena *a = job->arena;
    struct node node;
    int *fd = fd_new(a), number = make_dirs(a, job->dir);
    if (number != 0)
        return file_error(job->w.error, number);
    *fd = open(job->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (*fd < 0)
        return file_error(job->w.error, errno);
    enum ds_status status = fs_stat(job->w.fs, job->path, &node, job->w.error);
    if (status != DS_OK)
        return status;
    if (node.kind != NODE_DIR)
        return write_node(&job->w, a, job->path, *fd, 0);
    status = write_dir(&job->w, a, job->path, *fd, 0);
    return status == DS_OK ? write_xattrs(&job->w, a, job->path, *fd) : status;
}

enum ds_status fs_write(struct fs *fs, const char *path, const char *dir, int *error)
{
    struct job job = {.w = {fs, error}, .arena = arena_new(0), .path = path, .dir = dir};
    if (!job.arena)
        return DS_NOMEM;
    enum ds_status status = arena_run(job.arena, run_job, &job);
    arena_free(job.arena);
    return status;
}
