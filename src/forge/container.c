/* SPDX-License-Identifier: Apache-2.0 */
/* Container: see container.h. */
#include "forge/container.h"

void container_make(struct forge *f, struct item *item)
{
    forge_refuse(f, item->spec, "a %s cannot be forged yet", item->row->word);
}

void container_sign(struct forge *f, struct item *item)
{
    forge_refuse(f, item->spec, "a %s cannot be signed yet", item->row->word);
}
