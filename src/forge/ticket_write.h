/* SPDX-License-Identifier: Apache-2.0 */
/* Ticket write: notarization tickets (static-validation.md §9.4, appendix A), signed under the test root. */
#ifndef DS_FORGE_TICKET_WRITE_H
#define DS_FORGE_TICKET_WRITE_H

#include "forge/item.h"

/* A ticket that lists ITEM and all it contains. */
struct bytes ticket_write(struct forge *f, const struct item *item);
/* Put it where ITEM's kind carries one. */
void ticket_staple(struct forge *f, struct item *item);

#endif
