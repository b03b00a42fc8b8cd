/* SPDX-License-Identifier: Apache-2.0 */
/* Pbzx: see pbzx.h. */
#include "format/pbzx.h"

#include "base/buf.h"
#include "base/cursor.h"
#include "format/archive.h"

#define MAGIC "pbzx"
#define MORE  (UINT64_C(1) << 24)

bool pbzx_sniff(struct bytes data)
{
    return bytes_starts(data, bytes_str(MAGIC));
}

bool pbzx_expand(struct arena *a, struct bytes data, uint64_t most, struct bytes *out)
{
    struct cursor c = cursor_of(data, 0);
    struct buf b = {.arena = a};
    cursor_skip(&c, 4);
    uint64_t flags = cursor_be64(&c);
    while ((flags & MORE) && !c.failed && cursor_left(&c)) {
        flags = cursor_be64(&c);
        struct bytes chunk = cursor_bytes(&c, cursor_be64(&c)), plain = chunk;
        bool xz = bytes_starts(chunk, bytes_of("\xfd"
                                               "7zXZ",
                                               5));
        if (c.failed || (xz && !archive_expand(a, chunk, most - b.n, &plain)) ||
            plain.n > most - b.n)
            return false;
        buf_put(&b, plain);
    }
    *out = buf_bytes(&b);
    return !c.failed;
}
