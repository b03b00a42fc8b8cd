/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bundle: which kind of bundle a directory is and what its main executable is, as the reference decides it
 * (static-validation.md §1.6), and the strict checks that only bundles have (§6.13, §7.3).
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "seal/dircheck.h"
#include "seal/reader.h"

/* Strict errors are recorded while opening and raised after the resources. */
static void record(struct object *o, enum finding_id id, struct place at, const char *why)
{
    finding_add(o->recorded, id, at, why ? "%s" : NULL, why);
}

static const char *reported_path(const struct object *o, const char *literal)
{
    const char *rest = path_relative(literal, o->c->fs_path);
    return rest ? path_join(o->r->a, o->c->path, rest) : o->c->path;
}

/* A plain file that is no link: §1.6 step 5, §1.8 slot 1. */
static void check_regular(struct object *o, const char *literal)
{
    struct node node;
    const char *dir, *name = path_base(literal);
    if (reader_resolve(o->r, path_dir(o->r->a, literal), &dir) == 0 &&
        fs_stat(o->r->fs, path_join(o->r->a, dir, name), &node, NULL) == DS_OK &&
        node.kind == NODE_FILE)
        return;
    record(o, FINDING_BUNDLE_NOT_REGULAR_FILE, place_path(reported_path(o, literal)), NULL);
}

/* -- the shape (steps 1 to 4) */

/* The directory that R/Versions/V/. leads to, NULL when there is none. */
static const char *version_directory(struct object *o, const char *path)
{
    const char *version = o->parent ? NULL : o->r->options->bundle_version, *real;
    if (!version)
        version = "Current";
    const char *literal = path_join(o->r->a, path, arena_printf(o->r->a, "Versions/%s", version));
    if (reader_resolve(o->r, path_normal(o->r->a, literal), &real) != 0 ||
        !fs_is_dir(o->r->fs, real))
        return NULL;
    o->c->shown = arena_printf(o->r->a, "%s/Versions/%s/.", o->c->shown, version);
    return real;
}

static void rebind(struct object *o, const char *path, const char *version)
{
    layout_read(o->r, version, false, &o->layout);
    o->c->root = version;
    const char *fault = dircheck_framework(o->r, path);
    if (fault)
        record(o, FINDING_FRAMEWORK_ROOT_UNSEALED, object_place(o), fault);
}

/* Sets the layout; *PLAIN: an ordinary shape that may be an app. False: the version asked for is not there. */
static bool choose_shape(struct object *o, const char *path, bool *plain)
{
    const char *version;
    *plain = true;
    layout_read(o->r, path, text_ends(path, ".framework"), &o->layout);
    if (reader_stat(o->r, path_join(o->r->a, path, "Contents")).kind != NODE_NONE) {
        const char *fault = dircheck_bundle(o->r, path);
        if (fault)
            record(o, FINDING_BUNDLE_ROOT_UNSEALED, object_place(o), fault);
        return true;
    }
    if (reader_stat(o->r, path_join(o->r->a, path, "Support Files")).kind != NODE_NONE) {
        *plain = false;
        return true;
    }
    version = version_directory(o, path);
    if (version) {
        *plain = false;
        rebind(o, path, version);
        return true;
    }
    if (o->parent || !o->r->options->bundle_version)
        return true;
    return object_fail(o, finding_add(o->c->findings, FINDING_INPUT_NOT_FOUND, object_place(o),
                                      "there is no version %s", o->r->options->bundle_version));
}

/* -- what the main executable is (steps 5 to 9) */

static bool set_main(struct object *o, const char *literal)
{
    int error = reader_resolve(o->r, literal, &o->main_path);
    o->main_literal = literal;
    o->c->executable = reported_path(o, literal);
    if (error == 0)
        return true;
    return object_fail_errno(o, o->c->executable, error);
}

/* Both paths, when there are two, must be one file (step 5). */
static bool same_file(struct object *o, const char *before, const char *now, bool *good)
{
    const char *x, *y;
    if (!before || !now)
        return true;
    *good = reader_resolve(o->r, before, &x) == 0 && reader_resolve(o->r, now, &y) == 0;
    return *good && strcmp(x, y) == 0;
}

/* The executable and Info.plist that the directory has are those of the version chosen. */
static bool check_ambiguity(struct object *o, const struct layout *first)
{
    bool resolved, same;
    if (o->r->options->bundle_version && !o->c->parent)
        return true;
    same = same_file(o, first->executable, o->layout.executable, &resolved);
    if (same)
        same = same_file(o, first->info_path, o->layout.info_path, &resolved);
    if (same)
        return true;
    if (!resolved)
        return object_fail(o, finding_add(o->c->findings, FINDING_BUNDLE_AMBIGUOUS, object_place(o),
                                          "a link leads nowhere"));
    record(o, FINDING_BUNDLE_AMBIGUOUS, object_place(o),
           "the executable or Info.plist beside Versions is not that of the current version");
    return true;
}

static bool open_executable(struct object *o, const struct layout *first, bool plain)
{
    struct arena *a = o->r->a;
    bool app = bytes_is(bytes_str(value_get_cstr(o->layout.info, "CFBundlePackageType")), "APPL");
    if (!check_ambiguity(o, first))
        return false;
    check_regular(o, o->layout.executable);
    if (!set_main(o, o->layout.executable) || !image_open(o))
        return false;
    o->c->app_like = app && plain;
    o->c->format = arena_printf(a, app ? "app bundle with %s" : "bundle with %s", o->c->format);
    return true;
}

/* A file without slices as main executable. */
static bool open_plain(struct object *o, const char *literal, const char *format)
{
    if (!set_main(o, literal))
        return false;
    bool opened = image_open(o);
    o->c->format = format;
    return opened;
}

static bool open_widget(struct object *o, const struct value *html)
{
    if (html->type != VALUE_STRING)
        return object_fail(o, finding_add(o->c->findings, FINDING_BUNDLE_FORMAT, object_place(o),
                                          "MainHTML is no string"));
    const char *path =
        path_normal(o->r->a, path_join(o->r->a, o->layout.support, value_cstr(html)));
    o->c->app_like = true;
    return open_plain(o, path, "widget bundle");
}

/* The one file *.dist of the resource base, which makes an installer package (step 8). */
static const char *find_distribution(struct object *o)
{
    struct name_vec names;
    const char *found = NULL, *real;
    if (reader_resolve(o->r, o->layout.support, &real) != 0 ||
        fs_list(o->r->fs, o->r->a, real, &names, NULL) != DS_OK)
        return NULL;
    for (size_t i = 0; i < names.n; i++) {
        if (!text_ends(names.at[i], ".dist"))
            continue;
        if (found)
            return NULL;
        found = path_join(o->r->a, o->layout.support, names.at[i]);
    }
    return found;
}

static bool open_codeless(struct object *o)
{
    if (o->layout.info_path) {
        bool package = value_get(o->layout.info, "IFMajorVersion") != NULL;
        check_regular(o, o->layout.info_path);
        return open_plain(o, o->layout.info_path, package ? "installer package bundle" : "bundle");
    }
    const char *dist = find_distribution(o);
    if (dist)
        return open_plain(o, dist, "installer package bundle");
    return object_fail(o,
                       finding_add(o->c->findings, FINDING_BUNDLE_FORMAT, object_place(o), NULL));
}

/* -- files of the signature */

static bool read_info_file(struct object *o)
{
    if (!o->layout.info_path)
        return true;
    const char *path = o->layout.info_path;
    check_regular(o, path);
    int error = reader_map(o->r, path, &o->info.data);
    o->info.present = error == 0;
    return error == 0 || object_fail_errno(o, reported_path(o, path), error);
}

static void find_signature_files(struct object *o)
{
    const char *meta;
    if (reader_resolve(o->r, path_join(o->r->a, o->layout.support, "_CodeSignature"), &meta) != 0)
        return;
    o->meta = meta;
    o->c->signature_files =
        reported_path(o, path_join(o->r->a, o->layout.support, "_CodeSignature"));
    o->seal.present =
        reader_map(o->r, path_join(o->r->a, meta, "CodeResources"), &o->seal.data) == 0;
}

static bool open_main(struct object *o, const struct layout *first, bool plain)
{
    const struct value *html = value_get(o->layout.info, "MainHTML");
    if (o->layout.executable && !html)
        return open_executable(o, first, plain);
    return html ? open_widget(o, html) : open_codeless(o);
}

bool bundle_open(struct object *o, const char *path)
{
    struct layout first;
    bool plain;
    layout_read(o->r, path, text_ends(path, ".framework"), &first);
    if (!choose_shape(o, path, &plain))
        return false;
    o->c->info = o->layout.info->count ? o->layout.info : NULL;
    o->c->info_status = o->layout.info_status;
    o->c->identifier = value_get_cstr(o->layout.info, "CFBundleIdentifier");
    o->c->version = value_get_cstr(o->layout.info, "CFBundleVersion");
    if (!open_main(o, &first, plain))
        return false;
    find_signature_files(o);
    return read_info_file(o);
}

/* -- strict (§7.3) */

static bool is_used(const struct object *o, const char *name)
{
    for (size_t i = 0; i < o->used.n; i++)
        if (strcmp(o->used.at[i], name) == 0)
            return true;
    return strcmp(name, "CodeResources") == 0 && o->seal.present;
}

/* The signature directory holds nothing but the signature's files (§6.13). */
static void check_meta(struct object *o)
{
    struct name_vec names;
    struct node node;
    if (!o->meta || o->pass.quick || fs_list(o->r->fs, o->r->a, o->meta, &names, NULL) != DS_OK)
        return;
    for (size_t i = 0; i < names.n; i++) {
        const char *path = path_join(o->r->a, o->meta, names.at[i]);
        struct place at = place_path(reported_path(o, path));
        if (fs_stat(o->r->fs, path, &node, NULL) != DS_OK)
            continue;
        if (node.kind != NODE_FILE)
            object_fail(
                o, finding_add(o->c->findings, FINDING_BUNDLE_META_EXTRA, at, "no plain file"));
        else if (!is_used(o, names.at[i]) &&
                 !(strcmp(names.at[i], "CodeSignature") == 0 && node.size == 0))
            record(o, FINDING_BUNDLE_META_EXTRA, at, "no part of the signature");
    }
}

static int by_code(const void *x, const void *y)
{
    const struct finding *a = *(struct finding *const *)x, *b = *(struct finding *const *)y;
    return a->code < b->code ? -1 : a->code > b->code;
}

void bundle_check_strict(struct object *o)
{
    struct findings *later = o->recorded;
    check_meta(o);
    image_check_sideband(o, o->c->fs_path, o->c->path);
    if (o->c->root && strcmp(o->c->root, o->c->fs_path) != 0)
        image_check_sideband(o, o->c->root, o->c->path);
    if (later->list.n)
        qsort(later->list.at, later->list.n, sizeof *later->list.at, by_code);
    for (size_t i = 0; i < later->list.n; i++) {
        vec_push(o->r->a, &o->c->findings->list, later->list.at[i]);
        object_fail(o, later->list.at[i]);
    }
}
