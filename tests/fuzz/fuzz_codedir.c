/* SPDX-License-Identifier: Apache-2.0 */
/* CodeDirectories: the checks, and every accessor on what they let through or not. */
#include "format/codedir.h"
#include "fuzz_run.h"

static enum ds_status work(struct arena *a, struct bytes data)
{
    struct findings f = {.arena = a};
    struct codedir cd;
    struct codedir_scatter_vec scatter = {0};
    (void)codedir_parse(data, 0, &f, place_path("x"), &cd);
    for (uint32_t i = 0; i < 16; i++) {
        (void)codedir_binds(&cd, i);
        (void)codedir_page(&cd, i);
        (void)codedir_pre_encrypt(&cd, i);
        (void)codedir_matches(&cd, (int64_t)i - 8, bytes_of(cd.cdhash, 20));
    }
    codedir_scatters(a, &cd, &scatter);
    return DS_OK;
}

FUZZ(work)
