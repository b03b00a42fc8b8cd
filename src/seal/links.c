/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Links: see links.h. "Missing" is said only when every place dyld would look at lies inside the input and holds
 * nothing; one place elsewhere leaves the question open.
 */
#include "seal/links.h"

#include <string.h>

#include "base/text.h"

#define EXECUTABLE "@executable_path"
#define LOADER     "@loader_path"
#define RPATH      "@rpath"

struct image {
    const struct code *code;
    const struct slice *slice;
    const char *dir; /* fs directory of the file, without links; NULL when it cannot be found */
};

struct resolving {
    struct arena *a;
    struct fs *fs;
    const struct code *top;          /* what lies outside of it lies outside of the input */
    struct image loader, executable; /* the latter without a code when the process is unknown */
    bool open;                       /* some place was looked for and cannot be known */
};

/* -- images */

static const char *image_file(struct arena *a, const struct code *c)
{
    const char *inside = c->executable ? path_relative(c->executable, c->path) : NULL;
    return inside ? path_join(a, c->fs_path, inside) : c->fs_path;
}

static struct image image_of(struct arena *a, struct fs *fs, const struct code *c,
                             const struct slice *slice)
{
    struct image image = {c, slice, NULL};
    char *real;
    if (c && fs_resolve(fs, a, image_file(a, c), NULL, &real) == 0)
        image.dir = path_dir(a, real);
    return image;
}

/* The executable of the process that C's code runs in: its own, or the nearest around it. */
static const struct code *process_of(const struct code *c)
{
    while (c && !c->is_main_executable)
        c = c->parent;
    return c;
}

static const struct slice *same_slice(const struct code *c, const char *arch)
{
    for (size_t i = 0; c && i < c->slice_count; i++)
        if (strcmp(c->slices[i].arch, arch) == 0)
            return &c->slices[i];
    return code_main_slice(c);
}

/* -- paths */

/* The rest of NAME behind PREFIX and a slash; NULL when it does not begin so. */
static const char *behind(const char *name, const char *prefix)
{
    size_t n = strlen(prefix);
    return text_starts(name, prefix) && (name[n] == '/' || name[n] == '\0') ? name + n : NULL;
}

/* NAME without @executable_path or @loader_path, as IMAGE's load commands mean it; NULL: it cannot be known. */
static char *expand(const struct resolving *r, const struct image *image, const char *name)
{
    const char *dir = NULL, *rest;
    if ((rest = behind(name, EXECUTABLE)))
        dir = r->executable.dir;
    else if ((rest = behind(name, LOADER)))
        dir = image->dir;
    else if (*name == '/')
        return path_normal(r->a, name);
    return dir ? path_normal(r->a, path_join(r->a, dir, *rest ? rest + 1 : "")) : NULL;
}

/* The reported path of PATH, which lies in or beside the topmost item; NULL when it lies elsewhere. */
static const char *reported(const struct resolving *r, const char *path)
{
    const char *rest = path_relative(path, path_dir(r->a, r->top->fs_path));
    return rest ? path_join(r->a, path_dir(r->a, r->top->path), rest) : NULL;
}

/* Look at PATH: true when a file is there. Notes when an empty place says nothing. */
static bool look(struct resolving *r, const char *path, struct link *link)
{
    char *real;
    struct node node;
    int error;
    if (!path || !path_relative(path, path_dir(r->a, r->top->fs_path))) {
        r->open = true;
        return false;
    }
    if (fs_resolve(r->fs, r->a, path, NULL, &real) == 0 &&
        fs_stat(r->fs, real, &node, &error) == DS_OK && node.kind == NODE_FILE) {
        link->resolved = reported(r, real);
        return true;
    }
    if (!path_below(path, r->top->fs_path))
        r->open = true;
    return false;
}

/* -- one link */

static bool look_along(struct resolving *r, const struct image *image, const char *rest,
                       struct link *link)
{
    if (!image->slice) {
        r->open = true;
        return false;
    }
    for (size_t i = 0; i < image->slice->rpaths.n; i++) {
        char *dir = expand(r, image, image->slice->rpaths.at[i]);
        if (look(r, dir ? path_normal(r->a, path_join(r->a, dir, rest)) : NULL, link))
            return true;
    }
    return false;
}

/* The run paths of the library itself, then those of the executable. */
static bool look_rpath(struct resolving *r, const char *rest, struct link *link)
{
    rest += *rest == '/';
    return look_along(r, &r->loader, rest, link) ||
           (r->executable.code != r->loader.code && look_along(r, &r->executable, rest, link));
}

static void resolve(struct resolving *r, struct link *link)
{
    const char *rest = behind(link->name, RPATH);
    r->open = false;
    link->resolved = NULL;
    bool found =
        rest ? look_rpath(r, rest, link) : look(r, expand(r, &r->loader, link->name), link);
    link->missing = !found && !r->open;
}

void links_resolve(struct arena *a, struct fs *fs, struct code *c)
{
    const struct code *process = process_of(c), *top = c;
    while (top->parent)
        top = top->parent;
    for (size_t i = 0; i < c->slice_count; i++) {
        struct slice *s = &c->slices[i];
        struct resolving r = {.a = a, .fs = fs, .top = top};
        r.loader = image_of(a, fs, c, s);
        r.executable = image_of(a, fs, process, same_slice(process, s->arch));
        for (size_t k = 0; k < s->links.n; k++)
            resolve(&r, &s->links.at[k]);
    }
}
