/* SPDX-License-Identifier: Apache-2.0 */
/* Which bytes are protected by what (report/coverage.h; static-validation.md §1.9, §3, §4.5, §4.6). */
#include "config.h"

#include "report/coverage.h"

#include <stdlib.h>

#include "base/arena.h"
#include "format/superblob.h"
#include "format/ticket.h"
#include "format/udif.h"
#include "report/mapper.h"

/* -- ranges one behind the other */

void map_to(struct mapper *m, uint64_t end, struct range range)
{
    if (end > m->file.n)
        end = m->file.n;
    if (end <= m->at)
        return;
    range.offset = m->at;
    range.size = end - m->at;
    if (range.guard == GUARD_NOTHING)
        m->out->unprotected += range.size;
    vec_push(m->a, &m->out->ranges, range);
    m->at = end;
}

static int by_place(const void *a, const void *b)
{
    const struct piece *x = a, *y = b;
    return (x->bytes.p > y->bytes.p) - (x->bytes.p < y->bytes.p);
}

void map_pieces(struct mapper *m, struct piece_vec *pieces, uint64_t end, struct range between)
{
    if (pieces->n)
        qsort(pieces->at, pieces->n, sizeof *pieces->at, by_place);
    for (size_t i = 0; i < pieces->n; i++) {
        const struct piece *p = &pieces->at[i];
        uint64_t start;
        if (!bytes_within(m->file, p->bytes, &start) || start >= end)
            continue;
        map_to(m, start, between);
        map_to(
            m, start + p->bytes.n,
            (struct range){.what = p->what, .by = p->by, .guard = p->guard, .arch = between.arch});
    }
    map_to(m, end, between);
}

/* -- signatures */

static const char *hash_names(struct arena *a, const struct signature *s)
{
    const char *names = "";
    for (size_t i = 0; i < s->directory_count; i++) {
        const char *name = digest_name(s->directories[i].hash_type);
        names = arena_printf(a, "%s%s%s", names, i ? ", " : "", name ? name : "?");
    }
    return names;
}

static bool is_directory(uint32_t slot)
{
    return slot == SLOT_CODE_DIRECTORY || (slot >= SLOT_ALTERNATE_1 && slot <= SLOT_ALTERNATE_5);
}

/* What binds the directory in SLOT: the message itself, or what it lists. Ad hoc ones are bound by what they bind alone. */
static const char *directory_guard(const struct signature *s, uint32_t slot)
{
    if (!s->has_cms || s->adhoc)
        return NULL;
    if (slot == SLOT_CODE_DIRECTORY)
        return "CMS signature";
    return s->directories_listed ? "the lists of the CMS signature" : NULL;
}

static struct piece directory_piece(const struct signature *s, const struct superblob_entry *e,
                                    const char *title)
{
    const char *by = directory_guard(s, e->type);
    return (struct piece){e->blob, title, by, by ? GUARD_SEALED : GUARD_FORM};
}

/* A component that a slot of the directory in use binds, or one that nothing does. */
static struct piece slot_piece(struct arena *a, const struct signature *s,
                               const struct superblob_entry *e, const char *title)
{
    struct piece piece = {e->blob, title, NULL, GUARD_NOTHING};
    if (s->chosen && e->type <= s->chosen->special_slots && codedir_binds(s->chosen, e->type)) {
        piece.by = arena_printf(a, "slot %u of the CodeDirectory", e->type);
        piece.guard = GUARD_SEALED;
    }
    return piece;
}

/* The wrapper has a header, but ad hoc code's message is not looked at (§5.1). */
static struct piece unread_piece(const struct superblob_entry *e, const char *title)
{
    return (struct piece){blob_payload(e->blob), title, NULL, GUARD_NOTHING};
}

static void add_blob(struct mapper *m, const struct signature *s, const struct superblob_entry *e,
                     struct piece_vec *pieces)
{
    const char *title = slot_title(m->a, e->type);
    if (e->type == SLOT_CMS && s->adhoc)
        vec_push(m->a, pieces, unread_piece(e, title));
    else if (e->type == SLOT_CMS)
        cms_pieces(m, blob_payload(e->blob), "CMS signature: ", false, pieces);
    else if (e->type == SLOT_TICKET)
        ticket_pieces(m, blob_payload(e->blob), pieces);
    else if (is_directory(e->type))
        vec_push(m->a, pieces, directory_piece(s, e, title));
    else
        vec_push(m->a, pieces, slot_piece(m->a, s, e, title));
}

/* Index, headers and tags are form; so is what the index leaves out, since a blob's length may reach over it. */
static void map_superblob(struct mapper *m, const struct slice *slice,
                          const struct superblob *super)
{
    struct piece_vec pieces = {0};
    for (size_t i = 0; i < super->count; i++)
        if (super->entries[i].blob.n)
            add_blob(m, &slice->sig, &super->entries[i], &pieces);
    map_pieces(m, &pieces, super->offset + super->blob.n,
               (struct range){.what = "signature: form", .guard = GUARD_FORM, .arch = slice->arch});
}

static void map_signature(struct mapper *m, const struct slice *slice)
{
    const struct signature *s = &slice->sig;
    struct findings ignored = {.arena = m->a};
    struct superblob super;
    struct bytes area;
    struct place at = {.offset = (int64_t)s->offset, .slot = PLACE_NONE};
    if (!s->size || !bytes_part(m->file, s->offset, s->size, &area))
        return;
    if (superblob_parse(area, BLOB_SIGNATURE, &ignored, at, &super))
        map_superblob(m, slice, &super);
    map_to(m, s->offset + s->size,
           (struct range){.what = "signature: unused room", .arch = slice->arch});
}

/* -- Mach-O */

static void map_slice(struct mapper *m, const struct slice *slice)
{
    const struct signature *s = &slice->sig;
    struct range code = {.what = "code", .arch = slice->arch};
    if (s->chosen) {
        code.what = "code pages";
        code.by = arena_printf(m->a, "page hashes (%s)", hash_names(m->a, s));
        code.guard = GUARD_SEALED;
        map_to(m, slice->offset + s->chosen->code_limit, code);
        code = (struct range){.what = "after the signed code", .arch = slice->arch};
    }
    if (s->size)
        map_to(m, s->offset, code);
    map_signature(m, slice);
    map_to(m, slice->offset + slice->size, (struct range){.what = code.what, .arch = slice->arch});
}

/* The header and a record a slice; what follows up to the first slice is padding. */
static void map_fat_header(struct mapper *m, const struct code *c)
{
    uint64_t records = 8 + 20 * (uint64_t)c->slice_count;
    if (c->slices[0].offset || c->slice_count > 1)
        map_to(m, records, (struct range){.what = "universal header", .guard = GUARD_FORM});
}

static void map_slices(struct mapper *m, const struct code *c)
{
    const struct range gap = {.what = "gap between slices",
                              .by = "strict validation, which wants zeros",
                              .guard = GUARD_SEALED};
    for (uint64_t next = 0; next != UINT64_MAX;) {
        const struct slice *first = NULL;
        for (size_t i = 0; i < c->slice_count; i++)
            if (c->slices[i].offset >= next && (!first || c->slices[i].offset < first->offset))
                first = &c->slices[i];
        next = first ? first->offset + 1 : UINT64_MAX;
        if (!first)
            continue;
        map_to(m, first->offset, gap);
        map_slice(m, first);
    }
    map_to(m, m->file.n, (struct range){.what = "behind all slices"});
}

/* -- disk images */

#define TRAILER       512
#define LENGTH_OFFSET 304 /* of the signature's length, which slot 6 does not bind (§1.9) */

static void map_trailer(struct mapper *m, const struct signature *s)
{
    bool bound = s->chosen && s->chosen->special_slots >= SLOT_REP_SPECIFIC &&
                 codedir_binds(s->chosen, SLOT_REP_SPECIFIC);
    struct range trailer = {.what = "trailer",
                            .by = bound ? "slot 6 of the CodeDirectory" : NULL,
                            .guard = bound ? GUARD_SEALED : GUARD_FORM};
    map_to(m, m->file.n - TRAILER + LENGTH_OFFSET, trailer);
    map_to(m, m->file.n - TRAILER + LENGTH_OFFSET + 8,
           (struct range){.what = "trailer: length of the signature", .guard = GUARD_FORM});
    map_to(m, m->file.n, trailer);
}

static void map_image(struct mapper *m, const struct code *c)
{
    const struct slice *slice = &c->slices[0];
    const struct signature *s = &slice->sig;
    struct findings ignored = {.arena = m->a};
    struct udif udif;
    struct range data = {.what = "data"};
    if (!udif_parse(m->file, &ignored, place_path(c->path), &udif) || udif.kind != UDIF_PLAIN)
        return;
    if (s->chosen) {
        data.by = arena_printf(m->a, "hash of the image (%s)", hash_names(m->a, s));
        data.guard = GUARD_SEALED;
    }
    map_to(m, udif.limit, data);
    if (udif.has_signature)
        map_superblob(m, slice, &udif.signature);
    map_trailer(m, s);
}

/* -- the whole */

void coverage_of(struct arena *a, const struct code *c, struct bytes file, struct coverage *out)
{
    struct mapper m = {.a = a, .out = out, .file = file};
    *out = (struct coverage){.size = file.n};
    if (c->kind == CODE_PKG) {
        map_package(&m);
    } else if (c->kind == CODE_DMG) {
        map_image(&m, c);
    } else if (c->slice_count) {
        map_fat_header(&m, c);
        map_slices(&m, c);
    }
    map_to(&m, file.n, (struct range){.what = "data"});
}

bool coverage_of_message(struct arena *a, struct bytes file, struct coverage *out)
{
    struct mapper m = {.a = a, .out = out, .file = file};
    struct piece_vec pieces = {0};
    *out = (struct coverage){.size = file.n};
    if (ticket_sniff(file))
        ticket_pieces(&m, file, &pieces);
    else
        cms_pieces(&m, file, "", false, &pieces);
    if (pieces.n)
        map_pieces(&m, &pieces, file.n, (struct range){.what = "form", .guard = GUARD_FORM});
    return pieces.n != 0;
}

/* -- showing it */

/* "nothing", "its form", or what seals it. */
static const char *guard_text(const struct range *r)
{
    return r->guard == GUARD_SEALED ? r->by : r->guard == GUARD_FORM ? "its form" : "nothing";
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
        value_set(a, item, "by",
                  r->guard != GUARD_NOTHING ? value_string(a, guard_text(r)) : value_null(a));
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
                   (unsigned long long)r->size, r->arch && *r->arch ? r->arch : "-", r->what,
                   guard_text(r));
    }
}
