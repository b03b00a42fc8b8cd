/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Launch and library constraints as slots 8 to 11 hold them (static-validation.md §11.7): a blob 0xfade8181 around the
 * DER of a dictionary, in the form of DER entitlements, with byte strings as a further kind of value:
 *
 *     { ccat: category, comp: 1, reqs: { facts and operators }, vers: 1 }
 *
 * Reading only; what the requirements mean is judged elsewhere.
 */
#ifndef DS_FORMAT_CONSTRAINT_H
#define DS_FORMAT_CONSTRAINT_H

#include "base/arena.h"
#include "base/value.h"

struct constraint {
    struct value *dict; /* the whole dictionary, NULL when it does not decode */
    const char *fault;  /* why it does not decode, or what of its frame is wrong; NULL when fine */
    uint64_t fault_at;  /* offset in the blob */
};

/* Decode BLOB, header included; true when it decodes and its frame is as drawn above. */
bool constraint_parse(struct arena *a, struct bytes blob, struct constraint *out);

#endif
