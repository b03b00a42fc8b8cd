/* SPDX-License-Identifier: Apache-2.0 */
/* Sealed: see sealed.h. */
#include "seal/sealed.h"

#include <stdlib.h>

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

static struct bytes hash_of(struct arena *a, const struct value *v)
{
    return value_is(v, VALUE_DATA) ? bytes_copy(a, v->bytes) : bytes_of(NULL, 0);
}

static struct sealed_entry read_entry(struct arena *a, const struct value *entry)
{
    struct sealed_entry e = {.form = SEALED_HASH};
    e.hash[DIGEST_NONE] = hash_of(a, entry);
    if (entry->type == VALUE_DATA)
        return e;
    if (entry->type != VALUE_DICT)
        return broken("it is neither data nor a dictionary");
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
    for (int type = DIGEST_NONE; type <= DIGEST_SHA384; type++)
        if (type != DIGEST_SHA1)
            e.hash[type] = hash_of(a, value_get(entry, hash_keys[type]));
    return e;
}

bool sealed_hash(const struct sealed_entry *entry, enum digest_type type, struct bytes *out)
{
    *out =
        type <= DIGEST_SHA384 && entry->hash[type].p ? entry->hash[type] : entry->hash[DIGEST_NONE];
    return out->p != NULL;
}

/* -- the whole */

struct reading {
    struct arena *a;
    struct sealed *out;
};

static bool take(void *self, struct bytes key, const struct value *value)
{
    struct reading *r = self;
    vec_push(r->a, &r->out->items,
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

enum sealed_fault sealed_read(struct arena *a, struct bytes text, struct sealed *out)
{
    struct plist_part files[] = {{.name = "files"}, {.name = "files2"}};
    struct reading r = {a, out};
    *out = (struct sealed){.version = 1};
    out->plist = plist_parse_parts(a, text, files, 2, NULL);
    enum sealed_fault fault = choose(out);
    if (fault != SEALED_OK)
        return fault;
    if (plist_each(a, &files[out->version - 1], out->plist, take, &r) && index_items(a, out))
        return SEALED_OK;
    out->plist = NULL;
    return SEALED_UNPARSABLE;
}
