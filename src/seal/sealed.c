/* SPDX-License-Identifier: Apache-2.0 */
/* Sealed: see sealed.h. */
#include "seal/sealed.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/cursor.h"
#include "format/plist.h"

static const char *const hash_keys[] = {[DIGEST_NONE] = "hash",
                                        [DIGEST_SHA1] = "hash",
                                        [DIGEST_SHA256] = "hash2",
                                        [DIGEST_SHA256_TRUNCATED] = "hash3",
                                        [DIGEST_SHA384] = "hash4"};

static struct sealed_entry broken(const char *why)
{
    return (struct sealed_entry){.form = SEALED_BROKEN, .why = why};
}

#define NO_DATA UINT8_MAX /* in the place of a length: the value is there and of another kind */

/* A seal has many entries, so their hashes are kept tightly. What is longer than any digest is cut. */
static void put_hash(struct buf *out, enum digest_type type, const struct value *v)
{
    if (!v)
        return;
    buf_byte(out, (uint8_t)type);
    if (v->type != VALUE_DATA) {
        buf_byte(out, NO_DATA);
        return;
    }
    size_t n = v->bytes.n < NO_DATA ? v->bytes.n : NO_DATA - 1;
    buf_byte(out, (uint8_t)n);
    buf_put(out, bytes_of(v->bytes.p, n));
}

static struct bytes read_hashes(struct arena *a, const struct value *entry)
{
    struct arena *work = arena_child(a);
    struct buf out = {.arena = work};
    if (entry->type == VALUE_DATA)
        put_hash(&out, DIGEST_NONE, entry);
    for (int type = DIGEST_NONE; entry->type == VALUE_DICT && type <= DIGEST_SHA384; type++)
        if (type != DIGEST_SHA1)
            put_hash(&out, (enum digest_type)type, value_get(entry, hash_keys[type]));
    struct bytes kept = bytes_copy(a, buf_bytes(&out));
    arena_child_free(work);
    return kept;
}

static struct sealed_entry read_entry(struct arena *a, const struct value *entry)
{
    struct sealed_entry e = {.form = SEALED_HASH};
    if (entry->type != VALUE_DICT && entry->type != VALUE_DATA)
        return broken("it is neither data nor a dictionary");
    e.hashes = read_hashes(a, entry);
    if (entry->type == VALUE_DATA)
        return e;
    const struct value *optional = value_get(entry, "optional");
    const struct value *text = value_get(entry, "requirement");
    if (optional && optional->type != VALUE_BOOL)
        return broken("`optional` is no boolean");
    e.optional = value_is_true(optional);
    e.form = SEALED_NESTED;
    if (!text) {
        text = value_get(entry, "symlink");
        e.form = text ? SEALED_LINK : SEALED_HASH;
    }
    if (text && text->type != VALUE_STRING)
        return broken("`requirement` or `symlink` is no string");
    if (text)
        e.requirement = bytes_copy(a, text->bytes);
    return e;
}

bool sealed_hash(const struct sealed_entry *entry, enum digest_type type, struct bytes *out)
{
    struct cursor c = cursor_of(entry->hashes, 0);
    uint8_t best = NO_DATA;
    while (cursor_left(&c)) {
        uint8_t kept = cursor_u8(&c), n = cursor_u8(&c);
        struct bytes hash = cursor_bytes(&c, n == NO_DATA ? 0 : n);
        if (kept != type && kept != DIGEST_NONE)
            continue;
        *out = hash;
        best = n; /* the general one comes first, that of the type takes its place */
    }
    return best != NO_DATA;
}

/* -- the whole */

struct reading {
    struct arena *a, *work; /* the list grows in the latter */
    struct sealed_vec items;
};

static bool take(void *self, struct bytes key, const struct value *value)
{
    struct reading *r = self;
    vec_push(r->work, &r->items,
             (struct sealed_item){.path = bytes_copy(r->a, key), .entry = read_entry(r->a, value)});
    return true;
}

static int by_path(const void *x, const void *y)
{
    return bytes_compare(((const struct sealed_item *)x)->path,
                         ((const struct sealed_item *)y)->path);
}

/* False when a path is there twice, which no property list may hold. */
static bool index_items(struct arena *a, struct sealed *s)
{
    s->by_path = (struct index){.arena = a};
    index_reserve(&s->by_path, s->items.n);
    if (s->items.n)
        qsort(s->items.at, s->items.n, sizeof *s->items.at, by_path);
    for (size_t i = 0; i < s->items.n; i++) {
        struct sealed_item *item = &s->items.at[i];
        if (i && bytes_equal(item->path, item[-1].path))
            return false;
        index_add(&s->by_path, item->path, item);
    }
    return true;
}

/* Which dictionaries hold rules and files; the latter may be read in pieces, and then looks empty here. */
static enum sealed_fault choose(struct sealed *s)
{
    if (!s->plist)
        return SEALED_UNPARSABLE;
    if (s->plist->type != VALUE_DICT)
        return SEALED_NO_DICT;
    s->rules = value_get(s->plist, "rules");
    if (!value_is(s->rules, VALUE_DICT) || !value_is(value_get(s->plist, "files"), VALUE_DICT))
        return SEALED_UNUSABLE;
    if (!value_get(s->plist, "files2"))
        return SEALED_OK;
    s->version = 2;
    s->rules = value_get(s->plist, "rules2");
    if (!value_is(s->rules, VALUE_DICT) || !value_is(value_get(s->plist, "files2"), VALUE_DICT))
        return SEALED_BAD_PART;
    return SEALED_OK;
}

/* The items of PART, in a list of just their size. */
static bool read_items(struct arena *a, const struct plist_part *part, struct sealed *out)
{
    struct reading r = {.a = a, .work = arena_child(a)};
    bool good = plist_each(a, part, out->plist, take, &r);
    out->items = r.items;
    out->items.at = arena_array(a, r.items.n + 1, struct sealed_item);
    out->items.room = r.items.n + 1;
    if (r.items.n)
        memcpy(out->items.at, r.items.at, r.items.n * sizeof *r.items.at);
    arena_child_free(r.work);
    return good;
}

enum sealed_fault sealed_read(struct arena *a, struct bytes text, struct sealed *out)
{
    struct plist_part files[] = {{.name = "files"}, {.name = "files2"}};
    *out = (struct sealed){.version = 1};
    out->plist = plist_parse_parts(a, text, files, 2, NULL);
    enum sealed_fault fault = choose(out);
    if (fault != SEALED_OK)
        return fault;
    if (read_items(a, &files[out->version - 1], out) && index_items(a, out))
        return SEALED_OK;
    out->plist = NULL;
    return SEALED_UNPARSABLE;
}
