/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Facts for the tests of policy: a small builder of struct code, correctly signed unless told otherwise, so
 * that a test states only what it is about.
 */
#ifndef TESTS_UNIT_POLICY_FACTS_H
#define TESTS_UNIT_POLICY_FACTS_H

#include "base/arena.h"
#include "policy/judge.h"

#define FACTS_NOW INT64_C(1767225600) /* 2026-01-01 */

/* Code of KIND at PATH, signed by SIGNER's kind for TEAM (NULL: ad hoc), with one arm64 slice. */
struct code *facts_code(struct arena *a, enum code_kind kind, const char *path,
                        enum signer_kind signer, const char *team);
/* INNER becomes nested code of OUTER. */
void facts_nest(struct arena *a, struct code *outer, struct code *inner);
/* A claim, as text of a property list in JSON's manner is too much: true, a string, or a list of one. */
void facts_claim(struct arena *a, struct code *c, const char *key, struct value *v);
/* A list of one string. */
struct value *facts_list(struct arena *a, const char *item);
/* A Developer ID profile of C that grants what is claimed, for C's leaf and TEAM.*. */
struct profile *facts_profile(struct arena *a, struct code *c);

/* Judge TOP alone on HOST. */
struct judgement facts_judge(struct arena *a, struct code *top, const struct host *host);
/* The log lines of all findings, "process: text\n" each. */
char *facts_log(struct arena *a, const struct judgement *out);

/* Run TEST in a fresh arena. */
void facts_run(void (*test)(struct arena *a));

#endif
