/* SPDX-License-Identifier: Apache-2.0 */
/* OSStatus: see osstatus.h. */
#include "base/osstatus.h"

#include <stddef.h>
#include <string.h>

#include "base/arena.h"

static const struct row {
    int64_t code;
    const char *name, *text;
} rows[] = {
#define OSSTATUS(code, name, text) {code, #name, text},
#include "base/osstatus.def"
#undef OSSTATUS
};

static const struct row *find(int64_t code)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].code == code)
            return &rows[i];
    return NULL;
}

const char *osstatus_text(struct arena *a, int64_t code)
{
    const struct row *row = find(code);
    if (row)
        return row->text;
    if (code > OSSTATUS_ERRNO && code < OSSTATUS_ERRNO + 1000)
        return strerror((int)(code - OSSTATUS_ERRNO));
    return arena_printf(a, "OSStatus %lld", (long long)code);
}

const char *osstatus_name(int64_t code)
{
    const struct row *row = find(code);
    return row ? row->name : NULL;
}
