/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Evaluation: two bytes of length, a requirement program, then facts in JSON. With a trace and without the answer is
 * the same, and with every fact known it is decided.
 */
#include <stdlib.h>

#include "base/buf.h"
#include "format/json_read.h"
#include "fuzz_run.h"
#include "lang/explain.h"
#include "seal/facts.h"

static bool no_file(void *self, const char *path, struct bytes *out)
{
    (void)self;
    (void)path;
    (void)out;
    return false;
}

static struct bytes requirement(struct arena *a, struct bytes program)
{
    struct buf b = {.arena = a};
    buf_be32(&b, REQ_MAGIC);
    buf_be32(&b, (uint32_t)(REQ_HEADER + program.n));
    buf_be32(&b, REQ_KIND_EXPRESSION);
    buf_put(&b, program);
    return buf_bytes(&b);
}

static void evaluate(struct arena *a, struct bytes blob, const struct subject *s)
{
    struct req_trace trace;
    struct req_node *root;
    struct buf b = {.arena = a};
    struct req_result plain = req_eval(a, blob, s, NULL), traced = req_eval(a, blob, s, &trace);
    if (plain.error != traced.error || plain.verdict != traced.verdict)
        abort();
    if (s->unknown == 0 && plain.verdict == VERDICT_UNDECIDED)
        abort();
    if (!s->unread_operands && plain.error == REQ_OK && req_tree(a, blob, &root) == REQ_OK)
        req_explain_text(&b, req_explain(a, blob, root, &trace), true);
}

static enum ds_status work(struct arena *a, struct bytes data)
{
    struct cursor c = cursor_of(data, 0);
    struct bytes program = cursor_bytes(&c, cursor_be16(&c)), json = cursor_rest(&c);
    struct facts_source source = {.read = no_file};
    struct value *facts;
    struct value_error error;
    if (c.failed || json_parse(a, json, &facts, &error) != DS_OK)
        return DS_OK;
    for (int way = 0; way < 2; way++) {
        struct subject s;
        source.complete = way == 1;
        if (facts_subject(a, facts, &source, &s, &error) != DS_OK)
            continue;
        s.unread_operands = source.complete;
        evaluate(a, requirement(a, program), &s);
    }
    return DS_OK;
}

FUZZ(work)
