/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Layout: where a bundle keeps its Info.plist, its executable and its resources (static-validation.md §1.4, §1.5).
 * Paths are literal: a component may be a link, to be resolved when the file is read.
 */
#ifndef DS_SEAL_LAYOUT_H
#define DS_SEAL_LAYOUT_H

#include "base/value.h"

struct reader;

enum layout_kind {
    LAYOUT_OLD,     /* Resources at the top, as in frameworks */
    LAYOUT_SUPPORT, /* Support Files */
    LAYOUT_MODERN,  /* Contents */
    LAYOUT_FLAT     /* everything at the top, as on iOS */
};

struct layout {
    const char *root; /* the bundle's directory in the file system, free of links */
    enum layout_kind kind;
    const char *support;    /* support directory, which is the resource base */
    const char *resources;  /* resources directory */
    const char *info_path;  /* Info.plist, NULL: none */
    int64_t info_status;    /* 0; -67058: it is no property list, -4960: no dictionary */
    struct value *info;     /* an empty dictionary when there is none or it does not parse */
    const char *executable; /* main executable, NULL: none */
};

/* Read the layout of directory ROOT, free of links; FRAMEWORK: the path by which it is reached ends in ".framework". */
void layout_read(struct reader *r, const char *root, bool framework, struct layout *out);

#endif
