/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rule book, inside: what a stanza becomes when it was read (rule_read.c, rule_cond.c) and is evaluated (rule_eval.c).
 * Every path and text is resolved while reading, so that a slip is an error with a place and never a rule that is silent.
 */
#ifndef DS_POLICY_RULE_BOOK_H
#define DS_POLICY_RULE_BOOK_H

#include "policy/rules.h"

/* Code that a stanza names by `with:`. */
#define RULE_WITH_MAX 4

/* Where a path begins. */
enum path_root {
    ROOT_FACT, /* a fact of the code looked at (rule_facts.def) */
    ROOT_SELF, /* the code the stanza is about, also inside `inside:` and the like */
    ROOT_ITEM, /* the member of `each:` */
    ROOT_ROW,  /* the line of the table */
    ROOT_SAID, /* what a check has to say */
    ROOT_WITH, /* named by `with:` */
};

/* `parent.info.NSExtension."dotted.key"`: code-valued steps first, then one fact, then keys into its value. */
struct rule_path {
    const char *text; /* as written */
    enum path_root root;
    unsigned with;                              /* ROOT_WITH: which */
    struct path_steps VEC_OF(unsigned) facts;   /* rows of rule_facts.def */
    struct path_keys VEC_OF(struct bytes) keys; /* into the value of the last one */
};

/* "Contents/${identifier}.plist" */
struct text_piece {
    const char *text; /* literal, NULL for a path */
    struct rule_path path;
};
struct rule_text {
    const char *source;
    struct text_pieces VEC_OF(struct text_piece) pieces;
};

/* What a value must be like. */
enum pattern_kind {
#define PATTERN(id, name, about) PATTERN_##id,
#include "policy/rule_patterns.def"
#undef PATTERN
    PATTERN_COUNT
};

struct pattern {
    enum pattern_kind kind;
    const struct value *literal; /* EQUALS: as written, for booleans and numbers */
    struct rule_text text;       /* of the operand, when it is one */
    struct rule_path path;       /* BEGINS_ANY, UNDER_ANY */
    struct pattern_vec VEC_OF(struct pattern *) parts; /* of those that are made of others */
    struct pattern_keys VEC_OF(const char *) keys; /* WHERE: the entry that each part is about */
};

/* What must be so. */
enum cond_kind {
#define COND(id, name, about) COND_##id,
#include "policy/rule_conds.def"
#undef COND
    COND_FACT, /* a path and a pattern */
    COND_CODE, /* a path to code and a condition on it */
};

struct rule_check; /* a built-in: rule_check.h */

struct cond {
    enum cond_kind kind;
    struct rule_path path;                       /* FACT, CODE */
    struct pattern *pattern;                     /* FACT */
    struct rule_text text;                       /* MEETS, COMPILES */
    struct bytes requirement;                    /* REQUIREMENT, compiled */
    const struct rule_check *check;              /* CHECK */
    struct cond_vec VEC_OF(struct cond *) parts; /* the others, CODE: one */
    struct source_span span;
};

struct rule_log {
    struct rule_text process, text;
    bool noise;
};

enum with_where { WITH_INSIDE, WITH_AROUND, WITH_ANYWHERE };
struct rule_with {
    const char *name;
    enum with_where where;
    const struct cond *cond;
};

struct rule_table {
    const char *name;
    const struct value *columns; /* array of names */
    const struct value *rows;    /* array of arrays */
};

struct row_key {
    size_t column;
    struct rule_text text;
};

struct rule_body {
    bool has_each;
    struct rule_path each;
    const struct rule_table *table; /* NULL: no row */
    struct row_keys VEC_OF(struct row_key) row;
    struct rule_with with[RULE_WITH_MAX];
    size_t with_count;
    const struct cond *applies,
        *must; /* NULL: always; nothing must hold, so it is said whenever it applies */
    struct rule_text says, fix; /* pieces.n 0: nothing */
    struct rule_path at;        /* text NULL: the code itself */
    struct rule_logs VEC_OF(struct rule_log) log;
    enum finding_id ask; /* FINDING_NONE: the one of the fact that is unknown */
    bool ask_blocks;
    const char *ask_text;
};

#endif
