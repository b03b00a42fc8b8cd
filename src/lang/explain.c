/* SPDX-License-Identifier: Apache-2.0 */
/* Explain: see explain.h. First every part is told alone, then the parts are put together, then shown. */
#include "config.h"

#include "lang/explain.h"

#include "base/arena.h"
#include "base/oid.h"
#include "lang/date.h"
#include "lang/print.h"
#include "lang/say.h"

const char *req_verdict_word(enum verdict v)
{
    return v == VERDICT_YES ? "true" : v == VERDICT_NO ? "false" : "undecided";
}

/* -- Putting together */

struct explainer {
    struct arena *a;
    struct bytes blob;
    const struct req_trace *trace;
    size_t step;
};

/* The step of the next node in program order; those of stored requirements lie between. */
static const struct req_step *next_step(struct explainer *x)
{
    if (!x->trace)
        return NULL;
    while (x->step < x->trace->steps.n && x->trace->steps.at[x->step].fragment > 0)
        x->step++;
    return x->step < x->trace->steps.n ? &x->trace->steps.at[x->step++] : NULL;
}

static const char *operator_text(const struct req_node *n)
{
    switch (n->opcode) {
    case OP_AND: return "all of these";
    case OP_OR: return "at least one of these";
    case OP_NOT: return "not";
    default: return NULL;
    }
}

static struct req_explained *explain(struct explainer *x, const struct req_node *n);

/* `a and b and c` is one list: parts of a part with the same operator are taken over. */
static void take_part(struct explainer *x, struct req_explained *e, const struct req_node *child)
{
    struct req_explained *part = explain(x, child);
    bool chain =
        (e->node->opcode == OP_AND || e->node->opcode == OP_OR) && child->opcode == e->node->opcode;
    for (size_t i = 0; chain && i < part->parts.n; i++)
        vec_push(x->a, &e->parts, part->parts.at[i]);
    if (!chain)
        vec_push(x->a, &e->parts, part);
}

static struct req_explained *explain(struct explainer *x, const struct req_node *n)
{
    struct req_explained *e = arena_new_of(x->a, struct req_explained);
    const struct req_step *step = next_step(x);
    const char *text = operator_text(n);
    *e = (struct req_explained){.node = n, .saw = ""};
    e->text = text ? text : req_node_text(x->a, x->blob, n);
    e->says = req_says(x->a, n);
    if (step) {
        e->judged = true;
        e->verdict = step->verdict;
        e->fact = step->fact;
        e->saw = req_saw(x->a, n, step);
    }
    for (unsigned i = 0; i < n->count; i++)
        take_part(x, e, n->child[i]);
    return e;
}

/* Of an `and` that is false the false parts are why; of a true one all are; `or` the other way round. */
static bool is_reason(const struct req_explained *whole, const struct req_explained *part)
{
    enum req_op op = whole->node->opcode;
    if (op == OP_AND && whole->verdict != VERDICT_YES)
        return part->verdict == whole->verdict;
    if (op == OP_OR && whole->verdict != VERDICT_NO)
        return part->verdict == whole->verdict;
    return true;
}

static void mark_reasons(struct req_explained *e)
{
    e->reason = true;
    for (size_t i = 0; i < e->parts.n; i++)
        if (is_reason(e, e->parts.at[i]))
            mark_reasons(e->parts.at[i]);
}

struct req_explained *req_explain(struct arena *a, struct bytes blob, const struct req_node *root,
                                  const struct req_trace *trace)
{
    struct explainer x = {a, blob, trace, 0};
    struct req_explained *e = explain(&x, root);
    mark_reasons(e);
    return e;
}

/* -- As text */

struct writer {
    struct buf *b;
    struct buf indent; /* what stands before the lines of the parts under way */
    bool reasons;
};

static bool shown(const struct writer *w, const struct req_explained *e)
{
    return !w->reasons || e->reason;
}

static void put_head(struct buf *b, const struct req_explained *e)
{
    buf_str(b, e->text);
    if (e->judged)
        buf_printf(b, " — %s", req_verdict_word(e->verdict));
    if (*e->saw)
        buf_printf(b, ": %s", e->saw);
    buf_byte(b, '\n');
}

static void put_parts(struct writer *w, const struct req_explained *e);

static void put_sentence(struct writer *w, const struct req_explained *e)
{
    if (!*e->says || e->parts.n)
        return;
    buf_str(w->b, buf_cstr(&w->indent));
    buf_printf(w->b, "  %s\n", e->says);
}

/* One part, its lines behind a branch of the tree. */
static void put_part(struct writer *w, const struct req_explained *e, bool last)
{
    size_t outer = w->indent.n;
    buf_str(w->b, buf_cstr(&w->indent));
    buf_str(w->b, last ? "└─ " : "├─ ");
    put_head(w->b, e);
    buf_str(&w->indent, last ? "   " : "│  ");
    put_sentence(w, e);
    put_parts(w, e);
    w->indent.n = outer;
    w->indent.p[outer] = '\0';
}

static void put_parts(struct writer *w, const struct req_explained *e)
{
    size_t last = e->parts.n;
    while (last > 0 && !shown(w, e->parts.at[last - 1]))
        last--;
    for (size_t i = 0; i < last; i++)
        if (shown(w, e->parts.at[i]))
            put_part(w, e->parts.at[i], i + 1 == last);
}

void req_explain_text(struct buf *b, const struct req_explained *e, bool reasons)
{
    struct writer w = {.b = b, .indent = {.arena = b->arena}, .reasons = reasons};
    put_head(b, e);
    put_sentence(&w, e);
    put_parts(&w, e);
}

/* -- As a value */

static void set_text(struct arena *a, struct value *v, const char *key, const char *text)
{
    if (text && *text)
        value_set(a, v, key, value_string(a, text));
}

struct value *req_explain_value(struct arena *a, const struct req_explained *e, bool reasons)
{
    struct value *v = value_dict(a), *parts = value_array(a);
    set_text(a, v, "text", e->text);
    set_text(a, v, "says", e->says);
    if (e->judged)
        set_text(a, v, "verdict", req_verdict_word(e->verdict));
    set_text(a, v, "saw", e->saw);
    if (e->judged && e->verdict == VERDICT_UNDECIDED)
        set_text(a, v, "missing", subject_fact_name(e->fact));
    for (size_t i = 0; i < e->parts.n; i++)
        if (!reasons || e->parts.at[i]->reason)
            value_append(a, parts, req_explain_value(a, e->parts.at[i], reasons));
    if (e->parts.n)
        value_set(a, v, "parts", parts);
    return v;
}
