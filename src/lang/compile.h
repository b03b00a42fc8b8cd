/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Compile: requirement text to its binary form (requirement-language.md §1–§3, §8). All is made in the arena
 * given, inside arena_run().
 */
#ifndef DS_LANG_COMPILE_H
#define DS_LANG_COMPILE_H

#include "lang/parse.h"

struct req_options {
    enum req_mode mode;
    req_hash_file *hash_file; /* NULL: no file can be read */
    void *hash_self;
};

struct req_compiled {
    bool ok;
    bool is_set;                 /* a set was asked for, or found by REQ_AUTO */
    struct bytes blob;           /* ok: fade0c00… or fade0c01… */
    struct req_error_vec errors; /* not ok: in the order of the reference */
};

/* Compile TEXT. OPTIONS may be NULL: REQ_AUTO, no files. */
struct req_compiled req_compile(struct arena *a, struct bytes text,
                                const struct req_options *options);

/* The binary form of a text known to be one requirement (tables of ours); {NULL,0} when it is none. */
struct bytes req_compile_single(struct arena *a, const char *text);

/* TEXT with each literal "$self.identifier" replaced (§7.1), as done for sets given to a signer. */
struct bytes req_substitute(struct arena *a, struct bytes text, struct bytes identifier);

/*
 * Text as the Mac's command-line tools take it from a file (§12): at most 10,239 bytes, cut at the first NUL,
 * without a byte-order mark, and bytes that are no UTF-8 re-encoded one code point each.
 */
struct bytes req_tool_text(struct arena *a, struct bytes text);

#endif
