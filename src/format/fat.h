/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Universal ("fat") containers, as the reference reads them (static-validation.md §2.1, §2.2). 32-bit headers
 * of both byte orders; a 64-bit header is recognised, but code signing treats such a file as plain data.
 */
#ifndef DS_FORMAT_FAT_H
#define DS_FORMAT_FAT_H

#include "base/bytes.h"
#include "base/finding.h"

#define FAT_MAGIC    0xcafebabeu
#define FAT_MAGIC_64 0xcafebabfu

struct fat_record {
    uint32_t cputype, cpusubtype, offset, size, align;
    uint32_t index; /* place among the records of the header */
    bool hidden; /* stands behind the counted records: an arm64 slice for old readers not to see */
    /* False: behind a fault, so the reference cannot validate it as one of all slices */
    bool reachable;
};

struct fat {
    uint32_t declared;          /* nfat_arch */
    struct fat_record *records; /* by offset */
    size_t count;
    /* What makes the container suspicious (only strict validation minds), NULL */
    const char *fault;
    uint64_t fault_at; /* where in the file */
};

/* True when DATA begins like a 32-bit container, of either byte order. */
bool fat_is(struct bytes data);
bool fat_is_64(struct bytes data);

/*
 * Parse the container. False when it cannot be used: MACHO-FORMAT or FAT-DUPLICATE-OFFSET was added to F at
 * AT; *OUT holds the records read so far.
 */
bool fat_parse(struct arena *a, struct bytes data, struct findings *f, struct place at,
               struct fat *out);

#endif
