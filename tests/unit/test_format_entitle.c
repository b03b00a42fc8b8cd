/* SPDX-License-Identifier: Apache-2.0 */
/* Entitlements: AMFI's strict XML, both DER forms, canonical encoding, and what real signatures hold. */
#include <check.h>

#include "blob_bytes.h"
#include "format/entitle.h"
#include "format/macho.h"
#include "format/superblob.h"
#include "in_arena.h"
#include "shared_files.h"

Suite *format_entitle_suite(void);

#define HEAD                                                                                \
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE plist PUBLIC \"-//Apple//DTD\" " \
    "\"http://x\">\n"

/* ERROR NULL: VALUE is what is read. */
static const struct {
    const char *xml, *error, *value;
} xml_rows[] = {
    {HEAD "<plist version=\"1.0\">\n<dict>\n<key>a</key><true/>\n</dict>\n</plist>\n", NULL,
     "{a: true}"},
    {"<dict><key>a</key><false/><key>b</key><string>x&lt;&amp;&gt;y</string></dict>", NULL,
     "{a: false, b: \"x<&>y\"}"},
    {"<dict><key>i</key><integer> -12 </integer><key>h</key><integer "
     "size=\"32\">0xfF</integer></dict>",
     NULL, "{i: -12, h: 255}"},
    {"<dict><key>l</key><array><string>x</string><integer>1</integer><dict/><array/><string/></"
     "array></dict>",
     NULL, "{l: [\"x\", 1, {}, [], \"\"]}"},
    {"<dict><key>d</key><data>aGVsbG8=</data><key>x</key><data format=\"hex\">0aFF</data></dict>",
     NULL, "{d: <data 5 bytes>, x: <data 2 bytes>}"},
    {"<dict><key>s</key><set><true/></set></dict>", NULL, "{s: [true]}"},
    {"<!-- fine -->\n<dict><!-- - a-b --></dict><!---->", NULL, "{}"},
    {"<dict/>\n</plist>\n", NULL, "{}"},
    {"<plist><dict><key>n\nl</key>\n<true/></dict></plist>", NULL, "{n\\nl: true}"},
    {"<dict>\n<!-- not -- this -->\n</dict>", "syntax error near line 2", NULL},
    {"<dict>\n<!-- never\nends </dict>", "syntax error near line 3", NULL},
    {"<dict>\n<!- x -->\n</dict>", "syntax error near line 2", NULL},
    {"\xef\xbb\xbf<dict/>", "syntax error near line 1", NULL},
    {"bplist00\xd0\x08", "syntax error near line 1", NULL},
    {"", "syntax error near line 1", NULL},
    {"<dict>", "syntax error near line 1", NULL},
    {"<dict><key>a</key>\n</dict>", "syntax error near line 2", NULL},
    {"<dict>\n<true/></dict>", "syntax error near line 2", NULL},
    {"<dict><key>a</key>\n<true></true></dict>", "syntax error near line 2", NULL},
    {"<dict><key>a</key>\n<real>1</real></dict>", "syntax error near line 2", NULL},
    {"<dict><key>a</key>\n<date>2020-01-01T00:00:00Z</date></dict>", "syntax error near line 2",
     NULL},
    {"<dict><key>a</key>\n<integer>12x</integer></dict>", "syntax error near line 2", NULL},
    {"<dict><key>a</key>\n<integer>18446744073709551616</integer></dict>",
     "syntax error near line 2", NULL},
    {"<dict><key>a</key>\n<integer></integer></dict>", "syntax error near line 2", NULL},
    {"<dict><key>a</key>\n<string><![CDATA[x]]></string></dict>", "syntax error near line 2", NULL},
    {"<dict><key>a</key>\n<string>&copy;</string></dict>", "syntax error near line 2", NULL},
    {"<dict><key>a</key>\n<string>x</key></dict>", "syntax error near line 2", NULL},
    {"<dict><key>a</key>\n<data>a$b</data></dict>", "syntax error near line 2", NULL},
    {"<dict><key>a</key>\n<data format=\"hex\">0g</data></dict>", "syntax error near line 2", NULL},
    {"<dict><key>a</key>\n<string IDREF=\"1\"/></dict>", "syntax error near line 2", NULL},
    {"<dict><key>a</key>\n<string x=1>y</string></dict>", "syntax error near line 2", NULL},
    {"<dict><key>a</key>\n<string x=\"1>y</string></dict>", "syntax error near line 2", NULL},
    {"<dict>text</dict>", "syntax error near line 1", NULL},
    {"<dict></array>", "syntax error near line 1", NULL},
    {"<dict/>\nmore", "syntax error near line 2", NULL},
    {"<dict/>\n<dict/>", "syntax error near line 2", NULL},
    {"<dict>\n<key>a</key><true/>\n<key>b</key><true/>\n<key>a</key><false/>\n</dict>",
     "duplicate dictionary key near line 4", NULL},
    {"<array/>", "the entitlements are not a dictionary", NULL},
    {"<true/>", "the entitlements are not a dictionary", NULL},
    {"<? x ", "syntax error near line 1", NULL},
};

static enum ds_status xml(void *arg)
{
    struct arena *a = arg;
    for (size_t i = 0; i < sizeof xml_rows / sizeof *xml_rows; i++) {
        const char *error = NULL;
        struct value *v = entitle_xml(a, flush(a, bytes_str(xml_rows[i].xml)), &error);
        ck_assert_msg((v != NULL) == (xml_rows[i].error == NULL), "%s: %s", xml_rows[i].xml, error);
        if (v)
            ck_assert_str_eq(value_text(a, v), xml_rows[i].value);
        else
            ck_assert_msg(strcmp(error, xml_rows[i].error) == 0, "%s: %s", xml_rows[i].xml, error);
    }
    /* NULs behind the text are padding, other bytes are not. */
    ck_assert_ptr_nonnull(entitle_xml(a, bytes_of("<dict/>\0\0", 9), NULL));
    ck_assert_ptr_null(entitle_xml(a, bytes_of("<dict/>\0x", 9), NULL));
    struct buf deep = {.arena = a};
    for (int i = 0; i < 100; i++)
        buf_str(&deep, "<array>");
    ck_assert_ptr_null(entitle_xml(a, buf_bytes(&deep), NULL));
    deep.n = 0;
    buf_zero(&deep, 300000);
    const char *error;
    ck_assert_ptr_null(entitle_xml(a, buf_bytes(&deep), &error));
    ck_assert_str_eq(error, "the entitlements are too large");
    return DS_OK;
}

ARENA_TEST(xml_is_read_strictly, xml)

static enum ds_status lines(void *arg)
{
    struct value *v = entitle_xml(arg, bytes_str("<dict>\n<key>a</key>\n<true/>\n</dict>"), NULL);
    ck_assert_uint_eq(v->keys[0].span.line, 2);
    ck_assert_uint_eq(v->items[0]->span.line, 3);
    return DS_OK;
}

ARENA_TEST(lines_are_kept, lines)

/* -- DER ------------------------------------------------------------------------------------------------ */

static const struct {
    const char *hex, *value; /* VALUE NULL: not readable */
    const char *fault;
    bool old_form;
} der_rows[] = {
    {"7005020101b000", "{}", NULL, false},
    {"700f020101b00a30080c036b65790101ff", "{key: true}", NULL, false},
    {"700f020101b00a30080c036b6579010101", "{key: true}", "neither true nor false", false},
    {"7010020101b00b30090c036b6579020200ff", "{key: 255}", NULL, false},
    {"7010020101b00b30090c036b65790202007f", "{key: 127}", "longer than it need be", false},
    {"7010020101b00b30090c036b65790202ffff", "{key: -1}", "longer than it need be", false},
    {"7013020101b00e30050c0161300030050c01623000", "{a: [], b: []}", NULL, false},
    {"7013020101b00e30050c0162300030050c01613000", "{b: [], a: []}", "not in order", false},
    {"7013020101b00e30050c0161300030050c01613000", "{a: [], a: []}", "twice", false},
    {"310a30080c036b6579010101", "{key: true}", NULL, true},
    {"310a30080c036b65790101ff", "{key: true}", "neither true nor false", true},
    {"310e30050c0161300030050c01623100", "{a: [], b: {}}", NULL, true},
    {"310e30050c0162300030050c01613000", "{b: [], a: []}", "not in order", true},
    {"310f30050c0161300030060c0161020105", "{a: [], a: 5}", "twice", true},
    {"7005020102b000", NULL, "version", false},
    {"7003020101", NULL, "cut off", false},
    {"70050201013000", NULL, "no dictionary", false},
    {"7007020101b0000500", "{}", "bytes follow the dictionary", false},
    {"7005020101b00000", "{}", "bytes follow the dictionary", false},
    {"708105020101b000", "{}", "shortest form", false},
    {"7007020101b0023000", NULL, "cut off", false},
    {"700c020101b00730050401613000", NULL, "no pair", false},
    {"700c020101b00730050c01610a00", NULL, "a tag that", false},
    {"700c020101b00730050c0161b100", NULL, "a tag that", false},
    {"700b020101b00630040c0161", NULL, "cut off", false},
    {"700c020101b00730050c01610100", NULL, "one byte", false},
    {"700d020101b00830060c01ff020105", NULL, "UTF-8", false},
    {"700d020101b00830060c01610c01ff", NULL, "UTF-8", false},
    {"7015020101b010300e0c01610209010203040506070809", NULL, "64 bits", false},
    {"700e020101b00930070c016130000500", "{a: []}", "bytes follow the value", false},
    {"3005020101b000", NULL, "top tag", false},
    {"70", NULL, "cut off", false},
    {"", NULL, "cut off", false},
};

static enum ds_status der(void *arg)
{
    struct arena *a = arg;
    for (size_t i = 0; i < sizeof der_rows / sizeof *der_rows; i++) {
        struct bytes raw;
        struct entitle_der d;
        ck_assert_msg(bytes_unhex(a, bytes_str(der_rows[i].hex), &raw), "%s", der_rows[i].hex);
        bool good = entitle_der_parse(a, flush(a, raw), &d);
        ck_assert_msg((d.dict != NULL) == (der_rows[i].value != NULL), "%s: %s", der_rows[i].hex,
                      d.fault);
        ck_assert_msg(good == (der_rows[i].fault == NULL), "%s: %s", der_rows[i].hex, d.fault);
        if (d.dict)
            ck_assert_str_eq(value_text(a, d.dict), der_rows[i].value);
        if (der_rows[i].fault)
            ck_assert_msg(strstr(d.fault, der_rows[i].fault) != NULL, "%s: %s", der_rows[i].hex,
                          d.fault);
        ck_assert_msg(d.old_form == der_rows[i].old_form, "%s", der_rows[i].hex);
    }
    /* Nesting ends. */
    struct buf deep = {.arena = a};
    struct entitle_der d;
    for (int i = 0; i < 200; i++) {
        struct buf outer = {.arena = a};
        buf_byte(&outer, 0x30);
        if (deep.n >= 128) {
            buf_byte(&outer, 0x82);
            buf_be16(&outer, (uint16_t)deep.n);
        } else {
            buf_byte(&outer, (uint8_t)deep.n);
        }
        buf_put(&outer, buf_bytes(&deep));
        deep = outer;
    }
    struct buf all = {.arena = a};
    buf_put(&all, bytes_of("\x31\x82\0\0\x30\x82\0\0\x0c\x01\x61", 11));
    buf_put(&all, buf_bytes(&deep));
    poke(&all, 2, 2, all.n - 4), poke(&all, 6, 2, all.n - 8);
    ck_assert(!entitle_der_parse(a, buf_bytes(&all), &d));
    ck_assert_ptr_nonnull(strstr(d.fault, "too deeply"));
    return DS_OK;
}

ARENA_TEST(der_is_read, der)

static enum ds_status encode(void *arg)
{
    struct arena *a = arg;
    struct bytes out;
    const char *error;
    struct entitle_der d;
    struct value *v = value_dict(a), *list = value_array(a), *inner = value_dict(a);
    ck_assert(entitle_der_encode(a, v, &out, &error));
    ck_assert_str_eq(bytes_hex(a, out), "7005020101b000");
    value_set(a, v, "key", value_bool(a, true));
    ck_assert(entitle_der_encode(a, v, &out, NULL));
    ck_assert_str_eq(bytes_hex(a, out), "700f020101b00a30080c036b65790101ff");
    static const int64_t numbers[] = {0, 127, 128, -1, -128, -129, 65535, INT64_MAX, INT64_MIN};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        value_append(a, list, value_int(a, numbers[i]));
    value_append(a, list, value_string(a, arena_printf(a, "%0300d", 0)));
    value_set(a, inner, "b", value_bool(a, false));
    value_set(a, inner, "aa", list);
    value_set(a, v, "a", inner);
    ck_assert(entitle_der_encode(a, v, &out, &error));
    ck_assert(entitle_der_parse(a, flush(a, out), &d));
    ck_assert(value_equal(d.dict, v));
    ck_assert(bytes_is(d.dict->keys[0].name, "a"));
    struct value *bad[] = {value_real(a, 1), value_null(a),    value_data(a, bytes_str("x")),
                           value_date(a, 0), value_int(a, -1), value_string(a, "\xff")};
    bad[4]->is_unsigned = true;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct value *dict = value_dict(a);
        value_set(a, dict, "com.example", bad[i]);
        ck_assert(!entitle_der_encode(a, dict, &out, &error));
        ck_assert_ptr_nonnull(strstr(error, "com.example holds"));
    }
    ck_assert(!entitle_der_encode(a, list, &out, &error));
    return DS_OK;
}

ARENA_TEST(der_is_written, encode)

static enum ds_status differences(void *arg)
{
    struct arena *a = arg;
    struct name_vec out = {0};
    struct value *x =
        entitle_xml(a, bytes_str("<dict><key>a</key><true/><key>b</key><true/></dict>"), NULL);
    struct value *y = entitle_xml(
        a, bytes_str("<dict><key>b</key><false/><key>c</key><string>z</string></dict>"), NULL);
    entitle_differences(a, x, y, &out);
    ck_assert_uint_eq(out.n, 3);
    ck_assert_str_eq(out.at[0], "a: true in XML, absent in DER");
    ck_assert_str_eq(out.at[1], "b: true in XML, false in DER");
    ck_assert_str_eq(out.at[2], "c: absent in XML, \"z\" in DER");
    out.n = 0;
    entitle_differences(a, x, x, &out);
    entitle_differences(a, NULL, NULL, &out);
    ck_assert_uint_eq(out.n, 0);
    return DS_OK;
}

ARENA_TEST(differences_are_named, differences)

static enum ds_status hostile(void *arg)
{
    struct arena *a = arg;
    struct bytes der_bytes, text = bytes_str(xml_rows[0].xml);
    ck_assert(bytes_unhex(a, bytes_str("7013020101b00e30050c0161300030050c01623000"), &der_bytes));
    for (size_t i = 0; i < der_bytes.n * 256; i++) {
        struct arena *each = arena_child(a);
        struct entitle_der d;
        uint8_t *copy = arena_copy(each, der_bytes.p, der_bytes.n);
        copy[i / 256] = (uint8_t)i;
        (void)entitle_der_parse(each, flush(each, bytes_of(copy, der_bytes.n)), &d);
        (void)entitle_der_parse(each, flush(each, bytes_of(copy, i / 256)), &d);
        arena_child_free(each);
    }
    for (size_t i = 0; i < text.n; i++) {
        struct arena *each = arena_child(a);
        uint8_t *copy = arena_copy(each, text.p, text.n);
        const char *error = NULL;
        (void)entitle_xml(each, flush(each, bytes_of(text.p, i)), &error);
        copy[i] ^= 0x1f;
        (void)entitle_xml(each, flush(each, bytes_of(copy, text.n)), &error);
        arena_child_free(each);
    }
    return DS_OK;
}

ARENA_TEST(hostile_entitlements, hostile)

/* -- Real files: where the new form stands beside XML, encoding the XML gives the same bytes ------------- */

static void compare_slice(struct arena *a, const struct macho_slice *s, size_t *compared)
{
    struct findings f = {.arena = a};
    struct superblob super;
    struct bytes xml_blob, der_blob, again;
    struct entitle_der d;
    struct place at = place_path("x");
    const char *error = NULL;
    if (!s->has_signature ||
        !superblob_parse(macho_signature_area(s), BLOB_SIGNATURE, &f, at, &super) ||
        superblob_component(&super, SLOT_ENTITLEMENTS, &f, at, &xml_blob) != COMPONENT_PRESENT)
        return;
    struct value *v = entitle_xml(a, blob_payload(xml_blob), &error);
    ck_assert_msg(v != NULL, "%s", error);
    if (superblob_component(&super, SLOT_ENTITLEMENTS_DER, &f, at, &der_blob) != COMPONENT_PRESENT)
        return;
    ck_assert_msg(entitle_der_parse(a, blob_payload(der_blob), &d), "%s", d.fault);
    ck_assert(value_equal(v, d.dict));
    ck_assert(entitle_der_encode(a, v, &again, &error));
    ck_assert(d.old_form || bytes_equal(again, blob_payload(der_blob)));
    ++*compared;
}

static enum ds_status real(void *arg)
{
    struct arena *a = arg;
    struct bytes table, data;
    char *row[8];
    size_t compared = 0;
    if (!shared_read(a, "real/manifest.tsv", &table))
        return DS_OK;
    while (shared_row(a, &table, row, 8) == 8) {
        struct findings f = {.arena = a};
        struct macho m;
        if (strncmp(row[0], "macho/", 6) != 0)
            continue;
        ck_assert(shared_read(a, arena_printf(a, "real/%s", row[0]), &data));
        ck_assert(macho_parse(a, data, &f, place_path(row[0]), &m));
        for (size_t i = 0; i < m.count; i++)
            compare_slice(a, &m.slices[i], &compared);
    }
    ck_assert_uint_ge(compared, 10);
    return DS_OK;
}

ARENA_TEST(real_entitlements, real)

Suite *format_entitle_suite(void)
{
    Suite *suite = suite_create("entitle");
    TCase *tc = tcase_create("entitle");

    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, xml_is_read_strictly);
    tcase_add_test(tc, lines_are_kept);
    tcase_add_test(tc, der_is_read);
    tcase_add_test(tc, der_is_written);
    tcase_add_test(tc, differences_are_named);
    tcase_add_test(tc, hostile_entitlements);
    tcase_add_test(tc, real_entitlements);
    suite_add_tcase(suite, tc);
    return suite;
}
