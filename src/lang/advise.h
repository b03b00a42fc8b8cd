/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Advise: what someone probably meant who wrote requirement text that does not compile: slips of people coming
 * from other languages, from web pages and from typewriters.
 */
#ifndef DS_LANG_ADVISE_H
#define DS_LANG_ADVISE_H

#include "lang/error.h"

/* A hint for ERROR of TEXT, NULL when none comes to mind. */
const char *req_advise(struct arena *a, struct bytes text, const struct req_error *error);

#endif
