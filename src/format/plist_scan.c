/* SPDX-License-Identifier: Apache-2.0 */
/* Scans of property lists: see plist_scan.h. The XML subset is Apple's DTD: elements, comments, CDATA, no entities
 * of one's own. The binary form is the trailer, the offset table and the objects' heads. */
#include "format/plist_scan.h"

#include <string.h>

#include "base/cursor.h"
#include "base/limits.h"

/* -- XML */

enum tag {
    TAG_PLIST,
    TAG_DICT,
    TAG_ARRAY,
    TAG_KEY,
    TAG_STRING,
    TAG_DATA,
    TAG_DATE,
    TAG_INTEGER,
    TAG_REAL,
    TAG_TRUE,
    TAG_FALSE,
    TAG_NONE
};

static const char *const tag_names[] = {"plist", "dict",    "array", "key",  "string", "data",
                                        "date",  "integer", "real",  "true", "false"};

struct xml_scan {
    const uint8_t *p, *end;
    struct bytes text;
    enum tag stack[LIMIT_PLIST_DEPTH + 2];
    bool want_value[LIMIT_PLIST_DEPTH + 2]; /* in a dict: a key was read, its value is next */
    size_t depth, keys;
    bool has_root;
    const uint8_t *markup,
        *key;          /* where the element at hand begins; the content of the last top-level key */
    struct bytes name; /* that key */
    struct plist_spans *spans; /* NULL: nobody asks */
    struct plist_span *span;   /* being read */
    size_t entries;            /* of it, so far */
    struct plist_error *error;
};

static bool xml_fail(struct xml_scan *s, const char *message)
{
    s->error->message = message;
    s->error->offset = (uint64_t)(s->p - s->text.p);
    s->error->line = 1;
    for (const uint8_t *q = s->text.p; q < s->p; q++)
        s->error->line += *q == '\n';
    return false;
}

static bool xml_at(const struct xml_scan *s, const char *word)
{
    size_t n = strlen(word);
    return (size_t)(s->end - s->p) >= n && memcmp(s->p, word, n) == 0;
}

/* Move behind the next WORD; false when it never comes. */
static bool xml_skip_past(struct xml_scan *s, const char *word)
{
    while (s->p < s->end && !xml_at(s, word))
        s->p++;
    if (s->p == s->end)
        return xml_fail(s, "an element, comment or declaration does not end");
    s->p += strlen(word);
    return true;
}

static bool xml_skip_doctype(struct xml_scan *s)
{
    const uint8_t *close = memchr(s->p, '>', (size_t)(s->end - s->p));
    if (close && memchr(s->p, '[', (size_t)(close - s->p)))
        return xml_fail(s, "declarations inside DOCTYPE are not allowed");
    return xml_skip_past(s, ">");
}

static bool xml_is_text(enum tag tag)
{
    return tag >= TAG_KEY && tag <= TAG_REAL;
}

/* The tag named at the cursor, which stops behind the name. */
static enum tag xml_name(struct xml_scan *s)
{
    size_t n = 0;
    while (s->p + n < s->end && ((s->p[n] | 0x20) >= 'a' && (s->p[n] | 0x20) <= 'z'))
        n++;
    int i = 0;
    while (i < TAG_NONE && (strlen(tag_names[i]) != n || memcmp(tag_names[i], s->p, n) != 0))
        i++;
    s->p += n;
    return (enum tag)i;
}

/* TAG may stand here: below which element, in which turn. */
static bool xml_allowed(struct xml_scan *s, enum tag tag)
{
    if (s->depth == 0) {
        if (s->has_root)
            return xml_fail(s, "bytes after the end of the list");
        s->has_root = true;
        return tag != TAG_KEY || xml_fail(s, "a key outside a dictionary");
    }
    enum tag parent = s->stack[s->depth - 1];
    bool *turn = &s->want_value[s->depth - 1];
    if (tag == TAG_PLIST || xml_is_text(parent))
        return xml_fail(s, "an element where none may be");
    if (parent == TAG_DICT) {
        if (*turn == (tag == TAG_KEY))
            return xml_fail(s, *turn ? "a key without a value" : "a value without a key");
        s->keys += tag == TAG_KEY;
        *turn = !*turn;
        return true;
    }
    if (parent == TAG_PLIST && *turn)
        return xml_fail(s, "more than one value");
    if (parent == TAG_PLIST)
        *turn = true;
    return tag != TAG_KEY || xml_fail(s, "a key outside a dictionary");
}

/* -- dictionaries that are wanted in pieces: plist > dict > dict */

#define TOP_DICT  2 /* depth inside the top-level dictionary */
#define PART_DICT 3 /* and inside one of its dictionaries */

static size_t offset_of(const struct xml_scan *s, const uint8_t *p)
{
    return (size_t)(p - s->text.p);
}

/* TAG was opened, and S is inside it. */
static void note_open(struct xml_scan *s, enum tag tag)
{
    bool top = s->stack[0] == TAG_PLIST && s->stack[1] == TAG_DICT;
    if (!s->spans || !top)
        return;
    if (tag == TAG_KEY && s->depth == TOP_DICT + 1)
        s->key = s->p;
    if (tag == TAG_KEY && s->depth == PART_DICT + 1 && s->span && s->entries++ % PLIST_PIECE == 0)
        vec_push(s->spans->arena, &s->span->pieces, offset_of(s, s->markup));
    if (tag != TAG_DICT || s->depth != PART_DICT)
        return;
    for (size_t i = 0; i < s->spans->n; i++)
        if (!s->spans->at[i].found && bytes_is(s->name, s->spans->at[i].name))
            s->span = &s->spans->at[i];
    if (s->span)
        s->span->start = offset_of(s, s->p);
    s->entries = 0;
}

/* TAG was closed, and S is outside it. */
static void note_close(struct xml_scan *s, enum tag tag)
{
    if (tag == TAG_KEY && s->depth == TOP_DICT && s->key)
        s->name = bytes_of(s->key, (size_t)(s->markup - s->key));
    if (tag != TAG_DICT || s->depth != TOP_DICT || !s->span)
        return;
    s->span->end = offset_of(s, s->markup);
    s->span->found = true;
    s->span = NULL;
}

static bool xml_open(struct xml_scan *s)
{
    enum tag tag = xml_name(s);
    if (tag == TAG_NONE)
        return xml_fail(s, "unknown element");
    if (!xml_allowed(s, tag))
        return false;
    const uint8_t *close = memchr(s->p, '>', (size_t)(s->end - s->p));
    if (!close)
        return xml_fail(s, "an element, comment or declaration does not end");
    bool empty = close > s->p && close[-1] == '/';
    s->p = close + 1;
    if (empty)
        return true;
    if (s->depth > LIMIT_PLIST_DEPTH)
        return xml_fail(s, "nested too deeply");
    s->want_value[s->depth] = false;
    s->stack[s->depth++] = tag;
    note_open(s, tag);
    return true;
}

static bool xml_close(struct xml_scan *s)
{
    enum tag tag = xml_name(s);
    if (s->depth == 0 || tag != s->stack[s->depth - 1])
        return xml_fail(s, "an end tag that does not fit");
    if (tag == TAG_DICT && s->want_value[s->depth - 1])
        return xml_fail(s, "a key without a value");
    s->depth--;
    note_close(s, tag);
    return xml_skip_past(s, ">");
}

static bool xml_markup(struct xml_scan *s)
{
    if (xml_at(s, "<!--")) {
        s->p += 4;
        return xml_skip_past(s, "-->");
    }
    if (xml_at(s, "<![CDATA["))
        return (s->depth && xml_is_text(s->stack[s->depth - 1]) && xml_skip_past(s, "]]>")) ||
               xml_fail(s, "text where none may be");
    if (xml_at(s, "<!DOCTYPE") && !s->has_root)
        return xml_skip_doctype(s);
    if (xml_at(s, "<?"))
        return xml_skip_past(s, "?>");
    bool end = xml_at(s, "</");
    s->markup = s->p;
    s->p += end ? 2 : 1;
    return end ? xml_close(s) : xml_open(s);
}

static bool xml_text(struct xml_scan *s)
{
    bool inside = s->depth && xml_is_text(s->stack[s->depth - 1]);
    for (; s->p < s->end && *s->p != '<'; s->p++) {
        if (*s->p == '\0')
            return xml_fail(s, "a NUL byte");
        if (!inside && !strchr(" \t\r\n", *s->p))
            return xml_fail(s, s->depth == 0 && s->has_root ? "bytes after the end of the list"
                                                            : "text where none may be");
    }
    return true;
}

bool plist_scan_xml(struct bytes text, size_t *keys, struct plist_spans *spans,
                    struct plist_error *error)
{
    struct xml_scan s = {
        .p = text.p, .end = text.p + text.n, .text = text, .spans = spans, .error = error};
    if (xml_at(&s, "\xef\xbb\xbf"))
        s.p += 3;
    while (s.p < s.end)
        if (!(*s.p == '<' ? xml_markup(&s) : xml_text(&s)))
            return false;
    *keys = s.keys;
    if (s.depth != 0 || !s.has_root)
        return xml_fail(&s, "the list does not end");
    return true;
}

/* -- binary */

#define BINARY_HEAD    8
#define BINARY_TRAILER 32
/* Objects a list may stand for when references are followed: shared ones count each time. */
#define BINARY_EXPANDED (8u << 20)

struct binary_scan {
    struct bytes text;
    uint64_t objects, table; /* number of objects, offset of the offset table */
    uint8_t offset_size, ref_size;
    size_t expanded, keys;
    struct plist_error *error;
};

static bool binary_fail(struct binary_scan *s, uint64_t offset, const char *message)
{
    s->error->message = message;
    s->error->offset = offset;
    s->error->line = 0;
    return false;
}

static uint64_t sized_int(struct cursor *c, uint8_t size)
{
    uint64_t v = 0;
    while (size-- > 0)
        v = v << 8 | cursor_u8(c);
    return v;
}

/* The object's offset in the file; false when its entry or the offset lies outside. */
static bool object_offset(struct binary_scan *s, uint64_t object, uint64_t *offset)
{
    struct cursor c = cursor_of(s->text, 0);
    if (object >= s->objects)
        return binary_fail(s, s->table, "a reference to no object");
    cursor_seek(&c, s->table + object * s->offset_size);
    *offset = sized_int(&c, s->offset_size);
    if (c.failed || *offset < BINARY_HEAD || *offset >= s->table)
        return binary_fail(s, s->table, "an object outside the list");
    return true;
}

/* The count of a head's low nibble, which 15 puts into an integer object behind it. */
static uint64_t object_count(struct cursor *c, uint8_t low)
{
    if (low != 15)
        return low;
    uint8_t head = cursor_u8(c);
    if (head >> 4 != 1 || (head & 15) > 3)
        cursor_fail(c);
    return sized_int(c, (uint8_t)(1 << (head & 3)));
}

static bool scan_object(struct binary_scan *s, uint64_t object, int depth);

/* COUNT references at C: elements, or keys and then values. */
static bool scan_references(struct binary_scan *s, struct cursor c, uint64_t count, int depth)
{
    for (uint64_t i = 0; i < count; i++)
        if (!scan_object(s, sized_int(&c, s->ref_size), depth + 1))
            return false;
    return true;
}

static bool scan_container(struct binary_scan *s, struct cursor *c, uint8_t head, int depth)
{
    uint64_t count = object_count(c, head & 15), at = cursor_offset(c);
    uint64_t refs = head >> 4 == 13 ? 2 * count : count;
    if (c->failed || count > s->objects * 2 + 1 || refs * s->ref_size > cursor_left(c))
        return binary_fail(s, at, "a container is longer than the list");
    if (depth > LIMIT_PLIST_DEPTH)
        return binary_fail(s, at, "nested too deeply");
    s->keys += head >> 4 == 13 ? count : 0;
    return scan_references(s, *c, refs, depth);
}

/* Bytes of a leaf behind its head; UINT64_MAX for a head that means nothing. */
static uint64_t leaf_size(struct cursor *c, uint8_t head)
{
    uint8_t low = head & 15;
    switch (head >> 4) {
    case 0: return low == 8 || low == 9 ? 0 : UINT64_MAX;
    case 1: return low <= 4 ? (uint64_t)1 << low : UINT64_MAX;
    case 2: return low == 2 || low == 3 ? (uint64_t)1 << low : UINT64_MAX;
    case 3: return low == 3 ? 8 : UINT64_MAX;
    case 4:
    case 5: return object_count(c, low);
    case 6: {
        uint64_t units = object_count(c, low);
        return units > UINT32_MAX ? UINT64_MAX : 2 * units;
    }
    case 8: return (uint64_t)low + 1;
    default: return UINT64_MAX;
    }
}

static bool scan_object(struct binary_scan *s, uint64_t object, int depth)
{
    uint64_t offset;
    if (++s->expanded > BINARY_EXPANDED)
        return binary_fail(s, s->table, "the list stands for too many objects");
    if (!object_offset(s, object, &offset))
        return false;
    struct cursor c = cursor_of(bytes_of(s->text.p, (size_t)s->table), 0);
    cursor_seek(&c, offset);
    uint8_t head = cursor_u8(&c);
    if (head >> 4 == 10 || head >> 4 == 13)
        return scan_container(s, &c, head, depth);
    uint64_t size = leaf_size(&c, head);
    if (c.failed || size == UINT64_MAX || size > cursor_left(&c))
        return binary_fail(s, offset, "an object of unknown kind or size");
    return true;
}

bool plist_scan_binary(struct bytes text, size_t *keys, struct plist_error *error)
{
    struct binary_scan s = {.text = text, .error = error};
    if (text.n < BINARY_HEAD + BINARY_TRAILER)
        return binary_fail(&s, text.n, "the list does not end");
    struct cursor c = cursor_of(text, 0);
    cursor_seek(&c, text.n - BINARY_TRAILER + 6);
    s.offset_size = cursor_u8(&c);
    s.ref_size = cursor_u8(&c);
    s.objects = cursor_be64(&c);
    uint64_t top = cursor_be64(&c);
    s.table = cursor_be64(&c);
    bool sizes = s.offset_size >= 1 && s.offset_size <= 8 && s.ref_size >= 1 && s.ref_size <= 8;
    if (!sizes || s.table < BINARY_HEAD || s.table > text.n - BINARY_TRAILER || s.objects == 0 ||
        s.objects > (text.n - BINARY_TRAILER - s.table) / s.offset_size)
        return binary_fail(&s, text.n - BINARY_TRAILER, "the trailer does not fit the list");
    bool ok = scan_object(&s, top, 0);
    *keys = s.keys;
    return ok;
}
