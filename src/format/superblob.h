/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signature blobs: the SuperBlob and its slots, and detached signatures (static-validation.md §1.11, §3).
 * Slots are looked up as the reference does: the first index entry of a type decides, offset 0 means absent.
 * What is parsed lives in the arena of the findings.
 */
#ifndef DS_FORMAT_SUPERBLOB_H
#define DS_FORMAT_SUPERBLOB_H

#include "base/bytes.h"
#include "base/finding.h"

#define BLOB_REQUIREMENT      0xfade0c00u
#define BLOB_REQUIREMENT_SET  0xfade0c01u
#define BLOB_CODE_DIRECTORY   0xfade0c02u
#define BLOB_LIBRARY_SET      0xfade0c05u
#define BLOB_SIGNATURE        0xfade0cc0u /* embedded signature: a SuperBlob */
#define BLOB_DETACHED         0xfade0cc1u /* collection of signatures, by cputype */
#define BLOB_WRAPPER          0xfade0b01u
#define BLOB_ENTITLEMENTS     0xfade7171u
#define BLOB_ENTITLEMENTS_DER 0xfade7172u
#define BLOB_CONSTRAINT       0xfade8181u

#define BLOB_HEADER 8 /* magic and length */

enum slot {
#define SLOT(name, number, form, component, title) SLOT_##name = (number),
#include "format/slots.def"
#undef SLOT
};

#define SLOT_SPECIAL_MOST    11 /* highest slot whose hash a CodeDirectory holds */
#define SLOT_ALTERNATES_MOST 5

/* "entitlements"; "slot 0x99", made in A, for an unknown number. */
const char *slot_title(struct arena *a, uint32_t slot);
/* "CodeEntitlements": file of _CodeSignature, xattr com.apple.cs.NAME; NULL when there is none. */
const char *slot_component(uint32_t slot);
/* True when the slot is held as a blob with a magic of its own; other slots are wrapped bytes. */
bool slot_is_native(uint32_t slot);

/* The first 4 bytes, 0 when BLOB is shorter; what stands behind the header. */
uint32_t blob_magic(struct bytes blob);
struct bytes blob_payload(struct bytes blob);

struct superblob_entry {
    uint32_t type, offset;
    struct bytes blob; /* with its header; {NULL,0} when the offset is 0 */
};

struct superblob {
    struct bytes blob; /* all `length` bytes */
    uint64_t offset;   /* of the blob in the file */
    uint32_t magic;
    struct superblob_entry *entries; /* in index order */
    size_t count;
};

/*
 * Parse the SuperBlob with MAGIC at the start of AREA, which lies at AT's offset of the file and may be longer.
 * False: SIG-FORMAT (or INPUT-LIMIT) was added to F.
 */
bool superblob_parse(struct bytes area, uint32_t magic, struct findings *f, struct place at,
                     struct superblob *out);

/* The strict variant for disk images (§3.2): blobs follow index and one another without gaps; NULL or why not. */
const char *superblob_strict_fault(struct arena *a, const struct superblob *s);

enum component { COMPONENT_ABSENT, COMPONENT_PRESENT, COMPONENT_BROKEN };

/*
 * The content of SLOT: a native blob whole, with its header; a wrapped one without. COMPONENT_BROKEN:
 * SIG-SLOT-WRAPPER was added to F.
 */
enum component superblob_component(const struct superblob *s, uint32_t slot, struct findings *f,
                                   struct place at, struct bytes *out);

/* A detached signature for code of CPUTYPE; has_arch false: an architecture-less one. */
struct detached {
    bool has_arch;
    struct superblob arch, global;
};

/*
 * Parse a detached signature FILE (§1.11). CPUTYPE 0: the code is no Mach-O, so a collection is of no use.
 * False: SIG-DETACHED was added to F.
 */
bool detached_parse(struct bytes file, uint32_t cputype, struct findings *f, struct place at,
                    struct detached *out);

/* The content of SLOT: of the architecture's member, else of the global one. COMPONENT_ABSENT: ask the code. */
enum component detached_component(const struct detached *d, uint32_t slot, struct findings *f,
                                  struct place at, struct bytes *out);

#endif
