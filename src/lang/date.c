/* SPDX-License-Identifier: Apache-2.0 */
/* Date: see date.h. */
#include "lang/date.h"

#include <stdio.h>

#include "base/when.h"

/* N digits at AT as a number; the caller tested that they are digits. */
static int number(struct bytes text, size_t at, size_t n)
{
    int value = 0;
    for (size_t i = 0; i < n; i++)
        value = value * 10 + (text.p[at + i] - '0');
    return value;
}

/* All digits, but for the zone letter of the short form and the sign of the long one. */
static bool well_formed(struct bytes text)
{
    if (text.n != 15 && text.n != 19)
        return false;
    for (size_t i = 0; i < text.n; i++) {
        uint8_t c = text.p[i];
        bool zone = i == 14 && (text.n == 15 ? c == 'Z' : c == '+' || c == '-');
        if (!zone && (c < '0' || c > '9'))
            return false;
    }
    return true;
}

bool req_date_parse(struct bytes text, int64_t *seconds)
{
    *seconds = 0;
    if (!well_formed(text))
        return false;
    struct civil c = {.year = number(text, 0, 4),
                      .month = number(text, 4, 2),
                      .day = number(text, 6, 2),
                      .hour = number(text, 8, 2),
                      .minute = number(text, 10, 2),
                      .second = number(text, 12, 2)};
    if (c.month < 1 || c.month > 12 || c.day < 1 || c.day > when_month_days(c.year, c.month) ||
        c.hour > 23 || c.minute > 59 || c.second > 60)
        return false;
    int second = c.second;
    c.second = 0;
    *seconds = when_to_2001(when_from_civil(c)) + second;
    if (text.n == 19) {
        int zone = number(text, 15, 2) * 3600 + number(text, 17, 2) * 60;
        *seconds += text.p[14] == '+' ? -zone : zone;
    }
    return true;
}

/* Julian day numbers: of 2001-01-01, of the first Gregorian day, and the ends of the system's calendar
 * (ASSUMPTION(date-ends): from the published vectors). */
#define DAY_2001      INT64_C(2451911)
#define DAY_GREGORIAN INT64_C(2299161)
#define DAY_LAST      INT64_C(2130706432)

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

/* The Julian calendar date of a Julian day number. */
static struct civil julian_civil(int64_t day)
{
    int64_t shifted =
        day + 32082; /* days since 1 March 4801 BC, a cycle of 1461 days having four years */
    int64_t years4 = floor_div(shifted, 1461), rest = shifted - years4 * 1461;
    int64_t year = rest / 365 < 3 ? rest / 365 : 3;
    int64_t day_of_year = rest - year * 365;
    int64_t m = (5 * day_of_year + 2) / 153;
    return (struct civil){.year = years4 * 4 + year - 4800 + m / 10,
                          .month = (int)(m + 3 - 12 * (m / 10)),
                          .day = (int)(day_of_year - (153 * m + 2) / 5 + 1)};
}

void req_date_put(struct buf *b, int64_t seconds)
{
    int64_t day = floor_div(seconds, 86400), second = (seconds % 86400 + 86400) % 86400;
    day += DAY_2001;
    if (day > DAY_LAST || day < -DAY_LAST) {
        day = day > 0 ? DAY_LAST : -DAY_LAST;
        second = 0;
    }
    struct civil c = day < DAY_GREGORIAN ? julian_civil(day)
                                         : when_to_civil(when_from_2001((day - DAY_2001) * 86400));
    buf_printf(b, "%s%04lld-%02d-%02d %02d:%02d:%02d +0000", c.year < 0 ? "-" : "",
               (long long)(c.year < 0 ? -c.year : c.year), c.month, c.day, (int)(second / 3600),
               (int)(second / 60 % 60), (int)(second % 60));
}

bool req_date_source(int64_t seconds, char text[static 16])
{
    if (seconds < -INT64_C(63145440000) - 86400 * 366 || seconds > INT64_C(252455616000))
        return false;
    struct civil c = when_to_civil(when_from_2001(seconds));
    if (c.year < 0 || c.year > 9999)
        return false;
    char wide[64];
    snprintf(wide, sizeof wide, "%04d%02d%02d%02d%02d%02dZ", (int)c.year, c.month, c.day, c.hour,
             c.minute, c.second);
    memcpy(text, wide, 15);
    text[15] = '\0';
    return true;
}
