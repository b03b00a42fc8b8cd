/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A main() for fuzz targets without a fuzzing engine: runs the target once on each file named on the command line
 * (standard input when there is none), so stored inputs are replayed by `make check` with any compiler.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Reads all of file, flush to the end of a heap block; NULL when it cannot be read. */
static uint8_t *read_all(FILE *file, size_t *size)
{
    size_t room = 1 << 16, used = 0, got;
    uint8_t *bytes = malloc(room), *flush;

    while (bytes != NULL && (got = fread(bytes + used, 1, room - used, file)) > 0) {
        used += got;
        if (used < room)
            continue;
        room *= 2;
        flush = realloc(bytes, room);
        if (flush == NULL)
            free(bytes);
        bytes = flush;
    }
    if (bytes == NULL || ferror(file)) {
        free(bytes);
        return NULL;
    }
    flush = malloc(used + 1);
    if (flush != NULL)
        memcpy(flush + 1, bytes, used);
    free(bytes);
    *size = used;
    return flush;
}

static int replay(const char *name, FILE *file)
{
    size_t size = 0;
    uint8_t *block = read_all(file, &size);

    if (block == NULL) {
        perror(name);
        return 1;
    }
    (void)LLVMFuzzerTestOneInput(block + 1, size);
    free(block);
    return 0;
}

static int replay_path(const char *path)
{
    FILE *file = fopen(path, "rb");
    int failed;

    if (file == NULL) {
        perror(path);
        return 1;
    }
    failed = replay(path, file);
    fclose(file);
    return failed;
}

int main(int argc, char **argv)
{
    int failed = 0;

    if (argc < 2)
        return replay("standard input", stdin);
    for (int i = 1; i < argc; i++)
        failed |= replay_path(argv[i]);
    return failed;
}
