/* SPDX-License-Identifier: Apache-2.0 */
/* Volumes of forged images: all that went in comes out, however much it is; damaged ones are refused or read, never worse. */
#include "format/volume.h"

#include "config.h"
#include "forge/hfs.h"
#include "forge_text.h"

Suite *forge_image_suite(void);

#define MANY 700 /* files: more than one node of the catalog holds */

/* An image with MANY files, folders in folders, names of every kind, links, and a content of more than one run. */
static const char *image_text(struct arena *a)
{
    struct buf b = {.arena = a};
    buf_str(&b, "signers: { us: { kind: developer-id, team: TEAMID1234 } }\n"
                "code:\n  a.dmg:\n    kind: dmg\n    signer: us\n    contains:\n"
                "      big: { kind: data, size: 600000 }\n"
                "      \"gr\xc3\xb6\xc3\x9f\x65 \xf0\x9f\x8d\x8e\": { kind: data, text: apple }\n"
                "      A.app: { contains: { Contents/Frameworks/K.framework: {} }, files: {\n"
                "        Contents/Resources/deep/er/and/deeper/x: { text: deep },\n"
                "        Contents/Resources/link: { link: deep/er },\n"
                "        Contents/Resources/run: { text: go, mode: \"0755\" },\n");
    for (int i = 0; i < MANY; i++)
        buf_printf(&b, "        Contents/Resources/file-%03d: { text: \"%d\" },\n", i, i);
    buf_str(&b, "        Contents/Resources/last: { text: z } } }\n");
    buf_byte(&b, 0);
    return (const char *)b.p;
}

static struct udif_disk *disk_of(struct forge_work *w, struct bytes *image)
{
    const char *why = NULL;
    int error;
    ck_assert_int_eq(fs_map(w->out.fs, w->a, "/a.dmg", image, &error), DS_OK);
    struct udif_disk *disk = udif_disk_open(w->a, *image, &why);
    ck_assert_msg(disk, "%s", why);
    return disk;
}

static struct unpacking unpacking_of(struct forge_work *w, struct findings *f, uint64_t *left)
{
    *f = (struct findings){.arena = w->a};
    *left = (uint64_t)64 << 20;
    return (struct unpacking){.a = w->a,
                              .fs = fs_memory(w->a),
                              .dir = "/",
                              .f = f,
                              .at = place_path("a.dmg"),
                              .left = left};
}

static void must_hold(struct forge_work *w, struct fs *fs, const char *path, const char *text)
{
    struct bytes content;
    int error;
    ck_assert_msg(fs_map(fs, w->a, path, &content, &error) == DS_OK, "%s", path);
    ck_assert_msg(bytes_is(content, text), "%s", path);
}

static void all_comes_out(struct forge_work *w)
{
    struct findings f;
    uint64_t left;
    struct unpacking u = unpacking_of(w, &f, &left);
    struct bytes image;
    struct node node;
    const char *why;
    char *target;
    w->text = image_text(w->a);
    forge_must_read(w);
    forge_must_build(w, 0);
    struct udif_disk *disk = disk_of(w, &image);
    ck_assert_msg(volume_unpack(&u, disk, image.n, &why), "%s", why);
    ck_assert_uint_eq(f.list.n, 0);
    for (int i = 0; i < MANY; i++)
        must_hold(w, u.fs, arena_printf(w->a, "/A.app/Contents/Resources/file-%03d", i),
                  arena_printf(w->a, "%d", i));
    must_hold(w, u.fs, "/A.app/Contents/Resources/deep/er/and/deeper/x", "deep");
    must_hold(w, u.fs, "/gr\xc3\xb6\xc3\x9f\x65 \xf0\x9f\x8d\x8e", "apple");
    ck_assert_int_eq(fs_readlink(u.fs, w->a, "/A.app/Contents/Resources/link", &target, NULL),
                     DS_OK);
    ck_assert_str_eq(target, "deep/er");
    ck_assert_int_eq(fs_stat(u.fs, "/A.app/Contents/Resources/run", &node, NULL), DS_OK);
    ck_assert_uint_eq(node.mode, 0755);
    ck_assert_int_eq(fs_stat(u.fs, "/big", &node, NULL), DS_OK);
    ck_assert_uint_eq(node.size, 600000);

    struct code *code = forge_code(w, 0);
    ck_assert_uint_eq(code->child_count, 1);
    ck_assert_uint_eq(code->children[0]->child_count, 1);
}

START_TEST(what_goes_in_comes_out)
{
#ifdef HAVE_VOLUMES
    forge_work("", all_comes_out);
#endif
}
END_TEST

/* Images that hold more than may be unpacked. */
static void limits_hold(struct forge_work *w)
{
    struct findings f;
    uint64_t left;
    struct unpacking u = unpacking_of(w, &f, &left);
    struct bytes image;
    const char *why;
    w->text = image_text(w->a);
    forge_must_read(w);
    forge_must_build(w, 0);
    left = 500000;
    struct udif_disk *disk = disk_of(w, &image);
    (void)volume_unpack(&u, disk, image.n, &why);
    ck_assert_uint_ge(f.list.n, 1);
    ck_assert_int_eq(f.list.at[0]->id, FINDING_INPUT_LIMIT);
}

START_TEST(too_much_is_a_limit)
{
#ifdef HAVE_VOLUMES
    forge_work("", limits_hold);
#endif
}
END_TEST

/* The disk of a volume with MEMBERS, from sector 0 on. */
static struct udif_disk *disk_with(struct forge_work *w, const struct pack_member_vec *members,
                                   struct bytes *volume)
{
    struct forge forge = {.a = w->a};
    struct udif_disk *disk = arena_array(w->a, 1, struct udif_disk);
    *volume = hfs_volume(&forge, "V", members);
    uint64_t sectors = volume->n / UDIF_SECTOR;
    vec_push(w->a, &disk->partitions, (struct udif_partition){"V (Apple_HFSX : 1)", 0, sectors});
    vec_push(w->a, &disk->runs, (struct udif_run){0, sectors, 1, *volume});
    vec_push(w->a, &disk->runs, (struct udif_run){sectors, 8, 0, {NULL, 0}});
    return disk;
}

static const struct {
    const char *name;
    bool good;
} second_partitions[] = {
    {" (Apple_Free : 2)", true},
    {"GPT Header (Backup GPT Header : 7)", true},
    {"EFI System Partition (C12A7328-F81F-11D2-BA4B-00A0C93EC93B : 1)", true},
    {" (DOS_FAT_32 : 2)", false},
    {"disk image (Apple_APFS : 2)", false},
    {"", false},
};

static void others_are_told(struct forge_work *w)
{
    struct pack_member_vec none = {0};
    for (size_t i = 0; i < sizeof second_partitions / sizeof *second_partitions; i++) {
        struct findings f;
        uint64_t left;
        struct unpacking u = unpacking_of(w, &f, &left);
        struct bytes volume;
        struct udif_disk *disk = disk_with(w, &none, &volume);
        const char *why = NULL;
        vec_push(w->a, &disk->partitions,
                 (struct udif_partition){second_partitions[i].name, volume.n / UDIF_SECTOR, 8});
        ck_assert_msg(volume_unpack(&u, disk, volume.n, &why) == second_partitions[i].good, "%s",
                      second_partitions[i].name);
        ck_assert((why == NULL) == second_partitions[i].good);
    }
}

START_TEST(other_partitions_are_not_passed_over)
{
#ifdef HAVE_VOLUMES
    forge_work("", others_are_told);
#endif
}
END_TEST

/* What HFS+ keeps to itself lies at the top, and nowhere else. */
static void only_the_top_hides(struct forge_work *w)
{
    struct pack_member_vec all = {0};
    struct findings f;
    uint64_t left;
    struct unpacking u = unpacking_of(w, &f, &left);
    struct bytes volume;
    const char *why;
    vec_push(w->a, &all,
             (struct pack_member){.path = "HFS+ Private Data", .kind = NODE_DIR, .mode = 0755});
    vec_push(w->a, &all, (struct pack_member){.path = "a", .kind = NODE_DIR, .mode = 0755});
    vec_push(w->a, &all,
             (struct pack_member){.path = "a/HFS+ Private Data", .kind = NODE_DIR, .mode = 0755});
    struct udif_disk *disk = disk_with(w, &all, &volume);
    ck_assert(volume_unpack(&u, disk, volume.n, &why));
    ck_assert(!fs_exists(u.fs, "/HFS+ Private Data"));
    ck_assert(fs_is_dir(u.fs, "/a/HFS+ Private Data"));
}

START_TEST(private_folders_are_at_the_top)
{
#ifdef HAVE_VOLUMES
    forge_work("", only_the_top_hides);
#endif
}
END_TEST

/* A volume with one bit changed somewhere in its header and trees: read or refused. */
static void damage_is_survived(struct forge_work *w)
{
    const struct pack_member members[] = {
        {.path = "a", .kind = NODE_DIR, .mode = 0755},
        {.path = "a/b", .kind = NODE_DIR, .mode = 0755},
        {.path = "a/b/c", .kind = NODE_FILE, .content = bytes_str("c")},
        {.path = "a/l", .kind = NODE_LINK, .content = bytes_str("b")}};
    const struct pack_member_vec all = {(struct pack_member *)(uintptr_t)members, 4, 4};
    struct forge forge = {.a = w->a};
    struct bytes volume = hfs_volume(&forge, "V", &all);
    uint8_t *copy = arena_copy(w->a, volume.p, volume.n);
    struct udif_disk disk = {0};
    vec_push(w->a, &disk.partitions, (struct udif_partition){"V", 0, volume.n / UDIF_SECTOR});
    vec_push(w->a, &disk.runs,
             (struct udif_run){0, volume.n / UDIF_SECTOR, 1, bytes_of(copy, volume.n)});
    for (size_t at = 1024; at < volume.n; at++) {
        struct findings f;
        uint64_t left;
        const char *why;
        if (copy[at] == 0)
            continue;
        struct unpacking u = unpacking_of(w, &f, &left);
        copy[at] ^= (uint8_t)(1u << at % 8);
        (void)volume_unpack(&u, &disk, volume.n, &why);
        copy[at] ^= (uint8_t)(1u << at % 8);
    }
}

START_TEST(damaged_volumes_do_no_harm)
{
    forge_work("", damage_is_survived);
}
END_TEST

Suite *forge_image_suite(void)
{
    Suite *s = suite_create("forge_image");
    TCase *t = tcase_create("image");
    tcase_set_timeout(t, 60);
    tcase_add_test(t, what_goes_in_comes_out);
    tcase_add_test(t, too_much_is_a_limit);
    tcase_add_test(t, other_partitions_are_not_passed_over);
    tcase_add_test(t, private_folders_are_at_the_top);
    tcase_add_test(t, damaged_volumes_do_no_harm);
    suite_add_tcase(s, t);
    return s;
}
