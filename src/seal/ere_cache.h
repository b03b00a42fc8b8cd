/* SPDX-License-Identifier: Apache-2.0 */
/* Ere cache: expressions compiled once for a whole reading; the seals of one app have much the same rules. */
#ifndef DS_SEAL_ERE_CACHE_H
#define DS_SEAL_ERE_CACHE_H

#include "base/index.h"
#include "seal/ere.h"

struct ere_cache {
    struct index known; /* pattern → struct ere */
};

/*
 * The expression of PATTERN, as ere_compile() would give it: from CACHE, which may be NULL; in A when it holds as many as it
 * may, for strangers write them. It is good as long as both live.
 */
struct ere *ere_cached(struct ere_cache *cache, struct arena *a, struct bytes pattern,
                       const char **error);

#endif
