/* SPDX-License-Identifier: Apache-2.0 */
/* Zlib streams (RFC 1950), as xar files hold their table of contents and their members. */
#ifndef DS_FORMAT_ZLIB_STREAM_H
#define DS_FORMAT_ZLIB_STREAM_H

#include "base/arena.h"
#include "base/bytes.h"

/* The whole of DATA expanded, at most MOST bytes; false when it is no stream, longer, or does not end with DATA. */
bool zlib_expand(struct arena *a, struct bytes data, uint64_t most, struct bytes *out);

#endif
