/* SPDX-License-Identifier: Apache-2.0 */
/* Values as JSON text (report/json.h). Every node hangs in the tree before it is filled, and the tree on the arena, so that
 * an allocation of the arena may leave at any point. */
#include "config.h"

#include <jansson.h>
#include <math.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/when.h"
#include "report/json.h"

static void release(void *root)
{
    json_decref(*(json_t **)root);
}

/* The length of the UTF-8 sequence at the start of B; 0 when there is none. */
static size_t sequence(struct bytes b)
{
    for (size_t n = 1; n <= 4 && n <= b.n; n++)
        if (bytes_utf8(bytes_of(b.p, n)))
            return n;
    return 0;
}

static struct bytes as_utf8(struct arena *a, struct bytes b)
{
    if (bytes_utf8(b))
        return b;
    struct buf out = {.arena = a};
    for (size_t i = 0; i < b.n;) {
        size_t n = sequence(bytes_of(b.p + i, b.n - i));
        if (n)
            buf_put(&out, bytes_of(b.p + i, n));
        else
            buf_str(&out, "\xef\xbf\xbd");
        i += n ? n : 1;
    }
    return buf_bytes(&out);
}

static struct bytes base64(struct arena *a, struct bytes b)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    struct buf out = {.arena = a};
    for (size_t i = 0; i < b.n; i += 3) {
        size_t n = b.n - i < 3 ? b.n - i : 3;
        uint32_t word = (uint32_t)b.p[i] << 16 | (n > 1 ? (uint32_t)b.p[i + 1] << 8 : 0) |
                        (n > 2 ? b.p[i + 2] : 0);
        for (size_t k = 0; k < 4; k++)
            buf_byte(&out, k <= n ? (uint8_t)digits[word >> (18 - 6 * k) & 63] : '=');
    }
    return buf_bytes(&out);
}

static json_t *text_node(struct bytes utf8)
{
    return json_stringn(utf8.n ? (const char *)utf8.p : "", utf8.n);
}

static json_t *date_node(struct arena *a, double seconds)
{
    if (!isfinite(seconds) || seconds > 1e14 || seconds < -1e14)
        return json_null();
    return json_string(when_iso(a, when_from_2001((int64_t)seconds)));
}

static json_t *node(struct arena *a, const struct value *v)
{
    switch (v->type) {
    case VALUE_NULL: break;
    case VALUE_BOOL: return json_boolean(v->boolean);
    case VALUE_INT:
        return v->is_unsigned ? json_real((double)(uint64_t)v->integer) : json_integer(v->integer);
    case VALUE_REAL: return isfinite(v->real) ? json_real(v->real) : json_null();
    case VALUE_STRING: return text_node(as_utf8(a, v->bytes));
    case VALUE_DATA: return text_node(base64(a, v->bytes));
    case VALUE_DATE: return date_node(a, v->real);
    case VALUE_ARRAY: return json_array();
    case VALUE_DICT: return json_object();
    }
    return json_null();
}

static void fill(struct arena *a, json_t *to, const struct value *v)
{
    if (v->type != VALUE_ARRAY && v->type != VALUE_DICT)
        return;
    for (size_t i = 0; i < v->count; i++) {
        const char *key = v->type == VALUE_DICT ? bytes_cstr(a, as_utf8(a, v->keys[i].name)) : NULL;
        json_t *item = node(a, v->items[i]);
        if (key)
            json_object_set_new(to, key, item);
        else
            json_array_append_new(to, item);
        fill(a, item, v->items[i]);
    }
}

const char *json_text(struct arena *a, const struct value *v, bool indent)
{
    size_t flags = (indent ? JSON_INDENT(2) : JSON_COMPACT) | JSON_ENCODE_ANY;
    json_t **root = arena_new_of(a, json_t *);
    arena_defer(a, release, root);
    *root = node(a, v);
    fill(a, *root, v);
    size_t n = json_dumpb(*root, NULL, 0, flags);
    char *text = arena_alloc(a, n + 1);
    json_dumpb(*root, text, n, flags);
    return text;
}
