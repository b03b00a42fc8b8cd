/* SPDX-License-Identifier: Apache-2.0 */
/* The frame of a fuzz target: FUZZ(work) runs WORK on each input inside an arena of at most 256 MB. */
#ifndef TESTS_FUZZ_FUZZ_RUN_H
#define TESTS_FUZZ_FUZZ_RUN_H

#include <stdint.h>

#include "base/arena.h"
#include "base/bytes.h"

struct fuzz_run {
    struct arena *a;
    struct bytes data;
    enum ds_status (*work)(struct arena *a, struct bytes data);
};

static enum ds_status fuzz_work(void *arg)
{
    struct fuzz_run *run = arg;
    return run->work(run->a, run->data);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FUZZ(name)                                                                        \
    int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)                          \
    {                                                                                     \
        struct fuzz_run run = {arena_new((size_t)256 << 20), bytes_of(data, size), name}; \
        (void)arena_run(run.a, fuzz_work, &run);                                          \
        arena_free(run.a);                                                                \
        return 0;                                                                         \
    }

#endif
