/* SPDX-License-Identifier: Apache-2.0 */
/* Zlib streams: see zlib_stream.h. */
#include "format/zlib_stream.h"

#include <zlib.h>

#include "base/buf.h"

#define STEP 65536u

struct expanding {
    z_stream z;
    uint8_t chunk[STEP];
};

static void end(void *z)
{
    inflateEnd(z);
}

/* One step; false when the stream is broken or too long. */
static bool step(struct expanding *x, struct buf *out, uint64_t most, int *result)
{
    x->z.next_out = x->chunk;
    x->z.avail_out = STEP;
    *result = inflate(&x->z, Z_NO_FLUSH);
    size_t n = STEP - x->z.avail_out;
    if ((*result != Z_OK && *result != Z_STREAM_END) || out->n + n > most)
        return false;
    buf_put(out, bytes_of(x->chunk, n));
    return true;
}

bool zlib_expand(struct arena *a, struct bytes data, uint64_t most, struct bytes *out)
{
    struct arena *scratch = arena_child(a);
    struct expanding *x = arena_new_of(scratch, struct expanding);
    struct buf b = {.arena = a};
    int result = Z_OK;
    bool good = data.n <= UINT32_MAX && inflateInit(&x->z) == Z_OK;
    if (good)
        arena_defer(scratch, end, &x->z);
    x->z.next_in = (Bytef *)(uintptr_t)data.p;
    x->z.avail_in = (uInt)data.n;
    while (good && result != Z_STREAM_END)
        good = step(x, &b, most, &result);
    good = good && x->z.avail_in == 0;
    arena_child_free(scratch);
    *out = good ? buf_bytes(&b) : bytes_of(NULL, 0);
    return good;
}
