/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules: the rule book. Policy is data (design §3): what a subsystem wants is a stanza of src/policy/rules/<stage>.yaml,
 * built into the program and extensible by files of the same form (dryseal-rules(5)). This module holds the book and
 * judges by it; how stanzas are read and conditions evaluated is in rule_read.c and rule_eval.c.
 *
 * Invariants. A book is never changed once it was made. Every stanza's id is unique in its book. Evaluation has three
 * values: what would take a fact that is not on disk asks its question and reports nothing.
 */
#ifndef DS_POLICY_RULES_H
#define DS_POLICY_RULES_H

#include "base/finding.h"
#include "base/status.h"
#include "base/value.h"

struct judging;
struct rule_body;

struct rule {
    const char *id;   /* "NE-12/prefix" */
    const char *spec; /* the rule of the specification: the id up to the slash */
    const char *book; /* file it stands in: "ne.yaml" */
    const char *title, *source;
    enum finding_id finding;
    enum stage stage;
    enum severity severity;
    char evidence;
    bool has_code; /* the stanza states another code than the finding's own */
    int64_t code;
    const char *fix;       /* text with placeholders; NULL: the finding's */
    uint32_t since, until; /* macOS versions, from SINCE on and before UNTIL; 0: no bound */
    struct bytes stanza;   /* as it is written */
    const struct rule_body *body;
};

struct rules {
    struct rule_vec VEC_OF(
        const struct rule *) list; /* files in the order of stages, stanzas in theirs */
};

/* The book that is built in. */
const struct rules *rules_builtin(struct arena *a);

/*
 * Put the stanzas of TEXT into *BOOK, which becomes a new book: one of the same id replaces, the others stand behind
 * (*BOOK NULL: there were none). NAME is the file's, for `book`. DS_PARSE with *ERROR (line, column, suggestion) when it
 * is no rule file; *BOOK is as it was then.
 */
enum ds_status rules_load(struct arena *a, struct bytes text, const char *name,
                          const struct rules **book, struct value_error *error);

/* The stanza with this id, NULL when there is none. */
const struct rule *rules_rule(const struct rules *book, const char *id);
/* Whether TEXT names RULE: its id, its rule of the specification, or its finding. */
bool rule_is_named(const struct rule *rule, const char *text);

/*
 * Judge every code object by the stanzas of STAGE of j->in->rules, which is not NULL (judge() sees to it). False when
 * no stanza applied to anything: the stage has nothing to look at.
 */
bool rules_judge(struct judging *j, enum stage stage);

#endif
