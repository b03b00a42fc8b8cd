/* SPDX-License-Identifier: Apache-2.0 */
/* Architectures: see arch.h. */
#include "format/arch.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

static const struct {
    const char *name;
    uint32_t cputype, cpusubtype;
} rows[] = {
#define ARCH(name, cputype, subtype) {name, cputype, subtype},
#include "format/arch.def"
#undef ARCH
};

#define ROWS (sizeof rows / sizeof *rows)

static uint32_t plain(uint32_t subtype)
{
    return subtype & ~CPU_CAPABILITY_MASK;
}

const char *arch_name(struct arena *a, uint32_t cputype, uint32_t cpusubtype)
{
    for (size_t i = 0; i < ROWS; i++)
        if (rows[i].cputype == cputype && rows[i].cpusubtype == plain(cpusubtype))
            return rows[i].name;
    return arena_printf(a, "(%d:%d)", (int)cputype, (int)plain(cpusubtype));
}

/* A number in C syntax from TEXT on; *END is what follows. */
static bool number(const char *text, const char **end, uint32_t *out)
{
    char *stop;
    errno = 0;
    long long value = strtoll(text, &stop, 0);
    *end = stop;
    *out = (uint32_t)value;
    return stop != text && errno == 0 && value >= INT32_MIN && value <= UINT32_MAX;
}

bool arch_parse(const char *text, struct arch *out)
{
    const char *end;
    *out = (struct arch){0};
    for (size_t i = 0; i < ROWS; i++) {
        if (strcmp(rows[i].name, text) == 0) {
            *out = (struct arch){rows[i].cputype, rows[i].cpusubtype, false};
            return true;
        }
    }
    if (!number(text, &end, &out->cputype))
        return false;
    out->any_subtype = *end == '\0';
    return out->any_subtype ||
           (*end == ',' && number(end + 1, &end, &out->cpusubtype) && *end == '\0');
}

/* How closely PAIR is what is WANTED, by the rounds of §1.12: 1 exact … 4 any of the type, 0 not at all. */
static unsigned match_round(struct arch pair, struct arch wanted)
{
    if (pair.cputype != wanted.cputype)
        return 0;
    if (wanted.any_subtype)
        return 4;
    if (pair.cpusubtype == wanted.cpusubtype)
        return 1;
    if (plain(pair.cpusubtype) == plain(wanted.cpusubtype))
        return 2;
    return plain(pair.cpusubtype) == 0 ? 3 : 4;
}

size_t arch_select(const struct arch *pairs, size_t n, struct arch wanted, bool thin)
{
    size_t best = n;
    unsigned round = thin && !wanted.any_subtype ? 3 : 5;
    for (size_t i = 0; i < n; i++) {
        unsigned r = match_round(pairs[i], wanted);
        if (r != 0 && r < round) {
            round = r;
            best = i;
        }
    }
    return best;
}

/* The arm64 slice with the highest subtype not above that of HOST; N when there is none. */
static size_t prefer_arm64(const struct arch *pairs, size_t n, struct arch host)
{
    size_t best = n;
    for (size_t i = 0; i < n; i++) {
        uint32_t subtype = plain(pairs[i].cpusubtype);
        if (pairs[i].cputype == host.cputype && subtype <= plain(host.cpusubtype) &&
            (best == n || subtype > plain(pairs[best].cpusubtype)))
            best = i;
    }
    return best;
}

size_t arch_prefer(const struct arch *pairs, size_t n, struct arch host)
{
    size_t best = n;
    for (size_t i = 0; i < n && best == n; i++)
        if (match_round(pairs[i], host) == 1 || match_round(pairs[i], host) == 2)
            best = i;
    if (best == n && host.cputype == CPU_ARM64)
        best = prefer_arm64(pairs, n, host);
    if (best == n && host.cputype == CPU_X86_64)
        best = arch_select(pairs, n, (struct arch){CPU_X86_64, 3, false}, true);
    if (best == n)
        best = arch_select(pairs, n, (struct arch){host.cputype, 0, true}, false);
    return best == n ? 0 : best;
}
