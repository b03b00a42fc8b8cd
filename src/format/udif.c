/* SPDX-License-Identifier: Apache-2.0 */
/* UDIF: see udif.h. */
#include "format/udif.h"

#include "base/arena.h"
#include "base/cursor.h"

#define TRAILER          512u
#define TRAILER_MAGIC    0x6b6f6c79u /* "koly" */
#define TRAILER_VERSION  4u
#define AT_FORK          24u /* offset and length of the data fork */
#define AT_OFFSET        296u
#define AT_LENGTH        304u
#define SMALLEST_FILE    (TRAILER + 8u)
#define ENCR             0x656e6372u
#define CDSA             0x63647361u
#define ENCRYPTED        2u /* version */
#define AT_DATA_FORK     64u
#define AT_TABLE         72u
#define TABLE_MOST       1024u
#define TABLE_ENTRY      20u
#define MECHANISM_SIGNED 3u

enum udif_kind udif_sniff(struct bytes file)
{
    struct cursor head = cursor_of(file, 0), tail = cursor_of(file, 0);
    if (file.n >= SMALLEST_FILE) {
        cursor_seek(&tail, file.n - TRAILER);
        uint32_t magic = cursor_be32(&tail), version = cursor_be32(&tail);
        if (magic == TRAILER_MAGIC && version == TRAILER_VERSION)
            return UDIF_PLAIN;
    }
    /* The reference rejects only when both words differ (§1.10). */
    uint32_t first = cursor_be32(&head), second = cursor_be32(&head), version = cursor_be32(&head);
    bool named = first == ENCR || second == CDSA;
    return !head.failed && named && version == ENCRYPTED ? UDIF_ENCRYPTED : UDIF_NO;
}

static bool refuse(struct findings *f, struct place at, uint64_t offset, const char *why)
{
    at.offset = (int64_t)offset;
    finding_add(f, FINDING_DMG_FORMAT, at, "%s", why);
    return false;
}

/* A blob of MOST bytes at the most (0: no bound) that says it is a signature; one that cannot be read counts as none. */
static struct bytes signature_blob(struct bytes file, uint64_t offset, uint64_t most)
{
    struct cursor c = cursor_of(file, 0);
    struct bytes blob = {NULL, 0};
    cursor_seek(&c, offset);
    uint32_t magic = cursor_be32(&c), length = cursor_be32(&c);
    if (c.failed || magic != BLOB_SIGNATURE || length < BLOB_HEADER || (most && length > most))
        return blob;
    (void)bytes_part(file, offset, length, &blob);
    return blob;
}

/* The blob must be gapless, too (§3.2). */
static bool read_signature(struct bytes blob, struct findings *f, struct place at, struct udif *out)
{
    struct findings quiet = {.arena = f->arena};
    at.offset = (int64_t)out->signature_offset;
    if (!superblob_parse(blob, BLOB_SIGNATURE, &quiet, at, &out->signature))
        return refuse(f, at, out->signature_offset,
                      quiet.list.n ? quiet.list.at[0]->detail : "its signature is unreadable");
    const char *fault = superblob_strict_fault(f->arena, &out->signature);
    return fault ? refuse(f, at, out->signature_offset, fault) : true;
}

/* The copy of the trailer that slot 6 binds: without the signature's length, and with where it would begin. */
static struct bytes blinded_trailer(struct arena *a, struct bytes trailer, uint64_t offset)
{
    uint8_t *copy = arena_copy(a, trailer.p, trailer.n);
    memset(copy + AT_LENGTH, 0, 8);
    for (unsigned i = 0; i < 8; i++)
        copy[AT_OFFSET + i] = (uint8_t)(offset >> 8 * (7 - i));
    return bytes_of(copy, trailer.n);
}

static bool parse_plain(struct bytes file, struct findings *f, struct place at, struct udif *out)
{
    uint64_t room = file.n - TRAILER;
    struct bytes trailer;
    (void)bytes_part(file, room, TRAILER, &trailer);
    struct cursor c = cursor_of(trailer, room);
    cursor_seek(&c, AT_FORK);
    uint64_t fork = cursor_be64(&c), fork_length = cursor_be64(&c);
    cursor_seek(&c, AT_OFFSET);
    uint64_t offset = cursor_be64(&c), length = cursor_be64(&c);
    (void)bytes_part(file, fork, fork_length, &out->data_fork);
    out->limit = offset ? offset : room;
    out->whole = file.n;
    out->header = blinded_trailer(f->arena, trailer, out->limit);
    if (offset == 0 || offset > room)
        return true;
    struct bytes blob = signature_blob(file, offset, room - offset);
    out->has_signature = blob.n != 0;
    out->signature_offset = offset;
    if (!out->has_signature)
        return true;
    if (blob.n != room - offset || blob.n != length)
        return refuse(f, at, offset,
                      arena_printf(f->arena,
                                   "the signature has %zu bytes, the trailer says %llu, and %llu "
                                   "are there before it",
                                   blob.n, (unsigned long long)length,
                                   (unsigned long long)(room - offset)));
    return read_signature(blob, f, at, out);
}

/* Offset and length of the signature as the header's table has them; false when the table makes no sense. */
static bool read_table(struct cursor *c, uint64_t *offset, uint64_t *length)
{
    cursor_seek(c, AT_TABLE);
    uint32_t count = cursor_be32(c);
    bool found = false;
    if (count > TABLE_MOST)
        return false;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t mechanism = cursor_be32(c);
        uint64_t at = cursor_be64(c), size = cursor_be64(c);
        if (mechanism != MECHANISM_SIGNED || c->failed)
            continue;
        if (found || (at == 0) != (size == 0))
            return false;
        found = true;
        *offset = at;
        *length = size;
    }
    return !c->failed;
}

static bool parse_encrypted(struct bytes file, struct findings *f, struct place at,
                            struct udif *out)
{
    struct cursor c = cursor_of(file, 0);
    uint64_t offset = 0, length = 0;
    cursor_seek(&c, AT_DATA_FORK);
    out->base = cursor_be64(&c);
    out->limit = out->base <= file.n ? file.n - out->base : 0;
    out->whole = out->limit;
    if (!read_table(&c, &offset, &length))
        return refuse(f, at, AT_TABLE, "the header's table names no signature, or more than one");
    /* ASSUMPTION(DMG-ENCRYPTED-HEADER): the header ends with its table. */
    (void)bytes_part(file, 0, c.at, &out->header);
    out->signature_offset = offset;
    struct bytes blob = offset ? signature_blob(file, offset, length) : bytes_of(NULL, 0);
    out->has_signature = blob.n != 0;
    if (!out->has_signature)
        return true;
    if (blob.n != length)
        return refuse(f, at, offset, "the signature is not as long as the header says");
    return read_signature(blob, f, at, out);
}

bool udif_parse(struct bytes file, struct findings *f, struct place at, struct udif *out)
{
    *out = (struct udif){.kind = udif_sniff(file)};
    return out->kind == UDIF_ENCRYPTED ? parse_encrypted(file, f, at, out)
                                       : parse_plain(file, f, at, out);
}
