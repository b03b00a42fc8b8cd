/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Claims: what the blobs of a signature say: entitlements, requirements, launch constraints. Reading only; what they
 * mean is judged elsewhere. A special slot that the chosen directory does not bind counts as absent
 * (static-validation.md §4.5, ASSUMPTION(unbound-slot)).
 */
#include "format/constraint.h"
#include "format/entitle.h"
#include "lang/print.h"
#include "seal/core.h"

/* The content of SLOT without findings: those are made when the slots are checked. */
static bool slot_content(struct core *c, uint32_t slot, struct bytes *out)
{
    struct findings quiet = {.arena = c->a};
    return components_get(c->components, slot, &quiet, c->at, out) == COMPONENT_PRESENT;
}

static bool bound_content(struct core *c, const struct signature *sig, uint32_t slot,
                          struct bytes *out)
{
    *out = bytes_of(NULL, 0);
    return codedir_binds(sig->chosen, slot) && slot_content(c, slot, out);
}

/* -- entitlements */

/* Content in a blob of another kind is ignored, as the reference does (§4.5). */
static bool entitlement_blob(struct core *c, const struct signature *sig, uint32_t slot,
                             struct bytes *out)
{
    uint32_t magic = slot == SLOT_ENTITLEMENTS ? BLOB_ENTITLEMENTS : BLOB_ENTITLEMENTS_DER;
    return bound_content(c, sig, slot, out) && blob_magic(*out) == magic;
}

static void read_der_entitlements(struct core *c, struct signature *sig)
{
    struct entitle_der der;
    entitle_der_parse(c->a, blob_payload(sig->entitlements_der), &der);
    sig->der_old_form = der.old_form;
    sig->der_error = der.fault;
    sig->entitlements = der.fault ? NULL : der.dict;
    if (!der.dict || !sig->entitlements_from_xml)
        return;
    struct name_vec lines = {0};
    entitle_differences(c->a, sig->entitlements_from_xml, der.dict, &lines);
    sig->entitlements_differ = lines.n != 0;
}

/* Where the DER form is missing, the system makes it from the XML, or does without when that cannot be (§4.5). */
static void convert_entitlements(struct core *c, struct signature *sig)
{
    struct bytes ignored;
    struct value *xml = sig->entitlements_from_xml;
    if (xml && entitle_der_encode(c->a, xml, &ignored, NULL))
        sig->entitlements = xml;
}

static void read_entitlements(struct core *c, struct signature *sig)
{
    sig->has_xml_entitlements = entitlement_blob(c, sig, SLOT_ENTITLEMENTS, &sig->entitlements_xml);
    sig->has_der_entitlements =
        entitlement_blob(c, sig, SLOT_ENTITLEMENTS_DER, &sig->entitlements_der);
    if (sig->has_xml_entitlements)
        sig->entitlements_from_xml =
            entitle_xml(c->a, blob_payload(sig->entitlements_xml), &sig->xml_error);
    if (sig->has_der_entitlements)
        read_der_entitlements(c, sig);
    else
        convert_entitlements(c, sig);
}

/* -- launch constraints: slots 8 to 11 in the order of sig->constraints */

static void read_constraint(struct core *c, struct signature *sig, size_t i)
{
    struct bytes blob;
    struct constraint constraint;
    uint32_t slot = SLOT_CONSTRAINT_SELF + (uint32_t)i;
    sig->has_constraint[i] = bound_content(c, sig, slot, &blob);
    if (sig->has_constraint[i] && constraint_parse(c->a, blob, &constraint))
        sig->constraints[i] = constraint.dict;
}

/* -- what only the kernel minds (§10.1) */

/* The magic by which the kernel finds the blob of SLOT, 0 for slots that it does not read. */
static uint32_t kernel_magic(uint32_t slot)
{
    if (slot == SLOT_ENTITLEMENTS)
        return BLOB_ENTITLEMENTS;
    if (slot == SLOT_ENTITLEMENTS_DER)
        return BLOB_ENTITLEMENTS_DER;
    return slot >= SLOT_CONSTRAINT_SELF && slot <= SLOT_SPECIAL_MOST ? BLOB_CONSTRAINT : 0;
}

static void find_odd_slots(const struct core *c, struct signature *sig)
{
    const struct superblob *s = &c->components->superblob;
    uint32_t met = 0;
    for (size_t i = 0; c->components->has_superblob && i < s->count; i++) {
        const struct superblob_entry *e = &s->entries[i];
        uint32_t magic = kernel_magic(e->type);
        if (!magic || e->offset == 0 || blob_magic(e->blob) != magic)
            continue;
        uint32_t bit = 1u << e->type;
        sig->repeated_slots |= met & bit;
        met |= bit;
        if (!codedir_binds(sig->chosen, e->type))
            sig->unbound_slots |= bit;
    }
}

/* -- requirements */

static struct place requirements_place(const struct core *c)
{
    struct place at = c->at;
    at.slot = SLOT_REQUIREMENTS;
    return at;
}

static void read_requirements(struct core *c, struct signature *sig)
{
    struct req_set set;
    struct bytes text;
    bool damaged = false;
    sig->has_requirements = bound_content(c, sig, SLOT_REQUIREMENTS, &sig->requirements);
    if (!sig->has_requirements)
        return;
    if (reqset_open(c->a, sig->requirements, &set) != REQ_OK) {
        finding_add(c->f, FINDING_REQ_SET_BLOB, requirements_place(c), NULL);
        return;
    }
    if (req_print(c->a, sig->requirements, &text) == REQ_OK)
        sig->requirements_text = bytes_cstr(c->a, text);
    sig->dr_explicit = reqset_find(&set, REQ_TYPE_DESIGNATED, &sig->dr, &damaged);
    if (damaged)
        finding_add(c->f, FINDING_REQ_SET_ENTRY, requirements_place(c), NULL);
    if (sig->dr_explicit && req_print(c->a, sig->dr, &text) == REQ_OK)
        sig->dr_text = bytes_cstr(c->a, text);
}

void claims_read(struct core *c, struct signature *sig)
{
    read_entitlements(c, sig);
    for (size_t i = 0; i < sizeof sig->constraints / sizeof *sig->constraints; i++)
        read_constraint(c, sig, i);
    find_odd_slots(c, sig);
    read_requirements(c, sig);
}
