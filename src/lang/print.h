/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Print: the binary form to text, byte for byte as the reference does, oddities included
 * (requirement-language.md §5): dates and some strings do not compile again. lang/recompile.h has the form
 * that does.
 */
#ifndef DS_LANG_PRINT_H
#define DS_LANG_PRINT_H

#include "base/buf.h"
#include "lang/reqset.h"

/*
 * Text of one requirement (exactly its length) or of a set (more bytes may follow). A set ends each member
 * with a newline, one requirement has none. On failure *OUT is empty.
 */
enum req_status req_print(struct arena *a, struct bytes blob, struct bytes *out);

/* One requirement appended to B, without the removal of a leading blank (§5.4). B is as it was on failure. */
enum req_status req_print_to(struct buf *b, struct bytes blob);

/* The node at offset AT of BLOB, without operand expressions (not for `and`, `or`, `!`). */
void req_put_node(struct buf *b, struct bytes blob, uint32_t at);

/*
 * How a text is put together: by the reference, or such that it compiles back (lang/recompile.h). PUT_LEAF writes a
 * node without operand expressions, whose opcode word was read from C. KEEP_ORDER: parentheses keep the nesting
 * of `a and (b and c)`, which the reference loses.
 */
struct req_style {
    void (*put_leaf)(struct buf *b, struct cursor *c, uint32_t word, void *self);
    void *self;
    bool keep_order;
};
enum req_status req_put_expression(struct buf *b, struct cursor *c, const struct req_style *style);

/* The pieces of §5, for other writers of text: data with or without bare dots, an OID, a slot with its blank. */
void req_put_data(struct buf *b, struct bytes data, bool dots);
void req_put_quoted(struct buf *b, struct bytes data);
void req_put_oid(struct buf *b, const char *prefix, struct bytes oid);
void req_put_slot(struct buf *b, int32_t slot);
void req_put_hash(struct buf *b, struct bytes hash);

/* How DATA is written (§5.3). */
enum req_quoting { QUOTING_BARE, QUOTING_QUOTED, QUOTING_HEX };
enum req_quoting req_quoting_of(struct bytes data, bool dots);

#endif
