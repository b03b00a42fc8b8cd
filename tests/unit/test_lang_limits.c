/* SPDX-License-Identifier: Apache-2.0 */
/* Limits of the language: nesting and size, and every public function with its memory taken away bit by bit. */
#include <check.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "in_arena.h"
#include "lang/compare.h"
#include "lang/compile.h"
#include "lang/designate.h"
#include "lang/diagnose.h"
#include "lang/eval.h"
#include "lang/explain.h"
#include "lang/generate.h"
#include "lang/lint.h"
#include "lang/print.h"
#include "lang/recompile.h"
#include "lang/reduce.h"

Suite *lang_limits_suite(void);

/* HEAD, N times PART, MIDDLE, N times TAIL. */
struct repeated {
    const char *head, *part, *middle, *tail;
};

static struct bytes text_of(struct arena *a, struct repeated r, size_t n)
{
    struct buf b = {.arena = a};
    buf_str(&b, r.head);
    for (size_t i = 0; i < n; i++)
        buf_str(&b, r.part);
    buf_str(&b, r.middle);
    for (size_t i = 0; i < n; i++)
        buf_str(&b, r.tail);
    return buf_bytes(&b);
}

static struct req_result eval(struct arena *a, struct bytes text)
{
    const struct subject nothing = {0};
    struct req_compiled c = req_compile(a, text, NULL);
    ck_assert(c.ok);
    return req_eval(a, c.blob, &nothing, NULL);
}

static enum ds_status nesting(void *arg)
{
    struct arena *a = arg;
    const struct repeated ors = {"true", " or true", "", ""}, nots = {"", "!", "true", ""},
                          parens = {"", "(", "true", ")"};
    struct bytes dump;
    /* §4.2: 999 terms in a row are 999 levels; one more is an error. */
    ck_assert_int_eq(eval(a, text_of(a, ors, 998)).error, REQ_OK);
    ck_assert_int_eq(eval(a, text_of(a, ors, 999)).error, REQ_INVALID);
    ck_assert_int_eq(eval(a, text_of(a, nots, 998)).verdict, VERDICT_YES);
    ck_assert_int_eq(eval(a, text_of(a, nots, 999)).error, REQ_INVALID);
    /* Parentheses leave no trace; 20,000 of them compile in the reference. */
    ck_assert_int_eq(eval(a, text_of(a, parens, 20000)).verdict, VERDICT_YES);
    struct req_compiled deep = req_compile(a, text_of(a, nots, 50000), NULL);
    ck_assert(deep.ok);
    ck_assert_int_eq(req_print(a, deep.blob, &dump), REQ_OK);
    ck_assert_int_eq(dump.n, 50000 * 2 + 6);
    struct req_compiled beyond =
        req_compile(a, text_of(a, parens, LIMIT_REQ_SOURCE_DEPTH + 1), NULL);
    ck_assert(!beyond.ok);
    ck_assert_int_eq(beyond.errors.at[0].kind, REQ_ERROR_NESTING);
    return DS_OK;
}

ARENA_TEST(nesting_is_limited, nesting)

/* -- Without memory */

static bool has_letter_e(void *self, struct bytes input)
{
    (void)self;
    return input.n && memchr(input.p, 'e', input.n) != NULL;
}

static const char *const texts[] = {
    "identifier \"com.example.app\" and (anchor apple generic or info[a] = \"x\" and ! notarized) "
    "and "
    "certificate leaf[subject.OU] = \"say \\\"X\\\"\" and cert 1[field.1.2.840.113635.100.6.2.6]",
    "host => always 7 => identifier x",
    "identifier com.my-app and info[a] = 10 or cert leaf[OU] = /* open",
    ("cert leaf[subject.CN] = X* and cert leaf[subject.CN] = *Y and info[v] > \"1\" and "
     "info[v] < \"3\""),
};

static void every_function(struct arena *a, struct bytes text)
{
    struct req_options options = {.mode = REQ_AUTO};
    struct req_compiled c = req_compile(a, req_tool_text(a, text), &options);
    const struct subject nothing = {.unknown = FACT_BIT(FACT_NOTARIZED), .has_directory = true};
    struct bytes out;
    struct req_node *root;
    struct req_trace trace;
    struct req_lint_vec lint = {0};
    struct buf b = {.arena = a};
    const char *why;
    (void)req_errors_text(a, &c.errors);
    for (size_t i = 0; i < c.errors.n; i++) {
        struct req_diagnosis d = req_diagnose(a, text, &c.errors.at[i]);
        req_put_diagnosis(&b, "text", text, &d);
    }
    (void)reduce(a, text, has_letter_e, NULL, 1000);
    if (!c.ok)
        return;
    (void)req_print(a, c.blob, &out);
    (void)req_recompilable(a, c.blob, &out, &why);
    req_lint_source(a, text, &lint);
    if (req_tree(a, c.blob, &root) != REQ_OK)
        return;
    req_lint_program(a, c.blob, &lint);
    (void)req_compare(a, root, root->count ? root->child[0] : root);
    (void)req_eval(a, c.blob, &nothing, &trace);
    struct req_explained *e = req_explain(a, c.blob, root, &trace);
    req_explain_text(&b, e, true);
    (void)req_explain_value(a, e, false);
    (void)req_any_of(a, &c.blob, 1);
    (void)req_substitute(a, bytes_str("$self.identifier!"), text);
}

static enum ds_status all_functions(void *arg)
{
    struct arena *a = arg;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        every_function(a, bytes_str(texts[i]));
    for (uint64_t i = 0; i < 20; i++) {
        struct generator g = generator_of(a, 1, i);
        (void)generate_damage(&g, generate_text(&g));
        (void)generate_binary(&g);
    }
    return DS_OK;
}

START_TEST(memory_may_end_anywhere)
{
    enum ds_status status = DS_NOMEM;
    for (size_t n = 1; status == DS_NOMEM; n += n / 50 + 1) {
        struct arena *a = arena_new(0);
        arena_fail_after(a, n);
        status = arena_run(a, all_functions, a);
        ck_assert(status == DS_OK || status == DS_NOMEM);
        arena_free(a);
    }
}
END_TEST

Suite *lang_limits_suite(void)
{
    Suite *suite = suite_create("lang_limits");
    TCase *tc = tcase_create("limits");
    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, nesting_is_limited);
    tcase_add_test(tc, memory_may_end_anywhere);
    suite_add_tcase(suite, tc);
    return suite;
}
