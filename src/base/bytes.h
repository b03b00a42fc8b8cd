/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bytes: a borrowed run of bytes, and the few things one does with it as a whole. Reading inside it is the
 * cursor's business (base/cursor.h). `p` may be NULL when `n` is 0.
 */
#ifndef DS_BASE_BYTES_H
#define DS_BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct arena;

struct bytes {
    const uint8_t *p;
    size_t n;
};

static inline struct bytes bytes_of(const void *p, size_t n)
{
    return (struct bytes){p, n};
}

static inline struct bytes bytes_str(const char *s)
{
    return (struct bytes){(const uint8_t *)s, s ? strlen(s) : 0};
}

static inline bool bytes_equal(struct bytes a, struct bytes b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline bool bytes_is(struct bytes a, const char *s)
{
    return bytes_equal(a, bytes_str(s));
}

/* Bytewise order, a shorter prefix first: <0, 0, >0. */
int bytes_compare(struct bytes a, struct bytes b);

static inline bool bytes_starts(struct bytes a, struct bytes prefix)
{
    return a.n >= prefix.n && (prefix.n == 0 || memcmp(a.p, prefix.p, prefix.n) == 0);
}

/* The part [OFFSET, OFFSET+N); {NULL,0} and false when it does not lie inside. */
bool bytes_part(struct bytes a, uint64_t offset, uint64_t n, struct bytes *out);
/* PART lies inside WHOLE, in the same memory: *OFFSET is where it begins. */
bool bytes_within(struct bytes whole, struct bytes part, uint64_t *offset);

/* True when every byte is zero. */
bool bytes_zero(struct bytes a);

/* Copy into ARENA. */
struct bytes bytes_copy(struct arena *arena, struct bytes b);

/* NUL-terminated copy; bytes may hold NULs, the caller minds. */
char *bytes_cstr(struct arena *arena, struct bytes b);

/* Lower-case hex text, two digits a byte. */
char *bytes_hex(struct arena *arena, struct bytes b);

/* The bytes of hex text TEXT (either case); false when it is not even pairs of hex digits. */
bool bytes_unhex(struct arena *arena, struct bytes text, struct bytes *out);

/* Strict UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF. */
bool bytes_utf8(struct bytes b);

/* For messages: C-like escapes (\n \t \r \\ \xHH), cut with "…" at MAX bytes of input (0: never). */
char *bytes_printable(struct arena *arena, struct bytes b, size_t max);

#endif
