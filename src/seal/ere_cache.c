/* SPDX-License-Identifier: Apache-2.0 */
/* Ere cache: see ere_cache.h. */
#include "seal/ere_cache.h"

#include "base/limits.h"

struct ere *ere_cached(struct ere_cache *cache, struct arena *a, struct bytes pattern,
                       const char **error)
{
    if (!cache || pattern.n == 0)
        return ere_compile(a, pattern, error);
    struct ere *e = index_find(&cache->known, pattern);
    if (e || cache->known.n >= LIMIT_REGEX_KEPT)
        return e ? e : ere_compile(a, pattern, error);
    struct arena *keep = cache->known.arena;
    e = ere_compile(keep, pattern, error);
    if (e)
        index_add(&cache->known, bytes_copy(keep, pattern), e);
    return e;
}
