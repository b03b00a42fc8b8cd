/* SPDX-License-Identifier: Apache-2.0 */
/* The disk of an image: every kind of run, reading across runs, and tables that lie. */
#include <check.h>
#include <string.h>

#include "base/arena.h"
#include "blob_bytes.h"
#include "flush.h"
#include "format/plist.h"
#include "format/udif_disk.h"
#include "in_arena.h"

Suite *format_udif_disk_suite(void);

#define SECTOR UDIF_SECTOR

/* 512 bytes 'z', compressed. */
#define ZLIB "\x78\x9c\xab\xaa\x1a\x05\x23\x19\x00\x00\x8a\x4c\xf4\x01"

struct run {
    uint32_t kind;
    uint64_t first, count, at, length;
};

struct disk_case {
    const char *name;
    uint64_t sectors; /* of the partition, from sector 4 on */
    struct run runs[4];
    size_t n;
    bool good;
};

static void put_run(struct buf *b, const struct run *run)
{
    buf_be32(b, run->kind);
    buf_be32(b, 0);
    buf_be64(b, run->first);
    buf_be64(b, run->count);
    buf_be64(b, run->at);
    buf_be64(b, run->length);
}

/* A fork of FORK, the property list with one table, the trailer. */
static struct bytes image_bytes(struct arena *a, const struct disk_case *c, struct bytes fork)
{
    struct buf table = {.arena = a}, b = {.arena = a};
    struct value *partition = value_dict(a), *list = value_array(a), *resources = value_dict(a),
                 *top = value_dict(a);
    buf_str(&table, "mish");
    buf_be32(&table, 1);
    buf_be64(&table, 4);
    buf_be64(&table, c->sectors);
    buf_zero(&table, 200 - table.n);
    buf_be32(&table, (uint32_t)c->n);
    for (size_t i = 0; i < c->n; i++)
        put_run(&table, &c->runs[i]);
    value_set(a, partition, "Data", value_data(a, buf_bytes(&table)));
    value_set_text(a, partition, "Name", "disk (Apple_HFS : 1)");
    value_append(a, list, partition);
    value_set(a, resources, "blkx", list);
    value_set(a, top, "resource-fork", resources);
    struct bytes text = plist_write_xml(a, top, false);
    buf_put(&b, fork);
    buf_put(&b, text);
    size_t trailer = b.n;
    buf_zero(&b, 512);
    poke(&b, trailer, 4, 0x6b6f6c79);
    poke(&b, trailer + 4, 4, 4);
    poke(&b, trailer + 32, 8, fork.n);
    poke(&b, trailer + 216, 8, fork.n);
    poke(&b, trailer + 224, 8, text.n);
    return buf_bytes(&b);
}

static struct udif_disk *open_disk(struct arena *a, const struct disk_case *c, struct bytes fork,
                                   const char **why)
{
    struct bytes file = image_bytes(a, c, fork);
    uint8_t *copy = flush_copy(file.p, file.n);
    arena_defer(a, free, copy - 1);
    return udif_disk_open(a, bytes_of(copy, file.n), why);
}

static struct bytes deflated(void)
{
    return bytes_of(ZLIB, sizeof ZLIB - 1);
}

static enum ds_status kinds(void *arg)
{
    struct arena *a = arg;
    const char *why = NULL;
    struct buf fork = {.arena = a};
    uint8_t got[6 * SECTOR];
    buf_put(&fork, deflated());
    size_t raw = fork.n;
    for (size_t i = 0; i < SECTOR; i++)
        buf_byte(&fork, 'r');
    const struct disk_case c = {
        "kinds",
        6,
        {{1, 5, 1, raw, SECTOR}, {0, 0, 2, 0, 0}, {0x80000005, 2, 1, 0, raw}, {2, 3, 2, 0, 0}},
        4,
        true};
    struct udif_disk *disk = open_disk(a, &c, buf_bytes(&fork), &why);
    ck_assert_msg(disk, "%s", why);
    ck_assert_uint_eq(disk->partitions.n, 1);
    ck_assert_str_eq(disk->partitions.at[0].name, "disk (Apple_HFS : 1)");
    ck_assert_uint_eq(disk->partitions.at[0].first, 4);
    memset(got, '?', sizeof got);
    ck_assert(udif_disk_read(disk, 4 * SECTOR, got, sizeof got));
    ck_assert(bytes_zero(bytes_of(got, 2 * SECTOR)));
    ck_assert_int_eq(got[2 * SECTOR], 'z');
    ck_assert_int_eq(got[3 * SECTOR - 1], 'z');
    ck_assert(bytes_zero(bytes_of(got + 3 * SECTOR, 2 * SECTOR)));
    ck_assert_int_eq(got[6 * SECTOR - 1], 'r');
    ck_assert(udif_disk_read(disk, 7 * SECTOR - 1, got, 2)); /* across two runs */
    ck_assert(got[0] == 'z' && got[1] == 0);
    ck_assert(!udif_disk_read(disk, 4 * SECTOR - 1, got, 1));
    ck_assert(!udif_disk_read(disk, 10 * SECTOR - 1, got, 2));
    ck_assert(!udif_disk_read(disk, UINT64_MAX, got, 2));
    return DS_OK;
}

ARENA_TEST(every_kind_of_run_is_read, kinds)

static const struct disk_case tables[] = {
    {"none", 4, {{0}}, 0, true},
    {"comments and the end are no runs",
     1,
     {{0x7ffffffe, 0, 9, 0, 0}, {0xffffffff, 9, 9, 0, 0}},
     2,
     true},
    {"runs overlap", 4, {{0, 0, 2, 0, 0}, {0, 1, 2, 0, 0}}, 2, false},
    {"a run beyond the partition", 4, {{0, 3, 2, 0, 0}}, 1, false},
    {"a run that wraps", 4, {{0, UINT64_MAX, 2, 0, 0}}, 1, false},
    {"data beyond the file", 4, {{1, 0, 1, 1u << 20, SECTOR}}, 1, false},
    {"data that wraps", 4, {{1, 0, 1, UINT64_MAX, SECTOR}}, 1, false},
    {"a compressed run of 32 MB", 1u << 20, {{0x80000005, 0, 65536, 0, 14}}, 1, false},
    {"LZFSE", 4, {{0x80000007, 0, 1, 0, 14}}, 1, false},
    {"ADC", 4, {{0x80000004, 0, 1, 0, 14}}, 1, false},
    {"a partition without an end", UINT64_MAX, {{0, 0, 1, 0, 0}}, 1, false},
};

static enum ds_status lies(void *arg)
{
    struct arena *a = arg;
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        const char *why = NULL;
        struct udif_disk *disk = open_disk(a, &tables[i], deflated(), &why);
        ck_assert_msg((disk != NULL) == tables[i].good, "%s", tables[i].name);
        ck_assert_msg((why == NULL) == tables[i].good, "%s", tables[i].name);
    }
    return DS_OK;
}

ARENA_TEST(tables_that_lie_are_refused, lies)

/* Runs whose data is no stream, too short a raw one, and a stream of another size. */
static enum ds_status broken(void *arg)
{
    static const struct run runs[] = {{0x80000005, 0, 1, 1, 13}, {0x80000006, 0, 1, 0, 14},
                                      {0x80000008, 0, 1, 0, 14}, {1, 0, 1, 0, 14},
                                      {0x80000005, 0, 2, 0, 14}, {77, 0, 1, 0, 14}};
    struct arena *a = arg;
    uint8_t got[SECTOR];
    for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) {
        const struct disk_case c = {"broken", 4, {runs[i]}, 1, true};
        const char *why = NULL;
        struct udif_disk *disk = open_disk(a, &c, deflated(), &why);
        ck_assert_msg(disk, "row %zu", i);
        ck_assert_msg(!udif_disk_read(disk, 4 * SECTOR, got, sizeof got), "row %zu", i);
    }
    return DS_OK;
}

ARENA_TEST(runs_that_do_not_expand_are_not_read, broken)

Suite *format_udif_disk_suite(void)
{
    Suite *s = suite_create("format_udif_disk");
    TCase *t = tcase_create("disk");
    tcase_add_test(t, every_kind_of_run_is_read);
    tcase_add_test(t, tables_that_lie_are_refused);
    tcase_add_test(t, runs_that_do_not_expand_are_not_read);
    suite_add_tcase(s, t);
    return s;
}
