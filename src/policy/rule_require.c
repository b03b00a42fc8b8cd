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

/* Whether code meets a requirement, and what is worth saying about it. */
struct meeting {
    enum verdict verdict;
    const struct rule_fact *unknown; /* a fact that would help */
    struct value *clause;            /* what failed; NULL when nothing did */
};

static struct meeting ask(struct rule_scope *s, const struct code *c, struct bytes blob)
{
    struct arena *a = s->j->a;
    struct subject_answers answers = {.notarized = s->j->host->notarized,
                                      .legacy_listed = VERDICT_UNDECIDED,
                                      .old_anchor_apple = s->j->host->macos < MACOS(26, 0, 0)};
    struct subject subject = {0};
    struct req_trace trace = {0};
    struct meeting out = {.verdict = VERDICT_NO};

    code_subject(a, c, code_signature(c), &answers, &subject);
    struct req_result r = req_eval(a, blob, &subject, &trace);
    out.verdict = r.verdict;
    out.unknown = unknown_fact(&r);
    if (r.verdict == VERDICT_NO)
        out.clause = value_string(a, failing_clauses(a, blob, &trace));
    return out;
}

static enum verdict tell(struct rule_scope *s, const struct meeting *answer)
{
    if (answer->unknown)
        s->unknown = answer->unknown;
    if (answer->clause)
        value_set(s->j->a, s->said, "clause", answer->clause);
    return answer->verdict;
}

enum verdict require_meets(struct rule_scope *s, const struct code *c, struct bytes blob)
{
    struct meeting answer = ask(s, c, blob);

    return tell(s, &answer);
}

/* Hundreds of services may each ask for the same of all the others, so what came of a text and code is remembered. */
static struct meeting *remembered(struct rule_scope *s, const struct code *c, const char *text)
{
    struct index *asked = s->j->asked; /* lives on when S only rehearses */
    struct arena *scratch = arena_child(s->j->a);
    struct buf key = {.arena = scratch};
    buf_put(&key, bytes_of(&c, sizeof c));
    buf_str(&key, text);
    struct meeting *answer = index_find(asked, buf_bytes(&key));
    if (!answer) {
        struct req_compiled compiled = compile(scratch, text);
        answer = arena_new_of(asked->arena, struct meeting);
        *answer = compiled.ok ? ask(s, c, compiled.blob) : (struct meeting){.verdict = VERDICT_NO};
        if (answer->clause)
            answer->clause = value_string(asked->arena, value_cstr(answer->clause));
        index_add(asked, bytes_copy(asked->arena, buf_bytes(&key)), answer);
    }
    arena_child_free(scratch);
    return answer;
}

enum verdict require_meets_text(struct rule_scope *s, const struct code *c, const char *text)
{
    return tell(s, remembered(s, c, text));
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
    struct req_compiled compiled = compile(s->j->a, text);
    struct bytes error;
    const char *quoted;

    if (compiled.ok)
        return VERDICT_YES;
    error = req_errors_text(s->j->a, &compiled.errors);
    while (error.n && error.p[error.n - 1] == '\n')
        error.n--;
    say(s, "error", bytes_cstr(s->j->a, error));
    quoted = quoted_value(s->j->a, text);
    say(s, "fix",
        quoted ? arena_printf(s->j->a, "Write %s: a value that begins with a digit needs quotes",
                              quoted)
               : "Correct the text at the column; quote values that start with a digit");
    if (compiled.errors.n)
        s->finding = req_error_finding(compiled.errors.at[0].kind);
    return VERDICT_NO;
}

/* -- what a text says */

/* What a node asks of code: an Apple root or certain certificates; and beyond that a certain maker. */
struct ties {
    bool anchored, pinned;
};

struct student {
    struct arena *a;
    struct bytes blob;
    struct req_trace trace;
    size_t at;  /* next step */
    bool mixed; /* an alternative is tied while the other is not */
    struct require_study *out;
};

/* A test of a certificate's subject; a team pins the maker. */
static struct ties study_field(struct student *t, struct cursor *c)
{
    struct bytes key;

    req_word(c);
    key = req_data(c);
    if (!bytes_is(key, "subject.OU") || req_word(c) != MATCH_EQUAL)
        return (struct ties){false, false};
    vec_push(t->a, &t->out->teams, bytes_cstr(t->a, req_data(c)));
    return (struct ties){false, true};
}

/* A marker of Apple's in a certificate (the store's, say) is as good as a maker. */
static struct ties study_leaf(struct student *t, const struct req_step *step)
{
    struct cursor c = req_program(t->blob);

    c.at = step->at + 4;
    switch (step->word) {
    case OP_IDENTIFIER:
        vec_push(t->a, &t->out->identifiers, bytes_cstr(t->a, req_data(&c)));
        return (struct ties){false, false};
    case OP_FIELD: return study_field(t, &c);
    case OP_EXTENSION: return (struct ties){false, true};
    case OP_ANCHOR_APPLE: t->out->apple_only = true; return (struct ties){true, true};
    case OP_ANCHOR_HASH:
    case OP_CDHASH:
    case OP_NAMED_ANCHOR: return (struct ties){true, true};
    case OP_APPLE_GENERIC:
    case OP_TRUSTED:
    case OP_ANCHOR_TRUSTED: return (struct ties){true, false};
    default: return (struct ties){false, false};
    }
}

/* The node at t->at and all below it. */
static struct ties study_node(struct student *t)
{
    const struct req_step *step;
    struct ties left, right;

    if (t->at >= t->trace.steps.n)
        return (struct ties){false, false};
    step = &t->trace.steps.at[t->at++];
    if (step->word == OP_NOT) {
        study_node(t);
        return (struct ties){false, false};
    }
    if (step->word != OP_AND && step->word != OP_OR)
        return study_leaf(t, step);
    left = study_node(t);
    right = study_node(t);
    if (step->word == OP_AND)
        return (struct ties){left.anchored || right.anchored, left.pinned || right.pinned};
    t->out->has_alternatives = true;
    t->mixed |= left.anchored != right.anchored || left.pinned != right.pinned;
    return (struct ties){left.anchored && right.anchored, left.pinned && right.pinned};
}

bool require_study(struct arena *a, const char *text, struct require_study *out)
{
    struct req_compiled compiled = compile(a, text);
    struct student t = {.a = a, .blob = compiled.blob, .out = out};
    struct subject nobody = {0};
    struct ties whole;

    *out = (struct require_study){.anchored = false};
    if (!compiled.ok)
        return false;
    req_eval(a, compiled.blob, &nobody, &t.trace);
    whole = study_node(&t);
    out->anchored = whole.anchored;
    out->open_branch = t.mixed && !(whole.anchored && whole.pinned);
    return true;
}
