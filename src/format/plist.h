/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Property lists, XML and binary, through libplist, which this file keeps at arm's length: libplist 2.2 overflows the
 * stack on deep nesting, drops duplicate keys and accepts bytes after the end, so every byte is scanned for size,
 * structure, depth, duplicates and remainder first, and the result becomes a struct value at once. No other file
 * knows libplist.
 */
#ifndef DS_FORMAT_PLIST_H
#define DS_FORMAT_PLIST_H

#include "base/arena.h"
#include "base/value.h"

struct plist_error {
    const char *message; /* "duplicate key", "bytes after the end of the list" */
    uint64_t offset;
    uint32_t line; /* XML only, from 1 */
};

/* "bplist00" begins TEXT. */
bool plist_binary(struct bytes text);

/* The value of TEXT, XML or binary; NULL with *ERROR (may be NULL) when it is no well-formed property list. */
struct value *plist_parse(struct arena *a, struct bytes text, struct plist_error *error);

/*
 * VALUE as an XML property list. COMPACT is codesign's own form: no blanks between elements, keys sorted bytewise
 * (codesign-output-corrections E2); otherwise indented by tabs, keys in their order.
 */
struct bytes plist_write_xml(struct arena *a, const struct value *value, bool compact);

#endif
