/* SPDX-License-Identifier: Apache-2.0 */
/* OSStatus: the statuses of code signing by name and in the words of Apple's tools (static-validation.md §7.4). */
#ifndef DS_BASE_OSSTATUS_H
#define DS_BASE_OSSTATUS_H

#include <stdint.h>

struct arena;

/* By the names that Apple's headers give them. */
enum osstatus {
#define OSSTATUS(number, name, text) name = (number),
#include "base/osstatus.def"
#undef OSSTATUS
};

/* Something else where a dictionary belongs; the tools have no text for it. */
#define OSSTATUS_NO_DICTIONARY (-4960)

#define OSSTATUS_ERRNO 100000 /* plus an errno: what the file system refused */

/* "a sealed resource is missing or invalid"; strerror's text for an errno; "OSStatus N" for an unknown one, in A. */
const char *osstatus_text(struct arena *a, int64_t code);
/* "errSecCSBadResource", NULL for an unknown one. */
const char *osstatus_name(int64_t code);

#endif
