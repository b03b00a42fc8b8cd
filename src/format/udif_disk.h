/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The disk that a UDIF image stands for, expanded run by run where it is read (static-validation.md §1.9 has the trailer).
 * The trailer names a property list; its resources "blkx" are the partitions, each a table of runs:
 *
 *     "mish"  u32 version  u64 first sector  u64 sectors  u64 offset in the data fork …  at 200: u32 number of runs
 *     a run:  u32 kind  u32 comment  u64 first sector, from the partition's  u64 sectors  u64 offset  u64 length
 */
#ifndef DS_FORMAT_UDIF_DISK_H
#define DS_FORMAT_UDIF_DISK_H

#include "base/arena.h"
#include "base/vec.h"
#include "format/udif.h"

struct udif_run {
    uint64_t first, count; /* sectors of the disk */
    uint32_t kind;
    struct bytes packed;
};
struct udif_run_vec VEC_OF(struct udif_run);

struct udif_partition {
    const char *name;      /* "disk image (Apple_HFS : 4)" */
    uint64_t first, count; /* sectors */
};
struct udif_partition_vec VEC_OF(struct udif_partition);

#define UDIF_SECTOR 512u
#define UDIF_CACHED 8u

struct udif_cached {
    const struct udif_run *run; /* NULL: free */
    struct arena *arena;        /* of its content */
    struct bytes content;
};

struct udif_disk {
    struct udif_partition_vec partitions;
    struct udif_run_vec runs; /* by first sector, none overlaps the next */
    struct udif_cached cached[UDIF_CACHED];
    unsigned next; /* to be given up */
};

/* The disk of FILE, which udif_parse() told to be a plain image; NULL with *WHY when its tables are not to be used. */
struct udif_disk *udif_disk_open(struct arena *a, struct bytes file, const char **why);

/*
 * N bytes of the disk from OFFSET. False when they lie outside its runs or a run does not expand. Allocates only in arenas
 * of the disk's own, so that a library may be between the caller and here.
 */
bool udif_disk_read(struct udif_disk *disk, uint64_t offset, uint8_t *out, size_t n);

#endif
