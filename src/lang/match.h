/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Match: the match operations of a requirement on values (requirement-language.md §4.4). Strings are compared
 * by UTF-16 code unit, without normalisation, folding or locale; only strings have text, only dates have time.
 */
#ifndef DS_LANG_MATCH_H
#define DS_LANG_MATCH_H

#include "base/value.h"
#include "lang/program.h"

struct req_matcher {
    uint32_t number;   /* enum req_match, or one that is unknown: never true */
    struct bytes text; /* the operand as Unicode text (§4.3), UTF-8 */
    int64_t date;      /* seconds since 2001 */
};

/* Number and operand at C, which fails when they do not fit. */
struct req_matcher req_read_match(struct arena *a, struct cursor *c);

/* V may be NULL: nothing is there. Memory is used only for strings that are no UTF-8. */
bool req_match_value(struct arena *a, const struct req_matcher *m, const struct value *v);
bool req_match_text(const struct req_matcher *m, struct bytes text);

#endif
