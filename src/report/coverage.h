/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Coverage: which bytes of a file are protected by what (page hash, slot, CMS, nothing). What nothing protects can be
 * changed without any check of static validation noticing, which is worth knowing byte for byte.
 *
 * Three kinds of bytes: those that a hash or a signature covers, any change of which is refused; those that nothing looks
 * at, which change no verdict; and the form around both (headers, indexes, tags and lengths), where most changes break
 * something and some do not.
 */
#ifndef DS_REPORT_COVERAGE_H
#define DS_REPORT_COVERAGE_H

#include "base/buf.h"
#include "seal/code.h"

enum guard { GUARD_NOTHING, GUARD_FORM, GUARD_SEALED };

struct range {
    uint64_t offset, size;
    const char *what; /* "code pages", "entitlements" */
    const char *by;   /* "page hashes (sha256)"; NULL unless sealed */
    const char *arch; /* NULL: outside every slice */
    enum guard guard;
};

struct coverage {
    struct range_vec VEC_OF(struct range) ranges; /* ascending, without gaps, the whole file */
    uint64_t size, unprotected;                   /* bytes */
};

/* FILE is the main file of C, whole. */
void coverage_of(struct arena *a, const struct code *c, struct bytes file, struct coverage *out);

/* FILE is no code but a message that protects itself: a provisioning profile or a ticket; false when it is neither. */
bool coverage_of_message(struct arena *a, struct bytes file, struct coverage *out);

/* {path, size, unprotected, ranges [{offset, size, what, by, arch}]} */
struct value *tree_coverage(struct arena *a, const char *path, const struct coverage *c);

void text_coverage(struct buf *out, const char *path, const struct coverage *c);

#endif
