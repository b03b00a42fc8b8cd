/* SPDX-License-Identifier: Apache-2.0 */
/*
 * AppleDouble: the companion file "._x" in which tools that know no extended attributes carry those of x (RFC 1740, and
 * the "ATTR" table behind the Finder information). Integers are big-endian.
 *
 *      0  magic 0x00051607   version 0x00020000   16 bytes filler   u16 count
 *     26  count × { u32 id, u32 offset, u32 length }          id 9: Finder information, 2: resource fork
 *
 * In entry 9: 32 bytes of Finder information, 2 of padding, then "ATTR", u32 tag, u32 size, u32 data start, u32 data
 * length, 12 bytes reserved, u16 flags, u16 count, and count × { u32 offset, u32 length, u16 flags, u8 name length,
 * name }, each rounded up to 4 bytes; offsets are those of the file.
 */
#ifndef DS_FORMAT_APPLEDOUBLE_H
#define DS_FORMAT_APPLEDOUBLE_H

#include "base/file.h"

/* The attributes FILE carries; false when it is no AppleDouble file. Values are borrowed from FILE. */
bool appledouble_parse(struct arena *a, struct bytes file, struct xattr_vec *out);

#endif
