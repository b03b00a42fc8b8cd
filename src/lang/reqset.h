/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reqset: requirement sets (requirement-language.md §3.3, §6.3), the "internal requirements" of a signature.
 */
#ifndef DS_LANG_REQSET_H
#define DS_LANG_REQSET_H

#include "base/vec.h"
#include "lang/program.h"

enum req_type {
    REQ_TYPE_INVALID = 0,
    REQ_TYPE_HOST = 1,
    REQ_TYPE_GUEST = 2,
    REQ_TYPE_DESIGNATED = 3,
    REQ_TYPE_LIBRARY = 4,
    REQ_TYPE_PLUGIN = 5,
};

struct req_member {
    uint32_t type;
    bool present;      /* the index names a place; only then `blob` is anything */
    bool valid;        /* a requirement: magic fade0c00, at least 12 bytes */
    struct bytes blob; /* by the member's own length */
    uint32_t offset;
};

struct req_set {
    struct bytes blob;                                       /* by the set's length field */
    struct req_member_vec VEC_OF(struct req_member) members; /* in index order */
};

/*
 * A set from bytes, which may be followed by others. REQ_INVALID when §6.3 refuses it as a whole; a member
 * that is no requirement is not a reason.
 */
enum req_status reqset_open(struct arena *a, struct bytes bytes, struct req_set *out);

/*
 * The member of TYPE as a requirement: the first index entry of that type, false when there is none, or it is
 * damaged. *DAMAGED (may be NULL) tells these apart: a damaged `designated` silently falls back to the default.
 */
bool reqset_find(const struct req_set *set, uint32_t type, struct bytes *out, bool *damaged);

/* A set of MEMBERS (type and blob used), which the caller has put in ascending unsigned type order. */
struct bytes reqset_make(struct arena *a, const struct req_member *members, size_t n);

/* "host", …, "invalid" for 0, NULL for unknown types; the type of a keyword, 6 when it is none. */
const char *req_type_name(uint32_t type);
uint32_t req_type_of(const char *name);

#endif
