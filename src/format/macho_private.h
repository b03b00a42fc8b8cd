/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of the Mach-O reader share: macho.c (the file), macho_slice.c (load commands), macho_names.c. */
#ifndef DS_FORMAT_MACHO_PRIVATE_H
#define DS_FORMAT_MACHO_PRIVATE_H

#include "base/limits.h"
#include "format/macho.h"

#define MACHO_MAGIC_32 0xfeedfaceu
#define MACHO_MAGIC_64 0xfeedfacfu
#define MACHO_SLICES   (LIMIT_FAT_SLICES + 1) /* counted ones and a hidden one */

/* True when a file whose first word, read big-endian, is WORD is a Mach-O image. */
bool macho_magic(uint32_t word, bool *wide, bool *little);

static inline uint32_t macho_word(struct cursor *c, bool little)
{
    return little ? cursor_le32(c) : cursor_be32(c);
}

/* Read header and load commands of S, whose arch, name, place and data are set. False: MACHO-FORMAT added. */
bool macho_slice_parse(struct arena *a, struct macho_slice *s, struct findings *f, struct place at);

#endif
