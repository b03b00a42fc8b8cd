/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Verdict: yes, no, or undecided (a fact is not on disk). Combined by Kleene's strong logic.
 */
#ifndef DS_BASE_VERDICT_H
#define DS_BASE_VERDICT_H

#include <stdbool.h>

enum verdict { VERDICT_NO = 0, VERDICT_YES = 1, VERDICT_UNDECIDED = 2 };

static inline enum verdict verdict_of(bool b)
{
    return b ? VERDICT_YES : VERDICT_NO;
}

static inline enum verdict verdict_not(enum verdict a)
{
    return a == VERDICT_UNDECIDED ? a : a == VERDICT_YES ? VERDICT_NO : VERDICT_YES;
}

static inline enum verdict verdict_and(enum verdict a, enum verdict b)
{
    if (a == VERDICT_NO || b == VERDICT_NO)
        return VERDICT_NO;
    return a == VERDICT_UNDECIDED || b == VERDICT_UNDECIDED ? VERDICT_UNDECIDED : VERDICT_YES;
}

static inline enum verdict verdict_or(enum verdict a, enum verdict b)
{
    if (a == VERDICT_YES || b == VERDICT_YES)
        return VERDICT_YES;
    return a == VERDICT_UNDECIDED || b == VERDICT_UNDECIDED ? VERDICT_UNDECIDED : VERDICT_NO;
}

/* "yes", "no", "undecided". */
const char *verdict_text(enum verdict v);

#endif
