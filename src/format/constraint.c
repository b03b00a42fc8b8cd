/* SPDX-License-Identifier: Apache-2.0 */
/* Constraint: see constraint.h. */
#include "format/constraint.h"

#include "format/entitle.h"
#include "format/superblob.h"

static bool refuse(struct constraint *out, uint64_t at, const char *why)
{
    out->fault = why;
    out->fault_at = at;
    return false;
}

/* The keys around the requirements. Launch-policy.md §7.7 knows no other version and no other compatibility level. */
static const char *frame_fault(const struct value *dict)
{
    static const char *const numbers[] = {"ccat", "comp", "vers"};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (!value_is(value_get(dict, numbers[i]), VALUE_INT))
            return "ccat, comp or vers is missing or no integer";
    if (value_int_or(value_get(dict, "vers"), 0) != 1)
        return "the version is not 1";
    if (!value_is(value_get(dict, "reqs"), VALUE_DICT))
        return "reqs is missing or no dictionary";
    return NULL;
}

bool constraint_parse(struct arena *a, struct bytes blob, struct constraint *out)
{
    struct entitle_der der;
    *out = (struct constraint){.dict = NULL};
    if (blob_magic(blob) != BLOB_CONSTRAINT)
        return refuse(out, 0, "the blob is no launch constraint");
    bool canonical = entitle_der_constraint(a, blob_payload(blob), &der);
    out->dict = der.dict;
    if (!canonical)
        return refuse(out, der.fault_at + BLOB_HEADER, der.fault);
    const char *fault = frame_fault(der.dict);
    return fault ? refuse(out, BLOB_HEADER, fault) : true;
}
