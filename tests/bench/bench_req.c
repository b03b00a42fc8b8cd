/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The requirement language: compile, print and evaluate, over real texts when ../shared is there, else over typical
 * ones; each as a multiple of one-shot SHA-256 over the same bytes. Then input made to be slow, which must not be.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/arena.h"
#include "base/buf.h"
#include "crypto/digest.h"
#include "lang/compile.h"
#include "lang/eval.h"
#include "lang/print.h"
#include "lang/shape.h"
#include "lang/solve.h"

#define ROUNDS 20

struct text_vec VEC_OF(struct bytes);

struct bench {
    struct arena *a;
    struct text_vec texts, blobs;
    size_t text_bytes, blob_bytes;
};

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static const char *const typical[] = {
    "anchor apple generic and identifier \"com.example.app\" and (certificate "
    "leaf[field.1.2.840.113635.100.6.1.9] /* exists */ or certificate "
    "1[field.1.2.840.113635.100.6.2.6] /* exists */ and certificate "
    "leaf[field.1.2.840.113635.100.6.1.13] /* exists */ and certificate leaf[subject.OU] = "
    "ABCDE12345)",
    "identifier \"com.example.tool\" and certificate root = "
    "H\"0123456789abcdef0123456789abcdef01234567\"",
};

static void take(struct bench *b, struct bytes text)
{
    struct req_compiled c = req_compile(b->a, text, NULL);
    if (!c.ok)
        return;
    vec_push(b->a, &b->texts, text);
    vec_push(b->a, &b->blobs, c.blob);
    b->text_bytes += text.n;
    b->blob_bytes += c.blob.n;
}

static void take_lines(struct bench *b, FILE *f)
{
    char *line = NULL;
    size_t room = 0;
    for (ssize_t n; (n = getline(&line, &room, f)) > 0;)
        take(b, bytes_copy(b->a, bytes_of(line, (size_t)n - (line[n - 1] == '\n'))));
    free(line);
}

static void collect(struct bench *b)
{
    const char *top = getenv("top_srcdir");
    const char *path =
        arena_printf(b->a, "%s/../shared/real/requirements-real.txt", top ? top : ".");
    FILE *f = fopen(path, "r");
    if (f) {
        take_lines(b, f);
        fclose(f);
    }
    for (size_t i = 0; b->texts.n < 1000; i++)
        take(b, bytes_str(typical[i % 2]));
}

/* Nanoseconds of SHA-256 over all of V, one call each. */
static double hash_time(const struct text_vec *v)
{
    uint8_t digest[DIGEST_MAX];
    double start = now();
    for (int round = 0; round < ROUNDS; round++)
        for (size_t i = 0; i < v->n; i++)
            (void)digest_of(DIGEST_SHA256, v->at[i], digest);
    return now() - start;
}

static double compile_time(struct bench *b)
{
    double start = now();
    for (size_t i = 0; i < ROUNDS * b->texts.n; i++) {
        struct arena *a = arena_child(b->a);
        (void)req_compile(a, b->texts.at[i % b->texts.n], NULL);
        arena_child_free(a);
    }
    return now() - start;
}

static double print_time(struct bench *b)
{
    double start = now();
    struct bytes text;
    for (size_t i = 0; i < ROUNDS * b->blobs.n; i++) {
        struct arena *a = arena_child(b->a);
        (void)req_print(a, b->blobs.at[i % b->blobs.n], &text);
        arena_child_free(a);
    }
    return now() - start;
}

static double eval_time(struct bench *b, size_t *yes)
{
    struct shape *shape = shape_new(b->a, 3);
    const struct subject *s = shape_subject(shape);
    shape->subject.identifier = bytes_str("com.example.app");
    shape->subject.apple_anchor = true;
    double start = now();
    for (int round = 0; round < ROUNDS; round++)
        for (size_t i = 0; i < b->blobs.n; i++)
            *yes += req_eval(b->a, b->blobs.at[i], s, NULL).verdict == VERDICT_YES;
    return now() - start;
}

static void report(const struct bench *b, const char *what, double time, double hash, double aim)
{
    printf("%-10s %8.0f ns each, %5.2f times SHA-256 of the same bytes (aim: %.0f)\n", what,
           time / ROUNDS / (double)b->texts.n, time / hash, aim);
}

/* A text made to be slow: HEAD, PART again and again, MIDDLE, and TAIL, as often as PART when it CLOSES. */
struct slow {
    const char *name, *head, *part, *middle, *tail;
    bool closes;
};

static struct bytes slow_text(struct arena *a, const struct slow *s, size_t times)
{
    struct buf b = {.arena = a};
    buf_str(&b, s->head);
    for (size_t i = 0; i < times; i++)
        buf_str(&b, s->part);
    buf_str(&b, s->middle);
    for (size_t i = 0; i < (s->closes ? times : 1); i++)
        buf_str(&b, s->tail);
    return buf_bytes(&b);
}

static void slow_input(struct bench *b, const struct slow *s)
{
    for (size_t n = 100000; n <= 400000; n *= 2) {
        struct arena *a = arena_child(b->a);
        struct bytes text = slow_text(a, s, n / strlen(s->part));
        double start = now();
        struct req_compiled c = req_compile(a, text, NULL);
        printf("%-12s %7zu bytes: %7.2f ms, %s\n", s->name, text.n, (now() - start) / 1e6,
               c.ok ? "compiles" : "refused");
        arena_child_free(a);
    }
}

static const struct slow slow_inputs[] = {
    {"parentheses", "", "(", "always", ")", true},
    {"negation", "", "!", "always", "", false},
    {"or", "always", " or always", "", "", false},
    {"comments", "", "/* a */", "always", "", false},
    {"string", "identifier \"", "a", "", "\"", false},
};

static enum ds_status work(void *arg)
{
    struct bench *b = arg;
    size_t yes = 0;
    collect(b);
    printf("%zu texts of %.0f bytes on average\n", b->texts.n,
           (double)b->text_bytes / (double)b->texts.n);
    double texts = hash_time(&b->texts), blobs = hash_time(&b->blobs);
    report(b, "compile", compile_time(b), texts, 4);
    report(b, "print", print_time(b), blobs, 3);
    report(b, "evaluate", eval_time(b, &yes), blobs, 1);
    for (size_t i = 0; i < sizeof slow_inputs / sizeof *slow_inputs; i++)
        slow_input(b, &slow_inputs[i]);
    return DS_OK;
}

int main(void)
{
    struct bench b = {.a = arena_new(0)};
    enum ds_status status = arena_run(b.a, work, &b);
    arena_free(b.a);
    return status == DS_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
