/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sealed: CodeResources as a document: its version, its rules, and what it says of each sealed item
 * (static-validation.md §6.1, §6.6). Comparing it with the files is done by resources.c.
 */
#ifndef DS_SEAL_SEALED_H
#define DS_SEAL_SEALED_H

#include "base/value.h"
#include "crypto/digest.h"
#include "seal/index.h"
#include "seal/rules.h"

struct sealed_item {
    struct bytes path; /* relative to the resource base */
    const struct value *entry;
    bool seen; /* the scan came by */
};

struct sealed {
    int version;               /* 1 or 2, by the key `files2` */
    const struct value *rules; /* the dictionaries of that version */
    const struct value *files;
    struct sealed_item *items; /* in bytewise order */
    size_t count;
    struct index by_path; /* → struct sealed_item */
    struct rules matcher;
};

enum sealed_fault {
    SEALED_OK,
    SEALED_UNPARSABLE, /* -67058 */
    SEALED_NO_DICT,    /* -4960 */
    SEALED_UNUSABLE,   /* counts as absent: -67056 */
    SEALED_BAD_PART    /* -67055 */
};

/* Read PLIST, the parsed file or NULL. The matcher is left for rules_read(). */
enum sealed_fault sealed_read(struct arena *a, const struct value *plist, struct sealed *out);

enum sealed_form { SEALED_BROKEN, SEALED_HASH, SEALED_LINK, SEALED_NESTED };

/* One entry. */
struct sealed_entry {
    enum sealed_form form;
    bool optional;
    struct bytes requirement; /* SEALED_NESTED: text; SEALED_LINK: the link's text */
    const char *why;          /* SEALED_BROKEN */
};
struct sealed_entry sealed_entry(const struct value *entry);

/* The hash of TYPE that a SEALED_HASH entry holds, falling back to `hash`; false: none. */
bool sealed_hash(const struct value *entry, enum digest_type type, struct bytes *out);

#endif
