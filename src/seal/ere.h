/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ere: POSIX extended regular expressions on bytes, for resource rules (static-validation.md §6.2). Patterns
 * and paths come from strangers, so matching never backtracks: a pattern becomes a small nondeterministic
 * automaton, and its reachable state sets are built on demand as a deterministic one of bounded size. Time is
 * linear in the text, memory is fixed by the pattern's limits.
 *
 * Only "does it match somewhere?" is answered, as regexec with REG_NOSUB does. Beyond POSIX: \w \W \s \S \d \D,
 * \< \> \b \B, {,n}, and a '?' behind a repetition (non-greedy: the same language).
 */
#ifndef DS_SEAL_ERE_H
#define DS_SEAL_ERE_H

#include "base/arena.h"
#include "base/bytes.h"

struct ere;

/* The automaton of PATTERN; NULL when it is no expression, with the reason in *ERROR (static text). */
struct ere *ere_compile(struct arena *a, struct bytes pattern, const char **error);

/*
 * True when the expression matches some part of TEXT. Adds what it cost (steps of the automaton, about a
 * nanosecond each) to *WORK. Not to be shared by threads: it fills the expression's cache.
 */
bool ere_match(struct ere *ere, struct bytes text, uint64_t *work);

/* TEXT with '\' before each of \ [ ] { } ( ) . + * ? ^ $ | (static-validation.md §1.7). */
struct bytes ere_escape(struct arena *a, struct bytes text);

#endif
