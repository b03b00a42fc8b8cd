/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Copies of test inputs that end where a heap block ends: one byte read too far is seen by AddressSanitizer, even for the
 * empty input (which is why the block is one byte longer, in front).
 */
#ifndef TESTS_UNIT_FLUSH_H
#define TESTS_UNIT_FLUSH_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* A copy of size bytes, flush to the end of its block. Release with flush_free. */
static inline uint8_t *flush_copy(const void *bytes, size_t size)
{
    uint8_t *block = malloc(size + 1);

    if (block == NULL)
        abort();
    if (size > 0)
        memcpy(block + 1, bytes, size);
    return block + 1;
}

static inline void flush_free(uint8_t *copy)
{
    if (copy != NULL)
        free(copy - 1);
}

#endif
