/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules: which files of a bundle are sealed, and how (static-validation.md §6.2–6.4, §6.12). A rule set is
 * the `rules` or `rules2` dictionary of CodeResources, with the program's own exclusions in front.
 *
 * Order of the user's rules is bytewise by pattern; of two matching rules the heavier wins, at equal weight
 * one that omits, else the first. Matching work is counted; hostile sets end with `exhausted`.
 */
#ifndef DS_SEAL_RULES_H
#define DS_SEAL_RULES_H

#include "base/value.h"
#include "base/vec.h"
#include "seal/ere_cache.h"

#define RULE_OMIT     0x01u
#define RULE_OPTIONAL 0x02u
#define RULE_NESTED   0x04u
#define RULE_EXCLUDED 0x08u /* added by the program: matched items are never sealed */
#define RULE_SOFT     0x10u /* excluded, yet a valid target of links: the main executable */

struct rule {
    struct bytes pattern;
    struct ere *ere;
    uint32_t weight;
    unsigned flags;
};

struct rules {
    struct ere_cache *cache;                  /* set before rules_read(); NULL: none */
    struct rule_vec VEC_OF(struct rule) list; /* exclusions first */
    uint64_t work;                            /* steps of matching so far, see ere_match */
    bool exhausted;    /* the work limit was met: every answer since is "no rule" */
    struct bytes tied; /* first path on which two rules of equal weight disagreed */
};

/* Why a rule dictionary is refused. */
enum rules_error {
    RULES_OK,
    RULES_INVALID,  /* -67053: wrong type, bad expression */
    RULES_FRACTION, /* -4960: a weight with a fraction */
};

/*
 * Read the user's rules of DICT. On error *WHY names the pattern and the reason, and OUT is not usable.
 * EXECUTABLE is the main executable's path relative to the resource base, {NULL,0} when it lies elsewhere.
 */
enum rules_error rules_read(struct arena *a, const struct value *dict, struct bytes executable,
                            struct rules *out, const char **why);

/* The rule that decides about PATH (relative to the base), NULL when none matches. */
const struct rule *rules_find(struct rules *r, struct bytes path);

/* "Includes PATH" (§6.4): whether a link may lead there. */
bool rules_include(struct rules *r, struct bytes path);

/*
 * The strict test on rules (§6.12) of a seal of VERSION: NULL when fine, else what is weak about them.
 * RESOURCES is Q: the resources directory relative to the base with a slash, "" for flat bundles.
 */
const char *rules_weakness(struct arena *a, const struct value *dict, int version,
                           const char *resources);

#endif
