/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signed code made in the tests: ad hoc Mach-O files and bundles in a file system in memory, valid to the last strict
 * check, to be damaged.
 */
#ifndef TESTS_UNIT_BUNDLE_BYTES_H
#define TESTS_UNIT_BUNDLE_BYTES_H

#include "base/file.h"
#include "base/text.h"
#include "base/value.h"
#include "blob_bytes.h"
#include "crypto/digest.h"
#include "format/plist.h"
#include "macho_bytes.h"

#define SIGNED_SIZE 0x3000u /* of an image; the signature fills the last page */
#define SIGNED_END  0x2000u

/* What the special slots 1 to 3 bind; NULL bytes: nothing. */
struct signed_slots {
    struct bytes info, requirements, resources;
};

static const struct signed_slots no_slots = {.info = {NULL, 0}};

static inline void put_slot(struct arena *a, struct buf *b, struct bytes content)
{
    if (content.p)
        buf_put(b, digest_bytes(a, DIGEST_SHA256, content));
    else
        buf_zero(b, 32);
}

/* An ad hoc CodeDirectory over CODE in pages of 4096. */
static inline struct bytes signed_directory(struct arena *a, const char *id, struct bytes code,
                                            const struct signed_slots *slots)
{
    struct buf b = {.arena = a};
    uint32_t ident = 88, hashes = ident + (uint32_t)strlen(id) + 1 + 3 * 32;
    uint32_t pages = (uint32_t)((code.n + 4095) / 4096);
    const uint32_t words[] = {0xfade0c02, hashes + 32 * pages, 0x20400, 2, hashes, ident, 3,
                              pages,      (uint32_t)code.n};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        buf_be32(&b, words[i]);
    buf_put(&b, bytes_of("\x20\x02\x00\x0c", 4));
    buf_zero(&b, 88 - b.n);
    buf_put(&b, bytes_of(id, strlen(id) + 1));
    put_slot(a, &b, slots->resources);
    put_slot(a, &b, slots->requirements);
    put_slot(a, &b, slots->info);
    for (uint32_t i = 0; i < pages; i++) {
        size_t left = code.n - i * 4096u;
        put_slot(a, &b, bytes_of(code.p + i * 4096u, left < 4096 ? left : 4096));
    }
    return buf_bytes(&b);
}

static inline struct bytes empty_requirements(struct arena *a)
{
    return bytes_copy(a, bytes_of("\xfa\xde\x0c\x01\0\0\0\x0c\0\0\0\0", 12));
}

/* An image of SHAPE whose sig_offset and sig_size are set, signed. */
static inline struct bytes signed_shape(struct arena *a, const struct macho_shape *shape,
                                        const char *id, struct signed_slots slots)
{
    struct macho_out out = {.b = {.arena = a}, .shape = shape};
    put_macho(&out);
    slots.requirements = empty_requirements(a);
    struct bytes cd = signed_directory(a, id, bytes_of(out.b.p, shape->sig_offset), &slots);
    const struct blob_part parts[] = {
        {0, cd},
        {2, slots.requirements},
        {0x10000, {(const uint8_t *)"\xfa\xde\x0b\x01\0\0\0\x08", 8}}};
    struct buf blob = superblob_bytes(a, 0xfade0cc0, parts, 3);
    memcpy(out.b.p + shape->sig_offset, blob.p, blob.n);
    return buf_bytes(&out.b);
}

/* An image for CPUTYPE of FILETYPE, signed. */
static inline struct bytes signed_macho_for(struct arena *a, uint32_t cputype, const char *id,
                                            uint32_t filetype, struct signed_slots slots)
{
    struct macho_shape shape = {.wide = true,
                                .cputype = cputype,
                                .filetype = filetype,
                                .size = SIGNED_SIZE,
                                .sig_offset = SIGNED_END,
                                .sig_size = SIGNED_SIZE - SIGNED_END};
    return signed_shape(a, &shape, id, slots);
}

static inline struct bytes signed_macho(struct arena *a, const char *id, uint32_t filetype,
                                        struct signed_slots slots)
{
    return signed_macho_for(a, 0x0100000c, id, filetype, slots);
}

/* -- seals */

static inline struct value *rule_value(struct arena *a, const char *flag, int weight)
{
    struct value *v = value_dict(a);
    if (flag)
        value_set(a, v, flag, value_bool(a, true));
    value_set(a, v, "weight", value_real(a, weight));
    return v;
}

/* The part of the usual rules that the tests need. */
static inline struct value *seal_rules(struct arena *a)
{
    struct value *v = value_dict(a);
    value_set(a, v, "^.*", value_bool(a, true));
    value_set(a, v, "^[^/]+$", rule_value(a, "nested", 10));
    value_set(a, v, "^(Frameworks|PlugIns|MacOS)/", rule_value(a, "nested", 10));
    value_set(a, v, "^(.*/)?\\.DS_Store$", rule_value(a, "omit", 2000));
    value_set(a, v, "^Info\\.plist$", rule_value(a, "omit", 20));
    value_set(a, v, "^Resources/", rule_value(a, NULL, 20));
    value_set(a, v, "^Resources/.*\\.lproj/", rule_value(a, "optional", 1000));
    return v;
}

/* An entry with one KEY. */
static inline struct value *seal_entry(struct arena *a, const char *key, struct value *v)
{
    struct value *entry = value_dict(a);
    value_set(a, entry, key, v);
    return entry;
}

static inline struct value *seal_hash(struct arena *a, const char *content)
{
    struct bytes digest = digest_bytes(a, DIGEST_SHA256, bytes_str(content));
    return seal_entry(a, "hash2", value_data(a, digest));
}

static inline struct bytes seal_bytes(struct arena *a, struct value *files)
{
    struct value *v = value_dict(a);
    value_set(a, v, "files", value_dict(a));
    value_set(a, v, "files2", files);
    value_set(a, v, "rules", value_dict(a));
    value_set(a, v, "rules2", seal_rules(a));
    return plist_write_xml(a, v, false);
}

/* -- bundles */

#define INFO_TEXT                                                                                  \
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?><plist version=\"1.0\"><dict>"                      \
    "<key>CFBundleExecutable</key><string>Example</string><key>CFBundleIdentifier</key>"           \
    "<string>com.example.app</string><key>CFBundlePackageType</key><string>APPL</string></dict></" \
    "plist>"

static inline void add_text(struct fs *fs, const char *path, const char *text)
{
    fs_add_file(fs, path, 0644, bytes_str(text));
}

/* Sign /Example.app whose other files are there, with SEAL as CodeResources. */
static inline void sign_with(struct arena *a, struct fs *fs, struct bytes seal)
{
    struct signed_slots slots = {.info = bytes_str(INFO_TEXT), .resources = seal};
    add_text(fs, "/Example.app/Contents/Info.plist", INFO_TEXT);
    fs_add_file(fs, "/Example.app/Contents/_CodeSignature/CodeResources", 0644, seal);
    fs_add_file(fs, "/Example.app/Contents/MacOS/Example", 0755,
                signed_macho(a, "com.example.app", 2, slots));
}

/* The same; FILES is the seal's list. */
static inline void sign_bundle(struct arena *a, struct fs *fs, struct value *files)
{
    sign_with(a, fs, seal_bytes(a, files));
}

/*
 * /Example.app: a.txt, an optional localised file, a link to a.txt and one out of the bundle when ESCAPES, and a nested
 * library whose requirement names it.
 */
static inline struct fs *example_bundle(struct arena *a, bool escapes)
{
    struct fs *fs = fs_memory(a);
    struct value *files = value_dict(a), *optional = seal_hash(a, "hallo"), *library;
    value_set(a, optional, "optional", value_bool(a, true));
    library = seal_entry(a, "requirement", value_string(a, "identifier \"com.example.lib\""));
    value_set(a, files, "Resources/a.txt", seal_hash(a, "hello"));
    value_set(a, files, "Resources/de.lproj/b.txt", optional);
    value_set(a, files, "Resources/link", seal_entry(a, "symlink", value_string(a, "a.txt")));
    value_set(a, files, "Frameworks/lib.dylib", library);
    add_text(fs, "/Example.app/Contents/Resources/a.txt", "hello");
    add_text(fs, "/Example.app/Contents/Resources/de.lproj/b.txt", "hallo");
    fs_add_link(fs, "/Example.app/Contents/Resources/link", "a.txt");
    if (escapes) {
        fs_add_link(fs, "/Example.app/Contents/Resources/out", "../../../elsewhere");
        value_set(a, files, "Resources/out",
                  seal_entry(a, "symlink", value_string(a, "../../../elsewhere")));
    }
    fs_add_file(fs, "/Example.app/Contents/Frameworks/lib.dylib", 0755,
                signed_macho(a, "com.example.lib", 6, no_slots));
    sign_bundle(a, fs, files);
    return fs;
}

#endif
