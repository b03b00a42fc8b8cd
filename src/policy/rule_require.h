/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rule requirements: conditions in Apple's own language, fixed in a stanza or stated by the code that is judged, and
 * what can be read off such a text.
 */
#ifndef DS_POLICY_RULE_REQUIRE_H
#define DS_POLICY_RULE_REQUIRE_H

#include "policy/rule_eval.h"

/* Does C meet the compiled requirement BLOB? When not, said.clause is the clauses that failed. */
enum verdict require_meets(struct rule_scope *s, const struct code *c, struct bytes blob);
/* The same for TEXT; no when TEXT is no requirement. */
enum verdict require_meets_text(struct rule_scope *s, const struct code *c, const char *text);
/* Is TEXT a requirement? When not, said.error is the reference's message and said.fix what to write instead. */
enum verdict require_compiles(struct rule_scope *s, const char *text);

/* What a requirement says, without regard to any code. */
struct require_study {
    struct name_vec identifiers; /* of `identifier` */
    struct name_vec teams;       /* of `subject.OU =` */
    bool apple_only;             /* `anchor apple`: Apple's own code is meant */
    bool has_alternatives;       /* there is an `or` */
    bool anchored;    /* whoever meets it is tied to Apple's roots or to certain certificates */
    bool open_branch; /* it is not, because one alternative is not while the other is (XP-03) */
};

/* False when TEXT is no requirement. */
bool require_study(struct arena *a, const char *text, struct require_study *out);

#endif
