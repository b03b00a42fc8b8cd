/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Meets: whether code meets a requirement, with all that evaluation may stumble over (static-validation.md §4.5): the
 * reference reads Info.plist and entitlements before it evaluates, whatever the requirement asks for.
 */
#ifndef DS_SEAL_MEETS_H
#define DS_SEAL_MEETS_H

#include "seal/subject.h"

struct met {
    enum verdict verdict;
    int64_t status;      /* what the reference would report: 0, -67050 for "no", or an error */
    const char *missing; /* undecided: the fact that would decide */
};

/* REQUIREMENT is compiled. SIG is one slice's signature of C; ANSWERS may be NULL. */
struct met code_satisfies(struct arena *a, const struct code *c, const struct signature *sig,
                          struct bytes requirement, const struct subject_answers *answers);

#endif
