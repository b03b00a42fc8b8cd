/* SPDX-License-Identifier: Apache-2.0 */
/* Vocabulary: the tables of the rule language in one row (policy/vocabulary.h). */
#include "policy/vocabulary.h"

#include "policy/rule_check.h"

static const struct vocabulary_row conds[] = {
#define COND(id, name_, what) {.name = name_, .about = what},
#include "policy/rule_conds.def"
#undef COND
};

static const struct vocabulary_row patterns[] = {
#define PATTERN(id, name_, what) {.name = name_, .about = what},
#include "policy/rule_patterns.def"
#undef PATTERN
};

#define COUNT(table) (sizeof(table) / sizeof *(table))

size_t vocabulary_count(void)
{
    return rule_fact_count() + COUNT(conds) + COUNT(patterns) + rule_check_count();
}

static struct vocabulary_row headed(struct vocabulary_row row, const char *heading, size_t i)
{
    row.heading = i == 0 ? heading : NULL;
    return row;
}

struct vocabulary_row vocabulary_at(size_t i)
{
    if (i < rule_fact_count()) {
        const struct rule_fact *fact = rule_fact_at(i);
        struct vocabulary_row row = {NULL, fact->name, fact->about, fact->words};
        if (fact->is_flag)
            row.words = "yes no";
        return headed(row, "Facts (of the code, and of the imagined Mac):", i);
    }
    i -= rule_fact_count();
    if (i < COUNT(conds))
        return headed(conds[i], "Conditions:", i);
    i -= COUNT(conds);
    if (i < COUNT(patterns))
        return headed(patterns[i], "Patterns, what the value of a fact must be like:", i);
    i -= COUNT(patterns);
    return headed(
        (struct vocabulary_row){NULL, rule_check_at(i)->name, rule_check_at(i)->about, NULL},
        "Checks:", i);
}
