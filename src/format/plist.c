/* SPDX-License-Identifier: Apache-2.0 */
/* Property lists: the one file that knows libplist; see plist.h. */
#include "format/plist.h"

#include <inttypes.h>
#include <plist/plist.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/when.h"
#include "format/plist_scan.h"

static void release(void *p)
{
    plist_t *root = p;
    if (*root)
        plist_free(*root);
}

static void release_key(void *p)
{
    free(*(char **)p);
}

bool plist_binary(struct bytes text)
{
    return bytes_starts(text, bytes_str("bplist0"));
}

/* -- libplist's tree into ours */

struct converting {
    struct arena *a;
    size_t entries; /* dictionary entries made: fewer than the keys scanned means duplicates */
};

static struct value *convert(struct converting *c, plist_t node);

static struct value *convert_dict(struct converting *c, plist_t node)
{
    struct value *dict = value_dict(c->a);
    struct arena *work = arena_child(c->a);
    char **key = arena_new_of(work, char *);
    plist_dict_iter it = NULL;
    arena_defer(work, release_key, key);
    plist_dict_new_iter(node, &it);
    if (!it)
        arena_fail(c->a, DS_NOMEM);
    arena_defer(work, free, it);
    for (;;) {
        plist_t item = NULL;
        free(*key);
        *key = NULL;
        plist_dict_next_item(node, it, key, &item);
        if (!item)
            break;
        value_add(c->a, dict, bytes_str(*key), convert(c, item));
        c->entries++;
    }
    arena_child_free(work);
    return dict;
}

static struct value *convert_array(struct converting *c, plist_t node)
{
    struct value *list = value_array(c->a);
    uint32_t n = plist_array_get_size(node);
    for (uint32_t i = 0; i < n; i++)
        value_append(c->a, list, convert(c, plist_array_get_item(node, i)));
    return list;
}

static struct value *convert_text(struct converting *c, plist_t node)
{
    uint64_t n = 0;
    const char *text = plist_get_string_ptr(node, &n);
    return value_string_bytes(c->a, bytes_of(text, text ? n : 0));
}

static struct value *convert_data(struct converting *c, plist_t node)
{
    uint64_t n = 0;
    const char *data = plist_get_data_ptr(node, &n);
    return value_data(c->a, bytes_of(data, data ? n : 0));
}

static struct value *convert_number(struct converting *c, plist_t node)
{
    uint64_t number = 0;
    if (plist_get_node_type(node) == PLIST_UID)
        plist_get_uid_val(node, &number);
    else
        plist_get_uint_val(node, &number);
    return value_int(c->a, (int64_t)number);
}

static struct value *convert(struct converting *c, plist_t node)
{
    uint8_t truth = 0;
    double real = 0;
    int32_t seconds = 0, micro = 0;

    switch (plist_get_node_type(node)) {
    case PLIST_BOOLEAN: plist_get_bool_val(node, &truth); return value_bool(c->a, truth != 0);
    case PLIST_UINT:
    case PLIST_UID: return convert_number(c, node);
    case PLIST_REAL: plist_get_real_val(node, &real); return value_real(c->a, real);
    case PLIST_STRING: return convert_text(c, node);
    case PLIST_DATA: return convert_data(c, node);
    case PLIST_DATE:
        plist_get_date_val(node, &seconds, &micro);
        return value_date(c->a, seconds + micro / 1e6);
    case PLIST_ARRAY: return convert_array(c, node);
    case PLIST_DICT: return convert_dict(c, node);
    default: return value_null(c->a);
    }
}

/* -- the facade */

static struct value *refuse(struct plist_error *error, const char *message)
{
    error->message = message;
    return NULL;
}

static bool scan(struct bytes text, size_t *keys, struct plist_error *error)
{
    if (text.n == 0)
        return refuse(error, "the list is empty") != NULL;
    if (text.n > LIMIT_PLIST_BYTES)
        return refuse(error, "the list is larger than LIMIT_PLIST_BYTES") != NULL;
    return plist_binary(text) ? plist_scan_binary(text, keys, error)
                              : plist_scan_xml(text, keys, NULL, error);
}

struct value *plist_parse(struct arena *a, struct bytes text, struct plist_error *error)
{
    struct plist_error ignored = {0};
    struct converting c = {.a = a};
    size_t keys = 0;

    error = error ? error : &ignored;
    *error = (struct plist_error){0};
    if (!scan(text, &keys, error))
        return NULL;
    /* All that holds libplist's tree is there before the tree: allocations leave by longjmp. */
    struct arena *work = arena_child(a);
    plist_t *root = arena_new_of(work, plist_t);
    arena_defer(work, release, root);
    if (plist_binary(text))
        plist_from_bin((const char *)text.p, (uint32_t)text.n, root);
    else
        plist_from_xml((const char *)text.p, (uint32_t)text.n, root);
    struct value *v = *root ? convert(&c, *root) : NULL;
    arena_child_free(work);
    if (!v)
        return refuse(error, "the list does not parse");
    if (c.entries != keys)
        return refuse(error, "duplicate key");
    return v;
}

/* -- in pieces */

/* TEXT without the content of the SPANS found, which lie one behind the other in any order. */
static struct bytes without(struct arena *a, struct bytes text, const struct plist_spans *spans)
{
    struct buf out = {.arena = a};
    size_t at = 0;
    for (;;) {
        const struct plist_span *next = NULL;
        for (size_t i = 0; i < spans->n; i++) {
            const struct plist_span *s = &spans->at[i];
            if (s->found && s->start >= at && (!next || s->start < next->start))
                next = s;
        }
        if (!next)
            break;
        buf_put(&out, bytes_of(text.p + at, next->start - at));
        at = next->end;
    }
    buf_put(&out, bytes_of(text.p + at, text.n - at));
    return buf_bytes(&out);
}

struct value *plist_parse_parts(struct arena *a, struct bytes text, struct plist_part *parts,
                                size_t n, struct plist_error *error)
{
    struct plist_error ignored = {0};
    struct plist_spans spans = {a, arena_array(a, n, struct plist_span), n};
    size_t keys = 0;
    error = error ? error : &ignored;
    *error = (struct plist_error){0};
    for (size_t i = 0; i < n; i++)
        spans.at[i].name = parts[i].name;
    if (text.n == 0 || text.n > LIMIT_PLIST_BYTES || plist_binary(text))
        return plist_parse(a, text, error);
    if (!plist_scan_xml(text, &keys, &spans, error))
        return NULL;
    for (size_t i = 0; i < n; i++) {
        parts[i].span = &spans.at[i];
        parts[i].text = spans.at[i].found ? text : bytes_of(NULL, 0);
    }
    return plist_parse(a, without(a, text, &spans), error);
}

static bool each_entry(const struct value *dict, plist_take *take, void *self)
{
    for (size_t i = 0; dict && dict->type == VALUE_DICT && i < dict->count; i++)
        if (!take(self, dict->keys[i].name, dict->items[i]))
            return false;
    return true;
}

static bool take_piece(struct arena *a, struct bytes entries, plist_take *take, void *self)
{
    struct arena *work = arena_child(a);
    struct buf text = {.arena = work};
    buf_str(&text, "<plist><dict>");
    buf_put(&text, entries);
    buf_str(&text, "</dict></plist>");
    const struct value *dict = plist_parse(work, buf_bytes(&text), NULL);
    bool ok = dict && each_entry(dict, take, self);
    arena_child_free(work);
    return ok;
}

bool plist_each(struct arena *a, const struct plist_part *part, const struct value *v,
                plist_take *take, void *self)
{
    const struct plist_span *s = part->span;
    if (!part->text.p)
        return each_entry(value_get(v, part->name), take, self);
    for (size_t i = 0; i < s->pieces.n; i++) {
        size_t start = s->pieces.at[i], end = i + 1 < s->pieces.n ? s->pieces.at[i + 1] : s->end;
        if (!take_piece(a, bytes_of(part->text.p + start, end - start), take, self))
            return false;
    }
    return true;
}

/* -- writing */

struct writing {
    struct buf *out;
    bool compact;
};

static void put_escaped(struct writing *w, struct bytes text)
{
    for (size_t i = 0; i < text.n; i++) {
        const char *as = NULL;
        switch (text.p[i]) {
        case '&': as = "&amp;"; break;
        case '<': as = "&lt;"; break;
        case '>': as = "&gt;"; break;
        case '"': as = w->compact ? "&quot;" : NULL; break;
        case '\'': as = w->compact ? "&apos;" : NULL; break;
        default: break;
        }
        if (as)
            buf_str(w->out, as);
        else
            buf_byte(w->out, text.p[i]);
    }
}

static void put_indent(struct writing *w, int depth)
{
    for (int i = 0; !w->compact && i < depth; i++)
        buf_byte(w->out, '\t');
}

static void put_newline(struct writing *w)
{
    if (!w->compact)
        buf_byte(w->out, '\n');
}

static void put_element(struct writing *w, const char *tag, struct bytes text)
{
    buf_printf(w->out, "<%s>", tag);
    put_escaped(w, text);
    buf_printf(w->out, "</%s>", tag);
}

static void put_base64(struct writing *w, struct bytes data)
{
    static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    buf_str(w->out, "<data>");
    for (size_t i = 0; i < data.n; i += 3) {
        uint32_t left = (uint32_t)(data.n - i);
        uint32_t v = (uint32_t)data.p[i] << 16 | (left > 1 ? (uint32_t)data.p[i + 1] << 8 : 0) |
                     (left > 2 ? data.p[i + 2] : 0);
        buf_byte(w->out, (uint8_t)digit[v >> 18]);
        buf_byte(w->out, (uint8_t)digit[v >> 12 & 63]);
        buf_byte(w->out, left > 1 ? (uint8_t)digit[v >> 6 & 63] : '=');
        buf_byte(w->out, left > 2 ? (uint8_t)digit[v & 63] : '=');
    }
    buf_str(w->out, "</data>");
}

static void put_value(struct writing *w, const struct value *v, int depth);

/* An entry of a dictionary (its key) or array (no key). */
struct entry {
    struct bytes key;
    const struct value *item;
};

static int order_entries(const void *a, const void *b)
{
    return bytes_compare(((const struct entry *)a)->key, ((const struct entry *)b)->key);
}

static void put_entries(struct writing *w, const struct value *v, int depth)
{
    bool dict = v->type == VALUE_DICT;
    struct entry *entries = arena_array(w->out->arena, v->count + 1, struct entry);
    for (size_t i = 0; i < v->count; i++)
        entries[i] = (struct entry){dict ? v->keys[i].name : bytes_of(NULL, 0), v->items[i]};
    if (dict && w->compact)
        qsort(entries, v->count, sizeof *entries, order_entries);
    for (size_t i = 0; i < v->count; i++) {
        put_indent(w, depth + 1);
        if (dict) {
            put_element(w, "key", entries[i].key);
            put_newline(w);
            put_indent(w, depth + 1);
        }
        put_value(w, entries[i].item, depth + 1);
        put_newline(w);
    }
}

static void put_container(struct writing *w, const struct value *v, int depth)
{
    const char *tag = v->type == VALUE_DICT ? "dict" : "array";
    if (v->count == 0 && !w->compact) {
        buf_printf(w->out, "<%s/>", tag);
        return;
    }
    buf_printf(w->out, "<%s>", tag);
    put_newline(w);
    put_entries(w, v, depth);
    put_indent(w, depth);
    buf_printf(w->out, "</%s>", tag);
}

static void put_value(struct writing *w, const struct value *v, int depth)
{
    switch (v->type) {
    case VALUE_BOOL: buf_str(w->out, v->boolean ? "<true/>" : "<false/>"); break;
    case VALUE_INT:
        if (v->is_unsigned)
            buf_printf(w->out, "<integer>%" PRIu64 "</integer>", (uint64_t)v->integer);
        else
            buf_printf(w->out, "<integer>%" PRId64 "</integer>", v->integer);
        break;
    case VALUE_REAL: buf_printf(w->out, "<real>%.17g</real>", v->real); break;
    case VALUE_DATE:
        put_element(w, "date",
                    bytes_str(when_iso(w->out->arena, when_from_2001((int64_t)v->real))));
        break;
    case VALUE_DATA: put_base64(w, v->bytes); break;
    case VALUE_ARRAY:
    case VALUE_DICT: put_container(w, v, depth); break;
    case VALUE_STRING:
    case VALUE_NULL: put_element(w, "string", v->bytes); break;
    }
}

struct bytes plist_write_xml(struct arena *a, const struct value *value, bool compact)
{
    struct buf out = {.arena = a};
    struct writing w = {&out, compact};
    buf_str(&out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
    put_newline(&w);
    buf_printf(&out,
               "<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" "
               "\"%s://www.apple.com/DTDs/PropertyList-1.0.dtd\">",
               compact ? "https" : "http");
    put_newline(&w);
    buf_str(&out, "<plist version=\"1.0\">");
    put_newline(&w);
    put_value(&w, value, 0);
    put_newline(&w);
    buf_str(&out, "</plist>\n");
    return buf_bytes(&out);
}
