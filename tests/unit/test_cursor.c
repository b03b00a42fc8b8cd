/* SPDX-License-Identifier: Apache-2.0 */
/* Cursor and DER: sticky failure, child cursors, definite and indefinite lengths, hostile lengths. */
#include <check.h>

#include "base/arena.h"
#include "base/cursor.h"
#include "base/der.h"
#include "flush.h"
#include "in_arena.h"

Suite *cursor_suite(void);

START_TEST(reads_both_orders)
{
    static const uint8_t raw[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    uint8_t *p = flush_copy(raw, sizeof raw);
    struct cursor c = cursor_of(bytes_of(p, sizeof raw), 100);

    ck_assert_uint_eq(cursor_be32(&c), 0x01020304);
    ck_assert_uint_eq(cursor_le16(&c), 0x0605);
    ck_assert_uint_eq(cursor_offset(&c), 106);
    ck_assert_uint_eq(cursor_be64(&c), 0x0708090a0b0c0d0eull);
    ck_assert_uint_eq(cursor_be16(&c), 0);
    ck_assert(c.failed);
    ck_assert_uint_eq(c.failed_at, 114);
    ck_assert_uint_eq(cursor_u8(&c), 0);
    ck_assert_uint_eq(cursor_left(&c), 0);
    flush_free(p);
}
END_TEST

START_TEST(children_stay_inside)
{
    static const uint8_t raw[] = "abcd\0efgh";
    uint8_t *p = flush_copy(raw, 9);
    struct cursor c = cursor_of(bytes_of(p, 9), 0);
    struct cursor part = cursor_part(&c, 5, 4);

    ck_assert_uint_eq(part.origin, 5);
    ck_assert(bytes_is(cursor_rest(&part), "efgh"));
    ck_assert(cursor_part(&c, 5, 5).failed);
    ck_assert(cursor_part(&c, UINT64_MAX, UINT64_MAX).failed);
    ck_assert(!c.failed);
    ck_assert(bytes_is(cursor_cstring_at(&c, 1), "bcd"));
    ck_assert_uint_eq(cursor_cstring_at(&c, 5).n, 0);
    ck_assert(c.failed);
    flush_free(p);
}
END_TEST

static const struct {
    const char *hex;
    bool ok;
    size_t content;
    bool minimal;
} der_rows[] = {
    {"0500", true, 0, true},
    {"040161", true, 1, true},
    {"04810161", true, 1, false},      /* length could be shorter */
    {"048000000000", false, 0, false}, /* indefinite needs constructed */
    {"24800401610401620000", true, 6, false},
    {"2480040161", false, 0, false}, /* no end-of-contents */
    {"0402", false, 0, false},
    {"0489ffffffffffffffffff", false, 0, false},
    {"0488ffffffffffffffff", false, 0, false},
    {"7f8a3d0161", true, 1, true}, /* long tag */
    {"1f0161", false, 0, false},
    {"1000", false, 0, false}, /* a primitive sequence, and set */
    {"1100", false, 0, false},
    {"2203020101", false, 0, false}, /* a constructed integer, and null */
    {"2500", false, 0, false},
    {"9000", true, 0, true}, /* what the application names is its own business */
    {"", false, 0, false},
};

static enum ds_status der_table(void *arg)
{
    struct arena *a = arg;
    for (size_t i = 0; i < sizeof der_rows / sizeof *der_rows; i++) {
        struct bytes raw;
        struct der d;
        ck_assert(bytes_unhex(a, bytes_str(der_rows[i].hex), &raw));
        uint8_t *p = flush_copy(raw.p, raw.n);
        struct cursor c = cursor_of(bytes_of(p, raw.n), 0);
        ck_assert_msg(der_next(&c, &d) == der_rows[i].ok, "%s", der_rows[i].hex);
        if (der_rows[i].ok) {
            ck_assert_uint_eq(d.content.n, der_rows[i].content);
            ck_assert_msg(d.minimal == der_rows[i].minimal, "%s", der_rows[i].hex);
        }
        flush_free(p);
    }
    return DS_OK;
}

ARENA_TEST(der_elements, der_table)

static enum ds_status octets(void *arg)
{
    struct arena *a = arg;
    struct bytes raw, joined;
    struct der d;
    ck_assert(bytes_unhex(a, bytes_str("24 00"), &raw) == false);
    ck_assert(bytes_unhex(a, bytes_str("2480040161248004016200000401630000"), &raw));
    struct cursor c = cursor_of(raw, 0);
    ck_assert(der_next(&c, &d));
    ck_assert(der_octets(a, &d, &joined));
    ck_assert(bytes_is(joined, "abc"));
    return DS_OK;
}

ARENA_TEST(der_joins_octets, octets)

START_TEST(der_nesting_ends)
{
    uint8_t deep[4096];
    memset(deep, 0, sizeof deep);
    for (size_t i = 0; i + 1 < sizeof deep; i += 2) {
        deep[i] = 0x30;
        deep[i + 1] = 0x80;
    }
    struct cursor c = cursor_of(bytes_of(deep, sizeof deep), 0);
    struct der d;
    ck_assert(!der_next(&c, &d));
}
END_TEST

START_TEST(der_integers)
{
    static const uint8_t minus[] = {2, 1, 0xff},
                         big[] = {2, 9, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
    struct cursor c = cursor_of(bytes_of(minus, sizeof minus), 0);
    struct der d;
    int64_t v;
    ck_assert(der_next(&c, &d) && der_int64(&d, &v));
    ck_assert_int_eq(v, -1);
    c = cursor_of(bytes_of(big, sizeof big), 0);
    ck_assert(der_next(&c, &d) && !der_int64(&d, &v));
}
END_TEST

Suite *cursor_suite(void)
{
    Suite *suite = suite_create("cursor");
    TCase *tc = tcase_create("cursor");

    tcase_add_test(tc, reads_both_orders);
    tcase_add_test(tc, children_stay_inside);
    tcase_add_test(tc, der_elements);
    tcase_add_test(tc, der_joins_octets);
    tcase_add_test(tc, der_nesting_ends);
    tcase_add_test(tc, der_integers);
    suite_add_tcase(suite, tc);
    return suite;
}
