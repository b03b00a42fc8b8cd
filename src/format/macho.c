/* SPDX-License-Identifier: Apache-2.0 */
/* Mach-O: the file as a whole; its slices are read by macho_slice.c. */
#include "format/macho.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "format/macho_private.h"

#define SNIFF_SIZE   28
#define SNIFF_ROUNDS 3 /* containers inside containers that the candidate test follows */

static bool is_candidate_type(uint32_t filetype)
{
    switch (filetype) {
#define FILETYPE(value, name, candidate) \
    case value:                          \
        return candidate;
#include "format/macho_tables.def"
#undef FILETYPE
    default: return false;
    }
}

const char *macho_filetype_name(uint32_t filetype)
{
    switch (filetype) {
#define FILETYPE(value, name, candidate) \
    case value:                          \
        return name;
#include "format/macho_tables.def"
#undef FILETYPE
    default: return NULL;
    }
}

const char *macho_platform_name(uint32_t platform)
{
    switch (platform) {
#define PLATFORM(value, name) \
    case value:               \
        return name;
#include "format/macho_tables.def"
#undef PLATFORM
    default: return NULL;
    }
}

bool macho_magic(uint32_t big_endian, bool *wide, bool *little)
{
    uint32_t swapped = __builtin_bswap32(big_endian);
    *little = swapped == MACHO_MAGIC_32 || swapped == MACHO_MAGIC_64;
    uint32_t magic = *little ? swapped : big_endian;
    *wide = magic == MACHO_MAGIC_64;
    return magic == MACHO_MAGIC_32 || magic == MACHO_MAGIC_64;
}

enum macho_sniff macho_sniff(struct bytes data)
{
    struct cursor file = cursor_of(data, 0), c = cursor_part(&file, 0, SNIFF_SIZE);
    for (int round = 0; round < SNIFF_ROUNDS && !c.failed; round++) {
        bool wide, little;
        struct bytes head = c.data;
        if (fat_is_64(head))
            return round == 0 ? MACHO_FAT_64 : MACHO_NO;
        if (macho_magic(cursor_be32(&c), &wide, &little)) {
            cursor_seek(&c, 12);
            uint32_t filetype = little ? cursor_le32(&c) : cursor_be32(&c);
            return is_candidate_type(filetype) ? MACHO_YES : MACHO_NO;
        }
        if (!fat_is(head))
            return MACHO_NO;
        cursor_seek(&c, 16);
        c = cursor_part(&file, cursor_be32(&c), SNIFF_SIZE);
    }
    return MACHO_NO;
}

/* Java's class files have the magic of containers, and their version where the number of slices is. */
#define JAVA_VERSION_LEAST 45

const char *macho_rejected(struct bytes data)
{
    bool wide, little;
    struct cursor c = cursor_of(data, 0);
    uint32_t magic = cursor_be32(&c);
    if (macho_sniff(data) != MACHO_NO)
        return NULL;
    if (macho_magic(magic, &wide, &little))
        return "it begins as a Mach-O, but its header is cut off or of a kind that is not signed, "
               "so "
               "it counts as a plain file";
    if (magic == FAT_MAGIC && cursor_be32(&c) < JAVA_VERSION_LEAST)
        return "it begins as a universal file, but no Mach-O header lies where its first slice "
               "should "
               "begin, so it counts as a plain file";
    return NULL;
}

/* -- Parsing -------------------------------------------------------------------------------------------- */

static bool refuse(struct findings *f, struct place at, const char *why)
{
    finding_add(f, FINDING_MACHO_FORMAT, at, "%s", why);
    return false;
}

static bool parse_thin(struct arena *a, struct findings *f, struct place at, struct macho *out)
{
    struct cursor c = cursor_of(out->data, 0);
    struct macho_slice *s = out->slices = arena_new_of(a, struct macho_slice);
    s->size = out->data.n;
    s->data = out->data;
    s->reachable = true;
    bool wide;
    if (!macho_magic(cursor_be32(&c), &wide, &s->little)) {
        at.offset = 0;
        return refuse(f, at, "no Mach-O magic");
    }
    s->arch.cputype = macho_word(&c, s->little);
    s->arch.cpusubtype = macho_word(&c, s->little);
    s->name = arch_name(a, s->arch.cputype, s->arch.cpusubtype);
    out->count = 1;
    at.arch = s->name;
    return macho_slice_parse(a, s, f, at);
}

static void slice_of_record(struct arena *a, struct bytes data, const struct fat_record *r,
                            struct macho_slice *s)
{
    s->arch = (struct arch){r->cputype, r->cpusubtype, false};
    s->name = arch_name(a, r->cputype, r->cpusubtype);
    s->offset = r->offset;
    s->size = r->size;
    s->reachable = r->reachable;
    s->hidden = r->hidden;
    if (r->offset < data.n)
        (void)bytes_part(data, r->offset, data.n - r->offset, &s->data);
}

/* A slice must be of some kind (§2.2). */
static bool has_filetype(struct macho_slice *s, struct findings *f, struct place at)
{
    at.offset = (int64_t)s->offset + 12;
    s->usable = s->filetype != 0;
    return s->usable || refuse(f, at, "the slice has file type 0");
}

void macho_check_types(struct macho *m, size_t first, struct findings *f, struct place at)
{
    uint32_t wanted = m->slices[first].filetype;
    for (size_t i = 0; i < m->count; i++) {
        struct macho_slice *s = &m->slices[i];
        if (!s->usable || s->filetype == wanted)
            continue;
        s->usable = false;
        at.arch = s->name;
        at.offset = (int64_t)s->offset + 12;
        finding_add(f, FINDING_FAT_FILETYPE_DIFFERS, at, "file type %u, the first slice has %u",
                    s->filetype, wanted);
    }
}

static bool parse_fat(struct arena *a, struct findings *f, struct place at, struct macho *out)
{
    bool good = fat_parse(a, out->data, f, at, &out->fat), some = false;
    out->count = out->fat.count;
    out->slices = arena_array(a, out->count, struct macho_slice);
    for (size_t i = 0; i < out->count; i++) {
        struct macho_slice *s = &out->slices[i];
        slice_of_record(a, out->data, &out->fat.records[i], s);
        at.arch = s->name;
        at.offset = (int64_t)s->offset;
        if (macho_slice_parse(a, s, f, at))
            some = has_filetype(s, f, at) || some;
    }
    return good && some;
}

static const char *format_text(struct arena *a, const struct macho *m)
{
    if (!m->universal)
        return arena_printf(a, "Mach-O thin (%s)", m->count ? m->slices[0].name : "");
    struct buf text = {.arena = a};
    const size_t *order = macho_sorted(a, m);
    buf_str(&text, "Mach-O universal (");
    for (size_t i = 0; i < m->count; i++) {
        const struct macho_slice *s = &m->slices[order[i]];
        const struct macho_slice *before = i ? &m->slices[order[i - 1]] : NULL;
        if (before && before->arch.cputype == s->arch.cputype &&
            before->arch.cpusubtype == s->arch.cpusubtype)
            continue;
        buf_printf(&text, i ? " %s" : "%s", s->name);
    }
    buf_str(&text, ")");
    return buf_cstr(&text);
}

bool macho_parse(struct arena *a, struct bytes data, struct findings *f, struct place at,
                 struct macho *out)
{
    *out = (struct macho){.data = data, .universal = fat_is(data)};
    if (fat_is_64(data)) {
        finding_add(f, FINDING_FAT_64, at, NULL);
        return false;
    }
    bool good = out->universal ? parse_fat(a, f, at, out) : parse_thin(a, f, at, out);
    out->format = format_text(a, out);
    return good;
}

/* -- Choosing and ordering slices ----------------------------------------------------------------------- */

struct keyed {
    struct arch arch;
    size_t index;
};

static int by_arch(const void *a, const void *b)
{
    const struct keyed *x = a, *y = b;
    if (x->arch.cputype != y->arch.cputype)
        return (int32_t)x->arch.cputype < (int32_t)y->arch.cputype ? -1 : 1;
    if (x->arch.cpusubtype != y->arch.cpusubtype)
        return (int32_t)x->arch.cpusubtype < (int32_t)y->arch.cpusubtype ? -1 : 1;
    return x->index < y->index ? -1 : x->index > y->index;
}

size_t *macho_sorted(struct arena *a, const struct macho *m)
{
    struct keyed *keys = arena_array(a, m->count, struct keyed);
    size_t *order = arena_array(a, m->count, size_t);
    for (size_t i = 0; i < m->count; i++)
        keys[i] = (struct keyed){m->slices[i].arch, i};
    qsort(keys, m->count, sizeof *keys, by_arch);
    for (size_t i = 0; i < m->count; i++)
        order[i] = keys[i].index;
    return order;
}

/* The slices in the order of the header's records, which is not always that of the file. */
struct header_order {
    struct arch pairs[MACHO_SLICES];
    const struct macho_slice *slices[MACHO_SLICES];
};

static void order_by_header(const struct macho *m, struct header_order *out)
{
    for (size_t i = 0; i < m->count; i++) {
        size_t to = m->universal ? m->fat.records[i].index : i;
        out->pairs[to] = m->slices[i].arch;
        out->slices[to] = &m->slices[i];
    }
}

const struct macho_slice *macho_find_slice(const struct macho *m, struct arch wanted)
{
    struct header_order order;
    order_by_header(m, &order);
    size_t i = arch_select(order.pairs, m->count, wanted, !m->universal);
    return i < m->count ? order.slices[i] : NULL;
}

const struct macho_slice *macho_main_slice(const struct macho *m, struct arch host)
{
    struct header_order order;
    order_by_header(m, &order);
    return m->count ? order.slices[arch_prefer(order.pairs, m->count, host)] : NULL;
}

struct bytes macho_signature_area(const struct macho_slice *s)
{
    struct bytes area = {NULL, 0};
    if (!s->has_signature || s->sig_offset > s->data.n)
        return area;
    uint64_t left = s->data.n - s->sig_offset;
    uint64_t n = s->sig_size != 0 && s->sig_size < left ? s->sig_size : left;
    (void)bytes_part(s->data, s->sig_offset, n, &area);
    return area;
}

/* -- Strict validation ---------------------------------------------------------------------------------- */

bool macho_check_structure(const struct macho *m, struct findings *f, struct place at)
{
    bool good = true;
    if (m->fat.fault) {
        at.offset = (int64_t)m->fat.fault_at;
        finding_add(f, FINDING_FAT_STRUCTURE, at, "%s", m->fat.fault);
        good = false;
    }
    for (size_t i = 0; i < m->count; i++) {
        const struct macho_slice *s = &m->slices[i];
        if (!s->usable || !s->fault)
            continue;
        at.arch = s->name;
        at.offset = (int64_t)s->offset;
        finding_add(f, FINDING_MACHO_STRICT, at, "%s", s->fault);
        good = false;
    }
    return good;
}
