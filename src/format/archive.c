/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Archive: see archive.h. libarchive's readers are chosen one by one: "all" of them would run programs of the system for
 * what is not compiled in.
 */
#include "format/archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <locale.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/text.h"
#include "format/archive_fix.h"

/* -- recognising */

static bool has_magic(struct bytes file, size_t at, const char *magic, size_t n)
{
    return file.n >= at + n && memcmp(file.p + at, magic, n) == 0;
}

static const struct {
    size_t at, n;
    const char *magic;
} archive_magics[] = {
    {0, 4, "PK\3\4"},    {0, 4, "PK\5\6"}, {0, 8, "JM\1\0PK\3\4"}, {0, 6, "7z\xbc\xaf\x27\x1c"},
    {257, 5, "ustar"},   {0, 6, "070701"}, {0, 6, "070702"},       {0, 6, "070707"},
    {32769, 5, "CD001"},
};

static const struct {
    size_t n;
    const char *magic;
} stream_magics[] = {
    {2, "\x1f\x8b"},
    {3, "BZh"},
    {6, "\xfd"
        "7zXZ\0"},
    {4, "\x28\xb5\x2f\xfd"},
    {2, "\x1f\x9d"},
};

static bool is_stream(struct bytes file)
{
    for (size_t i = 0; i < sizeof stream_magics / sizeof *stream_magics; i++)
        if (has_magic(file, 0, stream_magics[i].magic, stream_magics[i].n))
            return true;
    return false;
}

/* "x.tar.gz", "x.tgz": what a compressed archive is called. */
static bool named_like_archive(const char *name)
{
    static const char *const suffixes[] = {".tgz",  ".tbz", ".tbz2", ".txz",
                                           ".tzst", ".taz", ".cpgz"};
    if (strstr(path_base(name), ".tar.") || strstr(path_base(name), ".cpio."))
        return true;
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++)
        if (text_ends(name, suffixes[i]))
            return true;
    return false;
}

bool archive_sniff(struct bytes file, const char *name)
{
    for (size_t i = 0; i < sizeof archive_magics / sizeof *archive_magics; i++)
        if (has_magic(file, archive_magics[i].at, archive_magics[i].magic, archive_magics[i].n))
            return true;
    return is_stream(file) && named_like_archive(name);
}

/* -- libarchive */

struct reading {
    struct unpacking *u;
    struct archive *archive;
    struct archive_entry *entry;
    uint64_t packed; /* size of the archive, for the ratio */
    uint64_t unpacked;
    const char *name; /* of the member, borrowed from libarchive */
    bool encrypted, whole;
};

static void release(void *archive)
{
    archive_read_free(archive);
}

/* A reader of FILE that dies with A; NULL when libarchive does not take it. */
static struct archive *open_reader(struct arena *a, struct bytes file, bool stream)
{
    struct archive *r = archive_read_new();
    if (!r)
        arena_fail(a, DS_NOMEM);
    arena_defer(a, release, r);
    archive_read_support_filter_gzip(r);
    archive_read_support_filter_bzip2(r);
    archive_read_support_filter_xz(r);
    archive_read_support_filter_lzma(r);
    archive_read_support_filter_zstd(r);
    archive_read_support_filter_compress(r);
    if (stream)
        archive_read_support_format_raw(r);
    else {
        archive_read_support_format_zip(r);
        archive_read_support_format_tar(r);
        archive_read_support_format_cpio(r);
        archive_read_support_format_7zip(r);
        archive_read_support_format_iso9660(r);
    }
    return archive_read_open_memory(r, file.p, file.n) == ARCHIVE_OK ? r : NULL;
}

/*
 * The next member and its name. libarchive converts names to the thread's character set, which is ASCII unless
 * somebody chose one: UTF-8 for these few calls.
 */
static int next_member(struct reading *r)
{
    locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    locale_t before = utf8 ? uselocale(utf8) : (locale_t)0;
    int result = archive_read_next_header(r->archive, &r->entry);
    bool there = result == ARCHIVE_OK || result == ARCHIVE_WARN;
    r->name = there ? archive_entry_pathname(r->entry) : NULL;
    if (utf8) {
        uselocale(before);
        freelocale(utf8);
    }
    return result;
}

static void report(struct reading *r, enum finding_id id, const char *member, const char *why)
{
    finding_add(r->u->f, id, r->u->at, "%s%s%s", member ? member : "", member ? ": " : "", why);
}

/* -- members */

uint64_t archive_allowance(uint64_t packed, uint64_t left)
{
    uint64_t most = packed * LIMIT_ARCHIVE_RATIO;
    most = most < LIMIT_ARCHIVE_FREE ? LIMIT_ARCHIVE_FREE : most;
    return most < left ? most : left;
}

/* May N more bytes be unpacked? Bombs are told by the ratio. */
static bool afford(struct reading *r, uint64_t n)
{
    uint64_t most = archive_allowance(r->packed, UINT64_MAX);
    if (n <= *r->u->left && r->unpacked + n <= most) {
        *r->u->left -= n;
        r->unpacked += n;
        return true;
    }
    report(r, FINDING_INPUT_LIMIT, NULL,
           n > *r->u->left ? "it unpacks to more than this program takes"
                           : "it unpacks to more than 200 times its size");
    r->whole = false;
    return false;
}

/* How large the member says it is, as far as that may be unpacked; 0 when it does not say. */
static size_t expected_size(const struct reading *r)
{
    la_int64_t size = archive_entry_size_is_set(r->entry) ? archive_entry_size(r->entry) : 0;
    uint64_t most = archive_allowance(r->packed, *r->u->left);
    return size <= 0 ? 0 : (uint64_t)size < most ? (size_t)size : (size_t)most;
}

/* The content of the member at hand. */
static bool read_content(struct reading *r, struct bytes *out)
{
    struct buf b = {.arena = r->u->a};
    size_t room = 65536;
    (void)buf_reserve(&b,
                      expected_size(r) + room); /* what was said is at hand at once, in one piece */
    for (;;) {
        la_ssize_t n = archive_read_data(r->archive, buf_reserve(&b, room), room);
        if (n < 0) {
            report(r, FINDING_ARCHIVE_FORMAT, r->name, "it cannot be read to its end");
            r->whole = false;
            return false;
        }
        if (n == 0)
            break;
        if (!afford(r, (uint64_t)n))
            return false;
        b.n += (size_t)n;
    }
    *out = buf_bytes(&b);
    return true;
}

/* NAME below the target folder; NULL when it leads out of it. */
static char *member_path(struct reading *r, const char *name)
{
    struct arena *a = r->u->a;
    char *normal = path_normal(a, name);
    if (*name == '/' || strcmp(normal, "..") == 0 || text_starts(normal, "../"))
        return NULL;
    return path_join(a, r->u->dir, normal);
}

/* Where a link at PATH leads, textually, lies in the archive. */
static bool link_stays(struct reading *r, const char *path, const char *target)
{
    struct arena *a = r->u->a;
    const char *inside = path_relative(path, r->u->dir);
    if (*target == '/' || !inside)
        return false;
    const char *end = path_normal(a, path_join(a, path_dir(a, inside), target));
    return strcmp(end, "..") != 0 && !text_starts(end, "../");
}

static enum ds_status add_link(struct reading *r, const char *path)
{
    const char *target = archive_entry_symlink(r->entry);
    if (!target)
        return DS_INVALID;
    if (!link_stays(r, path, target))
        report(r, FINDING_ARCHIVE_PATH_ESCAPE, r->name, "the link leads out of the archive");
    return fs_add_link(r->u->fs, path, arena_strdup(r->u->a, target));
}

/* A hard link: the content of a member that came before. */
static enum ds_status add_hard_link(struct reading *r, const char *path, const char *target)
{
    const char *first = member_path(r, target);
    struct bytes content;
    int error;
    if (!first || fs_map(r->u->fs, r->u->a, first, &content, &error) != DS_OK)
        return DS_INVALID;
    return fs_add_file(r->u->fs, path, archive_entry_perm(r->entry), content);
}

static enum ds_status add_file(struct reading *r, const char *path)
{
    struct bytes content;
    if (archive_entry_is_data_encrypted(r->entry)) {
        if (!r->encrypted)
            report(r, FINDING_ARCHIVE_ENCRYPTED, r->name, "its content cannot be read");
        r->encrypted = true;
        return DS_OK;
    }
    if (!read_content(r, &content))
        return DS_OK;
    return fs_add_file(r->u->fs, path, archive_entry_perm(r->entry), content);
}

static enum ds_status add_member(struct reading *r, const char *path)
{
    const char *hard_link = archive_entry_hardlink(r->entry);
    if (hard_link)
        return add_hard_link(r, path, hard_link);
    switch (archive_entry_filetype(r->entry)) {
    case AE_IFDIR: return fs_add_dir(r->u->fs, path, archive_entry_perm(r->entry));
    case AE_IFLNK: return add_link(r, path);
    case AE_IFREG: return add_file(r, path);
    default: return fs_add_other(r->u->fs, path);
    }
}

static void take_member(struct reading *r)
{
    if (!r->name || *r->name == '\0') {
        report(r, FINDING_ARCHIVE_FORMAT, NULL, "a member has no readable name");
        r->whole = false;
        return;
    }
    const char *path = member_path(r, r->name);
    if (!path)
        report(r, FINDING_ARCHIVE_PATH_ESCAPE, r->name, "its name leads out of the archive");
    else if (strcmp(path, r->u->dir) != 0 && add_member(r, path) != DS_OK)
        report(r, FINDING_ARCHIVE_PATH_ESCAPE, r->name,
               "its name leads through something that is no folder");
}

/* A jmod is a zip behind four bytes. */
static struct bytes without_jmod_header(struct bytes file)
{
    struct bytes zip = file;
    if (has_magic(file, 0, "JM\1\0", 4))
        (void)bytes_part(file, 4, file.n - 4, &zip);
    return zip;
}

static void read_members(struct reading *r)
{
    for (size_t count = 0; r->whole; count++) {
        int result = next_member(r);
        if (result == ARCHIVE_EOF)
            return;
        if (result != ARCHIVE_OK && result != ARCHIVE_WARN) {
            const char *why = archive_error_string(r->archive);
            report(r, FINDING_ARCHIVE_FORMAT, NULL, why ? why : "it cannot be read");
            r->whole = false;
        } else if (count >= LIMIT_TREE_NODES) {
            report(r, FINDING_INPUT_LIMIT, NULL, "it has more members than this program takes");
            r->whole = false;
        } else {
            take_member(r);
        }
    }
}

bool archive_unpack(struct unpacking *u, struct bytes file)
{
    struct arena *scratch = arena_child(u->a);
    struct reading r = {.u = u, .packed = file.n, .whole = true};
    r.archive = open_reader(scratch, without_jmod_header(file), false);
    if (r.archive) {
        read_members(&r);
    } else {
        report(&r, FINDING_ARCHIVE_FORMAT, NULL, "it is of no kind this program reads");
        r.whole = false;
    }
    arena_child_free(scratch);
    archive_fix(u);
    return r.whole;
}

/* -- single streams */

bool archive_expand(struct arena *a, struct bytes data, uint64_t most, struct bytes *out)
{
    struct arena *scratch = arena_child(a);
    struct findings quiet = {.arena = a};
    struct unpacking u = {.a = a, .f = &quiet, .left = &most};
    struct reading r = {.u = &u, .packed = data.n, .whole = true};
    r.archive = is_stream(data) ? open_reader(scratch, data, true) : NULL;
    *out = bytes_of(NULL, 0);
    bool good = r.archive && next_member(&r) == ARCHIVE_OK && read_content(&r, out);
    arena_child_free(scratch);
    return good;
}
