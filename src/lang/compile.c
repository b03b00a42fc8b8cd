/* SPDX-License-Identifier: Apache-2.0 */
/* Compile: see compile.h. */
#include "lang/compile.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/limits.h"
#include "lang/reqset.h"
#include "lang/unicode.h"

#define TOOL_TEXT 10239 /* bytes that the tools read (§12) */

/* Ascending type, then order in the text. */
static int compare_entries(const void *a, const void *b)
{
    const struct set_entry *x = a, *y = b;
    if (x->type != y->type)
        return x->type < y->type ? -1 : 1;
    return x->order < y->order ? -1 : x->order > y->order;
}

/* A later entry for a type replaces the earlier one (§3.3). */
static struct bytes assemble_set(struct arena *a, struct set_entry *entries, size_t n)
{
    struct req_member *members = arena_array(a, n, struct req_member);
    size_t kept = 0;
    if (n > 1)
        qsort(entries, n, sizeof *entries, compare_entries);
    for (size_t i = 0; i < n; i++)
        if (i + 1 == n || entries[i + 1].type != entries[i].type)
            members[kept++] =
                (struct req_member){.type = entries[i].type, .blob = entries[i].requirement};
    return reqset_make(a, members, kept);
}

static struct req_compiled too_long(struct arena *a)
{
    struct req_compiled out = {0};
    vec_push(a, &out.errors,
             (struct req_error){.kind = REQ_ERROR_LENGTH,
                                .finding = req_error_finding(REQ_ERROR_LENGTH),
                                .line = 1,
                                .column = 1});
    return out;
}

struct req_compiled req_compile(struct arena *a, struct bytes text,
                                const struct req_options *options)
{
    struct parser p = {.arena = a, .lexer = lexer_of(a, text), .maker = maker_of(a)};
    struct req_compiled out = {0};
    if (text.n > LIMIT_REQ_TEXT)
        return too_long(a);
    if (options) {
        p.hash_file = options->hash_file;
        p.hash_self = options->hash_self;
    }
    parse(&p, options ? options->mode : REQ_AUTO);
    out.is_set = p.is_set;
    out.errors = p.errors;
    out.ok = p.errors.n == 0;
    if (out.ok)
        out.blob = p.is_set ? assemble_set(a, p.entries.at, p.entries.n) : p.single;
    return out;
}

struct bytes req_compile_single(struct arena *a, const char *text)
{
    struct req_options options = {.mode = REQ_SINGLE};
    struct req_compiled c = req_compile(a, bytes_str(text), &options);
    return c.ok ? c.blob : (struct bytes){NULL, 0};
}

struct bytes req_substitute(struct arena *a, struct bytes text, struct bytes identifier)
{
    struct bytes word = bytes_str("$self.identifier"), rest;
    struct buf out = {.arena = a};
    size_t done = 0;
    for (size_t i = 0; i < text.n;) {
        if (!bytes_part(text, i, text.n - i, &rest) || !bytes_starts(rest, word)) {
            i++;
            continue;
        }
        bytes_part(text, done, i - done, &rest);
        buf_put(&out, rest);
        buf_put(&out, identifier);
        done = i += word.n;
    }
    bytes_part(text, done, text.n - done, &rest);
    buf_put(&out, rest);
    return buf_bytes(&out);
}

struct bytes req_tool_text(struct arena *a, struct bytes text)
{
    if (text.n > TOOL_TEXT)
        text.n = TOOL_TEXT;
    return unicode_of_bytes(a, text);
}
