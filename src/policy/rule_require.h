/* SPDX-License-Identifier: Apache-2.0 */
/* Rule requirements: conditions in Apple's own language, fixed in a stanza or stated by the code that is judged. */
#ifndef DS_POLICY_RULE_REQUIRE_H
#define DS_POLICY_RULE_REQUIRE_H

#include "policy/rule_eval.h"

/* Does C meet the compiled requirement BLOB? When not, said.clause is the clause that failed. */
enum verdict require_meets(struct rule_scope *s, const struct code *c, struct bytes blob);
/* The same for TEXT; no when TEXT is no requirement. */
enum verdict require_meets_text(struct rule_scope *s, const struct code *c, const char *text);
/* Is TEXT a requirement? When not, said.error is the reference's message, said.fix what to write instead. */
enum verdict require_compiles(struct rule_scope *s, const char *text);

#endif
