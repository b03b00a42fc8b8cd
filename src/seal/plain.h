/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Plain: files that are no code and that subsystems read (subsystem-checks.md §8, §12): launchd jobs and their
 * programs, scripts.
 */
#ifndef DS_SEAL_PLAIN_H
#define DS_SEAL_PLAIN_H

#include "seal/code.h"

struct plain_candidate { /* a regular file */
    const char *path;    /* relative to the bundle */
    const char *fs_path;
    struct node node;
};

/* Take note of FILE of the bundle C, if it is one of those. */
void plain_look(struct arena *a, struct fs *fs, struct code *c, const struct plain_candidate *file);

/* The programs that the launchd jobs found so far name, as files of their own. */
void plain_programs(struct arena *a, struct fs *fs, struct code *c);

/* The file at FS_PATH has com.apple.quarantine. */
bool plain_quarantined(struct arena *a, struct fs *fs, const char *fs_path);

/* … and the attribute says that a sandboxed program wrote the file: "FLAGS;time;agent;uuid". */
bool plain_hard_quarantined(struct arena *a, struct fs *fs, const char *fs_path);

#endif
