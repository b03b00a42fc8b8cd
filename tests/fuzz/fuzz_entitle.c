/* SPDX-License-Identifier: Apache-2.0 */
/* Entitlements in both forms; what is canonical DER must encode to itself. */
#include <stdlib.h>

#include "format/entitle.h"
#include "fuzz_run.h"

static enum ds_status work(struct arena *a, struct bytes data)
{
    struct entitle_der d;
    struct bytes again;
    struct name_vec lines = {0};
    struct value *xml = entitle_xml(a, data, NULL);
    bool canonical = entitle_der_parse(a, data, &d) && !d.old_form;
    if (canonical && (!entitle_der_encode(a, d.dict, &again, NULL) || !bytes_equal(again, data)))
        abort();
    if (xml)
        (void)entitle_der_encode(a, xml, &again, NULL);
    entitle_differences(a, xml, d.dict, &lines);
    return DS_OK;
}

FUZZ(work)
