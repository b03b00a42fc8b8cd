/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Shape: code thought up, as far as requirements can see it: a chain of certificates, an identifier, keys. What the
 * solver finds (lang/solve.h) and what a comparison shows as its witness.
 */
#ifndef DS_LANG_SHAPE_H
#define DS_LANG_SHAPE_H

#include "base/buf.h"
#include "base/vec.h"
#include "lang/subject.h"

struct shape_text {
    struct bytes key; /* attribute type, extension OID, name */
    struct bytes text;
    int64_t number; /* a date, or 1 for true */
};
struct shape_text_vec VEC_OF(struct shape_text);

struct shape_cert {
    uint8_t sha1[20];
    bool sha1_matters;
    struct shape_text_vec fields, extensions, policies, dates;
    enum trust_setting trust;
};

struct shape {
    struct shape_cert *certs; /* leaf first */
    size_t count;
    /* By enum fragment_kind: stored requirements, `text` their binary form */
    struct shape_text_vec named[2];
    struct subject subject; /* of shape_subject(); plain members are set directly */
    struct value *info, *entitlements;
    bool identifier_matters, cdhash_matters, platform_matters, anchor_matters;
};

struct shape *shape_new(struct arena *a, size_t certs);
/* S as the subject of an evaluation; valid as long as S, and until S is changed. */
const struct subject *shape_subject(struct shape *s);

/* "leaf: organisational unit (OU) is "X"", a line each; only what somebody asked about. */
void shape_put(struct buf *b, const struct shape *s);

#endif
