/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Volumes: the HFS+ and APFS file systems on the disk of an image, through libfshfs and libfsapfs, unpacked into a file
 * system in memory. A build without these libraries says so. Their own limits: attributes of HFS+ have names but no
 * content (ASSUMPTION(image-attributes)).
 */
#ifndef DS_FORMAT_VOLUME_H
#define DS_FORMAT_VOLUME_H

#include "format/archive.h"
#include "format/udif_disk.h"

/*
 * Unpack the volumes of DISK, expanded from PACKED bytes: the first to U's folder, each further one to "Volume 2" … in it.
 * False with *WHY when there is none that can be read. Findings: ARCHIVE-FORMAT, ARCHIVE-METADATA-LOST, INPUT-LIMIT.
 */
bool volume_unpack(struct unpacking *u, struct udif_disk *disk, uint64_t packed, const char **why);

#endif
