/* SPDX-License-Identifier: Apache-2.0 */
/* Rule requirements: compiling and evaluating Apple's own language for the rule book. */
#include "policy/rule_require.h"

#include <ctype.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "lang/compile.h"
#include "lang/eval.h"
#include "lang/print.h"
#include "seal/subject.h"

static void say(struct rule_scope *s, const char *key, const char *text)
{
    value_set(s->j->a, s->said, key, value_string(s->j->a, text));
}

static struct req_compiled compile(struct arena *a, const char *text)
{
    struct req_options options = {.mode = REQ_SINGLE};

    return req_compile(a, bytes_str(text), &options);
}

/* -- the clauses that failed */

static bool is_leaf(const struct req_step *step)
{
    return step->word != OP_AND && step->word != OP_OR && step->word != OP_NOT;
}

/* The node at STEP, which ends where the next begins, as a requirement of its own. */
static struct bytes node_blob(struct arena *a, struct bytes blob, const struct req_trace *trace,
                              size_t step)
{
    size_t from = trace->steps.at[step].at;
    size_t to = step + 1 < trace->steps.n ? trace->steps.at[step + 1].at : blob.n;
    struct buf b = {.arena = a};
    struct bytes node;

    if (!bytes_part(blob, from, to - from, &node))
        return bytes_of(NULL, 0);
    buf_be32(&b, REQ_MAGIC);
    buf_be32(&b, (uint32_t)(REQ_HEADER + node.n));
    buf_be32(&b, REQ_KIND_EXPRESSION);
    buf_put(&b, node);
    return buf_bytes(&b);
}

/* At most so many failing clauses are named. */
#define CLAUSES_NAMED 3

static char *failing_clauses(struct arena *a, struct bytes blob, const struct req_trace *trace)
{
    struct buf out = {.arena = a};
    unsigned named = 0;

    for (size_t i = 0; i < trace->steps.n && named < CLAUSES_NAMED; i++) {
        const struct req_step *step = &trace->steps.at[i];
        struct bytes text;
        if (!is_leaf(step) || step->verdict != VERDICT_NO || step->fragment ||
            req_print(a, node_blob(a, blob, trace, i), &text) != REQ_OK)
            continue;
        buf_str(&out, named++ ? ", " : "");
        buf_put(&out, text);
        if (step->seen == SEEN_TEXT)
            buf_printf(&out, " (it is %s)", bytes_printable(a, step->bytes, 100));
    }
    return arena_strdup(a, buf_cstr(&out));
}

/* A fact that the requirement asks for and nobody told is a question of ours. */
static const struct rule_fact *unknown_fact(const struct req_result *r)
{
    size_t fact = r->missing ? rule_fact_find(r->missing) : rule_fact_count();

    return r->verdict == VERDICT_UNDECIDED && fact < rule_fact_count() ? rule_fact_at(fact) : NULL;
}

static const struct subject *subject_of(struct judging *j, const struct code *c)
{
    struct index *seen = &j->asked->subjects;
    struct subject *subject = index_find(seen, bytes_of(&c, sizeof c));
    const struct subject_answers answers = {.notarized = j->host->notarized,
                                            .legacy_listed = VERDICT_UNDECIDED,
                                            .old_anchor_apple = j->host->macos < MACOS(26, 0, 0)};

    if (subject)
        return subject;
    subject = arena_new_of(seen->arena, struct subject);
    code_subject(seen->arena, c, code_signature(c), &answers, subject);
    index_add(seen, bytes_copy(seen->arena, bytes_of(&c, sizeof c)), subject);
    return subject;
}

enum verdict require_meets(struct rule_scope *s, const struct code *c, struct bytes blob)
{
    struct req_trace trace = {0};
    struct req_result r = req_eval(s->j->a, blob, subject_of(s->j, c), &trace);
    const struct rule_fact *unknown = unknown_fact(&r);

    if (unknown)
        s->unknown = unknown;
    if (r.verdict == VERDICT_NO)
        say(s, "clause", failing_clauses(s->j->a, blob, &trace));
    return r.verdict;
}

/* -- texts */

struct asked_text {
    struct req_compiled compiled;
    struct req_study study;
    bool is_studied;
};

static const struct asked_text *ask_text(struct judging *j, const char *text)
{
    struct index *seen = &j->asked->texts;
    struct asked_text *t = index_find(seen, bytes_str(text));

    if (t)
        return t;
    text = arena_strdup(seen->arena, text); /* errors point into it */
    t = arena_new_of(seen->arena, struct asked_text);
    t->compiled = compile(seen->arena, text);
    t->is_studied = t->compiled.ok && req_study(seen->arena, t->compiled.blob, &t->study);
    index_add(seen, bytes_str(text), t);
    return t;
}

enum verdict require_meets_text(struct rule_scope *s, const struct code *c, const char *text)
{
    const struct asked_text *t = ask_text(s->j, text);

    return t->compiled.ok ? require_meets(s, c, t->compiled.blob) : VERDICT_NO;
}

enum verdict require_answer(struct rule_scope *s, const struct code *c, const char *text,
                            const struct rule_fact **unknown)
{
    const struct asked_text *t = ask_text(s->j, text);
    struct req_result r = {.verdict = VERDICT_NO};
    const struct rule_fact *fact;

    if (t->compiled.ok)
        r = req_eval(s->j->a, t->compiled.blob, subject_of(s->j, c), NULL);
    fact = unknown_fact(&r);
    *unknown = fact ? fact : *unknown;
    return r.verdict;
}

const struct req_study *require_study(struct rule_scope *s, const char *text)
{
    const struct asked_text *t = ask_text(s->j, text);

    return t->is_studied ? &t->study : NULL;
}

/* -- texts that do not compile */

static bool is_word_byte(char c)
{
    return isalnum((unsigned char)c) || c == '.' || c == '-' || c == '_';
}

/* A value behind `=` that begins with a digit and is not in quotes, in quotes; NULL when there is none. */
static const char *quoted_value(struct arena *a, const char *text)
{
    for (const char *at = strchr(text, '='); at; at = strchr(at + 1, '=')) {
        const char *from = at + 1;
        size_t n = 0;
        while (*from == ' ')
            from++;
        while (is_word_byte(from[n]))
            n++;
        if (isdigit((unsigned char)*from) && n > 0)
            return arena_printf(a, "\"%.*s\"", (int)n, from);
    }
    return NULL;
}

enum verdict require_compiles(struct rule_scope *s, const char *text)
{
    const struct req_compiled *compiled = &ask_text(s->j, text)->compiled;
    struct bytes error;
    const char *quoted;

    if (compiled->ok)
        return VERDICT_YES;
    error = req_errors_text(s->j->a, &compiled->errors);
    while (error.n && error.p[error.n - 1] == '\n')
        error.n--;
    say(s, "error", bytes_cstr(s->j->a, error));
    quoted = quoted_value(s->j->a, text);
    say(s, "fix",
        quoted ? arena_printf(s->j->a, "Write %s: a value that begins with a digit needs quotes",
                              quoted)
               : "Correct the text at the column; quote values that start with a digit");
    if (compiled->errors.n)
        s->finding = req_error_finding(compiled->errors.at[0].kind);
    return VERDICT_NO;
}
