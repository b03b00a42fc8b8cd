/* SPDX-License-Identifier: Apache-2.0 */
/* Layout: see layout.h. Names are compared as on a Mac's usual volume, without regard to case. */
#include "seal/layout.h"

#include <string.h>
#include <strings.h>

#include "base/osstatus.h"
#include "base/text.h"
#include "format/plist.h"
#include "seal/reader.h"

/* True when NAMES holds NAME, as a directory or a link. */
static bool has_directory(struct reader *r, const char *root, const struct name_vec *names,
                          const char *name)
{
    for (size_t i = 0; i < names->n; i++) {
        struct node node;
        if (strcasecmp(names->at[i], name) != 0)
            continue;
        if (fs_stat(r->fs, path_join(r->a, root, names->at[i]), &node, NULL) == DS_OK &&
            (node.kind == NODE_DIR || node.kind == NODE_LINK))
            return true;
    }
    return false;
}

/* The number of §1.4: what decides depends on the suffix. */
static enum layout_kind layout_kind_of(struct reader *r, const char *root, bool framework)
{
    struct name_vec names;
    if (fs_list(r->fs, r->a, root, &names, NULL) != DS_OK)
        return LAYOUT_FLAT;
    bool resources = has_directory(r, root, &names, "Resources");
    if (framework && resources)
        return LAYOUT_OLD;
    if (has_directory(r, root, &names, "Contents"))
        return LAYOUT_MODERN;
    if (resources)
        return LAYOUT_OLD;
    return has_directory(r, root, &names, "Support Files") ? LAYOUT_SUPPORT : LAYOUT_FLAT;
}

/* NAME in the directory DIR, whatever its case; NULL when it is not there. */
static const char *file_in(struct reader *r, const char *dir, const char *name)
{
    struct name_vec names;
    const char *real, *found = NULL;
    if (reader_resolve(r, dir, &real) != 0 || fs_list(r->fs, r->a, real, &names, NULL) != DS_OK)
        return NULL;
    for (size_t i = 0; i < names.n; i++)
        if (strcmp(names.at[i], name) == 0 || (!found && strcasecmp(names.at[i], name) == 0))
            found = names.at[i];
    return found ? path_join(r->a, dir, found) : NULL;
}

static const char *info_file(struct reader *r, const char *dir)
{
    const char *path = file_in(r, dir, "Info-macos.plist");
    return path ? path : file_in(r, dir, "Info.plist");
}

static struct value *read_info(struct reader *r, const char *path, int64_t *status)
{
    struct bytes text;
    *status = 0;
    if (!path || reader_map(r, path, &text) != 0)
        return value_dict(r->a);
    struct value *info = plist_parse(r->a, text, NULL);
    if (value_is(info, VALUE_DICT))
        return info;
    *status = info ? OSSTATUS_NO_DICTIONARY : errSecCSBadDictionaryFormat;
    return value_dict(r->a);
}

/* The name of the executable (§1.5): by key, else the directory's without its extension. */
static const char *executable_name(struct reader *r, const struct layout *l)
{
    const struct value *v = value_get(l->info, "CFBundleExecutable");
    if (!v)
        v = value_get(l->info, "NSExecutable");
    if (value_is(v, VALUE_STRING) && v->bytes.n)
        return value_cstr(v);
    const char *base = path_base(l->root), *extension = path_extension(l->root);
    size_t n = strlen(base) - (*extension ? strlen(extension) + 1 : 0);
    return arena_strndup(r->a, base, n);
}

/* The first of the candidates that exists; one that leads out of the bundle is none. */
static const char *find_executable(struct reader *r, const struct layout *l, const char *name)
{
    static const char *const dirs[4][4] = {
        [LAYOUT_OLD] = {NULL},
        [LAYOUT_SUPPORT] = {"Support Files/Executables/MacOS", "Support Files/Executables"},
        [LAYOUT_MODERN] = {"Contents/MacOS", "Contents"},
        [LAYOUT_FLAT] = {"MacOS"},
    };
    for (size_t i = 0; i < 4; i++) {
        const char *dir = dirs[l->kind][i] ? path_join(r->a, l->root, dirs[l->kind][i]) : l->root;
        const char *path = path_normal(r->a, path_join(r->a, dir, name));
        if (path_relative(path, l->root) && reader_stat(r, path).kind != NODE_NONE)
            return path;
        if (!dirs[l->kind][i])
            break;
    }
    return NULL;
}

/* A flat bundle's Info.plist is not looked for in a directory with one of the reserved names. */
static bool reserved_name(const char *root)
{
    const char *name = path_base(root);
    return strcasecmp(name, "Contents") == 0 || strcasecmp(name, "Resources") == 0 ||
           strcasecmp(name, "Support Files") == 0;
}

void layout_read(struct reader *r, const char *root, bool framework, struct layout *out)
{
    static const char *const support[] = {NULL, "Support Files", "Contents", NULL};
    *out = (struct layout){.root = root, .kind = layout_kind_of(r, root, framework)};
    const char *sub = support[out->kind];
    out->support = sub ? path_join(r->a, root, sub) : root;
    out->resources = out->kind == LAYOUT_FLAT ? root : path_join(r->a, out->support, "Resources");
    const char *info_dir = out->kind == LAYOUT_OLD ? out->resources : out->support;
    if (out->kind != LAYOUT_FLAT || !reserved_name(root))
        out->info_path = info_file(r, info_dir);
    out->info = read_info(r, out->info_path, &out->info_status);
    out->executable = find_executable(r, out, executable_name(r, out));
}
