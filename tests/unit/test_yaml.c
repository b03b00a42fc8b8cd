/* SPDX-License-Identifier: Apache-2.0 */
/* YAML: types, places and errors, as tables. */
#include <check.h>
#include <string.h>

#include "flush.h"
#include "format/yaml.h"
#include "in_arena.h"

Suite *yaml_suite(void);

static const struct {
    const char *text, *value;
} good[] = {
    {"", "null"},
    {"a: 1", "{a: 1}"},
    {"a: {b: [yes, off, \"no\", 'x'], c: ~}", "{a: {b: [true, false, \"no\", \"x\"], c: null}}"},
    {"a: 15.3\nb: 2026-01-15\nc: 1ABCDE0001\nd: 0x10\ne: -5\nf:",
     "{a: \"15.3\", b: \"2026-01-15\", c: \"1ABCDE0001\", d: 16, e: -5, f: null}"},
    {"99999999999999999999", "\"99999999999999999999\""},
    {"- |\n  two\n  lines\n", "[\"two\\nlines\\n\"]"},
    {"\"com.example.key\": true", "{com.example.key: true}"},
    {"# only a comment\n", "null"},
};

static const struct {
    const char *text;
    uint32_t line, column;
    const char *message;
} bad[] = {
    {"a: 1\nb: 2\na: 3\n", 3, 1, "duplicate key 'a'"},
    {"a: &x 1\n", 1, 4, "anchors"},
    {"a: *x\n", 1, 4, "aliases"},
    {"a: !!str 1\n", 1, 4, "tags"},
    {"--- 1\n--- 2\n", 2, 1, "one document"},
    {"a: [1, 2", 1, 9, ""},
    {"? [1]\n: 2\n", 1, 3, "key"},
    {"a: \"\xff\"", 1, 1, ""},
};

static enum ds_status tables(void *arg)
{
    struct arena *a = arg;
    struct value *v;
    struct value_error error;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        size_t n = strlen(good[i].text);
        uint8_t *p = flush_copy(good[i].text, n);
        ck_assert_msg(yaml_parse(a, bytes_of(p, n), &v, &error) == DS_OK, "%s", good[i].text);
        ck_assert_str_eq(value_text(a, v), good[i].value);
        flush_free(p);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ck_assert_msg(yaml_parse(a, bytes_str(bad[i].text), &v, &error) == DS_PARSE, "%s",
                      bad[i].text);
        ck_assert_ptr_null(v);
        ck_assert_msg(strstr(error.message, bad[i].message) != NULL, "%s", error.message);
        if (*bad[i].message) {
            ck_assert_uint_eq(error.span.line, bad[i].line);
            ck_assert_uint_eq(error.span.column, bad[i].column);
        }
    }
    return DS_OK;
}

ARENA_TEST(values_and_errors, tables)

static enum ds_status deep(void *arg)
{
    struct arena *a = arg;
    struct value *v;
    struct value_error error;
    char text[400];
    memset(text, '[', sizeof text);
    ck_assert_int_eq(yaml_parse(a, bytes_of(text, sizeof text), &v, &error), DS_LIMIT);
    ck_assert_int_eq(yaml_parse(a, bytes_str("a:\n  key: on\n"), &v, &error), DS_OK);
    struct value *inner = value_get(v, "a");
    ck_assert_uint_eq(inner->keys[0].span.line, 2);
    ck_assert_uint_eq(inner->keys[0].span.column, 3);
    ck_assert(bytes_is(inner->items[0]->bytes, "on"));
    return DS_OK;
}

ARENA_TEST(depth_and_places, deep)

static enum ds_status one(void *arg)
{
    struct value *v;
    struct value_error error;
    return yaml_parse(arg, bytes_str("a: {b: [1, x], c: 'y'}\nd: [{e: f}]"), &v, &error);
}

START_TEST(every_allocation_may_fail)
{
    in_starved_arena(one);
}
END_TEST

Suite *yaml_suite(void)
{
    Suite *suite = suite_create("yaml");
    TCase *tc = tcase_create("yaml");

    tcase_add_test(tc, values_and_errors);
    tcase_add_test(tc, depth_and_places);
    tcase_add_test(tc, every_allocation_may_fail);
    suite_add_tcase(suite, tc);
    return suite;
}
