/* SPDX-License-Identifier: Apache-2.0 */
/* Entitlement: the two tables and their look-ups (launch-policy.md §3.2, §5.1). */
#include "policy/entitlement.h"

#include <string.h>

#include "base/text.h"
#include "policy/host.h"

#define MATCH_exact  KEY_EXACT
#define MATCH_prefix KEY_PREFIX
#define MATCH_any    KEY_ANY

static const struct entitlement_row rows[] = {
#define ENTITLEMENT(key, match, platform, class, restricted, type, rule, dev, devid, mas, \
                    subsystem, notes, grade, dist, sources)                               \
    {key,   MATCH_##match, platform,  #class, restricted, type, rule,   dev,              \
     devid, mas,           subsystem, notes,  grade,      dist, sources},
#include "policy/entitlements.def"
#undef ENTITLEMENT
};

static const struct {
    enum kernel_table table;
    const char *key;
    uint32_t since;
} kernel_keys[] = {
#define KERNEL_KEY(table, key, since) {KERNEL_##table, key, since},
#include "policy/kernel_tables.def"
#undef KERNEL_KEY
};

#define COUNT(table) (sizeof(table) / sizeof *(table))

size_t entitlement_count(void)
{
    return COUNT(rows);
}

const struct entitlement_row *entitlement_at(size_t i)
{
    return &rows[i];
}

static bool row_is_ios(const struct entitlement_row *row)
{
    return strstr(row->platform, "iOS/Catalyst") != NULL;
}

/* How well ROW fits KEY: 0 not at all, else the longer the better. */
static size_t row_rank(const struct entitlement_row *row, const char *key)
{
    size_t n = strlen(row->key);

    if (row->match == KEY_ANY)
        return 1;
    if (row->match == KEY_PREFIX)
        return strncmp(key, row->key, n) == 0 ? 1 + n : 0;
    return strcmp(key, row->key) == 0 ? SIZE_MAX / 2 : 0;
}

const struct entitlement_row *entitlement_find(const char *key, bool ios_style)
{
    const struct entitlement_row *best = NULL;
    size_t best_rank = 0;

    for (size_t i = 0; i < COUNT(rows); i++) {
        size_t rank = row_rank(&rows[i], key);

        /* A key with a row for each family of platforms: the family decides. */
        if (rank && rows[i].match == KEY_EXACT && row_is_ios(&rows[i]) == ios_style)
            rank++;
        if (rank > best_rank) {
            best = &rows[i];
            best_rank = rank;
        }
    }
    return best;
}

const char *entitlement_suggest(const char *key)
{
    const char *names[COUNT(rows)];
    size_t n = 0;

    for (size_t i = 0; i < COUNT(rows); i++)
        if (rows[i].match == KEY_EXACT)
            names[n++] = rows[i].key;
    return text_suggest(key, names, n);
}

/* PATTERN may end in a star. */
static bool key_matches(const char *pattern, const char *key)
{
    size_t n = strlen(pattern);

    if (n && pattern[n - 1] == '*')
        return strncmp(pattern, key, n - 1) == 0;
    return strcmp(pattern, key) == 0;
}

bool kernel_has_key(enum kernel_table table, const char *key, uint32_t macos)
{
    for (size_t i = 0; i < COUNT(kernel_keys); i++)
        if (kernel_keys[i].table == table && macos >= kernel_keys[i].since &&
            key_matches(kernel_keys[i].key, key))
            return true;
    return false;
}

/* K-CLASSIFY of §3.2: the tables in the kernel's order. */
enum claim_class claim_classify(const char *key, uint32_t macos, bool sip)
{
    if (kernel_has_key(KERNEL_SOFT, key, macos))
        return CLAIM_SOFT;
    if (kernel_has_key(KERNEL_SANDBOX, key, macos))
        return CLAIM_SANDBOX;
    if (kernel_has_key(KERNEL_FREE, key, macos))
        return CLAIM_FREE;
    if (!sip && kernel_has_key(KERNEL_WAIVED, key, macos))
        return CLAIM_WAIVED;
    return CLAIM_HARD;
}

const char *claim_class_name(enum claim_class c)
{
    static const char *const names[] = {"soft", "sandbox", "free", "waived", "hard"};

    return names[c];
}
