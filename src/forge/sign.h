/* SPDX-License-Identifier: Apache-2.0 */
/* Sign: signatures of images, scripts and disk images, embedded or in attributes (static-validation.md §11). */
#ifndef DS_FORGE_SIGN_H
#define DS_FORGE_SIGN_H

#include "forge/item.h"

/* What a signature binds besides the code. */
struct sign_with {
    bool bundle;       /* INFO and SEAL are the bundle's; else an embedded Info.plist is taken */
    struct bytes info; /* Info.plist, p NULL: none */
    struct bytes seal; /* CodeResources, p NULL: none */
    struct bytes rep;  /* slot 6, p NULL: none */
};

#define SIGN_DIGESTS 5

/* The digest types ITEM's signature of FILE will have, slot 0's first; the number of them. */
size_t sign_digests(struct forge *f, const struct item *item, struct bytes file,
                    enum digest_type out[SIGN_DIGESTS]);

/* FILE, an image or a universal file, signed as ITEM says; sets what ITEM knows of its signature. */
struct bytes sign_images(struct forge *f, struct item *item, struct bytes file,
                         const struct sign_with *with);

/* A signature of FILE as one piece, whatever it is: the SuperBlob. */
struct bytes sign_whole(struct forge *f, struct item *item, struct bytes file,
                        const struct sign_with *with);

/* A part of a signature kept beside the file: in an attribute, or in a file of `_CodeSignature`. */
struct component {
    const char *name; /* "CodeDirectory" … (§1.8) */
    struct bytes content;
};
struct component_vec VEC_OF(struct component);

/* The signature of FILE, which cannot hold one, in parts. */
struct component_vec sign_components(struct forge *f, struct item *item, struct bytes file,
                                     const struct sign_with *with);

#endif
