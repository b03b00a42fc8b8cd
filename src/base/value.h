/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Value: the one tree that property lists, DER entitlements, YAML and JSON are turned into.
 *
 * Dictionaries keep the order of their source; keys and strings are bytes (a NUL may occur). Every node may
 * carry where it stood in its source, for diagnostics. Nodes live in an arena and are not changed after they
 * were built, except by value_set() and friends on trees one owns (what-if edits).
 */
#ifndef DS_BASE_VALUE_H
#define DS_BASE_VALUE_H

#include "base/bytes.h"

enum value_type {
    VALUE_NULL,
    VALUE_BOOL,
    VALUE_INT,
    VALUE_REAL,
    VALUE_STRING,
    VALUE_DATA,
    VALUE_DATE, /* seconds since 2001-01-01 00:00:00 UTC, in `real` */
    VALUE_ARRAY,
    VALUE_DICT,
};

/* Where a node stood in its source: line and column from 1 (0: unknown), byte offset and length. */
struct source_span {
    uint32_t line, column;
    uint64_t offset, length;
};

struct value {
    enum value_type type;
    bool is_unsigned; /* VALUE_INT: the 64 bits are unsigned and above INT64_MAX */
    bool boolean;
    int64_t integer;
    double real;
    struct bytes bytes;     /* VALUE_STRING, VALUE_DATA; NUL-terminated beyond n */
    size_t count, room;     /* VALUE_ARRAY, VALUE_DICT */
    struct value **items;   /* elements, or values in key order of the source */
    struct value_key *keys; /* VALUE_DICT: keys[i] belongs to items[i] */
    struct source_span span;
};

struct value_key {
    struct bytes name; /* NUL-terminated beyond n */
    struct source_span span;
};

/* Why a text of ours was not accepted: filled by readers of cases, rules, facts and options. */
struct value_error {
    const char *message;    /* "unknown key 'identifer'" */
    const char *suggestion; /* "identifier", NULL when nothing is near */
    struct source_span span;
};

struct value *value_null(struct arena *a);
struct value *value_bool(struct arena *a, bool b);
struct value *value_int(struct arena *a, int64_t i);
struct value *value_real(struct arena *a, double d);
struct value *value_string(struct arena *a, const char *s);
struct value *value_string_bytes(struct arena *a, struct bytes s);
struct value *value_data(struct arena *a, struct bytes b);
struct value *value_date(struct arena *a, double seconds_since_2001);
struct value *value_array(struct arena *a);
struct value *value_dict(struct arena *a);

/* Append to an array. */
void value_append(struct arena *a, struct value *array, struct value *item);
/* Set KEY of a dictionary; an existing entry keeps its place. */
void value_set(struct arena *a, struct value *dict, const char *key, struct value *item);
/* Set KEY to TEXT; to null when TEXT is NULL. */
void value_set_text(struct arena *a, struct value *dict, const char *key, const char *text);
/* Add without looking for an existing entry (readers that tested for duplicates). */
void value_add(struct arena *a, struct value *dict, struct bytes key, struct value *item);
/* Remove KEY of a dictionary; false when it was not there. */
bool value_remove(struct value *dict, const char *key);

/* The entry KEY, NULL when V is NULL, no dictionary, or has none. The first entry wins. */
struct value *value_get(const struct value *v, const char *key);
struct value *value_get_bytes(const struct value *v, struct bytes key);

/* Readings with a default: NULL / FALLBACK when V is NULL or of another type. */
const char *value_cstr(const struct value *v);
bool value_is_true(const struct value *v);
int64_t value_int_or(const struct value *v, int64_t fallback);
/* value_cstr(value_get(v, key)) */
const char *value_get_cstr(const struct value *v, const char *key);

static inline bool value_is(const struct value *v, enum value_type type)
{
    return v && v->type == type;
}

/* True when ARRAY is an array that holds the string S. */
bool value_has_string(const struct value *array, const char *s);

/* Deep equality; dictionaries compare without regard to order. */
bool value_equal(const struct value *a, const struct value *b);

/* A deep copy in ARENA. */
struct value *value_clone(struct arena *a, const struct value *v);

/* "string", "array", … */
const char *value_type_name(enum value_type type);

/* One-line text for messages: ["a", "b"], {k: v}, "text", true, 12, <data 20 bytes>. */
char *value_text(struct arena *a, const struct value *v);

#endif
