/* SPDX-License-Identifier: Apache-2.0 */
/* Container: files with members: zip archives, flat packages, disk images (static-validation.md §1.9, appendix C). */
#ifndef DS_FORGE_CONTAINER_H
#define DS_FORGE_CONTAINER_H

#include "forge/item.h"

/* Write ITEM's file around its members, which were forged at paths below its own and are taken away from there. */
void container_make(struct forge *f, struct item *item);
/* Staple a ticket to the file. */
void container_staple(struct forge *f, struct item *item);
/* Sign the file: an image's signature. A package is signed when it is made; archives never are. */
void container_sign(struct forge *f, struct item *item);

#endif
