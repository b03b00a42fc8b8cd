/* SPDX-License-Identifier: Apache-2.0 */
/* YAML through libyaml's event interface: see yaml.h. */
#include "format/yaml.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "base/limits.h"

/* One parse. The parser and its current event are foreign memory: `release` frees them, whatever happened. */
struct reading {
    struct arena *a;
    yaml_parser_t parser;
    yaml_event_t event;
    bool has_event;
    struct value_error *error;
    enum ds_status status;
};

static void release(void *p)
{
    struct reading *r = p;
    if (r->has_event)
        yaml_event_delete(&r->event);
    yaml_parser_delete(&r->parser);
}

static struct source_span span_of(const yaml_mark_t *start, const yaml_mark_t *end)
{
    return (struct source_span){.line = (uint32_t)start->line + 1,
                                .column = (uint32_t)start->column + 1,
                                .offset = start->index,
                                .length = end->index - start->index};
}

static struct value *fail_at(struct reading *r, enum ds_status status, struct source_span span,
                             const char *message)
{
    if (r->status == DS_OK) {
        r->status = status;
        r->error->message = message;
        r->error->span = span;
    }
    return NULL;
}

static struct value *fail(struct reading *r, enum ds_status status, const char *message)
{
    return fail_at(r, status, span_of(&r->event.start_mark, &r->event.end_mark), message);
}

/* Step to the next event; false after an error of libyaml's. */
static bool next(struct reading *r)
{
    if (r->has_event)
        yaml_event_delete(&r->event);
    r->has_event = yaml_parser_parse(&r->parser, &r->event) != 0;
    if (r->has_event)
        return true;
    fail_at(r, DS_PARSE, span_of(&r->parser.problem_mark, &r->parser.problem_mark),
            arena_strdup(r->a, r->parser.problem ? r->parser.problem : "the text is no YAML"));
    return false;
}

/* Decimal with a sign, or 0x…; false when TEXT is none, or too large. */
static bool whole_number(const char *text, int64_t *out)
{
    const char *digits = *text == '-' ? text + 1 : text;
    bool hex = digits == text && text[0] == '0' && text[1] == 'x' && text[2];
    size_t n = strspn(hex ? text + 2 : digits, hex ? "0123456789abcdefABCDEF" : "0123456789");
    if (n == 0 || (hex ? text + 2 : digits)[n] != '\0')
        return false;
    errno = 0;
    *out = strtoll(text, NULL, hex ? 16 : 10);
    return errno == 0;
}

static bool any_of(const char *text, const char *const *words)
{
    while (*words && strcmp(text, *words) != 0)
        words++;
    return *words != NULL;
}

static struct value *plain_scalar(struct arena *a, struct bytes text)
{
    static const char *const yes[] = {"true", "yes", "on", NULL}, *const no[] = {"false", "no",
                                                                                 "off", NULL};
    static const char *const null[] = {"", "~", "null", NULL};
    const char *word = bytes_cstr(a, text);
    struct value *v;
    int64_t number;

    if (strlen(word) != text.n)
        return value_string_bytes(a, text);
    if (any_of(word, yes) || any_of(word, no))
        v = value_bool(a, any_of(word, yes));
    else if (any_of(word, null))
        v = value_null(a);
    else if (whole_number(word, &number))
        v = value_int(a, number);
    else
        return value_string_bytes(a, text);
    v->bytes = bytes_of(word, text.n);
    return v;
}

static struct value *node(struct reading *r, int depth);

static struct value *scalar(struct reading *r)
{
    struct bytes text = bytes_of(r->event.data.scalar.value, r->event.data.scalar.length);
    if (r->event.data.scalar.anchor || r->event.data.scalar.tag)
        return fail(r, DS_PARSE, "anchors and tags are not used here");
    if (r->event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE)
        return plain_scalar(r->a, text);
    return value_string_bytes(r->a, text);
}

static struct value *sequence(struct reading *r, int depth)
{
    struct value *list = value_array(r->a);
    if (r->event.data.sequence_start.anchor || r->event.data.sequence_start.tag)
        return fail(r, DS_PARSE, "anchors and tags are not used here");
    while (next(r) && r->event.type != YAML_SEQUENCE_END_EVENT) {
        struct value *item = node(r, depth);
        if (!item)
            return NULL;
        value_append(r->a, list, item);
    }
    return r->status == DS_OK ? list : NULL;
}

/* The current event as a key of DICT; false when it cannot be one. */
static bool key_of(struct reading *r, const struct value *dict, struct bytes *name)
{
    if (r->event.type != YAML_SCALAR_EVENT || r->event.data.scalar.anchor ||
        r->event.data.scalar.tag)
        return fail(r, DS_PARSE, "a key must be plain or quoted text") != NULL;
    *name = bytes_copy(r->a, bytes_of(r->event.data.scalar.value, r->event.data.scalar.length));
    if (value_get_bytes(dict, *name))
        return fail(r, DS_PARSE,
                    arena_printf(r->a, "duplicate key '%s'", bytes_printable(r->a, *name, 80))) !=
               NULL;
    return true;
}

static struct value *mapping(struct reading *r, int depth)
{
    struct value *dict = value_dict(r->a);
    if (r->event.data.mapping_start.anchor || r->event.data.mapping_start.tag)
        return fail(r, DS_PARSE, "anchors and tags are not used here");
    while (next(r) && r->event.type != YAML_MAPPING_END_EVENT) {
        struct source_span span = span_of(&r->event.start_mark, &r->event.end_mark);
        struct bytes name;
        if (!key_of(r, dict, &name) || !next(r))
            return NULL;
        struct value *item = node(r, depth);
        if (!item)
            return NULL;
        value_add(r->a, dict, name, item);
        dict->keys[dict->count - 1].span = span;
    }
    return r->status == DS_OK ? dict : NULL;
}

/* The node that begins with the current event. */
static struct value *node(struct reading *r, int depth)
{
    struct source_span span = span_of(&r->event.start_mark, &r->event.end_mark);
    struct value *v = NULL;
    if (depth > LIMIT_YAML_DEPTH)
        return fail(r, DS_LIMIT, "nested too deeply");
    if (r->event.type == YAML_SCALAR_EVENT)
        v = scalar(r);
    else if (r->event.type == YAML_SEQUENCE_START_EVENT)
        v = sequence(r, depth + 1);
    else if (r->event.type == YAML_MAPPING_START_EVENT)
        v = mapping(r, depth + 1);
    else
        fail(r, DS_PARSE, "aliases are not used here");
    if (v)
        v->span = span;
    return v;
}

/* stream start, document start, node, document end, stream end. */
static struct value *document(struct reading *r)
{
    if (!next(r) || !next(r))
        return NULL;
    if (r->event.type == YAML_STREAM_END_EVENT)
        return value_null(r->a);
    if (!next(r))
        return NULL;
    struct value *v = node(r, 0);
    if (!v || !next(r) || !next(r))
        return NULL;
    if (r->event.type != YAML_STREAM_END_EVENT)
        return fail(r, DS_PARSE, "one document is expected");
    return v;
}

enum ds_status yaml_parse(struct arena *a, struct bytes text, struct value **out,
                          struct value_error *error)
{
    *out = NULL;
    *error = (struct value_error){0};
    if (text.n > LIMIT_YAML_BYTES) {
        error->message = "the text is longer than a file of ours may be";
        return DS_LIMIT;
    }
    struct arena *work = arena_child(a);
    struct reading *r = arena_new_of(work, struct reading);
    r->a = a;
    r->error = error;
    if (!yaml_parser_initialize(&r->parser))
        arena_fail(a, DS_NOMEM);
    arena_defer(work, release, r);
    yaml_parser_set_input_string(&r->parser, text.p ? text.p : (const uint8_t *)"", text.n);
    yaml_parser_set_encoding(&r->parser, YAML_UTF8_ENCODING);
    *out = document(r);
    enum ds_status status = r->status;
    arena_child_free(work);
    return status;
}
