/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Distinguished names: the attributes of an X.501 Name, decoded as the reference's requirement evaluator
 * decodes them (requirement-language.md §4.5). Any ASN.1 type gets a text, however odd; only a Name whose DER
 * is malformed, or one of LIMIT_RDNS parts and more, has none.
 */
#ifndef DS_CRYPTO_NAME_H
#define DS_CRYPTO_NAME_H

#include "base/bytes.h"
#include "base/oid.h"
#include "base/vec.h"

struct cert_attribute {
    struct bytes oid;  /* content octets */
    uint32_t tag;      /* universal string tag */
    struct bytes raw;  /* value content */
    struct bytes text; /* decoded as the reference does, UTF-8; valid only when `decoded` */
    bool decoded;
};

struct cert_attribute_vec VEC_OF(struct cert_attribute);

/* Attributes of NAME (a whole Name element) in encoding order; false, and none, when it is undecodable. */
bool name_parse(struct arena *a, struct bytes name, struct cert_attribute_vec *out);

/* The first and the last attribute of type ID, NULL when there is none. */
const struct cert_attribute *name_first(const struct cert_attribute_vec *name, enum oid_id id);
const struct cert_attribute *name_last(const struct cert_attribute_vec *name, enum oid_id id);

#endif
