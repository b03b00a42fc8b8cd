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
 * Parse BLOB (found in SLOT of a SuperBlob, at AT's offset of the file); what is made lives in F's arena. Returns
 * true when every rule of §3.4 and §4.3 holds. Otherwise false, the first broken rule was added to F as CD-FORMAT or
 * CD-VERSION, and *OUT holds what was read.
 */
bool codedir_parse(struct bytes blob, uint32_t slot, struct findings *f, struct place at,
                   struct codedir *out);

/* The cdhash types validation can use, best first (§3.4): 4 SHA-384, 2 SHA-256, 3 truncated, 1 SHA-1; 0 for others. */
unsigned codedir_rank(uint8_t hash_type);

/* Stored hash of special slot S (1…special_slots), of code page I, of its pre-encrypt twin: `hash_size` bytes.
 * {NULL,0} when the directory has no such slot. */
struct bytes codedir_special(const struct codedir *cd, uint32_t s);
struct bytes codedir_page(const struct codedir *cd, uint32_t i);
struct bytes codedir_pre_encrypt(const struct codedir *cd, uint32_t i);

/* True when special slot S is bound: some byte of its stored hash is not zero (§4.5). */
bool codedir_binds(const struct codedir *cd, uint32_t s);

/* True when the stored bytes from slot SLOT on (negative: special) begin with DIGEST, whatever the stride (§4.3). */
bool codedir_matches(const struct codedir *cd, int64_t slot, struct bytes digest);

/* A scatter vector: shown by display, not used by validation (§4.6). */
struct codedir_scatter {
    uint32_t count, base;
    uint64_t target_offset;
};
struct codedir_scatter_vec VEC_OF(struct codedir_scatter);
void codedir_scatters(struct arena *a, const struct codedir *cd, struct codedir_scatter_vec *out);

/* "0x10000(runtime)" as codesign prints (§0.2, §8.3). */
char *codedir_flags_text(struct arena *a, uint32_t flags);

/* The flag called NAME; 0 when there is none. SETTABLE (may be NULL): a signer may ask for it. */
uint32_t codedir_flag(const char *name, bool *settable);

/* "main binary, debugger": names of execSegFlags, unknown bits in hex; "none" (§0.3). */
char *codedir_exec_flags_text(struct arena *a, uint64_t flags);

#endif
