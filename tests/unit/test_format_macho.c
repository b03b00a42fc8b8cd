/* SPDX-License-Identifier: Apache-2.0 */
/* Mach-O and universal files: facts of built and real images, the reference's rules, hostile fields. */
#include <check.h>

#include "flush.h"
#include "format/macho.h"
#include "in_arena.h"
#include "macho_bytes.h"
#include "shared_files.h"

Suite *format_macho_suite(void);

static const struct macho_shape arm = {.wide = true,
                                       .cputype = CPU_ARM64,
                                       .filetype = 2,
                                       .size = 0x900,
                                       .sig_offset = 0x800,
                                       .sig_size = 0x100,
                                       .info_plist = "<plist/>"};
static const struct macho_shape intel = {.wide = true,
                                         .cputype = CPU_X86_64,
                                         .cpusubtype = 3,
                                         .filetype = 2,
                                         .size = 0x900,
                                         .info_plist = "x"};
static const struct macho_shape ppc = {.big_endian = true,
                                       .cputype = 18,
                                       .cpusubtype = 10,
                                       .filetype = 2,
                                       .size = 0x900,
                                       .info_plist = "y"};

static struct buf thin_of(struct arena *a, const struct macho_shape *shape)
{
    struct macho_out o = {.b = {.arena = a}, .shape = shape};
    put_macho(&o);
    return o.b;
}

struct result {
    struct macho m;
    struct findings f;
    bool good;
    uint8_t *copy;
};

/* Parse a copy of the N bytes at P that ends with its heap block. */
static struct result parse(struct arena *a, const void *p, size_t n)
{
    struct result r = {.f = {.arena = a}, .copy = flush_copy(p, n)};
    arena_defer(a, free, r.copy - 1);
    r.good = macho_parse(a, bytes_of(r.copy, n), &r.f, place_path("x"), &r.m);
    return r;
}

static enum ds_status thin(void *arg)
{
    static const struct macho_shape *const shapes[] = {&arm, &intel, &ppc};
    static const char *const formats[] = {"Mach-O thin (arm64)", "Mach-O thin (x86_64)",
                                          "Mach-O thin (ppc7400)"};
    struct arena *a = arg;
    for (size_t i = 0; i < 3; i++) {
        struct buf b = thin_of(a, shapes[i]);
        struct result r = parse(a, b.p, b.n);
        const struct macho_slice *s = r.m.slices;
        struct name_vec names = {0};
        ck_assert(r.good && r.m.count == 1 && s->usable && s->reachable && !r.m.universal);
        ck_assert_str_eq(r.m.format, formats[i]);
        ck_assert_int_eq(macho_sniff(bytes_of(r.copy, b.n)), MACHO_YES);
        ck_assert_uint_eq(s->filetype, MH_EXECUTE);
        ck_assert_uint_eq(s->flags, 0x200085);
        ck_assert(bytes_is(s->info_plist, shapes[i]->info_plist) && !s->has_launchd);
        ck_assert_uint_eq(s->minos, 0x000c0000);
        ck_assert_uint_eq(s->sdk, 0x000f0200);
        ck_assert_uint_eq(s->platform, 1);
        ck_assert(s->has_uuid && !s->fault && s->text_size == 0x700);
        ck_assert_str_eq(s->install_name, "@rpath/Self.dylib");
        ck_assert_uint_eq(s->dylibs.n, 2);
        ck_assert_str_eq(s->dylibs.at[0].name, "/usr/lib/libSystem.B.dylib");
        ck_assert(!s->dylibs.at[0].weak && s->dylibs.at[1].weak);
        ck_assert_str_eq(s->rpaths.at[0], "@executable_path/../Frameworks");
        ck_assert_uint_eq(s->limit, i == 0 ? 0x800 : 0x900);
        ck_assert_int_eq(s->has_signature, i == 0);
        macho_imports(a, s, &names);
        ck_assert_uint_eq(names.n, 1);
        ck_assert_str_eq(names.at[0], "_NSExtensionMain");
        names.n = 0;
        macho_class_names(a, s, &names);
        ck_assert_uint_eq(names.n, 2);
        ck_assert_str_eq(names.at[1], "BetaProvider");
        names.n = 0;
        macho_requirement_strings(a, s, &names);
        ck_assert_uint_eq(names.n, 1);
        ck_assert_str_eq(names.at[0], "anchor apple generic");
        ck_assert(macho_check_structure(&r.m, &r.f, place_path("x")));
        ck_assert_uint_eq(r.f.list.n, 0);
    }
    return DS_OK;
}

ARENA_TEST(thin_images, thin)

/* -- Universal files ------------------------------------------------------------------------------------ */

struct fat_slice {
    const struct macho_shape *shape;
    uint32_t offset, size, align;
};

/* A universal file of TOTAL bytes; COUNTED of its N slices are counted in the header. */
static struct buf fat_of(struct arena *a, const struct fat_slice *slices, uint32_t n,
                         uint32_t counted, size_t total)
{
    struct macho_out o = {.b = {.arena = a}};
    buf_be32(&o.b, FAT_MAGIC);
    buf_be32(&o.b, counted);
    for (uint32_t i = 0; i < n; i++) {
        buf_be32(&o.b, slices[i].shape->cputype);
        buf_be32(&o.b, slices[i].shape->cpusubtype);
        buf_be32(&o.b, slices[i].offset);
        buf_be32(&o.b, slices[i].size);
        buf_be32(&o.b, slices[i].align);
    }
    buf_zero(&o.b, total - o.b.n);
    for (uint32_t i = 0; i < n; i++) {
        struct buf image = thin_of(a, slices[i].shape);
        if (slices[i].offset + image.n <= total)
            memcpy(o.b.p + slices[i].offset, image.p, image.n);
    }
    return o.b;
}

static const struct macho_shape dylib = {.wide = true,
                                         .cputype = CPU_X86_64,
                                         .cpusubtype = 3,
                                         .filetype = 6,
                                         .size = 0x900,
                                         .info_plist = "x"};
static const struct macho_shape untyped = {.wide = true,
                                           .cputype = CPU_X86_64,
                                           .cpusubtype = 3,
                                           .filetype = 0,
                                           .size = 0x900,
                                           .info_plist = "x"};

static const struct {
    const char *what;
    struct fat_slice slices[3];
    uint32_t n, counted;
    size_t total;
    enum finding_id finding; /* of parsing */
    bool good;
    const char *fault; /* part of the container's fault; NULL when it has none */
} fat_rows[] = {
    {"plain",
     {{&intel, 0x1000, 0x900, 12}, {&arm, 0x2000, 0x900, 12}},
     2,
     2,
     0x2900,
     FINDING_NONE,
     true,
     NULL},
    {"one slice", {{&arm, 0x1000, 0x900, 12}}, 1, 1, 0x1900, FINDING_NONE, true, NULL},
    {"header order is not file order",
     {{&arm, 0x2000, 0x900, 12}, {&intel, 0x1000, 0x900, 12}},
     2,
     2,
     0x2900,
     FINDING_NONE,
     true,
     NULL},
    {"hidden slice",
     {{&intel, 0x1000, 0x900, 12}, {&arm, 0x2000, 0x900, 12}},
     2,
     1,
     0x2900,
     FINDING_NONE,
     true,
     NULL},
    {"hidden slice is not arm64",
     {{&arm, 0x1000, 0x900, 12}, {&intel, 0x2000, 0x900, 12}},
     2,
     1,
     0x2900,
     FINDING_NONE,
     true,
     "before a slice is not zero"},
    {"same offset",
     {{&intel, 0x1000, 0x900, 12}, {&arm, 0x1000, 0x900, 12}},
     2,
     2,
     0x1900,
     FINDING_FAT_DUPLICATE_OFFSET,
     false,
     NULL},
    {"same offset behind a fault",
     {{&intel, 0x1000, 0x900, 12}, {&arm, 0x1800, 0x900, 12}, {&arm, 0x1800, 0x900, 12}},
     3,
     3,
     0x2900,
     FINDING_NONE,
     true,
     "overlap"},
    {"bytes behind",
     {{&intel, 0x1000, 0x900, 12}, {&arm, 0x2000, 0x900, 12}},
     2,
     2,
     0x2901,
     FINDING_NONE,
     true,
     "bytes follow"},
    {"cut off",
     {{&intel, 0x1000, 0x900, 12}, {&arm, 0x2000, 0x980, 12}},
     2,
     2,
     0x2900,
     FINDING_NONE,
     true,
     "beyond"},
    {"wide gap",
     {{&intel, 0x1000, 0x900, 12}, {&arm, 0x2000, 0x900, 8}},
     2,
     2,
     0x2900,
     FINDING_NONE,
     true,
     "wider"},
    {"impossible alignment",
     {{&intel, 0x1000, 0x900, 12}, {&arm, 0x2000, 0x900, 31}},
     2,
     2,
     0x2900,
     FINDING_NONE,
     true,
     "alignment"},
    {"first overlaps the header",
     {{&intel, 0x2c, 0x900, 12}, {&arm, 0x2000, 0x900, 12}},
     2,
     2,
     0x2900,
     FINDING_NONE,
     true,
     "header"},
    {"file types differ",
     {{&arm, 0x1000, 0x900, 12}, {&dylib, 0x2000, 0x900, 12}},
     2,
     2,
     0x2900,
     FINDING_FAT_FILETYPE_DIFFERS,
     true,
     NULL},
    {"file type 0",
     {{&arm, 0x1000, 0x900, 12}, {&untyped, 0x2000, 0x900, 12}},
     2,
     2,
     0x2900,
     FINDING_MACHO_FORMAT,
     true,
     NULL},
    {"no slices", {{&intel, 0x1000, 0x900, 12}}, 1, 0, 0x1900, FINDING_MACHO_FORMAT, false, NULL},
    {"ends in the extra record",
     {{&arm, 0x1000, 0x900, 12}},
     1,
     1,
     0x2f,
     FINDING_MACHO_FORMAT,
     false,
     NULL},
    {"101 slices", {{&arm, 0x1000, 0x900, 12}}, 1, 101, 0x1900, FINDING_MACHO_FORMAT, false, NULL},
    {"slice beyond the file",
     {{&intel, 0x1000, 0x900, 12}, {&arm, 0x9000, 0x900, 15}},
     2,
     2,
     0x2900,
     FINDING_MACHO_FORMAT,
     true,
     "before a slice is not zero"},
};

static enum ds_status fat(void *arg)
{
    struct arena *a = arg;
    for (size_t i = 0; i < sizeof fat_rows / sizeof *fat_rows; i++) {
        const char *what = fat_rows[i].what;
        struct buf b =
            fat_of(a, fat_rows[i].slices, fat_rows[i].n, fat_rows[i].counted, fat_rows[i].total);
        struct result r = parse(a, b.p, b.n);
        ck_assert_msg(r.good == fat_rows[i].good, "%s", what);
        if (r.good)
            macho_check_types(&r.m, 0, &r.f, place_path("x"));
        if (fat_rows[i].finding == FINDING_NONE)
            ck_assert_msg(r.f.list.n == 0, "%s: %s", what,
                          r.f.list.n ? r.f.list.at[0]->detail : "");
        else
            ck_assert_msg(findings_find(&r.f, fat_rows[i].finding) != NULL, "%s", what);
        ck_assert_msg((r.m.fat.fault != NULL) == (fat_rows[i].fault != NULL), "%s: %s", what,
                      r.m.fat.fault);
        if (fat_rows[i].fault)
            ck_assert_msg(strstr(r.m.fat.fault, fat_rows[i].fault) != NULL, "%s: %s", what,
                          r.m.fat.fault);
        size_t before = r.f.list.n;
        (void)macho_check_structure(&r.m, &r.f, place_path("x"));
        ck_assert_msg((r.f.list.n > before) == (fat_rows[i].fault != NULL), "%s", what);
    }
    return DS_OK;
}

ARENA_TEST(universal_files, fat)

static enum ds_status choice(void *arg)
{
    struct arena *a = arg;
    struct arch wanted;
    static const struct fat_slice two[] = {{&arm, 0x2000, 0x900, 12}, {&intel, 0x1000, 0x900, 12}};
    struct buf b = fat_of(a, two, 2, 2, 0x2900);
    struct result r = parse(a, b.p, b.n);
    ck_assert_str_eq(r.m.format, "Mach-O universal (x86_64 arm64)");
    ck_assert(arch_parse("arm64e", &wanted));
    ck_assert_str_eq(macho_main_slice(&r.m, wanted)->name, "arm64");
    ck_assert_str_eq(macho_find_slice(&r.m, wanted)->name, "arm64");
    ck_assert(arch_parse("x86_64h", &wanted));
    ck_assert_str_eq(macho_main_slice(&r.m, wanted)->name, "x86_64");
    ck_assert(arch_parse("ppc", &wanted));
    ck_assert_ptr_null(macho_find_slice(&r.m, wanted));
    ck_assert_str_eq(macho_main_slice(&r.m, wanted)->name, "arm64"); /* the header's first */
    ck_assert(arch_parse("0x01000007", &wanted) && wanted.any_subtype);
    ck_assert_str_eq(macho_find_slice(&r.m, wanted)->name, "x86_64");
    ck_assert(arch_parse("16777228,0", &wanted) && !wanted.any_subtype);
    ck_assert_str_eq(macho_find_slice(&r.m, wanted)->name, "arm64");
    ck_assert(!arch_parse("arm65", &wanted) && !arch_parse("7,", &wanted) &&
              !arch_parse("7,3x", &wanted));
    /* A thin file is exact but for capability bits. */
    b = thin_of(a, &arm);
    r = parse(a, b.p, b.n);
    ck_assert(arch_parse("arm64e", &wanted));
    ck_assert_ptr_null(macho_find_slice(&r.m, wanted));
    wanted = (struct arch){CPU_ARM64, 0x80000000u, false};
    ck_assert_ptr_nonnull(macho_find_slice(&r.m, wanted));
    ck_assert_str_eq(arch_name(a, 7, 99), "(7:99)");
    ck_assert_str_eq(arch_name(a, CPU_ARM64, 0x80000002u), "arm64e");
    ck_assert_str_eq(macho_filetype_name(2), "EXECUTE");
    ck_assert_ptr_null(macho_filetype_name(99));
    ck_assert_str_eq(macho_platform_name(10), "DriverKit");
    ck_assert_ptr_null(macho_platform_name(0));
    return DS_OK;
}

ARENA_TEST(slices_are_chosen, choice)

static const struct {
    const char *hex;
    enum macho_sniff is;
} sniff_rows[] = {
    {"", MACHO_NO},
    {"cafebabe", MACHO_NO},
    {"cafebabf00000001000000000000000000000000000000000000000000", MACHO_FAT_64},
    {"feedfacf010000070000000300000002000000000000000000000000", MACHO_YES},
    {"feedfacf01000007000000030000000200000000000000000000", MACHO_NO},     /* 26 bytes */
    {"feedfacf010000070000000300000001000000000000000000000000", MACHO_NO}, /* object */
    {"cffaedfe07000001030000000b000000000000000000000000000000", MACHO_YES},
    {"7f454c46010000070000000300000002000000000000000000000000", MACHO_NO},
    {"cafebabe0000003400000000000000000000000000000000000000000000",
     MACHO_NO}, /* leads to itself */
};

static enum ds_status sniff(void *arg)
{
    for (size_t i = 0; i < sizeof sniff_rows / sizeof *sniff_rows; i++) {
        struct bytes raw;
        ck_assert(bytes_unhex(arg, bytes_str(sniff_rows[i].hex), &raw));
        uint8_t *copy = flush_copy(raw.p, raw.n);
        ck_assert_msg(macho_sniff(bytes_of(copy, raw.n)) == sniff_rows[i].is, "%s",
                      sniff_rows[i].hex);
        flush_free(copy);
    }
    struct bytes raw;
    ck_assert(bytes_unhex(arg, bytes_str(sniff_rows[2].hex), &raw));
    struct result r = parse(arg, raw.p, raw.n);
    ck_assert(!r.good && findings_find(&r.f, FINDING_FAT_64));
    return DS_OK;
}

ARENA_TEST(candidates_are_told, sniff)

/* -- Broken load commands ------------------------------------------------------------------------------- */

/* Overwrite a little-endian word of the arm64 image; -1 ends a row. */
static const struct {
    const char *what;
    struct {
        int at;
        uint32_t value;
    } set[2];
    enum finding_id finding;
    bool good;
} command_rows[] = {
    {"first command ends the walk", {{0x24, 0xffffffff}, {-1, 0}}, FINDING_MACHO_STRICT, true},
    {"first command of size 0", {{0x24, 0}, {-1, 0}}, FINDING_MACHO_FORMAT, false},
    {"first command too short for a segment", {{0x24, 16}, {-1, 0}}, FINDING_MACHO_FORMAT, false},
    {"no commands", {{20, 0}, {-1, 0}}, FINDING_MACHO_FORMAT, false},
    {"commands beyond the end", {{20, 0x10000}, {-1, 0}}, FINDING_MACHO_FORMAT, false},
    {"7 bytes of commands", {{20, 7}, {-1, 0}}, FINDING_MACHO_FORMAT, false},
    {"no link-edit segment, symbol table decides",
     {{0x20 + 392 + 8, 0x41414141}, {-1, 0}},
     FINDING_MACHO_STRICT,
     true},
    {"link-edit segment ends elsewhere",
     {{0x20 + 392 + 48, 0x10}, {-1, 0}},
     FINDING_MACHO_STRICT,
     true},
    {"text segment has a name only", {{0x20 + 64, 0}, {-1, 0}}, FINDING_NONE, true},
    {"UUID of another size",
     {{0x20 + 392 + 72 + 24 + 4, 32}, {-1, 0}},
     FINDING_MACHO_FORMAT,
     false},
};

static enum ds_status commands(void *arg)
{
    struct arena *a = arg;
    for (size_t i = 0; i < sizeof command_rows / sizeof *command_rows; i++) {
        struct buf b = thin_of(a, &arm);
        for (size_t k = 0; k < 2 && command_rows[i].set[k].at >= 0 && command_rows[i].set[k].at;
             k++)
            for (size_t n = 0; n < 4; n++)
                b.p[(size_t)command_rows[i].set[k].at + n] =
                    (uint8_t)(command_rows[i].set[k].value >> 8 * n);
        struct result r = parse(a, b.p, b.n);
        (void)macho_check_structure(&r.m, &r.f, place_path("x"));
        ck_assert_msg(r.good == command_rows[i].good, "%s", command_rows[i].what);
        if (command_rows[i].finding != FINDING_NONE)
            ck_assert_msg(findings_find(&r.f, command_rows[i].finding) != NULL, "%s",
                          command_rows[i].what);
        else
            ck_assert_msg(r.f.list.n == 0, "%s", command_rows[i].what);
    }
    return DS_OK;
}

ARENA_TEST(broken_commands, commands)

/* A command that breaks behind all that validation looks up only warns. */
static enum ds_status late(void *arg)
{
    struct arena *a = arg;
    struct buf b = thin_of(a, &arm);
    size_t end = 0x20 + (size_t)(b.p[20] | b.p[21] << 8);
    b.p[20] = (uint8_t)(b.p[20] + 8);
    b.p[end] = 0x77;
    struct result r = parse(a, b.p, b.n);
    ck_assert(r.good && r.m.slices->has_signature);
    ck_assert_int_eq(findings_find(&r.f, FINDING_MACHO_FORMAT)->severity, SEVERITY_WARN);
    return DS_OK;
}

ARENA_TEST(late_faults_only_warn, late)

/* -- Hostile input -------------------------------------------------------------------------------------- */

static void look_at_all(struct arena *a, const void *p, size_t n)
{
    struct arena *each = arena_child(a);
    struct result r = parse(each, p, n);
    struct name_vec names = {0};
    (void)macho_check_structure(&r.m, &r.f, place_path("x"));
    for (size_t i = 0; i < r.m.count; i++) {
        macho_imports(each, &r.m.slices[i], &names);
        macho_class_names(each, &r.m.slices[i], &names);
        macho_requirement_strings(each, &r.m.slices[i], &names);
    }
    ck_assert(r.good || r.f.list.n > 0);
    arena_child_free(each);
}

static enum ds_status hostile(void *arg)
{
    static const uint32_t values[] = {0, 1, 0x7fffffff, 0xffffffff};
    static const struct fat_slice two[] = {{&arm, 0x1000, 0x900, 12}, {&ppc, 0x2000, 0x900, 12}};
    struct arena *a = arg;
    struct buf b = fat_of(a, two, 2, 2, 0x2900);
    for (size_t n = 0; n < b.n; n += 97)
        look_at_all(a, b.p, n);
    for (size_t at = 0; at + 4 <= 0x1400; at += at < 0x40 || at >= 0x1000 ? 4 : 0x40) {
        uint8_t saved[4];
        memcpy(saved, b.p + at, 4);
        for (size_t i = 0; i < 4; i++) {
            for (size_t k = 0; k < 4; k++)
                b.p[at + k] = (uint8_t)(values[i] >> 8 * k);
            look_at_all(a, b.p, b.n);
        }
        memcpy(b.p + at, saved, 4);
    }
    return DS_OK;
}

ARENA_TEST(hostile_fields, hostile)

/* -- Real files ----------------------------------------------------------------------------------------- */

static void compare_with_manifest(struct arena *a, char **row)
{
    struct bytes data;
    struct buf archs = {.arena = a};
    const char *platform = "";
    ck_assert_msg(shared_read(a, arena_printf(a, "real/%s", row[0]), &data), "%s", row[0]);
    struct result r = {.f = {.arena = a}};
    ck_assert_int_eq(macho_sniff(data), MACHO_YES);
    ck_assert_msg(macho_parse(a, data, &r.f, place_path(row[0]), &r.m), "%s", row[0]);
    for (size_t i = 0; i < r.m.count; i++) {
        const struct macho_slice *s = &r.m.slices[i];
        /* The manifest names PowerPC slices by their family. */
        const char *name = s->arch.cputype == 18 ? "ppc" : s->name;
        buf_printf(&archs, i ? " | %s" : "%s", name);
        ck_assert_str_eq(macho_filetype_name(s->filetype), row[5]);
        if (s->platform)
            platform = macho_platform_name(s->platform);
        ck_assert_msg(s->usable && s->reachable && !s->fault, "%s", row[0]);
    }
    ck_assert_str_eq(buf_cstr(&archs), row[4]);
    ck_assert_msg(strcmp(platform, row[6]) == 0, "%s: platform %s, not %s", row[0], platform,
                  row[6]);
    ck_assert_msg(r.f.list.n == 0 && !r.m.fat.fault, "%s", row[0]);
}

static enum ds_status real(void *arg)
{
    struct arena *a = arg;
    struct bytes table;
    char *row[8];
    if (!shared_read(a, "real/manifest.tsv", &table))
        return DS_OK;
    while (shared_row(a, &table, row, 8) == 8)
        if (strncmp(row[0], "macho/", 6) == 0)
            compare_with_manifest(a, row);
    return DS_OK;
}

ARENA_TEST(real_images, real)

Suite *format_macho_suite(void)
{
    Suite *suite = suite_create("macho");
    TCase *tc = tcase_create("macho");

    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, thin_images);
    tcase_add_test(tc, universal_files);
    tcase_add_test(tc, slices_are_chosen);
    tcase_add_test(tc, candidates_are_told);
    tcase_add_test(tc, broken_commands);
    tcase_add_test(tc, late_faults_only_warn);
    tcase_add_test(tc, hostile_fields);
    tcase_add_test(tc, real_images);
    suite_add_tcase(suite, tc);
    return suite;
}
