/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Scans of property lists before libplist sees a byte (format/plist.h): whatever passes is well-formed, not nested
 * deeper than LIMIT_PLIST_DEPTH, of bounded size when expanded, and ends where its bytes end.
 */
#ifndef DS_FORMAT_PLIST_SCAN_H
#define DS_FORMAT_PLIST_SCAN_H

#include "format/plist.h"

/* False with *ERROR. *KEYS is the number of dictionary keys, by which a reader sees that it lost duplicates. */
bool plist_scan_xml(struct bytes text, size_t *keys, struct plist_error *error);
bool plist_scan_binary(struct bytes text, size_t *keys, struct plist_error *error);

#endif
