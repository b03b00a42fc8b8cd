/* SPDX-License-Identifier: Apache-2.0 */
/* Tickets: a real one, what it lists, and damage. */
#include <check.h>

#include "flush.h"
#include "in_arena.h"
#include "seal/ticket.h"
#include "shared_files.h"

Suite *seal_ticket_suite(void);

#define REAL "real/tickets/iterm2-Contents-CodeResources.ticket"

/* One slice whose chosen directory has TYPE and DIGEST. */
static void check_lists(const struct ticket *t, uint8_t type, struct bytes digest, bool listed)
{
    struct codedir cd = {.hash_type = type};
    struct slice slice = {.sig = {.chosen = &cd}}, two[2] = {slice, {.arch = "unsigned"}};
    struct code c = {.slices = &slice, .slice_count = 1};
    memcpy(cd.cdhash, digest.p, sizeof cd.cdhash);
    ck_assert(ticket_lists_code(t, &c) == listed);
    c.slices = two;
    c.slice_count = 2;
    ck_assert(!ticket_lists_code(t, &c));
    struct code outer = {.ticket = {.present = true, .valid = true, .content = t}};
    c.slice_count = 1;
    c.parent = &outer;
    ck_assert_int_eq(code_notarized(&c, &slice.sig), listed ? VERDICT_YES : VERDICT_UNDECIDED);
    outer.ticket.content = NULL; /* imagined: it lists what it is said to */
    ck_assert_int_eq(code_notarized(&c, &slice.sig), VERDICT_UNDECIDED);
    outer.ticket.lists_this = true;
    ck_assert_int_eq(code_notarized(&c, &slice.sig), VERDICT_YES);
    outer.ticket.valid = false;
    ck_assert_int_eq(code_notarized(&c, &slice.sig), VERDICT_UNDECIDED);
}

static enum ds_status real(void *arg)
{
    struct arena *a = arg;
    struct bytes file;
    struct ticket_facts t;
    uint8_t none[20] = {0};
    if (!shared_read(a, REAL, &file))
        return DS_OK;
    ticket_read(a, file, false, &t);
    ck_assert_msg(t.valid, "%s", t.error);
    ck_assert(ticket_sniff(file));
    ck_assert_int_eq(t.issued, 1570598777);
    ck_assert_uint_eq(t.content->count, 25);
    ck_assert_uint_eq(t.content->flags, 2);
    const struct bytes first = bytes_of(t.content->entries.p + 1, 20);
    check_lists(t.content, 2, first, true);
    check_lists(t.content, 1, first, false);
    check_lists(t.content, 2, bytes_of(none, 20), false);
    return DS_OK;
}

ARENA_TEST(a_real_ticket_is_genuine, real)

/* Every byte counts, but for the zeros behind the signature, which must be zeros. */
static enum ds_status damaged(void *arg)
{
    struct bytes file;
    if (!shared_read(arg, REAL, &file))
        return DS_OK;
    for (size_t i = 0; i < file.n; i += i < 16 || i + 80 > file.n ? 1 : 31) {
        struct arena *a = arena_child(arg);
        struct ticket_facts t;
        uint8_t *copy = flush_copy(file.p, file.n);
        copy[i] ^= 0x10;
        ticket_read(a, bytes_of(copy, file.n), false, &t);
        ck_assert_msg(t.present && !t.valid && t.error, "byte %zu", i);
        flush_free(copy);
        copy = flush_copy(file.p, i);
        ticket_read(a, bytes_of(copy, i), false, &t);
        ck_assert(!t.valid || i + 2 >= file.n);
        flush_free(copy);
        arena_child_free(a);
    }
    return DS_OK;
}

ARENA_TEST(damage_is_seen, damaged)

Suite *seal_ticket_suite(void)
{
    Suite *s = suite_create("seal_ticket");
    TCase *t = tcase_create("ticket");
    tcase_set_timeout(t, 60);
    tcase_add_test(t, a_real_ticket_is_genuine);
    tcase_add_test(t, damage_is_seen);
    suite_add_tcase(s, t);
    return s;
}
