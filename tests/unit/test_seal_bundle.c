/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A bundle made valid to the last strict check, and what each kind of damage is called; the same file as the reference
 * reports first, in the object it names, at each strictness.
 */
#include <check.h>

#include "bundle_bytes.h"
#include "seal/code.h"

Suite *seal_bundle_suite(void);

#define APP "/Example.app/"
#define RES APP "Contents/Resources/"

static struct arena *arena; /* of the test that runs */

static void nothing(struct fs *fs)
{
    (void)fs;
}

static void add_file(struct fs *fs)
{
    add_text(fs, RES "new.txt", "new");
}

static void add_nested_directory(struct fs *fs)
{
    add_text(fs, APP "Contents/MacOS/foo.d/x", "new");
}

static void change_file(struct fs *fs)
{
    add_text(fs, RES "a.txt", "hullo");
}

static void change_optional(struct fs *fs)
{
    add_text(fs, RES "de.lproj/b.txt", "hello");
}

static void remove_file(struct fs *fs)
{
    fs_remove(fs, RES "a.txt");
    fs_remove(fs, RES "link");
}

static void remove_optional(struct fs *fs)
{
    fs_remove(fs, RES "de.lproj");
}

static void link_for_file(struct fs *fs)
{
    fs_remove(fs, RES "a.txt");
    add_text(fs, APP "Contents/Resources/de.lproj/b.txt", "hallo");
    fs_add_link(fs, RES "a.txt", "de.lproj/b.txt");
}

static void file_for_link(struct fs *fs)
{
    fs_remove(fs, RES "link");
    add_text(fs, RES "link", "hello");
}

static void other_link(struct fs *fs)
{
    fs_remove(fs, RES "link");
    fs_add_link(fs, RES "link", "./a.txt");
}

static void change_info(struct fs *fs)
{
    add_text(fs, APP "Contents/Info.plist", INFO_TEXT "\n");
}

static void change_seal(struct fs *fs)
{
    struct bytes seal;
    int error;
    fs_map(fs, arena, APP "Contents/_CodeSignature/CodeResources", &seal, &error);
    add_text(fs, APP "Contents/_CodeSignature/CodeResources",
             arena_printf(arena, "%s\n", bytes_cstr(arena, seal)));
}

static void remove_signature(struct fs *fs)
{
    fs_remove(fs, APP "Contents/_CodeSignature");
}

static void extra_in_signature(struct fs *fs)
{
    add_text(fs, APP "Contents/_CodeSignature/notes", "x");
}

static void link_in_signature(struct fs *fs)
{
    fs_add_link(fs, APP "Contents/_CodeSignature/notes", "CodeResources");
}

static void extra_at_top(struct fs *fs)
{
    add_text(fs, APP "notes", "x");
}

static void icon_at_top(struct fs *fs)
{
    add_text(fs, APP "Icon\r", "x");
    add_text(fs, APP ".DS_Store", "x");
}

static void link_executable(struct fs *fs)
{
    fs_rename(fs, APP "Contents/MacOS/Example", APP "Contents/MacOS/Real");
    fs_add_link(fs, APP "Contents/MacOS/Example", "Real");
}

static void finder_info(struct fs *fs)
{
    fs_add_xattr(fs, RES "a.txt", "com.apple.FinderInfo", bytes_str("icon"));
}

static void finder_info_at_top(struct fs *fs)
{
    fs_add_xattr(fs, "/Example.app", "com.apple.FinderInfo", bytes_str("icon"));
}

static void zero_finder_info(struct fs *fs)
{
    fs_add_xattr(fs, RES "a.txt", "com.apple.FinderInfo", bytes_of("\0\0\0\0", 4));
}

static void store_link(struct fs *fs)
{
    fs_add_link(fs, RES ".ds_store", "a.txt");
}

static void fifo(struct fs *fs)
{
    fs_add_other(fs, RES "pipe");
}

static void append(struct fs *fs)
{
    struct buf b = {.arena = arena};
    struct bytes file;
    int error;
    fs_map(fs, arena, APP "Contents/MacOS/Example", &file, &error);
    buf_put(&b, file);
    buf_str(&b, "more");
    fs_add_file(fs, APP "Contents/MacOS/Example", 0755, buf_bytes(&b));
}

static void flip(struct fs *fs, const char *path, size_t at)
{
    struct bytes file;
    int error;
    fs_map(fs, arena, path, &file, &error);
    uint8_t *copy = arena_copy(arena, file.p, file.n);
    copy[at] ^= 1;
    fs_add_file(fs, path, 0755, bytes_of(copy, file.n));
}

static void flip_page(struct fs *fs)
{
    flip(fs, APP "Contents/MacOS/Example", 0x1800);
}

/* The set behind index and directory: one byte of its count. */
static void flip_requirements(struct fs *fs)
{
    struct bytes file;
    int error;
    size_t at = SIGNED_END;
    fs_map(fs, arena, APP "Contents/MacOS/Example", &file, &error);
    while (memcmp(file.p + at, "\xfa\xde\x0c\x01", 4) != 0)
        at++;
    flip(fs, APP "Contents/MacOS/Example", at + 11);
}

static void flip_library(struct fs *fs)
{
    flip(fs, APP "Contents/Frameworks/lib.dylib", 0x1800);
}

static void strip_library(struct fs *fs)
{
    struct macho_shape shape = {
        .wide = true, .cputype = 0x0100000c, .filetype = 6, .size = SIGNED_SIZE};
    struct macho_out out = {.b = {.arena = arena}, .shape = &shape};
    put_macho(&out);
    fs_add_file(fs, APP "Contents/Frameworks/lib.dylib", 0755, buf_bytes(&out.b));
}

static void other_library(struct fs *fs)
{
    fs_add_file(fs, APP "Contents/Frameworks/lib.dylib", 0755,
                signed_macho(arena, "com.example.other", 6, no_slots));
}

static void text_for_library(struct fs *fs)
{
    add_text(fs, APP "Contents/Frameworks/lib.dylib", "{}");
}

/* A nested failure is thrown, what was collected outside is not reported. */
static void strip_and_add(struct fs *fs)
{
    strip_library(fs);
    add_text(fs, APP "Contents/Aaa", "new");
}

static void resources_hide_root(struct fs *fs)
{
    add_file(fs);
    extra_at_top(fs);
}

enum { STRICT = 1, ALL = 2, SHALLOW = 4 };

#define LIB "Example.app/Contents/Frameworks/lib.dylib"

static const struct {
    void (*damage)(struct fs *fs);
    unsigned how;
    const char *first; /* "" valid */
    const char *where; /* of the object; NULL: the app */
} rows[] = {
    {nothing, ALL, "", NULL},
    {nothing, 0, "", NULL},
    {add_file, ALL, "SEAL-RESOURCE-ADDED", NULL},
    {add_file, 0, "SEAL-RESOURCE-ADDED", NULL},
    {add_nested_directory, ALL, "SEAL-RESOURCE-ADDED", NULL},
    {change_file, ALL, "SEAL-RESOURCE-MODIFIED", NULL},
    {change_optional, ALL, "SEAL-RESOURCE-MODIFIED", NULL},
    {remove_file, ALL, "SEAL-RESOURCE-MISSING", NULL},
    {remove_optional, ALL, "", NULL},
    {link_for_file, ALL, "SEAL-RESOURCE-MODIFIED", NULL},
    {file_for_link, ALL, "SEAL-RESOURCE-MODIFIED", NULL},
    {other_link, ALL, "SEAL-RESOURCE-MODIFIED", NULL},
    {change_info, ALL, "INFO-PLIST-MODIFIED", NULL},
    {change_seal, ALL, "SEAL-DIRECTORY-MODIFIED", NULL},
    {remove_signature, ALL, "SEAL-DIRECTORY-MODIFIED", NULL},
    {extra_in_signature, STRICT, "BUNDLE-META-EXTRA", NULL},
    {extra_in_signature, 0, "", NULL},
    {link_in_signature, STRICT, "BUNDLE-META-EXTRA", NULL},
    {extra_at_top, STRICT, "BUNDLE-ROOT-UNSEALED", NULL},
    {extra_at_top, 0, "", NULL},
    {icon_at_top, ALL, "", NULL},
    {resources_hide_root, ALL, "SEAL-RESOURCE-ADDED", NULL},
    {link_executable, STRICT, "SEAL-RESOURCE-ADDED", NULL},
    {finder_info, ALL, "BUNDLE-XATTR", NULL},
    {finder_info, STRICT, "", NULL},
    {finder_info_at_top, ALL, "BUNDLE-XATTR", NULL},
    {zero_finder_info, ALL, "", NULL},
    {store_link, 0, "SEAL-DSSTORE-LINK", NULL},
    {fifo, STRICT, "SEAL-FILE-TYPE", NULL},
    {fifo, 0, "", NULL},
    {append, STRICT, "MACHO-STRICT", NULL},
    {append, 0, "", NULL},
    {flip_page, 0, "CD-PAGE-HASH", NULL},
    {flip_requirements, 0, "CD-SPECIAL-SLOT", NULL},
    {flip_library, ALL, "CD-PAGE-HASH", LIB},
    {flip_library, ALL | SHALLOW, "", NULL},
    {strip_library, ALL, "NESTED-UNSIGNED", LIB},
    {strip_library, SHALLOW, "NESTED-UNSIGNED", LIB},
    {other_library, ALL, "NESTED-REQUIREMENT", NULL},
    {other_library, SHALLOW, "NESTED-REQUIREMENT", NULL},
    {text_for_library, ALL, "NESTED-DATA-FILE", LIB},
    {strip_and_add, ALL, "NESTED-UNSIGNED", LIB},
};

static struct code *read_example(struct fs *fs, unsigned how)
{
    struct code_options options = {.deep = !(how & SHALLOW),
                                   .strict = how & (STRICT | ALL),
                                   .restrict_symlinks = how & ALL,
                                   .restrict_sideband = how & ALL,
                                   .check_pages = true,
                                   .check_resources = true,
                                   .collect_all = true,
                                   .arch = "arm64"};
    struct code_input in = {fs, "/Example.app", "Example.app"};
    struct code *code;
    int error;
    ck_assert_int_eq(code_read(arena, &in, &options, &code, &error), DS_OK);
    return code;
}

static enum ds_status check_row(void *arg)
{
    int i = *(int *)arg;
    struct fs *fs = example_bundle(arena, false);
    rows[i].damage(fs);
    const struct code *c = read_example(fs, rows[i].how);
    const struct finding *first = c->outcome.first;
    const char *id = first ? finding_row(first->id)->id : "";
    ck_assert_msg(strcmp(id, rows[i].first) == 0, "row %d: %s, not %s", i, id, rows[i].first);
    ck_assert(c->static_valid == !first && (!first || first->first));
    if (first)
        ck_assert_str_eq(c->outcome.where->path, rows[i].where ? rows[i].where : "Example.app");
    return DS_OK;
}

START_TEST(damage)
{
    int row = _i;
    ck_assert_int_eq(arena_run(arena, check_row, &row), DS_OK);
}
END_TEST

/* -- seals that are signed and wrong: the parts of a CodeResources over one file, Resources/a */

#define EMPTY "<dict/>"
#define EVERYTHING                                                               \
    "<key>^.*</key><true/><key>^Info\\.plist$</key><dict><key>omit</key><true/>" \
    "<key>weight</key><real>20</real></dict>"
#define RULE(value)   "<dict>" EVERYTHING "<key>^Resources/x</key>" value "</dict>"
#define ENTRY(value)  "<dict><key>Resources/a</key>" value "</dict>"
#define NOTHING_THERE "<dict><key>Resources/b</key><string>x</string></dict>"
#define GOOD                                                                                  \
    ENTRY("<dict><key>hash2</key><data>LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=</data></" \
          "dict>")
#define OPTIONAL(value) "<dict><key>optional</key>" value "</dict>"

static const struct {
    const char *files, *rules, *files2, *rules2; /* NULL: no such key */
    bool strict;
    const char *first;
    int64_t code;
} seals[] = {
    {EMPTY, EMPTY, GOOD, RULE("<true/>"), true, "", 0},
    {NULL, EMPTY, GOOD, RULE("<true/>"), true, "SEAL-NONE", -67056},
    {EMPTY, "<true/>", GOOD, RULE("<true/>"), true, "SEAL-NONE", -67056},
    {EMPTY, EMPTY, "<array/>", RULE("<true/>"), true, "SEAL-STRUCTURE", -67055},
    {EMPTY, EMPTY, GOOD, NULL, true, "SEAL-STRUCTURE", -67055},
    {EMPTY, EMPTY, GOOD, RULE("<string>x</string>"), true, "SEAL-RULES-INVALID", -67053},
    {EMPTY, EMPTY, GOOD, RULE("<string>x</string>"), false, "SEAL-RULES-INVALID", -67053},
    {EMPTY, EMPTY, GOOD, RULE(OPTIONAL("<integer>1</integer>")), true, "SEAL-RULES-INVALID",
     -67053},
    {EMPTY, EMPTY, GOOD, RULE("<dict><key>weight</key><real>1.5</real></dict>"), true,
     "SEAL-RULES-INVALID", -4960},
    {EMPTY, EMPTY, GOOD, RULE("<dict><key>weight</key><real>20</real></dict>"), true, "", 0},
    {EMPTY, EMPTY, GOOD, "<dict>" EVERYTHING "<key>(</key><true/></dict>", true,
     "SEAL-RULES-INVALID", -67053},
    {EMPTY, EMPTY, GOOD, RULE("<false/>"), true, "SEAL-RULES-WEAK", -67013},
    {EMPTY, EMPTY, GOOD, RULE("<false/>"), false, "", 0},
    {EMPTY, EMPTY, GOOD, EMPTY, true, "SEAL-RULES-WEAK", -67013},
    {GOOD, RULE("<true/>"), NULL, NULL, false, "", 0}, /* the old form holds any hash */
    {EMPTY, "<dict><key>^Resources/</key><true/></dict>", NULL, NULL, true, "SEAL-V1-ONLY", -67007},
    {EMPTY, EMPTY, ENTRY("<string>x</string>"), RULE("<true/>"), true, "SEAL-STRUCTURE", -67055},
    {EMPTY, EMPTY, ENTRY(EMPTY), RULE("<true/>"), true, "SEAL-STRUCTURE", -67055},
    {EMPTY, EMPTY, ENTRY(OPTIONAL("<string>x</string>")), RULE("<true/>"), true, "SEAL-STRUCTURE",
     -67055},
    {EMPTY, EMPTY, ENTRY("<dict><key>requirement</key><true/></dict>"), RULE("<true/>"), true,
     "SEAL-STRUCTURE", -67055},
    {EMPTY, EMPTY, ENTRY("<dict><key>requirement</key><string>(</string></dict>"), RULE("<true/>"),
     true, "SEAL-STRUCTURE", -67055},
    {EMPTY, EMPTY, ENTRY("<data>qqqqqqqqqqqqqqqqqqqqqqqqqqo=</data>"), RULE("<true/>"), true,
     "SEAL-RESOURCE-MODIFIED", -67054},
    {EMPTY, EMPTY, NOTHING_THERE, RULE("<true/>"), true, "SEAL-STRUCTURE", -67055},
    {EMPTY, EMPTY, EMPTY,
     "<dict>" EVERYTHING "<key>^Resources/a$</key><dict><key>omit</key><true/></dict></dict>",
     false, "", 0}, /* at equal weight the omitting rule wins */
};

static void put_part(struct buf *b, const char *key, const char *value)
{
    if (value)
        buf_printf(b, "<key>%s</key>%s", key, value);
}

static enum ds_status check_seal(void *arg)
{
    int i = *(int *)arg;
    struct buf text = {.arena = arena};
    struct fs *fs = fs_memory(arena);
    buf_str(&text, "<?xml version=\"1.0\" encoding=\"UTF-8\"?><plist version=\"1.0\"><dict>");
    put_part(&text, "files", seals[i].files);
    put_part(&text, "files2", seals[i].files2);
    put_part(&text, "rules", seals[i].rules);
    put_part(&text, "rules2", seals[i].rules2);
    buf_str(&text, "</dict></plist>");
    add_text(fs, RES "a", "hello");
    sign_with(arena, fs, buf_bytes(&text));
    const struct finding *first = read_example(fs, seals[i].strict ? STRICT : 0)->outcome.first;
    const char *id = first ? finding_row(first->id)->id : "";
    ck_assert_msg(strcmp(id, seals[i].first) == 0, "seal %d: %s (%s), not %s", i, id,
                  first ? first->place.path : "", seals[i].first);
    ck_assert_int_eq(first ? first->code : 0, seals[i].code);
    return DS_OK;
}

START_TEST(seal)
{
    int row = _i;
    ck_assert_int_eq(arena_run(arena, check_seal, &row), DS_OK);
}
END_TEST

static enum ds_status check_no_seal(void *arg)
{
    static const struct {
        const char *text;
        int64_t code;
    } texts[] = {{"no list", -67058}, {"<plist version=\"1.0\"><array/></plist>", -4960}};
    (void)arg;
    for (size_t i = 0; i < 2; i++) {
        struct fs *fs = fs_memory(arena);
        sign_with(arena, fs, bytes_str(texts[i].text));
        const struct code *c = read_example(fs, STRICT);
        ck_assert_int_eq(c->outcome.first->id, FINDING_SEAL_MALFORMED);
        ck_assert_int_eq(c->outcome.first->code, texts[i].code);
    }
    return DS_OK;
}

START_TEST(no_seal)
{
    ck_assert_int_eq(arena_run(arena, check_no_seal, NULL), DS_OK);
}
END_TEST

static enum ds_status check_escape(void *arg)
{
    const struct code *c;
    (void)arg;
    c = read_example(example_bundle(arena, true), ALL);
    ck_assert_ptr_nonnull(findings_find(c->findings, FINDING_SEAL_SYMLINK));
    ck_assert_int_eq(c->outcome.first->code, -67003);
    c = read_example(example_bundle(arena, true), STRICT);
    ck_assert_ptr_null(c->outcome.first);
    return DS_OK;
}

START_TEST(escape)
{
    ck_assert_int_eq(arena_run(arena, check_escape, NULL), DS_OK);
}
END_TEST

static enum ds_status check_facts(void *arg)
{
    const struct code *c = read_example(example_bundle(arena, false), ALL), *lib;
    (void)arg;
    ck_assert_str_eq(c->format, "app bundle with Mach-O thin (arm64)");
    ck_assert_str_eq(c->executable, "Example.app/Contents/MacOS/Example");
    ck_assert_str_eq(c->identifier, "com.example.app");
    ck_assert(c->app_like && c->info_bound && c->is_main_executable && c->kind == CODE_APP);
    ck_assert(c->seal.present && c->seal.version == 2 && c->seal.files == 4);
    ck_assert_uint_eq(c->child_count, 1);
    lib = c->children[0];
    ck_assert(lib->reached && lib->sealed_by_parent && lib->in_code_place && lib->parent == c);
    ck_assert_int_eq(lib->kind, CODE_DYLIB);
    return DS_OK;
}

START_TEST(facts)
{
    ck_assert_int_eq(arena_run(arena, check_facts, NULL), DS_OK);
}
END_TEST

/* Reading with the N-th allocation failing leaves by DS_NOMEM, and leaves nothing behind. */
static enum ds_status read_for_failure(void *arg)
{
    struct fs *fs = example_bundle(arena, true);
    add_file(fs);
    flip_library(fs);
    arena_fail_after(arena, *(size_t *)arg);
    (void)read_example(fs, ALL);
    arena_fail_after(arena, 0);
    return DS_OK;
}

START_TEST(no_memory)
{
    enum ds_status status = DS_NOMEM;
    size_t n = 1;
    for (; status == DS_NOMEM; n += 1 + n / 16) {
        arena_free(arena);
        arena = arena_new(0);
        status = arena_run(arena, read_for_failure, &n);
        ck_assert(status == DS_OK || status == DS_NOMEM);
    }
    ck_assert_uint_gt(n, 500);
}
END_TEST

static void start(void)
{
    arena = arena_new(0);
}

static void stop(void)
{
    arena_free(arena);
}

Suite *seal_bundle_suite(void)
{
    Suite *s = suite_create("seal_bundle");
    TCase *t = tcase_create("bundle");
    tcase_add_checked_fixture(t, start, stop);
    tcase_add_loop_test(t, damage, 0, (int)(sizeof rows / sizeof *rows));
    tcase_add_loop_test(t, seal, 0, (int)(sizeof seals / sizeof *seals));
    tcase_add_test(t, no_seal);
    tcase_add_test(t, no_memory);
    tcase_add_test(t, escape);
    tcase_add_test(t, facts);
    suite_add_tcase(s, t);
    return s;
}
