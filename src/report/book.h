/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Book: the rule book, its vocabulary and the entitlement catalogue (policy/rules.h, policy/entitlement.h), for people
 * and as trees.
 */
#ifndef DS_REPORT_BOOK_H
#define DS_REPORT_BOOK_H

#include "base/buf.h"
#include "policy/entitlement.h"
#include "policy/rules.h"

/* One line a rule, under a heading for each stage. */
void text_rule_line(struct buf *out, const struct rule *rule, const struct rule *before);
/* All about one rule: what it wants, what happens else, how well that is known, and its stanza. */
void text_rule(struct buf *out, const struct rule *rule);
/* {id, rule, book, stage, finding, severity, code, title, evidence, source, fix, since, until, stanza} */
struct value *tree_rule(struct arena *a, const struct rule *rule);

/* What stanzas may ask: facts, conditions, patterns, checks. */
void text_vocabulary(struct buf *out);
struct value *tree_vocabulary(struct arena *a);

void text_entitlement(struct buf *out, const struct entitlement_row *row);
/* {key, platform, class, restricted, type, rule, development, developer_id, store, subsystem, notes, evidence, …} */
struct value *tree_entitlement(struct arena *a, const struct entitlement_row *row);

#endif
