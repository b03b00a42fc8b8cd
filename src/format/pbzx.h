/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pbzx: the envelope Apple's tools put around the cpio archive of a payload, big-endian:
 *
 *      0  "pbzx"   u64 flags        then chunks: u64 flags, u64 size, an xz stream or plain bytes of that size
 *
 * Bit 24 of the flags says that another chunk follows.
 */
#ifndef DS_FORMAT_PBZX_H
#define DS_FORMAT_PBZX_H

#include "base/arena.h"
#include "base/bytes.h"

bool pbzx_sniff(struct bytes data);

/* All chunks, expanded to at most MOST bytes; false when one is cut off or broken. */
bool pbzx_expand(struct arena *a, struct bytes data, uint64_t most, struct bytes *out);

#endif
