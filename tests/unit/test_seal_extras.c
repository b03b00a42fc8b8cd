/* SPDX-License-Identifier: Apache-2.0 */
/* What lies around code: links, profiles in and out of place, plain files, quarantine. */
#include <check.h>

#include "in_arena.h"
#include "seal/extras.h"

Suite *seal_extras_suite(void);

static void add(struct fs *fs, const char *path, const char *text)
{
    ck_assert_int_eq(fs_add_file(fs, path, 0644, bytes_str(text)), DS_OK);
}

/* -- links: an app with a framework, judged from the executable and from the library */

#define APP "/App.app/Contents/"

static struct fs *linked_app(struct arena *a)
{
    struct fs *fs = fs_memory(a);
    add(fs, APP "MacOS/App", "");
    add(fs, APP "Frameworks/L.framework/Versions/A/L", "");
    add(fs, APP "Frameworks/L.framework/Versions/A/Frameworks/inner.dylib", "");
    add(fs, APP "Frameworks/side.dylib", "");
    add(fs, "/other.dylib", "");
    fs_add_link(fs, APP "Frameworks/L.framework/Versions/Current", "A");
    fs_add_link(fs, APP "Frameworks/L.framework/L", "Versions/Current/L");
    return fs;
}

struct link_row {
    const char *name, *resolved; /* NULL: not in the input */
    bool missing;
};

static const char *const app_rpaths[] = {"@executable_path/../Frameworks", "@loader_path/nowhere"};
static const char *const library_rpaths[] = {"@loader_path/Frameworks"};

static const struct link_row app_links[] = {
    {"@rpath/L.framework/L", "App.app/Contents/Frameworks/L.framework/Versions/A/L", false},
    {"@rpath/L.framework/Versions/Current/L",
     "App.app/Contents/Frameworks/L.framework/Versions/A/L", false},
    {"@executable_path/../Frameworks/side.dylib", "App.app/Contents/Frameworks/side.dylib", false},
    {"@loader_path/../../../other.dylib", "other.dylib", false},
    {"@loader_path/../../../none.dylib", NULL, false},
    {"@rpath/M.framework/M", NULL, true},
    {"@executable_path/none.dylib", NULL, true},
    {"@executable_pathological", NULL, false},
    {"/usr/lib/libSystem.B.dylib", NULL, false},
    {"relative.dylib", NULL, false},
};
static const struct link_row library_links[] = {
    {"@rpath/inner.dylib",
     "App.app/Contents/Frameworks/L.framework/Versions/A/Frameworks/inner.dylib", false},
    {"@rpath/side.dylib", "App.app/Contents/Frameworks/side.dylib", false},
    {"@loader_path/../../../side.dylib", "App.app/Contents/Frameworks/side.dylib", false},
    {"@rpath/none.dylib", NULL, true},
};

static struct slice slice_of(struct arena *a, const struct link_row *rows, size_t n)
{
    struct slice s = {.arch = "arm64"};
    for (size_t i = 0; i < n; i++)
        vec_push(a, &s.links, (struct link){.name = rows[i].name});
    return s;
}

static void check_links(const struct slice *s, const struct link_row *rows)
{
    for (size_t i = 0; i < s->links.n; i++) {
        const struct link *link = &s->links.at[i];
        ck_assert_pstr_eq(link->resolved, rows[i].resolved);
        ck_assert_msg(link->missing == rows[i].missing, "%s", link->name);
    }
}

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

static enum ds_status links(void *arg)
{
    struct arena *a = arg;
    struct code_options o = {.strict = true};
    struct slice mine = slice_of(a, app_links, COUNT(app_links)),
                 theirs = slice_of(a, library_links, COUNT(library_links));
    struct code app = {.kind = CODE_APP, .path = "App.app", .fs_path = "/App.app"}, library = {0};
    app.is_bundle = app.is_main_executable = true;
    app.executable = "App.app/Contents/MacOS/App";
    app.slices = &mine;
    app.slice_count = 1;
    library.kind = CODE_FRAMEWORK;
    library.path = "App.app/Contents/Frameworks/L.framework";
    library.fs_path = "/App.app/Contents/Frameworks/L.framework";
    library.executable = "App.app/Contents/Frameworks/L.framework/Versions/A/L";
    library.is_bundle = true;
    library.parent = &app;
    library.slices = &theirs;
    library.slice_count = 1;
    for (size_t i = 0; i < COUNT(app_rpaths); i++)
        vec_push(a, &mine.rpaths, app_rpaths[i]);
    vec_push(a, &theirs.rpaths, library_rpaths[0]);
    code_read_extras(a, linked_app(a), &app, &o);
    code_read_extras(a, linked_app(a), &library, &o);
    check_links(&mine, app_links);
    check_links(&theirs, library_links);
    library.parent = NULL; /* alone, the process is unknown, and so is what its run paths hold */
    code_read_extras(a, linked_app(a), &library, &o);
    ck_assert(!theirs.links.at[3].missing);
    return DS_OK;
}

ARENA_TEST(links_are_resolved, links)

/* -- profiles */

static const struct {
    enum code_kind kind;
    const char *files[3];
    const char *place; /* of the one that counts */
    size_t others;
} profile_rows[] = {
    {CODE_APP, {"Contents/embedded.provisionprofile"}, "Contents/embedded.provisionprofile", 0},
    {CODE_APP,
     {"Contents/Resources/embedded.provisionprofile", "embedded.provisionprofile"},
     NULL,
     2},
    {CODE_APP,
     {"Contents/embedded.mobileprovision", "Contents/embedded.provisionprofile"},
     "Contents/embedded.provisionprofile",
     1},
    {CODE_APP,
     {"Contents/x", "Contents/PlugIns/T.appex/Contents/embedded.provisionprofile"},
     NULL,
     0},
    {CODE_DEXT, {"embedded.provisionprofile"}, "embedded.provisionprofile", 0},
    {CODE_APP, {"embedded.mobileprovision"}, "embedded.mobileprovision", 0},
    {CODE_APP, {"embedded.provisionprofile"}, NULL, 1},
    {CODE_FRAMEWORK, {"Versions/A/embedded.provisionprofile"}, NULL, 1},
};

static void check_profile(struct arena *a, size_t i)
{
    struct fs *fs = fs_memory(a);
    struct code_options o = {.strict = true};
    struct code c = {.kind = profile_rows[i].kind, .path = "B", .fs_path = "/B", .is_bundle = true};
    for (size_t k = 0; k < 3 && profile_rows[i].files[k]; k++)
        add(fs, arena_printf(a, "/B/%s", profile_rows[i].files[k]), "none");
    code_read_extras(a, fs, &c, &o);
    const char *place =
        profile_rows[i].place ? arena_printf(a, "B/%s", profile_rows[i].place) : NULL;
    ck_assert_pstr_eq(c.profile ? c.profile->path : NULL, place);
    ck_assert_msg(c.other_profiles.n == profile_rows[i].others, "row %zu: %zu", i,
                  c.other_profiles.n);
}

static enum ds_status profiles(void *arg)
{
    for (size_t i = 0; i < COUNT(profile_rows); i++)
        check_profile(arg, i);
    return DS_OK;
}

ARENA_TEST(profiles_are_found, profiles)

/* -- plain files */

#define PLIST(body) "<plist version=\"1.0\"><dict>" body "</dict></plist>"

static const struct plain_file *plain(const struct code *c, const char *path)
{
    size_t i = 0;
    while (i < c->plain.n && strcmp(c->plain.at[i].path, path) != 0)
        i++;
    ck_assert_msg(i < c->plain.n, "%s is not listed", path);
    return &c->plain.at[i];
}

static struct fs *app_with_jobs(struct arena *a)
{
    struct fs *fs = fs_memory(a);
    add(fs, APP "Library/LaunchDaemons/d.plist",
        PLIST("<key>Label</key><string>d</string><key>BundleProgram</key>"
              "<string>Contents/Resources/daemon</string>"));
    add(fs, APP "Library/LaunchAgents/broken.plist", "none");
    add(fs, APP "Resources/daemon", "\xcf\xfa\xed\xfe");
    add(fs, APP "Resources/stray.plist",
        PLIST("<key>Label</key><string>s</string><key>Program</key><string>/x</string>"));
    add(fs, APP "Resources/other.plist", PLIST("<key>Label</key><string>s</string>"));
    add(fs, APP "Resources/install.sh", "#!/bin/sh\ncp a b\n");
    add(fs, APP "Resources/text.txt", "#!/bin/sh\n");
    fs_add_file(fs, APP "Resources/run", 0755, bytes_str("#!/usr/bin/env python3\n"));
    fs_add_file(fs, APP "Resources/data", 0755, bytes_str("data"));
    fs_add_xattr(fs, APP "Resources/daemon", "com.apple.quarantine", bytes_str("0081"));
    fs_add_xattr(fs, "/App.app", "com.apple.quarantine", bytes_str("0081"));
    return fs;
}

static enum ds_status plain_files(void *arg)
{
    struct code_options o = {.strict = true};
    struct code c = {.kind = CODE_APP, .path = "App.app", .fs_path = "/App.app", .is_bundle = true};
    code_read_extras(arg, app_with_jobs(arg), &c, &o);
    ck_assert_uint_eq(c.plain.n, 6);
    ck_assert(c.quarantined);
    ck_assert_str_eq(
        value_get_cstr(plain(&c, "Contents/Library/LaunchDaemons/d.plist")->plist, "Label"), "d");
    ck_assert(!plain(&c, "Contents/Library/LaunchAgents/broken.plist")->plist);
    ck_assert(plain(&c, "Contents/Resources/daemon")->quarantined);
    ck_assert(plain(&c, "Contents/Resources/stray.plist")->plist);
    ck_assert_uint_eq(plain(&c, "Contents/Resources/install.sh")->head.n, 17);
    ck_assert(plain(&c, "Contents/Resources/run")->executable);
    return DS_OK;
}

ARENA_TEST(plain_files_are_found, plain_files)

Suite *seal_extras_suite(void)
{
    Suite *s = suite_create("seal_extras");
    TCase *t = tcase_create("extras");
    tcase_add_test(t, links_are_resolved);
    tcase_add_test(t, profiles_are_found);
    tcase_add_test(t, plain_files_are_found);
    suite_add_tcase(s, t);
    return s;
}
