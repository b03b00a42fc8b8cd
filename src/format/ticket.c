/* SPDX-License-Identifier: Apache-2.0 */
/* Ticket: see ticket.h. */
#include "format/ticket.h"

#include "base/cursor.h"
#include "base/der.h"
#include "base/limits.h"

#define CONTAINER_MAGIC   "s8ch"
#define CONTAINER_VERSION 1
#define LIST_MAGIC        "g8tk"
#define LIST_VERSION      2
#define ENTRY             (1 + TICKET_HASH)

static bool refuse(const char **why, const char *text)
{
    *why = text;
    return false;
}

bool ticket_sniff(struct bytes file)
{
    return bytes_starts(file, bytes_str(CONTAINER_MAGIC));
}

/* One SEQUENCE that fills the bag, of plain certificates. */
static bool read_certificates(struct arena *a, struct bytes bag, struct ticket *out,
                              const char **why)
{
    struct cursor c = cursor_of(bag, 0);
    struct der seq, one;
    if (!der_expect(&c, DER_UNIVERSAL, DER_SEQUENCE, &seq) || cursor_left(&c))
        return refuse(why, "the certificates are no SEQUENCE of the stated size");
    c = der_inside(&seq);
    while (cursor_left(&c)) {
        struct cert *cert = arena_new_of(a, struct cert);
        if (!der_expect(&c, DER_UNIVERSAL, DER_SEQUENCE, &one) || !cert_parse(a, one.whole, cert))
            return refuse(why, "a certificate does not parse");
        if (out->certs.n >= LIMIT_CERTS)
            return refuse(why, "there are too many certificates");
        vec_push(a, &out->certs, cert);
    }
    return out->certs.n ? true : refuse(why, "there is no certificate");
}

static bool read_list(struct bytes list, struct ticket *out, const char **why)
{
    struct cursor c = cursor_of(list, 0);
    if (!bytes_is(cursor_bytes(&c, 4), LIST_MAGIC))
        return refuse(why, "the signed list does not begin with " LIST_MAGIC);
    if (cursor_le16(&c) != LIST_VERSION || cursor_le16(&c) != TICKET_HASH)
        return refuse(why, "the signed list is not of version 2 with hashes of 20 bytes");
    out->count = cursor_le32(&c);
    out->flags = cursor_le32(&c);
    uint64_t issued = cursor_le64(&c);
    out->entries = cursor_rest(&c);
    if (c.failed || issued > INT64_MAX)
        return refuse(why, "the signed list is cut off");
    out->issued = (int64_t)issued;
    if (out->entries.n != (uint64_t)out->count * ENTRY)
        return refuse(why, "the signed list is not as long as its entries");
    return true;
}

/* The rest of the ticket: one DER value, then only zeros (the field has no length of its own). */
static bool read_signature(struct cursor *c, struct ticket *out, const char **why)
{
    struct der signature;
    if (!der_expect(c, DER_UNIVERSAL, DER_SEQUENCE, &signature))
        return refuse(why, "there is no signature");
    out->signature = signature.whole;
    return bytes_zero(cursor_rest(c)) ? true : refuse(why, "bytes follow the signature");
}

bool ticket_parse(struct arena *a, struct bytes file, struct ticket *out, const char **why)
{
    struct cursor c = cursor_of(file, 0);
    *out = (struct ticket){.count = 0};
    *why = NULL;
    if (!bytes_is(cursor_bytes(&c, 4), CONTAINER_MAGIC))
        return refuse(why, "it does not begin with " CONTAINER_MAGIC);
    if (cursor_le32(&c) != CONTAINER_VERSION)
        return refuse(why, "its version is not 1");
    uint32_t bag = cursor_le32(&c), list = cursor_le32(&c);
    struct bytes certificates = cursor_bytes(&c, bag), entries = cursor_bytes(&c, list);
    if (c.failed)
        return refuse(why, "it is shorter than its header says");
    out->signed_bytes = bytes_of(file.p, c.at);
    return read_certificates(a, certificates, out, why) && read_list(entries, out, why) &&
           read_signature(&c, out, why);
}

bool ticket_lists(const struct ticket *ticket, uint8_t hash_type, struct bytes digest)
{
    struct cursor c = cursor_of(ticket->entries, 0);
    if (digest.n < TICKET_HASH)
        return false;
    digest.n = TICKET_HASH;
    for (uint32_t i = 0; i < ticket->count; i++) {
        uint8_t type = cursor_u8(&c);
        if (bytes_equal(cursor_bytes(&c, TICKET_HASH), digest) && type == hash_type)
            return true;
    }
    return false;
}
