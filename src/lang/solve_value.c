/* SPDX-License-Identifier: Apache-2.0 */
/* Solve: values for atoms that ask about the same thing (see solve.h). */
#include "config.h"

#include "base/arena.h"
#include "base/buf.h"
#include "lang/match.h"
#include "lang/solve.h"
#include "lang/unicode.h"

static struct req_matcher matcher(struct arena *a, const struct req_node *n)
{
    return (struct req_matcher){
        .number = n->match, .text = unicode_of_bytes(a, n->operand), .date = n->date};
}

static bool is_date_match(uint32_t match)
{
    return match >= MATCH_ON && match <= MATCH_ON_OR_AFTER;
}

/* -- Text */

static bool text_fits(struct arena *a, const struct wanted_vec *wanted, struct bytes text)
{
    for (size_t i = 0; i < wanted->n; i++) {
        struct req_matcher m = matcher(a, wanted->at[i].atom);
        if (req_match_text(&m, text) != wanted->at[i].holds)
            return false;
    }
    return true;
}

static struct bytes joined(struct arena *a, struct bytes x, struct bytes y, struct bytes z)
{
    struct buf b = {.arena = a};
    buf_put(&b, x);
    buf_put(&b, y);
    buf_put(&b, z);
    return buf_bytes(&b);
}

/* The operand of the longest atom with MATCH that must hold; empty when there is none. */
static struct bytes longest(struct arena *a, const struct wanted_vec *wanted, uint32_t match)
{
    struct bytes best = {NULL, 0};
    for (size_t i = 0; i < wanted->n; i++) {
        struct req_matcher m = matcher(a, wanted->at[i].atom);
        if (wanted->at[i].holds && m.number == match && m.text.n > best.n)
            best = m.text;
    }
    return best;
}

/* Everything that must be contained, one behind the other. */
static struct bytes contents(struct arena *a, const struct wanted_vec *wanted)
{
    struct buf b = {.arena = a};
    for (size_t i = 0; i < wanted->n; i++)
        if (wanted->at[i].holds && wanted->at[i].atom->match == MATCH_CONTAINS)
            buf_put(&b, unicode_of_bytes(a, wanted->at[i].atom->operand));
    return buf_bytes(&b);
}

/* TEXT with the number at its end made one less. */
static struct bytes less_one(struct arena *a, struct bytes text)
{
    uint8_t *copy = arena_copy(a, text.p, text.n);
    for (size_t i = text.n; i-- > 0 && copy[i] >= '0' && copy[i] <= '9';) {
        if (copy[i] != '0') {
            copy[i]--;
            break;
        }
        copy[i] = '9';
    }
    return bytes_of(copy, text.n);
}

/* Texts around one operand, and around what must begin, end and be inside. */
static bool try_around(struct arena *a, const struct wanted_vec *wanted, struct bytes middle,
                       struct bytes *out)
{
    static const char *const fillers[] = {"", "-", "0", "9", "z", "other value"};
    struct bytes head = longest(a, wanted, MATCH_BEGINS), tail = longest(a, wanted, MATCH_ENDS);
    for (size_t i = 0; i < sizeof fillers / sizeof *fillers; i++) {
        struct bytes filler = bytes_str(fillers[i]);
        struct bytes tries[] = {joined(a, middle, filler, bytes_str("")),
                                joined(a, filler, middle, bytes_str("")),
                                joined(a, head, joined(a, filler, middle, filler), tail)};
        for (size_t k = 0; k < sizeof tries / sizeof *tries; k++) {
            *out = tries[k];
            if (text_fits(a, wanted, *out))
                return true;
        }
    }
    return false;
}

/* What one comparison with a text allows the order of value and text to be: bits 1 less, 2 same, 4 greater. */
static unsigned orders(const struct wanted *w)
{
    static const unsigned allowed[] = {
        [MATCH_LESS] = 1, [MATCH_GREATER] = 4, [MATCH_LESS_EQUAL] = 3, [MATCH_GREATER_EQUAL] = 6};
    if (w->atom->match < MATCH_LESS || w->atom->match > MATCH_GREATER_EQUAL)
        return 7;
    return w->holds ? allowed[w->atom->match] : 7 & ~allowed[w->atom->match];
}

/* Atoms X and Y cannot both be as wanted, whatever the text. */
static bool contradict(struct arena *a, const struct wanted *x, const struct wanted *y)
{
    struct req_matcher m = matcher(a, x->atom), k = matcher(a, y->atom);
    if (bytes_equal(m.text, k.text) && (orders(x) & orders(y)) == 0)
        return true;
    if (!x->holds)
        return false;
    if (m.number == MATCH_BEGINS && k.number == MATCH_BEGINS)
        return y->holds ? !bytes_starts(m.text, k.text) && !bytes_starts(k.text, m.text)
                        : bytes_starts(m.text, k.text) && k.text.n > 0;
    if (m.number == MATCH_ENDS && k.number == MATCH_ENDS)
        return y->holds ? !unicode_ends(m.text, k.text) && !unicode_ends(k.text, m.text)
                        : unicode_ends(m.text, k.text);
    bool inside = m.number == MATCH_BEGINS || m.number == MATCH_ENDS || m.number == MATCH_CONTAINS;
    return inside && !y->holds && k.number == MATCH_CONTAINS && unicode_contains(m.text, k.text);
}

/* An atom that cannot be as wanted, or two that exclude each other. */
static bool text_impossible(struct arena *a, const struct wanted_vec *wanted)
{
    for (size_t i = 0; i < wanted->n; i++) {
        const struct wanted *w = &wanted->at[i];
        struct req_matcher m = matcher(a, w->atom);
        bool part = m.number >= MATCH_CONTAINS && m.number <= MATCH_ENDS;
        if (w->holds && ((part && m.text.n == 0) || is_date_match(m.number) ||
                         m.number == MATCH_ABSENT || !req_match_row(m.number)))
            return true;
        if (!w->holds && m.number == MATCH_EXISTS)
            return true;
        for (size_t k = 0; k < wanted->n; k++)
            if (contradict(a, w, &wanted->at[k]))
                return true;
    }
    return false;
}

enum solved solve_text(struct arena *a, const struct wanted_vec *wanted, struct bytes *out)
{
    for (size_t i = 0; i < wanted->n; i++) {
        struct req_matcher m = matcher(a, wanted->at[i].atom);
        if (wanted->at[i].holds && m.number == MATCH_EQUAL) {
            *out = m.text;
            return text_fits(a, wanted, m.text) ? SOLVED_YES : SOLVED_NO;
        }
    }
    if (text_impossible(a, wanted))
        return SOLVED_NO;
    if (try_around(a, wanted, contents(a, wanted), out))
        return SOLVED_YES;
    for (size_t i = 0; i < wanted->n; i++) {
        struct req_matcher m = matcher(a, wanted->at[i].atom);
        if (try_around(a, wanted, m.text, out) || try_around(a, wanted, less_one(a, m.text), out))
            return SOLVED_YES;
    }
    return SOLVED_UNKNOWN;
}

/* -- Dates */

static bool date_fits(const struct wanted_vec *wanted, bool there, double seconds)
{
    struct value date = {.type = VALUE_DATE, .real = seconds};
    for (size_t i = 0; i < wanted->n; i++) {
        const struct req_node *n = wanted->at[i].atom;
        struct req_matcher m = {.number = n->match, .date = n->date};
        if (req_match_value(NULL, &m, there ? &date : NULL) != wanted->at[i].holds)
            return false;
    }
    return true;
}

/* Order is all that is asked, so the bounds and what lies next to them are all there is to try. */
enum solved solve_date(const struct wanted_vec *wanted, bool in_certificate, bool *there,
                       double *out)
{
    static const double steps[] = {-1, 0, 1, -0.5, 0.5};
    *there = false;
    *out = 1;
    if (date_fits(wanted, false, 0))
        return SOLVED_YES;
    *there = true;
    if (date_fits(wanted, true, *out))
        return SOLVED_YES;
    for (size_t i = 0; i < wanted->n; i++)
        for (int k = 0; k < (in_certificate ? 3 : 5); k++) {
            int64_t bound = wanted->at[i].atom->date;
            if (bound > INT64_C(1) << 50 || bound < -(INT64_C(1) << 50))
                return SOLVED_UNKNOWN; /* beyond what doubles tell apart */
            *out = (double)bound + steps[k];
            if ((*out != 0 || !in_certificate) && date_fits(wanted, true, *out))
                return SOLVED_YES;
        }
    return SOLVED_NO;
}

/* -- Values of a dictionary. An array matches when one of its elements does (§4.4). */

/* An element for which W holds and none of the others that must fail. */
static enum solved solve_element(struct arena *a, const struct wanted_vec *wanted,
                                 const struct wanted *w, struct value **out)
{
    struct wanted_vec group = {0};
    bool there, date = is_date_match(w->atom->match);
    double seconds;
    struct bytes text;
    vec_push(a, &group, *w);
    for (size_t i = 0; i < wanted->n; i++)
        if (!wanted->at[i].holds && wanted->at[i].atom->match != MATCH_ABSENT &&
            is_date_match(wanted->at[i].atom->match) == date)
            vec_push(a, &group, wanted->at[i]);
    enum solved solved =
        date ? solve_date(&group, false, &there, &seconds) : solve_text(a, &group, &text);
    if (solved == SOLVED_YES)
        *out = date ? value_date(a, seconds) : value_string_bytes(a, text);
    return solved;
}

static const struct wanted *find(const struct wanted_vec *wanted, uint32_t match, bool holds)
{
    for (size_t i = 0; i < wanted->n; i++)
        if (wanted->at[i].atom->match == match && wanted->at[i].holds == holds)
            return &wanted->at[i];
    return NULL;
}

enum solved solve_value(struct arena *a, const struct wanted_vec *wanted, struct value **out)
{
    struct value *elements = value_array(a), *element = NULL;
    size_t holding = 0;
    for (size_t i = 0; i < wanted->n; i++)
        holding += wanted->at[i].holds;
    *out = holding || find(wanted, MATCH_ABSENT, false) ? value_bool(a, holding > 0) : NULL;
    if (holding == 0)
        return SOLVED_YES; /* absent, or false: nothing else matches that */
    if (find(wanted, MATCH_ABSENT, true)) {
        *out = NULL;
        return holding == 1 ? SOLVED_YES : SOLVED_NO;
    }
    if (find(wanted, MATCH_EXISTS, false))
        return SOLVED_NO; /* what is not there, or false, matches nothing else */
    for (size_t i = 0; i < wanted->n; i++) {
        const struct wanted *w = &wanted->at[i];
        if (!w->holds || w->atom->match == MATCH_EXISTS)
            continue;
        enum solved solved = solve_element(a, wanted, w, &element);
        if (solved != SOLVED_YES)
            return solved;
        value_append(a, elements, element);
    }
    if (elements->count > 0)
        *out = elements->count == 1 ? elements->items[0] : elements;
    return SOLVED_YES;
}
