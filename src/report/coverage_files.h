/* SPDX-License-Identifier: Apache-2.0 */
/* Coverage of files: what protects each file of a bundle: the seal, a slot, a signature of its own, or nothing. */
#ifndef DS_REPORT_COVERAGE_FILES_H
#define DS_REPORT_COVERAGE_FILES_H

#include "base/file.h"
#include "report/coverage.h"

struct covered_file {
    const char *path; /* as reported */
    /* "the seal", "slot 1 of the CodeDirectory", "its own signature"; NULL: nothing */
    const char *by;
};

struct file_coverage {
    struct covered_file_vec VEC_OF(
        struct covered_file) files; /* folders before what follows, names bytewise */
    size_t unprotected;
};

/* The files of C, a bundle in FS. Code nested in it is one line: its files are its own business. */
void coverage_of_files(struct arena *a, struct fs *fs, const struct code *c,
                       struct file_coverage *out);

/* [{path, by}] */
struct value *tree_file_coverage(struct arena *a, const struct file_coverage *c);

/* How many there are of each kind, and the names of those that nothing protects. */
void text_file_coverage(struct buf *out, const struct file_coverage *c);

#endif
