/* SPDX-License-Identifier: Apache-2.0 */
/* AppleDouble: see appledouble.h. */
#include "format/appledouble.h"

#include "base/cursor.h"

#define MAGIC         0x00051607u
#define VERSION       0x00020000u
#define ID_FORK       2u
#define ID_FINDER     9u
#define FINDER_INFO   32u
#define ATTR          0x41545452u
#define ATTR_PADDING  2u
#define ATTR_RESERVED 12u

static void add(struct arena *a, struct xattr_vec *out, const char *name, struct bytes value)
{
    vec_push(a, out, (struct xattr){name, value});
}

/* The table behind the Finder information; C stands behind its magic. */
static void read_attributes(struct arena *a, struct bytes file, struct cursor c,
                            struct xattr_vec *out)
{
    cursor_skip(&c, 16 + ATTR_RESERVED);
    (void)cursor_be16(&c);
    uint16_t count = cursor_be16(&c);
    for (uint16_t i = 0; i < count; i++) {
        uint32_t offset = cursor_be32(&c), length = cursor_be32(&c);
        struct bytes value;
        (void)cursor_be16(&c);
        uint8_t size = cursor_u8(&c);
        struct bytes name = cursor_bytes(&c, size);
        if (c.failed || size == 0 || !bytes_part(file, offset, length, &value))
            return;
        add(a, out, bytes_cstr(a, bytes_of(name.p, name.n - 1)), value);
        cursor_skip(&c, (4 - (11u + size) % 4) % 4);
    }
}

static void read_finder(struct arena *a, struct bytes file, struct cursor c, struct xattr_vec *out)
{
    struct bytes info = cursor_bytes(&c, FINDER_INFO);
    if (c.failed)
        return;
    if (!bytes_zero(info))
        add(a, out, "com.apple.FinderInfo", info);
    cursor_skip(&c, ATTR_PADDING);
    if (cursor_be32(&c) == ATTR)
        read_attributes(a, file, c, out);
}

bool appledouble_parse(struct arena *a, struct bytes file, struct xattr_vec *out)
{
    struct cursor c = cursor_of(file, 0);
    if (cursor_be32(&c) != MAGIC || cursor_be32(&c) != VERSION)
        return false;
    cursor_skip(&c, 16);
    uint16_t count = cursor_be16(&c);
    for (uint16_t i = 0; i < count; i++) {
        uint32_t id = cursor_be32(&c), offset = cursor_be32(&c), length = cursor_be32(&c);
        struct cursor whole = cursor_of(file, 0);
        struct cursor entry = cursor_part(&whole, offset, length);
        if (c.failed || entry.failed)
            return false;
        if (id == ID_FINDER)
            read_finder(a, file, entry, out);
        if (id == ID_FORK && length != 0)
            add(a, out, "com.apple.ResourceFork", entry.data);
    }
    return !c.failed;
}
