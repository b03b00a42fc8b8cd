/* SPDX-License-Identifier: Apache-2.0 */
/* SuperBlobs, detached signatures and the CodeDirectories inside. */
#include "format/codedir.h"
#include "format/superblob.h"
#include "fuzz_run.h"

static enum ds_status work(struct arena *a, struct bytes data)
{
    struct findings f = {.arena = a};
    struct superblob s;
    struct detached d;
    struct codedir cd;
    struct bytes content;
    (void)detached_parse(data, 7, &f, place_path("x"), &d);
    if (!superblob_parse(data, BLOB_SIGNATURE, &f, place_path("x"), &s))
        return DS_OK;
    (void)superblob_strict_fault(a, &s);
    for (size_t i = 0; i < s.count; i++)
        if (superblob_component(&s, s.entries[i].type, &f, place_path("x"), &content) !=
            COMPONENT_ABSENT)
            (void)codedir_parse(content, 0, &f, place_path("x"), &cd);
    return DS_OK;
}

FUZZ(work)
