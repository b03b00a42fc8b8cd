/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CodeDirectory, every version (static-validation.md §4). Offsets count from the blob's first byte; all
 * integers are big-endian. Parsing is total: a directory that breaks a rule of §4.3 yields a finding.
 */
#ifndef DS_FORMAT_CODEDIR_H
#define DS_FORMAT_CODEDIR_H

#include "base/bytes.h"
#include "base/finding.h"
#include "crypto/digest.h"

#define CD_MAGIC 0xfade0c02u

#define CD_FLAG_HOST               0x1u
#define CD_FLAG_ADHOC              0x2u
#define CD_FLAG_HARD               0x100u
#define CD_FLAG_KILL               0x200u
#define CD_FLAG_EXPIRES            0x400u
#define CD_FLAG_RESTRICT           0x800u
#define CD_FLAG_ENFORCEMENT        0x1000u
#define CD_FLAG_LIBRARY_VALIDATION 0x2000u
#define CD_FLAG_RUNTIME            0x10000u
#define CD_FLAG_LINKER_SIGNED      0x20000u

struct codedir {
    struct bytes blob;       /* the whole directory, `length` bytes */
    uint32_t superblob_slot; /* 0, or 0x1000… */
    uint32_t version, flags;
    uint32_t hash_offset, ident_offset, team_offset, scatter_offset, pre_encrypt_offset;
    uint32_t special_slots, code_slots;
    uint64_t code_limit; /* codeLimit64 when the version has it and it is not 0 */
    uint8_t hash_size;   /* stride of the arrays, as stored */
    uint8_t hash_type;   /* as stored; see enum digest_type */
    uint8_t platform;
    uint8_t page_shift; /* log2; 0 = one unlimited page */
    uint64_t exec_seg_base, exec_seg_limit, exec_seg_flags;
    uint32_t runtime; /* 0x00MMmmpp */
    uint8_t linkage_hash_type, linkage_app_type;
    uint16_t linkage_app_subtype;
    uint32_t linkage_offset, linkage_size;
    const char *identifier; /* raw bytes up to the NUL */
    const char *team;       /* NULL when not set */
    uint8_t cdhash_full[DIGEST_MAX];
    size_t cdhash_full_size; /* 0 when the hash type is not usable */
    uint8_t cdhash[20];      /* first 20 bytes */
};

/*
 * Parse BLOB (found in SLOT of a SuperBlob at absolute OFFSET). Returns true when every rule of §4.3 holds.
 * Otherwise false, with CD-FORMAT, CD-VERSION or SIG-FORMAT added to F at AT, and *OUT holds what was read.
 */
bool codedir_parse(struct arena *a, struct bytes blob, uint32_t slot, struct findings *f,
                   struct place at, struct codedir *out);

/* Stored hash of special slot S (1…special_slots); {NULL,0} above that. of code page I; of its pre-encrypt twin. */
struct bytes codedir_special(const struct codedir *cd, uint32_t s);
struct bytes codedir_page(const struct codedir *cd, uint32_t i);
struct bytes codedir_pre_encrypt(const struct codedir *cd, uint32_t i);

/* "0x10000(runtime)" as codesign prints (§0.2, §8.3). */
char *codedir_flags_text(struct arena *a, uint32_t flags);

#endif
