/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Directory check: what may lie at the top of a bundle or framework (static-validation.md §1.7). Rules are tried in
 * order, the first that applies decides; every required one must have matched.
 */
#ifndef DS_SEAL_DIRCHECK_H
#define DS_SEAL_DIRCHECK_H

#include <stdbool.h>

struct reader;

#define ITEM_FILE 1u
#define ITEM_LINK 2u
#define ITEM_DIR  4u

struct dir_rule {
    const char *pattern; /* of the path relative to the root */
    unsigned types;      /* ITEM_… it applies to */
    bool require, noexec, descend;
    /* Links: expression of the link text, "%" stands for the item's name; NULL: any */
    const char *target;
};

/* NULL when ROOT keeps the N RULES, else what broke them ("unexpected file notes.txt"). */
const char *dircheck_fault(struct reader *r, const char *root, const struct dir_rule *rules,
                           unsigned n);

/* The two sets the reference has: what may stand beside Contents; the top of a versioned framework. */
const char *dircheck_bundle(struct reader *r, const char *root);
const char *dircheck_framework(struct reader *r, const char *root);

#endif
