/* SPDX-License-Identifier: Apache-2.0 */
/* Disk images down to the files in them: an input is an image, or a volume that stands on the disk as it is. */
#include "format/volume.h"
#include "fuzz_run.h"

static enum ds_status work(struct arena *a, struct bytes data)
{
    struct findings f = {.arena = a};
    uint64_t left = 1u << 20, sectors = data.n / UDIF_SECTOR;
    struct unpacking u = {
        .a = a, .fs = fs_memory(a), .dir = "/", .f = &f, .at = place_path("x.dmg"), .left = &left};
    struct udif_disk whole = {0}, *disk = &whole;
    const char *why;
    if (udif_sniff(data) == UDIF_PLAIN) {
        disk = udif_disk_open(a, data, &why);
    } else {
        vec_push(a, &whole.partitions, (struct udif_partition){"", 0, sectors});
        vec_push(a, &whole.runs, (struct udif_run){0, sectors, 1, data});
    }
    if (disk)
        (void)volume_unpack(&u, disk, data.n, &why);
    return DS_OK;
}

FUZZ(work)
