/* SPDX-License-Identifier: Apache-2.0 */
/* Make: see make.h. One function for each part of a bundle. */
#include "forge/make.h"

#include <string.h>

#include "base/text.h"
#include "forge/case_check.h"
#include "forge/container.h"
#include "forge/info_write.h"
#include "forge/profile_write.h"
#include "forge/seal_write.h"
#include "forge/sign.h"
#include "forge/ticket_write.h"
#include "format/plist.h"

#define MODE_FILE    0644u
#define MODE_PROGRAM 0755u

/* --- plain files ------------------------------------------------------------------------------------------ */

struct bytes make_read(struct forge *f, const char *path)
{
    struct bytes content = {0};
    int error = 0;

    if (fs_map(f->fs, f->a, path, &content, &error) != DS_OK)
        forge_refuse(f, NULL, "there is no file %s", path + 1);
    return content;
}

void make_replace(struct forge *f, const struct item *item, struct bytes content)
{
    if (fs_exists(f->fs, item->path))
        forge_wrote(f, fs_remove(f->fs, item->path), item->path);
    forge_wrote(f, fs_add_file(f->fs, item->path, 0644, content), item->path);
}

/* Hexadecimal digits in pairs, with blanks between them wherever the case wants some. */
static bool unhex(struct forge *f, const char *text, struct bytes *out)
{
    struct buf digits = {.arena = f->a};

    for (; *text; text++)
        if (*text != ' ' && *text != '\n')
            buf_byte(&digits, (uint8_t)*text);
    return bytes_unhex(f->a, buf_bytes(&digits), out);
}

struct bytes make_bytes(struct forge *f, const struct value *v)
{
    const char *word = case_word(f->a, v), *hex = item_text(f, v, "hex");
    struct bytes out = {0};

    if (word)
        return bytes_str(word);
    if (!hex || !unhex(f, hex, &out))
        forge_refuse(f, v, "text, or 'hex' with pairs of hexadecimal digits, is expected");
    return out;
}

/* N bytes that look like nothing. */
static struct bytes sized(struct forge *f, uint64_t n)
{
    struct buf b = {.arena = f->a};

    if (n > UINT64_C(1) << 30)
        forge_refuse(f, NULL, "a file of more than 1 GiB is not forged");
    while (b.n < n)
        buf_str(&b, "dryseal ");
    return bytes_of(b.p, n);
}

static struct bytes profile_content(struct forge *f, const struct value *v, const struct item *item)
{
    const char *name = case_word(f->a, v);
    const struct value *spec = name ? value_get(value_get(f->doc, "profiles"), name) : v;

    if (!spec)
        forge_refuse(f, v, "there is no profile '%s'", name);
    if (!item)
        forge_refuse(f, v, "no code embeds this profile");
    return profile_write(f, spec, item);
}

struct bytes make_content(struct forge *f, const struct value *spec, const struct item *item)
{
    const struct value *plist = value_get(spec, "plist"), *profile = value_get(spec, "profile");
    uint64_t size;

    if (value_get(spec, "text"))
        return make_bytes(f, value_get(spec, "text"));
    if (value_get(spec, "hex"))
        return make_bytes(f, spec);
    if (plist)
        return plist_write_xml(f->a, plist, false);
    if (profile)
        return profile_content(f, profile, item);
    return case_number(value_get(spec, "size"), false, &size) ? sized(f, size) : bytes_of("", 0);
}

static uint32_t mode_of(const struct value *spec, uint32_t fallback)
{
    uint64_t mode;

    return case_number(value_get(spec, "mode"), true, &mode) ? (uint32_t)mode & 07777 : fallback;
}

/* The value of an attribute: hexadecimal digits where that is what it is, else text. */
static struct bytes xattr_value(struct forge *f, const struct value *v)
{
    const char *word = case_word(f->a, v);
    struct bytes out = {0};

    if (word && *word && bytes_unhex(f->a, bytes_str(word), &out))
        return out;
    return make_bytes(f, v);
}

void make_xattrs(struct forge *f, const char *path, const struct value *all)
{
    for (size_t i = 0; value_is(all, VALUE_DICT) && i < all->count; i++)
        forge_wrote(f,
                    fs_add_xattr(f->fs, path, (const char *)all->keys[i].name.p,
                                 xattr_value(f, all->items[i])),
                    path);
}

void make_file(struct forge *f, const char *path, const struct value *spec, const struct item *item)
{
    const char *target = item_text(f, spec, "link");

    if (target)
        forge_wrote(f, fs_add_link(f->fs, path, target), path);
    else if (case_flag(value_get(spec, "fifo"), false))
        forge_wrote(f, fs_add_other(f->fs, path), path);
    else
        forge_wrote(f,
                    fs_add_file(f->fs, path, mode_of(spec, MODE_FILE), make_content(f, spec, item)),
                    path);
    make_xattrs(f, path, value_get(spec, "xattr"));
}

static void make_files(struct forge *f, const struct item *item)
{
    const struct value *all = value_get(item->spec, "files");

    for (size_t i = 0; value_is(all, VALUE_DICT) && i < all->count; i++) {
        const char *rest = (const char *)all->keys[i].name.p;

        if (!value_is(all->items[i], VALUE_NULL))
            make_file(f, path_normal(f->a, path_join(f->a, item->path, rest)), all->items[i], item);
    }
}

/* --- executables ------------------------------------------------------------------------------------------ */

static struct bytes section_of(struct forge *f, const struct item *item, const char *key)
{
    const struct value *v = value_get(item->spec, key);

    return value_is(v, VALUE_DICT) ? plist_write_xml(f->a, v, false) : bytes_of(NULL, 0);
}

static void plan_names(struct forge *f, const struct item *item, struct image_plan *plan)
{
    struct name_vec links = item_texts(f, item->spec, "links");

    plan->rpaths = item_texts(f, item->spec, "rpaths");
    plan->classes = item_texts(f, item->spec, "classes");
    plan->imports = item_texts(f, item->spec, "imports");
    plan->strings = item_texts(f, item->spec, "peer-requirements");
    if (item->kind == ITEM_APPEX && !value_get(item->spec, "imports"))
        vec_push(f->a, &plan->imports, "_NSExtensionMain");
    if (item->kind != ITEM_KEXT)
        vec_push(f->a, &plan->links, "/usr/lib/libSystem.B.dylib");
    for (size_t i = 0; i < links.n; i++)
        vec_push(f->a, &plan->links, links.at[i]);
}

static const char *install_name(struct forge *f, const struct item *item)
{
    if (item->kind == ITEM_DYLIB)
        return arena_printf(f->a, "@rpath/%s", item->name);
    if (item->kind != ITEM_FRAMEWORK)
        return NULL;
    return arena_printf(f->a, item->version_dir ? "@rpath/%s/Versions/A/%s" : "@rpath/%s/%s",
                        item->name, item->executable);
}

static struct bytes make_slice(struct forge *f, const struct item *item, const char *arch)
{
    struct image_plan plan = {.filetype = item->row->filetype,
                              .platform = item->platform,
                              .sdk = item_sdk(f, item),
                              .install_name = install_name(f, item),
                              .info_section = section_of(f, item, "info-section"),
                              .launchd_section = section_of(f, item, "launchd-section"),
                              .seed = arena_printf(f->a, "%s/%s", item->seed, arch)};

    if (!image_arch(arch, &plan.cputype, &plan.cpusubtype))
        forge_refuse(f, value_get(item->spec, "archs"),
                     "'%s' is no architecture that can be forged", arch);
    plan.minos = item_minos(f, item, plan.cputype);
    plan_names(f, item, &plan);
    return image_make(f->a, &plan);
}

/* ASSUMPTION(forge-default-arch): code is for the host's architecture unless the case says more. */
static struct bytes make_image(struct forge *f, const struct item *item)
{
    struct name_vec archs = item_texts(f, item->spec, "archs");
    struct bytes *slices;
    size_t *offsets;

    if (!archs.n)
        vec_push(f->a, &archs, f->arch);
    slices = arena_array(f->a, archs.n, struct bytes);
    offsets = arena_array(f->a, archs.n, size_t);
    for (size_t i = 0; i < archs.n; i++)
        slices[i] = make_slice(f, item, archs.at[i]);
    return archs.n == 1 ? slices[0] : image_join(f->a, slices, archs.n, offsets);
}

/* --- signing ---------------------------------------------------------------------------------------------- */

static void write_program(struct forge *f, const char *path, struct bytes content)
{
    struct node node = {0};
    int error = 0;

    fs_stat(f->fs, path, &node, &error);
    forge_wrote(
        f, fs_add_file(f->fs, path, node.kind == NODE_FILE ? node.mode : MODE_PROGRAM, content),
        path);
}

static bool sealed(struct forge *f, const struct item *item)
{
    const char *word = item_text(f, item->spec, "seal");

    return item->row->shape == SHAPE_BUNDLE && item->mode != MODE_LINKER &&
           !(word && strcmp(word, "none") == 0);
}

/* The seal that the case wrote itself, in `files`; NULL when it is to be made. */
static const struct value *given_seal(const struct item *item, const char *path)
{
    const char *rest = path_relative(path, item->path);
    const struct value *spec = rest ? value_get(value_get(item->spec, "files"), rest) : NULL;

    return value_is(spec, VALUE_DICT) ? spec : NULL;
}

/* The seal of a bundle, written where it belongs. */
static void bind_bundle(struct forge *f, struct item *item, struct bytes image,
                        struct sign_with *with)
{
    enum digest_type types[SIGN_DIGESTS];
    size_t n = sign_digests(f, item, image, types);
    const char *path = path_join(f->a, item->base, "_CodeSignature/CodeResources");
    const struct value *given = given_seal(item, path);
    struct node node = {0};
    int error = 0;

    with->bundle = true;
    if (fs_stat(f->fs, item->info_path, &node, &error) == DS_OK && node.kind == NODE_FILE)
        with->info = make_read(f, item->info_path);
    with->seal = given ? make_content(f, given, item) : seal_write(f, item, types, n);
    forge_wrote(f, fs_add_file(f->fs, path, MODE_FILE, with->seal), path);
}

/* A signature beside the file: attributes of a script, files of a bundle without code (§1.8). */
static void write_components(struct forge *f, struct item *item, struct bytes file,
                             const struct sign_with *with)
{
    struct component_vec parts = sign_components(f, item, file, with);

    for (size_t i = 0; i < parts.n; i++) {
        const char *name = parts.at[i].name;

        if (item->row->shape == SHAPE_FILE)
            forge_wrote(f,
                        fs_add_xattr(f->fs, item->exec_path,
                                     arena_printf(f->a, "com.apple.cs.%s", name),
                                     parts.at[i].content),
                        item->exec_path);
        else
            forge_wrote(f,
                        fs_add_file(f->fs,
                                    path_join(f->a, item->base,
                                              arena_printf(f->a, "_CodeSignature/%s", name)),
                                    MODE_FILE, parts.at[i].content),
                        item->base);
    }
}

void make_signature(struct forge *f, struct item *item)
{
    struct sign_with with = {0};
    struct bytes file;

    if (item->mode == MODE_NONE)
        return;
    if (item->row->shape == SHAPE_ARCHIVE) {
        container_sign(f, item);
        return;
    }
    file = make_read(f, item->exec_path);
    if (sealed(f, item))
        bind_bundle(f, item, file, &with);
    if (item->row->shape == SHAPE_FILE || !item->executable)
        write_components(f, item, file, &with);
    else
        write_program(f, item->exec_path, sign_images(f, item, file, &with));
}

void make_unsigned(struct forge *f, struct item *item)
{
    const char *meta = path_join(f->a, item->base ? item->base : item->path, "_CodeSignature");

    if (item->row->shape == SHAPE_IMAGE || item->executable)
        write_program(f, item->exec_path, make_image(f, item));
    if (item->row->shape == SHAPE_BUNDLE && fs_exists(f->fs, meta))
        forge_wrote(f, fs_remove(f->fs, meta), meta);
}

/* --- items ------------------------------------------------------------------------------------------------ */

/* A link at the top of a framework to what its current version has by that name. */
static void make_link(struct forge *f, const struct item *item, const char *name)
{
    const char *path = path_join(f->a, item->path, name);

    forge_wrote(f, fs_add_link(f->fs, path, arena_printf(f->a, "Versions/Current/%s", name)), path);
}

static void make_links(struct forge *f, const struct item *item)
{
    const char *current = path_join(f->a, item->path, "Versions/Current");

    forge_wrote(f, fs_add_link(f->fs, current, "A"), current);
    if (item->executable)
        make_link(f, item, item->executable);
    make_link(f, item, "Resources");
}

static void make_bundle(struct forge *f, struct item *item)
{
    item->info = info_write(f, item);
    if (item->info.n)
        forge_wrote(f, fs_add_file(f->fs, item->info_path, MODE_FILE, item->info), item->path);
    if (item->layout == LAYOUT_VERSIONS)
        make_links(f, item);
    if (item->executable)
        write_program(f, item->exec_path, make_image(f, item));
}

static void embed_profile(struct forge *f, const struct item *item)
{
    if ((!item->profile && !item->default_profile) || !item->profile_path)
        return;
    forge_wrote(
        f, fs_add_file(f->fs, item->profile_path, MODE_FILE, profile_write(f, item->profile, item)),
        item->profile_path);
}

static void make_plain(struct forge *f, const struct item *item)
{
    static const char script[] = "#!/bin/sh\nexit 0\n";
    bool given = value_get(item->spec, "text") || value_get(item->spec, "hex") ||
                 value_get(item->spec, "size");
    struct bytes content =
        item->kind == ITEM_SCRIPT && !given ? bytes_str(script) : make_content(f, item->spec, item);

    forge_wrote(
        f,
        fs_add_file(f->fs, item->path,
                    mode_of(item->spec, item->kind == ITEM_SCRIPT ? MODE_PROGRAM : MODE_FILE),
                    content),
        item->path);
}

/* "app, com.example.vpn, signed by us (developer-id)" */
static const char *describe(struct forge *f, const struct item *item)
{
    struct buf b = {.arena = f->a};

    buf_printf(&b, "%s", item->row->word);
    if (item->row->shape != SHAPE_ARCHIVE && item->kind != ITEM_DATA)
        buf_printf(&b, ", %s", item->code_identifier);
    if (item->mode == MODE_SIGNED)
        buf_printf(&b, ", signed by %s (%s)", item->signer->name, identity_kind(item->signer));
    else
        buf_str(&b, item->mode == MODE_ADHOC    ? ", signed ad hoc"
                    : item->mode == MODE_LINKER ? ", signed by the linker"
                                                : ", not signed");
    if ((item->profile || item->default_profile) && item->profile_path)
        buf_str(&b, ", with a profile");
    return buf_cstr(&b);
}

static void make_parts(struct forge *f, struct item *item)
{
    switch (item->row->shape) {
    case SHAPE_BUNDLE: make_bundle(f, item); break;
    case SHAPE_IMAGE: write_program(f, item->path, make_image(f, item)); break;
    case SHAPE_FILE: make_plain(f, item); break;
    default: container_make(f, item);
    }
}

void make_item(struct forge *f, struct item *item, unsigned depth)
{
    const char *ticket = item_text(f, item->spec, "ticket");

    vec_push(f->a, &f->out->notes, (struct forge_note){item->path, depth, describe(f, item)});
    for (size_t i = 0; i < item->children.n; i++)
        make_item(f, item->children.at[i], depth + 1);
    if (item->row->shape == SHAPE_ARCHIVE) /* they are members */
        make_files(f, item);
    make_parts(f, item);
    embed_profile(f, item);
    if (item->row->shape != SHAPE_ARCHIVE)
        make_files(f, item);
    vec_push(f->a, &f->items, item);
    make_signature(f, item);
    if (ticket && strcmp(ticket, "stapled") == 0)
        ticket_staple(f, item);
}
