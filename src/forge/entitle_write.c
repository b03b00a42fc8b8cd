/* SPDX-License-Identifier: Apache-2.0 */
/* Entitle write: see entitle_write.h. */
#include "forge/entitle_write.h"

#include <stdlib.h>

#include "base/buf.h"

#define TAG_ENTITLEMENTS 0x70 /* [APPLICATION 16], constructed */
#define TAG_DICTIONARY   0xb0 /* [16], constructed */

static bool put_array(struct arena *a, const struct value *v, struct bytes *out)
{
    struct der_list items = {0};

    for (size_t i = 0; i < v->count; i++) {
        struct bytes item;

        if (!entitle_value(a, v->items[i], &item))
            return false;
        vec_push(a, &items, item);
    }
    *out = der_list(a, TAG_SEQUENCE, &items);
    return true;
}

struct pair {
    struct bytes key;
    const struct value *value;
};

static int compare_pairs(const void *a, const void *b)
{
    return bytes_compare(((const struct pair *)a)->key, ((const struct pair *)b)->key);
}

/* Pairs sorted by raw key bytes; null values are no entries. */
static bool put_dictionary(struct arena *a, const struct value *v, struct bytes *out)
{
    struct pair *pairs = arena_array(a, v->count, struct pair);
    struct der_list items = {0};
    size_t n = 0;

    for (size_t i = 0; i < v->count; i++)
        if (v->items[i]->type != VALUE_NULL)
            pairs[n++] = (struct pair){v->keys[i].name, v->items[i]};
    if (n > 1)
        qsort(pairs, n, sizeof *pairs, compare_pairs);
    for (size_t i = 0; i < n; i++) {
        struct bytes value;

        if (!entitle_value(a, pairs[i].value, &value))
            return false;
        vec_push(a, &items, DER(a, TAG_SEQUENCE, der_wrap(a, DER_UTF8, pairs[i].key), value));
    }
    *out = der_list(a, TAG_DICTIONARY, &items);
    return true;
}

bool entitle_value(struct arena *a, const struct value *v, struct bytes *out)
{
    switch (v->type) {
    case VALUE_BOOL: *out = der_boolean(a, v->boolean); return true;
    case VALUE_INT: *out = der_integer(a, v->integer); return !v->is_unsigned;
    case VALUE_STRING: *out = der_wrap(a, DER_UTF8, v->bytes); return true;
    case VALUE_ARRAY: return put_array(a, v, out);
    case VALUE_DICT: return put_dictionary(a, v, out);
    default: return false;
    }
}

bool entitle_der(struct arena *a, const struct value *dict, struct bytes *out)
{
    struct bytes body;

    if (dict->type != VALUE_DICT || !entitle_value(a, dict, &body))
        return false;
    *out = DER(a, TAG_ENTITLEMENTS, der_integer(a, 1), body);
    return true;
}

struct bytes blob_make(struct arena *a, uint32_t magic, struct bytes content)
{
    struct buf b = {.arena = a};

    buf_be32(&b, magic);
    buf_be32(&b, (uint32_t)content.n + 8);
    buf_put(&b, content);
    return buf_bytes(&b);
}
