/* SPDX-License-Identifier: Apache-2.0 */
/* Base64: see base64.h. */
#include "format/base64.h"

#include "base/buf.h"

/* The six bits of a digit; -1 for a blank, -2 for the padding, -3 for anything else. */
static int digit(uint8_t c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n')
        return -1;
    return c == '+' ? 62 : c == '/' ? 63 : c == '=' ? -2 : -3;
}

bool base64_decode(struct arena *a, struct bytes text, struct bytes *out)
{
    struct buf b = {.arena = a};
    uint32_t bits = 0;
    unsigned digits = 0, padding = 0;
    for (size_t i = 0; i < text.n; i++) {
        int d = digit(text.p[i]);
        if (d == -3 || (d >= 0 && padding))
            return false;
        padding += d == -2;
        if (d < 0)
            continue;
        bits = bits << 6 | (uint32_t)d;
        if (++digits % 4 != 1)
            buf_byte(&b, (uint8_t)(bits >> (4 - digits % 4) % 4 * 2));
    }
    *out = buf_bytes(&b);
    return (digits + padding) % 4 == 0 && padding <= 2;
}
