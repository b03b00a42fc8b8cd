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

struct plist_span;

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
 * Large lists in pieces. A part is a dictionary of the top-level dictionary: its entries are read a few hundred at a time,
 * so that a seal of 100,000 files does not stand in memory as a tree.
 */
struct plist_part {
    const char *name;
    struct bytes text; /* the list it is part of; {NULL,0}: V holds it whole, or it is not there */
    const struct plist_span *span; /* where it lies */
};

/* As plist_parse(), but the dictionaries of PARTS (name set) are empty in the result where they can be read in pieces: XML. */
struct value *plist_parse_parts(struct arena *a, struct bytes text, struct plist_part *parts,
                                size_t n, struct plist_error *error);

/* Key and value live as long as the call. False ends the reading. */
typedef bool plist_take(void *self, struct bytes key, const struct value *value);

/*
 * Hand each entry of PART, left out of V, to TAKE, in order. False when an entry does not parse or TAKE said so. The same
 * key may come twice.
 */
bool plist_each(struct arena *a, const struct plist_part *part, const struct value *v,
                plist_take *take, void *self);

/*
 * VALUE as an XML property list. COMPACT is codesign's own form: no blanks between elements, keys sorted bytewise
 * (codesign-output-corrections E2); otherwise indented by tabs, keys in their order.
 */
struct bytes plist_write_xml(struct arena *a, const struct value *value, bool compact);

#endif
