/* SPDX-License-Identifier: Apache-2.0 */
/* Edit: reading and writing single changes; policy/apply.c makes them. */
#include "policy/edit.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"
#include "format/yaml.h"

struct row {
    const char *key;
    bool named;
    enum edit_phase phase;
    const char *about;
};

static const struct row rows[] = {
#define EDIT(id, key, named, phase, function, about) {key, named, EDIT_PHASE_##phase, about},
#include "policy/edit.def"
#undef EDIT
};

const char *edit_key(enum edit_id id)
{
    return rows[id].key;
}

const char *edit_about(enum edit_id id)
{
    return rows[id].about;
}

enum edit_phase edit_phase(enum edit_id id)
{
    return rows[id].phase;
}

static enum ds_status refuse(struct value_error *error, const char *message, const char *suggestion)
{
    *error = (struct value_error){.message = message, .suggestion = suggestion};
    return DS_PARSE;
}

/* -- keys */

/* The row of the key that the first N bytes of KEY are, or begin with before a dot; EDIT_COUNT when none is. */
static enum edit_id find_key(const char *key, size_t n)
{
    size_t word = 0;

    while (word < n && key[word] != '.')
        word++;
    for (int i = 0; i < EDIT_COUNT; i++) {
        const char *known = rows[i].key;

        if (strlen(known) == word && memcmp(known, key, word) == 0 && rows[i].named == (word < n))
            return (enum edit_id)i;
    }
    return EDIT_COUNT;
}

static const char *suggest_key(struct arena *a, const char *key)
{
    const char *words[EDIT_COUNT];

    for (int i = 0; i < EDIT_COUNT; i++)
        words[i] = rows[i].key;
    return text_suggest(arena_strndup(a, key, strcspn(key, ".")), words, EDIT_COUNT);
}

/* KEY without PATH: fills id and name. */
static enum ds_status read_key(struct arena *a, const char *key, struct edit *out,
                               struct value_error *error)
{
    size_t word = strcspn(key, ".");

    out->id = find_key(key, strlen(key));
    if (out->id == EDIT_COUNT)
        return refuse(error, arena_printf(a, "'%s' cannot be changed", key), suggest_key(a, key));
    out->name = key[word] == '.' ? key + word + 1 : NULL;
    if (out->id == EDIT_ENTITLEMENT && *out->name == '"' && text_ends(out->name, "\""))
        out->name = arena_strndup(a, out->name + 1, strlen(out->name) - 2);
    return DS_OK;
}

/* How many bytes of TEXT (up to END) are a path, its colon and blanks: up to the first colon with a known key behind it. */
static size_t path_length(const char *text, const char *end)
{
    if (find_key(text, (size_t)(end - text)) != EDIT_COUNT)
        return 0;
    for (const char *p = text; p < end; p++) {
        const char *key = p + 1;

        while (*p == ':' && key < end && *key == ' ')
            key++;
        if (*p == ':' && find_key(key, (size_t)(end - key)) != EDIT_COUNT)
            return (size_t)(key - text);
    }
    return 0;
}

static const char *path_of(struct arena *a, const char *text, size_t n)
{
    while (n && (text[n - 1] == ':' || text[n - 1] == ' ' || text[n - 1] == '/'))
        n--;
    return n ? arena_strndup(a, text, n) : NULL;
}

/* "[PATH:]KEY" */
static enum ds_status read_place(struct arena *a, const char *text, struct edit *out,
                                 struct value_error *error)
{
    size_t n = path_length(text, text + strlen(text));

    out->path = path_of(a, text, n);
    return read_key(a, text + n, out, error);
}

/* The "=" between key and value: the first one behind which the text before is a place. */
static const char *find_equals(const char *text)
{
    for (const char *p = strchr(text, '='); p; p = strchr(p + 1, '=')) {
        size_t n = path_length(text, p);

        if (find_key(text + n, (size_t)(p - text) - n) != EDIT_COUNT)
            return p;
    }
    return strchr(text, '=');
}

enum ds_status edit_parse(struct arena *a, const char *text, struct edit *out,
                          struct value_error *error)
{
    const char *equals = find_equals(text);
    struct value *value;
    enum ds_status status;

    *out = (struct edit){0};
    if (!equals)
        return refuse(error, "KEY=VALUE is expected", NULL);
    status = read_place(a, arena_strndup(a, text, (size_t)(equals - text)), out, error);
    if (status != DS_OK)
        return status;
    status = yaml_parse(a, bytes_str(equals + 1), &value, error);
    out->value = value;
    return status;
}

/* -- dotted names */

static bool next_part(struct arena *a, const char **name, struct name_vec *out)
{
    const char *p = *name;
    size_t n;

    if (*p == '"') {
        n = strcspn(p + 1, "\"");
        vec_push(a, out, arena_strndup(a, p + 1, n));
        p += n + 1 + (p[n + 1] == '"');
    } else {
        n = strcspn(p, ".");
        vec_push(a, out, arena_strndup(a, p, n));
        p += n;
    }
    *name = p + (*p == '.');
    return *p != '\0';
}

void edit_parts(struct arena *a, const char *name, const struct value *dict, struct name_vec *out)
{
    for (;;) {
        if (*name && value_get(dict, name)) {
            vec_push(a, out, name);
            return;
        }
        if (!next_part(a, &name, out))
            return;
        dict = value_get(dict, out->at[out->n - 1]);
    }
}

/* -- the form of a case's `change` */

/* code."A.app".contains."P".…, host.… to PATH and KEY. */
static enum ds_status read_change(struct arena *a, const char *text, struct edit *out,
                                  struct value_error *error)
{
    const char *rest = text + strlen("code."), *key;
    struct name_vec part = {0};
    char *path;

    next_part(a, &rest, &part);
    path = arena_strdup(a, part.at[0]);
    for (key = rest; strncmp(key, "contains.", 9) == 0; key = rest) {
        rest = key + 9;
        next_part(a, &rest, &part);
        path = arena_printf(a, "%s/%s", path, part.at[part.n - 1]);
    }
    out->path = path;
    return read_key(a, key, out, error);
}

static enum ds_status read_pair(struct arena *a, const char *key, const struct value *value,
                                struct edit_vec *out, struct value_error *error)
{
    struct edit e = {.value = value};
    enum ds_status status = strncmp(key, "code.", 5) == 0 ? read_change(a, key, &e, error)
                                                          : read_place(a, key, &e, error);

    if (status == DS_OK)
        vec_push(a, out, e);
    return status;
}

static enum ds_status read_set(struct arena *a, const struct value *set, struct edit_vec *out,
                               struct value_error *error)
{
    enum ds_status status = DS_OK;

    if (!value_is(set, VALUE_DICT))
        return edits_read(a, set, out, error);
    for (size_t i = 0; status == DS_OK && i < set->count; i++)
        status = read_pair(a, (const char *)set->keys[i].name.p, set->items[i], out, error);
    return status;
}

enum ds_status edits_read(struct arena *a, const struct value *v, struct edit_vec *out,
                          struct value_error *error)
{
    enum ds_status status = DS_OK;
    struct edit e;

    if (value_is(v, VALUE_DICT))
        return read_set(a, value_get(v, "set") ? value_get(v, "set") : v, out, error);
    if (value_is(v, VALUE_STRING)) {
        status = edit_parse(a, value_cstr(v), &e, error);
        if (status == DS_OK)
            vec_push(a, out, e);
        return status;
    }
    if (!value_is(v, VALUE_ARRAY))
        return refuse(error, "an edit is expected: {set: {KEY: VALUE}} or KEY=VALUE", NULL);
    for (size_t i = 0; status == DS_OK && i < v->count; i++)
        status = edits_read(a, v->items[i], out, error);
    return status;
}

/* -- writing */

static char *place_text(struct arena *a, const struct edit *e)
{
    return arena_printf(a, "%s%s%s%s%s", e->path ? e->path : "", e->path ? ":" : "",
                        rows[e->id].key, e->name ? "." : "", e->name ? e->name : "");
}

/* VALUE as YAML of one line: strings that would read as something else are quoted by value_text. */
static const char *yaml_value(struct arena *a, const struct value *v)
{
    struct value *again;
    struct value_error error;

    if (value_is(v, VALUE_NULL))
        return "null";
    if (!value_is(v, VALUE_STRING))
        return value_text(a, v);
    if (yaml_parse(a, v->bytes, &again, &error) == DS_OK && value_equal(again, v))
        return value_cstr(v);
    return value_text(a, v);
}

char *edit_text(struct arena *a, const struct edit *e)
{
    return arena_printf(a, "%s=%s", place_text(a, e), yaml_value(a, e->value));
}

struct value *edit_tree(struct arena *a, const struct edit *e)
{
    struct value *set = value_dict(a), *tree = value_dict(a);

    value_set(a, set, place_text(a, e), value_clone(a, e->value));
    value_set(a, tree, "set", set);
    return tree;
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

/* A word and the boolean or number it reads as are one and the same in an edit. */
static bool same_value(const struct value *a, const struct value *b)
{
    if (value_equal(a, b))
        return true;
    return a->type != b->type && a->bytes.n && bytes_equal(a->bytes, b->bytes);
}

bool edit_equal(const struct edit *a, const struct edit *b)
{
    return a->id == b->id && same_text(a->path, b->path) && same_text(a->name, b->name) &&
           same_value(a->value, b->value);
}
