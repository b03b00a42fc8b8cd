/* SPDX-License-Identifier: Apache-2.0 */
/*
 * When: instants as seconds since 1970-01-01 00:00:00 UTC (int64_t), the proleptic Gregorian calendar, and
 * the text forms this field uses. The clock itself is an argument everywhere (host.date); nothing here reads
 * one. Apple's own epoch is 2001-01-01, 978307200 seconds later.
 */
#ifndef DS_BASE_WHEN_H
#define DS_BASE_WHEN_H

#include "base/bytes.h"

#define WHEN_2001 INT64_C(978307200)
#define WHEN_NONE INT64_MIN /* no time known */

struct civil {
    int64_t year;
    int month, day, hour, minute, second; /* month and day from 1 */
};

static inline int64_t when_from_2001(int64_t seconds)
{
    return seconds + WHEN_2001;
}

static inline int64_t when_to_2001(int64_t when)
{
    return when - WHEN_2001;
}

int64_t when_from_civil(struct civil c);
struct civil when_to_civil(int64_t when);

/* Days of MONTH (1–12) in YEAR. */
int when_month_days(int64_t year, int month);

/* "2026-01-15", "2026-01-15T10:00:00Z", "2026-01-15 10:00:00 [+0000]"; false when TEXT is none of these. */
bool when_parse_iso(struct bytes text, int64_t *out);

/* ASN.1 UTCTime (YYMMDDhhmm[ss](Z|±hhmm)) and GeneralizedTime (YYYYMMDDhhmmss[.f](Z|±hhmm)). */
bool when_parse_utctime(struct bytes text, int64_t *out);
bool when_parse_generalized(struct bytes text, int64_t *out);

/*
 * The date of a requirement and of Apple's date extensions (requirement-language.md §2.5): 15 or 19 bytes of
 * a GeneralizedTime; seconds since 2001, and 0 when TEXT is no such date.
 */
int64_t when_requirement_date(struct bytes text);

/* "2026-01-15T10:00:00Z" */
char *when_iso(struct arena *a, int64_t when);

#endif
