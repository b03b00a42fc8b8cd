/* SPDX-License-Identifier: Apache-2.0 */
/* Extras: see extras.h. */
#include "seal/extras.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "seal/links.h"
#include "seal/plain.h"
#include "seal/profile.h"
#include "seal/ticket.h"

struct surveying {
    struct arena *a;
    struct fs *fs;
    struct code *c;
    const struct code_options *options;
    const char *root;          /* where to look in the file system */
    const char *profile_place; /* where this bundle's profile belongs, relative; NULL: nowhere */
    size_t files;
    unsigned depth;
};

/* -- profiles */

static bool has_folder(struct fs *fs, struct arena *a, const struct code *c, const char *name)
{
    return fs_is_dir(fs, path_join(a, c->fs_path, name));
}

/* launch-policy.md §2.3: below Contents; in flat bundles at the root, under the name of the platform. */
static const char *profile_place(struct arena *a, struct fs *fs, const struct code *c)
{
    if (c->kind == CODE_FRAMEWORK || has_folder(fs, a, c, "Versions"))
        return NULL;
    if (has_folder(fs, a, c, "Contents"))
        return "Contents/embedded.provisionprofile";
    return c->kind == CODE_DEXT ? "embedded.provisionprofile" : "embedded.mobileprovision";
}

static bool is_profile_name(const char *path)
{
    return text_ends(path, ".provisionprofile") || text_ends(path, ".mobileprovision");
}

static void read_profile(struct surveying *s, const char *path)
{
    const char *fs_path = path_join(s->a, s->c->fs_path, path);
    struct profile *profile = arena_new_of(s->a, struct profile);
    struct bytes file;
    int error;
    if (fs_map(s->fs, s->a, fs_path, &file, &error) != DS_OK)
        return;
    profile_read(s->a, file, s->options->allow_test_root, profile);
    profile->path = path_join(s->a, s->c->path, path);
    profile->quarantined = plain_quarantined(s->a, s->fs, fs_path);
    profile->misplaced = !s->profile_place || strcmp(path, s->profile_place) != 0;
    if (profile->misplaced)
        vec_push(s->a, &s->c->other_profiles, profile);
    else
        s->c->profile = profile;
}

/* -- the walk */

/* Folders that are code of their own: their files are theirs. */
static bool is_nested_bundle(const char *name)
{
    static const char *const suffixes[] = {
        "app",  "appex",  "systemextension", "dext",        "framework",  "xpc",
        "kext", "plugin", "bundle",          "qlgenerator", "mdimporter", "prefPane"};
    const char *suffix = path_extension(name);
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++)
        if (strcmp(suffix, suffixes[i]) == 0)
            return true;
    return false;
}

static void look_at(struct surveying *s, const struct plain_candidate *file)
{
    if (is_profile_name(file->path) && s->c->is_bundle)
        read_profile(s, file->path);
    else
        plain_look(s->a, s->fs, s->c, file);
}

static void walk(struct surveying *s, const char *dir);

static void enter(struct surveying *s, struct arena *scratch, const char *path)
{
    struct plain_candidate at = {path, path_join(scratch, s->root, path), {.kind = NODE_NONE}};
    int error;
    if (s->files++ >= LIMIT_TREE_NODES || fs_stat(s->fs, at.fs_path, &at.node, &error) != DS_OK)
        return;
    if (at.node.kind == NODE_DIR && !is_nested_bundle(path))
        walk(s, path);
    if (at.node.kind == NODE_FILE)
        look_at(s, &at);
}

/* The names of a folder live no longer than its visit: a bundle may have 100,000 files. */
static void walk(struct surveying *s, const char *dir)
{
    struct arena *scratch = arena_child(s->a);
    const char *fs_dir = path_join(scratch, s->root, dir);
    struct name_vec names = {0};
    int error;
    if (s->depth++ < LIMIT_TREE_DEPTH && fs_list(s->fs, scratch, fs_dir, &names, &error) == DS_OK)
        for (size_t i = 0; i < names.n; i++)
            enter(s, scratch, path_join(scratch, dir, names.at[i]));
    s->depth--;
    arena_child_free(scratch);
}

/* -- the ticket (static-validation.md §9.4): a file of bundles, a slot of Mach-O files and images */

static struct bytes ticket_file(struct arena *a, struct fs *fs, const struct code *c)
{
    const char *path = path_join(a, c->fs_path, "Contents/CodeResources");
    struct node node;
    struct bytes file;
    int error;
    if (!c->is_bundle)
        return c->slice_count ? c->slices[0].sig.ticket : bytes_of(NULL, 0);
    bool there = fs_stat(fs, path, &node, &error) == DS_OK && node.kind == NODE_FILE &&
                 fs_map(fs, a, path, &file, &error) == DS_OK;
    return there ? file : bytes_of(NULL, 0);
}

static void read_ticket(struct arena *a, struct fs *fs, struct code *c, bool allow_test_root)
{
    struct bytes file = ticket_file(a, fs, c);
    if (file.n == 0)
        return;
    ticket_read(a, file, allow_test_root, &c->ticket);
    c->ticket.lists_this = c->ticket.content && ticket_lists_code(c->ticket.content, c);
}

/* The attribute of the bundle or file, or that of its main executable. */
static void read_quarantine(struct arena *a, struct fs *fs, struct code *c)
{
    const char *inside = c->executable ? path_relative(c->executable, c->path) : NULL;
    const char *executable = inside ? path_join(a, c->fs_path, inside) : c->fs_path;
    c->quarantined = plain_quarantined(a, fs, c->fs_path) || plain_quarantined(a, fs, executable);
    c->hard_quarantined =
        plain_hard_quarantined(a, fs, c->fs_path) || plain_hard_quarantined(a, fs, executable);
}

void code_read_extras(struct arena *a, struct fs *fs, struct code *c, const struct code_options *o)
{
    struct surveying s = {.a = a, .fs = fs, .c = c, .options = o, .root = c->fs_path};
    links_resolve(a, fs, c);
    read_ticket(a, fs, c, o->allow_test_root);
    read_quarantine(a, fs, c);
    if (c->kind == CODE_SCRIPT && !c->parent)
        look_at(&s, &(struct plain_candidate){c->name, c->fs_path, {.mode = 0755}});
    if (!c->is_bundle)
        return;
    s.profile_place = profile_place(a, fs, c);
    walk(&s, "");
    plain_programs(a, fs, c);
}

void extras_survey(struct arena *a, struct fs *fs, struct code *c, const struct code_options *o)
{
    struct surveying s = {.a = a, .fs = fs, .c = c, .options = o, .root = "/"};
    walk(&s, "");
}
