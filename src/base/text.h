/* SPDX-License-Identifier: Apache-2.0 */
/* Text: small helpers on C strings: suggestions for typing slips, suffixes, path parts. */
#ifndef DS_BASE_TEXT_H
#define DS_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

bool text_starts(const char *s, const char *prefix);
bool text_ends(const char *s, const char *suffix);

/*
 * TEXT is PATTERN, in which marks stand for what nobody cares about: <n> digits, <hex> hexadecimal digits, <pairs>
 * upper-case ones with blanks between them, <rest> all up to the end of the line. A mark stands for one character or more.
 */
bool text_fits(const char *text, const char *pattern);

/*
 * The word of WORDS (N of them) nearest to WORD by edits (insert, delete, replace, swap), NULL when none is
 * near enough to be a slip (a third of its length, at least one edit).
 */
const char *text_suggest(const char *word, const char *const *words, size_t n);

/* Path arithmetic on '/'-separated paths; nothing is looked up. */
const char *path_base(const char *path);           /* last component, no copy */
char *path_dir(struct arena *a, const char *path); /* all before it; "" or "/" at the top */
char *path_join(struct arena *a, const char *dir, const char *rest);
const char *path_extension(const char *path);       /* "app" of "X.app", "" when none */
bool path_below(const char *path, const char *dir); /* PATH is DIR or lies below it */
const char *path_relative(const char *path,
                          const char *dir); /* the rest after DIR/, NULL when not below */
/* "." and empty parts removed, ".." taken textually; absolute stays absolute, never above "/". */
char *path_normal(struct arena *a, const char *path);

#endif
