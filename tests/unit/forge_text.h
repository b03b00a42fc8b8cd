/* SPDX-License-Identifier: Apache-2.0 */
/* Cases in the text of a test: build one, read back what was built. */
#ifndef TESTS_UNIT_FORGE_TEXT_H
#define TESTS_UNIT_FORGE_TEXT_H

#include <check.h>
#include <string.h>

#include "base/text.h"
#include "forge/case.h"
#include "forge/forge.h"
#include "seal/code.h"

/* Everything a test of the forge works on. */
struct forge_work {
    struct arena *a;
    const char *text;
    void (*test)(struct forge_work *w);
    struct case_file file;
    struct forged out; /* of the variant built last */
    struct value_error error;
};

static inline enum ds_status forge_work_run(void *arg)
{
    struct forge_work *w = arg;

    w->test(w);
    return DS_OK;
}

/* Run TEST inside an arena of its own. */
static inline void forge_work(const char *text, void (*test)(struct forge_work *w))
{
    struct forge_work w = {.a = arena_new(0), .text = text, .test = test};

    ck_assert_int_eq(arena_run(w.a, forge_work_run, &w), DS_OK);
    arena_free(w.a);
}

static inline enum ds_status forge_read(struct forge_work *w)
{
    return case_read(w->a, bytes_str(w->text), &w->file, &w->error);
}

/* The case, which must be one. */
static inline void forge_must_read(struct forge_work *w)
{
    if (forge_read(w) != DS_OK)
        ck_abort_msg("%u:%u: %s", w->error.span.line, w->error.span.column, w->error.message);
}

static inline void forge_must_build(struct forge_work *w, size_t variant)
{
    if (forge_build(w->a, w->file.variants.at[variant].doc, &w->out, &w->error) != DS_OK)
        ck_abort_msg("%u:%u: %s", w->error.span.line, w->error.span.column, w->error.message);
}

/* The code at top-level item I, read and validated as strictly as there is. */
static inline struct code *forge_code(struct forge_work *w, size_t i)
{
    struct code_options options = {.deep = true,
                                   .strict = true,
                                   .restrict_symlinks = true,
                                   .restrict_sideband = true,
                                   .check_pages = true,
                                   .check_resources = true,
                                   .collect_all = true,
                                   .allow_test_root = true,
                                   .now = w->out.signed_at,
                                   .arch = "arm64"};
    const char *path = w->out.tops.at[i];
    struct code_input in = {w->out.fs, path, path_base(path)};
    struct code *code = NULL;
    int error;

    ck_assert_int_eq(code_read(w->a, &in, &options, &code, &error), DS_OK);
    return code;
}

/* The first finding of C and the code in it that refuses, FINDING_NONE when none does. */
static inline enum finding_id forge_refusal(const struct code *c)
{
    for (size_t i = 0; i < c->findings->list.n; i++)
        if (c->findings->list.at[i]->severity >= SEVERITY_REFUSED)
            return c->findings->list.at[i]->id;
    for (size_t i = 0; i < c->child_count; i++)
        if (forge_refusal(c->children[i]) != FINDING_NONE)
            return forge_refusal(c->children[i]);
    return FINDING_NONE;
}

#endif
