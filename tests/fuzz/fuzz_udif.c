/* SPDX-License-Identifier: Apache-2.0 */
/* Disk images: trailers, headers, and the signatures they name. */
#include "format/udif.h"
#include "fuzz_run.h"

static enum ds_status work(struct arena *a, struct bytes data)
{
    struct findings f = {.arena = a};
    struct udif u;
    if (udif_sniff(data) != UDIF_NO)
        (void)udif_parse(data, &f, place_path("x.dmg"), &u);
    return DS_OK;
}

FUZZ(work)
