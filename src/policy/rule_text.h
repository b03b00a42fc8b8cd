/* SPDX-License-Identifier: Apache-2.0 */
/* Rule text: paths to facts and texts with ${paths} in them, read once and filled in at each evaluation. */
#ifndef DS_POLICY_RULE_TEXT_H
#define DS_POLICY_RULE_TEXT_H

#include "policy/rule_book.h"

/* Names that paths may begin with besides facts, while a stanza is read. */
struct path_names {
    const char *with[RULE_WITH_MAX];
    size_t with_count;
    bool has_item, has_row, has_said;
};

/*
 * Read the path TEXT. On failure false with *MESSAGE (in A) and *SUGGESTION (may become NULL). A path to code has no
 * keys; `item` and its like stand alone or with keys.
 */
bool path_read(struct arena *a, struct bytes text, const struct path_names *names,
               struct rule_path *out, struct value_error *error);
/* True when the path leads to code rather than to a value. */
bool path_is_code(const struct rule_path *path);

/* Read a text: everything but ${…} stands for itself. */
bool text_read(struct arena *a, const char *text, const struct path_names *names,
               struct rule_text *out, struct value_error *error);

#endif
