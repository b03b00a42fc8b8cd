/* SPDX-License-Identifier: Apache-2.0 */
/* Notarization tickets. */
#include "fuzz_run.h"
#include "seal/ticket.h"

static enum ds_status work(struct arena *a, struct bytes data)
{
    struct ticket_facts facts;
    ticket_read(a, data, true, &facts);
    if (facts.content)
        (void)ticket_lists(facts.content, 2, data);
    return DS_OK;
}

FUZZ(work)
