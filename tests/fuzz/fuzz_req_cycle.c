/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text → binary → text → binary: what is printed, when it compiles, prints the same again, and the recompilable form
 * is always there and exact for what was compiled.
 */
#include <stdlib.h>

#include "fuzz_run.h"
#include "lang/compile.h"
#include "lang/print.h"
#include "lang/recompile.h"

static void demand(bool held)
{
    if (!held)
        abort();
}

static enum ds_status work(struct arena *a, struct bytes data)
{
    struct bytes text, again;
    const char *why;
    struct req_compiled first = req_compile(a, data, NULL);
    if (!first.ok)
        return DS_OK;
    demand(req_print(a, first.blob, &text) == REQ_OK);
    struct req_options options = {.mode = first.is_set ? REQ_SET : REQ_SINGLE};
    struct req_compiled second = req_compile(a, text, &options);
    if (second.ok) {
        demand(req_print(a, second.blob, &again) == REQ_OK);
        demand(bytes_equal(text, again));
    }
    demand(req_recompilable(a, first.blob, &text, &why));
    return DS_OK;
}

FUZZ(work)
