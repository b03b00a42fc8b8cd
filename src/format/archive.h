/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Archives: zip and its relatives (ipa, jar, whl, jmod), tar, cpio, 7-Zip, ISO images, through libarchive, unpacked
 * into a file system in memory and never to disk. Member names are other people's: none leads out of the archive,
 * links neither.
 *
 * What macOS tools put in besides is put back where it belongs: AppleDouble companions ("._x", "__MACOSX/…") become
 * extended attributes, as unpacking on a Mac would make them.
 */
#ifndef DS_FORMAT_ARCHIVE_H
#define DS_FORMAT_ARCHIVE_H

#include "base/file.h"
#include "base/finding.h"

/* Where to unpack, and what that may still cost. */
struct unpacking {
    struct arena *a;
    struct fs *fs;   /* fs_memory() */
    const char *dir; /* members go below it: "/" */
    struct findings *f;
    struct place at;       /* of the archive, for findings */
    uint64_t *left;        /* bytes that may still be unpacked, shared with archives inside */
    bool quiet_companions; /* AppleDouble companions are usual here: no finding */
};

/* FILE is an archive by its first bytes; NAME tells compressed archives from other compressed files. */
bool archive_sniff(struct bytes file, const char *name);

/*
 * Unpack FILE. Findings: ARCHIVE-FORMAT, ARCHIVE-ENCRYPTED, ARCHIVE-PATH-ESCAPE, ARCHIVE-LINKS-LOST,
 * ARCHIVE-METADATA-LOST, INPUT-LIMIT. False when it could not be read to its end.
 */
bool archive_unpack(struct unpacking *u, struct bytes file);

/* Bytes that PACKED ones may unpack to when LEFT bytes are left in all. */
uint64_t archive_allowance(uint64_t packed, uint64_t left);

/* One compressed stream (gzip, bzip2, xz, …) without an archive in it, of at most MOST bytes; false when it is none. */
bool archive_expand(struct arena *a, struct bytes data, uint64_t most, struct bytes *out);

#endif
