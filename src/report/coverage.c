/* SPDX-License-Identifier: Apache-2.0 */
/* Which bytes are protected by what (report/coverage.h; static-validation.md §3, §4.5, §4.6). */
#include "config.h"

#include <stdlib.h>

#include "base/arena.h"
#include "format/superblob.h"
#include "report/coverage.h"

struct mapper {
    struct arena *a;
    struct coverage *out;
    struct bytes file;
    uint64_t at; /* all before it is mapped */
};

static void add(struct mapper *m, uint64_t end, struct range range)
{
    if (end > m->file.n)
        end = m->file.n;
    if (end <= m->at)
        return;
    range.offset = m->at;
    range.size = end - m->at;
    if (!range.by)
        m->out->unprotected += range.size;
    vec_push(m->a, &m->out->ranges, range);
    m->at = end;
}

static int by_offset(const void *a, const void *b)
{
    const struct superblob_entry *x = a, *y = b;
    return x->offset < y->offset ? -1 : x->offset > y->offset;
}

static const char *hash_names(struct arena *a, const struct signature *s)
{
    const char *names = "";
    for (size_t i = 0; i < s->directory_count; i++) {
        const char *name = digest_name(s->directories[i].hash_type);
        names = arena_printf(a, "%s%s%s", names, i ? ", " : "", name ? name : "?");
    }
    return names;
}

/* What guards the blob of SLOT inside a signature. */
static const char *guard(struct arena *a, const struct signature *s, uint32_t slot)
{
    if (slot == SLOT_CODE_DIRECTORY || (slot >= SLOT_ALTERNATE_1 && slot <= SLOT_ALTERNATE_5))
        return s->has_cms ? "CMS signature" : NULL;
    if (slot == SLOT_CMS)
        return s->has_cms ? "itself, but for its unsigned parts" : NULL;
    if (slot == SLOT_TICKET)
        return "its own signature";
    if (s->chosen && slot <= s->chosen->special_slots && codedir_binds(s->chosen, slot))
        return arena_printf(a, "slot %u of the CodeDirectory", slot);
    return NULL;
}

static void add_blobs(struct mapper *m, const struct slice *slice, const struct superblob *super)
{
    size_t n = super->count;
    struct superblob_entry *entries = arena_copy(m->a, super->entries, n * sizeof *super->entries);
    qsort(entries, n, sizeof *entries, by_offset);
    for (size_t i = 0; i < n; i++) {
        uint64_t start = super->offset + entries[i].offset;
        if (!entries[i].blob.n)
            continue;
        add(m, start, (struct range){.what = "signature: index and gaps", .arch = slice->arch});
        add(m, start + entries[i].blob.n,
            (struct range){.what = slot_title(m->a, entries[i].type),
                           .by = guard(m->a, &slice->sig, entries[i].type),
                           .arch = slice->arch});
    }
}

static void add_signature(struct mapper *m, const struct slice *slice)
{
    const struct signature *s = &slice->sig;
    struct findings ignored = {.arena = m->a};
    struct superblob super;
    struct bytes area;
    struct place at = {.offset = (int64_t)s->offset, .slot = PLACE_NONE};
    if (!s->size || !bytes_part(m->file, s->offset, s->size, &area))
        return;
    if (superblob_parse(area, BLOB_SIGNATURE, &ignored, at, &super))
        add_blobs(m, slice, &super);
    add(m, s->offset + s->size,
        (struct range){.what = "signature: unused room", .arch = slice->arch});
}

static void add_slice(struct mapper *m, const struct slice *slice)
{
    const struct signature *s = &slice->sig;
    struct range code = {.what = "code", .arch = slice->arch};
    if (s->chosen) {
        code.what = "code pages";
        code.by = arena_printf(m->a, "page hashes (%s)", hash_names(m->a, s));
        add(m, slice->offset + s->chosen->code_limit, code);
        code = (struct range){.what = "after the signed code", .arch = slice->arch};
    }
    if (s->size)
        add(m, s->offset, code);
    add_signature(m, slice);
    add(m, slice->offset + slice->size, (struct range){.what = code.what, .arch = slice->arch});
}

void coverage_of(struct arena *a, const struct code *c, struct bytes file, struct coverage *out)
{
    struct mapper m = {.a = a, .out = out, .file = file};
    *out = (struct coverage){.size = file.n};
    for (uint64_t next = 0; next != UINT64_MAX;) {
        const struct slice *first = NULL;
        for (size_t i = 0; i < c->slice_count; i++)
            if (c->slices[i].offset >= next && (!first || c->slices[i].offset < first->offset))
                first = &c->slices[i];
        next = first ? first->offset + 1 : UINT64_MAX;
        if (!first)
            continue;
        add(&m, first->offset, (struct range){.what = "universal header and gaps"});
        add_slice(&m, first);
    }
    add(&m, file.n, (struct range){.what = "behind all slices"});
}

struct value *tree_coverage(struct arena *a, const char *path, const struct coverage *c)
{
    struct value *v = value_dict(a), *list = value_array(a);
    for (size_t i = 0; i < c->ranges.n; i++) {
        const struct range *r = &c->ranges.at[i];
        struct value *item = value_dict(a);
        value_set(a, item, "offset", value_int(a, (int64_t)r->offset));
        value_set(a, item, "size", value_int(a, (int64_t)r->size));
        value_set(a, item, "what", value_string(a, r->what));
        value_set(a, item, "by", r->by ? value_string(a, r->by) : value_null(a));
        value_set(a, item, "arch", r->arch ? value_string(a, r->arch) : value_null(a));
        value_append(a, list, item);
    }
    value_set(a, v, "path", value_string(a, path));
    value_set(a, v, "size", value_int(a, (int64_t)c->size));
    value_set(a, v, "unprotected", value_int(a, (int64_t)c->unprotected));
    value_set(a, v, "ranges", list);
    return v;
}

void text_coverage(struct buf *out, const char *path, const struct coverage *c)
{
    buf_printf(out, "%s: %llu bytes, %llu of them protected by nothing\n", path,
               (unsigned long long)c->size, (unsigned long long)c->unprotected);
    buf_printf(out, "%12s %10s  %-8s %-32s %s\n", "offset", "size", "slice", "what",
               "protected by");
    for (size_t i = 0; i < c->ranges.n; i++) {
        const struct range *r = &c->ranges.at[i];
        buf_printf(out, "%#12llx %10llu  %-8s %-32s %s\n", (unsigned long long)r->offset,
                   (unsigned long long)r->size, r->arch ? r->arch : "-", r->what,
                   r->by ? r->by : "nothing");
    }
}
