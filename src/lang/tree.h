/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tree: a requirement program as nodes, for what looks at an expression as a whole: explanation, lint,
 * comparison, reduction. Evaluation and printing work on the bytes alone.
 */
#ifndef DS_LANG_TREE_H
#define DS_LANG_TREE_H

#include "base/buf.h"
#include "lang/program.h"

struct req_node {
    uint32_t at, end;     /* offsets in the blob: of its opcode, behind its operands */
    uint32_t word;        /* flags and opcode */
    uint32_t opcode;      /* enum req_op, or a number without a row */
    int32_t slot;         /* of a certificate; `platform`: the number */
    struct bytes data;    /* identifier, hash, key, subject name, OID, stored name */
    uint32_t match;       /* SHAPE_*_MATCH; MATCH_EQUAL for the old info form */
    struct bytes operand; /* of the match */
    int64_t date;
    unsigned count;            /* operand expressions: 0 to 2 */
    struct req_node *child[2]; /* an unknown opcode that is skipped has what follows it */
};

/*
 * The tree of one requirement. Fails as evaluation does: REQ_INVALID when it does not fit or nests too deep,
 * REQ_UNSUPPORTED for other kinds, REQ_UNIMPLEMENTED at an opcode without flags.
 */
enum req_status req_tree(struct arena *a, struct bytes blob, struct req_node **out);

/* The shape of N's operands; SHAPE_NONE for opcodes without a row. */
enum req_shape req_node_shape(const struct req_node *n);

/* Every node below N, itself first, in program order, until VISIT answers false. */
bool req_each(const struct req_node *n, bool (*visit)(void *self, const struct req_node *n),
              void *self);

/* N has a match operation, and this is how it reads. */
static inline bool req_has_match(const struct req_node *n)
{
    enum req_shape shape = req_node_shape(n);
    return shape == SHAPE_KEY_MATCH || shape == SHAPE_FIELD_MATCH || shape == SHAPE_OID_MATCH ||
           shape == SHAPE_KEY_VALUE;
}

#endif
