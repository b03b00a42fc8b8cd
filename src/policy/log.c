/* SPDX-License-Identifier: Apache-2.0 */
/* Log lines back to causes: see log.h. */
#include "policy/log.h"

#include <string.h>

#include "base/arena.h"

static const struct log_row rows[] = {
#define LOG_LINE(label, process, pattern, kind, causes, needs, unless, meaning, not_meaning) \
    {label, process, pattern, LOG_KIND_##kind, causes, needs, unless, meaning, not_meaning},
#include "policy/log.def"
#undef LOG_LINE
};
#define ROW_COUNT (sizeof rows / sizeof *rows)

const struct log_row *log_rows(size_t *count)
{
    *count = ROW_COUNT;
    return rows;
}

const char *log_kind_name(enum log_kind kind)
{
    static const char *const name[] = {"cause", "follows", "noise", "info"};
    return name[kind];
}

#define NUMBER_NEAR 16 /* of an error's number to the name of its domain */

/* Offset behind the first occurrence of the N bytes at PART in LINE from FROM on; 0 when there is none. */
static size_t find_part(struct bytes line, size_t from, const char *part, size_t n)
{
    for (size_t i = from; i + n <= line.n; i++)
        if (memcmp(line.p + i, part, n) == 0)
            return i + n;
    return 0;
}

static bool is_digit(struct bytes line, size_t at)
{
    return at < line.n && line.p[at] >= '0' && line.p[at] <= '9';
}

/* DOMAIN and, a few characters behind it, NUMBER as a whole: "Domain Code=4", "Domain error 4." */
static bool numbered(struct bytes line, const char *domain, size_t n, const char *number)
{
    for (size_t at = find_part(line, 0, domain, n); at; at = find_part(line, at, domain, n)) {
        size_t first = at, digits = 0;
        while (first < line.n && first - at < NUMBER_NEAR && !is_digit(line, first))
            first++;
        while (is_digit(line, first + digits))
            digits++;
        if (digits == strlen(number) && memcmp(line.p + first, number, digits) == 0)
            return true;
    }
    return false;
}

bool log_pattern_match(const char *pattern, struct bytes line, struct bytes *rest)
{
    size_t at = 0;
    const char *number = strchr(pattern, '#');
    *rest = bytes_of(NULL, 0);
    if (number)
        return numbered(line, pattern, (size_t)(number - pattern), number + 1);
    while (*pattern) {
        size_t n = strcspn(pattern, "*");
        size_t behind = n ? find_part(line, at, pattern, n) : at;
        if (n && behind == 0)
            return false;
        at = behind;
        pattern += n;
        if (*pattern == '*' && *++pattern == '\0')
            *rest = bytes_of(line.p + at, line.n - at);
    }
    return true;
}

/* One of the comma-separated labels of LIST is set in SEEN (by row). */
static bool any_seen(const char *list, const bool *seen)
{
    while (*list) {
        size_t n = strcspn(list, ",");
        for (size_t i = 0; i < ROW_COUNT; i++)
            if (seen[i] && strlen(rows[i].label) == n && memcmp(rows[i].label, list, n) == 0)
                return true;
        list += n + (list[n] == ',');
    }
    return false;
}

static bool row_applies(const struct log_row *row, const bool *seen)
{
    if (*row->needs && !any_seen(row->needs, seen))
        return false;
    return !*row->unless || !any_seen(row->unless, seen);
}

static struct bytes next_line(struct bytes *text)
{
    const uint8_t *end = memchr(text->p, '\n', text->n);
    size_t n = end ? (size_t)(end - text->p) : text->n;
    struct bytes line = bytes_of(text->p, n);
    n += end != NULL;
    *text = bytes_of(text->p + n, text->n - n);
    if (line.n && line.p[line.n - 1] == '\r')
        line.n--;
    return line;
}

/* Which rows' patterns occur anywhere: conditions look at the whole log. */
static void mark_seen(struct bytes text, bool *seen)
{
    struct bytes rest;
    while (text.n) {
        struct bytes line = next_line(&text);
        for (size_t i = 0; i < ROW_COUNT; i++)
            seen[i] = seen[i] || log_pattern_match(rows[i].pattern, line, &rest);
    }
}

static bool has_id(const struct finding_ids *ids, enum finding_id id)
{
    for (size_t i = 0; i < ids->n; i++)
        if (ids->at[i] == id)
            return true;
    return false;
}

/* The first finding of a cause's row is named, the others are possible; a noise row names its line's id. */
static void add_causes(struct arena *a, const struct log_row *row, struct log_report *out)
{
    const char *list = row->causes;
    bool first = row->kind != LOG_KIND_follows;
    while (*list) {
        size_t n = strcspn(list, ",");
        enum finding_id id = finding_find(arena_strndup(a, list, n));
        struct finding_ids *to = first ? &out->causes : &out->possible;
        if (id != FINDING_NONE && !has_id(to, id))
            vec_push(a, to, id);
        first = false;
        list += n + (list[n] == ',');
    }
}

static const struct log_row *explain_line(struct bytes line, const bool *seen, struct bytes *rest)
{
    for (size_t i = 0; i < ROW_COUNT; i++)
        if (log_pattern_match(rows[i].pattern, line, rest) && row_applies(&rows[i], seen))
            return &rows[i];
    return NULL;
}

static bool blank(struct bytes line)
{
    for (size_t i = 0; i < line.n; i++)
        if (line.p[i] != ' ' && line.p[i] != '\t')
            return false;
    return true;
}

void log_explain(struct arena *a, struct bytes text, struct log_report *out)
{
    bool seen[ROW_COUNT] = {false};
    size_t number = 0;
    *out = (struct log_report){0};
    mark_seen(text, seen);
    while (text.n) {
        struct bytes line = next_line(&text), rest;
        number++;
        if (blank(line))
            continue;
        out->lines++;
        const struct log_row *row = explain_line(line, seen, &rest);
        if (!row) {
            out->unrecognised++;
            continue;
        }
        vec_push(a, &out->matches,
                 (struct log_match){.row = row, .line = number, .text = line, .rest = rest});
        add_causes(a, row, out);
    }
}
