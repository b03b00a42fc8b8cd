/* SPDX-License-Identifier: Apache-2.0 */
/* Index: a hash table from bytes (borrowed) to pointers, for seals of 100,000 files and caches by path. */
#ifndef DS_BASE_INDEX_H
#define DS_BASE_INDEX_H

#include "base/arena.h"
#include "base/bytes.h"

struct index_entry {
    struct bytes key;
    void *value; /* never NULL in a used entry */
};

struct index {
    struct arena *arena;
    struct index_entry *entries;
    size_t n, room; /* room is a power of two, at most half full */
};

/* Make room for N entries at once. */
void index_reserve(struct index *x, size_t n);
/* The value of KEY, NULL when there is none. */
void *index_find(const struct index *x, struct bytes key);
/* Add KEY, which must not be there yet; KEY is borrowed, VALUE is not NULL. */
void index_add(struct index *x, struct bytes key, void *value);

#endif
