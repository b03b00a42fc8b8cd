/* SPDX-License-Identifier: Apache-2.0 */
/* Text: suggestions and path arithmetic. */
#include "base/text.h"

#include <stdint.h>
#include <string.h>

#include "base/arena.h"

#define SUGGEST_MAX 64 /* longer words are no typing slips worth a table */

bool text_starts(const char *s, const char *prefix)
{
    return strncmp(s, prefix, strlen(prefix)) == 0;
}

bool text_ends(const char *s, const char *suffix)
{
    size_t n = strlen(s), m = strlen(suffix);
    return n >= m && strcmp(s + n - m, suffix) == 0;
}

/* The mark at the start of PATTERN, with its length in *N; NULL when there is none. */
static const char *mark_characters(const char *pattern, size_t *n)
{
    static const struct {
        const char *mark, *characters;
    } marks[] = {{"<n>", "0123456789"},
                 {"<hex>", "0123456789abcdef"},
                 {"<pairs>", "0123456789ABCDEF "},
                 {"<rest>", ""}};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        if (!text_starts(pattern, marks[i].mark))
            continue;
        *n = strlen(marks[i].mark);
        return marks[i].characters;
    }
    return NULL;
}

bool text_fits(const char *text, const char *pattern)
{
    while (*pattern) {
        size_t mark, run;
        const char *characters = mark_characters(pattern, &mark);
        if (!characters) {
            if (*text++ != *pattern++)
                return false;
            continue;
        }
        run = *characters ? strspn(text, characters) : strcspn(text, "\n");
        if (run == 0)
            return false;
        text += run;
        pattern += mark;
    }
    return *text == '\0';
}

static size_t min3(size_t a, size_t b, size_t c)
{
    size_t m = a < b ? a : b;
    return m < c ? m : c;
}

/* Edits between A and B (optimal string alignment), three rolling rows. */
static size_t edit_distance(const char *a, size_t n, const char *b, size_t m)
{
    size_t row[3][SUGGEST_MAX + 1];
    for (size_t j = 0; j <= m; j++)
        row[0][j] = j;
    for (size_t i = 1; i <= n; i++) {
        size_t *now = row[i % 3], *before = row[(i + 2) % 3], *older = row[(i + 1) % 3];
        now[0] = i;
        for (size_t j = 1; j <= m; j++) {
            size_t same = a[i - 1] == b[j - 1] ? 0 : 1;
            now[j] = min3(before[j] + 1, now[j - 1] + 1, before[j - 1] + same);
            bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if (swapped && older[j - 2] + 1 < now[j])
                now[j] = older[j - 2] + 1;
        }
    }
    return row[n % 3][m];
}

const char *text_suggest(const char *word, const char *const *words, size_t n)
{
    const char *best = NULL;
    size_t length = strlen(word), least = SIZE_MAX;
    if (length == 0 || length > SUGGEST_MAX)
        return NULL;
    for (size_t i = 0; i < n; i++) {
        size_t m = strlen(words[i]);
        if (m > SUGGEST_MAX)
            continue;
        size_t edits = edit_distance(word, length, words[i], m);
        size_t allowed = length / 3 > 1 ? length / 3 : 1;
        if (edits <= allowed && edits < least) {
            least = edits;
            best = words[i];
        }
    }
    return best;
}

const char *path_base(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

char *path_dir(struct arena *a, const char *path)
{
    const char *slash = strrchr(path, '/');
    if (!slash)
        return arena_strdup(a, "");
    return arena_strndup(a, path, slash == path ? 1 : (size_t)(slash - path));
}

char *path_join(struct arena *a, const char *dir, const char *rest)
{
    if (*dir == '\0')
        return arena_strdup(a, rest);
    if (*rest == '\0')
        return arena_strdup(a, dir);
    size_t n = strlen(dir), slash = dir[n - 1] != '/', m = strlen(rest);
    char *path = arena_alloc(a, n + slash + m + 1);
    memcpy(path, dir, n);
    path[n] = '/';
    memcpy(path + n + slash, rest, m);
    return path;
}

const char *path_extension(const char *path)
{
    const char *base = path_base(path), *dot = strrchr(base, '.');
    return dot && dot != base ? dot + 1 : "";
}

const char *path_relative(const char *path, const char *dir)
{
    size_t n = strlen(dir);
    if (n == 0 || strcmp(dir, "/") == 0)
        return path + n;
    if (strncmp(path, dir, n) != 0 || path[n] != '/')
        return NULL;
    return path + n + 1;
}

bool path_below(const char *path, const char *dir)
{
    return strcmp(path, dir) == 0 || path_relative(path, dir) != NULL;
}

/* Drop the last component of the N bytes at OUT, back to START. */
static size_t drop_component(const char *out, size_t n, size_t start)
{
    while (n > start && out[n - 1] != '/')
        n--;
    return n > start ? n - 1 : n;
}

/* The last component of the N bytes at OUT (after START) is "..": a relative path that already climbs. */
static bool ends_up(const char *out, size_t n, size_t start)
{
    return n - start >= 2 && memcmp(out + n - 2, "..", 2) == 0 &&
           (n - start == 2 || out[n - 3] == '/');
}

char *path_normal(struct arena *a, const char *path)
{
    char *out = arena_alloc(a, strlen(path) + 2);
    bool absolute = *path == '/';
    size_t start = absolute ? 1 : 0, n = start;
    if (absolute)
        out[0] = '/';
    while (*path) {
        size_t len = strcspn(path, "/");
        bool up = len == 2 && memcmp(path, "..", 2) == 0;
        if (up && n > start && !ends_up(out, n, start)) {
            n = drop_component(out, n, start);
        } else if (len != 0 && !(len == 1 && *path == '.') && !(up && absolute)) {
            if (n > start)
                out[n++] = '/';
            memcpy(out + n, path, len);
            n += len;
        }
        path += len + (path[len] == '/');
    }
    out[n] = '\0';
    return out;
}
