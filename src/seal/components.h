/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Components: where the parts of one signature come from (static-validation.md §1.8, §1.11): the SuperBlob in the
 * executable, files of _CodeSignature, extended attributes, or a detached signature asked first.
 */
#ifndef DS_SEAL_COMPONENTS_H
#define DS_SEAL_COMPONENTS_H

#include "base/file.h"
#include "format/superblob.h"

enum component_source {
    SOURCE_NONE,
    SOURCE_EMBEDDED,
    SOURCE_FILES,
    SOURCE_XATTRS,
    SOURCE_DETACHED
};

struct components {
    struct arena *a;
    bool has_superblob;
    struct superblob superblob;
    struct fs *fs;
    const char *meta;                /* fs path of _CodeSignature, NULL: no such files */
    struct xattr_vec xattrs;         /* com.apple.cs.NAME of a generic file */
    const struct detached *detached; /* NULL: none */
    enum component_source source;    /* of the first part found */
    bool mixed;                      /* parts from both the executable and files: -67061 */
    struct name_vec used;            /* names of _CodeSignature files that were used */
};

/* The content of SLOT as superblob_component() gives it. */
enum component components_get(struct components *c, uint32_t slot, struct findings *f,
                              struct place at, struct bytes *out);

/* "embedded", "bundle files", "extended attributes", "explicit detached", "unsigned". */
const char *component_source_name(enum component_source source);

#endif
