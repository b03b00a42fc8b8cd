/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What Apple's published implementation answered (../shared/vectors, ../shared/spec/requirement-examples.tsv):
 * compile, print, evaluate and designate must agree in every line. Where those files are not there, nothing is
 * tested.
 */
#include <check.h>

#include "base/arena.h"
#include "crypto/digest.h"
#include "format/json_read.h"
#include "lang/compile.h"
#include "lang/designate.h"
#include "lang/eval.h"
#include "lang/print.h"
#include "lang/recompile.h"
#include "seal/facts.h"
#include "shared_files.h"

Suite *lang_vectors_suite(void);

/* One line of a file of vectors: a complaint, or NULL when it agrees. */
typedef const char *vector_check(struct arena *a, const struct value *vector);

struct vectors {
    struct arena *arena;
    const char *file;
    vector_check *check;
    unsigned lines, wrong;
};

static bool next_line(struct bytes *text, struct bytes *line)
{
    if (text->n == 0)
        return false;
    const uint8_t *end = memchr(text->p, '\n', text->n);
    size_t n = end ? (size_t)(end - text->p) : text->n;
    *line = bytes_of(text->p, n);
    n += end ? 1 : 0;
    *text = bytes_of(text->p + n, text->n - n);
    return true;
}

static void one_vector(struct vectors *v, struct arena *a, struct bytes line)
{
    struct value_error error;
    struct value *vector;
    const char *complaint = "the line is no JSON";
    if (json_parse(a, line, &vector, &error) == DS_OK)
        complaint = v->check(a, vector);
    v->lines++;
    if (!complaint)
        return;
    if (v->wrong++ < 10)
        fprintf(stderr, "%s:%u: %s\n  %.300s\n", v->file, v->lines, complaint, bytes_cstr(a, line));
}

static enum ds_status all_vectors(void *arg)
{
    struct vectors *v = arg;
    struct bytes text, line;
    if (!shared_read(v->arena, v->file, &text))
        return DS_OK;
    while (next_line(&text, &line)) {
        struct arena *a = arena_child(v->arena);
        one_vector(v, a, line);
        arena_child_free(a);
    }
    return DS_OK;
}

static void run_vectors(const char *file, vector_check *check)
{
    struct vectors v = {arena_new(0), file, check, 0, 0};
    ck_assert_int_eq(arena_run(v.arena, all_vectors, &v), DS_OK);
    arena_free(v.arena);
    ck_assert_msg(v.wrong == 0, "%s: %u of %u lines differ", file, v.wrong, v.lines);
}

/* -- Members */

/* Member NAME, or the bytes of NAME_hex. */
static struct bytes text_member(struct arena *a, const struct value *v, const char *name)
{
    const struct value *hex = value_get(v, arena_printf(a, "%s_hex", name));
    struct bytes out = {NULL, 0};
    if (hex) {
        bytes_unhex(a, hex->bytes, &out);
        return out;
    }
    return value_is(value_get(v, name), VALUE_STRING) ? value_get(v, name)->bytes : out;
}

static struct bytes hex_member(struct arena *a, const struct value *v, const char *name)
{
    struct bytes out = {NULL, 0};
    if (value_get_cstr(v, name))
        bytes_unhex(a, value_get(v, name)->bytes, &out);
    return out;
}

static const char *differ(struct arena *a, const char *what, struct bytes got, struct bytes wanted)
{
    if (bytes_equal(got, wanted))
        return NULL;
    return arena_printf(a, "%s differs\n  got    %s\n  wanted %s", what,
                        bytes_printable(a, got, 400), bytes_printable(a, wanted, 400));
}

/* Files that vectors name are relative to their folder, which the tests do not change into. */
static bool read_cert(void *self, const char *path, struct bytes *out)
{
    struct arena *a = self;
    return shared_read(a, arena_printf(a, "vectors/%s", path), out);
}

static bool hash_file(void *self, const char *path, uint8_t out[20])
{
    uint8_t digest[DIGEST_MAX];
    struct bytes content;
    if (!read_cert(self, path, &content))
        return false;
    memcpy(out, digest, digest_of(DIGEST_SHA1, content, digest));
    return true;
}

/* -- The files */

static enum req_mode mode_of(const char *word)
{
    return strcmp(word, "single") == 0 ? REQ_SINGLE : strcmp(word, "set") == 0 ? REQ_SET : REQ_AUTO;
}

static const char *check_text(struct arena *a, const struct value *v)
{
    struct req_options options = {mode_of(value_get_cstr(v, "mode")), hash_file, a};
    struct req_compiled c = req_compile(a, text_member(a, v, "text"), &options);
    struct bytes dump;
    if (c.ok != value_is_true(value_get(v, "ok")))
        return arena_printf(a, "compiles: %d\n%s", c.ok,
                            bytes_cstr(a, req_errors_text(a, &c.errors)));
    if (!c.ok)
        return differ(a, "error", req_errors_text(a, &c.errors), text_member(a, v, "error"));
    const char *complaint =
        differ(a, "binary", bytes_str(bytes_hex(a, c.blob)), bytes_str(value_get_cstr(v, "hex")));
    if (complaint)
        return complaint;
    const char *why;
    if (!req_recompilable(a, c.blob, &dump, &why))
        return why;
    ck_assert_int_eq(req_print(a, c.blob, &dump), REQ_OK);
    return differ(a, "text", dump, text_member(a, v, "dump"));
}

static const char *check_dump(struct arena *a, const struct value *v)
{
    struct bytes dump;
    const char *note = value_get_cstr(v, "note");
    enum req_status status = req_print(a, hex_member(a, v, "hex"), &dump);
    if (value_is(value_get(v, "status"), VALUE_NULL)) /* it crashed: any clean answer */
        return NULL;
    if (value_is_true(value_get(v, "ok")) && note && strncmp(note, "extreme_date", 12) == 0)
        return status == REQ_OK ? NULL : "does not print";
    if (value_int_or(value_get(v, "status"), 0) != status)
        return arena_printf(a, "status %d", status);
    return differ(a, "text", dump, text_member(a, v, "dump"));
}

static struct bytes requirement_of(struct arena *a, const struct value *v)
{
    struct req_options options = {REQ_SINGLE, hash_file, a};
    if (value_get(v, "hex"))
        return hex_member(a, v, "hex");
    return req_compile(a, text_member(a, v, "requirement"), &options).blob;
}

static const char *check_eval(struct arena *a, const struct value *v)
{
    struct facts_source source = {read_cert, a, true};
    struct subject s;
    struct value_error error;
    const struct value *wanted = value_get(v, "result");
    if (facts_subject(a, value_get(v, "context"), &source, &s, &error) != DS_OK)
        return error.message;
    s.unread_operands = true;
    struct req_result r = req_eval(a, requirement_of(a, v), &s, NULL);
    struct req_trace trace;
    struct req_result again = req_eval(a, requirement_of(a, v), &s, &trace);
    if (again.verdict != r.verdict || again.error != r.error)
        return "a trace changes the answer";
    if (value_get_cstr(v, "result") && strcmp(value_get_cstr(v, "result"), "crash") == 0)
        return NULL;
    if (value_int_or(value_get(v, "status"), 0) != r.error)
        return arena_printf(a, "status %d", r.error);
    if (r.error == REQ_OK && r.verdict != verdict_of(value_is_true(wanted)))
        return arena_printf(a, "is %s", verdict_text(r.verdict));
    return NULL;
}

static const char *check_designated(struct arena *a, const struct value *v)
{
    struct facts_source source = {read_cert, a, true};
    struct subject s;
    struct value_error error;
    struct bytes dump;
    if (facts_subject(a, v, &source, &s, &error) != DS_OK)
        return error.message;
    s.identifier = text_member(a, v, "identifier");
    struct bytes blob = req_designate(a, &s);
    if (!value_get_cstr(v, "hex"))
        return blob.n == 0 ? NULL : "a requirement is made";
    const char *complaint =
        differ(a, "binary", bytes_str(bytes_hex(a, blob)), bytes_str(value_get_cstr(v, "hex")));
    if (complaint)
        return complaint;
    ck_assert_int_eq(req_print(a, blob, &dump), REQ_OK);
    return differ(a, "text", dump, text_member(a, v, "dump"));
}

#define VECTORS(name, file, check) \
    START_TEST(name)               \
    {                              \
        run_vectors(file, check);  \
    }                              \
    END_TEST

VECTORS(requirements, "vectors/requirements.jsonl", check_text)
VECTORS(real_texts, "vectors/real.jsonl", check_text)
VECTORS(reference_texts, "vectors/reference-texts.jsonl", check_text)
VECTORS(dumps, "vectors/dump.jsonl", check_dump)
VECTORS(evaluations, "vectors/eval.jsonl", check_eval)
VECTORS(designated, "vectors/dr.jsonl", check_designated)

Suite *lang_vectors_suite(void)
{
    Suite *suite = suite_create("lang_vectors");
    TCase *tc = tcase_create("vectors");
    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, requirements);
    tcase_add_test(tc, real_texts);
    tcase_add_test(tc, reference_texts);
    tcase_add_test(tc, dumps);
    tcase_add_test(tc, evaluations);
    tcase_add_test(tc, designated);
    suite_add_tcase(suite, tc);
    return suite;
}
