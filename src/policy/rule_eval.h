/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rule evaluation: paths, patterns, texts and conditions over the facts of one piece of code. Three-valued: a fact that
 * is not on disk makes what depends on it undecided, and the scope remembers which one it was.
 */
#ifndef DS_POLICY_RULE_EVAL_H
#define DS_POLICY_RULE_EVAL_H

#include "policy/rule_book.h"
#include "policy/rule_fact.h"

/* What is known while one stanza is evaluated for one piece of code. */
struct rule_scope {
    struct judging *j;
    const struct rule *rule;
    const struct code *self;
    const struct value *item; /* member of `each:`; NULL: none */
    const struct value *row;  /* line of the table as a dictionary; NULL: none fits */
    struct value *said;       /* what checks had to say */
    const struct code *with[RULE_WITH_MAX];
    unsigned sought;                 /* bits: which of these were looked for */
    enum finding_id finding;         /* what a check found instead, FINDING_NONE: nothing */
    bool rehearsing;                 /* nothing is reported yet: see rules_judge() */
    bool speaks;                     /* while rehearsing: something would be */
    const struct rule_fact *unknown; /* a fact that would help, NULL: none was unknown */
};

struct answer path_answer(struct rule_scope *s, const struct code *c, const struct rule_path *path);
/* The text of the value at PATH; NULL when there is none. */
const char *path_text(struct rule_scope *s, const struct code *c, const struct rule_path *path);
/* TEXT with its placeholders filled in; NULL when one has no value and OR is NULL, else OR stands for it. */
char *text_fill(struct rule_scope *s, const struct code *c, const struct rule_text *text,
                const char * or);
enum verdict cond_holds(struct rule_scope *s, const struct code *c, const struct cond *cond);

/* "*.example" and the like: a star stands for anything. */
bool glob_match(const char *pattern, const char *text);
/* Dotted versions and numbers by value: <0, 0, >0. */
int version_compare(const char *a, const char *b);

#endif
