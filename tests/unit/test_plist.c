/* SPDX-License-Identifier: Apache-2.0 */
/* Property lists: what is read, what is refused before libplist sees it, what is written. */
#include <check.h>
#include <string.h>

#include "base/buf.h"
#include "flush.h"
#include "format/plist.h"
#include "in_arena.h"

Suite *plist_suite(void);

static const struct {
    const char *xml, *value; /* NULL: refused */
} rows[] = {
    {"<plist "
     "version=\"1.0\"><dict><key>a</key><true/><key>b</key><array><integer>-5</"
     "integer><string>x&amp;y</string>"
     "</array></dict></plist>",
     "{a: true, b: [-5, \"x&y\"]}"},
    {"<?xml version=\"1.0\"?>\n<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" "
     "\"x\">\n<plist><dict/></plist>\n",
     "{}"},
    {"<plist><!-- c --><array><data>AAEC</data><date>2001-01-01T00:00:10Z</date></array></plist>",
     "[<data 3 bytes>, 2001-01-01T00:00:10Z]"},
    {"<plist><dict><key>a</key><true/><key>a</key><false/></dict></plist>", NULL},
    {"<plist><dict><key>a&#98;</key><true/><key>ab</key><false/></dict></plist>", NULL},
    {"<plist><dict><key>a</key></dict></plist>", NULL},
    {"<plist><dict><true/></dict></plist>", NULL},
    {"<plist><dict/></plist>x", NULL},
    {"<plist><dict/></plist><dict/>", NULL},
    {"<plist><dict></plist></dict>", NULL},
    {"<plist><dict/><dict/></plist>", NULL},
    {"<plist><what/></plist>", NULL},
    {"<!DOCTYPE plist [<!ENTITY a \"b\">]><plist><string>&a;</string></plist>", NULL},
    {"<plist><dict><key>a", NULL},
    {"<plist><string><true/></string></plist>", NULL},
    {"bplist00", NULL},
    {"hello", NULL},
    {"", NULL},
};

static enum ds_status read_rows(void *arg)
{
    struct arena *a = arg;
    struct plist_error error;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t n = strlen(rows[i].xml);
        uint8_t *p = flush_copy(rows[i].xml, n);
        struct value *v = plist_parse(a, bytes_of(p, n), &error);
        ck_assert_msg((v != NULL) == (rows[i].value != NULL), "%s: %s", rows[i].xml, error.message);
        if (v)
            ck_assert_str_eq(value_text(a, v), rows[i].value);
        else
            ck_assert_ptr_nonnull(error.message);
        flush_free(p);
    }
    return DS_OK;
}

ARENA_TEST(xml_rows, read_rows)

static enum ds_status deep(void *arg)
{
    struct arena *a = arg;
    struct buf b = {.arena = a};
    for (int i = 0; i < 30000; i++)
        buf_str(&b, "<array>");
    struct plist_error error;
    ck_assert_ptr_null(plist_parse(a, buf_bytes(&b), &error));
    ck_assert_str_eq(error.message, "nested too deeply");
    return DS_OK;
}

ARENA_TEST(deep_nesting, deep)

/* {"k": [true, 7]} in binary, and every byte of it set to other values. */
static const uint8_t binary[] = {
    'b', 'p', 'l', 'i', 's', 't', '0', '0', 0xd1, 1, 2, 0x51, 'k', 0xa2, 3, 4, 9, 0x10, 7,
    8,   11,  13,  16,  17,  0,   0,   0,   0,    0, 0, 1,    1,   0,    0, 0, 0, 0,    0,
    0,   5,   0,   0,   0,   0,   0,   0,   0,    0, 0, 0,    0,   0,    0, 0, 0, 19};

static enum ds_status binary_bytes(void *arg)
{
    struct arena *a = arg;
    ck_assert_str_eq(value_text(a, plist_parse(a, bytes_of(binary, sizeof binary), NULL)),
                     "{k: [true, 7]}");
    for (size_t i = 0; i < sizeof binary; i++)
        for (int v = 0; v < 256; v += 5) {
            uint8_t *p = flush_copy(binary, sizeof binary);
            p[i] = (uint8_t)v;
            (void)plist_parse(a, bytes_of(p, sizeof binary), NULL);
            (void)plist_parse(a, bytes_of(p, i), NULL);
            flush_free(p);
        }
    return DS_OK;
}

ARENA_TEST(binary_and_its_mutations, binary_bytes)

static enum ds_status write(void *arg)
{
    struct arena *a = arg;
    struct value *v = value_dict(a), *list = value_array(a);
    value_set(a, v, "z", value_string(a, "a\"<b>"));
    value_set(a, v, "a", list);
    value_set(a, v, "m", value_data(a, bytes_str("Man is")));
    struct bytes xml = plist_write_xml(a, v, true);
    ck_assert_str_eq((const char *)xml.p,
                     "<?xml version=\"1.0\" encoding=\"UTF-8\"?><!DOCTYPE plist PUBLIC "
                     "\"-//Apple//DTD PLIST 1.0//EN\" "
                     "\"https://www.apple.com/DTDs/PropertyList-1.0.dtd\"><plist "
                     "version=\"1.0\"><dict><key>a</key><array></array>"
                     "<key>m</key><data>TWFuIGlz</data><key>z</key><string>a&quot;&lt;b&gt;</"
                     "string></dict></plist>\n");
    ck_assert(value_equal(plist_parse(a, xml, NULL), v));
    ck_assert(value_equal(plist_parse(a, plist_write_xml(a, v, false), NULL), v));
    return DS_OK;
}

ARENA_TEST(what_is_written_reads_back, write)

struct gathered {
    struct arena *a;
    struct value *dict;
};

static bool gather(void *self, struct bytes key, const struct value *value)
{
    struct gathered *g = self;
    value_add(g->a, g->dict, bytes_copy(g->a, key), value_clone(g->a, value));
    return true;
}

/* What is read in pieces is what is read whole; what is not asked for stays. */
static enum ds_status pieces(void *arg)
{
    struct arena *a = arg;
    struct value *v = value_dict(a), *big = value_dict(a);
    struct gathered g = {a, value_dict(a)};
    struct plist_part parts[] = {{.name = "big"}, {.name = "none"}};
    for (int i = 0; i < 1000; i++) {
        struct value *entry = value_dict(a);
        value_set(a, entry, "big", value_int(a, i));
        value_add(a, big, bytes_str(arena_printf(a, "a&<%d", i)), entry);
    }
    value_set(a, v, "before", value_string(a, "x"));
    value_set(a, v, "big", big);
    value_set(a, v, "after", value_clone(a, big));
    struct bytes xml = plist_write_xml(a, v, false);
    struct value *rest = plist_parse_parts(a, xml, parts, 2, NULL);
    ck_assert_ptr_nonnull(rest);
    ck_assert_uint_eq(value_get(rest, "big")->count, 0);
    ck_assert(value_equal(value_get(rest, "after"), big));
    ck_assert(plist_each(a, &parts[0], rest, gather, &g) && value_equal(g.dict, big));
    ck_assert(plist_each(a, &parts[1], rest, gather, &g) && value_equal(g.dict, big));
    return DS_OK;
}

static enum ds_status damaged_pieces(void *arg)
{
    struct arena *a = arg;
    static const char twice[] = "<plist><dict><key>big</key><dict><key>a</key><true/><key>a</key>"
                                "<true/></dict></dict></plist>";
    struct gathered g = {a, value_dict(a)};
    struct plist_part part = {.name = "big"};
    const struct value *v = plist_parse_parts(a, bytes_str(twice), &part, 1, NULL);
    ck_assert(v && !plist_each(a, &part, v, gather, &g));
    ck_assert_ptr_null(
        plist_parse_parts(a, bytes_str("<plist><dict><key>big</key><dict>"), &part, 1, NULL));
    return DS_OK;
}

START_TEST(a_dictionary_in_pieces)
{
    struct arena *a = arena_new(0);
    ck_assert_int_eq(arena_run(a, pieces, a), DS_OK);
    ck_assert_int_eq(arena_run(a, damaged_pieces, a), DS_OK);
    arena_free(a);
}
END_TEST

static enum ds_status one(void *arg)
{
    return plist_parse(arg, bytes_str(rows[0].xml), NULL) ? DS_OK : DS_PARSE;
}

START_TEST(every_allocation_may_fail)
{
    in_starved_arena(one);
}
END_TEST

Suite *plist_suite(void)
{
    Suite *suite = suite_create("plist");
    TCase *tc = tcase_create("plist");

    tcase_add_test(tc, xml_rows);
    tcase_add_test(tc, deep_nesting);
    tcase_add_test(tc, binary_and_its_mutations);
    tcase_add_test(tc, what_is_written_reads_back);
    tcase_add_test(tc, a_dictionary_in_pieces);
    tcase_add_test(tc, every_allocation_may_fail);
    suite_add_tcase(suite, tc);
    return suite;
}
