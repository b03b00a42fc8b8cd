/* SPDX-License-Identifier: Apache-2.0 */
/*
 * YAML for our own files (cases, rules) and for values on the command line, through libyaml.
 *
 * Plain true/false/yes/no/on/off become VALUE_BOOL, plain whole numbers (decimal, 0x…) VALUE_INT, plain null, ~ and
 * nothing VALUE_NULL; all three keep their text in `bytes`, since `mode: 0755` and `sip: on` mean their words.
 * Everything else is VALUE_STRING, so 15.3, 2026-01-15 and 1ABCDE0001 need no quotes. Every node has its line and
 * column. Anchors, aliases, tags, several documents and duplicate keys are errors.
 */
#ifndef DS_FORMAT_YAML_H
#define DS_FORMAT_YAML_H

#include "base/arena.h"
#include "base/value.h"

/* DS_OK, DS_PARSE or DS_LIMIT, the latter two with *ERROR filled. An empty document gives VALUE_NULL. */
enum ds_status yaml_parse(struct arena *a, struct bytes text, struct value **out,
                          struct value_error *error);

#endif
