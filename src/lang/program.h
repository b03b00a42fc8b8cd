/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Program: the binary form of a requirement (requirement-language.md §3), its numbers and its reader.
 *
 *      0  magic fade0c00 (one requirement)      magic fade0c01 (a set)
 *      4  length of the whole                   length of the whole
 *      8  kind (1: expression)                  count n
 *     12  program, prefix order                 n × { type, offset }, then the requirements
 *
 * A node is one u32, flags in the high byte and the opcode below, then its operands (ops.def).
 */
#ifndef DS_LANG_PROGRAM_H
#define DS_LANG_PROGRAM_H

#include "base/cursor.h"

#define REQ_MAGIC     0xfade0c00u
#define REQ_MAGIC_SET 0xfade0c01u
#define REQ_HEADER    12u /* bytes before the program, and before a set's index */

#define REQ_KIND_EXPRESSION 1u
#define REQ_KIND_LWCR       2u

/* Flags of an unknown opcode (§3.5). */
#define REQ_FLAG_FALSE 0x80000000u
#define REQ_FLAG_SKIP  0x40000000u
#define REQ_OPCODE(w)  ((w)&0x00ffffffu)

#define REQ_SLOT_LEAF 0
#define REQ_SLOT_ROOT (-1)

/* What a failure means to the caller of a Mac (§6.4); 0 is success. */
enum req_status {
    REQ_OK = 0,
    REQ_INVALID = -67052,
    REQ_UNSUPPORTED = -67051,
    REQ_FAILED = -67050,
    REQ_UNIMPLEMENTED = -67072,
};
/* "errSecCSReqInvalid"; the sentence of the system's error table. */
const char *req_status_name(enum req_status status);
const char *req_status_text(enum req_status status);

enum req_shape {
    SHAPE_NONE,
    SHAPE_DATA,
    SHAPE_HASH,
    SHAPE_SLOT_HASH,
    SHAPE_KEY_VALUE,
    SHAPE_TWO,
    SHAPE_ONE,
    SHAPE_KEY_MATCH,
    SHAPE_FIELD_MATCH,
    SHAPE_SLOT,
    SHAPE_OID_MATCH,
    SHAPE_NUMBER,
};

enum req_op {
#define OP(number, id, shape, text, meaning) OP_##id = (number),
#include "lang/ops.def"
#undef OP
    OP_COUNT
};

enum req_operand { OPERAND_NONE, OPERAND_DATA, OPERAND_DATE };

enum req_match {
#define MATCH(number, id, operand, before, behind, phrase) MATCH_##id = (number),
#include "lang/match.def"
#undef MATCH
    MATCH_COUNT
};

struct req_op_row {
    enum req_shape shape;
    const char *name, *text, *meaning;
};

struct req_match_row {
    enum req_operand operand;
    const char *name, *before, *behind, *phrase;
};

/* The row of a known opcode / match number; NULL for others. */
const struct req_op_row *req_op_row(uint32_t opcode);
const struct req_match_row *req_match_row(uint32_t match);

/*
 * One requirement from bytes (§6.1): magic, length at least 12 and equal to what is there. Kind and program
 * are examined by the users: REQ_UNSUPPORTED for kinds other than 1 and 2, with the program in *OUT.
 */
enum req_status req_open(struct bytes blob, struct bytes *out);

/* The kind of a blob that req_open() took. */
uint32_t req_kind(struct bytes blob);

/*
 * Readers of a program. C covers the whole blob, so that offsets are those of the blob; a read that does not
 * fit fails C, which means REQ_INVALID. Data items advance by their length rounded up, which may step past
 * the end; only a later read then fails (§6.2).
 */
struct cursor req_program(struct bytes blob);

static inline uint32_t req_word(struct cursor *c)
{
    if (c->failed || c->data.n - c->at < 4) {
        cursor_fail(c);
        return 0;
    }
    const uint8_t *p = c->data.p + c->at;
    c->at += 4;
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static inline struct bytes req_data(struct cursor *c)
{
    size_t n = req_word(c);
    if (c->failed || c->data.n - c->at < n) {
        cursor_fail(c);
        return (struct bytes){NULL, 0};
    }
    struct bytes data = {c->data.p + c->at, n};
    size_t padded = (n + 3) & ~(size_t)3, left = c->data.n - c->at;
    c->at += padded < left ? padded : left;
    return data;
}

static inline int64_t req_date(struct cursor *c)
{
    uint64_t high = req_word(c);
    return (int64_t)(high << 32 | req_word(c));
}

#endif
