/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pack: a tree of the forge's file system as a zip archive or a cpio stream, and stored (uncompressed) gzip and
 * zlib streams: nothing in them depends on a compressor. All times are fixed.
 */
#ifndef DS_FORGE_PACK_H
#define DS_FORGE_PACK_H

#include "forge/item.h"

struct pack_member {
    const char *path; /* relative, "a/b" */
    enum node_kind kind;
    uint32_t mode;
    struct bytes content; /* of a file; the target of a link */
    struct xattr_vec xattrs;
};
struct pack_member_vec VEC_OF(struct pack_member);

/* All below DIR, directories before what is in them. */
struct pack_member_vec pack_collect(struct forge *f, const char *dir);

/* A zip archive; extended attributes go to AppleDouble companions below __MACOSX, as on a Mac. */
struct bytes pack_zip(struct forge *f, const struct pack_member_vec *members);
/* A cpio stream of the old portable format, as packages have it. */
struct bytes pack_cpio(struct forge *f, const struct pack_member_vec *members);

struct bytes pack_gzip(struct arena *a, struct bytes content);
struct bytes pack_zlib(struct arena *a, struct bytes content);
uint32_t pack_crc32(struct bytes content);

#endif
