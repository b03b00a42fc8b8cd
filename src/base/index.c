/* SPDX-License-Identifier: Apache-2.0 */
/* Index: open addressing with linear probing (index.h). */
#include "base/index.h"

/* FNV-1a, mixed once more. Keys come from strangers; a crowded table only costs time, see index_reserve. */
static uint64_t hash_of(struct bytes key)
{
    uint64_t h = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < key.n; i++)
        h = (h ^ key.p[i]) * UINT64_C(1099511628211);
    h ^= h >> 32;
    return h * UINT64_C(0x9e3779b97f4a7c15) >> 16;
}

static struct index_entry *slot_of(const struct index *x, struct bytes key)
{
    size_t at = (size_t)hash_of(key) & (x->room - 1);
    while (x->entries[at].value && !bytes_equal(x->entries[at].key, key))
        at = (at + 1) & (x->room - 1);
    return &x->entries[at];
}

static void index_resize(struct index *x, size_t room)
{
    struct index old = *x;
    x->room = room;
    x->entries = arena_array(x->arena, x->room, struct index_entry);
    for (size_t i = 0; i < old.room; i++)
        if (old.entries[i].value)
            *slot_of(x, old.entries[i].key) = old.entries[i];
}

void index_reserve(struct index *x, size_t n)
{
    size_t room = x->room ? x->room : 16;
    while (room / 2 < n)
        room *= 2;
    if (room != x->room)
        index_resize(x, room);
}

void *index_find(const struct index *x, struct bytes key)
{
    return x->room ? slot_of(x, key)->value : NULL;
}

void index_add(struct index *x, struct bytes key, void *value)
{
    index_reserve(x, x->n + 1);
    *slot_of(x, key) = (struct index_entry){key, value};
    x->n++;
}
