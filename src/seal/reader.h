/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reader: what the parts of code_read() share. A reader is one call; an object is one piece of code being read:
 * a file (image.c), or a bundle (layout.c, bundle.c) with its resources and nested code.
 *
 * Invariants. (1) Nothing outside the top-level item is read: links are followed within it only. (2) An object
 * is read once, however often it is reached. (3) Faults are added in the reference's order (static-validation.md
 * §7.1), so the first one recorded with object_fail() is the one codesign reports.
 */
#ifndef DS_SEAL_READER_H
#define DS_SEAL_READER_H

#include "base/index.h"
#include "base/osstatus.h"
#include "format/macho.h"
#include "format/udif.h"
#include "format/xar.h"
#include "seal/code.h"
#include "seal/components.h"
#include "seal/core.h"
#include "seal/layout.h"
#include "seal/sealed.h"

#define READER_THREADS 16 /* at most, for hashing */

struct reader {
    struct arena *a;
    struct fs *fs;
    const struct code_options *options;
    const char *root;          /* the top-level item in the file system, free of links */
    const char *reported;      /* how messages call it */
    struct ere_cache patterns; /* expressions in use */
    struct index known;        /* fs path of each object read → struct object */
    struct index hashed; /* identity of files that are sealed more than once → what they hash to */
    struct digest_set *digests[READER_THREADS]; /* one a thread, made when there is that thread */
    unsigned depth;                             /* of the object being read; the top is 0 */
    size_t nodes; /* directory entries seen so far, against LIMIT_TREE_NODES */
};

/* How much of an object is validated. Without --deep nested code is only looked at quickly (§6.9). */
struct pass {
    bool pages, resources;
    bool quick; /* the signature directory is not listed */
};

struct object {
    struct reader *r;
    struct object *parent; /* NULL at the top */
    struct code *c;
    struct pass pass;
    struct layout layout;     /* bundles */
    const char *main_path;    /* the main file in the file system, NULL: none */
    const char *main_literal; /* the same before links were followed */
    struct bytes main;        /* its bytes */
    struct xattr_vec xattrs;  /* of a generic main file */
    struct macho macho;       /* when the main file is one */
    bool is_macho;
    struct udif udif; /* when it is a disk image */
    struct xar xar;   /* when it is a package: */
    bool is_package, is_archive;
    struct bound info;         /* slot 1 of a bundle */
    struct bound seal;         /* slot 3 of a bundle */
    const char *base;          /* resource base in the file system, free of links; NULL for files */
    struct sealed *sealed;     /* its seal, NULL: none that can be used */
    const char *meta;          /* its _CodeSignature, NULL for files */
    struct components parts;   /* of the main slice's signature */
    struct name_vec used;      /* files of it that the signature uses */
    struct findings *recorded; /* strict errors met while opening, raised later (§7.3) */
    bool opened;               /* false: nothing to validate */
};

/* F, just added to O's findings, is an error: note it as the outcome unless there is one. False, for `return`. */
bool object_fail(struct object *o, const struct finding *f);
/* The file system refused to hand out what findings call REPORTED. */
bool object_fail_errno(struct object *o, const char *reported, int error);
/* The first error among O's findings from number FROM on becomes the outcome; true when there is none. */
bool object_settle(struct object *o, size_t from, const char *arch);
/* False when the reference would have stopped by now and nobody asked for more. */
bool object_goes_on(const struct object *o);
/* The main slice; there is one once O is open. */
static inline struct slice *object_slice(const struct object *o)
{
    return &o->c->slices[o->c->main_slice];
}
/* Place of O itself. */
struct place object_place(const struct object *o);

/* A reading of FS that has not begun; its root is "/" until another is chosen. */
struct reader reader_of(struct arena *a, struct fs *fs, const struct code_options *options);

/* Follow links of PATH (below the root); 0 or an errno, with *OUT free of links. */
int reader_resolve(struct reader *r, const char *path, const char **out);
/* What lies at the end of PATH's links; kind NODE_NONE when nothing does. */
struct node reader_stat(struct reader *r, const char *path);
/* The content of PATH, links followed; 0 or an errno. */
int reader_map(struct reader *r, const char *path, struct bytes *out);

/*
 * The code at PATH, which is free of links: read now unless it is known already. PARENT is the code around it, NULL at
 * the top; REACHED says whether the reference gets there (struct code). NULL when the nesting is too deep: PARENT has
 * failed then.
 */
struct object *reader_object(struct reader *r, const char *path, struct object *parent,
                             bool reached);
/* The same, where a bundle's main executable stands for the bundle (§1.3). */
struct object *reader_classified(struct reader *r, const char *path, struct object *parent,
                                 bool reached);

/* image.c: the main file's slices. Open reads their facts; validate does §7.1 steps 2 and 3. */
bool image_open(struct object *o);
void image_validate(struct object *o);
/* The one slice that a file without slices counts as. */
void image_describe_whole(struct object *o, const char *format);
/* Strict checks on the main file (§7.3 step 5). */
void image_check_strict(struct object *o);
void image_check_sideband(struct object *o, const char *path, const char *reported);

/* package.c: a flat package in place of the main file's slices. */
bool package_open(struct object *o);
void package_validate(struct object *o);

/* bundle.c: open classifies the bundle at LAYOUT's root (§1.6); strict raises what was recorded (§7.3). */
bool bundle_open(struct object *o, const char *path);
void bundle_check_strict(struct object *o);

/* children.c: code anywhere below O's directory that is not known yet becomes O's child. */
void children_find(struct object *o);
/* The directory or file at PATH is code; CONTAINERS: archives and images count, too. */
bool children_is_bundle(struct reader *r, const char *path);
bool children_is_code(struct reader *r, const char *path, bool containers);
void children_add(struct code *parent, struct code *child, struct arena *a);

#endif
