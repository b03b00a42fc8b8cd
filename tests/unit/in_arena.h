/* SPDX-License-Identifier: Apache-2.0 */
/* Tests whose work is done inside arena_run(), in an arena of its own, which is the work's argument. */
#ifndef TESTS_UNIT_IN_ARENA_H
#define TESTS_UNIT_IN_ARENA_H

#include <check.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "flush.h"

static inline void in_arena(enum ds_status (*work)(void *arena))
{
    struct arena *a = arena_new(0);
    ck_assert_ptr_nonnull(a);
    ck_assert_int_eq(arena_run(a, work, a), DS_OK);
    arena_free(a);
}

/* The first allocation fails, then the second, and so on, until WORK needs no more of them. */
static inline void in_starved_arena(enum ds_status (*work)(void *arena))
{
    for (size_t n = 1; n < 100000; n++) {
        struct arena *a = arena_new(0);
        ck_assert_ptr_nonnull(a);
        arena_fail_after(a, n);
        enum ds_status status = arena_run(a, work, a);
        arena_free(a);
        if (status == DS_OK)
            return;
        ck_assert_int_eq(status, DS_NOMEM);
    }
    ck_abort_msg("an allocation failed without end");
}

/* The test NAME, which is to do WORK. */
#define ARENA_TEST(name, work) \
    START_TEST(name)           \
    {                          \
        in_arena(work);        \
    }                          \
    END_TEST

/* A copy of B that ends with its heap block and goes with the arena (flush.h). */
static inline struct bytes flush(struct arena *a, struct bytes b)
{
    uint8_t *copy = flush_copy(b.p, b.n);
    arena_defer(a, free, copy - 1);
    return bytes_of(copy, b.n);
}

#endif
