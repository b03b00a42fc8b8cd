/* SPDX-License-Identifier: Apache-2.0 */
/* Seal write: CodeResources of a bundle, both versions (static-validation.md §6, §11.5). */
#ifndef DS_FORGE_SEAL_WRITE_H
#define DS_FORGE_SEAL_WRITE_H

#include "forge/sign.h"

/* The seal of ITEM over what lies below its base now, with entries for the digest TYPES. */
struct bytes seal_write(struct forge *f, const struct item *item, const enum digest_type *types,
                        size_t count);

#endif
