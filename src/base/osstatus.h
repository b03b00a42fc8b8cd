/* SPDX-License-Identifier: Apache-2.0 */
/* OSStatus: the statuses of code signing by name and in the words of Apple's tools (static-validation.md §7.4). */
#ifndef DS_BASE_OSSTATUS_H
#define DS_BASE_OSSTATUS_H

#include <stdint.h>

struct arena;

#define OSSTATUS_ERRNO 100000 /* plus an errno: what the file system refused */

/* "a sealed resource is missing or invalid"; strerror's text for an errno; "OSStatus N" for an unknown one, in A. */
const char *osstatus_text(struct arena *a, int64_t code);
/* "errSecCSBadResource", NULL for an unknown one. */
const char *osstatus_name(int64_t code);

#endif
