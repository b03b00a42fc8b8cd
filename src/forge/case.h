/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Case: a case file (case-format.md, dryseal-case(5)) becomes one merged document for the case itself and one
 * for each variant. Every key is checked against the tables of case.def; what is unknown is an error with
 * line, column and the nearest known key.
 */
#ifndef DS_FORGE_CASE_H
#define DS_FORGE_CASE_H

#include "base/arena.h"
#include "base/value.h"
#include "base/vec.h"

struct case_variant {
    const char *name;  /* NULL: the case itself */
    struct value *doc; /* the document after all changes, without `variants` */
};

struct case_file {
    const char *title;
    struct case_variant_vec VEC_OF(struct case_variant) variants; /* the case, then as written */
};

/*
 * Read TEXT. DS_PARSE with *ERROR when it is no YAML, or a key, word, change or finding is unknown.
 *
 * A change is a dotted path, parts with dots quoted, list elements by number; null removes. Below `info` and
 * the other property lists, and below `entitlements`, a null stays, since there it takes a default away. A
 * variant without `expect` keeps what it is based on.
 */
enum ds_status case_read(struct arena *a, struct bytes text, struct case_file *out,
                         struct value_error *error);

#endif
