/* SPDX-License-Identifier: Apache-2.0 */
/* Vec: growth, the one part that is code. */
#include "base/vec.h"

#include <string.h>

#include "base/arena.h"

void *vec_grow(struct arena *arena, void *at, size_t *room, size_t n, size_t size)
{
    if (n < *room)
        return at;
    size_t more = *room ? *room * 2 : 8;
    void *moved = arena_calloc(arena, more, size);
    if (n)
        memcpy(moved, at, n * size);
    *room = more;
    return moved;
}
