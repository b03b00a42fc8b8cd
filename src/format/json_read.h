/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON text (RFC 8259) to a tree of values: facts, vectors and reports given to us. Strict: nothing behind the
 * value, no duplicate keys, no bytes that are no UTF-8. Every node has its place. Whole numbers are VALUE_INT
 * (unsigned ones above INT64_MAX marked so), others VALUE_REAL.
 */
#ifndef DS_FORMAT_JSON_READ_H
#define DS_FORMAT_JSON_READ_H

#include "base/arena.h"
#include "base/value.h"

/* DS_OK, DS_PARSE or DS_LIMIT, the latter two with *ERROR filled. */
enum ds_status json_parse(struct arena *a, struct bytes text, struct value **out,
                          struct value_error *error);

#endif
