/* SPDX-License-Identifier: Apache-2.0 */
/* Directory: CodeDirectories as a signer writes them (static-validation.md §4.1, §11.2). */
#ifndef DS_FORGE_DIRECTORY_H
#define DS_FORGE_DIRECTORY_H

#include "base/arena.h"
#include "base/bytes.h"
#include "crypto/digest.h"

#define SPECIAL_SLOTS 12 /* 1 to 11 are used */

struct directory {
    uint32_t version; /* 0: what the fields need */
    uint32_t flags;
    const char *identifier, *team; /* team NULL: none */
    enum digest_type digest;
    unsigned page_shift;                 /* 0: one page */
    struct bytes code;                   /* what the code slots cover */
    struct bytes special[SPECIAL_SLOTS]; /* by slot; p NULL: empty slot */
    uint64_t exec_base, exec_limit, exec_flags;
    uint32_t runtime;
};

/* The blob. */
struct bytes directory_make(struct arena *a, const struct directory *d);
/* Its size, without hashing anything. */
size_t directory_size(const struct directory *d);

#endif
