/* SPDX-License-Identifier: Apache-2.0 */
/*
 * DER entitlements (static-validation.md §11.7):
 *
 *     70 { 02 01 01, B0 { 30 { 0C key, value } … } }    keys ascending by raw bytes
 *     31 { 30 { 0C key, value } … }                      the older form: elements in DER SET order, true is 01 01 01
 */
#include <stdlib.h>

#include "base/buf.h"
#include "base/limits.h"
#include "format/der_value.h"
#include "format/entitle.h"

#define TAG_TOP  16 /* APPLICATION 16 */
#define TAG_DICT 16 /* CONTEXT 16 */

struct reader {
    struct der_reader der;
    struct entitle_der *out;
    bool constraint; /* launch constraints have byte strings */
};

static struct value *read_boolean(struct reader *r, const struct der *d)
{
    if (d->content.n != 1)
        return der_unreadable(&r->der, d->offset, "a boolean is not one byte long");
    uint8_t byte = d->content.p[0], truth = r->out->old_form ? 0x01 : 0xff;
    if (byte != 0 && byte != truth)
        der_fault(&r->der, d->content_offset, "a boolean is neither true nor false in this form");
    return value_bool(r->der.a, byte != 0);
}

/* One byte more than need be is a fault of the form. */
static struct value *read_integer(struct reader *r, const struct der *d)
{
    struct value *v = der_read_integer(&r->der, d);
    if (!v || d->content.n == 1)
        return v;
    uint8_t first = d->content.p[0], second = d->content.p[1];
    if ((first == 0 && second < 0x80) || (first == 0xff && second >= 0x80))
        der_fault(&r->der, d->content_offset, "an integer is longer than it need be");
    return v;
}

static struct value *read_any(struct reader *r, const struct der *d);

static struct value *read_array(struct reader *r, const struct der *d)
{
    struct value *array = value_array(r->der.a);
    struct cursor c = der_inside(d);
    while (cursor_left(&c)) {
        struct der item;
        struct value *v = der_read(&r->der, &c, &item) ? read_any(r, &item) : NULL;
        if (!v)
            return NULL;
        value_append(r->der.a, array, v);
    }
    return array;
}

/* A dictionary under construction: what came before, for the order. */
struct pairs {
    struct value *dict;
    struct bytes last_key, last_pair;
};

/* The new form orders by key, the old one, a SET, by the whole element. */
static void check_order(struct reader *r, const struct pairs *p, const struct der *pair,
                        struct bytes key)
{
    bool sorted =
        p->dict->count == 0 || (r->out->old_form ? bytes_compare(p->last_pair, pair->whole) < 0
                                                 : bytes_compare(p->last_key, key) < 0);
    if (!sorted)
        der_fault(&r->der, pair->offset,
                  bytes_equal(p->last_key, key) ? "a key occurs twice"
                                                : "the keys are not in order");
}

static bool read_pair(struct reader *r, struct cursor *c, struct pairs *p)
{
    struct der pair, key, item;
    if (!der_read(&r->der, c, &pair))
        return false;
    struct cursor in = der_inside(&pair);
    if (!der_is(&pair, DER_UNIVERSAL, DER_SEQUENCE) || !der_read(&r->der, &in, &key) ||
        !der_is(&key, DER_UNIVERSAL, DER_UTF8) || key.constructed ||
        !der_read(&r->der, &in, &item)) {
        der_fault(&r->der, pair.offset, "an entry is no pair of key and value");
        return false;
    }
    if (cursor_left(&in))
        der_fault(&r->der, cursor_offset(&in), "bytes follow the value of an entry");
    if (!bytes_utf8(key.content)) {
        der_fault(&r->der, key.content_offset, "a key is not UTF-8");
        return false;
    }
    check_order(r, p, &pair, key.content);
    struct value *v = read_any(r, &item);
    if (!v)
        return false;
    value_add(r->der.a, p->dict, key.content, v);
    p->last_key = key.content;
    p->last_pair = pair.whole;
    return true;
}

static int by_name(const void *a, const void *b)
{
    return bytes_compare(*(const struct bytes *)a, *(const struct bytes *)b);
}

/* The old form's order does not bring equal keys together. */
static void check_twice(struct reader *r, const struct value *dict, uint64_t at)
{
    struct bytes *names = arena_array(r->der.a, dict->count, struct bytes);
    for (size_t i = 0; i < dict->count; i++)
        names[i] = dict->keys[i].name;
    qsort(names, dict->count, sizeof *names, by_name);
    for (size_t i = 1; i < dict->count; i++)
        if (bytes_equal(names[i - 1], names[i]))
            der_fault(&r->der, at, "a key occurs twice");
}

static struct value *read_dict(struct reader *r, const struct der *d)
{
    struct pairs p = {.dict = value_dict(r->der.a)};
    struct cursor c = der_inside(d);
    while (cursor_left(&c))
        if (!read_pair(r, &c, &p))
            return NULL;
    if (r->out->old_form)
        check_twice(r, p.dict, d->offset);
    return p.dict;
}

static struct value *read_nested(struct reader *r, const struct der *d)
{
    struct value *v = NULL;
    if (r->der.depth >= LIMIT_DER_DEPTH)
        return der_unreadable(&r->der, d->offset, "the values nest too deeply");
    r->der.depth++;
    if (der_is(d, DER_UNIVERSAL, DER_SEQUENCE))
        v = read_array(r, d);
    else if (der_is(d, DER_CONTEXT, TAG_DICT) ||
             (r->out->old_form && der_is(d, DER_UNIVERSAL, DER_SET)))
        v = read_dict(r, d);
    else
        (void)der_unreadable(&r->der, d->offset, "a value has a tag that entitlements do not use");
    r->der.depth--;
    return v;
}

static struct value *read_any(struct reader *r, const struct der *d)
{
    if (d->constructed)
        return read_nested(r, d);
    if (der_is(d, DER_UNIVERSAL, DER_BOOLEAN))
        return read_boolean(r, d);
    if (der_is(d, DER_UNIVERSAL, DER_INTEGER))
        return read_integer(r, d);
    if (der_is(d, DER_UNIVERSAL, DER_UTF8))
        return der_read_text(&r->der, d);
    if (r->constraint && der_is(d, DER_UNIVERSAL, DER_OCTET_STRING))
        return value_data(r->der.a, d->content);
    return der_unreadable(&r->der, d->offset, "a value has a tag that entitlements do not use");
}

/* The content of the new form: version and dictionary. */
static struct value *read_top(struct reader *r, const struct der *top)
{
    struct cursor c = der_inside(top);
    struct der version, dict;
    int64_t number = 0;
    if (!der_read(&r->der, &c, &version) || !der_is(&version, DER_UNIVERSAL, DER_INTEGER) ||
        !der_int64(&version, &number) || number != 1)
        return der_unreadable(&r->der, top->content_offset, "the version is not 1");
    if (!der_read(&r->der, &c, &dict) || !der_is(&dict, DER_CONTEXT, TAG_DICT) || !dict.constructed)
        return der_unreadable(&r->der, top->content_offset, "there is no dictionary");
    if (cursor_left(&c))
        der_fault(&r->der, cursor_offset(&c), "bytes follow the dictionary");
    return read_dict(r, &dict);
}

static struct value *read_new_form(struct reader *r, const struct der *der)
{
    if (!der_is(der, DER_APPLICATION, TAG_TOP) || !der->constructed)
        return der_unreadable(&r->der, der->offset, "the top tag is not that of entitlements");
    return read_top(r, der);
}

static void tell_fault(const struct reader *r)
{
    r->out->fault = r->der.fault;
    r->out->fault_at = r->der.fault_at;
}

struct value *entitle_der_value(struct arena *a, const struct der *der, struct entitle_der *out)
{
    struct reader r = {.der.a = a, .out = out};
    struct value *dict = read_new_form(&r, der);
    tell_fault(&r);
    return dict;
}

static struct value *read_whole(struct reader *r, struct bytes der)
{
    struct cursor c = cursor_of(der, 0);
    struct der top;
    if (der.n > LIMIT_ENTITLEMENTS)
        return der_unreadable(&r->der, 0, "it is too large");
    if (!der_read(&r->der, &c, &top))
        return NULL;
    r->out->old_form = !r->constraint && der_is(&top, DER_UNIVERSAL, DER_SET) && top.constructed;
    if (cursor_left(&c))
        der_fault(&r->der, cursor_offset(&c), "bytes follow the dictionary");
    return r->out->old_form ? read_dict(r, &top) : read_new_form(r, &top);
}

static bool parse(struct reader *r, struct bytes der)
{
    *r->out = (struct entitle_der){.dict = NULL};
    r->out->dict = read_whole(r, der);
    tell_fault(r);
    return r->out->dict && !r->out->fault;
}

bool entitle_der_parse(struct arena *a, struct bytes der, struct entitle_der *out)
{
    struct reader r = {.der.a = a, .out = out};
    return parse(&r, der);
}

bool entitle_der_constraint(struct arena *a, struct bytes der, struct entitle_der *out)
{
    struct reader r = {.der.a = a, .out = out, .constraint = true};
    return parse(&r, der);
}

/* -- Encoding ------------------------------------------------------------------------------------------- */

struct encoder {
    struct arena *a;
    const char *key; /* the top-level key at hand, for the error */
    const char *error;
};

static void put_integer(struct buf *to, int64_t n)
{
    uint8_t raw[8];
    size_t skip = 0;
    for (size_t i = 0; i < 8; i++)
        raw[i] = (uint8_t)((uint64_t)n >> 8 * (7 - i));
    while (skip < 7 && ((raw[skip] == 0 && raw[skip + 1] < 0x80) ||
                        (raw[skip] == 0xff && raw[skip + 1] >= 0x80)))
        skip++;
    der_put(to, 0x02, bytes_of(raw + skip, 8 - skip));
}

static void put_value(struct encoder *e, struct buf *to, const struct value *v);

static void put_text(struct encoder *e, struct buf *to, struct bytes text)
{
    if (!bytes_utf8(text))
        e->error = arena_printf(e->a, "%s holds text that is not UTF-8", e->key);
    der_put(to, 0x0c, text);
}

struct sortable {
    struct bytes key;
    const struct value *item;
};

static int by_key(const void *a, const void *b)
{
    return bytes_compare(((const struct sortable *)a)->key, ((const struct sortable *)b)->key);
}

static void put_dict(struct encoder *e, struct buf *to, const struct value *v, bool top)
{
    struct sortable *pairs = arena_array(e->a, v->count, struct sortable);
    struct buf all = {.arena = e->a};
    for (size_t i = 0; i < v->count; i++)
        pairs[i] = (struct sortable){v->keys[i].name, v->items[i]};
    qsort(pairs, v->count, sizeof *pairs, by_key);
    for (size_t i = 0; i < v->count && !e->error; i++) {
        struct buf pair = {.arena = e->a};
        if (top)
            e->key = bytes_printable(e->a, pairs[i].key, 0);
        put_text(e, &pair, pairs[i].key);
        put_value(e, &pair, pairs[i].item);
        der_put(&all, 0x30, buf_bytes(&pair));
    }
    der_put(to, 0xb0, buf_bytes(&all));
}

static void put_array(struct encoder *e, struct buf *to, const struct value *v)
{
    struct buf all = {.arena = e->a};
    for (size_t i = 0; i < v->count && !e->error; i++)
        put_value(e, &all, v->items[i]);
    der_put(to, 0x30, buf_bytes(&all));
}

static void put_value(struct encoder *e, struct buf *to, const struct value *v)
{
    uint8_t truth = v->boolean ? 0xff : 0;
    switch (v->type) {
    case VALUE_BOOL: der_put(to, 0x01, bytes_of(&truth, 1)); return;
    case VALUE_INT:
        if (v->is_unsigned)
            break;
        put_integer(to, v->integer);
        return;
    case VALUE_STRING: put_text(e, to, v->bytes); return;
    case VALUE_ARRAY: put_array(e, to, v); return;
    case VALUE_DICT: put_dict(e, to, v, false); return;
    case VALUE_NULL:
    case VALUE_REAL:
    case VALUE_DATA:
    case VALUE_DATE: break;
    }
    e->error = arena_printf(e->a, "%s holds %s, which has no DER form", e->key,
                            v->type == VALUE_INT ? "an integer beyond 64 bits with sign"
                                                 : value_type_name(v->type));
}

bool entitle_der_encode(struct arena *a, const struct value *dict, struct bytes *out,
                        const char **error)
{
    struct encoder e = {.a = a, .key = "the top"};
    struct buf inside = {.arena = a}, all = {.arena = a};
    put_integer(&inside, 1);
    if (value_is(dict, VALUE_DICT))
        put_dict(&e, &inside, dict, true);
    else
        e.error = "the entitlements are not a dictionary";
    der_put(&all, 0x70, buf_bytes(&inside));
    *out = buf_bytes(&all);
    if (error)
        *error = e.error;
    return e.error == NULL;
}

/* -- Comparison ----------------------------------------------------------------------------------------- */

static void report(struct arena *a, struct bytes key, const struct value *xml,
                   const struct value *der, struct name_vec *out)
{
    const char *name = bytes_printable(a, key, 0);
    vec_push(a, out,
             arena_printf(a, "%s: %s in XML, %s in DER", name, xml ? value_text(a, xml) : "absent",
                          der ? value_text(a, der) : "absent"));
}

void entitle_differences(struct arena *a, const struct value *xml, const struct value *der,
                         struct name_vec *out)
{
    for (size_t i = 0; xml && i < xml->count; i++) {
        struct bytes key = xml->keys[i].name;
        const struct value *other = value_get_bytes(der, key);
        if (!other || !value_equal(xml->items[i], other))
            report(a, key, xml->items[i], other, out);
    }
    for (size_t i = 0; der && i < der->count; i++)
        if (!value_get_bytes(xml, der->keys[i].name))
            report(a, der->keys[i].name, NULL, der->items[i], out);
}
