/* SPDX-License-Identifier: Apache-2.0 */
/* Switches: the table of open questions and reading one's choices (launch-policy.md §3.9). */
#include "policy/switches.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"

static const struct {
    const char *name, *values, *question, *why;
} table[SWITCH_COUNT] = {
#define SWITCH(id, name, values, question, why) {name, values, question, why},
#include "policy/switches.def"
#undef SWITCH
};

const char *switch_name(enum switch_id id)
{
    return table[id].name;
}

const char *switch_values(enum switch_id id)
{
    return table[id].values;
}

const char *switch_question(enum switch_id id)
{
    return table[id].question;
}

const char *switch_why(enum switch_id id)
{
    return table[id].why;
}

/* The I-th of the "|"-separated VALUES; NULL when there are fewer. */
static char *value_at(struct arena *a, const char *values, size_t i)
{
    const char *end;

    while (i-- > 0) {
        values = strchr(values, '|');
        if (!values)
            return NULL;
        values++;
    }
    end = strchr(values, '|');
    return arena_strndup(a, values, end ? (size_t)(end - values) : strlen(values));
}

char *switch_value(struct arena *a, const struct switches *s, enum switch_id id)
{
    return value_at(a, table[id].values, s->at[id]);
}

static enum switch_id switch_find(const char *name)
{
    int i = 0;

    while (i < SWITCH_COUNT && strcmp(table[i].name, name) != 0)
        i++;
    return (enum switch_id)i;
}

static enum ds_status unknown_switch(const char *name, struct source_span span,
                                     struct value_error *error)
{
    const char *names[SWITCH_COUNT];

    for (int i = 0; i < SWITCH_COUNT; i++)
        names[i] = table[i].name;
    *error = (struct value_error){.message = "unknown switch",
                                  .suggestion = text_suggest(name, names, SWITCH_COUNT),
                                  .span = span};
    return DS_PARSE;
}

static enum ds_status read_one(struct arena *a, const char *name, const struct value *v,
                               struct switches *out, struct value_error *error)
{
    enum switch_id id = switch_find(name);
    const char *text = v->type == VALUE_BOOL  ? (v->boolean ? "yes" : "no")
                       : v->type == VALUE_INT ? arena_printf(a, "%lld", (long long)v->integer)
                                              : value_cstr(v);
    char *known;

    if (id == SWITCH_COUNT)
        return unknown_switch(name, v->span, error);
    for (uint8_t i = 0; text && (known = value_at(a, table[id].values, i)) != NULL; i++) {
        if (strcmp(known, text) == 0) {
            out->at[id] = i;
            return DS_OK;
        }
    }
    error->message = arena_printf(a, "%s takes one of: %s", name, table[id].values);
    error->suggestion = NULL;
    error->span = v->span;
    return DS_PARSE;
}

enum ds_status switches_read(struct arena *a, const struct value *v, struct switches *out,
                             struct value_error *error)
{
    *out = (struct switches){{0}};
    if (!v)
        return DS_OK;
    if (v->type != VALUE_DICT) {
        *error = (struct value_error){.message = "switches are a dictionary", .span = v->span};
        return DS_PARSE;
    }
    for (size_t i = 0; i < v->count; i++) {
        enum ds_status status =
            read_one(a, (const char *)v->keys[i].name.p, v->items[i], out, error);

        if (status != DS_OK)
            return status;
    }
    return DS_OK;
}
