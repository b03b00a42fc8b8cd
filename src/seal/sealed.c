/* SPDX-License-Identifier: Apache-2.0 */
/* Sealed: see sealed.h. */
#include "seal/sealed.h"

#include <stdlib.h>

static int by_path(const void *x, const void *y)
{
    return bytes_compare(((const struct sealed_item *)x)->path,
                         ((const struct sealed_item *)y)->path);
}

static void index_items(struct arena *a, struct sealed *s)
{
    s->by_path = (struct index){.arena = a};
    s->items = arena_array(a, s->files->count, struct sealed_item);
    for (size_t i = 0; i < s->files->count; i++)
        s->items[s->count++] =
            (struct sealed_item){s->files->keys[i].name, s->files->items[i], false};
    if (s->count)
        qsort(s->items, s->count, sizeof *s->items, by_path);
    for (size_t i = 0; i < s->count; i++)
        if (!index_find(&s->by_path, s->items[i].path))
            index_add(&s->by_path, s->items[i].path, &s->items[i]);
}

enum sealed_fault sealed_read(struct arena *a, const struct value *plist, struct sealed *out)
{
    *out = (struct sealed){.version = 1};
    if (!plist)
        return SEALED_UNPARSABLE;
    if (plist->type != VALUE_DICT)
        return SEALED_NO_DICT;
    out->rules = value_get(plist, "rules");
    out->files = value_get(plist, "files");
    if (!value_is(out->rules, VALUE_DICT) || !value_is(out->files, VALUE_DICT))
        return SEALED_UNUSABLE;
    if (value_get(plist, "files2")) {
        out->version = 2;
        out->rules = value_get(plist, "rules2");
        out->files = value_get(plist, "files2");
        if (!value_is(out->rules, VALUE_DICT) || !value_is(out->files, VALUE_DICT))
            return SEALED_BAD_PART;
    }
    index_items(a, out);
    return SEALED_OK;
}

static struct sealed_entry broken(const char *why)
{
    return (struct sealed_entry){.form = SEALED_BROKEN, .why = why};
}

struct sealed_entry sealed_entry(const struct value *entry)
{
    struct sealed_entry e = {.form = SEALED_HASH};
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
        e.requirement = text->bytes;
    return e;
}

bool sealed_hash(const struct value *entry, enum digest_type type, struct bytes *out)
{
    static const char *const keys[] = {[DIGEST_SHA1] = "hash",
                                       [DIGEST_SHA256] = "hash2",
                                       [DIGEST_SHA256_TRUNCATED] = "hash3",
                                       [DIGEST_SHA384] = "hash4"};
    const struct value *hash = entry;
    if (entry->type == VALUE_DICT) {
        hash = value_get(entry, keys[type]);
        if (!hash)
            hash = value_get(entry, "hash");
    }
    if (!value_is(hash, VALUE_DATA))
        return false;
    *out = hash->bytes;
    return true;
}
