/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Links: where the libraries that load commands name lie, as dyld looks for them: @executable_path, @loader_path and
 * @rpath, each run path in turn. What leads out of the input (system libraries) stays unresolved.
 */
#ifndef DS_SEAL_LINKS_H
#define DS_SEAL_LINKS_H

#include "seal/code.h"

/* Fill `resolved` and `missing` of every link of C's slices. */
void links_resolve(struct arena *a, struct fs *fs, struct code *c);

#endif
