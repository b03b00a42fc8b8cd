/* SPDX-License-Identifier: Apache-2.0 */
/* Image: see image.h. Little-endian images only, of 32 or 64 bits. */
#include "forge/image.h"

#include <string.h>

#include "crypto/digest.h"

#define MAGIC_32      0xfeedfaceu
#define MAGIC_64      0xfeedfacfu
#define MAGIC_FAT     0xcafebabeu
#define TEXT_SIZE     0x10000u
#define SECTIONS_AT   0x1000u
#define SLICE_ALIGN   0x4000u
#define FAT_ALIGN     14u
#define SIGNATURE_CMD 16u

#define LC_SYMTAB         0x2u
#define LC_DYSYMTAB       0xbu
#define LC_LOAD_DYLIB     0xcu
#define LC_ID_DYLIB       0xdu
#define LC_LOAD_DYLINKER  0xeu
#define LC_SEGMENT        0x1u
#define LC_SEGMENT_64     0x19u
#define LC_UUID           0x1bu
#define LC_CODE_SIGNATURE 0x1du
#define LC_RPATH          0x8000001cu
#define LC_MAIN           0x80000028u
#define LC_BUILD_VERSION  0x32u
#define LC_VERSION_MIN    0x24u /* macOS */

#define MACOS_10_14 0x000a0e00u

/* Sizes and places that differ between images of 32 and 64 bits. */
static const struct shape {
    uint32_t magic, segment_command, header, segment, section, symbol;
    uint32_t size_at, file_at, length_at, count_at; /* in a segment command */
    uint32_t section_size_at, section_offset_at;    /* in a section */
    uint64_t base;
} narrow = {MAGIC_32, LC_SEGMENT, 28, 56, 68, 12, 28, 32, 36, 48, 36, 40, 0x4000},
  wide = {MAGIC_64, LC_SEGMENT_64, 32, 72, 80, 16, 32, 40, 48, 64, 40, 48, UINT64_C(0x100000000)};

static const struct shape *shape_of(uint32_t cputype)
{
    return cputype & 0x01000000 ? &wide : &narrow;
}

/* A section of __TEXT. */
struct section {
    const char *name;
    struct bytes content;
    uint32_t offset, flags;
};

struct maker {
    struct arena *arena;
    const struct image_plan *plan;
    const struct shape *shape;
    struct section sections[5];
    size_t section_count;
    uint32_t sections_at; /* where the first section begins */
    uint32_t text_size, command_count;
    struct buf linkedit;
    uint32_t symbol_count, strings_at, strings_size; /* the latter two in `linkedit` */
    struct buf commands;
};

bool image_arch(const char *name, uint32_t *cputype, uint32_t *cpusubtype)
{
    static const struct {
        const char *name;
        uint32_t cputype, cpusubtype;
    } archs[] = {
#define ARCH(name, cputype, cpusubtype) {name, cputype, cpusubtype},
#include "format/arch.def"
#undef ARCH
    };
    for (size_t i = 0; i < sizeof archs / sizeof *archs; i++) {
        if (strcmp(archs[i].name, name) != 0)
            continue;
        *cputype = archs[i].cputype;
        *cpusubtype = archs[i].cpusubtype;
        return (*cputype & 0xff) == 7 || (*cputype & 0xff) == 12; /* Intel, ARM */
    }
    return false;
}

unsigned image_page_shift(uint32_t cputype)
{
    return cputype == 0x0100000c || cputype == 0x0200000c ? 14 : 12;
}

/* --- content ---------------------------------------------------------------------------------------------- */

static struct bytes c_strings(struct arena *a, const struct name_vec *names)
{
    struct buf b = {.arena = a};

    for (size_t i = 0; i < names->n; i++)
        buf_put(&b, bytes_of(names->at[i], strlen(names->at[i]) + 1));
    return buf_bytes(&b);
}

/* N bytes that only this image has: a chain of digests. */
static struct bytes filler(struct arena *a, const char *seed, size_t n)
{
    struct buf b = {.arena = a};
    uint8_t block[DIGEST_MAX], next[DIGEST_MAX];

    digest_of(DIGEST_SHA256, bytes_str(seed), block);
    while (b.n < n) {
        buf_put(&b, bytes_of(block, n - b.n < 32 ? n - b.n : 32));
        digest_of(DIGEST_SHA256, bytes_of(block, 32), next);
        memcpy(block, next, sizeof block);
    }
    return buf_bytes(&b);
}

static uint32_t round_up(uint64_t n, uint32_t to)
{
    return (uint32_t)((n + to - 1) / to * to);
}

static void add_section(struct maker *m, const char *name, struct bytes content, uint32_t flags)
{
    if (content.n)
        m->sections[m->section_count++] = (struct section){name, content, 0, flags};
}

#define S_CSTRING_LITERALS 2u
#define S_INSTRUCTIONS     0x80000400u

/* Sections in order from `sections_at` on; the filler last, to the end of __TEXT. */
static void plan_sections(struct maker *m)
{
    const struct image_plan *p = m->plan;
    uint32_t at = m->sections_at;

    add_section(m, "__objc_classname", c_strings(m->arena, &p->classes), S_CSTRING_LITERALS);
    add_section(m, "__cstring", c_strings(m->arena, &p->strings), S_CSTRING_LITERALS);
    add_section(m, "__info_plist", p->info_section, 0);
    add_section(m, "__launchd_plist", p->launchd_section, 0);
    for (size_t i = 0; i < m->section_count; i++) {
        m->sections[i].offset = at;
        at = round_up(at + m->sections[i].content.n, 16);
    }
    m->text_size = round_up(at + TEXT_SIZE - m->sections_at, SLICE_ALIGN);
    add_section(m, "__text", filler(m->arena, p->seed, m->text_size - at), S_INSTRUCTIONS);
    m->sections[m->section_count - 1].offset = at;
}

static void put_le16(struct buf *b, uint16_t v)
{
    buf_byte(b, (uint8_t)v);
    buf_byte(b, (uint8_t)(v >> 8));
}

/* Undefined symbols, then their names. */
static void plan_linkedit(struct maker *m)
{
    struct buf names = {.arena = m->arena};

    m->linkedit.arena = m->arena;
    buf_str(&names, " ");
    buf_byte(&names, 0);
    for (size_t i = 0; i < m->plan->imports.n; i++) {
        const char *name = m->plan->imports.at[i];

        buf_le32(&m->linkedit, (uint32_t)names.n);
        buf_byte(&m->linkedit, 1); /* undefined, external */
        buf_byte(&m->linkedit, 0);
        put_le16(&m->linkedit, 0x0100); /* from the first library */
        buf_zero(&m->linkedit, m->shape->symbol - 8);
        buf_put(&names, bytes_of(name, strlen(name) + 1));
    }
    m->symbol_count = (uint32_t)m->plan->imports.n;
    m->strings_at = (uint32_t)m->linkedit.n;
    buf_zero(&names, round_up(m->linkedit.n + names.n, 16) - m->linkedit.n - names.n);
    m->strings_size = (uint32_t)names.n;
    buf_put(&m->linkedit, buf_bytes(&names));
}

/* --- load commands ---------------------------------------------------------------------------------------- */

static void put_command(struct maker *m, uint32_t command, uint32_t size)
{
    buf_le32(&m->commands, command);
    buf_le32(&m->commands, size);
    m->command_count++;
}

static void put_name(struct buf *b, const char *name)
{
    size_t n = strlen(name);

    buf_put(b, bytes_of(name, n));
    buf_zero(b, 16 - n);
}

/* ADDRESS and SIZE in memory, OFFSET and LENGTH in the file. */
struct range {
    uint64_t address, size, offset, length;
};

/* An address or size. */
static void put_word(struct maker *m, uint64_t v)
{
    if (m->shape == &wide)
        buf_le64(&m->commands, v);
    else
        buf_le32(&m->commands, (uint32_t)v);
}

static void put_segment(struct maker *m, const char *name, struct range r, uint32_t sections)
{
    bool text = strcmp(name, "__TEXT") == 0;
    uint32_t protection = text ? 5 : r.length ? 1 : 0;

    put_command(m, m->shape->segment_command, m->shape->segment + m->shape->section * sections);
    put_name(&m->commands, name);
    put_word(m, r.address);
    put_word(m, r.size);
    put_word(m, r.offset);
    put_word(m, r.length);
    buf_le32(&m->commands, protection);
    buf_le32(&m->commands, protection);
    buf_le32(&m->commands, sections);
    buf_le32(&m->commands, 0);
}

static void put_section(struct maker *m, const struct section *s, uint64_t base)
{
    put_name(&m->commands, s->name);
    put_name(&m->commands, "__TEXT");
    put_word(m, base + s->offset);
    put_word(m, s->content.n);
    buf_le32(&m->commands, s->offset);
    buf_le32(&m->commands, 4);
    buf_zero(&m->commands, 8); /* no relocations */
    buf_le32(&m->commands, s->flags);
    buf_zero(&m->commands, m->shape == &wide ? 12 : 8);
}

static void put_segments(struct maker *m)
{
    bool execute = m->plan->filetype == FILETYPE_EXECUTE;
    uint64_t base = execute ? m->shape->base : 0;

    if (execute)
        put_segment(m, "__PAGEZERO", (struct range){0, base, 0, 0}, 0);
    put_segment(m, "__TEXT", (struct range){base, m->text_size, 0, m->text_size},
                (uint32_t)m->section_count);
    for (size_t i = 0; i < m->section_count; i++)
        put_section(m, &m->sections[i], base);
    put_segment(m, "__LINKEDIT",
                (struct range){base + m->text_size, round_up(m->linkedit.n, SLICE_ALIGN),
                               m->text_size, m->linkedit.n},
                0);
}

static void put_tables(struct maker *m)
{
    put_command(m, LC_SYMTAB, 24);
    buf_le32(&m->commands, m->text_size);
    buf_le32(&m->commands, m->symbol_count);
    buf_le32(&m->commands, m->text_size + m->strings_at);
    buf_le32(&m->commands, m->strings_size);
    put_command(m, LC_DYSYMTAB, 80);
    buf_zero(&m->commands, 16); /* no local, no defined symbols */
    buf_le32(&m->commands, 0);
    buf_le32(&m->commands, m->symbol_count);
    buf_zero(&m->commands, 48);
}

/* A command that ends in a string: FIXED bytes of HEAD behind the string's offset, then the string. */
static void put_string_command(struct maker *m, uint32_t command, struct bytes head,
                               const char *text)
{
    uint32_t fixed = 12 + (uint32_t)head.n, used = fixed + (uint32_t)strlen(text) + 1;
    uint32_t size = round_up(used, 8);

    put_command(m, command, size);
    buf_le32(&m->commands, fixed);
    buf_put(&m->commands, head);
    buf_str(&m->commands, text);
    buf_zero(&m->commands, size - used + 1);
}

static void put_library(struct maker *m, uint32_t command, const char *name)
{
    static const uint8_t versions[12] = {2, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0}; /* time 2, 1.0, 1.0 */

    put_string_command(m, command, bytes_of(versions, sizeof versions), name);
}

static void put_version(struct maker *m)
{
    const struct image_plan *p = m->plan;
    bool old = p->platform == PLATFORM_MACOS && p->sdk < MACOS_10_14;

    put_command(m, old ? LC_VERSION_MIN : LC_BUILD_VERSION, old ? 16 : 24);
    if (!old)
        buf_le32(&m->commands, p->platform);
    buf_le32(&m->commands, p->minos);
    buf_le32(&m->commands, p->sdk);
    if (!old)
        buf_le32(&m->commands, 0); /* no tools */
}

static void put_uuid(struct maker *m)
{
    uint8_t digest[DIGEST_MAX];
    char *seed = arena_printf(m->arena, "uuid/%x/%s", m->plan->cputype, m->plan->seed);

    digest_of(DIGEST_SHA256, bytes_str(seed), digest);
    digest[6] = (uint8_t)((digest[6] & 0x0f) | 0x40); /* version 4 */
    digest[8] = (uint8_t)((digest[8] & 0x3f) | 0x80);
    put_command(m, LC_UUID, 24);
    buf_put(&m->commands, bytes_of(digest, 16));
}

static void put_commands(struct maker *m)
{
    const struct image_plan *p = m->plan;

    m->commands.arena = m->arena;
    put_segments(m);
    if (p->install_name)
        put_library(m, LC_ID_DYLIB, p->install_name);
    put_tables(m);
    if (p->filetype == FILETYPE_EXECUTE)
        put_string_command(m, LC_LOAD_DYLINKER, bytes_of(NULL, 0), "/usr/lib/dyld");
    put_uuid(m);
    put_version(m);
    if (p->filetype == FILETYPE_EXECUTE) {
        put_command(m, LC_MAIN, 24);
        buf_le64(&m->commands, m->sections[m->section_count - 1].offset);
        buf_le64(&m->commands, 0);
    }
    for (size_t i = 0; i < p->links.n; i++)
        put_library(m, LC_LOAD_DYLIB, p->links.at[i]);
    for (size_t i = 0; i < p->rpaths.n; i++)
        put_string_command(m, LC_RPATH, bytes_of(NULL, 0), p->rpaths.at[i]);
}

/* Everything planned, with room for as many load commands as there are. */
static struct maker lay_out(struct arena *a, const struct image_plan *plan)
{
    for (uint32_t at = SECTIONS_AT;; at *= 2) {
        struct maker m = {
            .arena = a, .plan = plan, .shape = shape_of(plan->cputype), .sections_at = at};

        plan_sections(&m);
        plan_linkedit(&m);
        put_commands(&m);
        if (m.shape->header + m.commands.n + SIGNATURE_CMD <= at)
            return m;
    }
}

struct bytes image_make(struct arena *a, const struct image_plan *plan)
{
    struct maker m = lay_out(a, plan);
    struct buf b = {.arena = a};
    uint32_t flags = plan->filetype == FILETYPE_EXECUTE ? 0x200085u : 0x100085u;

    buf_le32(&b, m.shape->magic);
    buf_le32(&b, plan->cputype);
    buf_le32(&b, plan->cpusubtype);
    buf_le32(&b, plan->filetype);
    buf_le32(&b, m.command_count);
    buf_le32(&b, (uint32_t)m.commands.n);
    buf_le32(&b, flags);
    buf_zero(&b, m.shape->header - b.n);
    buf_put(&b, buf_bytes(&m.commands));
    for (size_t i = 0; i < m.section_count; i++) {
        buf_zero(&b, m.sections[i].offset - b.n);
        buf_put(&b, m.sections[i].content);
    }
    buf_zero(&b, m.text_size - b.n);
    buf_put(&b, buf_bytes(&m.linkedit));
    return buf_bytes(&b);
}

/* --- images of ours, read again --------------------------------------------------------------------------- */

static uint32_t le32(struct bytes b, size_t at)
{
    if (at + 4 > b.n)
        return 0;
    return (uint32_t)b.p[at] | (uint32_t)b.p[at + 1] << 8 | (uint32_t)b.p[at + 2] << 16 |
           (uint32_t)b.p[at + 3] << 24;
}

static uint64_t le64(struct bytes b, size_t at)
{
    return le32(b, at) | (uint64_t)le32(b, at + 4) << 32;
}

static uint32_t be32(struct bytes b, size_t at)
{
    return __builtin_bswap32(le32(b, at));
}

static void set_le32(uint8_t *p, uint32_t v)
{
    for (int i = 0; i < 4; i++)
        p[i] = (uint8_t)(v >> 8 * i);
}

/* The shape of an image by its magic, NULL. */
static const struct shape *shape_read(struct bytes b)
{
    return le32(b, 0) == MAGIC_64 ? &wide : le32(b, 0) == MAGIC_32 ? &narrow : NULL;
}

static uint64_t read_word(struct bytes b, const struct shape *shape, size_t at)
{
    return shape == &wide ? le64(b, at) : le32(b, at);
}

static void read_segment(struct bytes b, size_t at, struct image_map *out)
{
    const char *name = (const char *)b.p + at + 8;
    const struct shape *shape = shape_read(b);

    if (strncmp(name, "__LINKEDIT", 16) == 0)
        out->linkedit = at;
    if (strncmp(name, "__TEXT", 16) != 0)
        return;
    out->text_offset = read_word(b, shape, at + shape->file_at);
    out->text_size = read_word(b, shape, at + shape->length_at);
    for (uint32_t i = 0; i < le32(b, at + shape->count_at); i++) {
        size_t section = at + shape->segment + (size_t)i * shape->section;

        if (section + shape->section > b.n)
            return;
        if (strncmp((const char *)b.p + section, "__info_plist", 16) != 0)
            continue;
        out->info_offset = le32(b, section + shape->section_offset_at);
        out->info_size = read_word(b, shape, section + shape->section_size_at);
    }
}

static void read_command(struct bytes b, size_t at, struct image_map *out)
{
    switch (le32(b, at)) {
    case LC_SEGMENT:
    case LC_SEGMENT_64:
        if (at + wide.segment <= b.n)
            read_segment(b, at, out);
        return;
    case LC_CODE_SIGNATURE:
        out->signature = at;
        out->limit = le32(b, at + 8);
        return;
    case LC_BUILD_VERSION:
        out->platform = le32(b, at + 8);
        out->minos = le32(b, at + 12);
        out->sdk = le32(b, at + 16);
        return;
    case LC_VERSION_MIN:
        out->platform = PLATFORM_MACOS;
        out->minos = le32(b, at + 8);
        out->sdk = le32(b, at + 12);
        return;
    default: return;
    }
}

bool image_read(struct bytes b, struct image_map *out)
{
    const struct shape *shape = shape_read(b);
    size_t at = shape ? shape->header : 0;

    *out = (struct image_map){.cputype = le32(b, 4), .filetype = le32(b, 12)};
    if (!shape)
        return false;
    out->limit = (uint32_t)b.n;
    out->commands_end = shape->header + (size_t)le32(b, 20);
    for (uint32_t i = 0; i < le32(b, 16) && at + 8 <= b.n && at < out->commands_end; i++) {
        uint32_t size = le32(b, at + 4);

        if (size < 8)
            return false;
        read_command(b, at, out);
        at += size;
    }
    return out->linkedit != 0;
}

struct bytes image_prepare(struct arena *a, struct bytes image, uint32_t size)
{
    const struct shape *shape = shape_read(image);
    struct image_map map;
    struct buf b = {.arena = a};

    if (!shape || !image_read(image, &map))
        return image;
    uint32_t limit = round_up(map.limit < image.n ? map.limit : image.n, 16);
    uint64_t start = read_word(image, shape, map.linkedit + shape->file_at);
    uint64_t length = limit + size - start;
    buf_put(&b, bytes_of(image.p, map.limit < image.n ? map.limit : image.n));
    buf_zero(&b, limit - b.n);
    size_t command = map.signature ? map.signature : map.commands_end;
    if (command + SIGNATURE_CMD > b.n || map.linkedit + shape->segment > b.n)
        return image; /* cut off since it was made */
    if (!map.signature) {
        set_le32(b.p + 16, le32(image, 16) + 1);
        set_le32(b.p + 20, le32(image, 20) + SIGNATURE_CMD);
    }
    set_le32(b.p + command, LC_CODE_SIGNATURE);
    set_le32(b.p + command + 4, SIGNATURE_CMD);
    set_le32(b.p + command + 8, limit);
    set_le32(b.p + command + 12, size);
    set_le32(b.p + map.linkedit + shape->size_at, round_up(length, SLICE_ALIGN));
    set_le32(b.p + map.linkedit + shape->length_at, (uint32_t)length);
    return buf_bytes(&b);
}

struct bytes image_join(struct arena *a, const struct bytes *slices, size_t n, size_t *offsets)
{
    struct buf b = {.arena = a};
    size_t at = SLICE_ALIGN;

    buf_be32(&b, MAGIC_FAT);
    buf_be32(&b, (uint32_t)n);
    for (size_t i = 0; i < n; i++) {
        offsets[i] = at;
        buf_be32(&b, le32(slices[i], 4));
        buf_be32(&b, le32(slices[i], 8));
        buf_be32(&b, (uint32_t)at);
        buf_be32(&b, (uint32_t)slices[i].n);
        buf_be32(&b, FAT_ALIGN);
        at = round_up(at + slices[i].n, SLICE_ALIGN);
    }
    for (size_t i = 0; i < n; i++) {
        buf_zero(&b, offsets[i] - b.n);
        buf_put(&b, slices[i]);
    }
    return buf_bytes(&b);
}

size_t image_slices(struct arena *a, struct bytes file, struct bytes **slices)
{
    size_t n = be32(file, 0) == MAGIC_FAT ? be32(file, 4) : 0;

    if (n == 0 || n > 16) {
        *slices = arena_new_of(a, struct bytes);
        **slices = file;
        return 1;
    }
    *slices = arena_array(a, n, struct bytes);
    for (size_t i = 0; i < n; i++)
        bytes_part(file, be32(file, 8 + 20 * i + 8), be32(file, 8 + 20 * i + 12), &(*slices)[i]);
    return n;
}
