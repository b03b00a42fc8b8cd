/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Claims: what the blobs of a signature say: entitlements, requirements, launch constraints. Reading only; what the
 * requirements or entitlements mean is judged elsewhere.
 */
#include "lang/print.h"
#include "seal/core.h"

static void read_requirements(struct core *c, struct signature *sig)
{
    struct findings quiet = {.arena = c->a};
    struct req_set set;
    struct bytes text;
    bool damaged = false;
    if (components_get(c->components, SLOT_REQUIREMENTS, &quiet, c->at, &sig->requirements) !=
        COMPONENT_PRESENT)
        return;
    sig->has_requirements = true;
    struct place at = c->at;
    at.slot = SLOT_REQUIREMENTS;
    if (reqset_open(c->a, sig->requirements, &set) != REQ_OK) {
        finding_add(c->f, FINDING_REQ_SET_BLOB, at, NULL);
        return;
    }
    if (req_print(c->a, sig->requirements, &text) == REQ_OK)
        sig->requirements_text = bytes_cstr(c->a, text);
    sig->dr_explicit = reqset_find(&set, REQ_TYPE_DESIGNATED, &sig->dr, &damaged);
    if (damaged)
        finding_add(c->f, FINDING_REQ_SET_ENTRY, at, NULL);
}

void claims_read(struct core *c, struct signature *sig)
{
    read_requirements(c, sig);
}
