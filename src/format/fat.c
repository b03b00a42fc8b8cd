/* SPDX-License-Identifier: Apache-2.0 */
/* Universal containers: see fat.h. */
#include "format/fat.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/cursor.h"
#include "base/limits.h"

#define HEADER_SIZE 8
#define RECORD_SIZE 20
#define ALIGN_MOST  30 /* a larger power is suspicious (§2.2 step 4) */
#define CPU_HIDDEN  0x0100000cu

static uint32_t magic_of(struct bytes data)
{
    struct cursor c = cursor_of(data, 0);
    return cursor_be32(&c);
}

bool fat_is(struct bytes data)
{
    uint32_t magic = magic_of(data);
    return magic == FAT_MAGIC || magic == __builtin_bswap32(FAT_MAGIC);
}

bool fat_is_64(struct bytes data)
{
    uint32_t magic = magic_of(data);
    return magic == FAT_MAGIC_64 || magic == __builtin_bswap32(FAT_MAGIC_64);
}

static bool unusable(struct findings *f, struct place at, uint64_t offset, const char *why)
{
    at.offset = (int64_t)offset;
    finding_add(f, FINDING_MACHO_FORMAT, at, "%s", why);
    return false;
}

static uint32_t word(struct cursor *c, bool little)
{
    return little ? cursor_le32(c) : cursor_be32(c);
}

static void read_record(struct cursor *c, bool little, struct fat_record *out)
{
    out->cputype = word(c, little);
    out->cpusubtype = word(c, little);
    out->offset = word(c, little);
    out->size = word(c, little);
    out->align = word(c, little);
}

static int by_offset(const void *a, const void *b)
{
    const struct fat_record *x = a, *y = b;
    return x->offset < y->offset ? -1 : x->offset > y->offset;
}

/* One record more than counted is read; it is a slice when it says arm64. */
static bool read_records(struct arena *a, struct bytes data, struct findings *f, struct place at,
                         struct fat *out)
{
    struct cursor c = cursor_of(data, 0);
    bool little = cursor_be32(&c) != FAT_MAGIC;
    out->declared = word(&c, little);
    if (out->declared > LIMIT_FAT_SLICES)
        return unusable(f, at, 4,
                        arena_printf(a, "%u slices are declared, at most %d are read",
                                     out->declared, LIMIT_FAT_SLICES));
    out->records = arena_array(a, out->declared + 1, struct fat_record);
    for (uint32_t i = 0; i <= out->declared; i++) {
        out->records[i].index = i;
        read_record(&c, little, &out->records[i]);
    }
    if (c.failed)
        return unusable(f, at, c.failed_at,
                        "the file ends inside the slice records (one more than counted is read)");
    bool hidden = out->records[out->declared].cputype == CPU_HIDDEN;
    out->records[out->declared].hidden = hidden;
    out->count = out->declared + (hidden ? 1 : 0);
    qsort(out->records, out->count, sizeof *out->records, by_offset);
    return true;
}

/* The bytes from FROM up to TO are all there and zero; a TO before FROM stands for a huge gap. */
static bool gap_is_zero(struct bytes data, uint64_t from, uint64_t to)
{
    struct bytes gap;
    return to >= from && bytes_part(data, from, to - from, &gap) && bytes_zero(gap);
}

static const char *gap_fault(struct bytes data, const struct fat_record *r, uint32_t previous_end,
                             bool first)
{
    uint32_t gap = r->offset - previous_end; /* wraps when slices overlap, and is huge then */
    if (!first && r->align > ALIGN_MOST)
        return "a slice asks for an impossible alignment";
    if (!first && r->offset < previous_end)
        return "slices overlap";
    if (!first && gap >= UINT32_C(1) << r->align)
        return "the gap before a slice is wider than its alignment";
    if (!gap_is_zero(data, previous_end, r->offset))
        return first && r->offset < previous_end ? "the first slice overlaps the header"
                                                 : "the gap before a slice is not zero";
    return NULL;
}

/* Walk the records in file order up to the first fault; the record whose offset was met before, NULL when none. */
static const struct fat_record *walk(struct bytes data, struct fat *out)
{
    uint32_t end = HEADER_SIZE + RECORD_SIZE * (uint32_t)out->count;
    for (size_t i = 0; i < out->count; i++) {
        struct fat_record *r = &out->records[i];
        if (i > 0 && r->offset == r[-1].offset)
            return r;
        r->reachable = true;
        out->fault = gap_fault(data, r, end, i == 0);
        out->fault_at = r->offset;
        if (out->fault)
            return NULL;
        end = r->offset + r->size;
    }
    out->fault_at = end;
    if (end == data.n)
        return NULL;
    out->fault =
        end < data.n ? "bytes follow the last slice" : "the last slice ends beyond the file";
    return NULL;
}

bool fat_parse(struct arena *a, struct bytes data, struct findings *f, struct place at,
               struct fat *out)
{
    *out = (struct fat){0};
    if (!read_records(a, data, f, at, out))
        return false;
    if (out->count == 0)
        return unusable(f, at, 4, "the container holds no slice");
    const struct fat_record *twice = walk(data, out);
    if (!twice)
        return true;
    at.offset = (int64_t)twice->offset;
    finding_add(f, FINDING_FAT_DUPLICATE_OFFSET, at, "two records begin at offset %u",
                twice->offset);
    return false;
}
