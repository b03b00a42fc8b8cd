/* SPDX-License-Identifier: Apache-2.0 */
/* Archives: what is unpacked and how, names and links that lead out, bombs, companions, lost links. */
#include <archive.h>
#include <archive_entry.h>
#include <check.h>

#include "base/limits.h"
#include "flush.h"
#include "format/appledouble.h"
#include "format/archive.h"
#include "in_arena.h"
#include "shared_files.h"

Suite *format_archive_suite(void);

struct member {
    const char *name;
    const char *content; /* NULL: a folder */
    const char *link, *hard_link;
};

/* MEMBERS, ended by one without name, as a tar (or zip). */
static struct bytes pack(struct arena *a, const struct member *members, bool zip)
{
    static const size_t room = 1 << 20;
    size_t used = 0;
    uint8_t *out = arena_alloc(a, room);
    struct archive *w = archive_write_new();
    if (zip)
        archive_write_set_format_zip(w);
    else
        archive_write_set_format_gnutar(w);
    archive_write_open_memory(w, out, room, &used);
    for (const struct member *m = members; m->name; m++) {
        struct archive_entry *e = archive_entry_new();
        archive_entry_set_pathname(e, m->name);
        archive_entry_set_perm(e, 0755);
        archive_entry_set_filetype(e, m->link ? AE_IFLNK : m->content ? AE_IFREG : AE_IFDIR);
        if (m->link)
            archive_entry_set_symlink(e, m->link);
        if (m->hard_link)
            archive_entry_set_hardlink(e, m->hard_link);
        bool body = m->content && !m->hard_link && !m->link;
        archive_entry_set_size(e, body ? (la_int64_t)strlen(m->content) : 0);
        ck_assert_int_ge(archive_write_header(w, e), ARCHIVE_WARN);
        if (body)
            archive_write_data(w, m->content, strlen(m->content));
        archive_entry_free(e);
    }
    ck_assert_int_eq(archive_write_close(w), ARCHIVE_OK);
    archive_write_free(w);
    return bytes_of(out, used);
}

struct unpacked {
    struct fs *fs;
    struct findings f;
    uint64_t left;
    bool whole;
};

static struct unpacked *unpack(struct arena *a, struct bytes file)
{
    struct unpacked *x = arena_new_of(a, struct unpacked);
    uint8_t *copy = flush_copy(file.p, file.n);
    arena_defer(a, free, copy - 1);
    x->fs = fs_memory(a);
    x->f.arena = a;
    x->left = 100 << 20;
    struct unpacking u = {a, x->fs, "/", &x->f, place_path("x.zip"), &x->left, false};
    x->whole = archive_unpack(&u, bytes_of(copy, file.n));
    return x;
}

static const char *text_at(struct arena *a, struct fs *fs, const char *path)
{
    struct bytes content;
    int error;
    return fs_map(fs, a, path, &content, &error) == DS_OK ? bytes_cstr(a, content) : NULL;
}

static const struct member tree[] = {
    {"./A.app", NULL, NULL, NULL},
    {"./A.app/Contents/file", "hello", NULL, NULL},
    {"./A.app/Contents/ü", "umlaut", NULL, NULL},
    {"A.app/Contents/link", "", "file", NULL},
    {"A.app/Contents/same", "", NULL, "A.app/Contents/file"},
    {NULL, NULL, NULL, NULL},
};

static void check_tree(struct arena *a, const struct unpacked *x)
{
    struct node node;
    int error;
    char *target;
    ck_assert_msg(x->whole && x->f.list.n == 0, "%s",
                  x->f.list.n ? x->f.list.at[0]->detail : "not whole");
    ck_assert_pstr_eq(text_at(a, x->fs, "/A.app/Contents/file"), "hello");
    ck_assert_pstr_eq(text_at(a, x->fs, "/A.app/Contents/ü"), "umlaut");
    ck_assert_int_eq(fs_readlink(x->fs, a, "/A.app/Contents/link", &target, &error), DS_OK);
    ck_assert_str_eq(target, "file");
    ck_assert_int_eq(fs_stat(x->fs, "/A.app/Contents/file", &node, &error), DS_OK);
    ck_assert_uint_eq(node.mode, 0755);
}

static enum ds_status trees(void *arg)
{
    struct arena *a = arg;
    struct unpacked *tar = unpack(a, pack(a, tree, false)), *zip = unpack(a, pack(a, tree, true));
    check_tree(a, tar);
    ck_assert_pstr_eq(text_at(a, tar->fs, "/A.app/Contents/same"), "hello");
    check_tree(a, zip);
    return DS_OK;
}

/* -- what leads out */

static const struct member escapes[][4] = {
    {{"../x", "evil", NULL, NULL}},      {{"/etc/x", "evil", NULL, NULL}},
    {{"a/../../x", "evil", NULL, NULL}}, {{"a", "", "../x", NULL}},
    {{"a", "", "/etc", NULL}},           {{"a", "", "b", NULL}, {"a/x", "evil", NULL, NULL}},
    {{"a", "", NULL, "../x"}},
};

static enum ds_status escaping(void *arg)
{
    for (size_t i = 0; i < sizeof escapes / sizeof *escapes; i++) {
        struct unpacked *x = unpack(arg, pack(arg, escapes[i], false));
        ck_assert_msg(findings_find(&x->f, FINDING_ARCHIVE_PATH_ESCAPE) != NULL, "row %zu", i);
        ck_assert(!fs_exists(x->fs, "/x") && !fs_exists(x->fs, "/etc/x") &&
                  !fs_exists(x->fs, "/b"));
    }
    return DS_OK;
}

/* -- damage and bombs */

static enum ds_status damaged(void *arg)
{
    struct bytes good = pack(arg, tree, true);
    for (size_t i = 0; i < good.n; i += 7) {
        struct arena *a = arena_child(arg);
        (void)unpack(a, bytes_of(good.p, i));
        arena_child_free(a);
    }
    uint8_t *locked = arena_copy(arg, good.p, good.n);
    for (size_t i = 0; i + 10 < good.n; i++) {
        if (memcmp(locked + i, "PK\3\4", 4) == 0)
            locked[i + 6] |= 1;
        if (memcmp(locked + i, "PK\1\2", 4) == 0)
            locked[i + 8] |= 1;
    }
    struct unpacked *x = unpack(arg, bytes_of(locked, good.n));
    ck_assert(findings_find(&x->f, FINDING_ARCHIVE_ENCRYPTED) != NULL);
    x = unpack(arg, bytes_str("PK\3\4 nothing"));
    ck_assert(!x->whole && findings_find(&x->f, FINDING_ARCHIVE_FORMAT) != NULL);
    return DS_OK;
}

/* 64 MB of zeros in 10 kB. */
static struct bytes bomb(struct arena *a)
{
    static const size_t room = 1 << 20, size = 64 << 20;
    static const uint8_t zeros[1 << 16];
    size_t used = 0;
    uint8_t *out = arena_alloc(a, room);
    struct archive *w = archive_write_new();
    struct archive_entry *e = archive_entry_new();
    archive_write_set_format_pax_restricted(w);
    archive_write_add_filter_xz(w);
    archive_write_open_memory(w, out, room, &used);
    archive_entry_set_pathname(e, "zeros");
    archive_entry_set_filetype(e, AE_IFREG);
    archive_entry_set_size(e, (la_int64_t)size);
    archive_write_header(w, e);
    for (size_t i = 0; i < size; i += sizeof zeros)
        archive_write_data(w, zeros, sizeof zeros);
    archive_entry_free(e);
    archive_write_close(w);
    archive_write_free(w);
    return bytes_of(out, used);
}

static enum ds_status bombs(void *arg)
{
    struct unpacked *x = unpack(arg, bomb(arg));
    ck_assert(!x->whole && findings_find(&x->f, FINDING_INPUT_LIMIT) != NULL);
    ck_assert(!fs_exists(x->fs, "/zeros"));
    return DS_OK;
}

/* -- companions and lost links */

/* Finder information, com.apple.cs.Test = "data", resource fork "frk". */
static const uint8_t companion[] = {
    0x00, 0x05, 0x16, 0x07, 0x00, 0x02, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0x09, 0x00, 0x00,
    0x00, 0x32, 0x00, 0x00, 0x00, 0x6a, 0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0x9c, 0x00, 0x00,
    0x00, 0x03, 0x54, 0x45, 0x58, 0x54, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x41, 0x54, 0x54, 0x52, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x9c,
    0x00, 0x00, 0x00, 0x98, 0x00, 0x00, 0x00, 0x04, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x98, 0x00, 0x00, 0x00, 0x04,
    0x00, 0x00, 0x12, 0x63, 0x6f, 0x6d, 0x2e, 0x61, 0x70, 0x70, 0x6c, 0x65, 0x2e, 0x63, 0x73, 0x2e,
    0x54, 0x65, 0x73, 0x74, 0x00, 0x00, 0x00, 0x00, 0x64, 0x61, 0x74, 0x61, 0x66, 0x72, 0x6b,
};

static enum ds_status companions(void *arg)
{
    struct xattr_vec found = {0};
    for (size_t n = 0; n <= sizeof companion; n++) {
        uint8_t *copy = flush_copy(companion, n);
        found.n = 0;
        bool whole = appledouble_parse(arg, bytes_of(copy, n), &found);
        ck_assert(whole == (n == sizeof companion));
        if (whole) {
            ck_assert_uint_eq(found.n, 3);
            ck_assert_str_eq(found.at[0].name, "com.apple.FinderInfo");
            ck_assert_str_eq(found.at[1].name, "com.apple.cs.Test");
            ck_assert(bytes_is(found.at[1].value, "data"));
            ck_assert(bytes_is(found.at[2].value, "frk"));
        }
        flush_free(copy);
    }
    return DS_OK;
}

static const struct member lost[] = {
    {"F.framework/Versions/A/F", "code", NULL, NULL},
    {"F.framework/Versions/Current", "A", NULL, NULL},
    {"F.framework/F", "Versions/Current/F", NULL, NULL},
    {NULL, NULL, NULL, NULL},
};

static enum ds_status lost_links(void *arg)
{
    struct unpacked *x = unpack(arg, pack(arg, lost, true));
    ck_assert_uint_eq(x->f.list.n, 1);
    ck_assert_int_eq(x->f.list.at[0]->id, FINDING_ARCHIVE_LINKS_LOST);
    ck_assert_str_eq(x->f.list.at[0]->detail, "F.framework");
    return DS_OK;
}

/* The real ones, with a companion merged into its file. */
static enum ds_status real(void *arg)
{
    struct bytes file;
    if (!shared_read(arg, "real/ipa/very-capable-app.ipa", &file))
        return DS_OK;
    ck_assert(archive_sniff(file, "x.ipa"));
    struct unpacked *x = unpack(arg, file);
    ck_assert(x->whole && fs_is_dir(x->fs, "/Payload"));
    return DS_OK;
}

static enum ds_status streams(void *arg)
{
    struct bytes out;
    static const char gz[] =
        "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xcb\x48\xcd\xc9\xc9\x07\x00\x86"
        "\xa6\x10\x36\x05\x00\x00\x00";
    ck_assert(archive_expand(arg, bytes_of(gz, sizeof gz - 1), 100, &out));
    ck_assert(bytes_is(out, "hello"));
    ck_assert(!archive_expand(arg, bytes_of(gz, sizeof gz - 1), 4, &out));
    ck_assert(!archive_expand(arg, bytes_of(gz, 12), 100, &out));
    ck_assert(!archive_expand(arg, bytes_str("hello"), 100, &out));
    ck_assert(!archive_sniff(bytes_of(gz, 20), "x.gz") && archive_sniff(bytes_of(gz, 20), "x.tgz"));
    return DS_OK;
}

ARENA_TEST(archives_are_unpacked, trees)
ARENA_TEST(nothing_leads_out, escaping)
ARENA_TEST(damage_is_reported, damaged)
ARENA_TEST(bombs_are_refused, bombs)
ARENA_TEST(companions_become_attributes, companions)
ARENA_TEST(lost_links_are_noticed, lost_links)
ARENA_TEST(real_archives_are_unpacked, real)
ARENA_TEST(streams_are_expanded, streams)

Suite *format_archive_suite(void)
{
    Suite *s = suite_create("format_archive");
    TCase *t = tcase_create("archive");
    tcase_set_timeout(t, 60);
    tcase_add_test(t, archives_are_unpacked);
    tcase_add_test(t, nothing_leads_out);
    tcase_add_test(t, damage_is_reported);
    tcase_add_test(t, bombs_are_refused);
    tcase_add_test(t, companions_become_attributes);
    tcase_add_test(t, lost_links_are_noticed);
    tcase_add_test(t, real_archives_are_unpacked);
    tcase_add_test(t, streams_are_expanded);
    suite_add_tcase(s, t);
    return s;
}
