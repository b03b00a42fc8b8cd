/* SPDX-License-Identifier: Apache-2.0 */
/* Case files: whatever is a case either is forged or says why not. */
#include <stdlib.h>

#include "forge/case.h"
#include "forge/forge.h"
#include "fuzz_run.h"

static enum ds_status work(struct arena *a, struct bytes data)
{
    struct case_file file;
    struct forged out;
    struct value_error error = {0};

    if (case_read(a, data, &file, &error) != DS_OK)
        return DS_PARSE;
    for (size_t i = 0; i < file.variants.n && i < 3; i++)
        if (forge_build(a, file.variants.at[i].doc, &out, &error) == DS_PARSE && !error.message)
            abort();
    return DS_OK;
}

FUZZ(work)
