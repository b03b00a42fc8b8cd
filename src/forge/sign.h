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

/* Sign a file that cannot hold a signature: extended attributes at PATH. */
void sign_attributes(struct forge *f, struct item *item, struct bytes file);

#endif
