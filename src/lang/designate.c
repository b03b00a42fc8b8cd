/* SPDX-License-Identifier: Apache-2.0 */
/* Designate: see designate.h. */
#include "lang/designate.h"

#include "lang/maker.h"

#define OCTETS(text)   ((struct bytes){(const uint8_t *)(text), sizeof(text) - 1})
#define OID_WWDR_CA    OCTETS("\x2a\x86\x48\x86\xf7\x63\x64\x06\x02\x01") /* …100.6.2.1 */
#define OID_DEVID_CA   OCTETS("\x2a\x86\x48\x86\xf7\x63\x64\x06\x02\x06") /* …100.6.2.6 */
#define OID_DEVID_LEAF OCTETS("\x2a\x86\x48\x86\xf7\x63\x64\x06\x01\x0d") /* …100.6.1.13 */
#define INTERMEDIATE   1u
#define APPLE_CHAIN    3u /* leaf, intermediate, root: other lengths take the plain Apple form */

static bool marked(const struct subject *s, struct bytes oid)
{
    return s->chain_count == APPLE_CHAIN && s->ops->has_extension(s, INTERMEDIATE, oid);
}

enum designation req_designation(const struct subject *s)
{
    if (s->chain_count == 0)
        return DESIGNATION_NONE;
    if (!s->apple_anchor)
        return DESIGNATION_THIRD_PARTY;
    if (marked(s, OID_WWDR_CA))
        return DESIGNATION_WWDR;
    return marked(s, OID_DEVID_CA) ? DESIGNATION_DEVELOPER_ID : DESIGNATION_APPLE;
}

const char *req_designation_name(enum designation d)
{
    static const char *const names[] = {"none", "Apple", "Developer ID",
                                        "Worldwide Developer Relations", "third party"};
    return names[d];
}

/* A program without inserted operators: one piece. */
static struct maker start(struct arena *a)
{
    struct maker m = maker_of(a);
    maker_piece(&m);
    return m;
}

static void put_extension(struct maker *m, uint32_t slot, struct bytes oid)
{
    maker_word(m, OP_EXTENSION);
    maker_word(m, slot);
    maker_data(m, oid);
    maker_word(m, MATCH_EXISTS);
}

/* The leaf's attribute as it is now, as a C string: it ends at a NUL, and a missing one is empty. */
static void put_field(struct maker *m, const struct subject *s, enum subject_field field)
{
    struct bytes text = {NULL, 0};
    (void)s->ops->field(s, REQ_SLOT_LEAF, subject_field_type(field), &text);
    const uint8_t *nul = text.n ? memchr(text.p, 0, text.n) : NULL;
    if (nul)
        text.n = (size_t)(nul - text.p);
    maker_word(m, OP_FIELD);
    maker_word(m, REQ_SLOT_LEAF);
    maker_data(m, bytes_str(subject_field_name(field)));
    maker_word(m, MATCH_EQUAL);
    maker_data(m, text);
}

static void put_developer_id(struct maker *m, const struct subject *s)
{
    maker_word(m, OP_AND);
    maker_word(m, OP_APPLE_GENERIC);
    maker_word(m, OP_AND);
    put_extension(m, INTERMEDIATE, OID_DEVID_CA);
    maker_word(m, OP_AND);
    put_extension(m, REQ_SLOT_LEAF, OID_DEVID_LEAF);
    put_field(m, s, FIELD_OU);
}

static void put_wwdr(struct maker *m, const struct subject *s)
{
    maker_word(m, OP_AND);
    maker_word(m, OP_APPLE_GENERIC);
    maker_word(m, OP_AND);
    put_field(m, s, FIELD_CN);
    put_extension(m, INTERMEDIATE, OID_WWDR_CA);
}

static bool organisation(const struct subject *s, size_t index, struct bytes *text)
{
    return s->ops->field(s, index, subject_field_type(FIELD_O), text);
}

/* As far up as the organisation stays the leaf's; without one, the leaf itself (§7.3). */
static size_t highest_of_organisation(const struct subject *s)
{
    struct bytes leaf, next;
    size_t at = 0;
    if (!organisation(s, 0, &leaf))
        return 0;
    while (at + 1 < s->chain_count && organisation(s, at + 1, &next) && bytes_equal(leaf, next))
        at++;
    return at;
}

/* A leaf without organisation stays slot 0 even when it is the whole chain. */
static void put_third_party(struct maker *m, const struct subject *s)
{
    struct bytes leaf;
    size_t at = highest_of_organisation(s);
    bool is_root = at + 1 == s->chain_count && organisation(s, 0, &leaf);
    maker_word(m, OP_ANCHOR_HASH);
    maker_word(m, is_root ? (uint32_t)REQ_SLOT_ROOT : (uint32_t)at);
    maker_data(m, bytes_of(s->ops->sha1(s, at), 20));
}

struct bytes req_designate(struct arena *a, const struct subject *s)
{
    struct maker m = start(a);
    enum designation d = req_designation(s);
    if (d == DESIGNATION_NONE)
        return (struct bytes){NULL, 0};
    maker_word(&m, OP_AND);
    maker_word(&m, OP_IDENTIFIER);
    maker_data(&m, s->identifier);
    if (d == DESIGNATION_APPLE)
        maker_word(&m, OP_ANCHOR_APPLE);
    else if (d == DESIGNATION_DEVELOPER_ID)
        put_developer_id(&m, s);
    else if (d == DESIGNATION_WWDR)
        put_wwdr(&m, s);
    else
        put_third_party(&m, s);
    return maker_finish(&m);
}

/* N-1 operators before the first operand nest to the left. */
static void put_ors(struct maker *m, size_t n)
{
    for (size_t i = 1; i < n; i++)
        maker_word(m, OP_OR);
}

struct bytes req_designate_adhoc(struct arena *a, const struct bytes *cdhashes, size_t n)
{
    struct maker m = start(a);
    if (n == 0)
        return (struct bytes){NULL, 0};
    put_ors(&m, n);
    for (size_t i = 0; i < n; i++) {
        maker_word(&m, OP_CDHASH);
        maker_data(&m, cdhashes[i]);
    }
    return maker_finish(&m);
}

struct bytes req_any_of(struct arena *a, const struct bytes *blobs, size_t n)
{
    struct maker m = start(a);
    struct bytes program;
    if (n == 0)
        return (struct bytes){NULL, 0};
    put_ors(&m, n);
    for (size_t i = 0; i < n; i++)
        if (blobs[i].n > REQ_HEADER &&
            bytes_part(blobs[i], REQ_HEADER, blobs[i].n - REQ_HEADER, &program))
            buf_put(&m.code, program);
    return maker_finish(&m);
}

struct bytes req_group(struct arena *a, struct bytes group, struct bytes sha1)
{
    struct maker m = start(a);
    maker_word(&m, OP_AND);
    maker_word(&m, OP_INFO_EQUAL);
    maker_data(&m, bytes_str("Application-Group"));
    maker_data(&m, group);
    if (sha1.n == 0) {
        maker_word(&m, OP_ANCHOR_APPLE);
        return maker_finish(&m);
    }
    maker_word(&m, OP_ANCHOR_HASH);
    maker_word(&m, REQ_SLOT_LEAF);
    maker_data(&m, sha1);
    return maker_finish(&m);
}
