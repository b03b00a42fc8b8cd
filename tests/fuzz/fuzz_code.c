/* SPDX-License-Identifier: Apache-2.0 */
/* One file, read and validated as code whatever it is. */
#include "fuzz_run.h"
#include "seal/code.h"

static enum ds_status work(struct arena *a, struct bytes data)
{
    struct code_options options = {.deep = true,
                                   .strict = true,
                                   .check_pages = true,
                                   .check_resources = true,
                                   .collect_all = true,
                                   .threads = 1};
    struct fs *fs = fs_memory(a);
    struct code_input in = {fs, "/x", "x"};
    struct code *code;
    int error;
    fs_add_file(fs, "/x", 0755, data);
    return code_read(a, &in, &options, &code, &error);
}

FUZZ(work)
