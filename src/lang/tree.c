/* SPDX-License-Identifier: Apache-2.0 */
/* Tree: see tree.h. */
#include "lang/tree.h"

#include "base/arena.h"
#include "base/limits.h"

struct builder {
    struct arena *a;
    struct cursor c;
    enum req_status status;
};

static struct req_node *build(struct builder *b, unsigned depth);

static void read_match(struct cursor *c, struct req_node *n)
{
    n->match = req_word(c);
    const struct req_match_row *row = req_match_row(n->match);
    if (row && row->operand == OPERAND_DATE)
        n->date = req_date(c);
    else if (!row || row->operand == OPERAND_DATA)
        n->operand = req_data(c);
}

static void read_operands(struct cursor *c, struct req_node *n)
{
    switch (req_node_shape(n)) {
    case SHAPE_NONE:
    case SHAPE_ONE:
    case SHAPE_TWO: break;
    case SHAPE_DATA:
    case SHAPE_HASH: n->data = req_data(c); break;
    case SHAPE_SLOT_HASH:
        n->slot = (int32_t)req_word(c);
        n->data = req_data(c);
        break;
    case SHAPE_KEY_VALUE:
        n->data = req_data(c);
        n->match = MATCH_EQUAL;
        n->operand = req_data(c);
        break;
    case SHAPE_KEY_MATCH:
        n->data = req_data(c);
        read_match(c, n);
        break;
    case SHAPE_FIELD_MATCH:
    case SHAPE_OID_MATCH:
        n->slot = (int32_t)req_word(c);
        n->data = req_data(c);
        read_match(c, n);
        break;
    case SHAPE_SLOT:
    case SHAPE_NUMBER: n->slot = (int32_t)req_word(c); break;
    }
}

/* How many expressions follow the operands. */
static unsigned children(const struct req_node *n)
{
    enum req_shape shape = req_node_shape(n);
    if (shape == SHAPE_TWO)
        return 2;
    bool skipped = !req_op_row(n->opcode) && !(n->word & REQ_FLAG_FALSE);
    return shape == SHAPE_ONE || skipped ? 1 : 0;
}

/* An opcode without a row says itself how many bytes its operands take. */
static void skip_unknown(struct builder *b, const struct req_node *n)
{
    if (n->word & (REQ_FLAG_FALSE | REQ_FLAG_SKIP))
        cursor_skip(&b->c, req_word(&b->c));
    else
        b->status = REQ_UNIMPLEMENTED;
}

static struct req_node *build(struct builder *b, unsigned depth)
{
    struct req_node *n = arena_new_of(b->a, struct req_node);
    if (depth >= LIMIT_REQ_EVAL_DEPTH)
        b->status = REQ_INVALID;
    n->at = (uint32_t)b->c.at;
    n->word = req_word(&b->c);
    n->opcode = REQ_OPCODE(n->word);
    if (req_op_row(n->opcode))
        read_operands(&b->c, n);
    else
        skip_unknown(b, n);
    n->end = (uint32_t)b->c.at;
    unsigned count = children(n);
    for (unsigned i = 0; i < count && b->status == REQ_OK && !b->c.failed; i++)
        n->child[n->count++] = build(b, depth + 1);
    return n;
}

enum req_status req_tree(struct arena *a, struct bytes blob, struct req_node **out)
{
    struct bytes whole;
    struct builder b = {.a = a, .status = req_open(blob, &whole)};
    *out = NULL;
    if (b.status == REQ_OK && req_kind(blob) != REQ_KIND_EXPRESSION)
        b.status = REQ_UNSUPPORTED;
    if (b.status != REQ_OK)
        return b.status;
    b.c = req_program(whole);
    *out = build(&b, 1);
    if (b.c.failed)
        return REQ_INVALID;
    return b.status;
}

enum req_shape req_node_shape(const struct req_node *n)
{
    const struct req_op_row *row = req_op_row(n->opcode);
    return row ? row->shape : SHAPE_NONE;
}

bool req_each(const struct req_node *n, bool (*visit)(void *self, const struct req_node *n),
              void *self)
{
    if (!visit(self, n))
        return false;
    for (unsigned i = 0; i < n->count; i++)
        if (!req_each(n->child[i], visit, self))
            return false;
    return true;
}
