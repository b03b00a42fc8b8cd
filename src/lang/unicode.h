/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Unicode: how the reference turns bytes into strings and compares them (requirement-language.md §4.3, §4.4):
 * by UTF-16 code unit, with no normalisation, folding or locale.
 */
#ifndef DS_LANG_UNICODE_H
#define DS_LANG_UNICODE_H

#include "base/bytes.h"

/*
 * The UTF-8 of what a requirement's bytes mean: cut at the first NUL; when valid UTF-8 one leading byte-order
 * mark is dropped, else each byte is the code point U+0000–U+00FF. Only the latter allocates.
 */
struct bytes unicode_of_bytes(struct arena *a, struct bytes raw);

/* Bytes of a value: valid UTF-8 as it is, else one code point a byte. */
struct bytes unicode_of_value(struct arena *a, struct bytes raw);

/* On valid UTF-8. An empty NEEDLE is in nothing. */
bool unicode_contains(struct bytes hay, struct bytes needle);
bool unicode_begins(struct bytes hay, struct bytes needle);
bool unicode_ends(struct bytes hay, struct bytes needle);

/* Order by code unit, runs of ASCII digits by value (64 bits, wrapping): <0, 0, >0. */
int unicode_compare_numeric(struct bytes a, struct bytes b);

#endif
