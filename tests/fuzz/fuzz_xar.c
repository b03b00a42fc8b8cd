/* SPDX-License-Identifier: Apache-2.0 */
/* Flat packages: the table of contents, alone as XML too, and the members. */
#include "format/xar.h"
#include "format/xml.h"
#include "fuzz_run.h"

static enum ds_status work(struct arena *a, struct bytes data)
{
    struct xar x;
    struct bytes content;
    const char *why;
    (void)xml_parse(a, data, &why);
    if (xar_parse(a, data, &x, &why))
        for (size_t i = 0; i < x.files.n; i++)
            (void)xar_file_content(a, &x.files.at[i], 1 << 20, &content);
    return DS_OK;
}

FUZZ(work)
