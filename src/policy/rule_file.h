/* SPDX-License-Identifier: Apache-2.0 */
/* Rule files: from text to stanzas, in the order of the file. What is made lives in the arena. */
#ifndef DS_POLICY_RULE_FILE_H
#define DS_POLICY_RULE_FILE_H

#include "policy/rules.h"

struct rule_list VEC_OF(struct rule *);

/* DS_OK, or DS_PARSE or DS_LIMIT with *ERROR filled. */
enum ds_status rule_file_read(struct arena *a, struct bytes text, struct rule_list *out,
                              struct value_error *error);

/* A file that is built in, line by line (rule_files.c, made by src/policy/rules/embed.awk). */
struct rule_file {
    const char *name;
    const char *const *lines;
    size_t n;
};
extern const struct rule_file rule_files[];
extern const size_t rule_file_count;

#endif
