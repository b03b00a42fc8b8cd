/* SPDX-License-Identifier: Apache-2.0 */
/* A resource rule's expression, a NUL, and the text it is matched against. */
#include "fuzz_run.h"
#include "seal/ere.h"

static enum ds_status work(struct arena *a, struct bytes data)
{
    const uint8_t *nul = data.n ? memchr(data.p, 0, data.n) : NULL;
    size_t n = nul ? (size_t)(nul - data.p) : data.n;
    uint64_t cost = 0;
    const char *error;
    struct ere *ere = ere_compile(a, bytes_of(data.p, n), &error);
    if (ere)
        (void)ere_match(ere, bytes_of(data.p + n, data.n - n), &cost);
    (void)ere_escape(a, data);
    return DS_OK;
}

FUZZ(work)
