/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Errors of requirement text as data: what happened and where, for the reference's own messages
 * (req_error_text, requirement-language.md §8.2) and for ours (lang/diagnose.h).
 */
#ifndef DS_LANG_ERROR_H
#define DS_LANG_ERROR_H

#include "base/finding.h"
#include "lang/lex.h"

enum req_error_kind {
#define REQ_ERROR(id, finding) REQ_ERROR_##id,
#include "lang/errors.def"
#undef REQ_ERROR
};

struct req_error {
    enum req_error_kind kind;
    enum finding_id finding;
    uint32_t line, column; /* where ours points; the reference prints none for semantic errors */
    size_t at, length;     /* the same as offset and length in the text */
    struct token found;    /* TOKEN, EXPECTED: the token that did not fit */
    token_set expected;    /* TOKEN, EXPECTED: what would have fitted */
    int byte, wanted;     /* CHAR: the byte found (LEX_END), the byte required (LEX_END: a class) */
    struct bytes subject; /* CERT_FIELD: the key; FILE: the path */
};

struct req_error_vec VEC_OF(struct req_error);

/* The finding that errors of KIND are. */
enum finding_id req_error_finding(enum req_error_kind kind);

/* One message of the reference, with its newline; all of them, concatenated in order. */
struct bytes req_error_text(struct arena *a, const struct req_error *error);
struct bytes req_errors_text(struct arena *a, const struct req_error_vec *errors);

#endif
