/* SPDX-License-Identifier: Apache-2.0 */
/* Names inside a Mach-O image: undefined symbols, Objective-C classes, strings that may be requirements. */
#include "config.h" /* for memmem */

#include <string.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "format/macho_private.h"

/* Bits of a symbol's type: a debugging entry, the kind, visible outside. */
#define SYMBOL_DEBUG    0xe0
#define SYMBOL_KIND     0x0e
#define SYMBOL_EXTERNAL 0x01

/* A symbol that another image must provide; *NAME is its offset in the string table. */
static bool read_undefined(struct cursor *c, const struct macho_slice *s, uint32_t *name)
{
    *name = macho_word(c, s->little);
    uint8_t type = cursor_u8(c);
    cursor_skip(c, 3); /* section, description */
    uint64_t value = !s->wide    ? macho_word(c, s->little)
                     : s->little ? cursor_le64(c)
                                 : cursor_be64(c);
    return !(type & SYMBOL_DEBUG) && !(type & SYMBOL_KIND) && (type & SYMBOL_EXTERNAL) &&
           value == 0;
}

void macho_imports(struct arena *a, const struct macho_slice *s, struct name_vec *out)
{
    struct cursor slice = cursor_of(s->data, s->offset);
    uint64_t size = (uint64_t)s->symbol_count * (s->wide ? 16 : 12);
    struct cursor symbols = cursor_part(&slice, s->symbol_offset, size);
    struct cursor strings = cursor_part(&slice, s->string_offset, s->string_size);
    if (!s->has_symtab || strings.failed)
        return;
    while (cursor_left(&symbols) != 0) {
        uint32_t name;
        if (!read_undefined(&symbols, s, &name))
            continue;
        struct cursor c = strings;
        struct bytes text = cursor_cstring_at(&c, name);
        if (!c.failed && text.n != 0)
            vec_push(a, out, (const char *)text.p);
    }
}

/* The next C string of C, which must end inside; false at the end. */
static bool next_string(struct cursor *c, struct bytes *out)
{
    if (cursor_left(c) == 0)
        return false;
    *out = cursor_cstring_at(c, c->at);
    cursor_skip(c, out->n + 1);
    return !c->failed;
}

void macho_class_names(struct arena *a, const struct macho_slice *s, struct name_vec *out)
{
    struct cursor c = cursor_of(s->class_names, 0);
    struct bytes text;
    while (next_string(&c, &text))
        if (text.n != 0)
            vec_push(a, out, (const char *)text.p);
}

static bool holds(struct bytes text, const char *word)
{
    return memmem(text.p, text.n, word, strlen(word)) != NULL;
}

/* Terms with an operand that every requirement worth judging has at least one of (requirement-language.md §2). */
static bool may_be_requirement(struct bytes text)
{
    static const char *const words[] = {"anchor ",     "certificate ", "cert ",
                                        "identifier ", "cdhash H",     "info[",
                                        "info [",      "entitlement[", "entitlement ["};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (holds(text, words[i]))
            return true;
    return false;
}

void macho_requirement_strings(struct arena *a, const struct macho_slice *s, struct name_vec *out)
{
    struct cursor c = cursor_of(s->cstrings, 0);
    struct bytes text;
    while (next_string(&c, &text))
        if (text.n >= 8 && may_be_requirement(text))
            vec_push(a, out, (const char *)text.p);
}
