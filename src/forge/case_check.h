/* SPDX-License-Identifier: Apache-2.0 */
/* Case check: a document against the grammar of case.def. */
#ifndef DS_FORGE_CASE_CHECK_H
#define DS_FORGE_CASE_CHECK_H

#include "base/arena.h"
#include "base/value.h"

/* True when DOC is a case; else *ERROR says where, what, and what was perhaps meant. */
bool case_check(struct arena *a, const struct value *doc, struct value_error *error);

/* A scalar as it was written (`0755`, `yes`, 15.3 …); NULL for lists, dictionaries and null. */
const char *case_word(struct arena *a, const struct value *v);
/* yes/no, on/off, true/false; FALLBACK when V is NULL, null or none of these. */
bool case_flag(const struct value *v, bool fallback);
/* A number: decimal, 0x…; false when V is none. Text with a leading 0 is octal when OCTAL. */
bool case_number(const struct value *v, bool octal, uint64_t *out);
/* A date as seconds since 1970; false when V is none. */
bool case_date(const struct value *v, int64_t *out);

#endif
