/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Parse: the grammar of requirement-language.md §2, with the reference's error recovery (§8.3), writing to a
 * maker. One function a rule, the rule as its comment; expressions nest on a stack of the parser's own.
 */
#ifndef DS_LANG_PARSE_H
#define DS_LANG_PARSE_H

#include "lang/error.h"
#include "lang/maker.h"

enum req_mode { REQ_AUTO, REQ_SINGLE, REQ_SET };

struct set_entry {
    uint32_t type;
    size_t order; /* in the text */
    struct bytes requirement;
};

/* SHA-1 of the whole file PATH into OUT; false when it cannot be read (§2.6). */
typedef bool req_hash_file(void *self, const char *path, uint8_t out[20]);

/* An open level of an expression. */
struct parse_frame {
    uint8_t level;
    uint32_t piece; /* where its code begins */
};

struct parser {
    struct arena *arena;
    struct lexer lexer;
    struct token queue[2];
    unsigned queued, pending; /* tokens there; of them, consumed at the next look (§8.3) */
    struct req_error raised;  /* the error under way */
    struct req_error_vec errors;
    bool dead;      /* a lexical error, or a limit of ours: nothing more is read */
    unsigned depth; /* open "(" and "!" */
    struct maker maker;
    struct parse_frame_vec VEC_OF(struct parse_frame) stack;
    req_hash_file *hash_file;
    void *hash_self;
    bool is_set;
    struct bytes single;
    struct set_entry_vec VEC_OF(struct set_entry) entries;
};

/* Parse by the start rule of MODE. The text compiled exactly when P has no errors. */
void parse(struct parser *p, enum req_mode mode);

#endif
