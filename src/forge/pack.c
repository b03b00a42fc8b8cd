/* SPDX-License-Identifier: Apache-2.0 */
/* Pack: see pack.h. PKZIP's APPNOTE, POSIX cpio, RFC 1950 to 1952. */
#include "forge/pack.h"

#include <string.h>

#include "base/text.h"

#define TYPE_FILE 0100000u
#define TYPE_DIR  0040000u
#define TYPE_LINK 0120000u

#define ZIP_VERSION 20u
#define ZIP_UNIX    (3u << 8 | ZIP_VERSION)
#define ZIP_DATE    0x5b90u /* 2025-12-16 */

static uint32_t type_of(const struct pack_member *m)
{
    return m->kind == NODE_DIR ? TYPE_DIR : m->kind == NODE_LINK ? TYPE_LINK : TYPE_FILE;
}

static void collect(struct forge *f, const char *dir, const char *prefix,
                    struct pack_member_vec *out)
{
    struct name_vec names = {0};
    int error = 0;

    fs_list(f->fs, f->a, dir, &names, &error);
    for (size_t i = 0; i < names.n; i++) {
        const char *full = path_join(f->a, dir, names.at[i]);
        struct pack_member m = {.path = path_join(f->a, prefix, names.at[i])};
        struct node node = {0};
        char *target = NULL;

        fs_stat(f->fs, full, &node, &error);
        m.kind = node.kind;
        m.mode = node.kind == NODE_LINK ? 0755 : node.mode;
        if (node.kind == NODE_FILE)
            fs_map(f->fs, f->a, full, &m.content, &error);
        if (node.kind == NODE_LINK && fs_readlink(f->fs, f->a, full, &target, &error) == DS_OK)
            m.content = bytes_str(target);
        fs_xattrs(f->fs, f->a, full, &m.xattrs, &error);
        vec_push(f->a, out, m);
        if (node.kind == NODE_DIR)
            collect(f, full, m.path, out);
    }
}

struct pack_member_vec pack_collect(struct forge *f, const char *dir)
{
    struct pack_member_vec out = {0};

    collect(f, dir, "", &out);
    return out;
}

/* --- AppleDouble ------------------------------------------------------------------------------------------ */

#define DOUBLE_HEADER 26u
#define DOUBLE_ENTRY  12u
#define FINDER_AT     (DOUBLE_HEADER + 2 * DOUBLE_ENTRY)
#define ATTR_AT       (FINDER_AT + 34)
#define ATTR_HEADER   36u

static size_t attribute_size(const struct xattr *x)
{
    return (11 + strlen(x->name) + 1 + 3) / 4 * 4;
}

/* Where the values begin: behind the list of attributes. */
static size_t values_at(const struct xattr_vec *xattrs)
{
    size_t at = ATTR_AT + ATTR_HEADER;

    for (size_t i = 0; i < xattrs->n; i++)
        at += attribute_size(&xattrs->at[i]);
    return at;
}

static void put_attribute_list(struct buf *b, const struct xattr_vec *xattrs)
{
    size_t at = values_at(xattrs), total = at;

    for (size_t i = 0; i < xattrs->n; i++)
        total += xattrs->at[i].value.n;
    buf_str(b, "ATTR");
    buf_be32(b, 0);
    buf_be32(b, (uint32_t)total);
    buf_be32(b, (uint32_t)at);
    buf_be32(b, (uint32_t)(total - at));
    buf_zero(b, 12);
    buf_be16(b, 0);
    buf_be16(b, (uint16_t)xattrs->n);
    for (size_t i = 0; i < xattrs->n; i++) {
        const struct xattr *x = &xattrs->at[i];
        size_t name = strlen(x->name) + 1;

        buf_be32(b, (uint32_t)at);
        buf_be32(b, (uint32_t)x->value.n);
        buf_be16(b, 0);
        buf_byte(b, (uint8_t)name);
        buf_put(b, bytes_of(x->name, name));
        buf_zero(b, attribute_size(x) - 11 - name);
        at += x->value.n;
    }
    for (size_t i = 0; i < xattrs->n; i++)
        buf_put(b, xattrs->at[i].value);
}

/* A companion file that holds XATTRS, with empty Finder information and resource fork. */
static struct bytes apple_double(struct arena *a, const struct xattr_vec *xattrs)
{
    struct buf list = {.arena = a}, b = {.arena = a};

    put_attribute_list(&list, xattrs);
    buf_be32(&b, 0x00051607);
    buf_be32(&b, 0x00020000);
    buf_str(&b, "Mac OS X        ");
    buf_be16(&b, 2);
    buf_be32(&b, 9); /* Finder information, and the attributes behind it */
    buf_be32(&b, FINDER_AT);
    buf_be32(&b, (uint32_t)(34 + list.n));
    buf_be32(&b, 2); /* resource fork */
    buf_be32(&b, (uint32_t)(ATTR_AT + list.n));
    buf_be32(&b, 0);
    buf_zero(&b, 34);
    buf_put(&b, buf_bytes(&list));
    return buf_bytes(&b);
}

/* MEMBERS and the companions that their attributes need. */
static struct pack_member_vec with_companions(struct forge *f,
                                              const struct pack_member_vec *members)
{
    struct pack_member_vec out = {0};

    for (size_t i = 0; i < members->n; i++) {
        const struct pack_member *m = &members->at[i];
        const char *dir = path_join(f->a, "__MACOSX", path_dir(f->a, m->path));

        vec_push(f->a, &out, *m);
        if (m->xattrs.n)
            vec_push(
                f->a, &out,
                (struct pack_member){.path = arena_printf(f->a, "%s/._%s", dir, path_base(m->path)),
                                     .kind = NODE_FILE,
                                     .mode = 0644,
                                     .content = apple_double(f->a, &m->xattrs)});
    }
    return out;
}

/* --- zip -------------------------------------------------------------------------------------------------- */

static void put_le16(struct buf *b, uint32_t v)
{
    buf_byte(b, (uint8_t)v);
    buf_byte(b, (uint8_t)(v >> 8));
}

/* The fields that local header and central directory share, from "version needed" on. */
static void put_zip_fields(struct buf *b, const struct pack_member *m, const char *name)
{
    put_le16(b, ZIP_VERSION);
    put_le16(b, 1u << 11); /* names are UTF-8 */
    put_le16(b, 0);        /* stored */
    put_le16(b, 0);
    put_le16(b, ZIP_DATE);
    buf_le32(b, pack_crc32(m->content));
    buf_le32(b, (uint32_t)m->content.n);
    buf_le32(b, (uint32_t)m->content.n);
    put_le16(b, (uint32_t)strlen(name));
    put_le16(b, 0);
}

static void put_central(struct buf *b, const struct pack_member *m, const char *name, size_t at)
{
    buf_str(b, "PK\x01\x02");
    put_le16(b, ZIP_UNIX);
    put_zip_fields(b, m, name);
    buf_zero(b, 6); /* comment, disk, internal attributes */
    buf_le32(b, (type_of(m) | m->mode) << 16);
    buf_le32(b, (uint32_t)at);
    buf_str(b, name);
}

struct bytes pack_zip(struct forge *f, const struct pack_member_vec *members)
{
    struct pack_member_vec all = with_companions(f, members);
    struct buf b = {.arena = f->a}, central = {.arena = f->a};

    for (size_t i = 0; i < all.n; i++) {
        const struct pack_member *m = &all.at[i];
        const char *name = m->kind == NODE_DIR ? arena_printf(f->a, "%s/", m->path) : m->path;

        put_central(&central, m, name, b.n);
        buf_str(&b, "PK\x03\x04");
        put_zip_fields(&b, m, name);
        buf_str(&b, name);
        buf_put(&b, m->content);
    }
    size_t at = b.n;
    buf_put(&b, buf_bytes(&central));
    buf_str(&b, "PK\x05\x06");
    buf_zero(&b, 4);
    put_le16(&b, (uint32_t)all.n);
    put_le16(&b, (uint32_t)all.n);
    buf_le32(&b, (uint32_t)central.n);
    buf_le32(&b, (uint32_t)at);
    put_le16(&b, 0);
    return buf_bytes(&b);
}

/* --- cpio ------------------------------------------------------------------------------------------------- */

static void put_cpio(struct buf *b, const struct pack_member *m, const char *name, size_t inode)
{
    uint32_t mode = type_of(m) | m->mode;

    buf_printf(b, "070707%06o%06o%06o%06o%06o%06o%06o%011o%06o%011o", 0u, (unsigned)inode,
               (unsigned)mode, 0u, 0u, 1u, 0u, 0u, (unsigned)strlen(name) + 1,
               (unsigned)m->content.n);
    buf_put(b, bytes_of(name, strlen(name) + 1));
    buf_put(b, m->content);
}

struct bytes pack_cpio(struct forge *f, const struct pack_member_vec *members)
{
    struct buf b = {.arena = f->a};
    struct pack_member top = {.kind = NODE_DIR, .mode = 0755}, end = {.kind = NODE_FILE};

    put_cpio(&b, &top, ".", 1);
    for (size_t i = 0; i < members->n; i++)
        put_cpio(&b, &members->at[i], arena_printf(f->a, "./%s", members->at[i].path), i + 2);
    put_cpio(&b, &end, "TRAILER!!!", 0);
    return buf_bytes(&b);
}

/* --- stored streams --------------------------------------------------------------------------------------- */

uint32_t pack_crc32(struct bytes content)
{
    uint32_t crc = 0xffffffff;

    for (size_t i = 0; i < content.n; i++) {
        crc ^= content.p[i];
        for (int k = 0; k < 8; k++)
            crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
    }
    return ~crc;
}

/* Deflate's stored blocks (RFC 1951 §3.2.4). */
static void put_stored(struct buf *b, struct bytes content)
{
    size_t at = 0;

    do {
        size_t n = content.n - at < 0xffff ? content.n - at : 0xffff;

        buf_byte(b, at + n == content.n);
        put_le16(b, (uint32_t)n);
        put_le16(b, (uint32_t)~n);
        buf_put(b, bytes_of(content.p + at, n));
        at += n;
    } while (at < content.n);
}

struct bytes pack_gzip(struct arena *a, struct bytes content)
{
    struct buf b = {.arena = a};

    buf_put(&b, bytes_of("\x1f\x8b\x08\0\0\0\0\0\0\x03", 10)); /* no name, no time, Unix */
    put_stored(&b, content);
    buf_le32(&b, pack_crc32(content));
    buf_le32(&b, (uint32_t)content.n);
    return buf_bytes(&b);
}

static uint32_t adler32(struct bytes content)
{
    uint32_t a = 1, b = 0;

    for (size_t i = 0; i < content.n; i++) {
        a = (a + content.p[i]) % 65521;
        b = (b + a) % 65521;
    }
    return b << 16 | a;
}

struct bytes pack_zlib(struct arena *a, struct bytes content)
{
    struct buf b = {.arena = a};

    buf_put(&b, bytes_of("\x78\x01", 2));
    put_stored(&b, content);
    buf_be32(&b, adler32(content));
    return buf_bytes(&b);
}
