/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The machine's own file system. Every step of a path is an openat() with O_NOFOLLOW, so the kernel never
 * follows a link for us; the directory used last and those it lies in stay open, which makes walking a large and
 * deep tree cheap. FIFOs and devices are never opened: what stat calls a regular file is opened without blocking and
 * looked at again.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/file_private.h"
#include "base/limits.h"
#include "base/text.h"

#define MAP_FROM   ((size_t)128 << 10) /* smaller files are read: a mapping costs more than a copy */
#define OPEN_DIR   (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
#define OPEN_FILE  (O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
#define OPEN_MOST  64    /* directories kept open: a step up or down in a tree is then one call */
#define XATTR_ROOM 65536 /* Linux holds a value, and the list of names, to 64 KiB */

/* An open directory of the path used last. */
struct level {
    int fd;
    size_t end; /* of its name in the path, the slash included */
};

struct disk {
    struct fs fs;
    char *path;  /* the directory used last, with a slash at its end; malloc'ed */
    size_t room; /* of it */
    struct level open[OPEN_MOST];
    size_t n; /* of them; each lies in the one before */
};

/* Close the directories that go beyond the first N bytes of the path. */
static void close_levels(struct disk *d, size_t n)
{
    while (d->n > 0 && d->open[d->n - 1].end > n)
        close(d->open[--d->n].fd);
}

static void disk_close(void *p)
{
    struct disk *d = p;
    close_levels(d, 0);
    free(d->path);
}

/* Keep FD, a directory inside the last one; the shallowest gives way when there are many. */
static void push_level(struct disk *d, int fd, size_t end)
{
    if (d->n == OPEN_MOST) {
        close(d->open[0].fd);
        memmove(d->open, d->open + 1, --d->n * sizeof *d->open);
    }
    d->open[d->n++] = (struct level){fd, end};
}

/* Close what is not on the way to the first N bytes of PATH. False, with errno, when memory is out. */
static bool leave_levels(struct disk *d, const char *path, size_t n)
{
    size_t same = 0;
    while (d->n > 0 && same < n && same < d->open[d->n - 1].end && path[same] == d->path[same])
        same++;
    close_levels(d, same);
    if (n > d->room) {
        char *more = realloc(d->path, n);
        if (!more)
            return false;
        d->path = more;
        d->room = n;
    }
    memcpy(d->path, path, n);
    return true;
}

/* Open the next directory of the path, whose first N bytes are wanted; false and errno. */
static bool enter_level(struct disk *d, size_t n)
{
    char name[NAME_MAX + 1];
    const struct level *last = &d->open[d->n - 1];
    const char *from = d->path + last->end, *slash = memchr(from, '/', n - last->end);
    size_t length = (size_t)(slash - from); /* N bytes end in a slash */
    if (length > NAME_MAX) {
        errno = ENAMETOOLONG;
        return false;
    }
    memcpy(name, from, length);
    name[length] = '\0';
    int fd = openat(last->fd, length ? name : ".", OPEN_DIR);
    if (fd >= 0)
        push_level(d, fd, last->end + length + 1);
    return fd >= 0;
}

/* The open directory of PATH, which stays open here, and the last component as *NAME; -1 and errno. */
static int disk_parent(struct fs *fs, const char *path, const char **name)
{
    struct disk *d = fs->self;
    const char *base = path_base(path);
    size_t n = (size_t)(base - path);

    *name = *base ? base : ".";
    if (*path != '/') {
        errno = EINVAL;
        return -1;
    }
    if (!leave_levels(d, path, n)) {
        errno = ENOMEM;
        return -1;
    }
    if (d->n == 0) {
        int top = open("/", OPEN_DIR);
        if (top < 0)
            return -1;
        push_level(d, top, 1);
    }
    while (d->open[d->n - 1].end < n)
        if (!enter_level(d, n))
            return -1;
    return d->open[d->n - 1].fd;
}

/*
 * After nothing was found: the directory looked into was removed since it was opened, and another may be in its place. Then
 * nothing stays open, and the caller looks again; else errno is as it was.
 */
static bool was_removed(struct fs *fs)
{
    struct disk *d = fs->self;
    struct stat st;
    if (errno != ENOENT || d->n == 0)
        return false;
    bool removed = fstat(d->open[d->n - 1].fd, &st) != 0 || st.st_nlink == 0;
    if (removed)
        close_levels(d, 0);
    errno = ENOENT;
    return removed;
}

static enum node_kind kind_of(mode_t mode)
{
    if (S_ISREG(mode))
        return NODE_FILE;
    if (S_ISDIR(mode))
        return NODE_DIR;
    return S_ISLNK(mode) ? NODE_LINK : NODE_OTHER;
}

static void node_fill(struct node *out, const struct stat *st)
{
    *out = (struct node){
        .kind = kind_of(st->st_mode),
        .mode = (uint32_t)(st->st_mode & 07777),
        .size = (uint64_t)st->st_size,
        .device = (uint64_t)st->st_dev,
        .inode = (uint64_t)st->st_ino,
    };
}

/* ELOOP: a component is a link; for us nothing lies behind it. */
static bool means_absent(int number)
{
    return number == ENOENT || number == ENOTDIR || number == ELOOP;
}

/* What lies at PATH, in whose directory *DIR and under which *NAME; false and errno. */
static bool look(struct fs *fs, const char *path, struct stat *st, int *dir, const char **name)
{
    bool found;
    do {
        *dir = disk_parent(fs, path, name);
        found = *dir >= 0 && fstatat(*dir, *name, st, AT_SYMLINK_NOFOLLOW) == 0;
    } while (!found && was_removed(fs));
    return found;
}

static enum ds_status disk_stat(struct fs *fs, const char *path, struct node *out, int *error)
{
    struct stat st;
    const char *name;
    int dir;
    if (!look(fs, path, &st, &dir, &name))
        return means_absent(errno) ? DS_OK : file_error(error, errno);
    node_fill(out, &st);
    return DS_OK;
}

/* Open what ST says is a regular file or a directory, and is one still; -1 and errno. */
static int open_seen(int dir, const char *name, struct stat *st)
{
    int fd = openat(dir, name, S_ISDIR(st->st_mode) ? OPEN_DIR : OPEN_FILE);
    if (fd < 0)
        return -1;
    mode_t before = st->st_mode & S_IFMT;
    if (fstat(fd, st) == 0 && (st->st_mode & S_IFMT) == before)
        return fd;
    close(fd);
    errno = EAGAIN; /* replaced while we looked */
    return -1;
}

/* Open a regular file or a directory for reading, never anything else; -1 and errno. */
static int open_plain(struct fs *fs, const char *path)
{
    struct stat st;
    const char *name;
    int dir;
    if (!look(fs, path, &st, &dir, &name))
        return -1;
    if (S_ISREG(st.st_mode) || S_ISDIR(st.st_mode))
        return open_seen(dir, name, &st);
    errno = S_ISLNK(st.st_mode) ? ELOOP : ENODEV;
    return -1;
}

static void close_directory(void *p)
{
    closedir(p);
}

/* Names go to A while DIR belongs to a child arena, so that it is closed whatever happens. */
static enum ds_status read_names(DIR *dir, struct arena *a, struct name_vec *out, int *error)
{
    for (;;) {
        errno = 0;
        const struct dirent *entry = readdir(dir);
        if (!entry)
            return errno == 0 ? DS_OK : file_error(error, errno);
        const char *name = entry->d_name;
        if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
            continue;
        if (out->n >= LIMIT_TREE_NODES)
            return DS_LIMIT;
        vec_push(a, out, arena_strdup(a, name));
    }
}

static enum ds_status disk_list(struct fs *fs, struct arena *a, const char *path,
                                struct name_vec *out, int *error)
{
    struct arena *guard = arena_child(a);
    int fd = open_plain(fs, path);
    DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
    if (!dir) {
        int number = errno;
        if (fd >= 0)
            close(fd);
        arena_child_free(guard);
        return file_error(error, number);
    }
    arena_defer(guard, close_directory, dir);
    enum ds_status status = read_names(dir, a, out, error);
    arena_child_free(guard);
    return status;
}

struct mapping {
    void *p;
    size_t n;
};

static void unmap(void *p)
{
    struct mapping *m = p;
    munmap(m->p, m->n);
}

static enum ds_status map_large(struct arena *a, int fd, struct mapping *m, struct bytes *out,
                                int *error)
{
    m->p = mmap(NULL, m->n, PROT_READ, MAP_PRIVATE, fd, 0);
    int number = errno;
    close(fd);
    if (m->p == MAP_FAILED)
        return file_error(error, number);
    arena_defer(a, unmap, m);
    *out = bytes_of(m->p, m->n);
    return DS_OK;
}

static enum ds_status read_small(int fd, uint8_t *to, size_t n, struct bytes *out, int *error)
{
    size_t got = 0;
    int number = 0;
    while (got < n && number == 0) {
        ssize_t r = read(fd, to + got, n - got);
        if (r > 0)
            got += (size_t)r;
        else if (r == 0)
            break;
        else if (errno != EINTR)
            number = errno;
    }
    close(fd);
    *out = bytes_of(to, number == 0 ? got : 0);
    return number == 0 ? DS_OK : file_error(error, number);
}

static enum ds_status disk_map(struct fs *fs, struct arena *a, const char *path, struct bytes *out,
                               int *error)
{
    struct stat st;
    const char *name;
    int dir;
    if (!look(fs, path, &st, &dir, &name))
        return file_error(error, means_absent(errno) ? ENOENT : errno);
    if (!S_ISREG(st.st_mode))
        return file_error(error, file_no_content(kind_of(st.st_mode)));
    if ((uintmax_t)st.st_size > SIZE_MAX)
        return file_error(error, EFBIG);
    /* All memory is taken before the file is open: an allocation may leave by longjmp. */
    size_t size = (size_t)st.st_size;
    bool small = size < MAP_FROM;
    uint8_t *buffer = small ? arena_alloc(a, size) : NULL;
    struct mapping *m = small ? NULL : arena_new_of(a, struct mapping);
    int fd = open_seen(dir, name, &st);
    if (fd < 0)
        return file_error(error, errno);
    if (small)
        return read_small(fd, buffer, size, out, error);
    m->n = (size_t)st.st_size;
    return map_large(a, fd, m, out, error);
}

static enum ds_status disk_readlink(struct fs *fs, struct arena *a, const char *path, char **out,
                                    int *error)
{
    char text[PATH_MAX + 1];
    const char *name;
    ssize_t n;
    do {
        int dir = disk_parent(fs, path, &name);
        n = dir < 0 ? -1 : readlinkat(dir, name, text, sizeof text);
    } while (n < 0 && was_removed(fs));
    if (n < 0)
        return file_error(error, errno);
    *out = arena_strndup(a, text, (size_t)n);
    return DS_OK;
}

/* -- Extended attributes -------------------------------------------------------------------------------- */

#ifdef __APPLE__
#define LIST(fd, names, n)      flistxattr(fd, names, n, 0)
#define GET(fd, name, to, n)    fgetxattr(fd, name, to, n, 0, 0)
#define SET(fd, name, value, n) fsetxattr(fd, name, value, n, 0, 0)
#define NO_ATTRIBUTE            ENOATTR
#define SPACE                   ""
#else
#define LIST(fd, names, n)      flistxattr(fd, names, n)
#define GET(fd, name, to, n)    fgetxattr(fd, name, to, n)
#define SET(fd, name, value, n) fsetxattr(fd, name, value, n, 0)
#define NO_ATTRIBUTE            ENODATA
#define SPACE                   "user." /* Linux lets programs use only this name space */
#endif

/* The name as a Mac has it: "user.com.apple.X" and "com.apple.X" are both com.apple.X. */
static const char *mac_name(const char *name)
{
    return text_starts(name, "user.") ? name + strlen("user.") : name;
}

/* Most files have none, which is found out without any memory. */
static bool has_xattrs(int fd, int *number)
{
    ssize_t size = LIST(fd, NULL, 0);
    *number = size < 0 && errno != ENOTSUP && errno != EPERM ? errno : 0;
    return size > 0;
}

/* Read all attributes of FD. All memory is A's; VALUE and NAMES have XATTR_ROOM bytes. */
static int read_xattrs(int fd, struct arena *a, char *names, char *value, struct xattr_vec *out)
{
    ssize_t size = LIST(fd, names, XATTR_ROOM);
    if (size < 0)
        return errno;
    for (ssize_t at = 0; at < size;) {
        const char *name = names + at;
        at += (ssize_t)strlen(name) + 1;
        ssize_t n = GET(fd, name, value, XATTR_ROOM);
        if (n < 0 && (errno == NO_ATTRIBUTE || errno == EPERM))
            continue;
        if (n < 0)
            return errno;
        struct bytes copy = bytes_copy(a, bytes_of(value, (size_t)n));
        vec_push(a, out, (struct xattr){arena_strdup(a, mac_name(name)), copy});
    }
    return 0;
}

static void close_fd(void *p)
{
    if (*(int *)p >= 0)
        close(*(int *)p);
}

/* All of them, from a file that has some. */
static int read_all_xattrs(struct fs *fs, struct arena *a, const char *path, struct xattr_vec *out)
{
    struct arena *guard = arena_child(a);
    char *names = arena_alloc(guard, XATTR_ROOM), *value = arena_alloc(guard, XATTR_ROOM);
    int *fd = arena_new_of(guard, int), number;

    *fd = -1;
    arena_defer(guard, close_fd, fd);
    *fd = open_plain(fs, path);
    number = *fd < 0 ? errno : read_xattrs(*fd, a, names, value, out);
    arena_child_free(guard);
    return number;
}

static enum ds_status disk_xattrs(struct fs *fs, struct arena *a, const char *path,
                                  struct xattr_vec *out, int *error)
{
    int fd = open_plain(fs, path), number = errno;
    bool some = fd >= 0 && has_xattrs(fd, &number);

    if (fd >= 0)
        close(fd);
    else if (number == ELOOP || number == ENODEV)
        number = 0; /* links and devices hold none that a program may read */
    if (some)
        number = read_all_xattrs(fs, a, path, out);
    return number == 0 ? DS_OK : file_error(error, number);
}

int file_set_xattr(int fd, const char *name, struct bytes value)
{
    char full[256];
    size_t n = strlen(name);
    if (n + sizeof SPACE > sizeof full)
        return ENAMETOOLONG;
    memcpy(full, SPACE, sizeof SPACE);
    memcpy(full + sizeof SPACE - 1, name, n + 1);
    return SET(fd, full, value.p, value.n) == 0 ? 0 : errno;
}

static const struct fs_ops disk_ops = {disk_stat, disk_list, disk_map, disk_readlink, disk_xattrs};

struct fs *fs_disk(struct arena *a)
{
    struct disk *d = arena_new_of(a, struct disk);
    d->fs = (struct fs){.ops = &disk_ops, .self = d, .label = ""};
    arena_defer(a, disk_close, d);
    return &d->fs;
}
