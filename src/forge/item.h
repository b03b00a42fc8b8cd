/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Item: one piece of code of a case with every default filled in, and the state all modules of the forge
 * share while they build.
 */
#ifndef DS_FORGE_ITEM_H
#define DS_FORGE_ITEM_H

#include <stdnoreturn.h>

#include "forge/forge.h"
#include "forge/image.h"
#include "forge/pki.h"

/* What is being built. */
struct forge {
    struct arena *a;
    const struct value *doc;
    struct forged *out;
    struct value_error *error;
    struct fs *fs;
    struct pki pki;
    struct identity_vec identities;
    int64_t signed_at;
    uint32_t macos; /* of the host */
    const char *arch, *udid;
    struct item_vec VEC_OF(struct item *) items; /* all, in the order in which they were built */
};

/* Leave the build: what V (may be NULL) asks for cannot be made. */
noreturn void forge_refuse(struct forge *f, const struct value *v, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* The same for a file system operation that failed. */
void forge_wrote(struct forge *f, enum ds_status status, const char *path);

enum item_shape { SHAPE_BUNDLE, SHAPE_IMAGE, SHAPE_FILE, SHAPE_ARCHIVE };

enum item_kind {
#define ITEM_KIND(id, word, suffixes, shape, filetype, type) ITEM_##id,
#include "forge/kinds.def"
#undef ITEM_KIND
    ITEM_KIND_COUNT
};

struct item_kind_row {
    const char *word, *suffixes;
    enum item_shape shape;
    uint32_t filetype;
    const char *package_type; /* NULL: no bundle */
};
const struct item_kind_row *item_kind_row(enum item_kind kind);

enum item_mode { MODE_NONE, MODE_ADHOC, MODE_LINKER, MODE_SIGNED };

/* Where the parts of a bundle are. */
enum item_layout {
    LAYOUT_FILE,
    LAYOUT_CONTENTS,
    LAYOUT_VERSIONS, /* a Mac's framework */
    LAYOUT_FLAT,
};

struct item {
    const char *path; /* in the file system */
    const char *name; /* last component */
    const char *seed; /* what makes its bytes its own: differs for code, replaces, peer */
    const struct value *spec;
    struct item *outer; /* NULL at the top */
    enum item_kind kind;
    const struct item_kind_row *row;
    enum item_layout layout;
    uint32_t platform;
    enum item_mode mode;
    struct identity *signer; /* MODE_SIGNED */
    const char *team;        /* of the CodeDirectory, NULL: none */
    const char *identifier;  /* CFBundleIdentifier; a default for code that is no bundle */
    const char *code_identifier;
    const char *executable;  /* name; NULL: a bundle without code, whose Info.plist is signed */
    const char *version_dir; /* a framework's real root: PATH/Versions/A */
    const char *base;        /* resource base: PATH/Contents, PATH, PATH/Versions/A */
    const char *exec_path, *info_path, *profile_path;
    struct bytes info;           /* Info.plist's bytes, n 0: none */
    const struct value *profile; /* `profile` when it is one of its own, or of `profiles` */
    bool default_profile;        /* none was named, but a claim needs one */
    struct value *claims;        /* entitlements in force, NULL: none */
    struct item_children VEC_OF(struct item *) children;

    struct bytes cdhash; /* after signing: 20 bytes, of the slice the host runs; n 0: unsigned */
    struct cdhash_list VEC_OF(struct bytes) cdhashes; /* of all slices and digest types */
    struct bytes checksum;                            /* of a package's table of contents */
    struct bytes disk, disk_table,
        blob; /* of a disk image: its data, the table of its runs; its signature */
    uint64_t disk_sectors;
    const char *requirement; /* text of the designated requirement */
};

/* The item of SPEC at PATH inside OUTER (NULL: at the top), with all that it contains. */
struct item *item_make(struct forge *f, const char *path, const struct value *spec,
                       struct item *outer);

/* ITEM as SPEC has it now: signer, names and claims anew, places and members as they are. */
void item_change(struct forge *f, struct item *item, const struct value *spec);

/* The item at PATH, or whose executable it is; NULL. */
struct item *item_find(struct forge *f, const char *path);

/* The identity NAME; refuses what is unknown, naming V. */
struct identity *identity_find(struct forge *f, const char *name, const struct value *v);

/* The list (or the one text) KEY of SPEC. */
struct name_vec item_texts(struct forge *f, const struct value *spec, const char *key);
/* The text KEY of SPEC as written, NULL when it is not there. */
const char *item_text(struct forge *f, const struct value *spec, const char *key);
/* "15.2" as 0x000f0200; refuses what is none. */
uint32_t item_version(struct forge *f, const struct value *v);
/* True for code that gets a process of its own. */
bool item_is_main(const struct item *item);

#endif
