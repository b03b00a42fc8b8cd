/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Code: code_read(), from a path to facts. Which kind of thing lies there (static-validation.md §1.1, §1.3), then the
 * steps of §7.1: open, core, resources, strict; last the code that lies anywhere in it.
 */
#include "seal/code.h"

#include <errno.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "seal/contents.h"
#include "seal/extras.h"
#include "seal/reader.h"
#include "seal/resources.h"
#include "seal/subject.h"

const char *code_kind_name(enum code_kind kind)
{
    static const char *const names[] = {
        "app",    "appex",   "systemextension", "dext", "framework", "xpc",  "bundle",
        "plugin", "kext",    "dylib",           "tool", "script",    "data", "dmg",
        "pkg",    "archive",
    };
    return names[kind];
}

/* -- what parts share */

struct place object_place(const struct object *o)
{
    return place_path(o->c->path);
}

bool object_fail(struct object *o, const struct finding *f)
{
    if (!o->c->outcome.first)
        o->c->outcome = (struct static_outcome){.first = f, .where = o->c};
    return false;
}

static struct finding *add_unreadable(struct code *c, const char *reported, int error)
{
    struct finding *f = finding_add(c->findings, FINDING_INPUT_UNREADABLE, place_path(reported),
                                    "%s", strerror(error));
    f->has_code = true;
    f->code = OSSTATUS_ERRNO + error;
    return f;
}

bool object_fail_errno(struct object *o, const char *reported, int error)
{
    return object_fail(o, add_unreadable(o->c, reported, error));
}

/* Blobs that are only looked into belong to later stages. */
static bool is_static_error(const struct finding *f)
{
    return f->severity >= SEVERITY_REFUSED && f->stage <= STAGE_STATIC;
}

bool object_settle(struct object *o, size_t from, const char *arch)
{
    const struct findings *all = o->c->findings;
    for (size_t i = from; i < all->list.n; i++) {
        if (!is_static_error(all->list.at[i]))
            continue;
        if (!o->c->outcome.first) {
            object_fail(o, all->list.at[i]);
            o->c->outcome.arch = arch;
        }
        return false;
    }
    return true;
}

bool object_goes_on(const struct object *o)
{
    return o->r->options->collect_all || !o->c->outcome.first;
}

struct reader reader_of(struct arena *a, struct fs *fs, const struct code_options *options)
{
    return (struct reader){.a = a,
                           .fs = fs,
                           .options = options,
                           .root = "/",
                           .known = {.arena = a},
                           .hashed = {.arena = a},
                           .patterns = {.known = {.arena = a}}};
}

int reader_resolve(struct reader *r, const char *path, const char **out)
{
    char *real;
    int error = fs_resolve(r->fs, r->a, path, r->root, &real);
    *out = real;
    return error;
}

struct node reader_stat(struct reader *r, const char *path)
{
    struct node node = {.kind = NODE_NONE};
    const char *real;
    if (reader_resolve(r, path, &real) == 0)
        (void)fs_stat(r->fs, real, &node, NULL);
    return node;
}

int reader_map(struct reader *r, const char *path, struct bytes *out)
{
    const char *real;
    int error = reader_resolve(r, path, &real);
    *out = bytes_of(NULL, 0);
    if (error == 0)
        (void)fs_map(r->fs, r->a, real, out, &error);
    return error;
}

/* -- kinds */

/* By suffix; a version directory of a framework is one, too. */
static enum code_kind bundle_kind(const char *path)
{
    static const struct {
        const char *extension;
        enum code_kind kind;
    } kinds[] = {
        {"app", CODE_APP},   {"appex", CODE_APPEX},         {"systemextension", CODE_SYSEXT},
        {"dext", CODE_DEXT}, {"framework", CODE_FRAMEWORK}, {"xpc", CODE_XPC},
        {"kext", CODE_KEXT}, {"plugin", CODE_PLUGIN},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(path_extension(path), kinds[i].extension) == 0)
            return kinds[i].kind;
    return strstr(path, ".framework/Versions/") ? CODE_FRAMEWORK : CODE_BUNDLE;
}

static enum code_kind file_kind(const struct object *o)
{
    const struct slice *s = code_main_slice(o->c);
    if (o->is_macho)
        return s && s->filetype == MH_EXECUTE ? CODE_TOOL : CODE_DYLIB;
    if (o->udif.kind != UDIF_NO)
        return CODE_DMG;
    if (o->is_package || o->is_archive)
        return o->is_package ? CODE_PKG : CODE_ARCHIVE;
    return bytes_starts(o->main, bytes_str("#!")) ? CODE_SCRIPT : CODE_DATA;
}

static bool is_forged(const struct code *c)
{
    for (size_t i = 0; i < c->slice_count; i++)
        if (c->slices[i].sig.anchor == ANCHOR_TEST)
            return true;
    return c->profile && c->profile->anchor == ANCHOR_TEST;
}

/* A bundle whose executable is gone counts as one without code, and then as unsigned (§1.6 step 7). */
static void note_missing_executable(struct object *o)
{
    const char *name = value_get_cstr(o->c->info, "CFBundleExecutable");
    if (o->c->is_bundle && name && *name && !o->layout.executable && !object_slice(o)->sig.present)
        finding_add(o->c->findings, FINDING_BUNDLE_EXECUTABLE_MISSING, object_place(o), "%s", name);
}

/* Facts that follow from what was read. */
static void conclude(struct object *o)
{
    struct code *c = o->c;
    c->test_identity = is_forged(c);
    if (!c->is_bundle)
        c->kind = file_kind(o);
    const struct slice *s = code_main_slice(c);
    if (!s)
        return;
    note_missing_executable(o);
    c->is_main_executable = o->is_macho && s->filetype == MH_EXECUTE;
    if (!c->is_bundle && s->info_section) {
        c->info = s->info_section;
        c->identifier = value_get_cstr(c->info, "CFBundleIdentifier");
        c->version = value_get_cstr(c->info, "CFBundleVersion");
    }
    if (!s->sig.chosen)
        return;
    c->code_identifier = s->sig.chosen->identifier;
    c->info_bound = codedir_binds(s->sig.chosen, SLOT_INFO) && c->info &&
                    !findings_find(c->findings, FINDING_INFO_PLIST_MODIFIED);
    if (c->info && !codedir_binds(s->sig.chosen, SLOT_INFO))
        finding_add(c->findings, FINDING_INFO_NOT_BOUND, object_place(o), NULL);
}

/* -- one object */

static bool open_object(struct object *o)
{
    o->c->is_bundle = fs_is_dir(o->r->fs, o->c->fs_path);
    if (o->c->is_bundle) {
        o->c->kind = bundle_kind(o->c->fs_path);
        return bundle_open(o, o->c->fs_path);
    }
    o->main_path = o->main_literal = o->c->fs_path;
    o->c->executable = o->c->path;
    return image_open(o);
}

static void validate_object(struct object *o)
{
    const struct code_options *options = o->r->options;
    image_validate(o);
    o->c->prepared = !o->c->outcome.first;
    if (object_goes_on(o))
        resources_check(o);
    if (!options->strict || !object_goes_on(o))
        return;
    if (o->c->is_bundle)
        bundle_check_strict(o);
    if (object_goes_on(o))
        image_check_strict(o);
}

/* Sealed as data, a file without signature is as good as any other; codesign minds nothing it does not reach. */
static bool is_tolerated(const struct object *o, const struct finding *f)
{
    bool is_unsigned = f->id == FINDING_SIG_UNSIGNED || f->id == FINDING_SLICE_UNSIGNED;
    return !o->c->reached && (is_unsigned || o->r->options->reference_only);
}

/* What is thrown comes before what was only collected until then (§6.10): the outcome leads its object's errors. */
static void lead_with_outcome(struct code *c)
{
    struct finding **at = c->findings->list.at, *first = NULL;
    size_t from = 0, to = 0, n = c->findings->list.n;
    while (from < n && !is_static_error(at[from]))
        from++;
    for (to = from; to < n && at[to] != c->outcome.first; to++)
        ;
    if (to == n)
        return;
    first = at[to];
    memmove(at + from + 1, at + from, (to - from) * sizeof *at);
    at[from] = first;
}

static void settle(struct object *o)
{
    struct code *c = o->c;
    lead_with_outcome(c);
    c->static_valid = true;
    for (size_t i = 0; i < c->findings->list.n; i++)
        c->static_valid &= !is_static_error(c->findings->list.at[i]);
    for (size_t i = 0; i < c->findings->list.n; i++)
        if (is_static_error(c->findings->list.at[i]) && is_tolerated(o, c->findings->list.at[i]))
            c->findings->list.at[i]->severity = SEVERITY_WARN;
    for (size_t i = 0; i < c->child_count; i++)
        if (c->children[i]->reached && !c->children[i]->static_valid)
            c->static_valid = false;
}

static struct findings *new_findings(struct arena *a)
{
    struct findings *f = arena_new_of(a, struct findings);
    f->arena = a;
    return f;
}

/* The Mac goes into a framework by "Versions/Current", which it ends with a dot. */
static const char *shown_path(struct reader *r, const char *path, const struct code *parent)
{
    if (!parent)
        return r->reported;
    const char *rest = path_relative(path, parent->root);
    if (!rest)
        return path_join(r->a, parent->path, path_relative(path, parent->fs_path));
    size_t n = strlen(parent->shown) - (text_ends(parent->shown, "/.") ? 2 : 0);
    return path_join(r->a, arena_strndup(r->a, parent->shown, n), rest);
}

static struct object *new_object(struct reader *r, const char *path, struct object *around)
{
    struct code *parent = around ? around->c : NULL;
    struct object *o = arena_new_of(r->a, struct object);
    struct code *c = o->c = arena_new_of(r->a, struct code);
    o->r = r;
    o->parent = around;
    o->recorded = new_findings(r->a);
    c->findings = new_findings(r->a);
    c->fs_path = path;
    c->parent = parent;
    c->path =
        parent ? path_join(r->a, parent->path, path_relative(path, parent->fs_path)) : r->reported;
    c->shown = shown_path(r, path, parent);
    c->root = path;
    c->name = path_base(c->path);
    return o;
}

static struct pass pass_of(const struct reader *r, const struct code *parent)
{
    const struct code_options *options = r->options;
    bool full = !parent || options->deep || options->resource;
    return (struct pass){full, full && options->check_resources, !full};
}

/* Something to open, and wanted open. */
static bool has_contents(const struct object *o)
{
    bool image = o->udif.kind != UDIF_NO && contents_wanted(o);
    return o->is_archive || (o->opened && (o->is_package || image));
}

/* Where revocation is asked for, code that no seal holds as code is looked at as well (§6.5). */
static void refuse_revoked_inside(struct object *o)
{
    for (size_t i = 0; i < o->c->child_count; i++) {
        const struct code *child = o->c->children[i];
        const struct signature *sig = code_signature(child);
        if (!child->reached && sig && sig->revocation.status == REVOCATION_REVOKED)
            object_fail(o, finding_add(o->c->findings, FINDING_CHAIN_REVOKED,
                                       place_path(child->path), "%s", sig->revocation.why));
    }
}

static void read_object(struct object *o)
{
    struct reader *r = o->r;
    o->pass = pass_of(r, o->c->parent);
    o->opened = open_object(o);
    if (o->opened)
        validate_object(o);
    conclude(o);
    if (o->c->is_bundle)
        children_find(o);
    if (r->options->check_revocation && o->c->is_bundle)
        refuse_revoked_inside(o);
    if (has_contents(o))
        contents_read(o);
    settle(o);
}

/* Told once of each object, however many lie too deep in it. */
static struct object *refuse_depth(struct object *around)
{
    struct findings *f = around->c->findings;
    if (!findings_find(f, FINDING_INPUT_LIMIT))
        object_fail(around,
                    finding_add(f, FINDING_INPUT_LIMIT, object_place(around),
                                "code lies in code more than %d deep", LIMIT_NESTED_CODE_DEPTH));
    return NULL;
}

struct object *reader_object(struct reader *r, const char *path, struct object *parent,
                             bool reached)
{
    struct object *known = index_find(&r->known, bytes_str(path));
    if (known)
        return known;
    if (r->depth >= LIMIT_NESTED_CODE_DEPTH)
        return refuse_depth(parent);
    struct object *o = new_object(r, path, parent);
    index_add(&r->known, bytes_str(path), o);
    o->c->reached = reached;
    o->c->serial = r->known.n;
    r->depth++;
    read_object(o);
    r->depth--;
    if (parent)
        children_add(parent->c, o->c, r->a);
    return o;
}

/* -- the top */

/* The bundle whose main executable the file at PATH is (§1.3), NULL when it is none. */
static const char *bundle_around(struct reader *r, const char *path)
{
    const char *dir = path_dir(r->a, path);
    struct layout layout;
    if (strcmp(path_base(dir), "MacOS") == 0) {
        dir = path_dir(r->a, dir);
        if (strcmp(path_base(dir), "Executables") == 0)
            dir = path_dir(r->a, dir);
        dir = path_dir(r->a, dir);
    }
    if (strcmp(dir, "/") == 0 || *dir == '\0')
        return NULL;
    layout_read(r, dir, text_ends(dir, ".framework"), &layout);
    if (!layout.executable || strcmp(layout.executable, path) != 0)
        return NULL;
    return layout.kind == LAYOUT_FLAT && layout.info->count == 0 ? NULL : dir;
}

struct object *reader_classified(struct reader *r, const char *path, struct object *parent,
                                 bool reached)
{
    const char *bundle = fs_is_dir(r->fs, path) ? NULL : bundle_around(r, path);
    return reader_object(r, bundle ? bundle : path, parent, reached);
}

/* REPORTED without what FILE has beyond BUNDLE, when it ends that way. */
static const char *reported_bundle(struct arena *a, const char *reported, const char *file,
                                   const char *bundle)
{
    const char *rest = arena_printf(a, "/%s", path_relative(file, bundle));
    if (!text_ends(reported, rest))
        return reported;
    return arena_strndup(a, reported, strlen(reported) - strlen(rest));
}

static void mark_sealed(const struct object *o, struct profile *profile)
{
    const char *rest = path_relative(profile->path, o->c->path);
    if (rest)
        profile->sealed = resources_hold(o, path_join(o->r->a, o->c->fs_path, rest), profile->path);
}

static void mark_profiles(struct reader *r, const struct code *c)
{
    const struct object *o = index_find(&r->known, bytes_str(c->fs_path));
    if (o && c->profile)
        mark_sealed(o, c->profile);
    for (size_t i = 0; o && i < c->other_profiles.n; i++)
        mark_sealed(o, c->other_profiles.at[i]);
}

/* What needs the code around to be read: containers first. */
static void read_extras(struct reader *r, struct code *c)
{
    code_designate(r->a, c);
    code_read_extras(r->a, r->fs, c, r->options);
    mark_profiles(r, c);
    if (c->kind == CODE_ARCHIVE || c->kind == CODE_PKG || c->kind == CODE_DMG)
        return; /* what is inside was read as items of their own */
    for (size_t i = 0; i < c->child_count; i++)
        read_extras(r, c->children[i]);
}

/* The first error codesign would report is marked, wherever in the tree it lies. */
static void mark_first(struct code *top)
{
    if (top->outcome.first)
        ((struct finding *)(uintptr_t)top->outcome.first)->first = true;
}

struct code *code_unreadable(struct arena *a, const struct code_input *in, int error)
{
    struct code *c = arena_new_of(a, struct code);
    *c = (struct code){.kind = CODE_DATA,
                       .path = in->reported,
                       .fs_path = in->path,
                       .root = in->path,
                       .shown = in->reported,
                       .name = path_base(in->reported),
                       .format = "",
                       .reached = true,
                       .findings = new_findings(a)};
    c->outcome.where = c;
    c->outcome.first = error != ENOENT ? add_unreadable(c, c->path, error)
                                       : finding_add(c->findings, FINDING_INPUT_NOT_FOUND,
                                                     place_path(c->path), "%s", strerror(error));
    return c;
}

enum ds_status code_read(struct arena *a, const struct code_input *in,
                         const struct code_options *options, struct code **out, int *error)
{
    struct reader r = reader_of(a, in->fs, options);
    char *real;
    *error = fs_resolve(in->fs, a, path_normal(a, in->path), NULL, &real);
    if (*error != 0)
        return DS_IO;
    const char *bundle = fs_is_dir(in->fs, real) ? NULL : bundle_around(&r, real);
    r.root = bundle ? bundle : real;
    r.reported = bundle ? reported_bundle(a, in->reported, real, bundle) : in->reported;
    r.fs = fs_snapshot(a, in->fs, r.root);
    *out = reader_object(&r, r.root, NULL, true)->c;
    read_extras(&r, *out);
    mark_first(*out);
    return DS_OK;
}
