/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Jsonl: one JSON object a line, written member by member; for answers given in long streams, and for texts
 * that may be any bytes: what is no UTF-8 goes in hex under the name NAME_hex.
 */
#ifndef DS_CLI_JSONL_H
#define DS_CLI_JSONL_H

#include "base/buf.h"

struct jsonl {
    struct buf out;
    bool more; /* something stands before: a comma is due */
};

static inline struct jsonl jsonl_of(struct arena *a)
{
    return (struct jsonl){.out = {.arena = a}};
}

/* NAME may be NULL: an element of a list, or the outermost object. BRACKET is '{' or '['. */
void jsonl_open(struct jsonl *j, const char *name, char bracket);
void jsonl_close(struct jsonl *j, char bracket);
void jsonl_text(struct jsonl *j, const char *name, struct bytes text);
void jsonl_str(struct jsonl *j, const char *name, const char *text); /* NULL gives null */
void jsonl_hex(struct jsonl *j, const char *name, struct bytes bytes);
void jsonl_bool(struct jsonl *j, const char *name, bool b);
void jsonl_int(struct jsonl *j, const char *name, int64_t i);

#endif
