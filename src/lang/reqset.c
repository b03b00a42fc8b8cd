/* SPDX-License-Identifier: Apache-2.0 */
/* Reqset: see reqset.h. */
#include "lang/reqset.h"

#include "base/arena.h"
#include "base/buf.h"

static const char *const type_names[] = {"invalid",    "host",    "guest",
                                         "designated", "library", "plugin"};
#define TYPES (sizeof type_names / sizeof *type_names)

const char *req_type_name(uint32_t type)
{
    return type < TYPES ? type_names[type] : NULL;
}

uint32_t req_type_of(const char *name)
{
    uint32_t type = 1;
    while (type < TYPES && strcmp(type_names[type], name) != 0)
        type++;
    return type;
}

/* The member at OFFSET: its header must lie inside, and so must all of it by its own length (§6.3). */
static bool member_at(struct bytes set, uint32_t offset, struct req_member *out)
{
    struct cursor c = cursor_of(set, 0);
    cursor_seek(&c, offset);
    uint32_t magic = req_word(&c), length = req_word(&c);
    if (c.failed || !bytes_part(set, offset, length, &out->blob))
        return false;
    out->valid = magic == REQ_MAGIC && length >= REQ_HEADER;
    return true;
}

enum req_status reqset_open(struct arena *a, struct bytes bytes, struct req_set *out)
{
    struct cursor c = cursor_of(bytes, 0);
    uint32_t magic = req_word(&c), length = req_word(&c), count = req_word(&c);
    *out = (struct req_set){0};
    if (c.failed || magic != REQ_MAGIC_SET || length > bytes.n || length < REQ_HEADER ||
        (length - REQ_HEADER) / 8 < count)
        return REQ_INVALID;
    bytes_part(bytes, 0, length, &out->blob);
    for (uint32_t i = 0; i < count; i++) {
        struct req_member m = {.type = req_word(&c)};
        m.offset = req_word(&c);
        m.present = m.offset != 0;
        if (m.present && (m.offset < REQ_HEADER + 8 * count || !member_at(out->blob, m.offset, &m)))
            return REQ_INVALID;
        vec_push(a, &out->members, m);
    }
    return REQ_OK;
}

bool reqset_find(const struct req_set *set, uint32_t type, struct bytes *out, bool *damaged)
{
    *out = (struct bytes){NULL, 0};
    if (damaged)
        *damaged = false;
    for (size_t i = 0; i < set->members.n; i++) {
        const struct req_member *m = &set->members.at[i];
        if (m->type != type)
            continue;
        if (damaged)
            *damaged = !m->valid;
        if (m->valid)
            *out = m->blob;
        return m->valid;
    }
    return false;
}

struct bytes reqset_make(struct arena *a, const struct req_member *members, size_t n)
{
    size_t at = REQ_HEADER + 8 * n, total = at;
    struct buf out = {.arena = a};
    for (size_t i = 0; i < n; i++)
        total += members[i].blob.n;
    buf_reserve(&out, total);
    buf_be32(&out, REQ_MAGIC_SET);
    buf_be32(&out, (uint32_t)total);
    buf_be32(&out, (uint32_t)n);
    for (size_t i = 0; i < n; i++) {
        buf_be32(&out, members[i].type);
        buf_be32(&out, (uint32_t)at);
        at += members[i].blob.n;
    }
    for (size_t i = 0; i < n; i++)
        buf_put(&out, members[i].blob);
    return buf_bytes(&out);
}
