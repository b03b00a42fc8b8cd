/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Date: the dates of the requirement language (requirement-language.md §2.5, §5.1), in whole seconds since
 * 2001-01-01 00:00:00 UTC.
 */
#ifndef DS_LANG_DATE_H
#define DS_LANG_DATE_H

#include "base/buf.h"

/* YYYYMMDDhhmmssZ or YYYYMMDDhhmmss±hhmm; false for anything else, which compiles to 0. */
bool req_date_parse(struct bytes text, int64_t *seconds);

/*
 * "2019-04-08 00:00:00 +0000", the form in which the system describes a date: Julian calendar before
 * 1582-10-15, held between the first and the last day that the system's calendar knows.
 */
void req_date_put(struct buf *b, int64_t seconds);

/* The source form "20190408000000Z" in TEXT (at least 16 bytes); false outside the years 0 to 9999. */
bool req_date_source(int64_t seconds, char text[static 16]);

#endif
