/* SPDX-License-Identifier: Apache-2.0 */
/* What protects each file of a bundle (report/coverage_files.h; static-validation.md §4.5, §6). */
#include "config.h"

#include "report/coverage_files.h"

#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/text.h"
#include "seal/sealed.h"

#define OWN_SIGNATURE "its own signature"
#define SEAL          "the seal"

struct walk {
    struct arena *a;
    struct fs *fs;
    const struct code *c;
    const char *base; /* what the seal's paths start from; NULL: there is no seal */
    struct sealed sealed;
    struct file_coverage *out;
    unsigned depth;
};

static const char *reported(const struct walk *w, const char *path)
{
    return path_join(w->a, w->c->path, path_relative(path, w->c->fs_path));
}

/* The folder that _CodeSignature lies in, and the seal in it. */
static void find_seal(struct walk *w)
{
    const char *inside =
        w->c->signature_files ? path_relative(w->c->signature_files, w->c->path) : NULL;
    struct bytes text;
    int error;
    if (!inside)
        return;
    const char *files = path_join(w->a, w->c->fs_path, inside);
    if (fs_map(w->fs, w->a, path_join(w->a, files, "CodeResources"), &text, &error) == DS_OK &&
        sealed_read(w->a, text, &w->sealed) == SEALED_OK)
        w->base = path_dir(w->a, files);
}

static const struct sealed_item *item_at(const struct walk *w, const char *path)
{
    const char *rest = w->base ? path_relative(path, w->base) : NULL;
    return rest ? index_find(&w->sealed.by_path, bytes_str(rest)) : NULL;
}

/* -- one file */

/* Files that have a place of their own; NULL for others. */
static const char *by_place(const struct walk *w, const char *path)
{
    const char *name = path_base(path), *shown = reported(w, path);
    if (w->c->executable && strcmp(shown, w->c->executable) == 0)
        return OWN_SIGNATURE;
    if (w->c->signature_files && path_relative(shown, w->c->signature_files))
        return strcmp(name, "CodeResources") == 0 ? "slot 3 of the CodeDirectory" : OWN_SIGNATURE;
    if (w->c->info_bound && w->base && strcmp(name, "Info.plist") == 0 &&
        (strcmp(path_dir(w->a, path), w->base) == 0 ||
         strcmp(path_base(path_dir(w->a, path)), "Resources") == 0))
        return "slot 1 of the CodeDirectory";
    if (w->c->ticket.valid && w->base &&
        strcmp(path, path_join(w->a, w->base, "CodeResources")) == 0)
        return OWN_SIGNATURE;
    return NULL;
}

/* Links at the top of a framework need not be there, but may lead to one place alone (§1.7). */
static bool is_shortcut(const struct walk *w, const char *path, enum node_kind kind)
{
    return kind == NODE_LINK && w->base && !path_relative(path, w->base);
}

static const char *guard_of(const struct walk *w, const char *path, enum node_kind kind)
{
    const struct sealed_item *item = item_at(w, path);
    if (item)
        return item->entry.form == SEALED_NESTED ? OWN_SIGNATURE ", which the seal names" : SEAL;
    if (is_shortcut(w, path, kind))
        return "strict validation, which knows where it may lead";
    return by_place(w, path);
}

static void add(struct walk *w, const char *path, enum node_kind kind)
{
    const struct covered_file file = {reported(w, path), guard_of(w, path, kind)};
    w->out->unprotected += file.by == NULL;
    vec_push(w->a, &w->out->files, file);
}

/* -- all of them */

/* The seal names it as nested code. */
static bool is_nested(const struct walk *w, const char *path)
{
    const struct sealed_item *item = item_at(w, path);
    return item && item->entry.form == SEALED_NESTED;
}

static void walk_folder(struct walk *w, const char *dir)
{
    struct name_vec names = {0};
    struct node node;
    int error;
    if (w->depth >= LIMIT_TREE_DEPTH || fs_list(w->fs, w->a, dir, &names, &error) != DS_OK)
        return;
    w->depth++;
    for (size_t i = 0; i < names.n; i++) {
        const char *path = path_join(w->a, dir, names.at[i]);
        if (fs_stat(w->fs, path, &node, &error) != DS_OK)
            continue;
        if (node.kind == NODE_DIR && !is_nested(w, path))
            walk_folder(w, path);
        else
            add(w, path, node.kind);
    }
    w->depth--;
}

void coverage_of_files(struct arena *a, struct fs *fs, const struct code *c,
                       struct file_coverage *out)
{
    struct walk w = {.a = a, .fs = fs, .c = c, .out = out};
    *out = (struct file_coverage){.unprotected = 0};
    find_seal(&w);
    walk_folder(&w, c->fs_path);
}

/* -- showing it */

struct value *tree_file_coverage(struct arena *a, const struct file_coverage *c)
{
    struct value *list = value_array(a);
    for (size_t i = 0; i < c->files.n; i++) {
        const struct covered_file *f = &c->files.at[i];
        struct value *item = value_dict(a);
        value_set(a, item, "path", value_string(a, f->path));
        value_set(a, item, "by", f->by ? value_string(a, f->by) : value_null(a));
        value_append(a, list, item);
    }
    return list;
}

void text_file_coverage(struct buf *out, const struct file_coverage *c)
{
    size_t sealed = 0;
    for (size_t i = 0; i < c->files.n; i++)
        sealed += c->files.at[i].by && strcmp(c->files.at[i].by, SEAL) == 0;
    buf_printf(out, "%zu files, %zu of them protected by the seal, %zu by nothing\n", c->files.n,
               sealed, c->unprotected);
    for (size_t i = 0; i < c->files.n; i++)
        if (!c->files.at[i].by)
            buf_printf(out, "  nothing protects %s\n", c->files.at[i].path);
    for (size_t i = 0; i < c->files.n; i++)
        if (c->files.at[i].by && strcmp(c->files.at[i].by, SEAL) != 0)
            buf_printf(out, "  %s: %s\n", c->files.at[i].path, c->files.at[i].by);
}
