/* SPDX-License-Identifier: Apache-2.0 */
/* Reading rule files, inside: what the readers of stanzas (rule_read.c) and of conditions (rule_cond.c) share. */
#ifndef DS_POLICY_RULE_READ_H
#define DS_POLICY_RULE_READ_H

#include "policy/rule_book.h"
#include "policy/rule_text.h"

struct rule_reader {
    struct arena *a;
    struct value_error *error;
    struct path_names names; /* of the stanza being read */
    struct rule_tables VEC_OF(struct rule_table) tables;
};

/* Fill the error with a message about V; false always. SUGGESTION may be NULL. */
bool rule_refuse(struct rule_reader *r, const struct value *v, const char *message,
                 const char *suggestion);

/* A condition: a dictionary (all of its entries), or a list (all of its members). NULL after an error. */
struct cond *cond_read(struct rule_reader *r, const struct value *v);

/* Whether a condition can hold at all, as far as its words tell; an error otherwise. */
bool cond_has_sense(struct rule_reader *r, const struct cond *cond);

/* A path, or a text with placeholders, that stands in V. */
bool rule_read_path(struct rule_reader *r, const struct value *v, struct rule_path *out);
bool rule_read_text(struct rule_reader *r, const struct value *v, struct rule_text *out);
/* The text of a scalar as it was written; NULL for lists and dictionaries. */
const char *scalar_text(const struct value *v);

#endif
