/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Facts by name: what stanzas of the rule book may ask of a piece of code and of the imagined Mac (rule_facts.def). Each
 * answer is a value, other code, nothing, or unknown: not on disk, with the question that would decide it.
 */
#ifndef DS_POLICY_RULE_FACT_H
#define DS_POLICY_RULE_FACT_H

#include "policy/judging.h"

enum answer_state { ANSWER_ABSENT, ANSWER_KNOWN, ANSWER_UNKNOWN };

struct answer {
    enum answer_state state;
    const struct value *value; /* KNOWN: this, or code */
    const struct code *code;
};

struct rule_fact {
    const char *name;
    struct answer (*read)(struct judging *j, const struct code *c);
    bool is_code, is_flag;
    const char *words;   /* all that it can be, with blanks between; NULL: anything */
    enum finding_id ask; /* what is asked when it is unknown, FINDING_NONE: it never is */
    bool blocks;         /* no verdict without an answer */
    const char *about;
};

size_t rule_fact_count(void);
const struct rule_fact *rule_fact_at(size_t i);
/* The row's number; rule_fact_count() when NAME is none. */
size_t rule_fact_find(const char *name);

/* What stands for C in OTHER, an older or other copy of the same software: nested alike, or of the same identifier. */
const struct code *code_counterpart(const struct code *c, const struct code *other);
/* C's path within the code around it ("Contents/PlugIns/X.appex"); its name at the top. */
const char *code_path_inside(const struct code *c);
/* "developer-id", "adhoc", "none" …: who signed, in the words of case files. */
const char *code_signer_word(const struct code *c);
/* "app", "appex", "systemextension" …: the kind, in the words of case files. */
const char *code_kind_word(const struct code *c);

#endif
