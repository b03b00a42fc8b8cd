/* SPDX-License-Identifier: Apache-2.0 */
/*
 * corpus/req/: groups of lines, each a requirement and what is made of it (corpus/req/README.md). Also the examples of
 * the specification, ../shared/spec/requirement-examples.tsv, where they are there.
 */
#include <check.h>
#include <glob.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "format/json_read.h"
#include "in_arena.h"
#include "lang/compile.h"
#include "lang/diagnose.h"
#include "lang/eval.h"
#include "lang/explain.h"
#include "lang/lint.h"
#include "lang/print.h"
#include "lang/recompile.h"
#include "lang/tree.h"
#include "seal/facts.h"
#include "shared_files.h"

Suite *lang_corpus_suite(void);

/* -- Files */

static int digit(char c)
{
    return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}

/* \n \t \r \\ \xHH */
static struct bytes unescape(struct arena *a, const char *s)
{
    static const char letters[] = "ntr\\", values[] = "\n\t\r\\";
    struct buf b = {.arena = a};
    for (; *s; s++) {
        const char *found = *s == '\\' && s[1] ? strchr(letters, s[1]) : NULL;
        if (found) {
            buf_byte(&b, (uint8_t)values[found - letters]);
            s++;
        } else if (*s == '\\' && s[1] == 'x') {
            buf_byte(&b, (uint8_t)(digit(s[2]) << 4 | digit(s[3])));
            s += 3;
        } else {
            buf_byte(&b, (uint8_t)*s);
        }
    }
    return buf_bytes(&b);
}

struct line {
    char *key, *value;
};
struct group {
    struct lines VEC_OF(struct line) lines;
    const char *file;
    unsigned number; /* of its first line */
};

/* The values of KEY, each ended by a newline when there may be several; NULL when there is none. */
static const char *member(struct arena *a, const struct group *g, const char *key, bool several)
{
    struct buf b = {.arena = a};
    bool found = false;
    for (size_t i = 0; i < g->lines.n; i++)
        if (strcmp(g->lines.at[i].key, key) == 0) {
            found = true;
            buf_printf(&b, "%s%s", g->lines.at[i].value, several ? "\n" : "");
        }
    return found ? buf_cstr(&b) : NULL;
}

/* -- Checks of one group */

struct coverage {
    bool op[OP_COUNT], match[MATCH_COUNT];
};

static void expect(const struct group *g, const char *what, struct bytes got, struct bytes wanted)
{
    ck_assert_msg(bytes_equal(got, wanted), "%s:%u: %s\n  got    %.*s\n  wanted %.*s", g->file,
                  g->number, what, (int)got.n, (const char *)got.p, (int)wanted.n,
                  (const char *)wanted.p);
}

static bool cover(void *self, const struct req_node *n)
{
    struct coverage *c = self;
    if (n->opcode < OP_COUNT)
        c->op[n->opcode] = true;
    if (req_has_match(n) && n->match < MATCH_COUNT)
        c->match[n->match] = true;
    return true;
}

static enum req_mode mode_of(const char *word)
{
    if (!word)
        return REQ_AUTO;
    return strcmp(word, "set") == 0 ? REQ_SET : REQ_SINGLE;
}

static void check_errors(struct arena *a, const struct group *g, struct bytes text,
                         const struct req_compiled *c)
{
    const char *says = member(a, g, "says", true);
    struct buf b = {.arena = a};
    const char *errors = member(a, g, "error", true);
    expect(g, "errors", req_errors_text(a, &c->errors), unescape(a, errors));
    for (size_t i = 0; i < c->errors.n; i++) {
        struct req_diagnosis d = req_diagnose(a, text, &c->errors.at[i]);
        req_put_diagnosis(&b, "text", text, &d);
    }
    if (says)
        expect(g, "diagnosis", buf_bytes(&b), unescape(a, says));
}

static void check_printed(struct arena *a, const struct group *g, struct bytes blob)
{
    struct bytes text;
    const char *printed = member(a, g, "print", false), *again = member(a, g, "again", false), *why;
    enum req_status status = req_print(a, blob, &text);
    if (member(a, g, "status", false))
        ck_assert_int_eq(status, atoi(member(a, g, "status", false)));
    if (printed)
        expect(g, "print", text, unescape(a, printed));
    bool exact = req_recompilable(a, blob, &text, &why);
    if (again && strncmp(again, "none: ", 6) == 0)
        expect(g, "no text", bytes_str(exact ? "there is one" : why), bytes_str(again + 6));
    else if (again)
        expect(g, "recompilable", text, unescape(a, again));
}

static bool no_file(void *self, const char *path, struct bytes *out)
{
    struct arena *a = self;
    const char *top = getenv("top_srcdir");
    FILE *f = fopen(arena_printf(a, "%s/corpus/req/%s", top ? top : ".", path), "rb");
    if (!f)
        return false;
    uint8_t *room = arena_alloc(a, 65536);
    *out = bytes_of(room, fread(room, 1, 65536, f));
    fclose(f);
    return true;
}

/* "true", "false", "undecided notarized", "error -67052" */
static void check_result(struct arena *a, const struct group *g, struct bytes blob)
{
    const char *facts = member(a, g, "facts", false), *result = member(a, g, "result", false);
    struct facts_source source = {.read = no_file, .self = a};
    struct value *v;
    struct value_error e = {0};
    struct subject s;
    if (!result)
        return;
    ck_assert_int_eq(json_parse(a, bytes_str(facts), &v, &e), DS_OK);
    ck_assert_msg(facts_subject(a, v, &source, &s, &e) == DS_OK, "%s:%u: %s", g->file, g->number,
                  e.message);
    struct req_result r = req_eval(a, blob, &s, NULL);
    const char *got = r.verdict == VERDICT_YES  ? "true"
                      : r.verdict == VERDICT_NO ? "false"
                                                : arena_printf(a, "undecided %s", r.missing);
    if (r.error != REQ_OK)
        got = arena_printf(a, "error %d", r.error);
    expect(g, "result", bytes_str(got), bytes_str(result));
}

/* Every part has its text and its sentence, with an evaluation and without. */
static void check_told(const struct group *g, const struct req_explained *e)
{
    ck_assert_msg(*e->text && *e->says, "%s:%u: a part is not told", g->file, g->number);
    for (size_t i = 0; i < e->parts.n; i++)
        check_told(g, e->parts.at[i]);
}

static void check_explained(struct arena *a, const struct group *g, struct bytes blob)
{
    const char *facts = member(a, g, "facts", false);
    struct facts_source source = {.read = no_file, .self = a};
    struct value *v;
    struct value_error e = {0};
    struct subject s;
    struct req_node *root;
    struct req_trace trace;
    if (req_tree(a, blob, &root) != REQ_OK)
        return;
    check_told(g, req_explain(a, blob, root, NULL));
    if (!facts || json_parse(a, bytes_str(facts), &v, &e) != DS_OK ||
        facts_subject(a, v, &source, &s, &e) != DS_OK)
        return;
    (void)req_eval(a, blob, &s, &trace);
    check_told(g, req_explain(a, blob, root, &trace));
}

static void check_lint(struct arena *a, const struct group *g, struct bytes text, struct bytes blob)
{
    const char *wanted = member(a, g, "lint", false);
    struct req_lint_vec v = {0};
    struct buf b = {.arena = a};
    if (!wanted)
        return;
    if (text.n)
        req_lint_source(a, text, &v);
    req_lint_program(a, blob, &v);
    for (size_t i = 0; i < v.n; i++)
        buf_printf(&b, "%s%s", i ? " " : "", req_lint_name(v.at[i].id));
    expect(g, "lint", buf_bytes(&b), bytes_str(wanted));
}

static void check_group(struct arena *a, const struct group *g, struct coverage *coverage)
{
    const char *source = member(a, g, "text", false), *hex = member(a, g, "hex", false);
    struct bytes text = source ? unescape(a, source) : bytes_of(NULL, 0), blob = {NULL, 0};
    struct req_node *root;
    if (source) {
        struct req_options options = {.mode = mode_of(member(a, g, "mode", false))};
        struct req_compiled c = req_compile(a, text, &options);
        ck_assert_msg(c.ok == !member(a, g, "error", false), "%s:%u: compiles: %d\n%s", g->file,
                      g->number, c.ok, bytes_cstr(a, req_errors_text(a, &c.errors)));
        if (!c.ok) {
            check_errors(a, g, text, &c);
            return;
        }
        blob = c.blob;
        if (hex)
            expect(g, "binary", bytes_str(bytes_hex(a, blob)), bytes_str(hex));
    } else {
        ck_assert(bytes_unhex(a, bytes_str(hex), &blob));
    }
    check_printed(a, g, blob);
    check_result(a, g, blob);
    check_explained(a, g, blob);
    check_lint(a, g, text, blob);
    if (req_tree(a, blob, &root) == REQ_OK)
        req_each(root, cover, coverage);
}

/* -- All groups */

static void end_group(struct arena *a, struct group *g, struct coverage *coverage)
{
    if (g->lines.n) {
        struct arena *scratch = arena_child(a);
        check_group(scratch, g, coverage);
        arena_child_free(scratch);
    }
    g->lines.n = 0;
}

static void check_file(struct arena *a, const char *name, struct coverage *coverage)
{
    FILE *f = fopen(name, "rb");
    char *line = NULL;
    size_t room = 0;
    struct group g = {.file = name};
    unsigned number = 0;
    ck_assert_ptr_nonnull(f);
    for (ssize_t n; (n = getline(&line, &room, f)) > 0;) {
        number++;
        line[strcspn(line, "\n")] = '\0';
        char *value = strchr(line, ':');
        if (*line == '#')
            continue;
        if (*line == '\0')
            end_group(a, &g, coverage);
        if (!value)
            continue;
        if (g.lines.n == 0)
            g.number = number;
        *value++ = '\0';
        vec_push(a, &g.lines,
                 (struct line){arena_strdup(a, line), arena_strdup(a, value + (*value == ' '))});
    }
    end_group(a, &g, coverage);
    free(line);
    fclose(f);
}

static enum ds_status run_corpus(void *arg)
{
    struct arena *a = arg;
    struct coverage coverage = {0};
    const char *top = getenv("top_srcdir");
    glob_t files;
    ck_assert_int_eq(glob(arena_printf(a, "%s/corpus/req/*.req", top ? top : "."), 0, NULL, &files),
                     0);
    for (size_t i = 0; i < files.gl_pathc; i++)
        check_file(a, files.gl_pathv[i], &coverage);
    globfree(&files);
    for (int i = 0; i < OP_COUNT; i++)
        ck_assert_msg(coverage.op[i], "no group has the operation %d", i);
    for (int i = 0; i < MATCH_COUNT; i++)
        ck_assert_msg(coverage.match[i], "no group has the match operation %d", i);
    return DS_OK;
}

ARENA_TEST(corpus, run_corpus)

/* TEXT⇥expect⇥note⇥hex⇥dump or errors */
static enum ds_status run_examples(void *arg)
{
    struct arena *a = arg;
    struct bytes table;
    char *fields[5];
    if (!shared_read(a, "spec/requirement-examples.tsv", &table))
        return DS_OK;
    shared_row(a, &table, fields, 5);
    while (shared_row(a, &table, fields, 5) == 5) {
        struct group g = {.file = fields[0]};
        struct bytes text = unescape(a, fields[0]), last = unescape(a, fields[4]), dump;
        struct req_compiled c = req_compile(a, text, NULL);
        if (!c.ok) {
            struct bytes errors = req_errors_text(a, &c.errors);
            errors.n--; /* the table leaves the last newline out */
            expect(&g, "errors", errors, last);
            continue;
        }
        expect(&g, "binary", bytes_str(bytes_hex(a, c.blob)), bytes_str(fields[3]));
        ck_assert_int_eq(req_print(a, c.blob, &dump), REQ_OK);
        expect(&g, "text", dump, last);
    }
    return DS_OK;
}

ARENA_TEST(examples, run_examples)

Suite *lang_corpus_suite(void)
{
    Suite *suite = suite_create("lang_corpus");
    TCase *tc = tcase_create("corpus");
    tcase_add_test(tc, corpus);
    tcase_add_test(tc, examples);
    suite_add_tcase(suite, tc);
    return suite;
}
