/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sealed: CodeResources as a document: its version, its rules, and what it says of each sealed item
 * (static-validation.md §6.1, §6.6). Comparing it with the files is done by resources.c.
 */
#ifndef DS_SEAL_SEALED_H
#define DS_SEAL_SEALED_H

#include "base/index.h"
#include "base/value.h"
#include "base/vec.h"
#include "crypto/digest.h"
#include "seal/rules.h"

enum sealed_form { SEALED_BROKEN, SEALED_HASH, SEALED_LINK, SEALED_NESTED };

/* One entry; its bytes live as long as the seal. */
struct sealed_entry {
    enum sealed_form form;
    bool optional;
    struct bytes requirement; /* SEALED_NESTED: text; SEALED_LINK: the link's text */
    const char *why;          /* SEALED_BROKEN */
    /* SEALED_HASH: each as type (DIGEST_NONE: `hash`), length and bytes; see sealed_hash() */
    struct bytes hashes;
};

struct sealed_item {
    struct bytes path; /* relative to the resource base */
    struct sealed_entry entry;
    bool seen;          /* the scan came by */
    bool hashed, macho; /* its file was read whole; and is a Mach-O */
};

struct sealed {
    int version;               /* 1 or 2, by the key `files2` */
    const struct value *plist; /* without the entries of its files; NULL: it does not parse */
    const struct value *rules; /* the dictionary of that version */
    struct sealed_vec VEC_OF(struct sealed_item) items; /* in bytewise order */
    struct index by_path;                               /* → struct sealed_item */
    struct rules matcher;
    struct rules *old; /* of the first version, once they were asked for */
};

enum sealed_fault {
    SEALED_OK,
    SEALED_UNPARSABLE, /* -67058 */
    SEALED_NO_DICT,    /* -4960 */
    SEALED_UNUSABLE,   /* counts as absent: -67056 */
    SEALED_BAD_PART    /* -67055 */
};

/* Read TEXT, the whole file. The matcher is left for rules_read(). */
enum sealed_fault sealed_read(struct arena *a, struct bytes text, struct sealed *out);

/* The hash of TYPE that a SEALED_HASH entry holds, falling back to `hash`; false: none. */
bool sealed_hash(const struct sealed_entry *entry, enum digest_type type, struct bytes *out);

#endif
