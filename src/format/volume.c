/* SPDX-License-Identifier: Apache-2.0 */
/* Volumes: see volume.h. The two libraries are of one family: the same calls, and every handle an intptr_t. */
#include "config.h"

#include "format/volume.h"

#ifdef HAVE_VOLUMES

#include <libbfio.h>
#include <libfsapfs.h>
#include <libfshfs.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/index.h"
#include "base/limits.h"
#include "base/text.h"

/* -- a partition as the libraries read it */

struct partition {
    struct udif_disk *disk;
    uint64_t start, size, at; /* bytes */
};

static int part_free(intptr_t **self, libbfio_error_t **error)
{
    (void)error;
    *self = NULL;
    return 1;
}

static int part_clone(intptr_t **to, intptr_t *self, libbfio_error_t **error)
{
    (void)to, (void)self, (void)error;
    return -1;
}

static int part_open(intptr_t *self, int flags, libbfio_error_t **error)
{
    (void)self, (void)flags, (void)error;
    return 1;
}

static int part_close(intptr_t *self, libbfio_error_t **error)
{
    (void)self, (void)error;
    return 0;
}

static ssize_t part_read(intptr_t *self, uint8_t *out, size_t n, libbfio_error_t **error)
{
    struct partition *p = (struct partition *)self;
    (void)error;
    if (p->at >= p->size)
        return 0;
    if (n > p->size - p->at)
        n = (size_t)(p->size - p->at);
    if (!udif_disk_read(p->disk, p->start + p->at, out, n))
        return -1;
    p->at += n;
    return (ssize_t)n;
}

static ssize_t part_write(intptr_t *self, const uint8_t *from, size_t n, libbfio_error_t **error)
{
    (void)self, (void)from, (void)n, (void)error;
    return -1;
}

static off64_t part_seek(intptr_t *self, off64_t offset, int whence, libbfio_error_t **error)
{
    struct partition *p = (struct partition *)self;
    uint64_t base = whence == SEEK_CUR ? p->at : whence == SEEK_END ? p->size : 0;
    (void)error;
    if (offset < 0 && 0 - (uint64_t)offset > base)
        return -1;
    p->at = base + (uint64_t)offset;
    return (off64_t)p->at;
}

static int part_is_there(intptr_t *self, libbfio_error_t **error)
{
    (void)self, (void)error;
    return 1;
}

static int part_size(intptr_t *self, size64_t *size, libbfio_error_t **error)
{
    (void)error;
    *size = ((struct partition *)self)->size;
    return 1;
}

/* -- the libraries */

struct library {
    const char *name;
    int (*close)(intptr_t **entry, intptr_t **error);
    int (*identifier)(intptr_t *entry, uint64_t *out, intptr_t **error);
    int (*mode)(intptr_t *entry, uint16_t *out, intptr_t **error);
    int (*name_size)(intptr_t *entry, size_t *out, intptr_t **error);
    int (*entry_name)(intptr_t *entry, uint8_t *out, size_t n, intptr_t **error);
    int (*content_size)(intptr_t *entry, size64_t *out, intptr_t **error);
    int (*link_size)(intptr_t *entry, size_t *out, intptr_t **error);
    int (*link)(intptr_t *entry, uint8_t *out, size_t n, intptr_t **error);
    ssize_t (*read)(intptr_t *entry, void *out, size_t n, intptr_t **error);
    int (*children)(intptr_t *entry, int *out, intptr_t **error);
    int (*child)(intptr_t *entry, int i, intptr_t **out, intptr_t **error);
    int (*attributes)(intptr_t *entry, int *out, intptr_t **error);
    int (*attribute)(intptr_t *entry, int i, intptr_t **out, intptr_t **error);
    int (*attribute_close)(intptr_t **attribute, intptr_t **error);
    int (*attribute_name_size)(intptr_t *attribute, size_t *out, intptr_t **error);
    int (*attribute_name)(intptr_t *attribute, uint8_t *out, size_t n, intptr_t **error);
    int (*attribute_size)(intptr_t *attribute, size64_t *out, intptr_t **error);
    /* NULL: attributes have names alone */
    ssize_t (*attribute_read)(intptr_t *attribute, void *out, size_t n, intptr_t **error);
};

static int hfs_identifier(intptr_t *entry, uint64_t *out, intptr_t **error)
{
    uint32_t id = 0;
    int result = libfshfs_file_entry_get_identifier(entry, &id, error);
    *out = id;
    return result;
}

static const struct library hfs = {
    .name = "HFS+",
    .close = libfshfs_file_entry_free,
    .identifier = hfs_identifier,
    .mode = libfshfs_file_entry_get_file_mode,
    .name_size = libfshfs_file_entry_get_utf8_name_size,
    .entry_name = libfshfs_file_entry_get_utf8_name,
    .content_size = libfshfs_file_entry_get_size,
    .link_size = libfshfs_file_entry_get_utf8_symbolic_link_target_size,
    .link = libfshfs_file_entry_get_utf8_symbolic_link_target,
    .read = libfshfs_file_entry_read_buffer,
    .children = libfshfs_file_entry_get_number_of_sub_file_entries,
    .child = libfshfs_file_entry_get_sub_file_entry_by_index,
    .attributes = libfshfs_file_entry_get_number_of_extended_attributes,
    .attribute = libfshfs_file_entry_get_extended_attribute_by_index,
    .attribute_close = libfshfs_extended_attribute_free,
    .attribute_name_size = libfshfs_extended_attribute_get_utf8_name_size,
    .attribute_name = libfshfs_extended_attribute_get_utf8_name,
};

static const struct library apfs = {
    .name = "APFS",
    .close = libfsapfs_file_entry_free,
    .identifier = libfsapfs_file_entry_get_identifier,
    .mode = libfsapfs_file_entry_get_file_mode,
    .name_size = libfsapfs_file_entry_get_utf8_name_size,
    .entry_name = libfsapfs_file_entry_get_utf8_name,
    .content_size = libfsapfs_file_entry_get_size,
    .link_size = libfsapfs_file_entry_get_utf8_symbolic_link_target_size,
    .link = libfsapfs_file_entry_get_utf8_symbolic_link_target,
    .read = libfsapfs_file_entry_read_buffer,
    .children = libfsapfs_file_entry_get_number_of_sub_file_entries,
    .child = libfsapfs_file_entry_get_sub_file_entry_by_index,
    .attributes = libfsapfs_file_entry_get_number_of_extended_attributes,
    .attribute = libfsapfs_file_entry_get_extended_attribute_by_index,
    .attribute_close = libfsapfs_extended_attribute_free,
    .attribute_name_size = libfsapfs_extended_attribute_get_utf8_name_size,
    .attribute_name = libfsapfs_extended_attribute_get_utf8_name,
    .attribute_size = libfsapfs_extended_attribute_get_size,
    .attribute_read = libfsapfs_extended_attribute_read_buffer,
};

/* -- walking */

struct walk {
    struct unpacking *u;
    const struct library *lib;
    uint64_t allowance; /* bytes all files may have */
    size_t nodes;
    unsigned depth;
    struct index seen; /* folders, by identifier: none is in two places */
    bool whole;
};

/* A handle that is closed with the arena it was deferred in. */
struct held {
    int (*close)(intptr_t **handle, intptr_t **error);
    intptr_t *handle;
};

static void release(void *p)
{
    struct held *held = p;
    if (held->handle)
        (void)held->close(&held->handle, NULL);
}

static struct held *hold(struct arena *a, int (*close)(intptr_t **, intptr_t **))
{
    struct held *held = arena_array(a, 1, struct held);
    held->close = close;
    arena_defer(a, release, held);
    return held;
}

static bool stop(struct walk *w, enum finding_id id, const char *path, const char *why)
{
    finding_add(w->u->f, id, w->u->at, "%s: %s", path, why);
    w->whole = false;
    return false;
}

/* A text of the library, NULL when it has none; sizes count the NUL. */
static char *text_of(struct arena *a, intptr_t *from,
                     int (*size)(intptr_t *, size_t *, intptr_t **),
                     int (*get)(intptr_t *, uint8_t *, size_t, intptr_t **))
{
    size_t n = 0;
    if (size(from, &n, NULL) != 1 || n == 0 || n > LIMIT_IMAGE_NAME)
        return NULL;
    char *text = arena_array(a, n + 1, char);
    return get(from, (uint8_t *)text, n, NULL) == 1 ? text : NULL;
}

/* How a library hands out content, and how much it says there is. */
struct source {
    intptr_t *from;
    ssize_t (*read)(intptr_t *from, void *out, size_t n, intptr_t **error);
    uint64_t size;
};

/* Nothing that could be believed is reserved for more than may be unpacked. */
static bool read_all(struct walk *w, const struct source *s, const char *path, struct bytes *out)
{
    struct buf b = {.arena = w->u->a};
    if (s->size > w->allowance || s->size > *w->u->left)
        return stop(w, FINDING_INPUT_LIMIT, path, "the image holds more than this program takes");
    (void)buf_reserve(&b, (size_t)s->size);
    while (b.n < s->size) {
        ssize_t n = s->read(s->from, b.p + b.n, (size_t)s->size - b.n, NULL);
        if (n <= 0 || (uint64_t)n > s->size - b.n)
            return stop(w, FINDING_ARCHIVE_FORMAT, path, "it cannot be read to its end");
        b.n += (size_t)n;
    }
    w->allowance -= s->size;
    *w->u->left -= s->size;
    *out = buf_bytes(&b);
    return true;
}

/* What the volume keeps of a compressed file or a link, which macOS shows nobody. */
static bool is_of_the_volume(const char *attribute)
{
    return strcmp(attribute, "com.apple.decmpfs") == 0 ||
           strcmp(attribute, "com.apple.fs.symlink") == 0;
}

/* The name of a signature of which only the name can be read. */
static bool is_lost(const struct walk *w, const char *name)
{
    return !w->lib->attribute_read && text_starts(name, "com.apple.cs.");
}

static bool add_attribute(struct walk *w, intptr_t *attribute, const char *path)
{
    struct source source = {attribute, w->lib->attribute_read, 0};
    struct bytes value = {NULL, 0};
    const char *name =
        text_of(w->u->a, attribute, w->lib->attribute_name_size, w->lib->attribute_name);
    if (!name)
        return stop(w, FINDING_ARCHIVE_FORMAT, path, "an attribute has no readable name");
    if (is_of_the_volume(name))
        return true;
    if (w->lib->attribute_read) {
        if (w->lib->attribute_size(attribute, &source.size, NULL) != 1)
            return stop(w, FINDING_ARCHIVE_FORMAT, path, "an attribute has no size");
        if (!read_all(w, &source, path, &value))
            return false;
    }
    if (is_lost(w, name))
        finding_add(w->u->f, FINDING_ARCHIVE_METADATA_LOST, w->u->at,
                    "%s: its signature in extended attributes cannot be read from %s here", path,
                    w->lib->name)
            ->blocks = true;
    return fs_add_xattr(w->u->fs, path, name, value) == DS_OK;
}

static void add_attributes(struct walk *w, intptr_t *entry, const char *path)
{
    int n = 0;
    if (w->lib->attributes(entry, &n, NULL) != 1)
        stop(w, FINDING_ARCHIVE_FORMAT, path, "its attributes cannot be read");
    for (int i = 0; i < n && w->whole; i++) {
        struct arena *scratch = arena_child(w->u->a);
        struct held *held = hold(scratch, w->lib->attribute_close);
        bool good = w->lib->attribute(entry, i, &held->handle, NULL) == 1 &&
                    add_attribute(w, held->handle, path);
        if (!good && w->whole)
            stop(w, FINDING_ARCHIVE_FORMAT, path, "an attribute cannot be read");
        arena_child_free(scratch);
    }
}

static void walk_folder(struct walk *w, intptr_t *folder, const char *path);

static enum ds_status add_folder(struct walk *w, intptr_t *entry, const char *path, uint32_t mode)
{
    uint64_t *id = arena_new_of(w->u->a, uint64_t);
    struct bytes key = bytes_of(id, sizeof *id);
    if (w->lib->identifier(entry, id, NULL) != 1 || index_find(&w->seen, key)) {
        stop(w, FINDING_ARCHIVE_FORMAT, path, "the folder is in two places");
        return DS_OK;
    }
    index_add(&w->seen, key, id);
    enum ds_status status = fs_add_dir(w->u->fs, path, mode);
    if (status == DS_OK)
        walk_folder(w, entry, path);
    return status;
}

static enum ds_status add_file(struct walk *w, intptr_t *entry, const char *path, uint32_t mode)
{
    struct source source = {entry, w->lib->read, 0};
    struct bytes content;
    if (w->lib->content_size(entry, &source.size, NULL) != 1)
        stop(w, FINDING_ARCHIVE_FORMAT, path, "it has no size");
    else if (read_all(w, &source, path, &content))
        return fs_add_file(w->u->fs, path, mode, content);
    return DS_OK;
}

static enum ds_status add_link(struct walk *w, intptr_t *entry, const char *path)
{
    const char *target = text_of(w->u->a, entry, w->lib->link_size, w->lib->link);
    return target ? fs_add_link(w->u->fs, path, target) : fs_add_other(w->u->fs, path);
}

static enum ds_status add_node(struct walk *w, intptr_t *entry, const char *path, uint16_t mode)
{
    switch (mode & S_IFMT) {
    case S_IFDIR: return add_folder(w, entry, path, mode & 07777u);
    case S_IFREG: return add_file(w, entry, path, mode & 07777u);
    case S_IFLNK: return add_link(w, entry, path);
    default: return fs_add_other(w->u->fs, path);
    }
}

static void add_entry(struct walk *w, intptr_t *entry, const char *path)
{
    uint16_t mode = 0;
    if (w->lib->mode(entry, &mode, NULL) != 1)
        stop(w, FINDING_ARCHIVE_FORMAT, path, "it is of no kind");
    else if (add_node(w, entry, path, mode) != DS_OK)
        stop(w, FINDING_ARCHIVE_FORMAT, path, "two members have this name");
    if (w->whole)
        add_attributes(w, entry, path);
}

/* The folders at the top of HFS+ that hold what hard links share; the name of one begins with NUL. */
static bool is_private(const struct walk *w, const char *name)
{
    return w->depth == 1 && (*name == '\0' || text_ends(name, "HFS+ Private Data") ||
                             text_starts(name, ".HFS+ Private Directory Data"));
}

static bool is_usable(const char *name)
{
    return *name && strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
}

static void add_named(struct walk *w, intptr_t *entry, const char *folder)
{
    char *name = text_of(w->u->a, entry, w->lib->name_size, w->lib->entry_name);
    if (name && is_private(w, name))
        return;
    if (!name || !is_usable(name)) {
        stop(w, FINDING_ARCHIVE_FORMAT, folder, "a member has no usable name");
        return;
    }
    for (char *c = strchr(name, '/'); c; c = strchr(c, '/'))
        *c = ':'; /* what the disk has as '/' */
    add_entry(w, entry, path_join(w->u->a, folder, name));
}

static void walk_child(struct walk *w, intptr_t *folder, int i, const char *path)
{
    struct arena *scratch = arena_child(w->u->a);
    struct held *held = hold(scratch, w->lib->close);
    if (w->lib->child(folder, i, &held->handle, NULL) == 1)
        add_named(w, held->handle, path);
    else
        stop(w, FINDING_ARCHIVE_FORMAT, path, "a member of the folder cannot be read");
    arena_child_free(scratch);
}

static void walk_folder(struct walk *w, intptr_t *folder, const char *path)
{
    int n = 0;
    if (w->lib->children(folder, &n, NULL) != 1) {
        stop(w, FINDING_ARCHIVE_FORMAT, path, "the folder cannot be read");
        return;
    }
    if (w->depth >= LIMIT_TREE_DEPTH || (size_t)n > LIMIT_TREE_NODES - w->nodes) {
        stop(w, FINDING_INPUT_LIMIT, path,
             "folders are nested too deep, or there is too much in them");
        return;
    }
    w->nodes += (size_t)n;
    w->depth++;
    for (int i = 0; i < n && w->whole; i++)
        walk_child(w, folder, i, path);
    w->depth--;
}

/* -- volumes */

struct volumes {
    struct unpacking *u;
    uint64_t packed;
    unsigned read; /* so far */
    const char *why;
};

static void unpack_root(struct volumes *v, const struct library *lib, intptr_t *root)
{
    struct arena *a = v->u->a;
    struct walk w = {.u = v->u,
                     .lib = lib,
                     .allowance = archive_allowance(v->packed, *v->u->left),
                     .seen = {.arena = a},
                     .whole = true};
    const char *dir = v->u->dir;
    if (v->read++)
        dir = path_join(a, dir, arena_printf(a, "Volume %u", v->read));
    (void)fs_add_dir(v->u->fs, dir, 0755);
    walk_folder(&w, root, dir);
}

static bool unpack_hfs(struct volumes *v, intptr_t *io, struct arena *scratch)
{
    struct held *volume = hold(scratch, libfshfs_volume_free);
    if (libfshfs_volume_initialize(&volume->handle, NULL) != 1 ||
        libfshfs_volume_open_file_io_handle(volume->handle, io, LIBFSHFS_ACCESS_FLAG_READ, NULL) !=
            1)
        return false;
    struct held *root = hold(scratch, hfs.close);
    if (libfshfs_volume_get_root_directory(volume->handle, &root->handle, NULL) != 1)
        return false;
    unpack_root(v, &hfs, root->handle);
    return true;
}

static bool unpack_apfs_volume(struct volumes *v, intptr_t *container, int i, struct arena *scratch)
{
    struct held *volume = hold(scratch, libfsapfs_volume_free);
    if (libfsapfs_container_get_volume_by_index(container, i, &volume->handle, NULL) != 1)
        return false;
    if (libfsapfs_volume_is_locked(volume->handle, NULL) != 0) {
        v->why = "a volume is encrypted";
        return false;
    }
    struct held *root = hold(scratch, apfs.close);
    if (libfsapfs_volume_get_root_directory(volume->handle, &root->handle, NULL) != 1)
        return false;
    unpack_root(v, &apfs, root->handle);
    return true;
}

static bool unpack_apfs(struct volumes *v, intptr_t *io, struct arena *scratch)
{
    struct held *container = hold(scratch, libfsapfs_container_free);
    int n = 0;
    bool good = libfsapfs_container_initialize(&container->handle, NULL) == 1 &&
                libfsapfs_container_open_file_io_handle(container->handle, io,
                                                        LIBFSAPFS_ACCESS_FLAG_READ, NULL) == 1 &&
                libfsapfs_container_get_number_of_volumes(container->handle, &n, NULL) == 1;
    for (int i = 0; good && i < n; i++)
        good = unpack_apfs_volume(v, container->handle, i, scratch);
    return good && n > 0;
}

static const struct {
    unsigned at;
    const char *magic;
    bool (*unpack)(struct volumes *v, intptr_t *io, struct arena *scratch);
} systems[] = {{1024, "H+", unpack_hfs}, {1024, "HX", unpack_hfs}, {32, "NXSB", unpack_apfs}};

static bool has_magic(const struct partition *p, unsigned at, const char *magic)
{
    uint8_t there[4];
    size_t n = strlen(magic);
    return at + n <= p->size && udif_disk_read(p->disk, p->start + at, there, n) &&
           memcmp(there, magic, n) == 0;
}

/* Partitions that never hold files of anybody's, by the kind in their name: "GPT Header (Primary GPT Header : 1)". */
static bool holds_no_files(const char *name)
{
    static const char *const kinds[] = {
        "(MBR ",         "(DDM ",          "GPT Header ",
        "GPT Table ",    "(Apple_Free",    "(Apple_partition_map",
        "(Apple_Driver", "(Apple_Patches", "(C12A7328-F81F-11D2-BA4B-00A0C93EC93B"}; /* EFI */
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strstr(name, kinds[i]))
            return true;
    return false;
}

static bool refuse(struct volumes *v, const char *why)
{
    if (!v->why)
        v->why = why;
    return false;
}

/* True when P was read, or holds no files. */
static bool unpack_partition(struct volumes *v, struct partition *p, const char *name)
{
    size_t i = 0, n = sizeof systems / sizeof *systems;
    while (i < n && !has_magic(p, systems[i].at, systems[i].magic))
        i++;
    if (i == n)
        return holds_no_files(name) ||
               refuse(v, "there is something else than HFS+ and APFS on it");
    struct arena *scratch = arena_child(v->u->a);
    struct held *io = hold(scratch, libbfio_handle_free);
    bool good = libbfio_handle_initialize(&io->handle, (intptr_t *)p, part_free, part_clone,
                                          part_open, part_close, part_read, part_write, part_seek,
                                          part_is_there, part_is_there, part_size, 0, NULL) == 1 &&
                systems[i].unpack(v, io->handle, scratch);
    arena_child_free(scratch);
    return good || refuse(v, "its file system cannot be read");
}

bool volume_unpack(struct unpacking *u, struct udif_disk *disk, uint64_t packed, const char **why)
{
    struct volumes v = {.u = u, .packed = packed};
    bool good = true;
    for (size_t i = 0; good && i < disk->partitions.n; i++) {
        const struct udif_partition *at = &disk->partitions.at[i];
        struct partition p = {disk, at->first * UDIF_SECTOR, at->count * UDIF_SECTOR, 0};
        good = unpack_partition(&v, &p, at->name);
    }
    if (good && v.read == 0)
        good = refuse(&v, "there is no file system on it");
    *why = v.why;
    return good;
}

#else

bool volume_unpack(struct unpacking *u, struct udif_disk *disk, uint64_t packed, const char **why)
{
    (void)u, (void)disk, (void)packed;
    *why = "this build has no library that reads its file system";
    return false;
}

#endif
