/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two requirement texts with a NUL between, compared and linted: everything equals itself, and what is
 * called stricter one way round is weaker the other.
 */
#include <stdlib.h>

#include "fuzz_run.h"
#include "lang/compare.h"
#include "lang/compile.h"
#include "lang/lint.h"

static bool tree_of(struct arena *a, struct bytes text, struct req_node **root)
{
    struct req_options options = {.mode = REQ_SINGLE};
    struct req_compiled c = req_compile(a, text, &options);
    struct req_lint_vec lint = {0};
    if (!c.ok || text.n > 400 || req_tree(a, c.blob, root) != REQ_OK)
        return false;
    req_lint_source(a, text, &lint);
    req_lint_program(a, c.blob, &lint);
    return true;
}

static enum ds_status work(struct arena *a, struct bytes data)
{
    static const enum req_relation turned[] = {
        [RELATION_EQUIVALENT] = RELATION_EQUIVALENT, [RELATION_STRICTER] = RELATION_WEAKER,
        [RELATION_WEAKER] = RELATION_STRICTER,       [RELATION_DIFFERENT] = RELATION_DIFFERENT,
        [RELATION_UNDECIDED] = RELATION_UNDECIDED,
    };
    const uint8_t *nul = data.n ? memchr(data.p, 0, data.n) : NULL;
    struct req_node *x, *y;
    struct bytes first, second;
    if (!nul)
        return DS_OK;
    bytes_part(data, 0, (size_t)(nul - data.p), &first);
    bytes_part(data, first.n + 1, data.n - first.n - 1, &second);
    if (!tree_of(a, first, &x) || !tree_of(a, second, &y))
        return DS_OK;
    enum req_relation same = req_compare(a, x, x).relation;
    if (same != RELATION_EQUIVALENT && same != RELATION_UNDECIDED)
        abort();
    if (req_compare(a, x, y).relation != turned[req_compare(a, y, x).relation])
        abort();
    return DS_OK;
}

FUZZ(work)
