/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Designate: the designated requirement that code has when its signature holds none (requirement-language.md
 * §7), byte for byte as the reference makes it.
 */
#ifndef DS_LANG_DESIGNATE_H
#define DS_LANG_DESIGNATE_H

#include "lang/program.h"
#include "lang/subject.h"

enum designation {
    DESIGNATION_NONE,         /* no chain: no requirement is made */
    DESIGNATION_APPLE,        /* anchor apple */
    DESIGNATION_DEVELOPER_ID, /* by team */
    DESIGNATION_WWDR,         /* by the leaf's common name */
    DESIGNATION_THIRD_PARTY,  /* by the hash of a certificate */
};

/* Which form S takes (§7.3); "Developer ID", …. */
enum designation req_designation(const struct subject *s);
const char *req_designation_name(enum designation d);

/* For code signed with certificates: identifier and chain of S are used. {NULL,0} without a chain. */
struct bytes req_designate(struct arena *a, const struct subject *s);

/*
 * For ad hoc code (§7.2): the hashes of all its CodeDirectories, those of the architecture under question
 * first, in ascending hash type. {NULL,0} when N is 0.
 */
struct bytes req_designate_adhoc(struct arena *a, const struct bytes *cdhashes, size_t n);

/* Any one of N requirements, joined by `or` to the left (§7.1, `library`). {NULL,0} when there is none. */
struct bytes req_any_of(struct arena *a, const struct bytes *blobs, size_t n);

/* Member of an application group, signed by the certificate of that SHA-1, or by Apple when {NULL,0} (§7.4). */
struct bytes req_group(struct arena *a, struct bytes group, struct bytes sha1);

#endif
