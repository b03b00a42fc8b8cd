/* SPDX-License-Identifier: Apache-2.0 */
/* Damage inside signatures: slots by name or number, CodeDirectory fields by name. See damage.h. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "forge/case_check.h"
#include "forge/damage.h"
#include "forge/make.h"

#define BLOB_HEADER 8u
#define INDEX_AT    12u

/* Fields of a CodeDirectory (§4.1), and of every blob. */
static const struct field {
    const char *name;
    size_t offset, size;
    bool text; /* the offset of a string, whose first character is meant */
} fields[] = {
    {"magic", 0, 4, false},
    {"length", 4, 4, false},
    {"version", 8, 4, false},
    {"flags", 12, 4, false},
    {"hashOffset", 16, 4, false},
    {"identOffset", 20, 4, false},
    {"nSpecialSlots", 24, 4, false},
    {"nCodeSlots", 28, 4, false},
    {"codeLimit", 32, 4, false},
    {"hashSize", 36, 1, false},
    {"hashType", 37, 1, false},
    {"platform", 38, 1, false},
    {"pageSize", 39, 1, false},
    {"spare2", 40, 4, false},
    {"scatterOffset", 44, 4, false},
    {"teamOffset", 48, 4, false},
    {"spare3", 52, 4, false},
    {"codeLimit64", 56, 8, false},
    {"execSegBase", 64, 8, false},
    {"execSegLimit", 72, 8, false},
    {"execSegFlags", 80, 8, false},
    {"runtime", 88, 4, false},
    {"preEncryptOffset", 92, 4, false},
    {"identifier", 20, 4, true},
    {"team", 48, 4, true},
    {"count", 8, 4, false},
};

static const struct {
    const char *name;
    uint32_t slot;
} slots[] = {
    {"directory", 0},
    {"code-directory", 0},
    {"CodeDirectory", 0},
    {"info", 1},
    {"requirements", 2},
    {"resources", 3},
    {"top-directory", 4},
    {"entitlements", 5},
    {"entitlements-xml", 5},
    {"rep-specific", 6},
    {"entitlements-der", 7},
    {"constraint-self", 8},
    {"constraint-parent", 9},
    {"constraint-responsible", 10},
    {"constraint-library", 11},
    {"alternate", 0x1000},
    {"alternate-directory", 0x1000},
    {"cms", 0x10000},
    {"signature", 0x10000},
    {"ticket", 0x10002},
};

/* A piece of the file under change. */
struct piece {
    uint8_t *p;
    size_t n;
};

/* The file, copied so that it may be changed, and the slice meant. */
struct target {
    struct forge *f;
    const struct value *step;
    struct bytes file;
    struct piece slice;
    struct image_map map;
    bool image;
};

static uint32_t be32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void set_be(uint8_t *p, size_t n, uint64_t v)
{
    for (size_t i = 0; i < n; i++)
        p[i] = (uint8_t)(v >> 8 * (n - 1 - i));
}

static uint32_t slot_of(struct target *t)
{
    const struct value *v = value_get(t->step, "slot");
    const char *word = case_word(t->f->a, v), *names[sizeof slots / sizeof *slots];
    uint64_t number;

    if (!word)
        return 0;
    for (size_t i = 0; i < sizeof slots / sizeof *slots; i++) {
        if (strcmp(slots[i].name, word) == 0)
            return slots[i].slot;
        names[i] = slots[i].name;
    }
    if (case_number(v, false, &number))
        return (uint32_t)number;
    *t->f->error =
        (struct value_error){arena_printf(t->f->a, "there is no slot '%s'", word),
                             text_suggest(word, names, sizeof names / sizeof *names), v->span};
    arena_fail(t->f->a, DS_PARSE);
}

/* The slice for `arch`, else the one the host runs. */
static bool slice_fits(struct target *t, struct bytes slice, const char *arch)
{
    uint32_t cputype, subtype;
    struct image_map map;

    if (!image_arch(arch, &cputype, &subtype))
        forge_refuse(t->f, value_get(t->step, "arch"), "'%s' is no architecture", arch);
    return image_read(slice, &map) && map.cputype == cputype;
}

static struct target open_target(struct forge *f, const char *path, const struct value *step)
{
    struct target t = {.f = f, .step = step};
    const char *arch = item_text(f, step, "arch");
    struct bytes *all;
    size_t n, pick = 0;

    t.file = bytes_copy(f->a, make_read(f, path));
    n = image_slices(f->a, t.file, &all);
    for (size_t i = n; i-- > 0;)
        if (slice_fits(&t, all[i], arch ? arch : f->arch))
            pick = i;
    t.image = image_read(all[pick], &t.map);
    /* all[pick] points into the copy of the file, which is ours to change */
    t.slice = (struct piece){(uint8_t *)(uintptr_t)all[pick].p, all[pick].n};
    return t;
}

/* The SuperBlob of the slice. */
static struct piece superblob(struct target *t)
{
    struct piece s = t->slice;

    if (!t->image || !t->map.signature || t->map.limit + INDEX_AT > s.n)
        forge_refuse(t->f, t->step, "there is no signature to change");
    return (struct piece){s.p + t->map.limit, s.n - t->map.limit};
}

/* The index entry of SLOT, its place; refuses when there is none. */
static size_t find_entry(struct target *t, struct piece blob, uint32_t slot)
{
    uint32_t count = be32(blob.p + 8);

    for (size_t i = 0; i < count && INDEX_AT + 8 * (i + 1) <= blob.n; i++)
        if (be32(blob.p + INDEX_AT + 8 * i) == slot)
            return INDEX_AT + 8 * i;
    forge_refuse(t->f, t->step, "the signature has no slot 0x%x", slot);
}

static struct piece find_blob(struct target *t, uint32_t slot)
{
    struct piece blob = superblob(t);
    size_t at = be32(blob.p + find_entry(t, blob, slot) + 4);
    size_t size = at + BLOB_HEADER <= blob.n ? be32(blob.p + at + 4) : 0;

    if (size < BLOB_HEADER || at + size > blob.n)
        forge_refuse(t->f, t->step, "slot 0x%x was damaged before", slot);
    return (struct piece){blob.p + at, size};
}

static const struct field *find_field(struct target *t, const char *name)
{
    const char *names[sizeof fields / sizeof *fields];

    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        if (strcmp(fields[i].name, name) == 0)
            return &fields[i];
        names[i] = fields[i].name;
    }
    *t->f->error = (struct value_error){arena_printf(t->f->a, "there is no field '%s'", name),
                                        text_suggest(name, names, sizeof names / sizeof *names),
                                        value_get(t->step, "field")->span};
    arena_fail(t->f->a, DS_PARSE);
}

static uint8_t mask_of(struct target *t)
{
    uint64_t mask;

    return case_number(value_get(t->step, "mask"), false, &mask) ? (uint8_t)mask : 1;
}

/* A negative offset counts from the end. */
static void flip_at(struct target *t, struct piece piece, uint64_t at)
{
    if ((int64_t)at < 0)
        at += piece.n;
    if (at >= piece.n)
        forge_refuse(t->f, t->step, "offset %llu lies outside", (unsigned long long)at);
    piece.p[at] ^= mask_of(t);
}

/* `set` writes the value; without it the lowest byte is flipped. */
static void flip_field(struct target *t, const char *name)
{
    const struct field *field = find_field(t, name);
    const char *slot = item_text(t->f, t->step, "slot");
    struct piece blob =
        slot && strcmp(slot, "superblob") == 0 ? superblob(t) : find_blob(t, slot_of(t));
    size_t at = field->offset, size = field->size;
    uint64_t value;

    if (at + size > blob.n)
        forge_refuse(t->f, t->step, "the blob has no field '%s'", name);
    if (field->text) {
        at = be32(blob.p + at);
        size = 1;
    }
    if (case_number(value_get(t->step, "set"), false, &value) && at + size <= blob.n)
        set_be(blob.p + at, size, value);
    else
        flip_at(t, blob, at + size - 1);
}

/* The size of pages as the signature has it, else the default. */
static uint64_t page_size(struct target *t)
{
    unsigned shift = t->image ? image_page_shift(t->map.cputype) : 12;

    if (t->image && t->map.signature)
        shift = find_blob(t, 0).p[39];
    return shift > 0 && shift < 32 ? UINT64_C(1) << shift : t->slice.n;
}

/* The last byte of a page, which is neither header nor load command. */
static void flip_page(struct target *t, uint64_t page)
{
    uint64_t limit = t->image ? t->map.limit : t->slice.n, size = page_size(t);

    if (page >= (limit + size - 1) / size)
        forge_refuse(t->f, t->step, "there is no page %llu", (unsigned long long)page);
    uint64_t end = (page + 1) * size < limit ? (page + 1) * size : limit;
    flip_at(t, (struct piece){t->slice.p, limit}, end - 1);
}

void damage_flip(struct forge *f, const char *path, const struct value *step)
{
    struct target t = open_target(f, path, step);
    const char *field = item_text(f, step, "field");
    uint64_t at, page;
    bool has_at = case_number(value_get(step, "at"), false, &at);

    if (field) {
        flip_field(&t, field);
    } else if (value_get(step, "slot")) {
        struct piece blob = find_blob(&t, slot_of(&t));
        flip_at(&t, blob, has_at ? at : (blob.n + BLOB_HEADER) / 2);
    } else if (case_number(value_get(step, "page"), false, &page)) {
        flip_page(&t, page);
    } else if (has_at) {
        flip_at(&t, (struct piece){(uint8_t *)(uintptr_t)t.file.p, t.file.n}, at);
    } else {
        forge_refuse(f, step, "'flip' needs 'at', 'page', 'slot' or 'field'");
    }
    damage_write(f, path, t.file);
}

void damage_flip_file(struct forge *f, const char *path, const struct value *step)
{
    struct target t = {.f = f, .step = step, .file = bytes_copy(f->a, make_read(f, path))};
    uint64_t at = 0;

    if (!case_number(value_get(step, "at"), false, &at))
        while (at + 4 < t.file.n && memcmp(t.file.p + at, "DTDs", 4) != 0)
            at++;
    flip_at(&t, (struct piece){(uint8_t *)(uintptr_t)t.file.p, t.file.n}, at);
    damage_write(f, path, t.file);
}

/* The blob and its entry go; the others move up, and the rest of the area is zero. */
void damage_drop_slot(struct forge *f, const char *path, const struct value *step)
{
    struct target t = open_target(f, path, step);
    struct piece blob = superblob(&t);
    uint32_t slot = slot_of(&t), count = be32(blob.p + 8);
    size_t entry = find_entry(&t, blob, slot), room = be32(blob.p + 4);
    struct piece gone = find_blob(&t, slot);
    struct buf b = {.arena = f->a};
    size_t start = (size_t)(gone.p - blob.p);

    if (room > blob.n || start + gone.n > room || start < entry + 8 || INDEX_AT + 8 * count > room)
        forge_refuse(f, step, "the signature was damaged before");

    buf_put(&b, bytes_of(blob.p, entry));
    buf_put(&b, bytes_of(blob.p + entry + 8, start - entry - 8));
    buf_put(&b, bytes_of(blob.p + start + gone.n, room - start - gone.n));
    buf_set_be32(&b, 4, (uint32_t)b.n);
    buf_set_be32(&b, 8, count - 1);
    for (size_t i = 0; i + 1 < count; i++) { /* the index lost an entry, the blobs one of them */
        size_t at = INDEX_AT + 8 * i + 4, old = be32(b.p + at);
        buf_set_be32(&b, at, (uint32_t)(old - 8 - (old > start ? gone.n : 0)));
    }
    memcpy(blob.p, b.p, b.n);
    memset(blob.p + b.n, 0, room - b.n);
    damage_write(f, path, t.file);
}
