/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hostile files: cut short at every 97th byte, and with each word of header, load commands and signature set to 0, 1,
 * 2^31-1 and 2^32-1. Each is a named finding or as good as before, in less than a second and 64 MB. Real files are taken
 * where ../shared is, with long strides unless DRYSEAL_SLOW is set.
 */
#include <check.h>
#include <stdlib.h>
#include <time.h>

#include "bundle_bytes.h"
#include "in_arena.h"
#include "seal/code.h"
#include "shared_files.h"

Suite *seal_hostile_suite(void);

#define MEMORY_MOST ((size_t)64 << 20)

struct trial {
    struct arena *a;
    struct bytes file;
    const char *what;
    size_t at;
};

static enum ds_status read_trial(void *arg)
{
    struct trial *t = arg;
    struct code_options options = {.deep = true,
                                   .strict = true,
                                   .restrict_symlinks = true,
                                   .restrict_sideband = true,
                                   .check_pages = true,
                                   .check_resources = true,
                                   .collect_all = true,
                                   .arch = "arm64",
                                   .threads = 1};
    struct fs *fs = fs_memory(t->a);
    struct code_input in = {fs, "/x", "x"};
    struct code *code;
    int error;
    fs_add_file(fs, "/x", 0755, t->file);
    ck_assert_int_eq(code_read(t->a, &in, &options, &code, &error), DS_OK);
    ck_assert_msg(code->static_valid == !code->outcome.first, "%s at %zu", t->what, t->at);
    return DS_OK;
}

static void try_file(struct bytes file, const char *what, size_t at)
{
    struct trial t = {arena_new(MEMORY_MOST), file, what, at};
    clock_t start = clock();
    ck_assert_msg(arena_run(t.a, read_trial, &t) == DS_OK, "%s at %zu", what, at);
    ck_assert_msg(clock() - start < CLOCKS_PER_SEC, "%s at %zu takes long", what, at);
    arena_free(t.a);
}

static void cut_everywhere(struct bytes file, size_t stride)
{
    for (size_t n = 0; n < file.n; n += stride) {
        uint8_t *copy = malloc(n + 1); /* flush to the end of its block */
        ck_assert_ptr_nonnull(copy);
        memcpy(copy + 1, file.p, n);
        try_file(bytes_of(copy + 1, n), "cut", n);
        free(copy);
    }
}

/* Each word of the range, in either byte order of the values. */
static void set_words(struct bytes file, size_t from, size_t to, size_t stride)
{
    static const char values[][5] = {"\0\0\0\0",         "\0\0\0\1",         "\1\0\0\0",
                                     "\x7f\xff\xff\xff", "\xff\xff\xff\x7f", "\xff\xff\xff\xff"};
    uint8_t *copy = malloc(file.n);
    ck_assert_ptr_nonnull(copy);
    for (size_t at = from & ~(size_t)3; at + 4 <= to && at + 4 <= file.n; at += stride)
        for (size_t v = 0; v < sizeof values / sizeof *values; v++) {
            memcpy(copy, file.p, file.n);
            memcpy(copy + at, values[v], 4);
            try_file(bytes_of(copy, file.n), "word", at);
        }
    free(copy);
}

static bool is_slow(void)
{
    return getenv("DRYSEAL_SLOW") != NULL;
}

static enum ds_status made(void *arg)
{
    struct arena *a = arg;
    struct bytes file = signed_macho(a, "com.example.id", 2, no_slots);
    cut_everywhere(file, 97);
    set_words(file, 0, 0x400, 4);
    set_words(file, SIGNED_END, SIGNED_END + 0x1c0, 4);
    return DS_OK;
}

static enum ds_status real(void *arg)
{
    static const char *const names[] = {"tauri-test.framework-test", "iterm-libswiftXPC.dylib",
                                        "elfesteem-libSystem.B.dylib"};
    struct arena *a = arg;
    struct bytes file;
    size_t often = is_slow() ? 1 : 41;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (!shared_read(a, arena_printf(a, "real/macho/%s", names[i]), &file))
            continue;
        cut_everywhere(file, 97 * often);
        set_words(file, 0, 0x1000, 4 * often);
        /* the signature is what ends the file */
        set_words(file, file.n - 0x4000, file.n, 4 * often);
    }
    return DS_OK;
}

ARENA_TEST(made_files, made)

ARENA_TEST(real_files, real)

Suite *seal_hostile_suite(void)
{
    Suite *s = suite_create("seal_hostile");
    TCase *t = tcase_create("hostile");
    tcase_set_timeout(t, is_slow() ? 3000 : 120);
    tcase_add_test(t, made_files);
    tcase_add_test(t, real_files);
    suite_add_tcase(s, t);
    return s;
}
