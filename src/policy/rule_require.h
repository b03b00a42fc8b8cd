/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rule requirements: conditions in Apple's own language, fixed in a stanza or stated by the code that is judged.
 *
 * Hundreds of services may each state one for all the others, and several rules look at each: what a text says and how a
 * requirement sees a piece of code is found out once in a judgement (struct asked).
 */
/*
 * Rule requirements: conditions in Apple's own language, fixed in a stanza or stated by the code that is judged, and
 * what can be read off such a text.
 */
#ifndef DS_POLICY_RULE_REQUIRE_H
#define DS_POLICY_RULE_REQUIRE_H

#include "lang/study.h"
#include "policy/rule_eval.h"

/* Does C meet the compiled requirement BLOB? When not, said.clause is the clauses that failed. */
enum verdict require_meets(struct rule_scope *s, const struct code *c, struct bytes blob);
/* The same for TEXT; no when TEXT is no requirement. */
enum verdict require_meets_text(struct rule_scope *s, const struct code *c, const char *text);
/* The bare answer, where one of many is sought: nothing is said. *UNKNOWN: a fact that would help, else as it was. */
enum verdict require_answer(struct rule_scope *s, const struct code *c, const char *text,
                            const struct rule_fact **unknown);
/* Is TEXT a requirement? When not, said.error is the reference's message and said.fix what to write instead. */
enum verdict require_compiles(struct rule_scope *s, const char *text);

/* What TEXT says; NULL when it is no requirement. */
const struct req_study *require_study(struct rule_scope *s, const char *text);

#endif
