/* SPDX-License-Identifier: Apache-2.0 */
/* Case files: what is no case is refused with its place, changes and variants give the documents they describe. */
#include "forge_text.h"

Suite *forge_case_suite(void);

static const struct {
    const char *text;
    uint32_t line, column;
    const char *message, *suggestion; /* part of the message; NULL: no suggestion */
} slips[] = {
    {"titel: x\n", 1, 1, "unknown key 'titel'", "title"},
    {"code:\n  A.app: { identifer: a }\n", 2, 12, "unknown key 'identifer'", "identifier"},
    {"signers:\n  us: { kind: developer }\n", 2, 15, "'developer' is no kind", NULL},
    {"signers:\n  us: { kind: developer-ip }\n", 2, 15, "'developer-ip' is no kind",
     "developer-id"},
    {"host: { sip: maybe }\n", 1, 14, "'sip' must be yes or no", NULL},
    {"host: { date: soon }\n", 1, 15, "'date' must be a date", NULL},
    {"code: [A.app]\n", 1, 7, "'code' must be a dictionary", NULL},
    {"after-signing:\n  - flop: { path: a }\n", 2, 5, "unknown key 'flop'", "flip"},
    {"after-signing:\n  - resign: { path: a, sgner: b }\n", 2, 24, "unknown key 'sgner'", "signer"},
    {"after-signing: { flip: {} }\n", 1, 16, "'after-signing' must be a list", NULL},
    {"expect: { stage: amf }\n", 1, 18, "'amf' is no stage", "amfi"},
    {"expect: { also: [NE-PKG-DEVID-APEX] }\n", 1, 18, "is no finding", "NE-PKG-DEVID-APPEX"},
    {"variants:\n  v:\n    change: { code.A.app: 1 }\n", 3, 15, "", NULL},
    {"code: { A.app: {} }\nvariants:\n  v:\n    change: { code.\"B.app\".signer: x }\n", 4, 15,
     "there is no 'B.app' to change", "A.app"},
    {"variants:\n  v: { upon: w }\n", 2, 14, "there is no variant 'w'", NULL},
    {"variants:\n  v: { upon: w }\n  w: { upon: v }\n", 3, 14, "in a circle", NULL},
    {"title: a\nvariants:\n  v:\n    change: { title.x: 1 }\n", 4, 15, "nothing inside", NULL},
    {"variants:\n  v:\n    change: { 'code.': 1 }\n", 3, 15, "is no dotted path", NULL},
};

static size_t slip;

static void refuse_slip(struct forge_work *w)
{
    ck_assert_int_eq(forge_read(w), DS_PARSE);
    ck_assert_msg(strstr(w->error.message, slips[slip].message), "%zu: %s", slip, w->error.message);
    ck_assert_uint_eq(w->error.span.line, slips[slip].line);
    if (slips[slip].message[0])
        ck_assert_msg(w->error.span.column == slips[slip].column, "%zu: column %u", slip,
                      w->error.span.column);
    if (slips[slip].suggestion)
        ck_assert_str_eq(w->error.suggestion, slips[slip].suggestion);
}

START_TEST(slip_has_place_and_hint)
{
    slip = (size_t)_i;
    forge_work(slips[_i].text, refuse_slip);
}
END_TEST

static const char changes[] =
    "code:\n"
    "  A.app: { identifier: a, info: { X: 1 }, entitlements: { k: true }, profile: p }\n"
    "after-signing:\n"
    "  - flip: { path: A.app, page: 1 }\n"
    "expect: { verdict: accepted }\n"
    "variants:\n"
    "  one:\n"
    "    change:\n"
    "      code.\"A.app\".identifier: b\n"
    "      code.\"A.app\".info.CFBundleIdentifier: null\n"
    "      code.\"A.app\".entitlements.\"a.b\": null\n"
    "      code.\"A.app\".profile: null\n"
    "      after-signing.0.flip.page: 2\n"
    "      host.assume.notarized: yes\n"
    "    expect: { verdict: refused }\n"
    "  two:\n"
    "    upon: one\n"
    "    change:\n"
    "      code.\"B.app\": { identifier: c }\n"
    "      code.\"A.app\".entitlements: null\n";

static const struct value *at(const struct value *v, const char *key)
{
    return value_get(v, key);
}

static void apply_changes(struct forge_work *w)
{
    forge_must_read(w);
    ck_assert_uint_eq(w->file.variants.n, 3);
    const struct value *zero = w->file.variants.at[0].doc, *one = w->file.variants.at[1].doc,
                       *two = w->file.variants.at[2].doc;
    const struct value *app = at(at(one, "code"), "A.app");

    ck_assert_ptr_null(w->file.variants.at[0].name);
    ck_assert_str_eq(w->file.variants.at[2].name, "two");
    ck_assert_ptr_null(at(zero, "variants"));
    ck_assert_str_eq(value_get_cstr(at(at(zero, "code"), "A.app"), "identifier"), "a");
    ck_assert_str_eq(value_get_cstr(app, "identifier"), "b");
    /* below `info` and `entitlements` a null is a statement, elsewhere the key goes */
    ck_assert(value_is(at(at(app, "info"), "CFBundleIdentifier"), VALUE_NULL));
    ck_assert(value_is(at(at(app, "entitlements"), "a.b"), VALUE_NULL));
    ck_assert_ptr_null(at(app, "profile"));
    ck_assert_int_eq(value_int_or(at(at(at(one, "after-signing")->items[0], "flip"), "page"), 0),
                     2);
    ck_assert(value_is_true(at(at(at(one, "host"), "assume"), "notarized")));
    ck_assert_str_eq(value_get_cstr(at(one, "expect"), "verdict"), "refused");
    ck_assert_str_eq(value_get_cstr(at(two, "expect"), "verdict"), "refused");
    ck_assert_ptr_nonnull(at(at(two, "code"), "B.app"));
    ck_assert_ptr_null(at(at(at(two, "code"), "A.app"), "entitlements"));
    ck_assert_ptr_null(at(at(one, "code"), "B.app"));
}

START_TEST(changes_apply)
{
    forge_work(changes, apply_changes);
}
END_TEST

Suite *forge_case_suite(void)
{
    Suite *suite = suite_create("forge_case");
    TCase *tc = tcase_create("forge_case");

    tcase_add_loop_test(tc, slip_has_place_and_hint, 0, sizeof slips / sizeof *slips);
    tcase_add_test(tc, changes_apply);
    suite_add_tcase(suite, tc);
    return suite;
}
