/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Children: code that lies anywhere in a bundle, sealed as code or not. The reference follows the seal alone; the
 * subsystems that load code do not, so policy wants to see it all.
 */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "format/archive.h"
#include "seal/reader.h"

bool code_place(const char *path)
{
    static const char *const places[] = {
        "Frameworks",
        "SharedFrameworks",
        "PlugIns",
        "Plug-ins",
        "XPCServices",
        "Helpers",
        "MacOS",
        "Library/Automator",
        "Library/Spotlight",
        "Library/LoginItems",
    };
    static const char *const known[] = {"Info.plist", "version.plist", "embedded.provisionprofile",
                                        "PkgInfo",    ".DS_Store",     "CodeResources",
                                        "_MASReceipt"};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (path_relative(path, places[i]))
            return true;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(path, known[i]) == 0)
            return false;
    return strchr(path, '/') == NULL;
}

static int by_path(const void *x, const void *y)
{
    const struct code *a = *(struct code *const *)x, *b = *(struct code *const *)y;
    return strcmp(a->path, b->path);
}

/* The array has room for the next power of two. */
void children_add(struct code *parent, struct code *child, struct arena *a)
{
    size_t n = parent->child_count;
    if ((n & (n - 1)) == 0) {
        struct code **more = arena_array(a, n ? 2 * n : 1, struct code *);
        if (n)
            memcpy(more, parent->children, n * sizeof *more);
        parent->children = more;
    }
    parent->children[parent->child_count++] = child;
}

static bool is_bundle(struct reader *r, const char *path)
{
    struct layout layout;
    if (reader_stat(r, path_join(r->a, path, "Versions/Current")).kind == NODE_DIR)
        return true;
    layout_read(r, path, text_ends(path, ".framework"), &layout);
    if (layout.executable)
        return layout.info->count != 0 || text_ends(path, ".framework");
    const char *meta = path_join(r->a, layout.support, "_CodeSignature/CodeDirectory");
    return reader_stat(r, meta).kind == NODE_FILE;
}

/* A directory that is code: a bundle with an executable, or one that is signed. Nothing read for it is kept. */
bool children_is_bundle(struct reader *r, const char *path)
{
    struct reader looking = *r;
    if (!strchr(path_base(path), '.') || text_ends(path, ".dSYM") || text_ends(path, ".lproj"))
        return false;
    looking.a = arena_child(r->a);
    bool bundle = is_bundle(&looking, path);
    arena_child_free(looking.a);
    return bundle;
}

static bool is_container(struct bytes data, const char *path)
{
    return udif_sniff(data) != UDIF_NO || xar_sniff(data) || archive_sniff(data, path);
}

/* Mach-O by the reference's test; read for a moment only. */
bool children_is_code(struct reader *r, const char *path, bool containers)
{
    struct arena *a = arena_child(r->a);
    struct bytes data;
    bool code = fs_map(r->fs, a, path, &data, NULL) == DS_OK &&
                (macho_sniff(data) == MACHO_YES || (containers && is_container(data, path)));
    arena_child_free(a);
    return code;
}

/* The same, without reading again what the seal had read; containers are told by name and content. */
static bool is_code_file(struct object *o, const char *path)
{
    const char *rest = o->sealed && o->base ? path_relative(path, o->base) : NULL;
    const struct sealed_item *item = rest ? index_find(&o->sealed->by_path, bytes_str(rest)) : NULL;
    if (item && item->hashed && !o->r->options->open_archives)
        return item->macho;
    return children_is_code(o->r, path, o->r->options->open_archives);
}

static void find_below(struct object *o, const char *dir, unsigned depth);

/* A dot in its name makes a signer take a directory for code where code belongs (§6.5). */
static void note_no_code(struct object *o, const char *path)
{
    const char *support = o->layout.support, *rest = support ? path_relative(path, support) : NULL;
    bool flat = support && strcmp(support, o->c->fs_path) == 0;
    if (rest && !flat && code_place(rest) && strchr(path_base(path), '.') &&
        !text_ends(path, ".dSYM"))
        vec_push(o->r->a, &o->c->no_code,
                 path_join(o->r->a, o->c->path, path_relative(path, o->c->fs_path)));
}

static void look_at(struct object *o, const char *path, unsigned depth)
{
    struct node node;
    if (index_find(&o->r->known, bytes_str(path)) || fs_stat(o->r->fs, path, &node, NULL) != DS_OK)
        return;
    bool code = node.kind == NODE_DIR    ? children_is_bundle(o->r, path)
                : node.kind == NODE_FILE ? is_code_file(o, path)
                                         : false;
    if (!code && node.kind == NODE_DIR)
        note_no_code(o, path);
    if (code && strcmp(path, o->main_path ? o->main_path : "") != 0)
        (void)reader_classified(o->r, arena_strdup(o->r->a, path), o, false);
    else if (node.kind == NODE_DIR)
        find_below(o, path, depth + 1);
}

/* What was not looked at must not pass for seen. */
static void note_limit(struct object *o)
{
    if (!findings_find(o->c->findings, FINDING_INPUT_LIMIT))
        object_fail(o, finding_add(o->c->findings, FINDING_INPUT_LIMIT, object_place(o),
                                   "too many files, or directories too deep"));
}

static void find_below(struct object *o, const char *dir, unsigned depth)
{
    struct arena *a = arena_child(o->r->a);
    struct name_vec names;
    if (depth > LIMIT_TREE_DEPTH || fs_list(o->r->fs, a, dir, &names, NULL) != DS_OK)
        names.n = 0;
    for (size_t i = 0; i < names.n && o->r->nodes < LIMIT_TREE_NODES; i++, o->r->nodes++)
        look_at(o, path_join(a, dir, names.at[i]), depth);
    if (depth > LIMIT_TREE_DEPTH || o->r->nodes >= LIMIT_TREE_NODES)
        note_limit(o);
    arena_child_free(a);
}

/* Sealed as one of many files: by its own path, a bundle by its main executable's. */
static bool is_sealed(struct object *o, const struct object *child)
{
    const char *rest = path_relative(child->c->fs_path, o->base), *main = NULL;
    if (child->main_path)
        main = path_relative(child->main_path, o->base);
    return (rest && index_find(&o->sealed->by_path, bytes_str(rest))) ||
           (main && index_find(&o->sealed->by_path, bytes_str(main)));
}

static void place(struct object *o, struct code *child)
{
    const char *rest = path_relative(child->fs_path, o->layout.support);
    const struct object *object = index_find(&o->r->known, bytes_str(child->fs_path));
    child->in_code_place = rest && code_place(rest);
    if (object && o->sealed && o->base && is_sealed(o, object))
        child->sealed_by_parent = true;
}

void children_find(struct object *o)
{
    find_below(o, o->c->fs_path, 0);
    if (o->c->child_count)
        qsort(o->c->children, o->c->child_count, sizeof *o->c->children, by_path);
    for (size_t i = 0; i < o->c->child_count; i++)
        place(o, o->c->children[i]);
}
