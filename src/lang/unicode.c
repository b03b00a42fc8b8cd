/* SPDX-License-Identifier: Apache-2.0 */
/* Unicode: see unicode.h. */
#include "config.h"

#include "lang/unicode.h"

#include "base/buf.h"

static struct bytes latin1(struct arena *a, struct bytes raw)
{
    struct buf b = {.arena = a};
    for (size_t i = 0; i < raw.n; i++) {
        if (raw.p[i] >= 0x80)
            buf_byte(&b, 0xc0 | raw.p[i] >> 6);
        buf_byte(&b, raw.p[i] >= 0x80 ? 0x80 | (raw.p[i] & 0x3f) : raw.p[i]);
    }
    return buf_bytes(&b);
}

struct bytes unicode_of_value(struct arena *a, struct bytes raw)
{
    return bytes_utf8(raw) ? raw : latin1(a, raw);
}

struct bytes unicode_of_bytes(struct arena *a, struct bytes raw)
{
    const uint8_t *nul = raw.n ? memchr(raw.p, 0, raw.n) : NULL;
    struct bytes mark = bytes_str("\xef\xbb\xbf");
    if (nul)
        raw.n = (size_t)(nul - raw.p);
    if (!bytes_utf8(raw))
        return latin1(a, raw);
    if (bytes_starts(raw, mark))
        bytes_part(raw, mark.n, raw.n - mark.n, &raw);
    return raw;
}

/* Valid UTF-8 in valid UTF-8 can only be found at a code point, so bytes serve as well as code units. */
bool unicode_contains(struct bytes hay, struct bytes needle)
{
    return needle.n > 0 && hay.n >= needle.n && memmem(hay.p, hay.n, needle.p, needle.n) != NULL;
}

bool unicode_begins(struct bytes hay, struct bytes needle)
{
    return needle.n > 0 && bytes_starts(hay, needle);
}

bool unicode_ends(struct bytes hay, struct bytes needle)
{
    struct bytes tail;
    return needle.n > 0 && hay.n >= needle.n &&
           bytes_part(hay, hay.n - needle.n, needle.n, &tail) && bytes_equal(tail, needle);
}

static bool is_digit(struct bytes s, size_t at)
{
    return at < s.n && s.p[at] >= '0' && s.p[at] <= '9';
}

/* The value of the digits at *AT, which moves behind them. */
static uint64_t run_value(struct bytes s, size_t *at)
{
    uint64_t value = 0;
    for (; is_digit(s, *at); ++*at)
        value = value * 10 + (s.p[*at] - '0');
    return value;
}

/* Rank of a UTF-8 lead byte by UTF-16 order: surrogates (4-byte forms) stand before U+E000 (lead EE, EF). */
static int lead_rank(uint8_t lead)
{
    return lead >= 0xf0 ? lead - 2 : lead >= 0xee ? lead + 16 : lead;
}

int unicode_compare_numeric(struct bytes a, struct bytes b)
{
    size_t i = 0, k = 0;
    while (i < a.n && k < b.n) {
        if (is_digit(a, i) && is_digit(b, k)) {
            uint64_t x = run_value(a, &i), y = run_value(b, &k);
            if (x != y)
                return x < y ? -1 : 1;
            continue;
        }
        if (a.p[i] != b.p[k])
            return lead_rank(a.p[i]) < lead_rank(b.p[k]) ? -1 : 1;
        i++;
        k++;
    }
    return (i < a.n) - (k < b.n);
}
