/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The shapes of code (static-validation.md §1): bundles of every layout, frameworks and their versions, bundles without
 * code, files with signatures in attributes, detached signatures.
 */
#include <check.h>

#include "bundle_bytes.h"
#include "seal/code.h"

Suite *seal_shapes_suite(void);

static struct arena *arena;

static const struct code_options all = {.deep = true,
                                        .strict = true,
                                        .restrict_symlinks = true,
                                        .restrict_sideband = true,
                                        .check_pages = true,
                                        .check_resources = true,
                                        .collect_all = true,
                                        .arch = "arm64"};

static struct code *read_with(struct fs *fs, const char *path, const struct code_options *options)
{
    struct code_input in = {fs, path, path + 1};
    struct code *code;
    int error;
    ck_assert_int_eq(code_read(arena, &in, options, &code, &error), DS_OK);
    return code;
}

static struct code *read_path(struct fs *fs, const char *path)
{
    return read_with(fs, path, &all);
}

static void expect_first(const struct code *c, const char *id)
{
    const char *got = c->outcome.first ? finding_row(c->outcome.first->id)->id : "";
    ck_assert_msg(strcmp(got, id) == 0, "%s: %s, not %s", c->path, got, id);
}

/* -- bundles of every layout */

#define INFO(keys)                                                                 \
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?><plist version=\"1.0\"><dict>" keys \
    "<key>CFBundleIdentifier</key><string>com.example.x</string></dict></plist>"
#define EXECUTABLE INFO("<key>CFBundleExecutable</key><string>Run</string>")

/* Where the parts of a bundle lie, below its root. */
struct shape {
    const char *root, *support, *info, *executable;
};

static const char *in_root(const struct shape *s, const char *path)
{
    return path_join(arena, s->root, path);
}

static struct value *one_file(const char *path, const char *content)
{
    struct value *files = value_dict(arena);
    value_set(arena, files, path, seal_hash(arena, content));
    return files;
}

/* Sign the bundle SHAPE in FS, an executable of FILETYPE; FILES is what its seal lists. */
static void sign_shape(struct fs *fs, const struct shape *s, uint32_t filetype, struct value *files)
{
    struct bytes seal = seal_bytes(arena, files);
    struct signed_slots slots = {.info = bytes_str(EXECUTABLE), .resources = seal};
    const char *meta = path_join(arena, in_root(s, s->support), "_CodeSignature/CodeResources");
    add_text(fs, in_root(s, s->info), EXECUTABLE);
    fs_add_file(fs, meta, 0644, seal);
    fs_add_file(fs, in_root(s, s->executable), 0755,
                signed_macho(arena, "com.example.x", filetype, slots));
}

static enum ds_status check_layouts(void *arg)
{
    static const struct shape shapes[] = {
        {"/X.app", "Contents", "Contents/Info.plist", "Contents/MacOS/Run"},
        {"/X.app", "Contents", "Contents/Info.plist", "Contents/Run"},
        {"/X.app", "Contents", "Contents/Info-macos.plist", "Contents/MacOS/Run"},
        {"/X.app", "", "Info.plist", "Run"},
        {"/X.bundle", "", "Info.plist", "MacOS/Run"},
        {"/X.framework", "", "Resources/Info.plist", "Run"},
        {"/X.app", "Support Files", "Support Files/Info.plist", "Support Files/Executables/Run"},
    };
    (void)arg;
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        struct fs *fs = fs_memory(arena);
        struct value *files = value_dict(arena);
        if (strcmp(shapes[i].info, "Resources/Info.plist") == 0)
            files = one_file("Resources/Info.plist", EXECUTABLE);
        if (strcmp(path_base(shapes[i].info), "Info-macos.plist") == 0)
            files = one_file("Info-macos.plist", EXECUTABLE);
        sign_shape(fs, &shapes[i], 2, files);
        const struct code *c = read_path(fs, shapes[i].root);
        expect_first(c, "");
        ck_assert_str_eq(c->executable, in_root(&shapes[i], shapes[i].executable) + 1);
        ck_assert(c->info_bound && c->seal.present);
    }
    return DS_OK;
}

/* A directory that is none of these; what a bundle without an executable is. */
static enum ds_status check_codeless(void *arg)
{
    struct fs *fs = fs_memory(arena);
    (void)arg;
    add_text(fs, "/plain/a", "x");
    expect_first(read_path(fs, "/plain"), "BUNDLE-FORMAT");
    add_text(fs, "/X.bundle/Contents/Info.plist", INFO(""));
    expect_first(read_path(fs, "/X.bundle"), "SIG-UNSIGNED");
    ck_assert_str_eq(read_path(fs, "/X.bundle")->format, "bundle");
    add_text(fs, "/P.pkg/Contents/Info.plist",
             INFO("<key>IFMajorVersion</key><integer>1</integer>"));
    ck_assert_str_eq(read_path(fs, "/P.pkg")->format, "installer package bundle");
    add_text(fs, "/D.mpkg/one.dist", "x");
    ck_assert_str_eq(read_path(fs, "/D.mpkg")->format, "installer package bundle");
    add_text(fs, "/D.mpkg/two.dist", "x");
    expect_first(read_path(fs, "/D.mpkg"), "BUNDLE-FORMAT");
    add_text(fs, "/W.wdgt/Info.plist", INFO("<key>MainHTML</key><string>w.html</string>"));
    add_text(fs, "/W.wdgt/w.html", "<html>");
    ck_assert_str_eq(read_path(fs, "/W.wdgt")->format, "widget bundle");
    add_text(fs, "/V.wdgt/Info.plist", INFO("<key>MainHTML</key><true/>"));
    expect_first(read_path(fs, "/V.wdgt"), "BUNDLE-FORMAT");
    add_text(fs, "/E.app/Contents/Info.plist", EXECUTABLE);
    ck_assert_ptr_nonnull(
        findings_find(read_path(fs, "/E.app")->findings, FINDING_BUNDLE_EXECUTABLE_MISSING));
    return DS_OK;
}

/* The main executable stands for its bundle; another file beside it does not. */
static enum ds_status check_operands(void *arg)
{
    static const struct shape shape = {"/X.app", "Contents", "Contents/Info.plist",
                                       "Contents/MacOS/Run"};
    struct fs *fs = fs_memory(arena);
    (void)arg;
    sign_shape(fs, &shape, 2, value_dict(arena));
    ck_assert_str_eq(read_path(fs, "/X.app/Contents/MacOS/Run")->path, "X.app");
    add_text(fs, "/X.app/Contents/MacOS/other", "x");
    const struct code *c = read_path(fs, "/X.app/Contents/MacOS/other");
    ck_assert(!c->is_bundle && c->kind == CODE_DATA);
    return DS_OK;
}

/* -- frameworks */

static void make_version(struct fs *fs, const char *root)
{
    const struct shape shape = {root, "", "Resources/Info.plist", "Run"};
    sign_shape(fs, &shape, 6, one_file("Resources/Info.plist", EXECUTABLE));
}

static struct fs *framework(const char *root)
{
    struct fs *fs = fs_memory(arena);
    make_version(fs, path_join(arena, root, "Versions/A"));
    fs_add_link(fs, path_join(arena, root, "Versions/Current"), "A");
    fs_add_link(fs, path_join(arena, root, "Run"), "Versions/Current/Run");
    fs_add_link(fs, path_join(arena, root, "Resources"), "Versions/Current/Resources");
    return fs;
}

static enum ds_status check_framework(void *arg)
{
    struct code_options b = all;
    struct fs *fs = framework("/X.framework");
    const struct code *c = read_path(fs, "/X.framework");
    (void)arg;
    expect_first(c, "");
    ck_assert_str_eq(c->shown, "X.framework/Versions/Current/.");
    ck_assert_str_eq(c->root, "/X.framework/Versions/A");
    b.bundle_version = "B";
    expect_first(read_with(fs, "/X.framework", &b), "INPUT-NOT-FOUND");
    make_version(fs, "/X.framework/Versions/B");
    expect_first(read_with(fs, "/X.framework", &b), "");
    expect_first(read_path(fs, "/X.framework/Versions/B"), "");
    add_text(fs, "/X.framework/notes", "x");
    expect_first(read_path(fs, "/X.framework"), "FRAMEWORK-ROOT-UNSEALED");
    fs_remove(fs, "/X.framework/notes");
    fs_remove(fs, "/X.framework/Run");
    fs_add_file(fs, "/X.framework/Run", 0755, bytes_str("another"));
    expect_first(read_path(fs, "/X.framework"), "BUNDLE-AMBIGUOUS");
    return DS_OK;
}

/* An app around a framework; its other versions are looked at only here (§6.9). */
static enum ds_status check_other_version(void *arg)
{
    static const struct shape app = {"/X.app", "Contents", "Contents/Info.plist",
                                     "Contents/MacOS/Run"};
    struct fs *fs = framework("/X.app/Contents/Frameworks/Lib.framework");
    struct value *files = value_dict(arena);
    (void)arg;
    value_set(
        arena, files, "Frameworks/Lib.framework",
        seal_entry(arena, "requirement", value_string(arena, "identifier \"com.example.x\"")));
    sign_shape(fs, &app, 2, files);
    expect_first(read_path(fs, "/X.app"), "");
    make_version(fs, "/X.app/Contents/Frameworks/Lib.framework/Versions/B");
    expect_first(read_path(fs, "/X.app"), "");
    add_text(fs, "/X.app/Contents/Frameworks/Lib.framework/Versions/B/new", "x");
    const struct code *c = read_path(fs, "/X.app");
    expect_first(c, "FRAMEWORK-OTHER-VERSION");
    ck_assert_str_eq(c->outcome.where->path, "X.app/Contents/Frameworks/Lib.framework");
    fs_remove(fs, "/X.app/Contents/Frameworks/Lib.framework/Versions/B");
    add_text(fs, "/X.app/Contents/Frameworks/Lib.framework/notes", "x");
    expect_first(read_path(fs, "/X.app"), "FRAMEWORK-ROOT-UNSEALED");
    return DS_OK;
}

/* -- signatures elsewhere */

static struct bytes script(void)
{
    return bytes_str("#!/bin/sh\nexit 0\n");
}

static void sign_in_attributes(struct fs *fs, const char *path)
{
    struct signed_slots slots = {.requirements = empty_requirements(arena)};
    fs_add_xattr(fs, path, "com.apple.cs.CodeDirectory",
                 signed_directory(arena, "com.example.script", script(), &slots));
    fs_add_xattr(fs, path, "com.apple.cs.CodeRequirements", slots.requirements);
    fs_add_xattr(fs, path, "com.apple.cs.CodeSignature", bytes_of("", 0));
}

static enum ds_status check_attributes(void *arg)
{
    struct fs *fs = fs_memory(arena);
    const struct code *c;
    (void)arg;
    fs_add_file(fs, "/run.sh", 0755, script());
    expect_first(read_path(fs, "/run.sh"), "SIG-UNSIGNED");
    sign_in_attributes(fs, "/run.sh");
    c = read_path(fs, "/run.sh");
    expect_first(c, "");
    ck_assert(c->kind == CODE_SCRIPT && strcmp(c->format, "generic") == 0);
    ck_assert_str_eq(c->slices[0].sig.location, "extended attributes");
    fs_add_file(fs, "/run.sh", 0755, bytes_str("#!/bin/sh\nexit 1\n"));
    sign_in_attributes(fs, "/run.sh");
    expect_first(read_path(fs, "/run.sh"), "CD-PAGE-HASH");
    return DS_OK;
}

static struct bytes detached_for(struct bytes code)
{
    struct signed_slots slots = {.requirements = empty_requirements(arena)};
    const struct blob_part parts[] = {
        {0, signed_directory(arena, "com.example.detached", code, &slots)},
        {2, slots.requirements},
        {0x10000, {(const uint8_t *)"\xfa\xde\x0b\x01\0\0\0\x08", 8}}};
    struct buf blob = superblob_bytes(arena, 0xfade0cc0, parts, 3);
    return buf_bytes(&blob);
}

static enum ds_status check_detached(void *arg)
{
    struct code_options options = all;
    struct fs *fs = fs_memory(arena);
    (void)arg;
    fs_add_file(fs, "/run.sh", 0755, script());
    options.detached = detached_for(script());
    const struct code *c = read_with(fs, "/run.sh", &options);
    expect_first(c, "");
    ck_assert_str_eq(c->slices[0].sig.location, "explicit detached");
    options.detached = bytes_str("nothing of the kind");
    expect_first(read_with(fs, "/run.sh", &options), "SIG-DETACHED");
    return DS_OK;
}

/* -- */

static enum ds_status (*const checks[])(void *arg) = {
    check_layouts,       check_codeless,   check_operands, check_framework,
    check_other_version, check_attributes, check_detached,
};

START_TEST(shape)
{
    arena = arena_new(0);
    ck_assert_int_eq(arena_run(arena, checks[_i], NULL), DS_OK);
    arena_free(arena);
}
END_TEST

Suite *seal_shapes_suite(void)
{
    Suite *s = suite_create("seal_shapes");
    TCase *t = tcase_create("shapes");
    tcase_add_loop_test(t, shape, 0, (int)(sizeof checks / sizeof *checks));
    suite_add_tcase(s, t);
    return s;
}
