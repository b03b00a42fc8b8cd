/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Clone: a copy of the facts that a what-if may change. Copied are the objects, their slices, signatures, directories and
 * profiles, and the lists of findings; what these point to (values, certificates, findings, texts) is shared and is never
 * changed in place: an edit puts a new value in its stead.
 */
#ifndef DS_POLICY_CLONE_H
#define DS_POLICY_CLONE_H

#include "seal/code.h"

/* A copy of C, which becomes its top, with all code nested in it. */
struct code *code_clone(struct arena *a, const struct code *c);

/* The code object at PATH as reported, in TOP or below it; NULL when there is none. */
struct code *code_at_path(struct code *top, const char *path);

#endif
