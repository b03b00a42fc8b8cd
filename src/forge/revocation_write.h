/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Revocation write: the lists and responses of `host.crls` and `host.ocsp`, signed by the case's authorities (RFC 5280
 * §5, 6960).
 */
#ifndef DS_FORGE_REVOCATION_WRITE_H
#define DS_FORGE_REVOCATION_WRITE_H

#include "forge/item.h"

/* Make them as files below FORGE_REVOCATION, and list them in the result. CHECKED_AT: when the case is checked. */
void revocation_write(struct forge *f, int64_t checked_at);

#endif
