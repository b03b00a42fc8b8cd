/* SPDX-License-Identifier: Apache-2.0 */
/* DER write: see der_write.h. */
#include "forge/der_write.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/when.h"

struct bytes der_join(struct arena *a, uint8_t tag, const struct bytes *parts, size_t n)
{
    struct buf content = {.arena = a};

    for (size_t i = 0; i < n; i++)
        buf_put(&content, parts[i]);
    return der_wrap(a, tag, buf_bytes(&content));
}

struct bytes der_wrap(struct arena *a, uint8_t tag, struct bytes content)
{
    struct buf b = {.arena = a};

    der_put(&b, tag, content);
    return buf_bytes(&b);
}

struct bytes der_text(struct arena *a, uint8_t tag, const char *s)
{
    return der_wrap(a, tag, bytes_str(s));
}

struct bytes der_list(struct arena *a, uint8_t tag, const struct der_list *list)
{
    return der_join(a, tag, list->at, list->n);
}

static int compare(const void *a, const void *b)
{
    return bytes_compare(*(const struct bytes *)a, *(const struct bytes *)b);
}

struct bytes der_set_of(struct arena *a, const struct der_list *list)
{
    if (list->n > 1)
        qsort(list->at, list->n, sizeof *list->at, compare);
    return der_list(a, TAG_SET, list);
}

struct bytes der_null(struct arena *a)
{
    return der_wrap(a, DER_NULL, bytes_of(NULL, 0));
}

struct bytes der_boolean(struct arena *a, bool b)
{
    return der_wrap(a, DER_BOOLEAN, bytes_of(b ? "\xff" : "\0", 1));
}

struct bytes der_integer(struct arena *a, int64_t i)
{
    uint8_t text[8];
    size_t n = 8;

    for (int k = 0; k < 8; k++)
        text[k] = (uint8_t)((uint64_t)i >> (56 - 8 * k));
    /* Leading octets that only repeat the sign are dropped. */
    while (n > 1 && ((text[8 - n] == 0 && !(text[9 - n] & 0x80)) ||
                     (text[8 - n] == 0xff && (text[9 - n] & 0x80))))
        n--;
    return der_wrap(a, DER_INTEGER, bytes_of(text + 8 - n, n));
}

struct bytes der_oid(struct arena *a, enum oid_id id)
{
    return der_wrap(a, DER_OID, oid_bytes(a, id));
}

struct bytes der_bits(struct arena *a, struct bytes octets)
{
    return DER(a, DER_BIT_STRING, bytes_of("\0", 1), octets);
}

/* The part of a time both forms share: MMDDhhmmssZ. */
static const char *time_text(struct arena *a, struct civil c)
{
    return arena_printf(a, "%02d%02d%02d%02d%02dZ", c.month, c.day, c.hour, c.minute, c.second);
}

struct bytes der_time(struct arena *a, int64_t when)
{
    struct civil c = when_to_civil(when);

    if (c.year >= 2050 || c.year < 1950)
        return der_generalized(a, when);
    return der_text(a, DER_UTCTIME,
                    arena_printf(a, "%02d%s", (int)(c.year % 100), time_text(a, c)));
}

struct bytes der_generalized(struct arena *a, int64_t when)
{
    struct civil c = when_to_civil(when);

    return der_text(a, DER_GENERALIZED, arena_printf(a, "%04d%s", (int)c.year, time_text(a, c)));
}

struct bytes der_algorithm(struct arena *a, enum oid_id id, bool null_parameters)
{
    if (null_parameters)
        return DER(a, TAG_SEQUENCE, der_oid(a, id), der_null(a));
    return DER(a, TAG_SEQUENCE, der_oid(a, id));
}
