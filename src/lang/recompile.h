/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Recompile: requirement text that compiles back to the very same bytes, which the reference's own output often
 * does not: nesting, dates, OIDs and some values are lost in it (requirement-language.md §5).
 */
#ifndef DS_LANG_RECOMPILE_H
#define DS_LANG_RECOMPILE_H

#include "base/buf.h"
#include "lang/reqset.h"

/*
 * Text for one requirement or a set. False when no text compiles to these bytes, and *WHY is the first reason;
 * what is answered with true was compiled and compared.
 */
bool req_recompilable(struct arena *a, struct bytes blob, struct bytes *text, const char **why);

#endif
