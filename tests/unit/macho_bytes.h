/* SPDX-License-Identifier: Apache-2.0 */
/* Mach-O files made in the tests: only what the readers look at. */
#ifndef TESTS_UNIT_MACHO_BYTES_H
#define TESTS_UNIT_MACHO_BYTES_H

#include "base/buf.h"

struct macho_shape {
    bool wide, big_endian;
    uint32_t cputype, cpusubtype, filetype;
    uint32_t size;                 /* of the whole image; __LINKEDIT ends there */
    uint32_t sig_offset, sig_size; /* LC_CODE_SIGNATURE when sig_size is not 0 */
    const char *info_plist;        /* content of the section, NULL for none */
};

struct macho_out {
    struct buf b;
    const struct macho_shape *shape;
    size_t start;
};

static inline void put32(struct macho_out *o, uint32_t v)
{
    if (o->shape->big_endian)
        buf_be32(&o->b, v);
    else
        buf_le32(&o->b, v);
}

static inline void put_word(struct macho_out *o, uint64_t v)
{
    if (!o->shape->wide)
        put32(o, (uint32_t)v);
    else if (o->shape->big_endian)
        buf_be64(&o->b, v);
    else
        buf_le64(&o->b, v);
}

static inline void put_name(struct macho_out *o, const char *name)
{
    buf_put(&o->b, bytes_str(name));
    buf_zero(&o->b, 16 - strlen(name));
}

static inline void put_segment(struct macho_out *o, const char *name, uint64_t offset,
                               uint64_t size, uint32_t sections)
{
    bool wide = o->shape->wide;
    put32(o, wide ? 0x19 : 1);
    put32(o, (wide ? 72 : 56) + sections * (wide ? 80 : 68));
    put_name(o, name);
    put_word(o, 0x100000000u);
    put_word(o, size);
    put_word(o, offset);
    put_word(o, size);
    put32(o, 5);
    put32(o, 5);
    put32(o, sections);
    put32(o, 0);
}

static inline void put_section(struct macho_out *o, const char *name, uint32_t offset,
                               uint64_t size)
{
    put_name(o, name);
    put_name(o, "__TEXT");
    put_word(o, 0);
    put_word(o, size);
    put32(o, offset);
    for (int i = 0; i < (o->shape->wide ? 7 : 6); i++)
        put32(o, 0);
}

static inline void put_text_command(struct macho_out *o, uint32_t command, uint32_t fixed,
                                    const char *text)
{
    uint32_t size = fixed + ((uint32_t)strlen(text) + 8) / 8 * 8;
    size_t start = o->b.n;
    put32(o, command);
    put32(o, size);
    put32(o, fixed);
    while (o->b.n < start + fixed)
        put32(o, 0x00010203);
    buf_put(&o->b, bytes_str(text));
    buf_zero(&o->b, start + size - o->b.n);
}

/* The image, appended to O->b; strings and symbols lie at 0x700 and behind. */
static inline void put_macho(struct macho_out *o)
{
    const struct macho_shape *s = o->shape;
    static const char strings[] = "\0_main\0_NSExtensionMain\0", names[] = "Alpha\0BetaProvider\0",
                      texts[] = "plain\0anchor apple generic\0";
    size_t start = o->start = o->b.n;
    put32(o, s->wide ? 0xfeedfacf : 0xfeedface);
    put32(o, s->cputype);
    put32(o, s->cpusubtype);
    put32(o, s->filetype);
    put32(o, 0);
    size_t size_at = o->b.n;
    put32(o, 0);
    put32(o, 0x200085);
    if (s->wide)
        put32(o, 0);
    size_t commands = o->b.n;
    put_segment(o, "__TEXT", 0, 0x700, 4);
    put_section(o, "__objc_classname", 0x600, sizeof names - 1);
    put_section(o, "__cstring", 0x640, sizeof texts - 1);
    put_section(o, "__info_plist", 0x680, s->info_plist ? strlen(s->info_plist) : 0);
    put_section(o, "__launchd_plist", 0xfffffff0, 64);
    put_segment(o, "__LINKEDIT", 0x700, s->size - 0x700, 0);
    put32(o, 2), put32(o, 24), put32(o, 0x700), put32(o, 2), put32(o, 0x740),
        put32(o, sizeof strings - 1);
    put32(o, 0x1b), put32(o, 24), put32(o, 1), put32(o, 2), put32(o, 3), put32(o, 4);
    put32(o, 0x32), put32(o, 24), put32(o, 1), put32(o, 0x000c0000), put32(o, 0x000f0200),
        put32(o, 0);
    put_text_command(o, 0xd, 24, "@rpath/Self.dylib");
    put_text_command(o, 0xc, 24, "/usr/lib/libSystem.B.dylib");
    put_text_command(o, 0x80000018, 24, "@rpath/Weak.dylib");
    put_text_command(o, 0x8000001c, 12, "@executable_path/../Frameworks");
    if (s->sig_size)
        put32(o, 0x1d), put32(o, 16), put32(o, s->sig_offset), put32(o, s->sig_size);
    uint32_t length = (uint32_t)(o->b.n - commands);
    for (size_t i = 0; i < 4; i++)
        o->b.p[size_at + i] = (uint8_t)(length >> 8 * (s->big_endian ? 3 - i : i));
    buf_zero(&o->b, start + 0x600 - o->b.n);
    buf_put(&o->b, bytes_of(names, sizeof names - 1));
    buf_zero(&o->b, start + 0x640 - o->b.n);
    buf_put(&o->b, bytes_of(texts, sizeof texts - 1));
    buf_zero(&o->b, start + 0x680 - o->b.n);
    buf_put(&o->b, bytes_str(s->info_plist));
    buf_zero(&o->b, start + 0x700 - o->b.n);
    put32(o, 1), buf_put(&o->b, bytes_of("\x0f\x01\0\0", 4)), put_word(o, 0x1000);
    put32(o, 7), buf_put(&o->b, bytes_of("\x01\0\0\0", 4)), put_word(o, 0);
    buf_zero(&o->b, start + 0x740 - o->b.n);
    buf_put(&o->b, bytes_of(strings, sizeof strings - 1));
    buf_zero(&o->b, start + s->size - o->b.n);
}

#endif
