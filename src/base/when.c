/* SPDX-License-Identifier: Apache-2.0 */
/* When: calendar arithmetic and the text forms of when.h. */
#include "base/when.h"

#include <inttypes.h>

#include "base/arena.h"

#define DAY_SECONDS 86400

/* Days since 1970-01-01 of the first of March of the shifted year, by the 400-year cycle of 146,097 days. */
static int64_t days_from_civil(int64_t y, int month, int day)
{
    y -= month <= 2;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t year_of_era = y - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

int64_t when_from_civil(struct civil c)
{
    return days_from_civil(c.year, c.month, c.day) * DAY_SECONDS + c.hour * 3600 + c.minute * 60 +
           c.second;
}

struct civil when_to_civil(int64_t when)
{
    int64_t days = when / DAY_SECONDS, rest = when % DAY_SECONDS;
    if (rest < 0) {
        rest += DAY_SECONDS;
        days--;
    }
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t doe = days - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int mp = (int)((5 * doy + 2) / 153);
    int month = mp < 10 ? mp + 3 : mp - 9;
    return (struct civil){
        .year = yoe + era * 400 + (month <= 2),
        .month = month,
        .day = (int)(doy - (153 * mp + 2) / 5 + 1),
        .hour = (int)(rest / 3600),
        .minute = (int)(rest / 60 % 60),
        .second = (int)(rest % 60),
    };
}

int when_month_days(int64_t year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    if (month < 1 || month > 12)
        return 0;
    return days[month - 1] + (month == 2 && leap);
}

/* N decimal digits at *AT; -1 when they are not there. */
static int64_t take_digits(struct bytes t, size_t *at, size_t n)
{
    int64_t value = 0;
    if (n > t.n || *at > t.n - n)
        return -1;
    for (size_t i = 0; i < n; i++) {
        uint8_t c = t.p[*at + i];
        if (c < '0' || c > '9')
            return -1;
        value = value * 10 + (c - '0');
    }
    *at += n;
    return value;
}

static bool take_byte(struct bytes t, size_t *at, uint8_t c)
{
    if (*at >= t.n || t.p[*at] != c)
        return false;
    ++*at;
    return true;
}

static bool civil_valid(struct civil c)
{
    return c.month >= 1 && c.month <= 12 && c.day >= 1 &&
           c.day <= when_month_days(c.year, c.month) && c.hour >= 0 && c.hour <= 23 &&
           c.minute >= 0 && c.minute <= 59 && c.second >= 0 && c.second <= 60;
}

/* "Z" or ±hhmm at *AT, in seconds east; false when neither. */
static bool take_zone(struct bytes t, size_t *at, int64_t *east)
{
    *east = 0;
    if (take_byte(t, at, 'Z'))
        return true;
    bool plus = take_byte(t, at, '+');
    if (!plus && !take_byte(t, at, '-'))
        return false;
    int64_t hours = take_digits(t, at, 2), minutes = take_digits(t, at, 2);
    if (hours < 0 || minutes < 0)
        return false;
    *east = (hours * 60 + minutes) * (plus ? 60 : -60);
    return true;
}

static bool finish(struct bytes t, size_t at, struct civil c, int64_t *out)
{
    int64_t east;
    if (!take_zone(t, &at, &east) || at != t.n || !civil_valid(c))
        return false;
    *out = when_from_civil(c) - east;
    return true;
}

bool when_parse_utctime(struct bytes t, int64_t *out)
{
    size_t at = 0;
    struct civil c = {.year = take_digits(t, &at, 2)};
    if (c.year < 0)
        return false;
    c.year += c.year < 50 ? 2000 : 1900;
    c.month = (int)take_digits(t, &at, 2);
    c.day = (int)take_digits(t, &at, 2);
    c.hour = (int)take_digits(t, &at, 2);
    c.minute = (int)take_digits(t, &at, 2);
    int64_t second = take_digits(t, &at, 2);
    c.second = second < 0 ? 0 : (int)second;
    return finish(t, at, c, out);
}

bool when_parse_generalized(struct bytes t, int64_t *out)
{
    size_t at = 0;
    struct civil c = {.year = take_digits(t, &at, 4)};
    if (c.year < 0)
        return false;
    c.month = (int)take_digits(t, &at, 2);
    c.day = (int)take_digits(t, &at, 2);
    c.hour = (int)take_digits(t, &at, 2);
    c.minute = (int)take_digits(t, &at, 2);
    c.second = (int)take_digits(t, &at, 2);
    if (take_byte(t, &at, '.'))
        while (at < t.n && t.p[at] >= '0' && t.p[at] <= '9')
            at++;
    return finish(t, at, c, out);
}

/*
 * The sign of a zone and the Z of UTC may be digits here: ignored in the short form, a minus in the long one.
 * Zones are not checked for range.
 */
int64_t when_requirement_date(struct bytes t)
{
    size_t at = 0;
    if (t.n != 15 && t.n != 19)
        return 0;
    struct civil c = {.year = take_digits(t, &at, 4)};
    c.month = (int)take_digits(t, &at, 2);
    c.day = (int)take_digits(t, &at, 2);
    c.hour = (int)take_digits(t, &at, 2);
    c.minute = (int)take_digits(t, &at, 2);
    c.second = (int)take_digits(t, &at, 2);
    if (at != 14 || !civil_valid(c))
        return 0;
    uint8_t mark = t.p[at++];
    bool digit = mark >= '0' && mark <= '9';
    if (t.n == 15)
        return mark == 'Z' || digit ? when_to_2001(when_from_civil(c)) : 0;
    int64_t hours = take_digits(t, &at, 2), minutes = take_digits(t, &at, 2);
    if ((mark != '+' && mark != '-' && !digit) || hours < 0 || minutes < 0)
        return 0;
    int64_t east = (hours * 60 + minutes) * (mark == '+' ? 60 : -60);
    return when_to_2001(when_from_civil(c)) - east;
}

static bool take_clock(struct bytes t, size_t *at, struct civil *c)
{
    c->hour = (int)take_digits(t, at, 2);
    if (!take_byte(t, at, ':'))
        return false;
    c->minute = (int)take_digits(t, at, 2);
    if (take_byte(t, at, ':'))
        c->second = (int)take_digits(t, at, 2);
    return true;
}

bool when_parse_iso(struct bytes t, int64_t *out)
{
    size_t at = 0;
    struct civil c = {.year = take_digits(t, &at, 4)};
    if (c.year < 0 || !take_byte(t, &at, '-'))
        return false;
    c.month = (int)take_digits(t, &at, 2);
    if (!take_byte(t, &at, '-'))
        return false;
    c.day = (int)take_digits(t, &at, 2);
    if (at < t.n && !((take_byte(t, &at, 'T') || take_byte(t, &at, ' ')) && take_clock(t, &at, &c)))
        return false;
    (void)take_byte(t, &at, ' ');
    int64_t east = 0;
    if (at < t.n && (!take_zone(t, &at, &east) || at != t.n))
        return false;
    if (!civil_valid(c))
        return false;
    *out = when_from_civil(c) - east;
    return true;
}

char *when_iso(struct arena *a, int64_t when)
{
    if (when == WHEN_NONE)
        return arena_strdup(a, "never");
    struct civil c = when_to_civil(when);
    return arena_printf(a, "%04" PRId64 "-%02d-%02dT%02d:%02d:%02dZ", c.year, c.month, c.day,
                        c.hour, c.minute, c.second);
}
