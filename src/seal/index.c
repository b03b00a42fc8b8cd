/* SPDX-License-Identifier: Apache-2.0 */
/* Index: open addressing with linear probing (index.h). */
#include "seal/index.h"

/* FNV-1a, mixed once more. Keys come from strangers; a crowded table only costs time, see index_grow. */
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

static void index_grow(struct index *x)
{
    struct index old = *x;
    x->room = old.room ? old.room * 2 : 16;
    x->entries = arena_array(x->arena, x->room, struct index_entry);
    for (size_t i = 0; i < old.room; i++)
        if (old.entries[i].value)
            *slot_of(x, old.entries[i].key) = old.entries[i];
}

void *index_find(const struct index *x, struct bytes key)
{
    return x->room ? slot_of(x, key)->value : NULL;
}

void index_add(struct index *x, struct bytes key, void *value)
{
    if (2 * (x->n + 1) > x->room)
        index_grow(x);
    *slot_of(x, key) = (struct index_entry){key, value};
    x->n++;
}
