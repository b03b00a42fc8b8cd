/* SPDX-License-Identifier: Apache-2.0 */
/* Reduce: see reduce.h. */
#include "lang/reduce.h"

#include "base/buf.h"

static struct bytes without(struct arena *a, struct bytes input, size_t from, size_t n)
{
    struct buf b = {.arena = a};
    struct bytes part;
    bytes_part(input, 0, from, &part);
    buf_put(&b, part);
    bytes_part(input, from + n, input.n - from - n, &part);
    buf_put(&b, part);
    return buf_bytes(&b);
}

struct bytes reduce(struct arena *a, struct bytes input, reduce_test *test, void *self,
                    unsigned most)
{
    size_t span = input.n > 1 ? input.n / 2 : 1;
    while (span > 0 && input.n > 0) {
        bool shorter = false;
        for (size_t from = 0; from < input.n && most > 0;) {
            size_t n = span < input.n - from ? span : input.n - from;
            struct bytes candidate = without(a, input, from, n);
            most--;
            if (!test(self, candidate)) {
                from += n;
                continue;
            }
            input = candidate;
            shorter = true;
        }
        if (most == 0)
            break;
        if (!shorter || span > input.n)
            span = span > 1 && span / 2 > input.n ? input.n : span / 2;
    }
    return input;
}
