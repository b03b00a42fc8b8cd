/* SPDX-License-Identifier: Apache-2.0 */
/* Text, paths, bytes, dates, OIDs, values: tables. */
#include <check.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/oid.h"
#include "base/text.h"
#include "base/value.h"
#include "base/verdict.h"
#include "base/when.h"

Suite *words_suite(void);

#define COUNT(table) (sizeof(table) / sizeof *(table))

static void in_arena(enum ds_status (*work)(void *))
{
    struct arena *a = arena_new(0);
    ck_assert_int_eq(arena_run(a, work, a), DS_OK);
    arena_free(a);
}

static enum ds_status paths(void *a)
{
    static const struct {
        const char *in, *out;
    } rows[] = {
        {"/a/./b//c/", "/a/b/c"},
        {"/../a", "/a"},
        {"a/../../b", "../b"},
        {"/", "/"},
        {"", ""},
        {"a/b/..", "a"},
        {"./a", "a"},
        {"/a/../..", "/"},
        {"../../x", "../../x"},
        {"/a/b/../c", "/a/c"},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        ck_assert_str_eq(path_normal(a, rows[i].in), rows[i].out);
    ck_assert_str_eq(path_dir(a, "/a"), "/");
    ck_assert_str_eq(path_dir(a, "a"), "");
    ck_assert_str_eq(path_dir(a, "/a/b"), "/a");
    ck_assert_str_eq(path_join(a, "/", "x"), "/x");
    ck_assert_str_eq(path_join(a, "y", "x"), "y/x");
    ck_assert_str_eq(path_extension("/x/A.app"), "app");
    ck_assert_str_eq(path_extension("/x/.app"), "");
    ck_assert(path_below("/a/b", "/a") && path_below("/a", "/a") && !path_below("/ab", "/a"));
    ck_assert_str_eq(path_relative("/a/b/c", "/a"), "b/c");
    ck_assert_ptr_null(path_relative("/a", "/a"));
    ck_assert_str_eq(path_relative("/a/b", "/"), "a/b");
    ck_assert_ptr_null(path_relative("/a", "/a/b"));
    ck_assert_ptr_null(path_relative("/ab/c", "/a"));
    ck_assert_str_eq(path_relative("/a/b", path_normal(a, "/a/")), "b");
    size_t parents = 0;
    for (const char *up = path_dir(a, "a/b/c/d/e/f/g/x"); *up; up = path_dir(a, up))
        parents++;
    ck_assert_uint_eq(parents, 7);
    ck_assert_str_eq(path_dir(a, "x"), "");
    return DS_OK;
}

START_TEST(patterns_with_marks)
{
    static const struct {
        const char *text, *pattern;
        bool fits;
    } rows[] = {
        {"", "", true},
        {"a", "a", true},
        {"a", "ab", false},
        {"ab", "a", false},
        {"size=12 x", "size=<n> x", true},
        {"size= x", "size=<n> x", false},
        {"CDHash=09af\n", "CDHash=<hex>\n", true},
        {"CDHash=09AF\n", "CDHash=<hex>\n", false},
        {"  09 AF \n", "  <pairs>\n", true},
        {"one two\nthree", "one <rest>\nthree", true},
        {"one \nthree", "one <rest>\nthree", false},
        {"<what>", "<what>", true},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        ck_assert_msg(text_fits(rows[i].text, rows[i].pattern) == rows[i].fits, "%s against %s",
                      rows[i].text, rows[i].pattern);
}
END_TEST

START_TEST(path_arithmetic)
{
    in_arena(paths);
}
END_TEST

START_TEST(suggestions)
{
    static const char *const words[] = {"identifier", "signer", "entitlements", "profile"};
    ck_assert_str_eq(text_suggest("identifer", words, 4), "identifier");
    ck_assert_str_eq(text_suggest("singer", words, 4), "signer");
    ck_assert_str_eq(text_suggest("entitlment", words, 4), "entitlements");
    ck_assert_ptr_null(text_suggest("zzz", words, 4));
    ck_assert_ptr_null(text_suggest("", words, 4));
}
END_TEST

static enum ds_status dates(void *a)
{
    static const struct {
        const char *in;
        int64_t out;
    } iso[] = {
        {"2001-01-01", WHEN_2001},
        {"1970-01-01T00:00:01Z", 1},
        {"2026-01-15 10:00:00 +0000", 1768471200},
        {"2024-02-29T12:00", 1709208000},
        {"1969-12-31T23:59:59Z", -1},
    };
    int64_t t;
    for (size_t i = 0; i < COUNT(iso); i++) {
        ck_assert_msg(when_parse_iso(bytes_str(iso[i].in), &t), "%s", iso[i].in);
        ck_assert_int_eq(t, iso[i].out);
    }
    static const char *const bad[] = {"2023-02-29",   "2023-13-01",           "2023-1-1", "x", "",
                                      "2023-01-01Tx", "2023-01-01T10:00:00+1"};
    for (size_t i = 0; i < COUNT(bad); i++)
        ck_assert_msg(!when_parse_iso(bytes_str(bad[i]), &t), "%s", bad[i]);
    ck_assert(when_parse_utctime(bytes_str("700101000001Z"), &t) && t == 1);
    ck_assert(when_parse_utctime(bytes_str("4912312359+0100"), &t));
    ck_assert(when_parse_generalized(bytes_str("20190408000000Z"), &t) &&
              when_to_2001(t) == 576374400);
    ck_assert(when_parse_generalized(bytes_str("20190408000000.25Z"), &t) &&
              when_to_2001(t) == 576374400);
    ck_assert(!when_parse_generalized(bytes_str("20190408"), &t));
    for (int64_t day = -200000; day < 200000; day += 37) {
        int64_t when = day * 86400 + 12345;
        ck_assert_int_eq(when_from_civil(when_to_civil(when)), when);
    }
    ck_assert_str_eq(when_iso(a, 1768471200), "2026-01-15T10:00:00Z");
    return DS_OK;
}

START_TEST(dates_round_trip)
{
    in_arena(dates);
}
END_TEST

static enum ds_status byte_things(void *a)
{
    struct bytes out;
    static const char *const good[] = {"", "a", "é", "\xe2\x82\xac", "\xf0\x9f\x98\x80"};
    static const char *const bad[] = {"\xff", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80",
                                      "\xc3", "\xe2\x82", "\xe0\x80\x80"};
    for (size_t i = 0; i < COUNT(good); i++)
        ck_assert(bytes_utf8(bytes_str(good[i])));
    for (size_t i = 0; i < COUNT(bad); i++)
        ck_assert(!bytes_utf8(bytes_str(bad[i])));
    ck_assert(bytes_unhex(a, bytes_str("00fFA0"), &out) && out.n == 3);
    ck_assert_str_eq(bytes_hex(a, out), "00ffa0");
    ck_assert(!bytes_unhex(a, bytes_str("0"), &out) && !bytes_unhex(a, bytes_str("0g"), &out));
    ck_assert_str_eq(bytes_printable(a, bytes_str("a\n\\\xff€"), 0), "a\\n\\\\\\xff€");
    ck_assert_str_eq(bytes_printable(a, bytes_str("abcdef"), 3), "abc…");
    ck_assert_int_lt(bytes_compare(bytes_str("ab"), bytes_str("abc")), 0);
    ck_assert(!bytes_part(bytes_str("abc"), 2, UINT64_MAX, &out));
    return DS_OK;
}

START_TEST(requirement_dates)
{
    static const struct {
        const char *in;
        int64_t out;
    } rows[] = {
        {"20190408000000Z", 0x225ac680},
        {"201904080000005", 0x225ac680},
        {"20190408000000+0100", 0x225ab870},
        {"20190408000000-0100", 0x225ad490},
        {"2019040800000070100", 0x225ad490},
        {"20240229235960Z", 0x2b915200},
        {"19000228120000Z", -(INT64_C(0x100000000) - 0x4252d8c0)},
        {"20010101000000Z", 0},
        {"20191308000000Z", 0},
        {"19000229120000Z", 0},
        {"20240101235961Z", 0},
        {"20240101000000z", 0},
        {"20190408000000*0100", 0},
        {"20190408000000+01x0", 0},
        {"2019040800000", 0},
        {"190408000000Z", 0},
        {"20190408000000.5Z", 0},
        {"", 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        ck_assert_int_eq(when_requirement_date(bytes_str(rows[i].in)), rows[i].out);
}
END_TEST

START_TEST(bytes_as_a_whole)
{
    in_arena(byte_things);
}
END_TEST

static enum ds_status oids(void *a)
{
    for (int i = OID_UNKNOWN + 1; i < OID_COUNT; i++) {
        struct bytes der = oid_bytes(a, (enum oid_id)i), again;
        ck_assert_msg(der.n != 0, "%s", oid_dotted((enum oid_id)i));
        ck_assert_int_eq(oid_find(der), i);
        ck_assert_str_eq(oid_text(a, der), oid_dotted((enum oid_id)i));
        ck_assert(oid_parse(a, oid_dotted((enum oid_id)i), &again) && bytes_equal(der, again));
    }
    struct bytes out;
    static const char *const bad[] = {"1",   "1.",   "3.1", "1.40",
                                      "a.b", "1.2.", "",    "1.2.99999999999999999999999"};
    for (size_t i = 0; i < COUNT(bad); i++)
        ck_assert_msg(!oid_parse(a, bad[i], &out), "%s", bad[i]);
    ck_assert_str_eq(bytes_hex(a, oid_bytes(a, OID_APPLE_DEVID_APP)), "2a864886f7636406010d");
    return DS_OK;
}

START_TEST(oids_round_trip)
{
    in_arena(oids);
}
END_TEST

static enum ds_status values(void *a)
{
    struct value *d = value_dict(a), *list = value_array(a);
    value_append(a, list, value_string(a, "x"));
    value_append(a, list, value_bool(a, true));
    value_set(a, d, "k", list);
    value_set(a, d, "n", value_int(a, 3));
    value_set(a, d, "n", value_int(a, 4));
    ck_assert_str_eq(value_text(a, d), "{k: [\"x\", true], n: 4}");
    struct value *copy = value_clone(a, d), *other = value_dict(a);
    value_set(a, other, "n", value_int(a, 4));
    value_set(a, other, "k", value_clone(a, list));
    ck_assert(value_equal(d, copy) && value_equal(d, other));
    ck_assert(value_remove(copy, "k") && !value_remove(copy, "k"));
    ck_assert(!value_equal(d, copy) && value_get(d, "k"));
    ck_assert(value_has_string(list, "x") && !value_has_string(list, "y") &&
              !value_has_string(NULL, "y"));
    ck_assert_ptr_null(value_get(list, "k"));
    ck_assert_ptr_null(value_get_cstr(d, "n"));
    ck_assert_int_eq(value_int_or(value_get(d, "k"), 7), 7);
    return DS_OK;
}

START_TEST(values_are_trees)
{
    in_arena(values);
}
END_TEST

START_TEST(kleene)
{
    const enum verdict y = VERDICT_YES, n = VERDICT_NO, u = VERDICT_UNDECIDED;
    ck_assert(verdict_and(y, u) == u && verdict_and(n, u) == n && verdict_and(u, n) == n &&
              verdict_and(y, y) == y);
    ck_assert(verdict_or(y, u) == y && verdict_or(n, u) == u && verdict_or(u, y) == y &&
              verdict_or(n, n) == n);
    ck_assert(verdict_not(u) == u && verdict_not(y) == n && verdict_not(n) == y);
}
END_TEST

Suite *words_suite(void)
{
    Suite *suite = suite_create("words");
    TCase *tc = tcase_create("words");

    tcase_add_test(tc, path_arithmetic);
    tcase_add_test(tc, patterns_with_marks);
    tcase_add_test(tc, suggestions);
    tcase_add_test(tc, dates_round_trip);
    tcase_add_test(tc, requirement_dates);
    tcase_add_test(tc, bytes_as_a_whole);
    tcase_add_test(tc, oids_round_trip);
    tcase_add_test(tc, values_are_trees);
    tcase_add_test(tc, kleene);
    suite_add_tcase(suite, tc);
    return suite;
}
