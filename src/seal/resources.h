/* SPDX-License-Identifier: Apache-2.0 */
/* Resources: the resource phase of static validation (static-validation.md §6), and what its parts share. */
#ifndef DS_SEAL_RESOURCES_H
#define DS_SEAL_RESOURCES_H

#include "seal/reader.h"
#include "seal/sealed.h"

/* The file at fs PATH, which findings call REPORTED, is listed in the seal and was found unmodified. */
bool resources_hold(const struct object *o, const char *path, const char *reported);

/* Compare O's files with its seal; a quick pass only reads the seal's facts. */
void resources_check(struct object *o);

enum detritus { DETRITUS_FORK, DETRITUS_FINDER };
/* "com.apple.ResourceFork"; bits 1 << kind of what is attached, and not empty, at PATH (free of links). */
const char *resources_detritus_name(enum detritus kind);
unsigned resources_detritus(struct object *o, const char *path);

/* symlinks.c: why the link at PATH with that TEXT may not be sealed ("lies outside"); NULL when it may (§6.8). */
const char *symlink_fault(struct object *o, const char *path, const char *text);

/* Old iOS store seals: is the change of PATH (ADDED, or altered) forgiven (§6.7, last part)? */
bool legacy_forgives(struct object *o, struct bytes path, bool added);

/* -- batch.c: files are hashed together, by several threads */

struct wanted {
    struct sealed_item *item;
    size_t number; /* of the item in the scan */
    struct node node;
    size_t count;
    enum digest_type type[DIGEST_SET_MOST];
    struct bytes hash[DIGEST_SET_MOST]; /* as sealed */
    bool keep;                          /* the file will be asked for again */
    const struct hashed *known;         /* it was hashed before */
    struct bytes content;
    uint8_t digests[DIGEST_SET_MOST * DIGEST_MAX]; /* found, in the order of the types */
    size_t digests_size;
    bool macho;
    int error; /* the file could not be read */
    bool differs;
    const char *why;
};

struct batch {
    struct reader *r;
    struct arena *a;  /* as long as the scan */
    const char *base; /* resource base in the file system */
    struct wanted_vec VEC_OF(struct wanted) list;
    uint64_t bytes; /* in the files of the list */
    void (*take)(void *self, const struct wanted *w);
    void *self;
};

/* Add a file; when enough are together they are hashed and handed to `take`, in order. */
void batch_add(struct batch *b, const struct wanted *w);
void batch_flush(struct batch *b);

#endif
