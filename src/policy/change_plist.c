/* SPDX-License-Identifier: Apache-2.0 */
/* Changes of property lists, files and the imagined Mac: see change.h. */
#include "policy/change.h"

#include <string.h>

#include "base/arena.h"

struct value *change_info_dict(const struct change *ch)
{
    struct code *c = ch->code;

    c->info = c->info ? value_clone(ch->run->a, c->info) : value_dict(ch->run->a);
    return c->info;
}

/* -- property lists */

/* VALUE as it belongs in the place of OLD: 8 is a text where a text stood. */
static struct value *in_place_of(struct arena *a, const struct value *old,
                                 const struct value *value)
{
    if (value_is(old, VALUE_STRING) && !value_is(value, VALUE_STRING) && value->bytes.n)
        return value_string_bytes(a, value->bytes);
    return value_clone(a, value);
}

/* Set the value at PARTS of DICT, making dictionaries on the way; null takes it away. */
static void set_deep(struct arena *a, struct value *dict, const struct name_vec *parts,
                     const struct value *value)
{
    for (size_t i = 0; i + 1 < parts->n; i++) {
        struct value *inner = value_get(dict, parts->at[i]);

        if (!value_is(inner, VALUE_DICT)) {
            inner = value_dict(a);
            value_set(a, dict, parts->at[i], inner);
        }
        dict = inner;
    }
    if (value_is(value, VALUE_NULL))
        value_remove(dict, parts->at[parts->n - 1]);
    else
        value_set(a, dict, parts->at[parts->n - 1],
                  in_place_of(a, value_get(dict, parts->at[parts->n - 1]), value));
}

/* The same in a copy of *PLIST, whose place it takes. */
static void set_key(const struct change *ch, struct value **plist)
{
    struct name_vec parts = {0};
    struct value *dict = *plist ? value_clone(ch->run->a, *plist) : value_dict(ch->run->a);

    edit_parts(ch->run->a, ch->edit->name, dict, &parts);
    set_deep(ch->run->a, dict, &parts, ch->edit->value);
    *plist = dict;
    change_touch(ch->run, ch->code);
}

enum ds_status change_info(const struct change *ch)
{
    struct code *c = ch->code;

    set_key(ch, &c->info);
    c->identifier = value_get_cstr(c->info, "CFBundleIdentifier");
    c->version = value_get_cstr(c->info, "CFBundleVersion");
    return DS_OK;
}

enum ds_status change_info_section(const struct change *ch)
{
    struct code *c = ch->code;

    for (size_t i = 0; i < c->slice_count; i++)
        set_key(ch, &c->slices[i].info_section);
    if (!c->is_bundle && c->slice_count) {
        c->info = c->slices[c->main_slice].info_section;
        c->identifier = value_get_cstr(c->info, "CFBundleIdentifier");
        c->version = value_get_cstr(c->info, "CFBundleVersion");
    }
    return DS_OK;
}

enum ds_status change_launchd_section(const struct change *ch)
{
    for (size_t i = 0; i < ch->code->slice_count; i++)
        set_key(ch, &ch->code->slices[i].launchd_section);
    return DS_OK;
}

enum ds_status change_file(const struct change *ch)
{
    struct name_vec parts = {0};

    edit_parts(ch->run->a, ch->edit->name, NULL, &parts);
    for (size_t i = 0; i < ch->code->plain.n; i++) {
        struct plain_file *file = &ch->code->plain.at[i];
        struct name_vec rest = {.at = parts.at + 1, .n = parts.n - 1};

        if (strcmp(file->path, parts.at[0]) != 0 || !file->plist || !rest.n)
            continue;
        file->plist = value_clone(ch->run->a, file->plist);
        set_deep(ch->run->a, file->plist, &rest, ch->edit->value);
        change_touch(ch->run, ch->code);
        return DS_OK;
    }
    return change_refuse(ch, "no property list that is looked at lies there");
}

enum ds_status change_move_file(const struct change *ch)
{
    const char *to = edit_value_text(ch->run->a, ch->edit->value);
    struct name_vec parts = {0};

    edit_parts(ch->run->a, ch->edit->name, NULL, &parts);
    for (size_t i = 0; to && i < ch->code->plain.n; i++)
        if (strcmp(ch->code->plain.at[i].path, parts.at[0]) == 0) {
            ch->code->plain.at[i].path = to;
            change_touch(ch->run, ch->code);
            return DS_OK;
        }
    return change_refuse(ch, "no file that is looked at lies there");
}

/* The strings are part of the binary: to change them is to build it anew. */
enum ds_status change_peer_requirements(const struct change *ch)
{
    const struct value *list = ch->edit->value;
    struct name_vec texts = {0};

    for (size_t i = 0; value_is(list, VALUE_ARRAY) && i < list->count; i++)
        if (value_cstr(list->items[i]))
            vec_push(ch->run->a, &texts, value_cstr(list->items[i]));
    if (!value_is(list, VALUE_ARRAY) && !edit_is_null(ch->edit))
        return change_refuse(ch, "a list of requirements is expected");
    for (size_t i = 0; i < ch->code->slice_count; i++)
        ch->code->slices[i].requirement_strings = texts;
    change_touch(ch->run, ch->code);
    return DS_OK;
}

/* -- the imagined Mac */

enum ds_status change_host(const struct change *ch)
{
    struct arena *a = ch->run->a;
    const char *text = edit_value_text(a, ch->edit->value), *key = ch->edit->name;
    const char *dot = strchr(key, '.');
    struct value_error error = {0};

    if (!text && !edit_is_null(ch->edit)) {
        struct value *host = value_dict(a);

        value_set(a, host, key, value_clone(a, ch->edit->value));
        if (host_read(a, host, ch->run->host, &error) != DS_OK)
            return change_refuse(ch, error.message);
        return DS_OK;
    }
    if (!text)
        text = "unknown";
    if (dot) {
        text = arena_printf(a, "%s=%s", dot + 1, text);
        key = arena_strndup(a, key, (size_t)(dot - key));
    }
    if (host_set(a, ch->run->host, key, text, &error) != DS_OK)
        return change_refuse(ch, error.message);
    return DS_OK;
}
