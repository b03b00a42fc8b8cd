/* SPDX-License-Identifier: Apache-2.0 */
/* Designate: the requirement set a signer stores (static-validation.md §11.6, requirement-language.md §7). */
#ifndef DS_FORGE_DESIGNATE_H
#define DS_FORGE_DESIGNATE_H

#include "forge/item.h"

/* Text of the default designated requirement; NULL for ad-hoc code, which has an implicit one. */
const char *designate_text(struct forge *f, const struct item *item);

/*
 * The set of ITEM's `requirements` with the designated one filled in, compiled; sets item->requirement where a
 * designated one is in it. {NULL,0} when no set is to be stored.
 */
struct bytes designate_set(struct forge *f, struct item *item);

#endif
