/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Vec: a growing array in an arena, by type:
 *
 *     struct name_vec VEC_OF(const char *);
 *     struct name_vec v = {0};
 *     vec_push(arena, &v, "x");
 *     for (size_t i = 0; i < v.n; i++) use(v.at[i]);
 */
#ifndef DS_BASE_VEC_H
#define DS_BASE_VEC_H

#include <stddef.h>

struct arena;

#define VEC_OF(type)    \
    {                   \
        type *at;       \
        size_t n, room; \
    }

/* Room for one more element of SIZE bytes; returns the array, moved when it grew. */
void *vec_grow(struct arena *arena, void *at, size_t *room, size_t n, size_t size);

#define vec_push(arena, v, ...)                                                 \
    ((v)->at = vec_grow((arena), (v)->at, &(v)->room, (v)->n, sizeof *(v)->at), \
     (v)->at[(v)->n++] = (__VA_ARGS__))

/* A zeroed new last element; its address. */
#define vec_add(arena, v) \
    ((v)->at = vec_grow((arena), (v)->at, &(v)->room, (v)->n, sizeof *(v)->at), &(v)->at[(v)->n++])

#endif
