/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Subject: code read from disk, as a requirement sees it (requirement-language.md §4.1). What no file tells is unknown
 * until it is answered.
 */
#ifndef DS_SEAL_SUBJECT_H
#define DS_SEAL_SUBJECT_H

#include "lang/subject.h"
#include "seal/code.h"

/* What is not on disk. Without answers all of these are undecided; a genuine ticket answers `notarized` by itself. */
struct subject_answers {
    enum verdict notarized, legacy_listed;
    bool old_anchor_apple; /* the Mac is older than macOS 26 */
};

/*
 * The subject of C by its signature SIG (of any slice; NULL: unsigned). ANSWERS may be NULL. All is borrowed from C, what
 * is made lives in A.
 */
void code_subject(struct arena *a, const struct code *c, const struct signature *sig,
                  const struct subject_answers *answers, struct subject *out);

/*
 * The designated requirement in use by every slice of C that has no explicit one: made from its directories when it is
 * ad hoc, else from its certificates (§7). Called once all slices are read.
 */
void code_designate(struct arena *a, struct code *c);

#endif
