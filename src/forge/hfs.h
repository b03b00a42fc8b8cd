/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hfs: a volume of the kind HFSX with members in it, as disk images hold them (Apple's Technical Note 1150). Names are kept
 * as they are given and told apart by case; times are fixed.
 */
#ifndef DS_FORGE_HFS_H
#define DS_FORGE_HFS_H

#include "forge/pack.h"

/* The volume NAME (ASCII) with MEMBERS, folders before what is in them; whole blocks of 4096 bytes. */
struct bytes hfs_volume(struct forge *f, const char *name, const struct pack_member_vec *members);

#endif
