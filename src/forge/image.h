/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Image: Mach-O images that load nothing and do nothing, but have all that a signature and a policy look at:
 * load commands, libraries, sections, class names, undefined symbols, strings (static-validation.md §2, §11.3).
 *
 *     0       header and load commands, with room for LC_CODE_SIGNATURE
 *     0x1000  __TEXT sections: class names, strings, property lists, then filler
 *     64 KiB  __LINKEDIT: symbols and their names, later the signature
 *
 * __TEXT is 64 KiB or more, so that there are four code pages whatever their size.
 */
#ifndef DS_FORGE_IMAGE_H
#define DS_FORGE_IMAGE_H

#include "base/buf.h"
#include "base/file.h"

#define FILETYPE_EXECUTE 2u
#define FILETYPE_DYLIB   6u
#define FILETYPE_BUNDLE  8u
#define FILETYPE_KEXT    11u

#define PLATFORM_MACOS     1u
#define PLATFORM_IOS       2u
#define PLATFORM_CATALYST  6u
#define PLATFORM_DRIVERKIT 10u

struct image_plan {
    uint32_t cputype, cpusubtype, filetype;
    uint32_t platform, minos, sdk; /* versions as 0xMMMMmmpp */
    const char *install_name;      /* of a library; NULL: none */
    struct name_vec links, rpaths, classes, imports, strings;
    struct bytes info_section, launchd_section; /* n 0: none */
    const char *seed; /* what makes the filler and the UUID this image's own */
};

/* Numbers of an architecture's name; false when it is none we can make (Intel and ARM). */
bool image_arch(const char *name, uint32_t *cputype, uint32_t *cpusubtype);
/* Its page size in signatures, as a power of two (§11.2). */
unsigned image_page_shift(uint32_t cputype);

/* An unsigned image, a multiple of 16 bytes. */
struct bytes image_make(struct arena *a, const struct image_plan *plan);

/* Where things are in an image of ours. */
struct image_map {
    uint32_t cputype, filetype, platform, minos, sdk;
    size_t commands_end;             /* behind the load commands */
    size_t linkedit;                 /* the __LINKEDIT command; 0: none */
    size_t signature;                /* the LC_CODE_SIGNATURE command; 0: none */
    uint32_t limit;                  /* its dataoff; else the size */
    uint64_t text_offset, text_size; /* file range of __TEXT */
    uint64_t info_offset, info_size; /* of __TEXT,__info_plist; size 0: none */
};
/* False when BYTES are not an image of ours. */
bool image_read(struct bytes bytes, struct image_map *out);

/*
 * The image without its signature, and with LC_CODE_SIGNATURE for one of SIZE bytes (a multiple of 16): what
 * the CodeDirectory covers.
 */
struct bytes image_prepare(struct arena *a, struct bytes image, uint32_t size);

/* A universal file of N slices as codesign rebuilds it (§11.3); places of the slices in OFFSETS. */
struct bytes image_join(struct arena *a, const struct bytes *slices, size_t n, size_t *offsets);
/* The slices of a universal file of ours, or the file itself as the only one; the number of them. */
size_t image_slices(struct arena *a, struct bytes file, struct bytes **slices);

#endif
