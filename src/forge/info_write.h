/* SPDX-License-Identifier: Apache-2.0 */
/* Info write: Info.plist by kind of bundle, and property lists of the case merged over defaults. */
#ifndef DS_FORGE_INFO_WRITE_H
#define DS_FORGE_INFO_WRITE_H

#include "forge/item.h"

/* The bytes of ITEM's Info.plist; {NULL,0} for `info: none`. */
struct bytes info_write(struct forge *f, const struct item *item);

/* CHANGES put into DICT: dictionaries key by key, null removes, all else replaces. */
void info_merge(struct arena *a, struct value *dict, const struct value *changes);

/* The same where DICT holds changes itself: nulls stay. */
void info_overlay(struct arena *a, struct value *dict, const struct value *changes);

/* The lowest system the code of ITEM for CPUTYPE runs on, and the SDK it was built with. */
uint32_t item_minos(struct forge *f, const struct item *item, uint32_t cputype);
uint32_t item_sdk(struct forge *f, const struct item *item);

#endif
