/* SPDX-License-Identifier: Apache-2.0 */
/* Disk images: trailer and signature, how they may disagree, encrypted headers. */
#include <check.h>

#include "base/arena.h"
#include "blob_bytes.h"
#include "flush.h"
#include "format/udif.h"
#include "in_arena.h"

Suite *format_udif_suite(void);

#define FORK    64u /* bytes before the signature */
#define TRAILER 512u

/* A fork, a SuperBlob with an empty requirement set, TAIL bytes, the trailer; OFFSET and LENGTH as stated. */
struct image {
    uint64_t offset, length;
    uint32_t tail;
};

static struct buf superblob(struct arena *a)
{
    struct buf set = blob_bytes(a, BLOB_REQUIREMENT_SET, bytes_of("\0\0\0", 4));
    struct blob_part part = {SLOT_REQUIREMENTS, buf_bytes(&set)};
    return superblob_bytes(a, BLOB_SIGNATURE, &part, 1);
}

static struct buf image_bytes(struct arena *a, struct image image)
{
    struct buf b = {.arena = a}, signature = superblob(a);
    buf_zero(&b, FORK);
    buf_put(&b, buf_bytes(&signature));
    buf_zero(&b, image.tail);
    size_t trailer = b.n;
    buf_zero(&b, TRAILER);
    poke(&b, trailer, 4, 0x6b6f6c79);
    poke(&b, trailer + 4, 4, 4);
    poke(&b, trailer + 296, 8, image.offset);
    poke(&b, trailer + 304, 8, image.length);
    return b;
}

static bool parse(struct arena *a, const struct buf *b, struct udif *out, struct findings *f)
{
    uint8_t *copy = flush_copy(b->p, b->n);
    arena_defer(a, free, copy - 1);
    *f = (struct findings){.arena = a};
    return udif_parse(bytes_of(copy, b->n), f, place_path("x.dmg"), out);
}

#define SIGNED 32u /* bytes of the SuperBlob */

static const struct {
    struct image image;
    bool has_signature, good;
    uint64_t limit;
} rows[] = {
    {{FORK, SIGNED, 0}, true, true, FORK},
    {{0, 0, 0}, false, true, FORK + SIGNED},
    {{FORK, SIGNED - 4, 0}, true, false, FORK},
    {{FORK, SIGNED, 4}, true, false, FORK},
    {{FORK, SIGNED + 4, 4}, true, false, FORK},
    {{FORK + 1, SIGNED - 1, 0}, false, true, FORK + 1},
    {{UINT64_MAX, SIGNED, 0}, false, true, UINT64_MAX},
    {{FORK + SIGNED, 0, 0}, false, true, FORK + SIGNED},
};

static enum ds_status trailers(void *arg)
{
    struct arena *a = arg;
    struct udif u;
    struct findings f;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buf b = image_bytes(a, rows[i].image);
        bool good = parse(a, &b, &u, &f);
        ck_assert_msg(good == rows[i].good && u.has_signature == rows[i].has_signature, "row %zu",
                      i);
        ck_assert_uint_eq(f.list.n, good ? 0 : 1);
        ck_assert_uint_eq(u.limit, rows[i].limit);
        ck_assert_uint_eq(u.header.n, TRAILER);
        ck_assert(bytes_zero(bytes_of(u.header.p + 304, 8)));
        ck_assert_int_eq(u.kind, UDIF_PLAIN);
    }
    return DS_OK;
}

ARENA_TEST(trailers_must_agree, trailers)

/* Blobs that do not touch are refused in images (§3.2). */
static enum ds_status gaps(void *arg)
{
    struct udif u;
    struct findings f;
    struct buf b = image_bytes(arg, (struct image){FORK, SIGNED + 4, 4});
    poke(&b, FORK + 4, 4, SIGNED + 4);
    ck_assert(!parse(arg, &b, &u, &f));
    ck_assert_int_eq(f.list.at[0]->id, FINDING_DMG_FORMAT);
    return DS_OK;
}

ARENA_TEST(gaps_are_refused, gaps)

/* "encrcdsa", version 2, data fork at 256, COUNT entries {mechanism, offset, size}, then a signature at 512. */
static struct buf encrypted_bytes(struct arena *a, uint32_t count, const uint64_t (*entries)[3])
{
    struct buf b = {.arena = a}, signature = superblob(a);
    buf_zero(&b, 512);
    buf_put(&b, buf_bytes(&signature));
    memcpy(b.p, "encrcdsa", 8);
    poke(&b, 8, 4, 2);
    poke(&b, 64, 8, 256);
    poke(&b, 72, 4, count);
    for (uint32_t i = 0; i < count && i < 2; i++) {
        poke(&b, 76 + 20 * i, 4, entries[i][0]);
        poke(&b, 80 + 20 * i, 8, entries[i][1]);
        poke(&b, 88 + 20 * i, 8, entries[i][2]);
    }
    return b;
}

static const struct {
    uint32_t count;
    uint64_t entries[2][3];
    bool has_signature, good;
} encrypted_rows[] = {
    {1, {{1, 96, 616}}, false, true},
    {2, {{1, 96, 616}, {3, 512, SIGNED}}, true, true},
    {1, {{3, 512, SIGNED + 1}}, true, false},
    {1, {{3, 500, SIGNED}}, false, true},
    {1, {{3, 512, 0}}, false, false},
    {2, {{3, 512, SIGNED}, {3, 512, SIGNED}}, false, false},
    {1025, {{1, 96, 616}}, false, false},
};

static enum ds_status headers(void *arg)
{
    struct udif u;
    struct findings f;
    for (size_t i = 0; i < sizeof encrypted_rows / sizeof *encrypted_rows; i++) {
        struct buf b = encrypted_bytes(arg, encrypted_rows[i].count, encrypted_rows[i].entries);
        bool good = parse(arg, &b, &u, &f);
        ck_assert_msg(good == encrypted_rows[i].good &&
                          u.has_signature == encrypted_rows[i].has_signature,
                      "row %zu", i);
        ck_assert_int_eq(u.kind, UDIF_ENCRYPTED);
        ck_assert_uint_eq(u.base, 256);
        ck_assert_uint_eq(u.limit, 256 + SIGNED);
    }
    return DS_OK;
}

ARENA_TEST(encrypted_headers_are_read, headers)

START_TEST(other_files_are_no_images)
{
    ck_assert_int_eq(udif_sniff(bytes_of(NULL, 0)), UDIF_NO);
    ck_assert_int_eq(udif_sniff(bytes_of("encrcdsa\0\0\0\2", 12)), UDIF_ENCRYPTED);
    ck_assert_int_eq(udif_sniff(bytes_of("encrxxxx\0\0\0\2", 12)), UDIF_ENCRYPTED);
    ck_assert_int_eq(udif_sniff(bytes_of("encrcdsa\0\0\0\1", 12)), UDIF_NO);
    ck_assert_int_eq(udif_sniff(bytes_of("encrcdsa", 8)), UDIF_NO);
}
END_TEST

Suite *format_udif_suite(void)
{
    Suite *s = suite_create("format_udif");
    TCase *t = tcase_create("udif");
    tcase_add_test(t, trailers_must_agree);
    tcase_add_test(t, gaps_are_refused);
    tcase_add_test(t, encrypted_headers_are_read);
    tcase_add_test(t, other_files_are_no_images);
    suite_add_tcase(s, t);
    return s;
}
