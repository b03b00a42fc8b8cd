/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mach-O files, thin and universal, as static validation reads them (static-validation.md §2). Reading is
 * total: what the reference would refuse becomes a finding, what it overlooks is overlooked here too.
 *
 * The reference looks up load commands one by one and meets a broken command only when a search reaches it.
 * So a slice remembers the first broken command, and each lookup that did not succeed before it is refused.
 */
#ifndef DS_FORMAT_MACHO_H
#define DS_FORMAT_MACHO_H

#include "base/cursor.h"
#include "base/file.h"
#include "format/arch.h"
#include "format/fat.h"

#define MH_EXECUTE 2u
#define MH_DYLIB   6u
#define MH_BUNDLE  8u

enum macho_sniff {
    MACHO_NO,
    MACHO_YES,   /* passes the candidate test of §2.1 */
    MACHO_FAT_64 /* a 64-bit container: generic file to code signing (FAT-64) */
};

/* A library this image names in a load command. */
struct macho_dylib {
    const char *name;
    uint32_t command; /* LC_LOAD_DYLIB … */
    bool weak;        /* may be missing */
    uint32_t version, compatible;
};

struct macho_slice {
    struct arch arch;
    const char *name;  /* "arm64" */
    uint64_t offset;   /* in the file */
    uint64_t size;     /* as the container says; thin: the whole file */
    struct bytes data; /* from `offset` to the end of the file: reads are not cut at `size` */
    bool usable;       /* false: what follows is not to be relied on, findings say why */
    bool reachable;    /* false: FAT-SLICE-UNREACHABLE when all slices are validated */
    bool hidden;       /* not counted in the universal header */
    bool wide, little; /* 64-bit; little-endian */
    uint32_t filetype, flags;
    struct bytes commands; /* sizeofcmds bytes */

    bool has_signature;            /* LC_CODE_SIGNATURE */
    uint32_t sig_offset, sig_size; /* its dataoff and datasize */
    uint32_t sig_command;          /* its cmdsize */
    uint64_t limit; /* signing limit: dataoff, or the slice's length (§1.2, §2.3) */

    const char *fault; /* structure check of §2.5: why suspicious, NULL */
    bool has_uuid, uuid_bad;
    uint8_t uuid[16];
    uint32_t platform, minos, sdk; /* 0 when no command says; versions as 0xMMMMmmpp */
    bool version_bad;              /* the command is too short (ENOEXEC when asked for) */
    const char *install_name;      /* LC_ID_DYLIB */
    struct macho_dylib_vec VEC_OF(struct macho_dylib) dylibs;
    struct name_vec rpaths;
    bool encrypted; /* LC_ENCRYPTION_INFO with a cryptid: a store download */

    bool has_text;                   /* the first __TEXT segment: for execSeg fields and space */
    uint64_t text_offset, text_size; /* its file range, relative to the slice */
    uint64_t first_section;          /* where the content of its sections begins; 0: none has any */
    unsigned exec_segments;          /* segments that are mapped executable */
    bool has_info_plist, has_launchd; /* sections of that segment */
    struct bytes info_plist, launchd_plist;
    struct bytes cstrings, class_names; /* __TEXT,__cstring and __TEXT,__objc_classname */
    bool has_symtab;
    uint32_t symbol_offset, symbol_count, string_offset, string_size;
};

struct macho {
    struct bytes data;
    bool universal; /* has a container, even with one slice */
    struct fat fat;
    struct macho_slice *slices; /* in file order */
    size_t count;
    const char *format; /* "Mach-O thin (arm64)", "Mach-O universal (x86_64 arm64)" (§1.2) */
};

/* The cheap test that tells Mach-O from plain data. */
enum macho_sniff macho_sniff(struct bytes data);
/* Why DATA is no Mach-O to that test though it begins like one; NULL when it does not, or is one. */
const char *macho_rejected(struct bytes data);

/*
 * Parse DATA. Findings (MACHO-FORMAT, FAT-…) go to F with AT's path. False when nothing usable is there; true
 * when the container and at least one slice can be used.
 */
bool macho_parse(struct arena *a, struct bytes data, struct findings *f, struct place at,
                 struct macho *out);

/* Every slice must be of the same kind as the one opened FIRST (§2.2); others are not usable: FAT-FILETYPE-DIFFERS. */
void macho_check_types(struct macho *m, size_t first, struct findings *f, struct place at);

/* The bytes LC_CODE_SIGNATURE names, as far as the file has them; a datasize of 0 means no bound (§2.4). */
struct bytes macho_signature_area(const struct macho_slice *s);

/* The structure half of strict validation (§2.5): FAT-STRUCTURE for the container, MACHO-STRICT for slices. */
bool macho_check_structure(const struct macho *m, struct findings *f, struct place at);

/* The slice that -a ARCH means (§1.12), NULL: none (ENOEXEC). The slice a Mac of HOST's kind takes first. */
const struct macho_slice *macho_find_slice(const struct macho *m, struct arch wanted);
const struct macho_slice *macho_main_slice(const struct macho *m, struct arch host);

/* Slice numbers in (cputype, cpusubtype) order, the order of the all-slices loop and of Format=. */
size_t *macho_sorted(struct arena *a, const struct macho *m);

/* Undefined external symbols of the symbol table; names point into the file. */
void macho_imports(struct arena *a, const struct macho_slice *s, struct name_vec *out);
/* Objective-C class (and category and protocol) names. */
void macho_class_names(struct arena *a, const struct macho_slice *s, struct name_vec *out);
/* C strings that may be code requirements (words of the language inside); the language layer decides. */
void macho_requirement_strings(struct arena *a, const struct macho_slice *s, struct name_vec *out);

/* "EXECUTE", "DYLIB" …; NULL for an unknown type. */
const char *macho_filetype_name(uint32_t filetype);
/* "macOS", "iOS", "Catalyst" …; NULL for an unknown number. */
const char *macho_platform_name(uint32_t platform);

#endif
