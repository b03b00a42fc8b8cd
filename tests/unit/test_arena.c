/* SPDX-License-Identifier: Apache-2.0 */
/* Arena, buf, vec: allocation, limits, failure at the n-th allocation, deferred release. */
#include <check.h>
#include <stdbool.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/value.h"
#include "base/vec.h"

Suite *arena_suite(void);

static void count_release(void *p)
{
    ++*(int *)p;
}

struct job {
    struct arena *a;
    int released;
    bool finished;
};

/* A bit of everything that allocates. */
static enum ds_status work(void *arg)
{
    struct job *job = arg;
    struct arena *child = arena_child(job->a);
    struct value *dict = value_dict(child);
    struct int_vec VEC_OF(int) numbers = {0};
    struct buf text = {.arena = child};

    arena_defer(child, count_release, &job->released);
    for (int i = 0; i < 100; i++) {
        vec_push(child, &numbers, i);
        buf_printf(&text, "%d,", numbers.at[i]);
        value_set(child, dict, arena_printf(child, "key%d", i % 40), value_int(child, i));
    }
    job->finished = dict->count == 40 && value_int_or(value_get(dict, "key3"), 0) == 83;
    ck_assert_uint_eq(strlen(buf_cstr(&text)), text.n);
    arena_child_free(child);
    return DS_OK;
}

START_TEST(every_allocation_may_fail)
{
    for (size_t n = 1;; n++) {
        struct job job = {.a = arena_new(0)};
        arena_fail_after(job.a, n);
        enum ds_status status = arena_run(job.a, work, &job);
        arena_free(job.a);
        ck_assert_int_le(job.released, 1);
        if (status == DS_OK) {
            ck_assert(job.finished);
            ck_assert_int_eq(job.released, 1);
            ck_assert_uint_gt(n, 50);
            return;
        }
        ck_assert_int_eq(status, DS_NOMEM);
        ck_assert_uint_lt(n, 100000);
    }
}
END_TEST

static enum ds_status take_megabytes(void *arg)
{
    struct job *job = arg;
    for (int i = 0; i < 64; i++)
        arena_alloc(job->a, 1 << 20);
    job->finished = true;
    return DS_OK;
}

START_TEST(byte_limit_is_a_status)
{
    struct job job = {.a = arena_new(8u << 20)};
    ck_assert_int_eq(arena_run(job.a, take_megabytes, &job), DS_LIMIT);
    ck_assert(!job.finished);
    ck_assert_uint_le(arena_peak(job.a), 8u << 20);
    arena_free(job.a);
}
END_TEST

static enum ds_status child_gives_back(void *arg)
{
    struct job *job = arg;
    for (int i = 0; i < 64; i++) {
        struct arena *child = arena_child(job->a);
        arena_alloc(child, 1 << 20);
        arena_child_free(child);
    }
    job->finished = true;
    return DS_OK;
}

START_TEST(freed_children_do_not_count)
{
    struct job job = {.a = arena_new(8u << 20)};
    ck_assert_int_eq(arena_run(job.a, child_gives_back, &job), DS_OK);
    ck_assert(job.finished);
    arena_free(job.a);
}
END_TEST

static enum ds_status inner_run(void *arg)
{
    struct job *job = arg;
    enum ds_status inner = arena_run(job->a, take_megabytes, job);
    ck_assert_int_eq(inner, DS_LIMIT);
    arena_fail(job->a, DS_IO);
}

START_TEST(runs_nest)
{
    struct job job = {.a = arena_new(4u << 20)};
    ck_assert_int_eq(arena_run(job.a, inner_run, &job), DS_IO);
    arena_free(job.a);
}
END_TEST

static enum ds_status alignment(void *arg)
{
    struct job *job = arg;
    for (size_t n = 0; n < 70; n++) {
        uint8_t *p = arena_alloc(job->a, n);
        ck_assert_uint_eq((uintptr_t)p % _Alignof(max_align_t), 0);
        for (size_t i = 0; i < n; i++)
            ck_assert_uint_eq(p[i], 0);
        memset(p, 0xff, n);
    }
    ck_assert_str_eq(arena_copy(job->a, "abc", 2), "ab");
    ck_assert_str_eq(arena_strndup(job->a, "abc", 9), "abc");
    return DS_OK;
}

START_TEST(memory_is_zeroed_and_aligned)
{
    struct job job = {.a = arena_new(0)};
    ck_assert_int_eq(arena_run(job.a, alignment, &job), DS_OK);
    arena_free(job.a);
    arena_free(NULL);
}
END_TEST

static enum ds_status insert(void *arg)
{
    struct job *job = arg;
    struct buf b = {.arena = job->a};
    buf_be32(&b, 0x01020304);
    buf_le32(&b, 0x01020304);
    buf_insert(&b, 4, 2);
    buf_set_be32(&b, 0, 0xa0b0c0d0);
    ck_assert_str_eq(bytes_hex(job->a, buf_bytes(&b)), "a0b0c0d0000004030201");
    buf_zero(&b, 3);
    buf_byte(&b, 9);
    ck_assert_uint_eq(b.n, 14);
    return DS_OK;
}

START_TEST(buf_builds_binary)
{
    struct job job = {.a = arena_new(0)};
    ck_assert_int_eq(arena_run(job.a, insert, &job), DS_OK);
    arena_free(job.a);
}
END_TEST

Suite *arena_suite(void)
{
    Suite *suite = suite_create("arena");
    TCase *tc = tcase_create("arena");

    tcase_add_test(tc, every_allocation_may_fail);
    tcase_add_test(tc, byte_limit_is_a_status);
    tcase_add_test(tc, freed_children_do_not_count);
    tcase_add_test(tc, runs_nest);
    tcase_add_test(tc, memory_is_zeroed_and_aligned);
    tcase_add_test(tc, buf_builds_binary);
    suite_add_tcase(suite, tc);
    return suite;
}
