/* SPDX-License-Identifier: Apache-2.0 */
/* Study: see study.h. */
#include "lang/study.h"

#include "base/arena.h"
#include "lang/tree.h"

/* What a node asks of code: an Apple root or certain certificates; and beyond that a certain maker. */
struct ties {
    bool anchored, pinned;
};

static const struct ties loose = {false, false};
static const struct ties maker = {false, true};
static const struct ties tight = {true, true};

struct student {
    struct arena *a;
    struct req_study *out;
    bool mixed; /* an alternative is tied while the other is not */
};

/* A test of a certificate's subject; a team pins the maker. */
static struct ties study_field(struct student *t, const struct req_node *n)
{
    if (!bytes_is(n->data, "subject.OU") || n->match != MATCH_EQUAL)
        return loose;
    vec_push(t->a, &t->out->teams, bytes_cstr(t->a, n->operand));
    return maker;
}

/* A marker of Apple's in a certificate (the store's, say) is as good as a maker. */
static struct ties study_leaf(struct student *t, const struct req_node *n)
{
    switch (n->opcode) {
    case OP_IDENTIFIER:
        vec_push(t->a, &t->out->identifiers, bytes_cstr(t->a, n->data));
        return loose;
    case OP_FIELD: return study_field(t, n);
    case OP_EXTENSION: return maker;
    case OP_ANCHOR_APPLE: t->out->apple_only = true; return tight;
    case OP_ANCHOR_HASH:
    case OP_CDHASH:
    case OP_NAMED_ANCHOR: return tight;
    case OP_APPLE_GENERIC:
    case OP_TRUSTED:
    case OP_ANCHOR_TRUSTED: return (struct ties){.anchored = true};
    default: return loose;
    }
}

static struct ties study_node(struct student *t, const struct req_node *n)
{
    if (n->opcode == OP_NOT) {
        study_node(t, n->child[0]);
        return loose;
    }
    if (n->opcode != OP_AND && n->opcode != OP_OR)
        return study_leaf(t, n);
    struct ties left = study_node(t, n->child[0]), right = study_node(t, n->child[1]);
    if (n->opcode == OP_AND)
        return (struct ties){left.anchored || right.anchored, left.pinned || right.pinned};
    t->out->has_alternatives = true;
    t->mixed |= left.anchored != right.anchored || left.pinned != right.pinned;
    return (struct ties){left.anchored && right.anchored, left.pinned && right.pinned};
}

static bool is_known(void *self, const struct req_node *n)
{
    (void)self;
    return req_op_row(n->opcode) != NULL;
}

bool req_study(struct arena *a, struct bytes blob, struct req_study *out)
{
    struct req_node *root;
    struct student t = {.a = a, .out = out};
    *out = (struct req_study){.anchored = false};
    if (req_tree(a, blob, &root) != REQ_OK || !req_each(root, is_known, NULL))
        return false;
    struct ties whole = study_node(&t, root);
    out->anchored = whole.anchored;
    out->open_branch = t.mixed && !(whole.anchored && whole.pinned);
    return true;
}
