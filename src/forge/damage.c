/* SPDX-License-Identifier: Apache-2.0 */
/* Damage: see damage.h. One function a kind of step. */
#include "forge/damage.h"

#include <string.h>

#include "base/text.h"
#include "forge/case_check.h"
#include "forge/info_write.h"
#include "forge/make.h"
#include "forge/profile_write.h"

/* --- paths ------------------------------------------------------------------------------------------------ */

/* TEXT from the top as a path of the file system, links followed but in the last component. */
static const char *path_of(struct forge *f, const char *text)
{
    const char *path = path_normal(f->a, arena_printf(f->a, "/%s", text));
    char *dir = NULL;

    if (fs_resolve(f->fs, f->a, path_dir(f->a, path), NULL, &dir) != 0)
        return path;
    return path_join(f->a, dir, path_base(path));
}

/* The path of a step: its `path`, or the step itself when that is a text. */
static const char *step_path(struct forge *f, const struct value *step)
{
    const char *text = case_word(f->a, step);

    text = text ? text : item_text(f, step, "path");
    if (!text)
        forge_refuse(f, step, "the step needs a path");
    return path_of(f, text);
}

/* A bundle stands for its executable; a link for what it leads to. */
static const char *file_of(struct forge *f, const char *path)
{
    char *resolved = NULL;
    struct item *item;

    if (fs_resolve(f->fs, f->a, path, NULL, &resolved) == 0)
        path = resolved;
    item = item_find(f, path);
    return fs_is_dir(f->fs, path) && item ? item->exec_path : path;
}

static struct item *item_at(struct forge *f, const char *path, const struct value *step)
{
    char *resolved = NULL;
    struct item *item = item_find(f, path);

    if (!item && fs_resolve(f->fs, f->a, path, NULL, &resolved) == 0)
        item = item_find(f, resolved);
    if (!item)
        forge_refuse(f, step, "no code was forged at %s", path + 1);
    return item;
}

/* The innermost item that PATH lies in, NULL. */
static struct item *item_around(struct forge *f, const char *path)
{
    struct item *best = NULL;

    for (size_t i = 0; i < f->items.n; i++)
        if (path_below(path, f->items.at[i]->path) &&
            (!best || strlen(f->items.at[i]->path) > strlen(best->path)))
            best = f->items.at[i];
    return best;
}

void damage_write(struct forge *f, const char *path, struct bytes content)
{
    struct node node = {.mode = 0644};
    int error = 0;

    fs_stat(f->fs, path, &node, &error);
    forge_wrote(f, fs_add_file(f->fs, path, node.kind == NODE_FILE ? node.mode : 0644, content),
                path);
}

static void must_exist(struct forge *f, const char *path, const struct value *step)
{
    if (!fs_exists(f->fs, path))
        forge_refuse(f, step, "there is no %s", path + 1);
}

/* --- files ------------------------------------------------------------------------------------------------ */

static void step_add(struct forge *f, const struct value *step)
{
    const char *path = step_path(f, step);

    make_file(f, path, step, item_around(f, path));
}

static void step_change(struct forge *f, const struct value *step)
{
    const char *path = file_of(f, step_path(f, step));
    struct node node = {.mode = 0644};
    int error = 0;

    must_exist(f, path, step);
    fs_stat(f->fs, path, &node, &error);
    make_file(f, path, step, item_around(f, path));
    if (!value_get(step, "mode") && node.kind == NODE_FILE && !value_get(step, "link"))
        forge_wrote(f, fs_set_mode(f->fs, path, node.mode), path);
}

static void step_append(struct forge *f, const struct value *step)
{
    const char *path = file_of(f, step_path(f, step));
    struct buf b = {.arena = f->a};

    buf_put(&b, make_read(f, path));
    buf_put(&b, make_content(f, step, item_around(f, path)));
    damage_write(f, path, buf_bytes(&b));
}

static void step_truncate(struct forge *f, const struct value *step)
{
    const char *path = file_of(f, step_path(f, step));
    struct bytes content = make_read(f, path);
    uint64_t to = 0;

    case_number(value_get(step, "to"), false, &to);
    if ((int64_t)to < 0)
        to += content.n; /* from the end */
    if (to < content.n)
        damage_write(f, path, bytes_of(content.p, to));
    else
        forge_refuse(f, step, "%s has no more than %zu bytes", path + 1, content.n);
}

static void step_remove(struct forge *f, const struct value *step)
{
    const char *path = step_path(f, step);

    must_exist(f, path, step);
    forge_wrote(f, fs_remove(f->fs, path), path);
}

static const char *renamed(struct forge *f, const char *path, const char *from, const char *to)
{
    const char *rest = path ? path_relative(path, from) : NULL;

    if (path && strcmp(path, from) == 0)
        return to;
    return rest ? path_join(f->a, to, rest) : path;
}

/* Items and top-level names follow what was renamed. */
static void rename_items(struct forge *f, const char *from, const char *to)
{
    for (size_t i = 0; i < f->items.n; i++) {
        struct item *item = f->items.at[i];

        item->path = renamed(f, item->path, from, to);
        item->name = path_base(item->path);
        item->base = renamed(f, item->base, from, to);
        item->exec_path = renamed(f, item->exec_path, from, to);
        item->info_path = renamed(f, item->info_path, from, to);
        item->profile_path = renamed(f, item->profile_path, from, to);
        item->version_dir = renamed(f, item->version_dir, from, to);
    }
    for (size_t i = 0; i < f->out->tops.n; i++)
        f->out->tops.at[i] = renamed(f, f->out->tops.at[i], from, to);
}

static void step_rename(struct forge *f, const struct value *step)
{
    const char *from = item_text(f, step, "from"), *to = item_text(f, step, "to");

    from = from ? from : item_text(f, step, "path");
    if (!from || !to)
        forge_refuse(f, step, "'rename' needs 'from' and 'to'");
    from = path_of(f, from);
    /* A name alone stays in its directory. */
    to = strchr(to, '/') || strcmp(path_dir(f->a, from), "/") == 0
             ? path_of(f, to)
             : path_join(f->a, path_dir(f->a, from), to);
    must_exist(f, from, step);
    forge_wrote(f, fs_rename(f->fs, from, to), to);
    rename_items(f, from, to);
}

static void step_link(struct forge *f, const struct value *step)
{
    const char *path = step_path(f, step), *to = item_text(f, step, "to");

    if (!to)
        forge_refuse(f, step, "'link' needs 'to'");
    if (fs_exists(f->fs, path))
        forge_wrote(f, fs_remove(f->fs, path), path);
    forge_wrote(f, fs_add_link(f->fs, path, to), path);
}

/* Copy FROM, a file, link or directory, to TO. */
static void copy_tree(struct forge *f, const char *from, const char *to)
{
    struct name_vec names = {0};
    struct node node = {0};
    char *target = NULL;
    int error = 0;

    fs_stat(f->fs, from, &node, &error);
    if (node.kind == NODE_FILE)
        forge_wrote(f, fs_add_file(f->fs, to, node.mode, make_read(f, from)), to);
    if (node.kind == NODE_LINK && fs_readlink(f->fs, f->a, from, &target, &error) == DS_OK)
        forge_wrote(f, fs_add_link(f->fs, to, target), to);
    if (node.kind != NODE_DIR)
        return;
    forge_wrote(f, fs_add_dir(f->fs, to, node.mode), to);
    fs_list(f->fs, f->a, from, &names, &error);
    for (size_t i = 0; i < names.n; i++)
        copy_tree(f, path_join(f->a, from, names.at[i]), path_join(f->a, to, names.at[i]));
}

static void step_unlink_to_copy(struct forge *f, const struct value *step)
{
    const char *path = step_path(f, step);
    struct node node = {0};
    char *target = NULL;
    int error = 0;

    fs_stat(f->fs, path, &node, &error);
    if (node.kind != NODE_LINK || fs_resolve(f->fs, f->a, path, NULL, &target) != 0)
        forge_refuse(f, step, "%s is no link that leads anywhere", path + 1);
    if (path_below(path, target))
        forge_refuse(f, step, "%s leads to what it lies in", path + 1);
    forge_wrote(f, fs_remove(f->fs, path), path);
    copy_tree(f, target, path);
}

static void step_xattr(struct forge *f, const struct value *step)
{
    const char *path = step_path(f, step);
    struct value *all = value_clone(f->a, step);

    must_exist(f, path, step);
    value_remove(all, "path");
    make_xattrs(f, path, all);
}

static void step_mode(struct forge *f, const struct value *step)
{
    const char *path = step_path(f, step);
    uint64_t mode = 0;

    must_exist(f, path, step);
    if (!case_number(value_get(step, "mode"), true, &mode))
        forge_refuse(f, step, "'mode' needs a mode");
    forge_wrote(f, fs_set_mode(f->fs, path, (uint32_t)mode & 07777), path);
}

static void step_flip(struct forge *f, const struct value *step)
{
    const char *path = step_path(f, step), *slot = item_text(f, step, "slot");
    struct item *item = item_find(f, path);

    if (item && item->info_path && slot && strcmp(slot, "info") == 0)
        damage_flip_file(f, item->info_path, step);
    else if (item && item->info_path && slot && strcmp(slot, "resources") == 0)
        damage_flip_file(f, path_join(f->a, item->base, "_CodeSignature/CodeResources"), step);
    else
        damage_flip(f, file_of(f, path), step);
}

static void step_drop_slot(struct forge *f, const struct value *step)
{
    damage_drop_slot(f, file_of(f, step_path(f, step)), step);
}

/* --- code ------------------------------------------------------------------------------------------------- */

/* SPEC with the keys of STEP, but for those that are the step's own. */
static struct value *changed_spec(struct forge *f, const struct value *spec,
                                  const struct value *step)
{
    struct value *out = value_clone(f->a, spec);

    for (size_t i = 0; i < step->count; i++) {
        const char *key = (const char *)step->keys[i].name.p;

        if (strcmp(key, "path") != 0 && strcmp(key, "keep-outer") != 0)
            value_set(f->a, out, key, step->items[i]);
    }
    return out;
}

static void step_resign(struct forge *f, const struct value *step)
{
    struct item *item = item_at(f, step_path(f, step), step);

    item_change(f, item, changed_spec(f, item->spec, step));
    if (item->mode != MODE_NONE)
        make_signature(f, item);
    else if (item->row->shape == SHAPE_BUNDLE || item->row->shape == SHAPE_IMAGE)
        make_unsigned(f, item);
    else
        forge_refuse(f, step, "the signature of %s cannot be taken away", item->path + 1);
    if (case_flag(value_get(step, "keep-outer"), false))
        return;
    for (struct item *outer = item->outer; outer; outer = outer->outer)
        make_signature(f, outer);
}

static void step_replace_info(struct forge *f, const struct value *step)
{
    const char *path = step_path(f, step);
    struct item *item = fs_is_dir(f->fs, path) ? item_at(f, path, step) : item_around(f, path);
    struct value *spec, *info, *changes = value_clone(f->a, step);

    if (!item || !item->info_path)
        forge_refuse(f, step, "%s has no Info.plist", path + 1);
    spec = value_clone(f->a, item->spec);
    info =
        value_is(value_get(spec, "info"), VALUE_DICT) ? value_get(spec, "info") : value_dict(f->a);
    value_remove(changes, "path");
    info_overlay(f->a, info, changes);
    value_set(f->a, spec, "info", info);
    item->spec = spec;
    damage_write(f, item->info_path, info_write(f, item));
}

static void step_edit_profile(struct forge *f, const struct value *step)
{
    const char *path = step_path(f, step);
    struct item *item = fs_is_dir(f->fs, path) ? item_at(f, path, step) : item_around(f, path);
    struct value *changes = value_clone(f->a, step);

    if (!item || !item->profile_path || !fs_exists(f->fs, item->profile_path))
        forge_refuse(f, step, "%s has no profile", path + 1);
    value_remove(changes, "path");
    damage_write(f, item->profile_path, profile_edit(f, item->profile, item, changes));
}

/* Slices of FROM that PATH does not have yet are put behind its own. */
static void step_lipo(struct forge *f, const struct value *step)
{
    const char *path = file_of(f, step_path(f, step)), *from = item_text(f, step, "from");
    struct bytes *own, *others, *all;
    size_t n, m, *offsets;

    if (!from)
        forge_refuse(f, step, "'lipo' needs 'from'");
    n = image_slices(f->a, make_read(f, path), &own);
    m = image_slices(f->a, make_read(f, file_of(f, path_of(f, from))), &others);
    all = arena_array(f->a, n + m, struct bytes);
    offsets = arena_array(f->a, n + m, size_t);
    memcpy(all, own, n * sizeof *all);
    for (size_t i = 0; i < m; i++) {
        bool there = false;
        struct image_map a, b;

        for (size_t k = 0; k < n && image_read(others[i], &a); k++)
            there = there || (image_read(all[k], &b) && a.cputype == b.cputype);
        if (!there)
            all[n++] = others[i];
    }
    damage_write(f, path, image_join(f->a, all, n, offsets));
}

/* --- steps ------------------------------------------------------------------------------------------------ */

static const struct {
    const char *key;
    void (*run)(struct forge *f, const struct value *step);
} steps[] = {
    {"add", step_add},
    {"change", step_change},
    {"flip", step_flip},
    {"drop-slot", step_drop_slot},
    {"append", step_append},
    {"truncate", step_truncate},
    {"remove", step_remove},
    {"rename", step_rename},
    {"link", step_link},
    {"unlink-to-copy", step_unlink_to_copy},
    {"xattr", step_xattr},
    {"mode", step_mode},
    {"resign", step_resign},
    {"replace-info", step_replace_info},
    {"edit-profile", step_edit_profile},
    {"lipo", step_lipo},
};

static void run_step(struct forge *f, const char *key, const struct value *step)
{
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        if (strcmp(steps[i].key, key) == 0) {
            steps[i].run(f, step);
            return;
        }
}

void damage_apply(struct forge *f)
{
    const struct value *list = value_get(f->doc, "after-signing");

    for (size_t i = 0; value_is(list, VALUE_ARRAY) && i < list->count; i++) {
        const struct value *step = list->items[i];

        for (size_t k = 0; value_is(step, VALUE_DICT) && k < step->count; k++)
            run_step(f, (const char *)step->keys[k].name.p, step->items[k]);
    }
}
