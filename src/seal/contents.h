/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Contents: what lies in an archive, a flat package or a disk image is unpacked into memory, and the code in it read as
 * children. What cannot be opened (encrypted, or of a kind no library reads) is undecided, not passed.
 */
#ifndef DS_SEAL_CONTENTS_H
#define DS_SEAL_CONTENTS_H

#include "seal/reader.h"

/* The file that O stands for is to be opened: it is the item asked for, or the caller wants archives inside bundles read. */
bool contents_wanted(const struct object *o);

/* Read the code in O, an archive or a package, as children of it. */
void contents_read(struct object *o);

#endif
