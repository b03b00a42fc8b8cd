/* SPDX-License-Identifier: Apache-2.0 */
/* Value: building, looking up, comparing and printing the common tree (value.h). */
#include "base/value.h"

#include <inttypes.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/vec.h"
#include "base/when.h"

static struct value *value_new(struct arena *a, enum value_type type)
{
    struct value *v = arena_new_of(a, struct value);
    v->type = type;
    return v;
}

struct value *value_null(struct arena *a)
{
    return value_new(a, VALUE_NULL);
}

struct value *value_bool(struct arena *a, bool b)
{
    struct value *v = value_new(a, VALUE_BOOL);
    v->boolean = b;
    return v;
}

struct value *value_int(struct arena *a, int64_t i)
{
    struct value *v = value_new(a, VALUE_INT);
    v->integer = i;
    return v;
}

struct value *value_real(struct arena *a, double d)
{
    struct value *v = value_new(a, VALUE_REAL);
    v->real = d;
    return v;
}

struct value *value_string_bytes(struct arena *a, struct bytes s)
{
    struct value *v = value_new(a, VALUE_STRING);
    v->bytes = bytes_copy(a, s);
    return v;
}

struct value *value_string(struct arena *a, const char *s)
{
    return value_string_bytes(a, bytes_str(s));
}

struct value *value_data(struct arena *a, struct bytes b)
{
    struct value *v = value_new(a, VALUE_DATA);
    v->bytes = bytes_copy(a, b);
    return v;
}

struct value *value_date(struct arena *a, double seconds_since_2001)
{
    struct value *v = value_new(a, VALUE_DATE);
    v->real = seconds_since_2001;
    return v;
}

struct value *value_array(struct arena *a)
{
    return value_new(a, VALUE_ARRAY);
}

struct value *value_dict(struct arena *a)
{
    return value_new(a, VALUE_DICT);
}

void value_append(struct arena *a, struct value *array, struct value *item)
{
    array->items = vec_grow(a, array->items, &array->room, array->count, sizeof *array->items);
    array->items[array->count++] = item;
}

void value_set_text(struct arena *a, struct value *dict, const char *key, const char *text)
{
    value_set(a, dict, key, text ? value_string(a, text) : value_null(a));
}

void value_add(struct arena *a, struct value *dict, struct bytes key, struct value *item)
{
    size_t room = dict->room;
    struct value_key *keys = vec_grow(a, dict->keys, &room, dict->count, sizeof *dict->keys);
    dict->items = vec_grow(a, dict->items, &dict->room, dict->count, sizeof *dict->items);
    dict->keys = keys;
    dict->keys[dict->count].name = bytes_copy(a, key);
    dict->items[dict->count++] = item;
}

static size_t find_key(const struct value *dict, struct bytes key)
{
    size_t i = 0;
    while (i < dict->count && !bytes_equal(dict->keys[i].name, key))
        i++;
    return i;
}

void value_set(struct arena *a, struct value *dict, const char *key, struct value *item)
{
    size_t i = find_key(dict, bytes_str(key));
    if (i < dict->count)
        dict->items[i] = item;
    else
        value_add(a, dict, bytes_str(key), item);
}

bool value_remove(struct value *dict, const char *key)
{
    size_t i = find_key(dict, bytes_str(key));
    if (i == dict->count)
        return false;
    dict->count--;
    for (; i < dict->count; i++) {
        dict->keys[i] = dict->keys[i + 1];
        dict->items[i] = dict->items[i + 1];
    }
    return true;
}

struct value *value_get_bytes(const struct value *v, struct bytes key)
{
    if (!value_is(v, VALUE_DICT))
        return NULL;
    size_t i = find_key(v, key);
    return i < v->count ? v->items[i] : NULL;
}

struct value *value_get(const struct value *v, const char *key)
{
    return value_get_bytes(v, bytes_str(key));
}

const char *value_cstr(const struct value *v)
{
    return value_is(v, VALUE_STRING) ? (const char *)v->bytes.p : NULL;
}

bool value_is_true(const struct value *v)
{
    return value_is(v, VALUE_BOOL) && v->boolean;
}

int64_t value_int_or(const struct value *v, int64_t fallback)
{
    return value_is(v, VALUE_INT) && !v->is_unsigned ? v->integer : fallback;
}

const char *value_get_cstr(const struct value *v, const char *key)
{
    return value_cstr(value_get(v, key));
}

bool value_has_string(const struct value *array, const char *s)
{
    if (!value_is(array, VALUE_ARRAY))
        return false;
    for (size_t i = 0; i < array->count; i++)
        if (value_is(array->items[i], VALUE_STRING) && bytes_is(array->items[i]->bytes, s))
            return true;
    return false;
}

static bool items_equal(const struct value *a, const struct value *b)
{
    for (size_t i = 0; i < a->count; i++) {
        const struct value *other =
            a->type == VALUE_DICT ? value_get_bytes(b, a->keys[i].name) : b->items[i];
        if (!other || !value_equal(a->items[i], other))
            return false;
    }
    return true;
}

bool value_equal(const struct value *a, const struct value *b)
{
    if (!a || !b)
        return a == b;
    if (a->type != b->type)
        return false;
    switch (a->type) {
    case VALUE_NULL: return true;
    case VALUE_BOOL: return a->boolean == b->boolean;
    case VALUE_INT: return a->integer == b->integer && a->is_unsigned == b->is_unsigned;
    case VALUE_REAL:
    case VALUE_DATE: return a->real == b->real;
    case VALUE_STRING:
    case VALUE_DATA: return bytes_equal(a->bytes, b->bytes);
    case VALUE_ARRAY:
    case VALUE_DICT: return a->count == b->count && items_equal(a, b);
    }
    return false;
}

struct value *value_clone(struct arena *a, const struct value *v)
{
    if (!v)
        return NULL;
    struct value *copy = value_new(a, v->type);
    *copy = *v;
    copy->items = NULL;
    copy->keys = NULL;
    copy->count = copy->room = 0;
    if (v->bytes.p)
        copy->bytes = bytes_copy(a, v->bytes);
    for (size_t i = 0; i < v->count; i++) {
        struct value *item = value_clone(a, v->items[i]);
        if (v->type == VALUE_DICT) {
            value_add(a, copy, v->keys[i].name, item);
            copy->keys[i].span = v->keys[i].span;
        } else {
            value_append(a, copy, item);
        }
    }
    return copy;
}

const char *value_type_name(enum value_type type)
{
    static const char *const name[] = {"null", "boolean", "integer", "real",      "string",
                                       "data", "date",    "array",   "dictionary"};
    return name[type];
}

/* Seconds since 2001; far outside all calendars the number itself. */
static void put_date(struct buf *b, double seconds)
{
    if (seconds > -1e13 && seconds < 1e13)
        buf_str(b, when_iso(b->arena, when_from_2001((int64_t)seconds)));
    else
        buf_printf(b, "<%g seconds since 2001>", seconds);
}

static void put_text(struct buf *b, const struct value *v);

static void put_items(struct buf *b, const struct value *v)
{
    bool dict = v->type == VALUE_DICT;
    buf_str(b, dict ? "{" : "[");
    for (size_t i = 0; i < v->count; i++) {
        if (i)
            buf_str(b, ", ");
        if (dict)
            buf_printf(b, "%s: ", bytes_printable(b->arena, v->keys[i].name, 0));
        put_text(b, v->items[i]);
    }
    buf_str(b, dict ? "}" : "]");
}

static void put_text(struct buf *b, const struct value *v)
{
    switch (v->type) {
    case VALUE_NULL: buf_str(b, "null"); break;
    case VALUE_BOOL: buf_str(b, v->boolean ? "true" : "false"); break;
    case VALUE_INT:
        if (v->is_unsigned)
            buf_printf(b, "%" PRIu64, (uint64_t)v->integer);
        else
            buf_printf(b, "%" PRId64, v->integer);
        break;
    case VALUE_REAL: buf_printf(b, "%g", v->real); break;
    case VALUE_STRING: buf_printf(b, "\"%s\"", bytes_printable(b->arena, v->bytes, 0)); break;
    case VALUE_DATA: buf_printf(b, "<data %zu bytes>", v->bytes.n); break;
    case VALUE_DATE: put_date(b, v->real); break;
    case VALUE_ARRAY:
    case VALUE_DICT: put_items(b, v); break;
    }
}

char *value_text(struct arena *a, const struct value *v)
{
    struct buf b = {.arena = a};
    if (v)
        put_text(&b, v);
    else
        buf_str(&b, "nothing");
    return (char *)b.p;
}
