/* SPDX-License-Identifier: Apache-2.0 */
/* Match: see match.h. */
#include "lang/match.h"

#include "lang/unicode.h"

struct req_matcher req_read_match(struct arena *a, struct cursor *c)
{
    struct req_matcher m = {.number = req_word(c)};
    const struct req_match_row *row = req_match_row(m.number);
    if (row && row->operand == OPERAND_DATE)
        m.date = req_date(c);
    else if (row && row->operand == OPERAND_DATA)
        m.text = unicode_of_bytes(a, req_data(c));
    else if (!row)
        (void)req_data(c); /* an unknown operation is taken to have one data item */
    return m;
}

bool req_match_text(const struct req_matcher *m, struct bytes text)
{
    switch (m->number) {
    case MATCH_EXISTS: return true;
    case MATCH_EQUAL: return bytes_equal(text, m->text);
    case MATCH_CONTAINS: return unicode_contains(text, m->text);
    case MATCH_BEGINS: return unicode_begins(text, m->text);
    case MATCH_ENDS: return unicode_ends(text, m->text);
    case MATCH_LESS: return unicode_compare_numeric(text, m->text) < 0;
    case MATCH_GREATER: return unicode_compare_numeric(text, m->text) > 0;
    case MATCH_LESS_EQUAL: return unicode_compare_numeric(text, m->text) <= 0;
    case MATCH_GREATER_EQUAL: return unicode_compare_numeric(text, m->text) >= 0;
    default: return false;
    }
}

static bool match_date(const struct req_matcher *m, double date)
{
    switch (m->number) {
    case MATCH_EXISTS: return true;
    case MATCH_ON: return date == (double)m->date;
    case MATCH_BEFORE: return date < (double)m->date;
    case MATCH_AFTER: return date > (double)m->date;
    case MATCH_ON_OR_BEFORE: return date <= (double)m->date;
    case MATCH_ON_OR_AFTER: return date >= (double)m->date;
    default: return false;
    }
}

bool req_match_value(struct arena *a, const struct req_matcher *m, const struct value *v)
{
    if (!v || v->type == VALUE_NULL)
        return m->number == MATCH_ABSENT;
    if (v->type == VALUE_STRING)
        return req_match_text(m, unicode_of_value(a, v->bytes));
    if (v->type == VALUE_DATE)
        return match_date(m, v->real);
    if (v->type == VALUE_ARRAY)
        for (size_t i = 0; i < v->count; i++)
            if (req_match_value(a, m, v->items[i]))
                return true;
    return m->number == MATCH_EXISTS && !(v->type == VALUE_BOOL && !v->boolean);
}
