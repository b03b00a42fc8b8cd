/* SPDX-License-Identifier: Apache-2.0 */
/* Code as a requirement sees it, and the designated requirement of ad hoc code. */
#include <check.h>

#include "in_arena.h"
#include "lang/compile.h"
#include "seal/meets.h"
#include "seal/subject.h"

Suite *seal_subject_suite(void);

static struct codedir directory(uint8_t type, uint8_t byte)
{
    struct codedir cd = {.identifier = "com.example.id", .hash_type = type, .platform = 3};
    cd.cdhash_full_size = 20;
    memset(cd.cdhash, byte, sizeof cd.cdhash);
    return cd;
}

static struct slice slice_of(struct arena *a, uint8_t byte)
{
    struct slice s = {.arch = "arm64"};
    s.sig.directories = arena_array(a, 2, struct codedir);
    s.sig.directories[0] = directory(1, byte);
    s.sig.directories[1] = directory(2, byte + 1);
    s.sig.directory_count = 2;
    s.sig.chosen = &s.sig.directories[1];
    s.sig.present = s.sig.adhoc = true;
    s.sig.timestamp = WHEN_NONE;
    return s;
}

static enum ds_status subjects(void *arg)
{
    struct arena *a = arg;
    struct slice s = slice_of(a, 0x10);
    struct value *info = value_dict(a);
    struct code c = {.slices = &s, .slice_count = 1, .info = info};
    struct subject_answers answers = {VERDICT_YES, VERDICT_NO, true};
    struct subject out;
    code_subject(a, &c, &s.sig, NULL, &out);
    ck_assert(out.has_directory && bytes_is(out.identifier, "com.example.id"));
    ck_assert(bytes_equal(out.cdhash, bytes_of(s.sig.chosen->cdhash, 20)));
    ck_assert_uint_eq(out.platform, 3);
    ck_assert_uint_eq(out.unknown, FACT_BIT(FACT_NOTARIZED) | FACT_BIT(FACT_LEGACY_LISTED));
    ck_assert(!out.info && !out.has_timestamp && !out.old_anchor_apple);
    c.info_bound = true;
    s.sig.timestamp = WHEN_2001 + 5;
    code_subject(a, &c, &s.sig, &answers, &out);
    ck_assert(out.info == info && out.notarized && !out.legacy_listed && out.unknown == 0);
    ck_assert(out.old_anchor_apple && out.has_timestamp && out.timestamp == 5.0);
    code_subject(a, &c, NULL, &answers, &out);
    ck_assert(!out.has_directory && !out.info);
    return DS_OK;
}

ARENA_TEST(code_becomes_a_subject, subjects)

static enum ds_status designated(void *arg)
{
    struct arena *a = arg;
    struct slice slices[2] = {slice_of(a, 0x10), slice_of(a, 0x20)};
    struct code c = {.slices = slices, .slice_count = 2};
    code_designate(a, &c);
    ck_assert_str_eq(slices[1].sig.dr_text,
                     "cdhash H\"2020202020202020202020202020202020202020\" or "
                     "cdhash H\"2121212121212121212121212121212121212121\" or "
                     "cdhash H\"1010101010101010101010101010101010101010\" or "
                     "cdhash H\"1111111111111111111111111111111111111111\"");
    slices[0].sig.dr_explicit = true;
    slices[0].sig.dr = bytes_of(NULL, 0);
    slices[1].sig.chosen = NULL;
    slices[1].sig.dr = bytes_of(NULL, 0);
    code_designate(a, &c);
    ck_assert(slices[0].sig.dr.n == 0 && slices[1].sig.dr.n == 0);
    return DS_OK;
}

ARENA_TEST(adhoc_code_is_designated_by_its_hashes, designated)

/* An Info.plist that the directory binds is read for any requirement, whatever that asks for (§4.5). */
static enum ds_status malformed(void *arg)
{
    struct arena *a = arg;
    uint8_t bytes[64];
    struct slice s = slice_of(a, 0x10);
    struct codedir *cd = &s.sig.directories[1];
    struct code c = {.slices = &s, .slice_count = 1};
    const struct req_options options = {.mode = REQ_SINGLE};
    struct req_compiled always = req_compile(a, bytes_str("always"), &options);
    memset(bytes, 1, sizeof bytes);
    cd->blob = bytes_of(bytes, sizeof bytes);
    cd->hash_offset = 40;
    cd->hash_size = 20;
    cd->special_slots = 1;
    s.info_status = -67058;
    ck_assert_int_eq(code_satisfies(a, &c, &s.sig, always.blob, NULL).status, -67058);
    cd->special_slots = 0;
    ck_assert_int_eq(code_satisfies(a, &c, &s.sig, always.blob, NULL).verdict, VERDICT_YES);
    return DS_OK;
}

ARENA_TEST(a_section_that_is_no_plist_meets_nothing, malformed)

Suite *seal_subject_suite(void)
{
    Suite *s = suite_create("seal_subject");
    TCase *t = tcase_create("subject");
    tcase_add_test(t, code_becomes_a_subject);
    tcase_add_test(t, adhoc_code_is_designated_by_its_hashes);
    tcase_add_test(t, a_section_that_is_no_plist_meets_nothing);
    suite_add_tcase(s, t);
    return s;
}
