/* SPDX-License-Identifier: Apache-2.0 */
/* Requirement binaries: print, explain, and text that compiles back; the input as it is, and as a program. */
#include "base/buf.h"
#include "fuzz_run.h"
#include "lang/explain.h"
#include "lang/print.h"
#include "lang/recompile.h"

static void all_forms(struct arena *a, struct bytes blob)
{
    struct bytes text;
    struct req_node *root;
    struct buf b = {.arena = a};
    const char *why;
    (void)req_print(a, blob, &text);
    (void)req_recompilable(a, blob, &text, &why); /* compares by itself */
    if (req_tree(a, blob, &root) == REQ_OK)
        req_explain_text(&b, req_explain(a, blob, root, NULL), false);
}

static enum ds_status work(struct arena *a, struct bytes data)
{
    struct buf b = {.arena = a};
    all_forms(a, data);
    buf_be32(&b, REQ_MAGIC);
    buf_be32(&b, (uint32_t)(REQ_HEADER + data.n));
    buf_be32(&b, REQ_KIND_EXPRESSION);
    buf_put(&b, data);
    all_forms(a, buf_bytes(&b));
    return DS_OK;
}

FUZZ(work)
