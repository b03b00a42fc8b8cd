/* SPDX-License-Identifier: Apache-2.0 */
/* Disk images: see udif_write.h. */
#include "forge/udif_write.h"

#include <string.h>

#include "forge/entitle_write.h"
#include "forge/hfs.h"
#include "forge/make.h"
#include "forge/pack.h"
#include "forge/sign.h"
#include "format/plist.h"

#define TRAILER          512u
#define SIGNATURE_OFFSET 296u
#define SIGNATURE_LENGTH 304u
#define SECTOR           512u
#define SLOT_TICKET      0x10002u
#define RUN              (1u << 18) /* bytes of one */
#define RUN_UNUSED       2u
#define RUN_ZLIB         0x80000005u
#define RUN_END          0xffffffffu

static void put_checksum(struct buf *b, uint32_t crc)
{
    buf_be32(b, 2); /* CRC-32 */
    buf_be32(b, 32);
    buf_be32(b, crc);
    buf_zero(b, 124);
}

/* The trailer of ITEM's image; SIGNATURE 0: unsigned. */
static struct bytes trailer(struct forge *f, const struct item *item, size_t signature,
                            size_t length)
{
    struct buf b = {.arena = f->a};
    struct bytes data = item->disk;
    uint32_t crc = pack_crc32(data);

    buf_str(&b, "koly");
    buf_be32(&b, 4);
    buf_be32(&b, TRAILER);
    buf_be32(&b, 1); /* flattened */
    buf_be64(&b, 0);
    buf_be64(&b, 0);
    buf_be64(&b, data.n);
    buf_zero(&b, 16); /* no resource fork */
    buf_be32(&b, 1);
    buf_be32(&b, 1);
    buf_put(&b, bytes_of(digest_bytes(f->a, DIGEST_SHA256, data).p, 16));
    put_checksum(&b, crc);
    buf_be64(&b, data.n);
    buf_be64(&b, item->disk_table.n);
    buf_zero(&b, SIGNATURE_OFFSET - b.n);
    buf_be64(&b, signature);
    buf_be64(&b, length);
    buf_zero(&b, 352 - b.n);
    put_checksum(&b, crc);
    buf_be32(&b, 1);
    buf_be64(&b, item->disk_sectors);
    buf_zero(&b, TRAILER - b.n);
    return buf_bytes(&b);
}

/* Data, property list, BLOB (n 0: none), trailer. */
static struct bytes join_image(struct forge *f, const struct item *item, struct bytes blob)
{
    struct buf b = {.arena = f->a};

    buf_put(&b, item->disk);
    buf_put(&b, item->disk_table);
    size_t at = b.n;
    buf_put(&b, blob);
    buf_put(&b, trailer(f, item, blob.n ? at : 0, blob.n));
    return buf_bytes(&b);
}

struct run {
    uint32_t kind;
    size_t sector, count, at, size;
};

static void put_run(struct buf *b, struct run run)
{
    buf_be32(b, run.kind);
    buf_be32(b, 0);
    buf_be64(b, run.sector);
    buf_be64(b, run.count);
    buf_be64(b, run.at);
    buf_be64(b, run.size);
}

static bool is_zero(struct bytes part)
{
    for (size_t i = 0; i < part.n; i++)
        if (part.p[i])
            return false;
    return true;
}

/* VOLUME in runs: the data fork, and the runs in a table; returns how many there are. */
static uint32_t put_runs(struct forge *f, struct bytes volume, struct buf *data, struct buf *table)
{
    uint32_t count = 0;
    for (size_t at = 0, n; at < volume.n; at += n, count++) {
        n = volume.n - at < RUN ? volume.n - at : RUN;
        struct bytes part = bytes_of(volume.p + at, n), packed = {NULL, 0};
        if (!is_zero(part))
            packed = pack_zlib(f->a, part);
        put_run(table, (struct run){packed.n ? RUN_ZLIB : RUN_UNUSED, at / SECTOR, n / SECTOR,
                                    data->n, packed.n});
        buf_put(data, packed);
    }
    put_run(table, (struct run){RUN_END, volume.n / SECTOR, 0, data->n, 0});
    return count + 1;
}

/* The table of the one partition, and the property list it stands in. */
static struct bytes disk_table(struct forge *f, struct bytes volume, uint32_t count,
                               struct bytes runs)
{
    struct arena *a = f->a;
    struct buf b = {.arena = a};
    struct value *partition = value_dict(a), *list = value_array(a), *fork = value_dict(a),
                 *top = value_dict(a);
    buf_str(&b, "mish");
    buf_be32(&b, 1);
    buf_be64(&b, 0);
    buf_be64(&b, volume.n / SECTOR);
    buf_be64(&b, 0);
    buf_be32(&b, RUN / SECTOR + 8); /* buffers a reader needs */
    buf_be32(&b, UINT32_MAX);       /* the whole disk */
    buf_zero(&b, 24);
    put_checksum(&b, pack_crc32(volume));
    buf_be32(&b, count);
    buf_put(&b, runs);
    value_set_text(a, partition, "Attributes", "0x0050");
    value_set(a, partition, "Data", value_data(a, buf_bytes(&b)));
    value_set_text(a, partition, "ID", "-1");
    value_set_text(a, partition, "Name", "whole disk (Apple_HFSX : 0)");
    value_append(a, list, partition);
    value_set(a, fork, "blkx", list);
    value_set(a, top, "resource-fork", fork);
    return plist_write_xml(a, top, false);
}

void udif_make(struct forge *f, struct item *item)
{
    struct pack_member_vec members = pack_collect(f, item->path);
    struct bytes volume = hfs_volume(f, "Forged", &members);
    struct buf data = {.arena = f->a}, runs = {.arena = f->a};
    uint32_t count = put_runs(f, volume, &data, &runs);

    item->disk = buf_bytes(&data);
    item->disk_table = disk_table(f, volume, count, buf_bytes(&runs));
    item->disk_sectors = volume.n / SECTOR;
    make_replace(f, item, join_image(f, item, bytes_of(NULL, 0)));
}

void udif_sign(struct forge *f, struct item *item)
{
    size_t covered = item->disk.n + item->disk_table.n;
    struct sign_with with = {.rep = trailer(f, item, covered, 0)};
    struct bytes file = make_read(f, item->path);

    item->blob = sign_whole(f, item, bytes_of(file.p, covered), &with);
    make_replace(f, item, join_image(f, item, item->blob));
}

/* BLOB (n 0: none yet) with a ticket in its slot. */
static struct bytes with_ticket(struct forge *f, struct bytes blob, struct bytes ticket)
{
    struct bytes wrapped = blob_make(f->a, BLOB_WRAPPER, ticket);
    struct buf b = {.arena = f->a};
    size_t count;

    if (blob.n == 0)
        blob = bytes_of("\xfa\xde\x0c\xc0\0\0\0\x0c\0\0\0\0", 12);
    count = blob.p[11];
    buf_put(&b, blob);
    buf_insert(&b, 12 + 8 * count, 8);
    for (size_t i = 0; i < count; i++) { /* everything moved up by one index entry */
        uint8_t *p = b.p + 16 + 8 * i;
        uint32_t at = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
        buf_set_be32(&b, 16 + 8 * i, at + 8);
    }
    buf_set_be32(&b, 12 + 8 * count, SLOT_TICKET);
    buf_set_be32(&b, 16 + 8 * count, (uint32_t)b.n);
    buf_put(&b, wrapped);
    buf_set_be32(&b, 4, (uint32_t)b.n);
    buf_set_be32(&b, 8, (uint32_t)count + 1);
    return buf_bytes(&b);
}

void udif_staple(struct forge *f, struct item *item, struct bytes ticket)
{
    make_replace(f, item, join_image(f, item, with_ticket(f, item->blob, ticket)));
}
