/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes as a whole: order, parts, hex, UTF-8, printable form. */
#include "base/bytes.h"

#include "base/arena.h"

int bytes_compare(struct bytes a, struct bytes b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int order = n ? memcmp(a.p, b.p, n) : 0;
    if (order != 0)
        return order;
    return a.n < b.n ? -1 : a.n > b.n;
}

bool bytes_part(struct bytes a, uint64_t offset, uint64_t n, struct bytes *out)
{
    *out = (struct bytes){NULL, 0};
    if (offset > a.n || n > a.n - offset)
        return false;
    *out = (struct bytes){a.p ? a.p + offset : NULL, (size_t)n};
    return true;
}

bool bytes_within(struct bytes whole, struct bytes part, uint64_t *offset)
{
    uintptr_t start = (uintptr_t)whole.p, at = (uintptr_t)part.p;
    if (!whole.p || !part.p || at < start || at - start > whole.n ||
        part.n > whole.n - (at - start))
        return false;
    *offset = at - start;
    return true;
}

bool bytes_zero(struct bytes a)
{
    for (size_t i = 0; i < a.n; i++)
        if (a.p[i] != 0)
            return false;
    return true;
}

struct bytes bytes_copy(struct arena *arena, struct bytes b)
{
    return bytes_of(arena_copy(arena, b.p, b.n), b.n);
}

char *bytes_cstr(struct arena *arena, struct bytes b)
{
    return arena_copy(arena, b.p, b.n);
}

char *bytes_hex(struct arena *arena, struct bytes b)
{
    static const char digit[] = "0123456789abcdef";
    char *s = arena_calloc(arena, b.n + 1, 2);
    for (size_t i = 0; i < b.n; i++) {
        s[2 * i] = digit[b.p[i] >> 4];
        s[2 * i + 1] = digit[b.p[i] & 15];
    }
    return s;
}

static int hex_value(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool bytes_unhex(struct arena *arena, struct bytes text, struct bytes *out)
{
    *out = (struct bytes){NULL, 0};
    if (text.n % 2 != 0)
        return false;
    uint8_t *p = arena_alloc(arena, text.n / 2 + 1);
    for (size_t i = 0; i < text.n; i += 2) {
        int high = hex_value(text.p[i]), low = hex_value(text.p[i + 1]);
        if (high < 0 || low < 0)
            return false;
        p[i / 2] = (uint8_t)(high << 4 | low);
    }
    *out = bytes_of(p, text.n / 2);
    return true;
}

/* Length of the well-formed UTF-8 sequence at P (N bytes left), 0 when there is none. */
static size_t utf8_length(const uint8_t *p, size_t n)
{
    if (p[0] < 0x80)
        return 1;
    size_t want = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;
    if (p[0] < 0xc2 || p[0] > 0xf4 || want > n)
        return 0;
    for (size_t i = 1; i < want; i++)
        if ((p[i] & 0xc0) != 0x80)
            return 0;
    if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f) ||
        (p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f))
        return 0;
    return want;
}

bool bytes_utf8(struct bytes b)
{
    for (size_t i = 0; i < b.n;) {
        size_t n = utf8_length(b.p + i, b.n - i);
        if (n == 0)
            return false;
        i += n;
    }
    return true;
}

static size_t put_escape(char *out, uint8_t c)
{
    static const char digit[] = "0123456789abcdef";
    const char *plain = c == '\n'   ? "\\n"
                        : c == '\t' ? "\\t"
                        : c == '\r' ? "\\r"
                        : c == '\\' ? "\\\\"
                                    : NULL;
    if (plain) {
        memcpy(out, plain, 2);
        return 2;
    }
    char hex[4] = {'\\', 'x', digit[c >> 4], digit[c & 15]};
    memcpy(out, hex, 4);
    return 4;
}

char *bytes_printable(struct arena *arena, struct bytes b, size_t max)
{
    bool cut = max != 0 && b.n > max;
    size_t n = cut ? max : b.n, at = 0;
    char *s = arena_calloc(arena, n + 2, 4);
    for (size_t i = 0; i < n;) {
        size_t len = utf8_length(b.p + i, n - i);
        if (len == 0 || b.p[i] < 0x20 || b.p[i] == 0x7f || b.p[i] == '\\') {
            at += put_escape(s + at, b.p[i++]);
            continue;
        }
        memcpy(s + at, b.p + i, len);
        at += len;
        i += len;
    }
    if (cut)
        memcpy(s + at, "…", sizeof "…" - 1);
    return s;
}
