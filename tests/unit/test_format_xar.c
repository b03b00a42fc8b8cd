/* SPDX-License-Identifier: Apache-2.0 */
/* Flat packages and the pieces they are made of: tables of contents good and bad, tickets behind the heap, base64, pbzx. */
#include <check.h>
#include <zlib.h>

#include "base/buf.h"
#include "flush.h"
#include "format/base64.h"
#include "format/pbzx.h"
#include "format/xar.h"
#include "format/xml.h"
#include "in_arena.h"

Suite *format_xar_suite(void);

/* -- packages: a header, TOC compressed, its checksum, "hello" */

#define TOC(body) "<?xml version=\"1.0\"?><xar><toc>" body "</toc></xar>"
#define SUM       "<checksum style=\"sha1\"><offset>0</offset><size>20</size></checksum>"
#define DATA(offset, length, size, rest)                                                     \
    "<data><offset>" offset "</offset><length>" length "</length><size>" size "</size>" rest \
    "</data>"
#define FILE_(name, rest) "<file><name>" name "</name>" rest "</file>"
#define HELLO                                                                         \
    DATA("20", "5", "5",                                                              \
         "<archived-checksum style=\"sha1\">aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d" \
         "</archived-checksum>")

static struct buf package(struct arena *a, const char *toc)
{
    struct buf b = {.arena = a};
    uint8_t table[4096];
    uLongf n = sizeof table;
    ck_assert_int_eq(compress(table, &n, (const Bytef *)toc, strlen(toc)), Z_OK);
    buf_str(&b, "xar!");
    buf_be16(&b, 28);
    buf_be16(&b, 1);
    buf_be64(&b, n);
    buf_be64(&b, strlen(toc));
    buf_be32(&b, 1);
    buf_put(&b, bytes_of(table, n));
    buf_put(&b, digest_bytes(a, DIGEST_SHA1, bytes_of(table, n)));
    buf_str(&b, "hello");
    return b;
}

static bool parse(struct arena *a, struct bytes file, struct xar *out, const char **why)
{
    uint8_t *copy = flush_copy(file.p, file.n);
    arena_defer(a, free, copy - 1);
    return xar_parse(a, bytes_of(copy, file.n), out, why);
}

/* WHY NULL: it is read. */
static const struct {
    const char *toc, *why;
} rows[] = {
    {TOC(SUM), NULL},
    {TOC(SUM FILE_("a", HELLO)), NULL},
    {TOC(SUM FILE_("a", "<type>directory</type>" FILE_("b", HELLO))), NULL},
    {TOC(""), "the table names no checksum"},
    {TOC("<checksum style=\"md4\"/>"), "the checksum is of an unknown kind"},
    {TOC("<checksum style=\"sha1\"/>"), "a part has no offset or no size"},
    {TOC("<checksum style=\"sha1\"><offset>0</offset><size>99</size></checksum>"),
     "a part lies beyond the end"},
    {TOC("<checksum "
         "style=\"sha1\"><offset>18446744073709551615</offset><size>20</size></checksum>"),
     "a part has no offset or no size"},
    {TOC(SUM FILE_("../a", HELLO)), "a member's name is missing, or leads elsewhere"},
    {TOC(SUM FILE_("..", HELLO)), "a member's name is missing, or leads elsewhere"},
    {TOC(SUM FILE_("", HELLO)), "a member's name is missing, or leads elsewhere"},
    {TOC(SUM FILE_("a", DATA("20", "6", "5", ""))), "a part lies beyond the end"},
    {TOC(SUM FILE_("a", "<data><offset>20</offset><length>5</length></data>")),
     "a member has no size"},
    {TOC(SUM FILE_(
         "a", DATA("20", "5", "5", "<archived-checksum style=\"sha1\">xy</archived-checksum>"))),
     "a checksum is no hex"},
    {"<xar/>", "there is no table of contents"},
    {"<xar><toc>", "it is not well-formed XML"},
    {"<!DOCTYPE xar [<!ENTITY e \"x\">]><xar><toc>&e;</toc></xar>",
     "it has a document type of its own"},
};

static enum ds_status tables(void *arg)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buf b = package(arg, rows[i].toc);
        struct xar x;
        const char *why;
        bool good = parse(arg, buf_bytes(&b), &x, &why);
        ck_assert_msg(good == (rows[i].why == NULL), "row %zu: %s", i, why);
        if (rows[i].why)
            ck_assert_str_eq(why, rows[i].why);
        else
            ck_assert(xar_table_holds(&x));
    }
    return DS_OK;
}

static enum ds_status members(void *arg)
{
    struct buf b =
        package(arg, TOC(SUM FILE_("d", "<type>directory</type><mode>0755</mode>" FILE_("a", HELLO))
                             FILE_("l", "<type>symlink</type><link>d/a</link>")));
    struct xar x;
    struct bytes content;
    const char *why;
    ck_assert(parse(arg, buf_bytes(&b), &x, &why));
    ck_assert_uint_eq(x.files.n, 3);
    ck_assert(x.files.at[0].is_dir && x.files.at[0].mode == 0755);
    ck_assert_str_eq(x.files.at[1].path, "d/a");
    ck_assert(xar_file_holds(&x.files.at[1]));
    ck_assert(xar_file_content(arg, &x.files.at[1], 5, &content) && bytes_is(content, "hello"));
    ck_assert(!xar_file_content(arg, &x.files.at[1], 4, &content));
    ck_assert_str_eq(x.files.at[2].link, "d/a");
    b.p[b.n - 1] ^= 1;
    ck_assert(parse(arg, buf_bytes(&b), &x, &why));
    ck_assert(!xar_file_holds(&x.files.at[1]) && xar_table_holds(&x));
    for (size_t n = 0; n < b.n; n++)
        (void)parse(arg, bytes_of(b.p, n), &x, &why);
    return DS_OK;
}

/* -- tickets behind the heap */

static void record(struct buf *b, const char *word, uint16_t type, uint32_t size)
{
    buf_str(b, word);
    buf_byte(b, 1);
    buf_byte(b, 0);
    buf_byte(b, (uint8_t)type);
    buf_byte(b, (uint8_t)(type >> 8));
    buf_le32(b, size);
    buf_zero(b, 4);
}

static const struct {
    const char *word;
    uint16_t type;
    uint32_t size;
    bool found;
} ticket_rows[] = {
    {"t8lr", 2, 6, true},  {"t8lr", 1, 6, false},          {"t8lr", 0, 6, false},
    {"t8lx", 2, 6, false}, {"t8lr", 2, UINT32_MAX, false}, {"t8lr", 2, 0, true},
};

static enum ds_status tickets(void *arg)
{
    for (size_t i = 0; i < sizeof ticket_rows / sizeof *ticket_rows; i++) {
        struct buf b = {.arena = arg};
        buf_str(&b, "heap");
        record(&b, "t8lr", 1, 0);
        buf_str(&b, "ticket");
        record(&b, ticket_rows[i].word, ticket_rows[i].type, ticket_rows[i].size);
        struct bytes found = xar_find_ticket(buf_bytes(&b));
        ck_assert_msg((found.p != NULL) == ticket_rows[i].found, "row %zu", i);
        buf_str(&b, "other");
        record(&b, "t8lr", 7, 5); /* unknown kinds are stepped over */
        found = xar_find_ticket(buf_bytes(&b));
        ck_assert_msg((found.p != NULL) == ticket_rows[i].found, "row %zu, behind another", i);
        if (found.n)
            ck_assert(bytes_is(found, "ticket"));
    }
    ck_assert(xar_find_ticket(bytes_str("t8lr")).p == NULL);
    return DS_OK;
}

/* -- pieces */

static const struct {
    const char *text, *plain; /* NULL: refused */
} base64_rows[] = {
    {"", ""},
    {"aGVsbG8=", "hello"},
    {"aGVs\n bG8=\n", "hello"},
    {"aGVsbG8h", "hello!"},
    {"aA==", "h"},
    {"aGVsbG8", NULL},
    {"aGVsbG8==", NULL},
    {"aA=A", NULL},
    {"aGV*bG8=", NULL},
    {"+/+/", "\xfb\xff\xbf"},
    {"a===", NULL},
};

static enum ds_status pieces(void *arg)
{
    struct bytes out;
    for (size_t i = 0; i < sizeof base64_rows / sizeof *base64_rows; i++) {
        bool good = base64_decode(arg, bytes_str(base64_rows[i].text), &out);
        ck_assert_msg(good == (base64_rows[i].plain != NULL), "row %zu", i);
        if (good)
            ck_assert(bytes_is(out, base64_rows[i].plain));
    }
    struct buf b = {.arena = arg};
    buf_str(&b, "pbzx");
    buf_be64(&b, 1u << 24);
    buf_be64(&b, 1u << 24);
    buf_be64(&b, 3);
    buf_str(&b, "one");
    buf_be64(&b, 0);
    buf_be64(&b, 3);
    buf_str(&b, "two");
    ck_assert(pbzx_sniff(buf_bytes(&b)) && pbzx_expand(arg, buf_bytes(&b), 6, &out));
    ck_assert(bytes_is(out, "onetwo"));
    ck_assert(!pbzx_expand(arg, buf_bytes(&b), 5, &out));
    ck_assert(!pbzx_expand(arg, bytes_of(b.p, b.n - 1), 6, &out));
    const char *why;
    const struct xml_node *x = xml_parse(arg, bytes_str("<a b='c'>t<d/>u<![CDATA[v]]></a>"), &why);
    ck_assert_str_eq(x->text, "tuv");
    ck_assert_str_eq(xml_attribute(x, "b"), "c");
    ck_assert_ptr_null(xml_attribute(x, "d"));
    ck_assert_str_eq(xml_child_text(x, "d"), "");
    ck_assert_ptr_null(xml_child_text(xml_child(x, "e"), "f"));
    return DS_OK;
}

ARENA_TEST(tables_are_read, tables)
ARENA_TEST(members_are_read, members)
ARENA_TEST(tickets_are_found, tickets)
ARENA_TEST(pieces_are_read, pieces)

Suite *format_xar_suite(void)
{
    Suite *s = suite_create("format_xar");
    TCase *t = tcase_create("xar");
    tcase_set_timeout(t, 60);
    tcase_add_test(t, tables_are_read);
    tcase_add_test(t, members_are_read);
    tcase_add_test(t, tickets_are_found);
    tcase_add_test(t, pieces_are_read);
    suite_add_tcase(s, t);
    return s;
}
