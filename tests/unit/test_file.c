/* SPDX-License-Identifier: Apache-2.0 */
/* File access: memory and disk file systems behave alike, links are never followed unasked, writing out. */
#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/text.h"

Suite *file_suite(void);

/* Each test runs in an arena, with a directory of its own below the build directory. */
struct scene {
    struct arena *a;
    char dir[4096];
};

static void remove_tree(const char *dir)
{
    char command[5000];
    snprintf(command, sizeof command, "chmod -R u+rwx '%s' && rm -rf '%s'", dir, dir);
    ck_assert_int_eq(system(command), 0);
}

static void in_scene(enum ds_status (*work)(void *arg))
{
    struct scene s = {.a = arena_new(0)};
    char cwd[3000];
    ck_assert_ptr_nonnull(getcwd(cwd, sizeof cwd));
    snprintf(s.dir, sizeof s.dir, "%s/test_file.XXXXXX", cwd);
    ck_assert_ptr_nonnull(mkdtemp(s.dir));
    ck_assert_int_eq(arena_run(s.a, work, &s), DS_OK);
    arena_free(s.a);
    remove_tree(s.dir);
}

static struct fs *sample(struct arena *a)
{
    struct fs *m = fs_memory(a);
    ck_assert_int_eq(fs_add_file(m, "/a/b/two.txt", 0644, bytes_str("two")), DS_OK);
    ck_assert_int_eq(fs_add_file(m, "/a/b/one.txt", 0755, bytes_str("one")), DS_OK);
    ck_assert_int_eq(fs_add_link(m, "/a/link", "b"), DS_OK);
    ck_assert_int_eq(fs_add_link(m, "/a/b/up", "../../a/b/one.txt"), DS_OK);
    ck_assert_int_eq(fs_add_link(m, "/a/out", "../../etc"), DS_OK);
    ck_assert_int_eq(fs_add_link(m, "/a/abs", "/a/b/two.txt"), DS_OK);
    ck_assert_int_eq(fs_add_link(m, "/a/loop", "loop2"), DS_OK);
    ck_assert_int_eq(fs_add_link(m, "/a/loop2", "loop"), DS_OK);
    ck_assert_int_eq(fs_add_link(m, "/a/gone", "nothing/here"), DS_OK);
    ck_assert_int_eq(fs_add_other(m, "/a/pipe"), DS_OK);
    ck_assert_int_eq(fs_add_dir(m, "/a/empty", 0700), DS_OK);
    ck_assert_int_eq(fs_add_xattr(m, "/a/b/one.txt", "com.apple.cs.CodeDirectory", bytes_str("x")),
                     DS_OK);
    return m;
}

/* What must hold of the sample below PREFIX of any file system. */
static void check_sample(struct arena *a, struct fs *fs, const char *prefix)
{
    struct node node;
    struct name_vec names;
    struct bytes content;
    char *text;
    int error = 0;
#define AT(path) path_join(a, prefix, path)
    ck_assert_int_eq(fs_stat(fs, AT("a/b/one.txt"), &node, &error), DS_OK);
    ck_assert_int_eq(node.kind, NODE_FILE);
    ck_assert_uint_eq(node.mode, 0755);
    ck_assert_uint_eq(node.size, 3);
    ck_assert_int_eq(fs_stat(fs, AT("a/link/one.txt"), &node, &error), DS_OK);
    ck_assert_int_eq(node.kind, NODE_NONE);
    ck_assert_int_eq(fs_stat(fs, AT("a/b/one.txt/x"), &node, &error), DS_OK);
    ck_assert_int_eq(node.kind, NODE_NONE);
    ck_assert_int_eq(fs_stat(fs, AT("a/link"), &node, &error), DS_OK);
    ck_assert_int_eq(node.kind, NODE_LINK);
    ck_assert(fs_is_dir(fs, AT("a/empty")));
    ck_assert(!fs_exists(fs, AT("a/emptyx")));

    ck_assert_int_eq(fs_list(fs, a, AT("a/b"), &names, &error), DS_OK);
    ck_assert_uint_eq(names.n, 3);
    ck_assert_str_eq(names.at[0], "one.txt");
    ck_assert_str_eq(names.at[2], "up");
    ck_assert_int_eq(fs_list(fs, a, AT("a/none"), &names, &error), DS_IO);
    ck_assert_int_eq(error, ENOENT);
    ck_assert_int_eq(fs_list(fs, a, AT("a/link"), &names, &error), DS_IO);

    ck_assert_int_eq(fs_map(fs, a, AT("a/b/two.txt"), &content, &error), DS_OK);
    ck_assert(bytes_is(content, "two"));
    ck_assert_int_eq(fs_map(fs, a, AT("a/b"), &content, &error), DS_IO);
    ck_assert_int_eq(error, EISDIR);
    ck_assert_int_eq(fs_map(fs, a, AT("a/b/up"), &content, &error), DS_IO);
    ck_assert_int_eq(error, ELOOP);
    ck_assert_int_eq(fs_map(fs, a, AT("a/pipe"), &content, &error), DS_IO);
    ck_assert_int_eq(error, ENODEV);
    ck_assert_int_eq(fs_map(fs, a, AT("zz"), &content, &error), DS_IO);
    ck_assert_int_eq(error, ENOENT);
    ck_assert_int_eq(fs_readlink(fs, a, AT("a/link"), &text, &error), DS_OK);
    ck_assert_str_eq(text, "b");
    ck_assert_int_eq(fs_readlink(fs, a, AT("a/b"), &text, &error), DS_IO);
}

static enum ds_status memory(void *arg)
{
    struct scene *s = arg;
    struct fs *m = sample(s->a);
    struct xattr_vec x;
    int error;
    check_sample(s->a, m, "/");
    ck_assert_int_eq(fs_xattrs(m, s->a, "/a/b/one.txt", &x, &error), DS_OK);
    ck_assert_uint_eq(x.n, 1);
    ck_assert_int_eq(fs_add_xattr(m, "/a/b/one.txt", x.at[0].name, bytes_str("y")), DS_OK);
    ck_assert_int_eq(fs_xattrs(m, s->a, "/a/b/one.txt", &x, &error), DS_OK);
    ck_assert(x.n == 1 && bytes_is(x.at[0].value, "y"));
    ck_assert_int_eq(fs_xattrs(m, s->a, "/none", &x, &error), DS_IO);
    ck_assert_int_eq(fs_add_xattr(m, "/none", "n", bytes_str("y")), DS_IO);
    return DS_OK;
}

START_TEST(memory_answers)
{
    in_scene(memory);
}
END_TEST

static enum ds_status edits(void *arg)
{
    struct scene *s = arg;
    struct fs *m = sample(s->a);
    struct node node;
    struct name_vec names;
    int error;
    ck_assert_int_eq(fs_add_file(m, "/a/b", 0644, bytes_str("")), DS_INVALID);
    ck_assert_int_eq(fs_add_file(m, "/a/b/one.txt/x", 0644, bytes_str("")), DS_INVALID);
    ck_assert_int_eq(fs_add_file(m, "/", 0644, bytes_str("")), DS_INVALID);
    ck_assert_int_eq(fs_add_dir(m, "/a/pipe", 0755), DS_INVALID);
    ck_assert_int_eq(fs_add_dir(m, "/", 0700), DS_OK);
    ck_assert_int_eq(fs_rename(m, "/a", "/a/b/c"), DS_INVALID);
    ck_assert_int_eq(fs_rename(m, "/nope", "/x"), DS_IO);
    ck_assert_int_eq(fs_rename(m, "/a/b", "/a/b"), DS_OK);
    ck_assert_int_eq(fs_rename(m, "/a/b", "/new/c"), DS_OK);
    ck_assert(fs_exists(m, "/new/c/one.txt") && !fs_exists(m, "/a/b"));
    ck_assert_int_eq(fs_rename(m, "/new/c/one.txt", "/new/c/two.txt"), DS_OK);
    ck_assert_int_eq(fs_stat(m, "/new/c/two.txt", &node, &error), DS_OK);
    ck_assert_uint_eq(node.mode, 0755);
    ck_assert_int_eq(fs_set_mode(m, "/new/c/two.txt", 0600), DS_OK);
    ck_assert_int_eq(fs_set_mode(m, "/none", 0600), DS_IO);
    ck_assert_int_eq(fs_remove(m, "/a"), DS_OK);
    ck_assert_int_eq(fs_remove(m, "/a"), DS_IO);
    ck_assert_int_eq(fs_remove(m, "/"), DS_INVALID);
    ck_assert(!fs_exists(m, "/a/link"));
    ck_assert_int_eq(fs_list(m, s->a, "/", &names, &error), DS_OK);
    ck_assert_uint_eq(names.n, 1);
    ck_assert_int_eq(fs_add_file(fs_disk(s->a), "/x", 0, bytes_str("")), DS_INVALID);
    ck_assert_int_eq(fs_remove(fs_disk(s->a), "/x"), DS_INVALID);
    return DS_OK;
}

START_TEST(memory_changes)
{
    in_scene(edits);
}
END_TEST

static enum ds_status disk(void *arg)
{
    struct scene *s = arg;
    struct fs *d = fs_disk(s->a);
    struct bytes content;
    struct node node;
    int error = 0;
    char *path;
    ck_assert_int_eq(fs_write(sample(s->a), "/", s->dir, &error), DS_OK);
    check_sample(s->a, d, s->dir);
    /* Written again over itself: links are replaced, not followed. */
    ck_assert_int_eq(fs_write(sample(s->a), "/", s->dir, &error), DS_OK);
    check_sample(s->a, d, s->dir);
    ck_assert_int_eq(fs_write(sample(s->a), "/a/b/one.txt", s->dir, &error), DS_OK);
    ck_assert(fs_exists(d, path_join(s->a, s->dir, "one.txt")));
    ck_assert_int_eq(fs_write(sample(s->a), "/none", s->dir, &error), DS_IO);
    ck_assert_int_eq(error, ENOENT);
    /* A directory in the place of a file is in the way. */
    path = path_join(s->a, s->dir, "a/b/one.txt");
    ck_assert(unlink(path) == 0 && mkdir(path, 0755) == 0);
    ck_assert_int_eq(fs_write(sample(s->a), "/", s->dir, &error), DS_IO);
    /* Large files are mapped. */
    struct fs *m = fs_memory(s->a);
    uint8_t *big = arena_alloc(s->a, 300000);
    big[299999] = 7;
    fs_add_file(m, "/big/big", 0400, bytes_of(big, 300000));
    ck_assert_int_eq(fs_write(m, "/", path_join(s->a, s->dir, "deeper/still"), &error), DS_OK);
    path = path_join(s->a, s->dir, "deeper/still/big/big");
    ck_assert_int_eq(fs_map(d, s->a, path, &content, &error), DS_OK);
    ck_assert(bytes_equal(content, bytes_of(big, 300000)));
    /* A directory that was replaced behind our back is looked up anew. */
    ck_assert_int_eq(fs_stat(d, path, &node, &error), DS_OK);
    remove_tree(path_join(s->a, s->dir, "deeper/still/big"));
    ck_assert(!fs_exists(d, path));
    ck_assert_int_eq(fs_write(m, "/", path_join(s->a, s->dir, "deeper/still"), &error), DS_OK);
    ck_assert(fs_exists(d, path));
    ck_assert_int_eq(fs_stat(d, "relative", &node, &error), DS_IO);
    return DS_OK;
}

START_TEST(disk_answers)
{
    in_scene(disk);
}
END_TEST

/* A snapshot answers as what it is of, above its root too, and goes on to do so when that changes. */
static enum ds_status snapshot(void *arg)
{
    struct scene *s = arg;
    struct fs *m = sample(s->a), *root = fs_snapshot(s->a, m, "/"), *part, *disk;
    struct xattr_vec x;
    struct node node, before;
    char *text;
    int error = 0;
    check_sample(s->a, root, "/");
    part = fs_snapshot(s->a, m, "/a/b");
    check_sample(s->a, part, "/");
    ck_assert_int_eq(fs_write(m, "/", s->dir, &error), DS_OK);
    disk = fs_snapshot(s->a, fs_disk(s->a), s->dir);
    check_sample(s->a, disk, s->dir);
    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(fs_xattrs(root, s->a, "/a/b/one.txt", &x, &error), DS_OK);
        ck_assert_uint_eq(x.n, 1);
        ck_assert_int_eq(fs_xattrs(root, s->a, "/a/b/two.txt", &x, &error), DS_OK);
        ck_assert_uint_eq(x.n, 0);
    }
    ck_assert_int_eq(fs_stat(m, "/a/b/two.txt", &before, &error), DS_OK);
    ck_assert_int_eq(fs_remove(m, "/a/b/two.txt"), DS_OK);
    ck_assert_int_eq(fs_remove(m, "/a/link"), DS_OK);
    ck_assert_int_eq(fs_stat(root, "/a/b/two.txt", &node, &error), DS_OK);
    ck_assert(node.device == before.device && node.inode == before.inode && node.size == 3);
    ck_assert_int_eq(fs_readlink(root, s->a, "/a/link", &text, &error), DS_OK);
    ck_assert(!fs_exists(m, "/a/b/two.txt") && !fs_exists(part, "/a/link"));
    return DS_OK;
}

START_TEST(snapshots_answer_alike)
{
    in_scene(snapshot);
}
END_TEST

static enum ds_status attributes(void *arg)
{
    struct scene *s = arg;
    struct fs *d = fs_disk(s->a);
    struct xattr_vec x;
    int error = 0;
    ck_assert_int_eq(fs_write(sample(s->a), "/", s->dir, &error), DS_OK);
    const char *path = path_join(s->a, s->dir, "a/b/one.txt");
    ck_assert_int_eq(fs_xattrs(d, s->a, path_join(s->a, s->dir, "a/link"), &x, &error), DS_OK);
    ck_assert_uint_eq(x.n, 0);
    ck_assert_int_eq(fs_xattrs(d, s->a, path_join(s->a, s->dir, "none"), &x, &error), DS_IO);
    if (getxattr(path, "user.com.apple.cs.CodeDirectory", NULL, 0) < 0)
        return DS_OK; /* this file system keeps none */
    ck_assert_int_eq(fs_xattrs(d, s->a, path, &x, &error), DS_OK);
    ck_assert_uint_eq(x.n, 1);
    ck_assert_str_eq(x.at[0].name, "com.apple.cs.CodeDirectory");
    ck_assert(bytes_is(x.at[0].value, "x"));
    return DS_OK;
}

START_TEST(attributes_keep_their_mac_names)
{
    in_scene(attributes);
}
END_TEST

static const struct {
    const char *path, *jail, *resolved;
    int error;
} resolve_rows[] = {
    {"/a/link/one.txt", NULL, "/a/b/one.txt", 0},
    {"/a/link/up", NULL, "/a/b/one.txt", 0},
    {"/a/link/up", "/a", NULL, EXDEV}, /* leaves for a moment */
    {"/a/link/one.txt", "/a", "/a/b/one.txt", 0},
    {"/a/abs", "/a", "/a/b/two.txt", 0},
    {"/a/abs", "/a/b", NULL, EXDEV},
    {"/a/abs", "/a/abs", NULL, 0}, /* the jail itself is not looked at */
    {"/a/out", "/a", NULL, EXDEV},
    {"/a/out", NULL, NULL, ENOENT},
    {"/a/loop", NULL, NULL, ELOOP},
    {"/a/gone", NULL, NULL, ENOENT},
    {"/a/b/one.txt/x", NULL, NULL, ENOTDIR},
    {"/a/b/./../b//two.txt", NULL, "/a/b/two.txt", 0},
    {"/", NULL, "/", 0},
};

static enum ds_status resolve(void *arg)
{
    struct scene *s = arg;
    struct fs *m = sample(s->a);
    for (size_t i = 0; i < sizeof resolve_rows / sizeof *resolve_rows; i++) {
        char *out;
        int error = fs_resolve(m, s->a, resolve_rows[i].path, resolve_rows[i].jail, &out);
        ck_assert_msg(error == resolve_rows[i].error, "%s: errno %d", resolve_rows[i].path, error);
        ck_assert((out != NULL) == (error == 0));
        if (resolve_rows[i].resolved)
            ck_assert_str_eq(out, resolve_rows[i].resolved);
    }
    return DS_OK;
}

START_TEST(links_are_followed_within_bounds)
{
    in_scene(resolve);
}
END_TEST

/* N links one behind the other: 33 are followed, as a Mac does. */
static enum ds_status hops(void *arg)
{
    struct scene *s = arg;
    struct fs *m = fs_memory(s->a);
    char *out;
    fs_add_file(m, "/0", 0644, bytes_str(""));
    for (int i = 1; i <= LIMIT_SYMLINK_HOPS + 1; i++)
        fs_add_link(m, arena_printf(s->a, "/%d", i), arena_printf(s->a, "%d", i - 1));
    ck_assert_int_eq(fs_resolve(m, s->a, "/33", NULL, &out), 0);
    ck_assert_int_eq(fs_resolve(m, s->a, "/34", NULL, &out), ELOOP);
    return DS_OK;
}

START_TEST(hops_are_counted)
{
    in_scene(hops);
}
END_TEST

static enum ds_status many(void *arg)
{
    struct scene *s = arg;
    struct fs *m = fs_memory(s->a);
    struct name_vec names;
    char path[64];
    int error;
    clock_t start = clock();
    for (int i = 0; i < 100000; i++) {
        snprintf(path, sizeof path, "/Resources/%d.txt", i * 7919 % 100000);
        ck_assert_int_eq(fs_add_file(m, path, 0644, bytes_str("x")), DS_OK);
    }
    ck_assert_int_eq(fs_list(m, s->a, "/Resources", &names, &error), DS_OK);
    ck_assert_uint_eq(names.n, 100000);
    ck_assert_msg(clock() - start < 5 * CLOCKS_PER_SEC, "slow");
    return DS_OK;
}

START_TEST(large_directories_are_quick)
{
    in_scene(many);
}
END_TEST

/* Every allocation may fail; nothing is lost or left open (the sanitizers watch). */
static enum ds_status walk_once(void *arg)
{
    struct scene *s = arg;
    struct fs *d = fs_disk(s->a);
    struct name_vec names;
    struct xattr_vec x;
    struct bytes content;
    char *out;
    int error;
    (void)fs_list(d, s->a, s->dir, &names, &error);
    (void)fs_xattrs(d, s->a, s->dir, &x, &error);
    (void)fs_map(d, s->a, path_join(s->a, s->dir, "a/b/one.txt"), &content, &error);
    (void)fs_resolve(d, s->a, path_join(s->a, s->dir, "a/link/up"), NULL, &out);
    (void)fs_resolve(fs_snapshot(s->a, d, s->dir), s->a, path_join(s->a, s->dir, "a/link/up"), NULL,
                     &out);
    (void)sample(s->a);
    return DS_OK;
}

static enum ds_status failing(void *arg)
{
    struct scene *s = arg;
    int error;
    ck_assert_int_eq(fs_write(sample(s->a), "/", s->dir, &error), DS_OK);
    enum ds_status status = DS_NOMEM;
    for (size_t n = 1; status == DS_NOMEM; n++) {
        struct scene inner = *s;
        inner.a = arena_new(0);
        arena_fail_after(inner.a, n);
        status = arena_run(inner.a, walk_once, &inner);
        arena_free(inner.a);
        ck_assert(n < 1000);
    }
    return status;
}

START_TEST(allocation_failures_are_survived)
{
    in_scene(failing);
}
END_TEST

Suite *file_suite(void)
{
    Suite *suite = suite_create("file");
    TCase *tc = tcase_create("file");

    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, memory_answers);
    tcase_add_test(tc, memory_changes);
    tcase_add_test(tc, disk_answers);
    tcase_add_test(tc, snapshots_answer_alike);
    tcase_add_test(tc, attributes_keep_their_mac_names);
    tcase_add_test(tc, links_are_followed_within_bounds);
    tcase_add_test(tc, hops_are_counted);
    tcase_add_test(tc, large_directories_are_quick);
    tcase_add_test(tc, allocation_failures_are_survived);
    suite_add_tcase(suite, tc);
    return suite;
}
