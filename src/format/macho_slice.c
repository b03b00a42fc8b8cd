/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One Mach-O image: header and load commands in a single walk (static-validation.md §2.3 to §2.5). `ncmds` is
 * not used, the first command's size is not checked before use, and a broken command ends the walk.
 */
#include <string.h>

#include "base/arena.h"
#include "format/macho_private.h"

#define HEADER_SIZE 28 /* the 64-bit header has four more bytes */

enum load_command {
    LC_SEGMENT = 0x1,
    LC_SYMTAB = 0x2,
    LC_LOAD_DYLIB = 0xc,
    LC_ID_DYLIB = 0xd,
    LC_SEGMENT_64 = 0x19,
    LC_UUID = 0x1b,
    LC_CODE_SIGNATURE = 0x1d,
    LC_LAZY_LOAD_DYLIB = 0x20,
    LC_ENCRYPTION_INFO = 0x21,
    LC_ENCRYPTION_INFO_64 = 0x2c,
    LC_BUILD_VERSION = 0x32,
};
/* These carry the "dyld must understand" bit, which no enumerator of type int holds. */
#define LC_LOAD_WEAK_DYLIB   0x80000018u
#define LC_RPATH             0x8000001cu
#define LC_REEXPORT_DYLIB    0x8000001fu
#define LC_LOAD_UPWARD_DYLIB 0x80000023u

/* Sizes of the fixed parts of segment and section records. */
#define SEGMENT_SIZE(wide) ((wide) ? 72u : 56u)
#define SECTION_SIZE(wide) ((wide) ? 80u : 68u)

#define PROTECTION_EXECUTE 4u

struct reader {
    struct arena *a;
    struct macho_slice *s;
    struct cursor c;    /* over the commands */
    uint64_t at;        /* file offset of the command at hand */
    const char *broken; /* the walk ended at a broken command: what is wrong */
    uint64_t broken_at;
    bool decided; /* the structure check has met its first segment or symbol table */
    bool sig_broken, structure_broken; /* the command met was too short (ENOEXEC) */
    bool seen_version, seen_build;
};

static uint32_t word(struct reader *r, struct cursor *c)
{
    return macho_word(c, r->s->little);
}

static uint64_t wide_word(struct reader *r, struct cursor *c, bool wide)
{
    if (!wide)
        return word(r, c);
    return r->s->little ? cursor_le64(c) : cursor_be64(c);
}

/* -- Segments and sections ------------------------------------------------------------------------------ */

/* Records have the word size of the command's kind, whatever the image's is. */
struct segment {
    bool wide;
    struct bytes name; /* 16 bytes */
    uint64_t offset, size;
    uint32_t protection; /* as mapped first */
    uint32_t sections;
    struct cursor rest; /* the section records */
};

/* NAME is a field of 16 bytes, padded with NULs. */
static bool is_named(struct bytes field, const char *name)
{
    size_t n = strlen(name);
    return field.n == 16 && memcmp(field.p, name, n) == 0 && (n == 16 || field.p[n] == 0);
}

static bool read_segment(struct reader *r, struct cursor c, struct segment *out)
{
    out->name = cursor_bytes(&c, 16);
    (void)wide_word(r, &c, out->wide); /* vmaddr */
    (void)wide_word(r, &c, out->wide); /* vmsize */
    out->offset = wide_word(r, &c, out->wide);
    out->size = wide_word(r, &c, out->wide);
    cursor_skip(&c, 4); /* maxprot */
    out->protection = word(r, &c);
    out->sections = word(r, &c);
    cursor_skip(&c, 4); /* flags */
    out->rest = c;
    return !c.failed;
}

struct section {
    struct bytes name;
    uint64_t size;
    uint32_t offset;
};

static bool read_section(struct reader *r, struct segment *segment, struct section *out)
{
    bool wide = segment->wide;
    struct cursor one = cursor_child(&segment->rest, SECTION_SIZE(wide));
    out->name = cursor_bytes(&one, 16);
    cursor_skip(&one, 16); /* segment name */
    (void)wide_word(r, &one, wide);
    out->size = wide_word(r, &one, wide);
    out->offset = word(r, &one);
    return !one.failed;
}

/* Keep the content of a section when it is the first of its name and can be read. */
static void keep_section(const struct reader *r, const struct section *section, const char *name,
                         struct bytes *out)
{
    if (out->p == NULL && is_named(section->name, name))
        (void)bytes_part(r->s->data, section->offset, section->size, out);
}

/* What the first __TEXT segment holds. A section that cannot be read counts as absent. */
static void read_text(struct reader *r, struct segment *segment)
{
    struct macho_slice *s = r->s;
    struct section section;
    s->has_text = true;
    s->text_offset = segment->offset;
    s->text_size = segment->size;
    for (uint32_t i = 0; i < segment->sections && read_section(r, segment, &section); i++) {
        if (section.offset && (!s->first_section || section.offset < s->first_section))
            s->first_section = section.offset;
        keep_section(r, &section, "__info_plist", &s->info_plist);
        keep_section(r, &section, "__launchd_plist", &s->launchd_plist);
        keep_section(r, &section, "__cstring", &s->cstrings);
        keep_section(r, &section, "__objc_classname", &s->class_names);
    }
    s->has_info_plist = s->info_plist.p != NULL;
    s->has_launchd = s->launchd_plist.p != NULL;
}

/* The first of link-edit segment and symbol table must end where the slice ends (§2.5). */
static void decide_structure(struct reader *r, uint64_t end, const char *fault)
{
    if (r->decided || r->structure_broken)
        return;
    r->decided = true;
    if (end != r->s->size)
        r->s->fault = arena_printf(r->a, "%s ends at %llu, the slice has %llu bytes", fault,
                                   (unsigned long long)end, (unsigned long long)r->s->size);
}

static void on_segment(struct reader *r, bool wide, struct cursor c, uint32_t size)
{
    struct segment segment = {.wide = wide};
    if (size < SEGMENT_SIZE(wide) || !read_segment(r, c, &segment)) {
        r->structure_broken = r->structure_broken || !r->decided;
        return;
    }
    uint64_t end = segment.offset + segment.size;
    r->s->exec_segments += (segment.protection & PROTECTION_EXECUTE) != 0;
    if (is_named(segment.name, "__LINKEDIT"))
        decide_structure(r, wide ? end : (uint32_t)end, "the __LINKEDIT segment");
    if (!r->s->has_text && is_named(segment.name, "__TEXT"))
        read_text(r, &segment);
}

static void on_symtab(struct reader *r, struct cursor c, uint32_t size)
{
    struct macho_slice *s = r->s;
    if (size < 24) {
        r->structure_broken = r->structure_broken || !r->decided;
        return;
    }
    uint32_t symbols = word(r, &c), count = word(r, &c), strings = word(r, &c), room = word(r, &c);
    decide_structure(r, (uint32_t)(strings + room), "the symbol table");
    if (s->has_symtab || c.failed)
        return;
    s->has_symtab = true;
    s->symbol_offset = symbols;
    s->symbol_count = count;
    s->string_offset = strings;
    s->string_size = room;
}

/* -- The other commands --------------------------------------------------------------------------------- */

static void on_code_signature(struct reader *r, struct cursor c, uint32_t size)
{
    struct macho_slice *s = r->s;
    if (s->has_signature || r->sig_broken)
        return;
    r->sig_broken = size < 16;
    if (r->sig_broken)
        return;
    s->has_signature = true;
    s->sig_command = size;
    s->sig_offset = word(r, &c);
    s->sig_size = word(r, &c);
}

static void on_uuid(struct reader *r, struct cursor c, uint32_t size)
{
    struct macho_slice *s = r->s;
    if (s->has_uuid || s->uuid_bad)
        return;
    struct bytes uuid = cursor_bytes(&c, sizeof s->uuid);
    s->uuid_bad = size != 24 || c.failed;
    if (s->uuid_bad)
        return;
    memcpy(s->uuid, uuid.p, sizeof s->uuid);
    s->has_uuid = true;
}

static void on_build_version(struct reader *r, struct cursor c, uint32_t size)
{
    struct macho_slice *s = r->s;
    if (r->seen_build)
        return;
    r->seen_build = true;
    s->version_bad = size < 24;
    s->platform = word(r, &c);
    s->minos = word(r, &c);
    s->sdk = word(r, &c);
}

static uint32_t platform_of(uint32_t command)
{
    switch (command) {
#define VERSION_MIN(lc, platform) \
    case lc:                      \
        return platform;
#include "format/macho_tables.def"
#undef VERSION_MIN
    default: return 0;
    }
}

/* Counts only when no LC_BUILD_VERSION is there at all. */
static void on_version_min(struct reader *r, uint32_t platform, struct cursor c, uint32_t size)
{
    struct macho_slice *s = r->s;
    if (r->seen_build || r->seen_version)
        return;
    r->seen_version = true;
    s->version_bad = size < 16;
    s->platform = platform;
    s->minos = word(r, &c);
    s->sdk = word(r, &c);
}

/* The text a command's string offset leads to; NULL when it does not end inside the command. */
static const char *command_text(struct reader *r, struct cursor c)
{
    uint32_t offset = word(r, &c);
    struct bytes text = cursor_cstring_at(&c, offset);
    return c.failed ? NULL : (const char *)text.p;
}

static void on_dylib(struct reader *r, uint32_t command, struct cursor c)
{
    struct macho_dylib d = {.command = command, .name = command_text(r, c)};
    d.weak = command == LC_LOAD_WEAK_DYLIB;
    cursor_skip(&c, 8); /* name, time stamp */
    d.version = word(r, &c);
    d.compatible = word(r, &c);
    if (!d.name || c.failed)
        return;
    if (command != LC_ID_DYLIB)
        vec_push(r->a, &r->s->dylibs, d);
    else if (!r->s->install_name)
        r->s->install_name = d.name;
}

static void on_rpath(struct reader *r, struct cursor c)
{
    const char *path = command_text(r, c);
    if (path)
        vec_push(r->a, &r->s->rpaths, path);
}

static void on_encryption(struct reader *r, struct cursor c)
{
    cursor_skip(&c, 8); /* cryptoff, cryptsize */
    r->s->encrypted = r->s->encrypted || word(r, &c) != 0;
}

/* C covers the whole command, which says it has SIZE bytes, and stands behind its first 8. */
static void on_command(struct reader *r, uint32_t command, struct cursor c, uint32_t size)
{
    switch (command) {
    case LC_SEGMENT:
    case LC_SEGMENT_64: on_segment(r, command == LC_SEGMENT_64, c, size); break;
    case LC_SYMTAB: on_symtab(r, c, size); break;
    case LC_CODE_SIGNATURE: on_code_signature(r, c, size); break;
    case LC_UUID: on_uuid(r, c, size); break;
    case LC_BUILD_VERSION: on_build_version(r, c, size); break;
    case LC_LOAD_DYLIB:
    case LC_ID_DYLIB:
    case LC_LAZY_LOAD_DYLIB:
    case LC_LOAD_WEAK_DYLIB:
    case LC_REEXPORT_DYLIB:
    case LC_LOAD_UPWARD_DYLIB: on_dylib(r, command, c); break;
    case LC_RPATH: on_rpath(r, c); break;
    case LC_ENCRYPTION_INFO:
    case LC_ENCRYPTION_INFO_64: on_encryption(r, c); break;
    default:
        if (platform_of(command) != 0)
            on_version_min(r, platform_of(command), c, size);
    }
}

/* -- The walk ------------------------------------------------------------------------------------------- */

static void broken(struct reader *r, uint64_t at, const char *why)
{
    r->broken = why;
    r->broken_at = at;
}

/* The command at AT, whose size need not fit when it is the first; 0 ends the walk. */
static uint32_t take_command(struct reader *r, size_t at)
{
    struct cursor c = cursor_part(&r->c, at, r->c.data.n - at);
    uint32_t command = word(r, &c), size = word(r, &c);
    if (c.failed) {
        broken(r, c.origin, "a load command's head crosses the end of the commands");
        return 0;
    }
    if (at != 0 && size > c.data.n) {
        broken(r, c.origin, "a load command crosses the end of the commands");
        return 0;
    }
    if (size < c.data.n)
        c.data.n = size < 8 ? 8 : size;
    on_command(r, command, c, size);
    if (size == 0)
        broken(r, c.origin, "a load command has size 0");
    return size;
}

static void walk_commands(struct reader *r)
{
    uint64_t at = 0;
    while (at < r->c.data.n) {
        uint32_t size = take_command(r, (size_t)at);
        if (size == 0)
            return;
        at += size;
    }
}

static bool refuse(struct findings *f, struct place at, uint64_t offset, const char *why)
{
    at.offset = (int64_t)offset;
    finding_add(f, FINDING_MACHO_FORMAT, at, "%s", why);
    return false;
}

static bool read_header(struct macho_slice *s, struct findings *f, struct place at)
{
    struct cursor c = cursor_of(s->data, s->offset);
    if (!macho_magic(cursor_be32(&c), &s->wide, &s->little))
        return refuse(f, at, s->offset,
                      c.failed ? "the slice begins beyond the end of the file"
                               : "the slice has no Mach-O magic");
    cursor_skip(&c, 8); /* cputype, cpusubtype: the container's count */
    s->filetype = macho_word(&c, s->little);
    (void)macho_word(&c, s->little); /* ncmds */
    uint32_t size = macho_word(&c, s->little);
    s->flags = macho_word(&c, s->little);
    cursor_skip(&c, s->wide ? 4 : 0);
    if (c.failed)
        return refuse(f, at, s->offset, "the header is cut off");
    if (size < 8)
        return refuse(f, at, s->offset + 20, "there are no load commands");
    s->commands = cursor_bytes(&c, size);
    if (c.failed)
        return refuse(f, at, s->offset + HEADER_SIZE,
                      "the load commands reach beyond the end of the file");
    if (size > LIMIT_LOAD_COMMANDS)
        return refuse(f, at, s->offset + 20,
                      "the load commands are larger than this program reads");
    return true;
}

/*
 * What the lookups of §2.3 say. A broken command is ENOEXEC for every search that reaches it; validation
 * searches for the signature and evaluates the structure, other searches only display something.
 */
static bool conclude(struct reader *r, struct findings *f, struct place at)
{
    struct macho_slice *s = r->s;
    bool fatal = r->broken && (!s->has_signature || (s->size != 0 && !r->decided));
    s->limit = s->has_signature && s->sig_offset != 0 ? s->sig_offset : s->size;
    if (r->broken && r->seen_version && !r->seen_build)
        s->version_bad = true;
    if (r->sig_broken)
        return refuse(f, at, s->offset, "LC_CODE_SIGNATURE is shorter than 16 bytes");
    if (r->structure_broken && s->size != 0)
        return refuse(f, at, s->offset, "a segment or symbol table command is too short");
    if (r->broken) {
        refuse(f, at, r->broken_at, r->broken);
        if (!fatal)
            f->list.at[f->list.n - 1]->severity = SEVERITY_WARN;
    }
    if (!r->decided && s->size != 0)
        s->fault = "there is neither a __LINKEDIT segment nor a symbol table";
    return !fatal;
}

bool macho_slice_parse(struct arena *a, struct macho_slice *s, struct findings *f, struct place at)
{
    if (!read_header(s, f, at))
        return false;
    struct reader r = {.a = a, .s = s};
    r.c = cursor_of(s->commands, s->offset + HEADER_SIZE + (s->wide ? 4 : 0));
    walk_commands(&r);
    s->usable = conclude(&r, f, at);
    return s->usable;
}
