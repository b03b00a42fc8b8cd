/* SPDX-License-Identifier: Apache-2.0 */
/* Profile DER: see profile_der.h. */
#include "format/profile_der.h"

#include <string.h>

#include "base/limits.h"
#include "base/when.h"
#include "crypto/digest.h"
#include "format/der_value.h"
#include "format/entitle.h"

#define CERTIFICATES_KEY "DeveloperCertificates"
#define TAG_ENTITLEMENTS 16 /* APPLICATION 16 */

/* -- values */

static struct value *read_boolean(struct der_reader *r, const struct der *d)
{
    if (d->content.n != 1)
        return der_unreadable(r, d->offset, "a boolean is not one byte long");
    if (d->content.p[0] != 0 && d->content.p[0] != 0xff)
        der_fault(r, d->content_offset, "a boolean is neither true nor false");
    return value_bool(r->a, d->content.p[0] != 0);
}

/* Version and TimeToLive of some profiles of 2021 and 2022: decimal digits. */
static struct value *read_digits(struct der_reader *r, const struct der *d)
{
    int64_t n = 0;
    if (d->content.n == 0 || d->content.n > 18)
        return der_unreadable(r, d->offset, "a NumericString has no digits, or too many");
    for (size_t i = 0; i < d->content.n; i++) {
        uint8_t digit = d->content.p[i];
        if (digit < '0' || digit > '9')
            return der_unreadable(r, d->content_offset + i, "a NumericString is no number");
        n = n * 10 + (digit - '0');
    }
    return value_int(r->a, n);
}

static struct value *read_date(struct der_reader *r, const struct der *d)
{
    int64_t when;
    if (!when_parse_utctime(d->content, &when))
        return der_unreadable(r, d->content_offset, "a date is no UTCTime");
    return value_date(r->a, (double)when_to_2001(when));
}

static struct value *read_entitlements(struct der_reader *r, const struct der *d)
{
    struct entitle_der e = {.dict = NULL};
    if (d->content.n > LIMIT_ENTITLEMENTS)
        return der_unreadable(r, d->offset, "the entitlements are too large");
    struct value *dict = entitle_der_value(r->a, d, &e);
    if (e.fault)
        der_fault(r, e.fault_at, e.fault);
    return dict;
}

static struct value *read_value(struct der_reader *r, const struct der *d);

static struct value *read_array(struct der_reader *r, const struct der *d)
{
    struct value *array = value_array(r->a);
    struct cursor c = der_inside(d);
    if (r->depth >= LIMIT_DER_DEPTH)
        return der_unreadable(r, d->offset, "the values nest too deeply");
    r->depth++;
    while (cursor_left(&c)) {
        struct der item;
        struct value *v = der_read(r, &c, &item) ? read_value(r, &item) : NULL;
        if (!v)
            return NULL;
        value_append(r->a, array, v);
    }
    r->depth--;
    return array;
}

static struct value *read_value(struct der_reader *r, const struct der *d)
{
    if (der_is(d, DER_APPLICATION, TAG_ENTITLEMENTS))
        return read_entitlements(r, d);
    if (d->class != DER_UNIVERSAL || d->constructed != (d->tag == DER_SEQUENCE))
        return der_unreadable(r, d->offset, "a value has a tag that profiles do not use");
    switch (d->tag) {
    case DER_BOOLEAN: return read_boolean(r, d);
    case DER_INTEGER: return der_read_integer(r, d);
    case DER_NUMERIC: return read_digits(r, d);
    case DER_UTF8: return der_read_text(r, d);
    case DER_OCTET_STRING: return value_data(r->a, d->content);
    case DER_UTCTIME: return read_date(r, d);
    case DER_SEQUENCE: return read_array(r, d);
    default: return der_unreadable(r, d->offset, "a value has a tag that profiles do not use");
    }
}

/* -- the set of pairs */

/* One pair into DICT; LAST is the element before it, since a DER SET is in bytewise order. */
static bool read_pair(struct der_reader *r, struct cursor *c, struct value *dict,
                      struct bytes *last)
{
    struct der pair, key, item;
    if (!der_read(r, c, &pair))
        return false;
    struct cursor in = der_inside(&pair);
    if (!der_is(&pair, DER_UNIVERSAL, DER_SEQUENCE) || !der_read(r, &in, &key) ||
        !der_is(&key, DER_UNIVERSAL, DER_UTF8) || !der_read(r, &in, &item) ||
        !bytes_utf8(key.content)) {
        der_fault(r, pair.offset, "an entry is no pair of key and value");
        return false;
    }
    if (dict->count >= LIMIT_PROFILE_KEYS)
        return der_unreadable(r, pair.offset, "there are more keys than this program reads") !=
               NULL;
    if (cursor_left(&in))
        der_fault(r, cursor_offset(&in), "bytes follow the value of an entry");
    if (last->n && bytes_compare(*last, pair.whole) >= 0)
        der_fault(r, pair.offset, "the entries are not in order");
    *last = pair.whole;
    if (value_get_bytes(dict, key.content))
        der_fault(r, pair.offset, "a key occurs twice");
    struct value *v = read_value(r, &item);
    if (v)
        value_add(r->a, dict, key.content, v);
    return v != NULL;
}

static struct value *read_whole(struct der_reader *r, struct bytes der)
{
    struct cursor c = cursor_of(der, 0);
    struct value *dict = value_dict(r->a);
    struct bytes last = {NULL, 0};
    struct der top;
    if (!der_read(r, &c, &top))
        return NULL;
    if (!der_is(&top, DER_UNIVERSAL, DER_SET) || !top.constructed)
        return der_unreadable(r, top.offset, "it is no SET");
    if (cursor_left(&c))
        der_fault(r, cursor_offset(&c), "bytes follow the profile");
    c = der_inside(&top);
    while (cursor_left(&c))
        if (!read_pair(r, &c, dict, &last))
            return NULL;
    return dict;
}

bool profile_der_parse(struct arena *a, struct bytes der, struct profile_der *out)
{
    struct der_reader r = {.a = a};
    struct value *dict = read_whole(&r, der);
    *out = (struct profile_der){.dict = dict, .fault = r.fault, .fault_at = r.fault_at};
    return dict && !r.fault;
}

/* -- comparison */

/* An array of certificates as the DER form has it: their SHA-256. */
static struct value *hashed(struct arena *a, const struct value *certificates)
{
    struct value *out = value_array(a);
    for (size_t i = 0; value_is(certificates, VALUE_ARRAY) && i < certificates->count; i++) {
        const struct value *one = certificates->items[i];
        struct bytes digest = value_is(one, VALUE_DATA) ? digest_bytes(a, DIGEST_SHA256, one->bytes)
                                                        : bytes_of(NULL, 0);
        value_append(a, out, value_data(a, digest));
    }
    return out;
}

void profile_differences(struct arena *a, const struct value *plist, const struct value *der,
                         struct name_vec *out)
{
    for (size_t i = 0; i < plist->count; i++) {
        struct bytes key = plist->keys[i].name;
        const struct value *mine = plist->items[i], *other = value_get_bytes(der, key);
        if (bytes_is(key, PROFILE_DER_KEY))
            continue;
        if (bytes_is(key, CERTIFICATES_KEY))
            mine = hashed(a, mine);
        if (!other || !value_equal(mine, other))
            vec_push(a, out,
                     arena_printf(a, "%s: %s in the plist, %s in the DER form",
                                  bytes_printable(a, key, 0), value_text(a, mine),
                                  other ? value_text(a, other) : "absent"));
    }
    for (size_t i = 0; i < der->count; i++)
        if (!bytes_is(der->keys[i].name, PROFILE_KIND_KEY) &&
            !value_get_bytes(plist, der->keys[i].name))
            vec_push(a, out,
                     arena_printf(a, "%s: absent in the plist, %s in the DER form",
                                  bytes_printable(a, der->keys[i].name, 0),
                                  value_text(a, der->items[i])));
}
