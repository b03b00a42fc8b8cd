/* SPDX-License-Identifier: Apache-2.0 */
/* Contents: see contents.h. */
#include "seal/contents.h"

#include <string.h>

#include "base/limits.h"
#include "base/text.h"
#include "format/archive.h"
#include "format/pbzx.h"
#include "format/volume.h"
#include "seal/extras.h"

struct opening {
    struct object *o;
    struct fs *fs;        /* what is inside */
    struct reader inside; /* asks the same questions there */
    uint64_t *left;       /* bytes that may still be unpacked */
    unsigned depth;
};

bool contents_wanted(const struct object *o)
{
    if (o->c->is_bundle || o->r->options->plain_containers)
        return false;
    return !o->parent || o->r->options->open_archives;
}

/* -- unpacking */

static struct unpacking unpacking_to(const struct opening *x, const char *dir)
{
    return (struct unpacking){.a = x->o->r->a,
                              .fs = x->fs,
                              .dir = dir,
                              .f = x->o->c->findings,
                              .at = object_place(x->o),
                              .left = x->left};
}

/* Payload and Scripts of a package are archives that are unpacked in their place; Apple's newer ones in pieces. */
static bool unpack_payload(struct opening *x, const char *path, struct bytes data)
{
    struct arena *a = x->o->r->a;
    struct unpacking u = unpacking_to(x, path);
    struct bytes archive = data;
    u.quiet_companions = true;
    if (pbzx_sniff(data) && !pbzx_expand(a, data, archive_allowance(data.n, *x->left), &archive))
        return false;
    (void)fs_add_dir(x->fs, path, 0755);
    return archive_unpack(&u, archive);
}

static bool is_payload(const char *path, struct bytes content)
{
    const char *name = path_base(path);
    return pbzx_sniff(content) || strcmp(name, "Payload") == 0 || strcmp(name, "Scripts") == 0;
}

static bool unpack_member(struct opening *x, const struct xar_file *file)
{
    struct arena *a = x->o->r->a;
    const char *path = path_join(a, "/", file->path);
    struct bytes content;
    if (file->is_dir)
        return fs_add_dir(x->fs, path, file->mode) == DS_OK;
    if (file->link)
        return fs_add_link(x->fs, path, file->link) == DS_OK;
    if (!file->has_data)
        return true;
    if (!xar_file_content(a, file, archive_allowance(file->archived.n, *x->left), &content))
        return false;
    *x->left -= content.n;
    return is_payload(path, content) ? unpack_payload(x, path, content)
                                     : fs_add_file(x->fs, path, file->mode, content) == DS_OK;
}

static void unpack_package(struct opening *x)
{
    const struct xar *xar = &x->o->xar;
    for (size_t i = 0; i < xar->files.n; i++)
        if (!unpack_member(x, &xar->files.at[i])) {
            finding_add(x->o->c->findings, FINDING_PKG_FORMAT, object_place(x->o),
                        "%s cannot be unpacked", xar->files.at[i].path);
            return;
        }
}

/* What was not looked at passes nothing. */
static void leave_closed(struct object *o, enum finding_id id, const char *why)
{
    struct finding *f = finding_add(o->c->findings, id, object_place(o), "%s", why);
    f->blocks = true;
    if (id == FINDING_ARCHIVE_FORMAT)
        f->severity = SEVERITY_INFO;
}

/* An image holds volumes, or, as its plain data fork, what archives hold as well (ISO 9660). */
static void unpack_image(struct opening *x)
{
    struct object *o = x->o;
    struct unpacking u = unpacking_to(x, "/");
    if (archive_sniff(o->udif.data_fork, "")) {
        (void)archive_unpack(&u, o->udif.data_fork);
        return;
    }
    const char *why;
    struct udif_disk *disk = udif_disk_open(o->r->a, o->main, &why);
    if (!disk || !volume_unpack(&u, disk, o->main.n, &why))
        leave_closed(
            o, FINDING_ARCHIVE_FORMAT,
            arena_printf(o->r->a, "the image was not opened: %s; mount it and look inside", why));
}

static void unpack(struct opening *x)
{
    struct unpacking u = unpacking_to(x, "/");
    if (x->o->is_package)
        unpack_package(x);
    else if (x->o->udif.kind == UDIF_PLAIN)
        unpack_image(x);
    else
        (void)archive_unpack(&u, x->o->main);
}

/* -- code inside */

/* What PATH is called. ASSUMPTION(package-paths): what a package installs goes by where it would lie. */
static const char *shown(const struct opening *x, const char *path)
{
    struct arena *a = x->o->r->a;
    const char *payload = x->o->is_package ? strstr(path, "/Payload/") : NULL;
    if (payload)
        path = arena_printf(a, "%.*s%s", (int)(payload - path), path, payload + strlen("/Payload"));
    return path_join(a, x->o->c->path, path + 1);
}

/* An item of its own, as if it had been asked for, with the archive around it. */
static void read_item(struct opening *x, const char *path)
{
    struct reader *r = x->o->r;
    const struct code_input in = {x->fs, path, shown(x, path)};
    struct code_options *options = arena_new_of(r->a, struct code_options);
    struct code *child;
    int error;
    *options = *r->options;
    options->archives++;
    options->left = x->left;
    if (code_read(r->a, &in, options, &child, &error) != DS_OK)
        child = code_unreadable(r->a, &in, error);
    child->parent = x->o->c;
    child->in_code_place = true;
    children_add(x->o->c, child, r->a);
}

static void find_below(struct opening *x, const char *dir);

static void look_at(struct opening *x, const char *path)
{
    struct node node;
    if (fs_stat(x->fs, path, &node, NULL) != DS_OK)
        return;
    if (node.kind == NODE_DIR && !children_is_bundle(&x->inside, path))
        find_below(x, path);
    else if (node.kind == NODE_DIR ||
             (node.kind == NODE_FILE && children_is_code(&x->inside, path, true)))
        read_item(x, path);
}

static void find_below(struct opening *x, const char *dir)
{
    struct name_vec names = {0};
    struct arena *a = x->o->r->a;
    if (x->depth >= LIMIT_TREE_DEPTH) {
        finding_add(x->o->c->findings, FINDING_INPUT_LIMIT, object_place(x->o),
                    "%s: folders lie in one another more than %d deep", dir, LIMIT_TREE_DEPTH);
        return;
    }
    if (fs_list(x->fs, a, dir, &names, NULL) != DS_OK)
        return;
    x->depth++;
    for (size_t i = 0; i < names.n; i++)
        look_at(x, path_join(a, dir, names.at[i]));
    x->depth--;
}

static uint64_t *left_of(const struct reader *r)
{
    uint64_t *left = arena_new_of(r->a, uint64_t);
    *left = LIMIT_ARCHIVE_BYTES;
    return r->options->left ? r->options->left : left;
}

void contents_read(struct object *o)
{
    struct reader *r = o->r;
    struct opening x = {.o = o, .fs = fs_memory(r->a), .left = left_of(r)};
    if (o->udif.kind == UDIF_ENCRYPTED) {
        leave_closed(o, FINDING_ARCHIVE_ENCRYPTED, "the whole image");
        return;
    }
    if (r->options->archives >= LIMIT_ARCHIVE_DEPTH) {
        finding_add(o->c->findings, FINDING_INPUT_LIMIT, object_place(o),
                    "archives lie in one another more than %d deep", LIMIT_ARCHIVE_DEPTH);
        return;
    }
    x.inside = reader_of(r->a, x.fs, r->options);
    unpack(&x);
    find_below(&x, "/");
    extras_survey(r->a, x.fs, o->c, r->options);
}
