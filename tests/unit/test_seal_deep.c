/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Deep trees: bundles in bundles in bundles. What is asked of the file system grows with the number of files and of code, and
 * no faster; and code is read to a depth that has a limit, which is told.
 */
#include <check.h>

#include "base/limits.h"
#include "seal/code.h"
#include "tree_bytes.h"

Suite *seal_deep_suite(void);

/* A file system that counts what is asked of another. */
struct counting {
    struct fs fs;
    struct fs *under;
    size_t calls, lists;
};

static struct fs *counted(struct fs *fs)
{
    struct counting *c = fs->self;
    c->calls++;
    return c->under;
}

static enum ds_status count_stat(struct fs *fs, const char *path, struct node *out, int *error)
{
    return fs_stat(counted(fs), path, out, error);
}

static enum ds_status count_list(struct fs *fs, struct arena *a, const char *path,
                                 struct name_vec *out, int *error)
{
    ((struct counting *)fs->self)->lists++;
    return fs_list(counted(fs), a, path, out, error);
}

static enum ds_status count_map(struct fs *fs, struct arena *a, const char *path, struct bytes *out,
                                int *error)
{
    return fs_map(counted(fs), a, path, out, error);
}

static enum ds_status count_readlink(struct fs *fs, struct arena *a, const char *path, char **out,
                                     int *error)
{
    return fs_readlink(counted(fs), a, path, out, error);
}

static enum ds_status count_xattrs(struct fs *fs, struct arena *a, const char *path,
                                   struct xattr_vec *out, int *error)
{
    return fs_xattrs(counted(fs), a, path, out, error);
}

static const struct fs_ops count_ops = {count_stat, count_list, count_map, count_readlink,
                                        count_xattrs};

/* Read /Example.app of FS thoroughly; *CALLS is what it asked for. */
static struct code *read_tree(struct arena *a, struct fs *fs, struct counting *calls)
{
    struct code_options options = code_options_thorough();
    struct counting counting = {.fs = {&count_ops, &counting, ""}, .under = fs};
    struct code_input in = {&counting.fs, "/Example.app", "Example.app"};
    struct code *code = NULL;
    int error;
    options.threads = 1;
    ck_assert_int_eq(code_read(a, &in, &options, &code, &error), DS_OK);
    if (calls)
        *calls = counting;
    return code;
}

static void in_arena(enum ds_status (*work)(void *arg))
{
    struct arena *a = arena_new(0);
    ck_assert_int_eq(arena_run(a, work, a), DS_OK);
    arena_free(a);
}

/* -- depth is limited */

static const struct code *deepest(const struct code *c, unsigned *depth)
{
    for (*depth = 0; c->child_count > 0; c = c->children[0])
        ++*depth;
    return c;
}

static enum ds_status limit(void *arg)
{
    struct arena *a = arg;
    unsigned depth;
    struct code *just =
        read_tree(a, chain_tree(a, &(struct chain){.depth = LIMIT_NESTED_CODE_DEPTH}), NULL);
    ck_assert(just->static_valid && !just->outcome.first);
    deepest(just, &depth);
    ck_assert_uint_eq(depth, LIMIT_NESTED_CODE_DEPTH - 1);

    struct code *over =
        read_tree(a, chain_tree(a, &(struct chain){.depth = LIMIT_NESTED_CODE_DEPTH + 6}), NULL);
    const struct code *last = deepest(over, &depth);
    ck_assert_uint_eq(depth, LIMIT_NESTED_CODE_DEPTH - 1);
    ck_assert(!over->static_valid && over->outcome.first->id == FINDING_INPUT_LIMIT);
    ck_assert_ptr_eq(over->outcome.where, last);
    ck_assert_uint_eq(last->findings->list.n, 1); /* told once */
    return DS_OK;
}

START_TEST(depth_is_limited)
{
    in_arena(limit);
}
END_TEST

/* -- cost grows with size */

static size_t directories(struct arena *a, struct fs *fs, const char *path)
{
    struct name_vec names;
    size_t n = 1;
    ck_assert_int_eq(fs_list(fs, a, path, &names, NULL), DS_OK);
    for (size_t i = 0; i < names.n; i++) {
        const char *below = path_join(a, path, names.at[i]);
        n += fs_is_dir(fs, below) ? directories(a, fs, below) : 0;
    }
    return n;
}

static size_t calls_of(struct arena *a, const struct chain *c)
{
    struct counting calls;
    struct fs *fs = chain_tree(a, c);
    struct code *code = read_tree(a, fs, &calls);
    ck_assert_msg(code->static_valid, "%s",
                  code->outcome.first ? code->outcome.first->detail : "?");
    /* Each directory is listed once. */
    ck_assert_uint_le(calls.lists, directories(a, fs, "/Example.app"));
    return calls.calls;
}

/* Twice as deep may cost little more than twice as much, even when each seal lists all files below. */
static enum ds_status linear(void *arg)
{
    struct arena *a = arg;
    struct chain chains[] = {
        {.files = 3}, {.frameworks = true}, {.plain = true, .frameworks = true, .files = 3}};
    for (size_t i = 0; i < sizeof chains / sizeof *chains; i++) {
        chains[i].depth = 20;
        size_t some = calls_of(a, &chains[i]);
        chains[i].depth = 40;
        size_t twice = calls_of(a, &chains[i]);
        ck_assert_msg(twice < some * 9 / 4, "chain %zu: %zu calls, then %zu", i, some, twice);
    }
    return DS_OK;
}

START_TEST(cost_grows_with_size)
{
    in_arena(linear);
}
END_TEST

Suite *seal_deep_suite(void)
{
    Suite *s = suite_create("seal_deep");
    TCase *t = tcase_create("deep");
    tcase_set_timeout(t, 120);
    tcase_add_test(t, depth_is_limited);
    tcase_add_test(t, cost_grows_with_size);
    suite_add_tcase(s, t);
    return s;
}
