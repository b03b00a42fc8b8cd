/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Object identifiers as DER content octets, and the plain names of those this field uses (oids.def).
 */
#ifndef DS_BASE_OID_H
#define DS_BASE_OID_H

#include "base/bytes.h"

enum oid_id {
    OID_UNKNOWN,
#define OID(id, dotted, name) OID_##id,
#include "base/oids.def"
#undef OID
    OID_COUNT
};

/* DER content octets of a row of oids.def, made in ARENA. */
struct bytes oid_bytes(struct arena *a, enum oid_id id);
/* "1.2.840…" and the plain name of a row. */
const char *oid_dotted(enum oid_id id);
const char *oid_name(enum oid_id id);

/* The row of content octets, OID_UNKNOWN when none. */
enum oid_id oid_find(struct bytes der);
bool oid_is(struct bytes der, enum oid_id id);

/* Dotted text of content octets; content octets of well-formed dotted text (false when it is not). */
char *oid_text(struct arena *a, struct bytes der);
bool oid_parse(struct arena *a, const char *dotted, struct bytes *out);

#endif
