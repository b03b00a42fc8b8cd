/* SPDX-License-Identifier: Apache-2.0 */
/* Program: see program.h. */
#include "lang/program.h"

static const struct req_op_row ops[] = {
#define OP(number, id, shape, text, meaning) {SHAPE_##shape, #id, text, meaning},
#include "lang/ops.def"
#undef OP
};

static const struct req_match_row matches[] = {
#define MATCH(number, id, operand, before, behind, phrase) \
    {OPERAND_##operand, #id, before, behind, phrase},
#include "lang/match.def"
#undef MATCH
};

_Static_assert(sizeof ops / sizeof *ops == OP_COUNT, "ops.def numbers its rows from 0");
_Static_assert(sizeof matches / sizeof *matches == MATCH_COUNT,
               "match.def numbers its rows from 0");

const struct req_op_row *req_op_row(uint32_t opcode)
{
    return opcode < OP_COUNT ? &ops[opcode] : NULL;
}

const struct req_match_row *req_match_row(uint32_t match)
{
    return match < MATCH_COUNT ? &matches[match] : NULL;
}

const char *req_status_name(enum req_status status)
{
    switch (status) {
    case REQ_OK: return "no error";
    case REQ_INVALID: return "errSecCSReqInvalid";
    case REQ_UNSUPPORTED: return "errSecCSReqUnsupported";
    case REQ_FAILED: return "errSecCSReqFailed";
    case REQ_UNIMPLEMENTED: return "errSecCSUnimplemented";
    }
    return "unknown";
}

const char *req_status_text(enum req_status status)
{
    switch (status) {
    case REQ_OK: return "no error";
    case REQ_INVALID: return "invalid or corrupted code requirement(s)";
    case REQ_UNSUPPORTED: return "unsupported type or version of code requirement(s)";
    case REQ_FAILED: return "code failed to satisfy specified code requirement(s)";
    case REQ_UNIMPLEMENTED: return "unimplemented code signing feature";
    }
    return "unknown";
}

struct cursor req_program(struct bytes blob)
{
    struct cursor c = cursor_of(blob, 0);
    cursor_seek(&c, REQ_HEADER);
    return c;
}

uint32_t req_kind(struct bytes blob)
{
    struct cursor c = cursor_of(blob, 0);
    cursor_seek(&c, REQ_HEADER - 4);
    return req_word(&c);
}

enum req_status req_open(struct bytes blob, struct bytes *out)
{
    struct cursor c = cursor_of(blob, 0);
    uint32_t magic = req_word(&c), length = req_word(&c), kind = req_word(&c);
    *out = blob;
    if (c.failed || magic != REQ_MAGIC || length != blob.n)
        return REQ_INVALID;
    if (kind != REQ_KIND_EXPRESSION && kind != REQ_KIND_LWCR)
        return REQ_UNSUPPORTED;
    return REQ_OK;
}
