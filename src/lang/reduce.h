/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reduce: the smallest input on which something still happens. Spans are taken out, halves first, then ever shorter
 * ones, down to single bytes, until none can go.
 */
#ifndef DS_LANG_REDUCE_H
#define DS_LANG_REDUCE_H

#include "base/bytes.h"

/* Does it still happen on INPUT? */
typedef bool reduce_test(void *self, struct bytes input);

/* A smallest part of INPUT (on which TEST holds) that still passes TEST; at most MOST calls of it. */
struct bytes reduce(struct arena *a, struct bytes input, reduce_test *test, void *self,
                    unsigned most);

#endif
