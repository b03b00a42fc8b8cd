/* SPDX-License-Identifier: Apache-2.0 */
/* Case check: see case_check.h. The grammar is case.def; a walk compares it with the document. */
#include "forge/case_check.h"

#include <stdlib.h>
#include <string.h>

#include "base/finding.h"
#include "base/text.h"
#include "base/when.h"

enum shape {
    SHAPE_ANY,
    SHAPE_TEXT,
    SHAPE_TEXTS, /* a list of texts, or one */
    SHAPE_WORD,
    SHAPE_WORDS,
    SHAPE_FLAG,
    SHAPE_ANSWER, /* yes, no, or unknown */
    SHAPE_NUMBER,
    SHAPE_DATE,
    SHAPE_DATES,
    SHAPE_FLAG_OR_DATE,
    SHAPE_STAGE,
    SHAPE_FINDINGS,
    SHAPE_DICT, /* any dictionary, or a word such as `none` */
    SHAPE_OBJECT,
    SHAPE_MAP,
    SHAPE_LIST,
    SHAPE_TEXT_OR, /* a text or an object */
};

enum object {
    OBJECT_NONE,
    OBJECT_TOP,
    OBJECT_VARIANT,
    OBJECT_HOST,
    OBJECT_ASSUME,
    OBJECT_INSTALLED,
    OBJECT_CRL,
    OBJECT_OCSP,
    OBJECT_SIGNER,
    OBJECT_MARKERS,
    OBJECT_PROFILE,
    OBJECT_CODE,
    OBJECT_CMS,
    OBJECT_CONSTRAINTS,
    OBJECT_FILE,
    OBJECT_STEP,
    OBJECT_PATH,
    OBJECT_NEW_FILE,
    OBJECT_HEX,
    OBJECT_FLIP,
    OBJECT_DROP,
    OBJECT_TRUNCATE,
    OBJECT_RENAME,
    OBJECT_RELINK,
    OBJECT_XATTR,
    OBJECT_MODE,
    OBJECT_OPEN,
    OBJECT_LIPO,
    OBJECT_RESIGN,
    OBJECT_CHECK,
    OBJECT_EXPECT,
};

/* The words of `message`, blank-separated. */
static const char cms_messages[] =
#define CMS_ODD(id, word) word " "
#include "forge/cms_odd.def"
#undef CMS_ODD
    ;

static const struct key_row {
    enum object object;
    const char *key;
    enum shape shape;
    enum object of;
    const char *words;
} rows[] = {
#define CASE_KEY(object, key, shape, of, words) \
    {OBJECT_##object, key, SHAPE_##shape, OBJECT_##of, words},
#include "forge/case.def"
#undef CASE_KEY
};

#define ROWS (sizeof rows / sizeof *rows)

struct checker {
    struct arena *arena;
    struct value_error *error;
};

const char *case_word(struct arena *a, const struct value *v)
{
    if (!v)
        return NULL;
    switch (v->type) {
    case VALUE_STRING: return value_cstr(v);
    case VALUE_BOOL: return v->bytes.n ? bytes_cstr(a, v->bytes) : v->boolean ? "true" : "false";
    case VALUE_INT:
        return v->bytes.n ? bytes_cstr(a, v->bytes)
                          : arena_printf(a, "%lld", (long long)v->integer);
    default: return NULL;
    }
}

/* 1 for yes, 0 for no, -1 for neither. */
static int flag_of(const struct value *v)
{
    static const char *const words[] = {"no", "off", "false", "yes", "on", "true"};
    const char *s = value_cstr(v);

    if (value_is(v, VALUE_BOOL))
        return v->boolean;
    for (int i = 0; s && i < 6; i++)
        if (strcmp(s, words[i]) == 0)
            return i >= 3;
    return -1;
}

bool case_flag(const struct value *v, bool fallback)
{
    int flag = flag_of(v);

    return flag < 0 ? fallback : flag;
}

bool case_number(const struct value *v, bool octal, uint64_t *out)
{
    char text[32] = "", *end;

    if (!value_is(v, VALUE_INT) && !value_is(v, VALUE_STRING))
        return false;
    if (v->type == VALUE_INT && v->bytes.n == 0) {
        *out = (uint64_t)v->integer;
        return true;
    }
    if (v->bytes.n == 0 || v->bytes.n >= sizeof text)
        return false;
    memcpy(text, v->bytes.p, v->bytes.n);
    if (text[0] == '-') {
        *out = (uint64_t)strtoll(text, &end, 0);
        return *end == '\0' && text[1] != '\0';
    }
    if (text[0] < '0' || text[0] > '9')
        return false;
    *out = strtoull(text, &end, strncmp(text, "0x", 2) == 0 ? 16 : octal ? 8 : 10);
    return *end == '\0';
}

bool case_date(const struct value *v, int64_t *out)
{
    return value_is(v, VALUE_STRING) && when_parse_iso(v->bytes, out);
}

static bool refuse(struct checker *c, const struct value *v, const char *message,
                   const char *suggestion)
{
    *c->error = (struct value_error){message, suggestion, v ? v->span : (struct source_span){0}};
    return false;
}

static bool expected(struct checker *c, const char *key, const struct value *v, const char *what)
{
    return refuse(c, v, arena_printf(c->arena, "'%s' must be %s", key, what), NULL);
}

/* WORD is one of the blank-separated WORDS. */
static bool has_word(const char *words, const char *word)
{
    size_t n = strlen(word);

    for (const char *p = words; n && (p = strstr(p, word)); p += n)
        if ((p == words || p[-1] == ' ') && (p[n] == ' ' || p[n] == '\0'))
            return true;
    return false;
}

static const char *suggest_word(struct arena *a, const char *words, const char *word)
{
    struct name_list VEC_OF(const char *) list = {0};
    char *copy = arena_strdup(a, words), *next;

    for (char *p = copy; p; p = next) {
        next = strchr(p, ' ');
        if (next)
            *next++ = '\0';
        vec_push(a, &list, p);
    }
    return text_suggest(word, list.at, list.n);
}

static bool check_word(struct checker *c, const struct key_row *row, const struct value *v)
{
    const char *word = case_word(c->arena, v);

    if (!word)
        return expected(c, row->key, v, "a word");
    if (has_word(row->words, word))
        return true;
    return refuse(
        c, v, arena_printf(c->arena, "'%s' is no %s; known are: %s", word, row->key, row->words),
        suggest_word(c->arena, row->words, word));
}

static bool check_stage(struct checker *c, const struct key_row *row, const struct value *v)
{
    const char *word = case_word(c->arena, v), *names[STAGE_COUNT];

    if (!word)
        return expected(c, row->key, v, "a stage");
    if (stage_find(word) != STAGE_COUNT)
        return true;
    for (int i = 0; i < STAGE_COUNT; i++)
        names[i] = stage_name((enum stage)i);
    return refuse(c, v, arena_printf(c->arena, "'%s' is no stage", word),
                  text_suggest(word, names, STAGE_COUNT));
}

static bool check_finding(struct checker *c, const struct key_row *row, const struct value *v)
{
    const char *word = case_word(c->arena, v), *names[FINDING_COUNT];
    size_t n = 0;

    if (!word)
        return expected(c, row->key, v, "the id of a finding");
    if (finding_find(word) != FINDING_NONE)
        return true;
    for (int i = FINDING_NONE + 1; i < FINDING_COUNT; i++)
        names[n++] = finding_row((enum finding_id)i)->id;
    return refuse(c, v, arena_printf(c->arena, "'%s' is no finding", word),
                  text_suggest(word, names, n));
}

static bool check_text(struct checker *c, const struct key_row *row, const struct value *v)
{
    return case_word(c->arena, v) ? true : expected(c, row->key, v, "a text");
}

static bool check_date(struct checker *c, const struct key_row *row, const struct value *v)
{
    int64_t when;

    return case_date(v, &when) ? true : expected(c, row->key, v, "a date such as 2026-01-15");
}

typedef bool check_one(struct checker *c, const struct key_row *row, const struct value *v);

/* Each element of a list, or the value itself. */
static bool check_each(struct checker *c, const struct key_row *row, const struct value *v,
                       check_one *check)
{
    if (!value_is(v, VALUE_ARRAY))
        return check(c, row, v);
    for (size_t i = 0; i < v->count; i++)
        if (!check(c, row, v->items[i]))
            return false;
    return true;
}

static bool check_object(struct checker *c, enum object object, const char *name,
                         const struct value *v);

static bool check_map(struct checker *c, const struct key_row *row, const struct value *v)
{
    if (!value_is(v, VALUE_DICT))
        return expected(c, row->key, v, "a dictionary of names");
    for (size_t i = 0; i < v->count; i++)
        if (!check_object(c, row->of, (const char *)v->keys[i].name.p, v->items[i]))
            return false;
    return true;
}

static bool check_list(struct checker *c, const struct key_row *row, const struct value *v)
{
    if (!value_is(v, VALUE_ARRAY))
        return expected(c, row->key, v, "a list");
    for (size_t i = 0; i < v->count; i++)
        if (!check_object(c, row->of, row->key, v->items[i]))
            return false;
    return true;
}

static bool check_scalar(struct checker *c, const struct key_row *row, const struct value *v)
{
    uint64_t number;
    const char *word = case_word(c->arena, v);

    switch (row->shape) {
    case SHAPE_FLAG: return flag_of(v) >= 0 ? true : expected(c, row->key, v, "yes or no");
    case SHAPE_ANSWER:
        return flag_of(v) >= 0 || (word && strcmp(word, "unknown") == 0)
                   ? true
                   : expected(c, row->key, v, "yes, no or unknown");
    case SHAPE_NUMBER:
        return case_number(v, false, &number) ? true : expected(c, row->key, v, "a number");
    case SHAPE_FLAG_OR_DATE: return flag_of(v) >= 0 ? true : check_date(c, row, v);
    case SHAPE_DICT:
        return value_is(v, VALUE_DICT) ||
                       (word && (strcmp(word, "none") == 0 || strcmp(word, "default") == 0))
                   ? true
                   : expected(c, row->key, v, "a dictionary");
    default: return true;
    }
}

static bool check_value(struct checker *c, const struct key_row *row, const struct value *v)
{
    if (value_is(v, VALUE_NULL))
        return true; /* as if it were not there */
    switch (row->shape) {
    case SHAPE_TEXT: return check_text(c, row, v);
    case SHAPE_TEXTS: return check_each(c, row, v, check_text);
    case SHAPE_WORD: return check_word(c, row, v);
    case SHAPE_WORDS: return check_each(c, row, v, check_word);
    case SHAPE_DATE: return check_date(c, row, v);
    case SHAPE_DATES: return check_each(c, row, v, check_date);
    case SHAPE_STAGE: return check_each(c, row, v, check_stage);
    case SHAPE_FINDINGS: return check_each(c, row, v, check_finding);
    case SHAPE_OBJECT: return check_object(c, row->of, row->key, v);
    case SHAPE_MAP: return check_map(c, row, v);
    case SHAPE_LIST: return check_list(c, row, v);
    case SHAPE_TEXT_OR:
        return case_word(c->arena, v) ? true : check_object(c, row->of, row->key, v);
    default: return check_scalar(c, row, v);
    }
}

static const struct key_row *find_row(enum object object, const char *key)
{
    for (size_t i = 0; i < ROWS; i++)
        if (rows[i].object == object &&
            (strcmp(rows[i].key, key) == 0 || strcmp(rows[i].key, "*") == 0))
            return &rows[i];
    return NULL;
}

static bool unknown_key(struct checker *c, enum object object, const struct value_key *key)
{
    const char *names[ROWS], *word = (const char *)key->name.p;
    size_t n = 0;

    for (size_t i = 0; i < ROWS; i++)
        if (rows[i].object == object)
            names[n++] = rows[i].key;
    *c->error = (struct value_error){arena_printf(c->arena, "unknown key '%s'", word),
                                     text_suggest(word, names, n), key->span};
    return false;
}

static bool check_object(struct checker *c, enum object object, const char *name,
                         const struct value *v)
{
    if (value_is(v, VALUE_NULL))
        return true;
    if (!value_is(v, VALUE_DICT))
        return expected(c, name, v, "a dictionary");
    for (size_t i = 0; i < v->count; i++) {
        const struct key_row *row = find_row(object, (const char *)v->keys[i].name.p);

        if (!row && object == OBJECT_RESIGN) /* code signed again takes the keys of code */
            row = find_row(OBJECT_CODE, (const char *)v->keys[i].name.p);
        if (!row)
            return unknown_key(c, object == OBJECT_RESIGN ? OBJECT_CODE : object, &v->keys[i]);
        if (!check_value(c, row, v->items[i]))
            return false;
    }
    return true;
}

bool case_check(struct arena *a, const struct value *doc, struct value_error *error)
{
    struct checker c = {a, error};

    return check_object(&c, OBJECT_TOP, "the case", doc);
}
