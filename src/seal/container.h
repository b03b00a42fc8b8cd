/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Container: files with code inside that are no bundles and no Mach-O: disk images (static-validation.md §1.9, §1.10),
 * flat packages (appendix C.1), and zip, ipa, tar and their like.
 */
#ifndef DS_SEAL_CONTAINER_H
#define DS_SEAL_CONTAINER_H

#include "seal/code.h"

enum container_kind {
    CONTAINER_NONE,
    CONTAINER_DMG,
    CONTAINER_DMG_ENCRYPTED,
    CONTAINER_PKG,
    CONTAINER_ARCHIVE
};

/* What FILE is, by its bytes; NAME decides between archives and compressed single files. */
enum container_kind container_sniff(struct bytes file, const char *name);

/*
 * When the regular file at PATH of FS is a container, read it as code: its own signature, and as children the code
 * found inside, read by code_read() from a file system in memory. False, and *OUT untouched, when it is none.
 */
bool container_read(struct arena *a, struct fs *fs, const char *path, const char *reported,
                    const struct code_options *options, struct code **out);

#endif
