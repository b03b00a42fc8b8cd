/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Maker: builds a requirement program in source order. The operators `and` and `or` stand before operands
 * that were already produced (requirement-language.md §3.6); moving code for each would be quadratic, so the
 * code is kept in pieces, an operator is noted at the piece it precedes, and maker_finish() writes all once.
 */
#ifndef DS_LANG_MAKER_H
#define DS_LANG_MAKER_H

#include "base/buf.h"
#include "base/vec.h"
#include "lang/program.h"

struct maker_piece {
    size_t at;     /* first byte in `code` */
    uint32_t head; /* operators before it, last inserted first: index into `inserted` + 1 */
};

struct maker_insert {
    uint32_t op, next; /* next: as head */
};

struct maker {
    struct arena *arena;
    struct buf code;
    struct maker_piece_vec VEC_OF(struct maker_piece) pieces;
    struct maker_insert_vec VEC_OF(struct maker_insert) inserted;
};

struct maker maker_of(struct arena *a);
/* Forget all, keep the memory. */
void maker_reset(struct maker *m);

/* A piece begins here; its number. */
size_t maker_piece(struct maker *m);
/* OP stands before everything from PIECE on. */
void maker_insert(struct maker *m, size_t piece, enum req_op op);

void maker_word(struct maker *m, uint32_t word);
void maker_data(struct maker *m, struct bytes data);
void maker_date(struct maker *m, int64_t seconds);

/* The requirement, header and all, in the maker's arena. */
struct bytes maker_finish(const struct maker *m);

/* Content octets of dotted text, converted as the reference does, without validation (§3.6). */
struct bytes maker_oid(struct arena *a, struct bytes dotted);

#endif
