/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Trees of signed code made in the tests: a chain of bundles each in the one before, a bundle of many services, one of very
 * many files. All are ad hoc signed and valid. Made inside out, for a seal holds what lies below.
 */
#ifndef TESTS_UNIT_TREE_BYTES_H
#define TESTS_UNIT_TREE_BYTES_H

#include "bundle_bytes.h"

/* A bundle being made: what lies in it is added first, then it is signed. */
struct plant {
    struct arena *a;
    struct fs *fs;
    const char *path; /* of the bundle */
    const char *base; /* its resource base */
    const char *name; /* of its executable, and the end of its identifier */
    const char *type; /* CFBundlePackageType */
    unsigned slices;  /* of the executable */
    struct value *files;
};

static inline struct plant plant_at(struct arena *a, struct fs *fs, const char *path,
                                    const char *name)
{
    return (struct plant){a,    fs,     path, path_join(a, path, "Contents"),
                          name, "BNDL", 1,    value_dict(a)};
}

static inline const char *plant_id(const struct plant *p)
{
    return arena_printf(p->a, "com.example.%s", p->name);
}

/* A file REST of the base, sealed as a resource. */
static inline void plant_file(struct plant *p, const char *rest, const char *text)
{
    add_text(p->fs, path_join(p->a, p->base, rest), text);
    value_add(p->a, p->files, bytes_str(rest), seal_hash(p->a, text));
}

/* CHILD, which lies at REST of the base, sealed as code. */
static inline void plant_nested(struct plant *p, const char *rest, const struct plant *child)
{
    const char *text = arena_printf(p->a, "identifier \"%s\"", plant_id(child));
    value_add(p->a, p->files, bytes_str(rest),
              seal_entry(p->a, "requirement", value_string(p->a, text)));
}

static inline void plant_seal_node(struct plant *p, const char *path);

/* All that lies below PATH, sealed as resources. */
static inline void plant_seal_below(struct plant *p, const char *path)
{
    struct name_vec names;
    (void)fs_list(p->fs, p->a, path, &names, NULL);
    for (size_t i = 0; i < names.n; i++)
        plant_seal_node(p, path_join(p->a, path, names.at[i]));
}

static inline void plant_seal_node(struct plant *p, const char *path)
{
    struct node node;
    struct bytes content;
    (void)fs_stat(p->fs, path, &node, NULL);
    char *text;
    if (node.kind == NODE_DIR)
        plant_seal_below(p, path);
    if (node.kind == NODE_LINK && fs_readlink(p->fs, p->a, path, &text, NULL) == DS_OK)
        value_add(p->a, p->files, bytes_str(path_relative(path, p->base)),
                  seal_entry(p->a, "symlink", value_string(p->a, text)));
    if (node.kind != NODE_FILE)
        return;
    (void)fs_map(p->fs, p->a, path, &content, NULL);
    struct value *digest = value_data(p->a, digest_bytes(p->a, DIGEST_SHA256, content));
    value_add(p->a, p->files, bytes_str(path_relative(path, p->base)),
              seal_entry(p->a, "hash2", digest));
}

/* The executable: one image, or a universal file of two. */
static inline struct bytes plant_image(const struct plant *p, struct signed_slots slots)
{
    struct bytes image = signed_macho(p->a, plant_id(p), 2, slots);
    struct buf b = {.arena = p->a};
    if (p->slices == 1)
        return image;
    const uint32_t words[] = {0xcafebabe, p->slices};
    for (size_t i = 0; i < 2; i++)
        buf_be32(&b, words[i]);
    for (uint32_t i = 0; i < p->slices; i++) {
        const uint32_t record[] = {0x0100000c - 5 * i, 0, 0x4000 * (i + 1), SIGNED_SIZE, 14};
        for (size_t k = 0; k < 5; k++)
            buf_be32(&b, record[k]);
    }
    for (uint32_t i = 0; i < p->slices; i++) {
        buf_zero(&b, 0x4000 * (i + 1) - b.n);
        buf_put(&b, signed_macho_for(p->a, 0x0100000c - 5 * i, plant_id(p), 2, slots));
    }
    return buf_bytes(&b);
}

/* Where its Info.plist lies; that of a framework is sealed like any other resource. */
static inline struct bytes plant_info(struct plant *p, bool framework)
{
    struct value *info = value_dict(p->a);
    const char *path = path_join(p->a, p->base, framework ? "Resources/Info.plist" : "Info.plist");
    value_set_text(p->a, info, "CFBundleExecutable", p->name);
    value_set_text(p->a, info, "CFBundleIdentifier", plant_id(p));
    value_set_text(p->a, info, "CFBundlePackageType", framework ? "FMWK" : p->type);
    struct bytes text = plist_write_xml(p->a, info, false);
    fs_add_file(p->fs, path, 0644, text);
    if (framework)
        plant_seal_node(p, path);
    return text;
}

static inline void plant_sign(struct plant *p)
{
    bool framework = !text_ends(p->base, "/Contents");
    struct signed_slots slots = {.info = plant_info(p, framework)};
    const char *dir = framework ? p->base : path_join(p->a, p->base, "MacOS");
    slots.resources = seal_bytes(p->a, p->files);
    fs_add_file(p->fs, path_join(p->a, p->base, "_CodeSignature/CodeResources"), 0644,
                slots.resources);
    fs_add_file(p->fs, path_join(p->a, dir, p->name), 0755, plant_image(p, slots));
}

/* A universal framework NAME in the Frameworks of P, with versions and the usual links, sealed as code. */
static inline void plant_framework(struct plant *p, const char *name)
{
    const char *rest = arena_printf(p->a, "Frameworks/%s.framework", name);
    struct plant f = plant_at(p->a, p->fs, path_join(p->a, p->base, rest), name);
    f.base = path_join(p->a, f.path, "Versions/A");
    f.slices = 2;
    plant_sign(&f);
    fs_add_link(p->fs, path_join(p->a, f.path, "Versions/Current"), "A");
    fs_add_link(p->fs, path_join(p->a, f.path, name), path_join(p->a, "Versions/Current", name));
    fs_add_link(p->fs, path_join(p->a, f.path, "Resources"), "Versions/Current/Resources");
    plant_nested(p, rest, &f);
}

/* How a chain of bundles is held together, and what is in each. */
struct chain {
    unsigned depth;
    bool plain;      /* each is nothing but resources of the one around it */
    bool frameworks; /* with a framework in each */
    size_t files;    /* resources of each */
};

/* The bundle at PATH and all below it, LEFT of them. */
static inline struct plant plant_chain(struct arena *a, struct fs *fs, const struct chain *c,
                                       const char *path, unsigned left)
{
    struct plant p =
        plant_at(a, fs, path, left == c->depth ? "Example" : arena_printf(a, "B%u", left));
    for (size_t i = 0; i < c->files; i++)
        plant_file(&p, arena_printf(a, "Resources/f%zu/%zu.txt", i / 500, i),
                   arena_printf(a, "%zu", i));
    if (c->frameworks)
        plant_framework(&p, "Fat");
    if (left > 1) {
        const char *rest =
            arena_printf(a, c->plain ? "Resources/B%u.bundle" : "PlugIns/B%u.bundle", left - 1);
        struct plant next = plant_chain(a, fs, c, path_join(a, p.base, rest), left - 1);
        if (c->plain)
            plant_seal_below(&p, next.path);
        else
            plant_nested(&p, rest, &next);
    }
    if (left == c->depth)
        p.type = "APPL";
    plant_sign(&p);
    return p;
}

/* /Example.app of that kind. */
static inline struct fs *chain_tree(struct arena *a, const struct chain *c)
{
    struct fs *fs = fs_memory(a);
    plant_chain(a, fs, c, "/Example.app", c->depth);
    return fs;
}

/* /Example.app with N bundles beside each other. */
static inline struct fs *wide_tree(struct arena *a, size_t n)
{
    struct fs *fs = fs_memory(a);
    struct plant p = plant_at(a, fs, "/Example.app", "Example");
    p.type = "APPL";
    for (size_t i = 0; i < n; i++) {
        const char *name = arena_printf(a, "S%zu", i);
        const char *rest = arena_printf(a, "PlugIns/%s.xpc", name);
        struct plant child = plant_at(a, fs, path_join(a, p.base, rest), name);
        child.type = "XPC!";
        plant_sign(&child);
        plant_nested(&p, rest, &child);
    }
    plant_sign(&p);
    return fs;
}

/* An executable of SIZE bytes of code, a multiple of 4096. */
static inline struct bytes large_image(struct arena *a, uint32_t size)
{
    struct macho_shape shape = {.wide = true,
                                .cputype = 0x0100000c,
                                .filetype = 2,
                                .size = size + size / 64,
                                .sig_offset = size,
                                .sig_size = size / 64};
    return signed_shape(a, &shape, "com.example.large", no_slots);
}

#endif
