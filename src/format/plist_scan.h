/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Scans of property lists before libplist sees a byte (format/plist.h): whatever passes is well-formed, not nested
 * deeper than LIMIT_PLIST_DEPTH, of bounded size when expanded, and ends where its bytes end.
 */
#ifndef DS_FORMAT_PLIST_SCAN_H
#define DS_FORMAT_PLIST_SCAN_H

#include "base/vec.h"
#include "format/plist.h"

/*
 * A dictionary below the top-level one whose entries a reader wants piece by piece: where it lies in the text. Pieces
 * hold PLIST_PIECE entries each, the last fewer.
 */
#define PLIST_PIECE 256
struct plist_span {
    const char *name;
    bool found;
    size_t start, end;                         /* of the content, as offsets */
    struct plist_starts VEC_OF(size_t) pieces; /* where each begins */
};

struct plist_spans {
    struct arena *arena;
    struct plist_span *at;
    size_t n;
};

/* False with *ERROR. *KEYS is the number of dictionary keys, by which a reader sees that it lost duplicates. */
bool plist_scan_xml(struct bytes text, size_t *keys, struct plist_spans *spans /* may be NULL */,
                    struct plist_error *error);
bool plist_scan_binary(struct bytes text, size_t *keys, struct plist_error *error);

#endif
