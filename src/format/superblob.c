/* SPDX-License-Identifier: Apache-2.0 */
/* Signature blobs: see superblob.h. */
#include "format/superblob.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/cursor.h"
#include "base/limits.h"

#define HEADER_SIZE 12 /* magic, length, count */
#define ENTRY_SIZE  8  /* type, offset */

enum form { NATIVE, WRAPPER, NOWHERE };

static const struct {
    uint32_t number;
    enum form form;
    const char *component, *title;
} slots[] = {
#define SLOT(name, number, form, component, title) {number, form, component, title},
#include "format/slots.def"
#undef SLOT
};

#define SLOTS (sizeof slots / sizeof *slots)

/* SLOTS when the number is unknown. */
static size_t slot_row(uint32_t slot)
{
    size_t i = 0;
    while (i < SLOTS && slots[i].number != slot)
        i++;
    return i;
}

const char *slot_title(struct arena *a, uint32_t slot)
{
    size_t i = slot_row(slot);
    return i < SLOTS ? slots[i].title : arena_printf(a, "slot 0x%x", slot);
}

const char *slot_component(uint32_t slot)
{
    size_t i = slot_row(slot);
    return i < SLOTS ? slots[i].component : NULL;
}

bool slot_is_native(uint32_t slot)
{
    size_t i = slot_row(slot);
    return i < SLOTS && slots[i].form == NATIVE;
}

uint32_t blob_magic(struct bytes blob)
{
    struct cursor c = cursor_of(blob, 0);
    return cursor_be32(&c);
}

struct bytes blob_payload(struct bytes blob)
{
    struct bytes payload = {NULL, 0};
    if (blob.n >= BLOB_HEADER)
        (void)bytes_part(blob, BLOB_HEADER, blob.n - BLOB_HEADER, &payload);
    return payload;
}

/* -- The SuperBlob -------------------------------------------------------------------------------------- */

static bool refuse(struct findings *f, struct place at, enum finding_id id, const char *why)
{
    finding_add(f, id, at, "%s", why);
    return false;
}

/*
 * The sub-blob at OFFSET, NULL or why it is none. ASSUMPTION(SUPERBLOB-SHORT): a sub-blob that claims fewer bytes
 * than its own header is refused.
 */
static const char *read_sub_blob(struct superblob *s, uint32_t offset, struct bytes *out)
{
    struct cursor c = cursor_of(s->blob, 0);
    if (offset < HEADER_SIZE + ENTRY_SIZE * (uint64_t)s->count)
        return "a blob begins inside the index";
    cursor_seek(&c, offset);
    (void)cursor_be32(&c);
    uint32_t length = cursor_be32(&c);
    if (c.failed)
        return "a blob begins beyond the end";
    if (length < BLOB_HEADER)
        return "a blob is shorter than its header";
    if (!bytes_part(s->blob, offset, length, out))
        return "a blob reaches beyond the end";
    return NULL;
}

static const char *read_entries(struct arena *a, struct superblob *s, struct cursor *c,
                                struct place *at)
{
    s->entries = arena_array(a, s->count, struct superblob_entry);
    for (size_t i = 0; i < s->count; i++) {
        struct superblob_entry *e = &s->entries[i];
        e->type = cursor_be32(c);
        e->offset = cursor_be32(c);
        const char *why = e->offset ? read_sub_blob(s, e->offset, &e->blob) : NULL;
        if (why) {
            at->slot = e->type;
            at->offset = (int64_t)(s->offset + e->offset);
            return why;
        }
    }
    return NULL;
}

/* Header and extent (§2.4); NULL or what is wrong. */
static const char *read_header(struct bytes area, uint32_t magic, struct cursor *c,
                               struct superblob *out)
{
    out->magic = cursor_be32(c);
    uint32_t length = cursor_be32(c), count = cursor_be32(c);
    if (c->failed)
        return "fewer than 12 bytes are there";
    if (out->magic != magic)
        return "it has another magic";
    if (length < HEADER_SIZE)
        return "it claims to be shorter than its header";
    if (!bytes_part(area, 0, length, &out->blob))
        return "it claims more bytes than there are";
    if (length < HEADER_SIZE + ENTRY_SIZE * (uint64_t)count)
        return "its index does not fit";
    out->count = count;
    return NULL;
}

bool superblob_parse(struct bytes area, uint32_t magic, struct findings *f, struct place at,
                     struct superblob *out)
{
    uint64_t offset = at.offset == PLACE_NONE ? 0 : (uint64_t)at.offset;
    struct cursor c = cursor_of(area, offset);
    *out = (struct superblob){.offset = offset};
    const char *why = read_header(area, magic, &c, out);
    if (why)
        return refuse(f, at, FINDING_SIG_FORMAT, why);
    if (out->count > LIMIT_SUPERBLOB_ENTRIES || out->blob.n > LIMIT_SUPERBLOB)
        return refuse(f, at, FINDING_INPUT_LIMIT, "the signature blob is too large");
    why = read_entries(f->arena, out, &c, &at);
    return why ? refuse(f, at, FINDING_SIG_FORMAT, why) : true;
}

static int by_offset(const void *a, const void *b)
{
    const struct superblob_entry *x = a, *y = b;
    return x->offset < y->offset ? -1 : x->offset > y->offset;
}

const char *superblob_strict_fault(struct arena *a, const struct superblob *s)
{
    struct superblob_entry *sorted = arena_array(a, s->count, struct superblob_entry);
    uint64_t end = HEADER_SIZE + ENTRY_SIZE * (uint64_t)s->count;
    for (size_t i = 0; i < s->count; i++)
        sorted[i] = s->entries[i];
    qsort(sorted, s->count, sizeof *sorted, by_offset);
    for (size_t i = 0; i < s->count; i++) {
        if (sorted[i].offset != end)
            return i == 0 ? "the first blob does not follow the index"
                          : "a blob does not follow the one before it";
        end += sorted[i].blob.n;
    }
    return end == s->blob.n ? NULL : "bytes follow the last blob";
}

enum component superblob_component(const struct superblob *s, uint32_t slot, struct findings *f,
                                   struct place at, struct bytes *out)
{
    const struct superblob_entry *e = NULL;
    *out = (struct bytes){NULL, 0};
    for (size_t i = 0; i < s->count && !e; i++)
        if (s->entries[i].type == slot)
            e = &s->entries[i];
    if (!e || e->offset == 0)
        return COMPONENT_ABSENT;
    *out = slot_is_native(slot) ? e->blob : blob_payload(e->blob);
    if (slot_is_native(slot) || blob_magic(e->blob) == BLOB_WRAPPER)
        return COMPONENT_PRESENT;
    at.slot = slot;
    at.offset = (int64_t)(s->offset + e->offset);
    finding_add(f, FINDING_SIG_SLOT_WRAPPER, at, "%s has magic 0x%08x, not 0x%08x",
                slot_title(f->arena, slot), blob_magic(e->blob), BLOB_WRAPPER);
    return COMPONENT_BROKEN;
}

/* -- Detached signatures -------------------------------------------------------------------------------- */

/* The member of a collection for TYPE as a SuperBlob of its own. */
static bool read_member(const struct superblob *all, uint32_t type, struct findings *scratch,
                        struct superblob *out)
{
    for (size_t i = 0; i < all->count; i++) {
        const struct superblob_entry *e = &all->entries[i];
        if (e->type != type)
            continue;
        struct place at = {.slot = PLACE_NONE, .offset = e->offset};
        return e->offset != 0 && superblob_parse(e->blob, BLOB_SIGNATURE, scratch, at, out);
    }
    return false;
}

bool detached_parse(struct bytes file, uint32_t cputype, struct findings *f, struct place at,
                    struct detached *out)
{
    /* Whatever is wrong inside is one finding: this is no detached signature. */
    struct findings scratch = {.arena = f->arena};
    struct place start = {.slot = PLACE_NONE, .offset = 0};
    struct superblob all;
    *out = (struct detached){.has_arch = false};
    if (blob_magic(file) == BLOB_SIGNATURE) {
        if (superblob_parse(file, BLOB_SIGNATURE, &scratch, start, &out->global))
            return true;
        return refuse(f, at, FINDING_SIG_DETACHED, scratch.list.at[0]->detail);
    }
    if (!superblob_parse(file, BLOB_DETACHED, &scratch, start, &all))
        return refuse(f, at, FINDING_SIG_DETACHED, scratch.list.at[0]->detail);
    if (cputype == 0)
        return refuse(f, at, FINDING_SIG_DETACHED,
                      "it is a collection for architectures, and the code has none");
    out->has_arch = true;
    if (!read_member(&all, cputype, &scratch, &out->arch))
        return refuse(f, at, FINDING_SIG_DETACHED, "it has no part for this architecture");
    if (!read_member(&all, 0, &scratch, &out->global))
        return refuse(f, at, FINDING_SIG_DETACHED, "its global part is missing");
    return true;
}

enum component detached_component(const struct detached *d, uint32_t slot, struct findings *f,
                                  struct place at, struct bytes *out)
{
    enum component found = COMPONENT_ABSENT;
    if (d->has_arch)
        found = superblob_component(&d->arch, slot, f, at, out);
    return found == COMPONENT_ABSENT ? superblob_component(&d->global, slot, f, at, out) : found;
}
