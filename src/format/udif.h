/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Disk images as code signing sees them (static-validation.md §1.9, §1.10, §C.2): the trailer of a UDIF image, its last
 * 512 bytes, or the header of an encrypted one, and the signature each of them names. What is inside is the business of
 * udif_disk.h and volume.h.
 *
 *     plain      … data fork … plist … SuperBlob … "koly" trailer      offset and length at 296 and 304
 *     encrypted  "encrcdsa" header with table … data fork …            table entry of mechanism 3
 */
#ifndef DS_FORMAT_UDIF_H
#define DS_FORMAT_UDIF_H

#include "format/superblob.h"

enum udif_kind { UDIF_NO, UDIF_PLAIN, UDIF_ENCRYPTED };

struct udif {
    enum udif_kind kind;
    /* Of a plain image: what may hold a file system; {NULL,0} when it lies nowhere */
    struct bytes data_fork;
    struct bytes header;  /* slot 6: trailer with its signature length zeroed, or header */
    uint64_t base, limit; /* signing base; end of the signed bytes, counted from the base */
    uint64_t whole;       /* the limit of legacy signatures, accepted too */
    bool has_signature;   /* a blob is there; else the image is unsigned, whatever its fields say */
    uint64_t signature_offset;
    struct superblob signature; /* when udif_parse() returned true */
};

/* The cheap test: by the first word of trailer or header and the version. */
enum udif_kind udif_sniff(struct bytes file);

/*
 * Parse FILE. False: its trailer or header and its signature do not agree, DMG-FORMAT was added to F; OUT holds the rest.
 */
bool udif_parse(struct bytes file, struct findings *f, struct place at, struct udif *out);

#endif
