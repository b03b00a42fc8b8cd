/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Facts made of several others, as values that stanzas walk with `each:` (rule_facts.def says what members have). All
 * are made in A; none is NULL.
 */
#ifndef DS_POLICY_RULE_FACTS_MORE_H
#define DS_POLICY_RULE_FACTS_MORE_H

#include "policy/host.h"
#include "seal/code.h"

struct value *facts_files(struct arena *a, const struct code *c);
struct value *facts_providers(struct arena *a, const struct code *c);
struct value *facts_requirements(struct arena *a, const struct code *c);
struct value *facts_scripts(struct arena *a, const struct code *c);
struct value *facts_copies(struct arena *a, const struct host *host, const struct code *c);

#endif
