/* SPDX-License-Identifier: Apache-2.0 */
/* DER write: elements of DER as byte strings that are put together from the inside out (X.690). */
#ifndef DS_FORGE_DER_WRITE_H
#define DS_FORGE_DER_WRITE_H

#include "base/arena.h"
#include "base/bytes.h"
#include "base/der.h"
#include "base/oid.h"
#include "base/vec.h"

#define TAG_SEQUENCE   0x30
#define TAG_SET        0x31
#define TAG_CONTEXT(n) (0xa0 | (n)) /* [n], constructed */

struct der_list VEC_OF(struct bytes);

/* TAG around the N PARTS, one after another. */
struct bytes der_join(struct arena *a, uint8_t tag, const struct bytes *parts, size_t n);
#define DER(a, tag, ...)                                      \
    der_join((a), (tag), (const struct bytes[]){__VA_ARGS__}, \
             sizeof((const struct bytes[]){__VA_ARGS__}) / sizeof(struct bytes))

/* TAG around CONTENT; around the text S. */
struct bytes der_wrap(struct arena *a, uint8_t tag, struct bytes content);
struct bytes der_text(struct arena *a, uint8_t tag, const char *s);
/* The elements of LIST: in order, or sorted as DER wants a SET OF. */
struct bytes der_list(struct arena *a, uint8_t tag, const struct der_list *list);
struct bytes der_set_of(struct arena *a, const struct der_list *list);

struct bytes der_null(struct arena *a);
struct bytes der_boolean(struct arena *a, bool b);
struct bytes der_integer(struct arena *a, int64_t i);
struct bytes der_oid(struct arena *a, enum oid_id id);
/* BIT STRING of whole octets. */
struct bytes der_bits(struct arena *a, struct bytes octets);
/* UTCTime, from 2050 on GeneralizedTime (RFC 5280); GeneralizedTime always. */
struct bytes der_time(struct arena *a, int64_t when);
struct bytes der_generalized(struct arena *a, int64_t when);
/* AlgorithmIdentifier with NULL parameters, or none. */
struct bytes der_algorithm(struct arena *a, enum oid_id id, bool null_parameters);

#endif
