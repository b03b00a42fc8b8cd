/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Disk images as hdiutil makes them: a volume in zlib-compressed runs, the table of the runs, the signature, the trailer
 * (static-validation.md §1.9, appendix C.2; format/udif_disk.h has the layout of the table).
 */
#ifndef DS_FORGE_UDIF_WRITE_H
#define DS_FORGE_UDIF_WRITE_H

#include "forge/item.h"

/* Turn the folder of ITEM's members into an image, not signed; sign it; staple TICKET to it. */
void udif_make(struct forge *f, struct item *item);
void udif_sign(struct forge *f, struct item *item);
void udif_staple(struct forge *f, struct item *item, struct bytes ticket);

#endif
