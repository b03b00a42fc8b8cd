/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Static validation: pages of a large executable against one digest of its bytes, on one core and on all; then bundles of
 * more and more resources, whose cost must grow with their number, and not faster.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "../unit/bundle_bytes.h"
#include "seal/code.h"

#define LARGE ((size_t)88 << 20)

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void validate(struct arena *a, struct fs *fs, const char *path, unsigned threads)
{
    struct code_options options = {.deep = true,
                                   .strict = true,
                                   .check_pages = true,
                                   .check_resources = true,
                                   .collect_all = true,
                                   .arch = "arm64",
                                   .threads = threads};
    struct code_input in = {fs, path, path + 1};
    struct code *code;
    int error;
    if (code_read(a, &in, &options, &code, &error) != DS_OK || code->outcome.first)
        exit(1);
}

/* A generic file with its signature in attributes. */
static struct fs *large_file(struct arena *a, struct bytes content)
{
    struct fs *fs = fs_memory(a);
    struct signed_slots slots = {.requirements = empty_requirements(a)};
    fs_add_file(fs, "/large", 0755, content);
    fs_add_xattr(fs, "/large", "com.apple.cs.CodeDirectory",
                 signed_directory(a, "com.example.large", content, &slots));
    fs_add_xattr(fs, "/large", "com.apple.cs.CodeRequirements", slots.requirements);
    fs_add_xattr(fs, "/large", "com.apple.cs.CodeSignature", bytes_of("", 0));
    return fs;
}

static enum ds_status pages(void *arg)
{
    struct arena *a = arg;
    uint8_t *content = arena_alloc(a, LARGE), digest[DIGEST_MAX];
    for (size_t i = 0; i < LARGE; i++)
        content[i] = (uint8_t)(i * 2654435761u >> 13);
    struct fs *fs = large_file(a, bytes_of(content, LARGE));
    double start = now();
    digest_of(DIGEST_SHA256, bytes_of(content, LARGE), digest);
    double one = now() - start;
    for (unsigned threads = 1; threads <= 2; threads++) {
        start = now();
        validate(a, fs, "/large", threads == 1 ? 1 : 0);
        double time = now() - start;
        printf("%zu MB in pages, %s: %.0f ms, %.2f times one SHA-256 of it\n", LARGE >> 20,
               threads == 1 ? "one thread" : "all processors", time, time / one);
    }
    return DS_OK;
}

/* /Example.app with N files. */
static struct fs *wide_bundle(struct arena *a, size_t n)
{
    struct fs *fs = fs_memory(a);
    struct value *files = value_dict(a);
    for (size_t i = 0; i < n; i++) {
        const char *path = arena_printf(a, "Resources/%zu/%zu", i / 500, i);
        add_text(fs, path_join(a, "/Example.app/Contents", path), path);
        value_add(a, files, bytes_str(path), seal_hash(a, path));
    }
    sign_bundle(a, fs, files);
    return fs;
}

struct wide {
    struct arena *a;
    size_t n;
};

static enum ds_status wide(void *arg)
{
    struct wide *w = arg;
    struct fs *fs = wide_bundle(w->a, w->n);
    size_t before = arena_used(w->a);
    double start = now();
    validate(w->a, fs, "/Example.app", 0);
    double time = now() - start;
    printf("%6zu resources: %.0f ms, %.1f us each, %.1f MB kept\n", w->n, time,
           time * 1e3 / (double)w->n, (double)(arena_used(w->a) - before) / 1e6);
    return DS_OK;
}

int main(void)
{
    struct arena *a = arena_new(0);
    enum ds_status status = arena_run(a, pages, a);
    arena_free(a);
    for (size_t n = 5000; n <= 40000 && status == DS_OK; n *= 2) {
        struct wide w = {arena_new(0), n};
        status = arena_run(w.a, wide, &w);
        arena_free(w.a);
    }
    return status == DS_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
