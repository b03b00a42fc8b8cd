/* SPDX-License-Identifier: Apache-2.0 */
/* Launch constraints: their frame, byte strings, and what is no constraint. */
#include <check.h>

#include "blob_bytes.h"
#include "flush.h"
#include "format/constraint.h"
#include "format/superblob.h"
#include "in_arena.h"

Suite *format_constraint_suite(void);

/* FAULT NULL: VALUE is what is read. */
static const struct {
    const char *der, *fault, *value;
} rows[] = {
    {"703f020101b03a30090c046363617402010030090c04636f6d7002010130170c0472657173b00f300d0c066364686"
     "17368040301020330090c0476657273020101",
     NULL, "{ccat: 0, comp: 1, reqs: {cdhash: <data 3 bytes>}, vers: 1}"},
    {"7035020101b03030090c046363617402010030090c04636f6d70020101300d0c0472657173b00530030101ff30090"
     "c0476657273020101",
     "an entry is no pair of key and value", NULL},
    {"7033020101b02e30090c046363617402010030090c04636f6d70020101300b0c0472657173b00330020c30090c047"
     "6657273020101",
     "an element is cut off or malformed", NULL},
    {"7030020101b02b30090c046363617402010030090c04636f6d7002010130080c0472657173b00030090c047665727"
     "3020102",
     "the version is not 1", NULL},
    {"7030020101b02b30090c046363617402010030090c04636f6d7002010130080c0472657173300030090c047665727"
     "3020101",
     "reqs is missing or no dictionary", NULL},
    {"7005020101b000", "ccat, comp or vers is missing or no integer", NULL},
    {"3100", "the top tag is not that of entitlements", NULL},
    {"", "an element is cut off or malformed", NULL},
};

static void check_row(struct arena *a, size_t i)
{
    struct bytes der;
    struct constraint c;
    ck_assert(bytes_unhex(a, bytes_str(rows[i].der), &der));
    struct buf blob = blob_bytes(a, BLOB_CONSTRAINT, der);
    uint8_t *copy = flush_copy(blob.p, blob.n);
    bool good = constraint_parse(a, bytes_of(copy, blob.n), &c);
    if (rows[i].fault) {
        ck_assert_msg(!good, "row %zu is read", i);
        ck_assert_str_eq(c.fault, rows[i].fault);
    } else {
        ck_assert_msg(good, "row %zu: %s", i, c.fault);
        ck_assert_str_eq(value_text(a, c.dict), rows[i].value);
    }
    flush_free(copy);
}

static enum ds_status work(void *arg)
{
    struct arena *a = arg;
    struct constraint c;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        check_row(a, i);
    struct buf other = blob_bytes(a, BLOB_ENTITLEMENTS_DER, bytes_of("\x70\x00", 2));
    ck_assert(!constraint_parse(a, buf_bytes(&other), &c));
    ck_assert_str_eq(c.fault, "the blob is no launch constraint");
    return DS_OK;
}

ARENA_TEST(constraints_are_read, work)

Suite *format_constraint_suite(void)
{
    Suite *s = suite_create("format_constraint");
    TCase *t = tcase_create("constraint");
    tcase_add_test(t, constraints_are_read);
    suite_add_tcase(s, t);
    return s;
}
