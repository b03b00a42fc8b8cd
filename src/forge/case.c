/* SPDX-License-Identifier: Apache-2.0 */
/* Case: see case.h. YAML to a value tree, then a changed copy of it for each variant. */
#include "forge/case.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/text.h"
#include "forge/case_check.h"
#include "format/yaml.h"

struct reader {
    struct arena *arena;
    const struct value *doc; /* the case as written */
    const struct value *variants;
    struct value_error *error;
};

static bool refuse(struct reader *r, struct source_span span, const char *message,
                   const char *suggestion)
{
    *r->error = (struct value_error){message, suggestion, span};
    return false;
}

/* --- paths ------------------------------------------------------------------------------------------------ */

struct path VEC_OF(const char *);

/* path := part { "." part } ; part := '"' text '"' | text without dots. False when it is none. */
static bool parse_path(struct arena *a, const char *text, struct path *out)
{
    const char *p = text;

    for (;;) {
        bool quoted = *p == '"';
        const char *end = quoted ? strchr(p + 1, '"') : p + strcspn(p, ".");

        if (!end || (!quoted && end == p))
            return false;
        vec_push(a, out, arena_strndup(a, p + quoted, (size_t)(end - p) - quoted));
        p = end + quoted;
        if (*p == '\0')
            return true;
        if (*p++ != '.')
            return false;
    }
}

/* Keys below which a null is a statement: it takes a default away. */
static bool keeps_null(const char *key)
{
    static const char *const keys[] = {"info", "entitlements", "info-section", "launchd-section",
                                       "replace-info"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (strcmp(key, keys[i]) == 0)
            return true;
    return false;
}

/* Keys whose entries have names of the case's own: what is not there cannot be changed in part. */
static bool holds_names(const char *key)
{
    static const char *const keys[] = {"code",  "contains", "signers", "profiles",
                                       "files", "replaces", "peer"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (strcmp(key, keys[i]) == 0)
            return true;
    return false;
}

/* --- changes ---------------------------------------------------------------------------------------------- */

struct change {
    struct path path;
    struct source_span span; /* of the path */
    const struct value *to;
};

static const char *nearest_key(struct reader *r, const struct value *dict, const char *key)
{
    struct path names = {0};

    for (size_t i = 0; i < dict->count; i++)
        vec_push(r->arena, &names, (const char *)dict->keys[i].name.p);
    return text_suggest(key, names.at, names.n);
}

/* The element of LIST that TEXT counts from 0, NULL when there is none. */
static struct value **element(struct value *list, const char *text)
{
    char *end;
    unsigned long i = strtoul(text, &end, 10);

    return *text && *end == '\0' && i < list->count ? &list->items[i] : NULL;
}

/* The dictionary or list under part I of the path, made when it is not there. */
static struct value *descend(struct reader *r, struct value *at, const struct change *c, size_t i)
{
    const char *key = c->path.at[i];
    struct value *next = NULL;

    if (value_is(at, VALUE_ARRAY)) {
        struct value **item = element(at, key);
        next = item ? *item : NULL;
    } else {
        next = value_get(at, key);
    }
    if (next && (next->type == VALUE_DICT || next->type == VALUE_ARRAY))
        return next;
    if (at->type == VALUE_ARRAY || (next && next->type != VALUE_NULL)) {
        refuse(r, c->span, arena_printf(r->arena, "'%s' has nothing inside to change", key), NULL);
        return NULL;
    }
    if (i > 0 && holds_names(c->path.at[i - 1])) {
        refuse(r, c->span, arena_printf(r->arena, "there is no '%s' to change", key),
               nearest_key(r, at, key));
        return NULL;
    }
    next = value_dict(r->arena);
    next->span = c->to->span;
    value_set(r->arena, at, key, next);
    return next;
}

static bool set_element(struct reader *r, struct value *list, const struct change *c)
{
    const char *key = c->path.at[c->path.n - 1];
    struct value **item = element(list, key);

    if (!item)
        return refuse(r, c->span, arena_printf(r->arena, "there is no element '%s'", key), NULL);
    *item = value_clone(r->arena, c->to);
    return true;
}

/* The span of an entry's key, for messages about the key itself. */
static void set_key_span(struct value *dict, const char *key, struct source_span span)
{
    for (size_t i = 0; i < dict->count; i++)
        if (bytes_is(dict->keys[i].name, key))
            dict->keys[i].span = span;
}

static bool apply_change(struct reader *r, struct value *doc, const struct change *c)
{
    struct value *at = doc;
    bool keep = false;
    const char *last = c->path.at[c->path.n - 1];

    for (size_t i = 0; i + 1 < c->path.n; i++) {
        keep = keep || keeps_null(c->path.at[i]);
        at = descend(r, at, c, i);
        if (!at)
            return false;
    }
    if (at->type == VALUE_ARRAY)
        return set_element(r, at, c);
    if (value_is(c->to, VALUE_NULL) && !keep) {
        value_remove(at, last);
        return true;
    }
    value_set(r->arena, at, last, value_clone(r->arena, c->to));
    set_key_span(at, last, c->span);
    return true;
}

static bool apply_changes(struct reader *r, struct value *doc, const struct value *changes)
{
    if (!changes || changes->type == VALUE_NULL)
        return true;
    if (changes->type != VALUE_DICT)
        return refuse(r, changes->span, "'change' must be a dictionary of dotted paths", NULL);
    for (size_t i = 0; i < changes->count; i++) {
        struct change c = {.span = changes->keys[i].span, .to = changes->items[i]};
        const char *text = (const char *)changes->keys[i].name.p;

        if (!parse_path(r->arena, text, &c.path))
            return refuse(r, c.span, arena_printf(r->arena, "'%s' is no dotted path", text), NULL);
        if (!apply_change(r, doc, &c))
            return false;
    }
    return true;
}

/* --- variants --------------------------------------------------------------------------------------------- */

static struct value *copy_case(struct reader *r)
{
    struct value *doc = value_clone(r->arena, r->doc);

    value_remove(doc, "variants");
    return doc;
}

/* The document of VARIANT: that of the one it stands upon, changed. DEPTH counts how many stand upon each other. */
static struct value *variant_document(struct reader *r, const struct value *variant, unsigned depth)
{
    const struct value *upon = value_get(variant, "upon");
    const struct value *base = upon ? value_get(r->variants, value_cstr(upon)) : NULL;
    struct value *doc, *expect = value_get(variant, "expect");

    if (upon && !base) {
        refuse(r, upon->span, arena_printf(r->arena, "there is no variant '%s'", value_cstr(upon)),
               nearest_key(r, r->variants, value_cstr(upon)));
        return NULL;
    }
    if (depth > r->variants->count) {
        refuse(r, upon->span, "the variants stand upon each other in a circle", NULL);
        return NULL;
    }
    doc = base ? variant_document(r, base, depth + 1) : copy_case(r);
    if (!doc || !apply_changes(r, doc, value_get(variant, "change")))
        return NULL;
    if (expect)
        value_set(r->arena, doc, "expect", value_clone(r->arena, expect));
    return doc;
}

static bool add_variant(struct reader *r, struct case_file *out, size_t i)
{
    struct value *doc = variant_document(r, r->variants->items[i], 0);

    if (!doc || !case_check(r->arena, doc, r->error))
        return false;
    vec_push(r->arena, &out->variants,
             (struct case_variant){(const char *)r->variants->keys[i].name.p, doc});
    return true;
}

enum ds_status case_read(struct arena *a, struct bytes text, struct case_file *out,
                         struct value_error *error)
{
    struct value *doc;
    struct reader r = {.arena = a, .error = error};
    enum ds_status status = yaml_parse(a, text, &doc, error);

    *out = (struct case_file){0};
    if (status != DS_OK)
        return status;
    r.doc = doc;
    r.variants = value_get(doc, "variants");
    if (!case_check(a, doc, error))
        return DS_PARSE;
    out->title = value_get_cstr(doc, "title");
    vec_push(a, &out->variants, (struct case_variant){NULL, copy_case(&r)});
    for (size_t i = 0; value_is(r.variants, VALUE_DICT) && i < r.variants->count; i++)
        if (!add_variant(&r, out, i))
            return DS_PARSE;
    return DS_OK;
}
