/* SPDX-License-Identifier: Apache-2.0 */
/* The disk of an image: see udif_disk.h. */
#include "format/udif_disk.h"

#include <stdlib.h>
#include <string.h>

#include "base/cursor.h"
#include "base/limits.h"
#include "format/archive.h"
#include "format/plist.h"
#include "format/zlib_stream.h"

#define TRAILER  512u
#define AT_FORK  24u  /* of the trailer: offset of the data fork */
#define AT_PLIST 216u /* of the trailer: offset and length of the property list */
#define MISH     0x6d697368u
#define AT_COUNT 200u /* of a table: number of runs */

enum run_kind {
    RUN_ZERO = 0,
    RUN_RAW = 1,
    RUN_UNUSED = 2,
    RUN_ADC = (int)0x80000004,
    RUN_ZLIB = (int)0x80000005,
    RUN_BZIP2 = (int)0x80000006,
    RUN_LZFSE = (int)0x80000007,
    RUN_XZ = (int)0x80000008,
    RUN_COMMENT = 0x7ffffffe,
    RUN_END = (int)0xffffffff,
};

/* -- tables */

struct opening {
    struct arena *a;
    struct bytes file;
    uint64_t fork;
    struct udif_disk *disk;
    const char *why;
};

static bool refuse(struct opening *x, const char *why)
{
    x->why = why;
    return false;
}

static bool is_closed(struct opening *x, uint32_t kind)
{
    if (kind == (uint32_t)RUN_LZFSE)
        x->why = "its blocks are compressed with LZFSE, for which there is no library here";
    else if (kind == (uint32_t)RUN_ADC)
        x->why = "its blocks are compressed with ADC, for which there is no library here";
    return x->why != NULL;
}

/* One run of PARTITION, whose data begins at BASE of the file. */
static bool read_run(struct opening *x, struct cursor *c, const struct udif_partition *partition,
                     uint64_t base)
{
    struct udif_run run = {.kind = cursor_be32(c)};
    cursor_skip(c, 4);
    uint64_t first = cursor_be64(c), count = cursor_be64(c), at = cursor_be64(c),
             length = cursor_be64(c);
    if (c->failed)
        return refuse(x, "a table of its blocks is too short");
    if (run.kind == RUN_COMMENT || run.kind == (uint32_t)RUN_END || count == 0)
        return true;
    if (is_closed(x, run.kind))
        return false;
    if (first > partition->count || count > partition->count - first)
        return refuse(x, "a block lies outside its partition");
    bool stored = run.kind != RUN_ZERO && run.kind != RUN_UNUSED;
    bool packed = stored && run.kind != RUN_RAW;
    if (packed && count > LIMIT_IMAGE_RUN / UDIF_SECTOR)
        return refuse(x, "a compressed block is larger than this program takes");
    if (stored && (at > UINT64_MAX - base || !bytes_part(x->file, base + at, length, &run.packed)))
        return refuse(x, "a block lies outside the file");
    run.first = partition->first + first;
    run.count = count;
    vec_push(x->a, &x->disk->runs, run);
    return true;
}

static bool read_table(struct opening *x, struct bytes table, const char *name)
{
    struct udif_partition partition = {.name = name};
    struct cursor c = cursor_of(table, 0);
    bool named = cursor_be32(&c) == MISH;
    cursor_skip(&c, 4);
    partition.first = cursor_be64(&c);
    partition.count = cursor_be64(&c);
    uint64_t offset = cursor_be64(&c);
    cursor_seek(&c, AT_COUNT);
    uint32_t count = cursor_be32(&c);
    if (c.failed || !named || partition.count > LIMIT_IMAGE_SECTORS ||
        partition.first > LIMIT_IMAGE_SECTORS || offset > UINT64_MAX - x->fork)
        return refuse(x, "a table of its blocks makes no sense");
    for (uint32_t i = 0; i < count; i++)
        if (!read_run(x, &c, &partition, x->fork + offset))
            return false;
    vec_push(x->a, &x->disk->partitions, partition);
    return true;
}

static int by_first(const void *left, const void *right)
{
    const struct udif_run *l = left, *r = right;
    return (l->first > r->first) - (l->first < r->first);
}

static bool sort_runs(struct opening *x)
{
    struct udif_run_vec *runs = &x->disk->runs;
    if (runs->n)
        qsort(runs->at, runs->n, sizeof *runs->at, by_first);
    for (size_t i = 1; i < runs->n; i++)
        if (runs->at[i].first - runs->at[i - 1].first < runs->at[i - 1].count)
            return refuse(x, "two of its blocks overlap");
    return true;
}

static bool read_tables(struct opening *x)
{
    struct cursor c = cursor_of(x->file, 0);
    struct bytes text;
    cursor_seek(&c, x->file.n < TRAILER ? 0 : x->file.n - TRAILER);
    struct cursor trailer = cursor_child(&c, TRAILER);
    cursor_seek(&trailer, AT_FORK);
    x->fork = cursor_be64(&trailer);
    cursor_seek(&trailer, AT_PLIST);
    uint64_t at = cursor_be64(&trailer), length = cursor_be64(&trailer);
    if (trailer.failed || !bytes_part(x->file, at, length, &text))
        return refuse(x, "the table of its blocks lies outside the file");
    const struct value *list = plist_parse(x->a, text, NULL);
    const struct value *tables = value_get(value_get(list, "resource-fork"), "blkx");
    if (!value_is(tables, VALUE_ARRAY))
        return refuse(x, "it has no table of its blocks");
    for (size_t i = 0; i < tables->count; i++) {
        const struct value *data = value_get(tables->items[i], "Data");
        const char *name = value_get_cstr(tables->items[i], "Name");
        if (!value_is(data, VALUE_DATA) || !read_table(x, data->bytes, name ? name : ""))
            return x->why ? false : refuse(x, "a table of its blocks is not there");
    }
    return sort_runs(x);
}

static void close_disk(void *disk)
{
    for (unsigned i = 0; i < UDIF_CACHED; i++)
        arena_free(((struct udif_disk *)disk)->cached[i].arena);
}

struct udif_disk *udif_disk_open(struct arena *a, struct bytes file, const char **why)
{
    struct udif_disk *disk = arena_array(a, 1, struct udif_disk);
    struct opening x = {.a = a, .file = file, .disk = disk};
    arena_defer(a, close_disk, disk);
    bool good = read_tables(&x);
    *why = x.why;
    return good ? disk : NULL;
}

/* -- reading */

static bool expand(struct arena *a, const struct udif_run *run, struct bytes *out)
{
    uint64_t size = run->count * UDIF_SECTOR;
    bool good = run->kind == (uint32_t)RUN_ZLIB ? zlib_expand(a, run->packed, size, out)
                                                : archive_expand(a, run->packed, size, out);
    return good && out->n == size;
}

struct filling {
    const struct udif_run *run;
    struct udif_cached *place;
};

static enum ds_status fill(void *arg)
{
    struct filling *x = arg;
    if (!expand(x->place->arena, x->run, &x->place->content))
        return DS_INVALID;
    x->place->run = x->run;
    return DS_OK;
}

/* The content of a compressed run, kept for the next call; {NULL,0} when it does not expand. */
static struct bytes content_of(struct udif_disk *disk, const struct udif_run *run)
{
    for (unsigned i = 0; i < UDIF_CACHED; i++)
        if (disk->cached[i].run == run)
            return disk->cached[i].content;
    struct filling x = {run, &disk->cached[disk->next]};
    disk->next = (disk->next + 1) % UDIF_CACHED;
    arena_free(x.place->arena);
    *x.place = (struct udif_cached){.arena = arena_new(4 * LIMIT_IMAGE_RUN)};
    return x.place->arena && arena_run(x.place->arena, fill, &x) == DS_OK ? x.place->content
                                                                          : bytes_of(NULL, 0);
}

static const struct udif_run *run_at(const struct udif_disk *disk, uint64_t sector)
{
    size_t low = 0, high = disk->runs.n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct udif_run *run = &disk->runs.at[middle];
        if (sector < run->first)
            high = middle;
        else if (sector - run->first >= run->count)
            low = middle + 1;
        else
            return run;
    }
    return NULL;
}

/* What RUN has from OFFSET of it on, at most N bytes; zeros are {NULL, n}. */
static bool part_of(struct udif_disk *disk, const struct udif_run *run, uint64_t offset,
                    struct bytes *out)
{
    struct bytes content = run->packed;
    uint64_t left = run->count * UDIF_SECTOR - offset;
    out->n = left < out->n ? (size_t)left : out->n;
    if (run->kind == RUN_ZERO || run->kind == RUN_UNUSED)
        return true;
    if (run->kind != RUN_RAW)
        content = content_of(disk, run);
    return bytes_part(content, offset, out->n, out);
}

bool udif_disk_read(struct udif_disk *disk, uint64_t offset, uint8_t *out, size_t n)
{
    while (n) {
        const struct udif_run *run = run_at(disk, offset / UDIF_SECTOR);
        struct bytes part = {NULL, n};
        if (!run || !part_of(disk, run, offset - run->first * UDIF_SECTOR, &part))
            return false;
        if (part.p)
            memcpy(out, part.p, part.n);
        else
            memset(out, 0, part.n);
        out += part.n;
        offset += part.n;
        n -= part.n;
    }
    return true;
}
