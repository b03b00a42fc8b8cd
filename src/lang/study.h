/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Study: what a requirement says of whoever meets it, read off the expression without regard to any code
 * (subsystem-checks.md §7).
 */
#ifndef DS_LANG_STUDY_H
#define DS_LANG_STUDY_H

#include "base/file.h"
#include "lang/program.h"

struct req_study {
    struct name_vec identifiers; /* of `identifier` */
    struct name_vec teams;       /* of `subject.OU =` */
    bool apple_only;             /* `anchor apple`: Apple's own code is meant */
    bool has_alternatives;       /* there is an `or` */
    bool anchored;    /* whoever meets it is tied to Apple's roots or to certain certificates */
    bool open_branch; /* it is not, because one alternative is not while the other is (XP-03) */
};

/* False when BLOB is no requirement, or asks for something nobody knows. */
bool req_study(struct arena *a, struct bytes blob, struct req_study *out);

#endif
