/* SPDX-License-Identifier: Apache-2.0 */
/* Profiles: the real ones, what their DER form must look like, and damage. */
#include <check.h>

#include "base/limits.h"
#include "flush.h"
#include "format/profile_der.h"
#include "in_arena.h"
#include "seal/profile.h"
#include "shared_files.h"

Suite *seal_profile_suite(void);

/* -- the DER content */

/* FAULT NULL: VALUE is what is read. */
static const struct {
    const char *der, *fault, *value;
} rows[] = {
    {"3100", NULL, "{}"},
    {"310a30080c034b65790101ff", NULL, "{Key: true}"},
    {"310a30090c034b65790101ff", "an element is cut off or malformed", NULL},
    {"311630140c034b6579170d3031303130313030303030305a", NULL, "{Key: 2001-01-01T00:00:00Z}"},
    {"310c300a0c034b65791203333635", NULL, "{Key: 365}"},
    {"310c300a0c034b65791203333a35", "a NumericString is no number", NULL},
    {"3111300f0c034b657930080c01410403010203", NULL, "{Key: [\"A\", <data 3 bytes>]}"},
    {"3110300e0c034b65797007020101b0023000", "an element is cut off or malformed", NULL},
    {"310e300c0c034b65797005020101b000", NULL, "{Key: {}}"},
    {"310a30080c034b6579010101", "a boolean is neither true nor false", NULL},
    {"310a30080c034b65790101ff00", "bytes follow the profile", NULL},
    {"310c300a0c034b65790101ff0500", "bytes follow the value of an entry", NULL},
    {"311030060c014201010030060c0141010100", "the entries are not in order", NULL},
    {"311030060c014101010030060c01410101ff", "a key occurs twice", NULL},
    {"310930070c034b65790500", "a value has a tag that profiles do not use", NULL},
    {"31810a30080c034b65790101ff", "a length is not in its shortest form", NULL},
    {"3080", "an element is cut off or malformed", NULL},
    {"3000", "it is no SET", NULL},
    {"", "an element is cut off or malformed", NULL},
};

static void check_row(struct arena *a, size_t i)
{
    struct bytes der;
    struct profile_der out;
    ck_assert(bytes_unhex(a, bytes_str(rows[i].der), &der));
    uint8_t *copy = flush_copy(der.p, der.n);
    bool good = profile_der_parse(a, bytes_of(copy, der.n), &out);
    if (rows[i].fault) {
        ck_assert_msg(!good, "row %zu is read", i);
        ck_assert_msg(strcmp(out.fault, rows[i].fault) == 0, "row %zu: %s", i, out.fault);
    } else {
        ck_assert_msg(good, "row %zu: %s", i, out.fault);
        ck_assert_str_eq(value_text(a, out.dict), rows[i].value);
    }
    flush_free(copy);
}

static enum ds_status der_rows(void *arg)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        check_row(arg, i);
    return DS_OK;
}

ARENA_TEST(der_is_read_strictly, der_rows)

/* -- real profiles, by the manifest */

enum { PATH = 0, ENTITLEMENTS = 13, DER = 14, TEAM = 15, APP_ID = 16, CMS = 20, CHAIN = 21, ALL };

static void check_facts(const struct profile *p, char **row)
{
    const struct value *claims = value_get(p->plist, "Entitlements");
    const char *path = row[PATH];
    ck_assert_msg(p->plist != NULL, "%s: %s", path, p->error);
    if (*row[ENTITLEMENTS])
        ck_assert_msg(claims->count == (size_t)atoi(row[ENTITLEMENTS]), "%s", path);
    if (*row[TEAM])
        ck_assert_str_eq(value_cstr(value_get(p->plist, "TeamIdentifier")->items[0]), row[TEAM]);
    ck_assert_msg(p->has_der == (strstr(row[DER], "DER") != NULL), "%s: DER form", path);
}

static void check_der(const struct profile *p, const char *path)
{
    if (!p->has_der)
        return;
    ck_assert_msg(!p->der_error, "%s: %s", path, p->der_error);
    ck_assert_msg(!p->der_differs, "%s: %s", path, p->der_differences.at[0]);
    ck_assert(p->der_signature_valid);
    ck_assert_int_eq(p->der_anchor, ANCHOR_APPLE_G3);
}

static void check_real(struct arena *a, char **row)
{
    struct bytes file;
    struct profile p;
    ck_assert(shared_read(a, arena_printf(a, "real/%s", row[PATH]), &file));
    profile_read(a, file, false, &p);
    bool intact = strcmp(row[CMS], "ok") == 0;
    ck_assert_msg(p.is_cms == (*row[CMS] != '\0'), "%s: %s", row[PATH], p.error);
    if (p.is_cms)
        check_facts(&p, row);
    ck_assert_msg(p.signature_valid == intact, "%s: %s", row[PATH], p.error);
    if (!intact)
        return;
    ck_assert_msg((p.anchor != ANCHOR_NONE) == (strcmp(row[CHAIN], "Apple") == 0), "%s: anchor",
                  row[PATH]);
    check_der(&p, row[PATH]);
}

static enum ds_status real_rows(void *arg)
{
    struct arena *a = arg;
    struct bytes table;
    char *row[32];
    if (!shared_read(a, "real/manifest.tsv", &table))
        return DS_OK;
    for (size_t n; (n = shared_row(a, &table, row, 32)) > 0;)
        if (n >= ALL && strncmp(row[PATH], "profiles/", 9) == 0)
            check_real(a, row);
    return DS_OK;
}

ARENA_TEST(real_profiles_are_read, real_rows)

/* -- damage to a real one */

static enum ds_status damaged(void *arg)
{
    struct arena *a = arg;
    struct bytes file;
    struct profile p;
    if (!shared_read(a, "real/profiles/osquery-developer-id.provisionprofile", &file))
        return DS_OK;
    for (size_t i = 0; i < file.n; i += 97) {
        struct arena *child = arena_child(a);
        uint8_t *copy = flush_copy(file.p, i);
        profile_read(child, bytes_of(copy, i), false, &p);
        ck_assert(!p.signature_valid);
        flush_free(copy);
        copy = flush_copy(file.p, file.n);
        copy[i] ^= 0x01;
        profile_read(child, bytes_of(copy, file.n), false, &p);
        flush_free(copy);
        arena_child_free(child);
    }
    size_t at = 0;
    while (memcmp(file.p + at, "<key>Name</key>", 15) != 0)
        at++;
    uint8_t *copy = flush_copy(file.p, file.n);
    copy[at + 6] ^= 0x20;
    profile_read(a, bytes_of(copy, file.n), false, &p);
    ck_assert(p.is_cms && !p.signature_valid && p.der_differs);
    flush_free(copy);
    return DS_OK;
}

ARENA_TEST(damage_is_seen, damaged)

static enum ds_status no_profiles(void *arg)
{
    struct profile p;
    profile_read(arg, bytes_str("<plist/>"), false, &p);
    ck_assert(!p.is_cms && !p.signature_valid && p.error && !p.plist);
    profile_read(arg, bytes_of(NULL, 0), false, &p);
    ck_assert(!p.is_cms && p.error);
    profile_read(arg, bytes_of("", (size_t)LIMIT_PROFILE + 1), false, &p);
    ck_assert(!p.is_cms && p.error);
    return DS_OK;
}

ARENA_TEST(other_files_are_no_profiles, no_profiles)

Suite *seal_profile_suite(void)
{
    Suite *s = suite_create("seal_profile");
    TCase *t = tcase_create("profile");
    tcase_set_timeout(t, 120);
    tcase_add_test(t, der_is_read_strictly);
    tcase_add_test(t, real_profiles_are_read);
    tcase_add_test(t, damage_is_seen);
    tcase_add_test(t, other_files_are_no_profiles);
    suite_add_tcase(s, t);
    return s;
}
