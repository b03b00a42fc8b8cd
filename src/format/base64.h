/* SPDX-License-Identifier: Apache-2.0 */
/* Base64 (RFC 4648) as text documents hold it: blanks and line ends anywhere. */
#ifndef DS_FORMAT_BASE64_H
#define DS_FORMAT_BASE64_H

#include "base/arena.h"
#include "base/bytes.h"

/* False when TEXT holds anything else, or does not end where a byte ends. */
bool base64_decode(struct arena *a, struct bytes text, struct bytes *out);

#endif
