/* SPDX-License-Identifier: Apache-2.0 */
/* Profile write: provisioning profiles (launch-policy.md §2.2, §6; static-validation.md appendix B). */
#ifndef DS_FORGE_PROFILE_WRITE_H
#define DS_FORGE_PROFILE_WRITE_H

#include "forge/item.h"

/* The profile that SPEC (NULL: a default one) describes, as ITEM embeds it. */
struct bytes profile_write(struct forge *f, const struct value *spec, const struct item *item);

/* The same profile, whose list was changed after it was signed: CHANGES are keys of the list, or of `profiles`. */
struct bytes profile_edit(struct forge *f, const struct value *spec, const struct item *item,
                          const struct value *changes);

#endif
