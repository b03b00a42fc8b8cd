/* SPDX-License-Identifier: Apache-2.0 */
/* Architectures: names for (cputype, cpusubtype) pairs and the choice of a slice (static-validation.md §1.2, §1.12). */
#ifndef DS_FORMAT_ARCH_H
#define DS_FORMAT_ARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

#define CPU_X86_64          0x01000007u
#define CPU_ARM64           0x0100000cu
#define CPU_CAPABILITY_MASK 0xff000000u /* of a subtype: feature bits, not part of the name */

struct arch {
    uint32_t cputype, cpusubtype;
    bool any_subtype; /* "-a TYPE": no subtype was given */
};

/* "arm64"; "(7:99)" for an unknown pair. */
const char *arch_name(struct arena *a, uint32_t cputype, uint32_t cpusubtype);

/* TEXT is a name or TYPE[,SUBTYPE] in numbers (C syntax); false when it is neither. */
bool arch_parse(const char *text, struct arch *out);

/* The entry of PAIRS (N of them) that -a ARCH names; N when there is none. THIN: the file has no container. */
size_t arch_select(const struct arch *pairs, size_t n, struct arch wanted, bool thin);

/* The entry that a Mac with processor HOST would run first; 0 when nothing fits. */
size_t arch_prefer(const struct arch *pairs, size_t n, struct arch host);

#endif
