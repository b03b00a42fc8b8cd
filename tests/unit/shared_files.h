/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files of the shared folder, ../shared beside the source tree: tests that use them run when they are there and have
 * nothing to check otherwise.
 */
#ifndef TESTS_UNIT_SHARED_FILES_H
#define TESTS_UNIT_SHARED_FILES_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/bytes.h"

/* ../shared/NAME as a path. */
static inline char *shared_path(struct arena *a, const char *name)
{
    const char *top = getenv("top_srcdir");
    return arena_printf(a, "%s/../shared/%s", top ? top : ".", name);
}

/* The content of ../shared/NAME, flush to the end of its block; false when it is not there. */
static inline bool shared_read(struct arena *a, const char *name, struct bytes *out)
{
    FILE *f = fopen(shared_path(a, name), "rb");
    if (!f)
        return false;
    fseek(f, 0, SEEK_END);
    long n = ftell(f);
    rewind(f);
    uint8_t *block = malloc((size_t)n + 1);
    if (!block)
        abort();
    arena_defer(a, free, block);
    bool whole = fread(block + 1, 1, (size_t)n, f) == (size_t)n;
    fclose(f);
    *out = bytes_of(block + 1, (size_t)n);
    return whole;
}

/* The next line of a table, cut into at most N fields at its tabs; the number of fields, 0 at the end. */
static inline size_t shared_row(struct arena *a, struct bytes *table, char **fields, size_t n)
{
    if (table->n == 0)
        return 0;
    const uint8_t *end = memchr(table->p, '\n', table->n);
    size_t length = end ? (size_t)(end - table->p) : table->n, count = 0;
    char *line = arena_strndup(a, (const char *)table->p, length);
    length += end ? 1 : 0;
    *table = bytes_of(table->p + length, table->n - length);
    for (char *at = line; at && count < n;)
        fields[count++] = strsep(&at, "\t");
    return count;
}

#endif
