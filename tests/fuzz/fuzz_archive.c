/* SPDX-License-Identifier: Apache-2.0 */
/* Archives unpacked into memory, and the pieces they are made of. */
#include "format/appledouble.h"
#include "format/archive.h"
#include "format/pbzx.h"
#include "fuzz_run.h"

static enum ds_status work(struct arena *a, struct bytes data)
{
    struct findings f = {.arena = a};
    struct xattr_vec attributes = {0};
    struct bytes out;
    uint64_t left = 4 << 20;
    struct unpacking u = {a, fs_memory(a), "/", &f, place_path("x.zip"), &left, false};
    (void)archive_unpack(&u, data);
    (void)appledouble_parse(a, data, &attributes);
    (void)pbzx_expand(a, data, 1 << 20, &out);
    return DS_OK;
}

FUZZ(work)
