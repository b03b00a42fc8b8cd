/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rule checks: what stanzas want and their language cannot say, each a small function with a name (rule_checks.def).
 * A check may leave texts in scope->said for the stanza's messages (`${said.key}`).
 */
#ifndef DS_POLICY_RULE_CHECK_H
#define DS_POLICY_RULE_CHECK_H

#include "policy/rule_eval.h"

struct rule_check {
    const char *name;
    enum verdict (*holds)(struct rule_scope *s, const struct code *c);
    const char *about;
};

/* One function a row. */
#define CHECK(id, name, about) enum verdict check_##id(struct rule_scope *s, const struct code *c);
#include "policy/rule_checks.def"
#undef CHECK

const struct rule_check *rule_check_find(const char *name);
/* A name near to NAME, NULL when there is none. */
const char *rule_check_suggest(const char *name);
size_t rule_check_count(void);
const struct rule_check *rule_check_at(size_t i);

#endif
