/* SPDX-License-Identifier: Apache-2.0 */
/* Archive, second half: what unpacking on a Mac would do besides, and what the archive tool lost. */
#ifndef DS_FORMAT_ARCHIVE_FIX_H
#define DS_FORMAT_ARCHIVE_FIX_H

#include "format/archive.h"

/* Turn AppleDouble companions into attributes, and look for framework links that are no links any more. */
void archive_fix(struct unpacking *u);

#endif
