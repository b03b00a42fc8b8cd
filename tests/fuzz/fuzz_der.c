/* SPDX-License-Identifier: Apache-2.0 */
/* Fuzz target: DER and BER elements, read all the way down (base/der.h). */
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/der.h"
#include "base/when.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void walk(struct arena *arena, struct cursor c, int depth)
{
    struct der d;
    struct bytes octets;
    int64_t number;

    while (cursor_left(&c) > 0 && der_next(&c, &d)) {
        (void)der_int64(&d, &number);
        (void)when_parse_utctime(d.content, &number);
        (void)when_parse_generalized(d.content, &number);
        (void)der_octets(arena, &d, &octets);
        if (d.constructed && depth > 0)
            walk(arena, der_inside(&d), depth - 1);
    }
}

struct input {
    struct arena *arena;
    struct bytes data;
};

static enum ds_status work(void *arg)
{
    struct input *in = arg;

    walk(in->arena, cursor_of(in->data, 0), 16);
    return DS_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input in = {arena_new(1 << 24), {data, size}};

    (void)arena_run(in.arena, work, &in);
    arena_free(in.arena);
    return 0;
}
