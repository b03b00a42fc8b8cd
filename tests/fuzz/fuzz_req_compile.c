/* SPDX-License-Identifier: Apache-2.0 */
/* Requirement text: compile in every mode, and both kinds of messages for what does not. */
#include "fuzz_run.h"
#include "lang/compile.h"
#include "lang/diagnose.h"

static enum ds_status work(struct arena *a, struct bytes data)
{
    for (int mode = REQ_AUTO; mode <= REQ_SET; mode++) {
        struct req_options options = {.mode = (enum req_mode)mode};
        struct req_compiled c = req_compile(a, data, &options);
        struct buf b = {.arena = a};
        (void)req_errors_text(a, &c.errors);
        for (size_t i = 0; i < c.errors.n && i < 100; i++) {
            struct req_diagnosis d = req_diagnose(a, data, &c.errors.at[i]);
            req_put_diagnosis(&b, "text", data, &d);
        }
    }
    (void)req_tool_text(a, data);
    return DS_OK;
}

FUZZ(work)
