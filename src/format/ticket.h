/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Notarization tickets (static-validation.md appendix A). All integers are little-endian.
 *
 *      0  "s8ch"          version 1          16      certificates: one DER SEQUENCE of C bytes
 *      8  C               P                  16+C    the signed list, P bytes
 *                                            16+C+P  ECDSA signature over all before it, then zeros
 *
 * The list: "g8tk", u16 version 2, u16 hash length H = 20, u32 count N, u32 flags, u64 time of issue, then N entries of
 * one byte hash type and H bytes.
 */
#ifndef DS_FORMAT_TICKET_H
#define DS_FORMAT_TICKET_H

#include "crypto/cms.h"

#define TICKET_HASH 20 /* bytes of a listed hash; longer ones are cut */

struct ticket {
    struct cms_cert_vec certs; /* leaf first */
    struct bytes signed_bytes; /* what the signature covers */
    struct bytes signature;    /* DER SEQUENCE { r, s } */
    uint32_t flags;            /* unknown: 0 or 2 seen */
    int64_t issued;            /* seconds since 1970 */
    uint32_t count;            /* of entries */
    struct bytes entries;      /* count × (1 + TICKET_HASH) */
};

/* The file begins like a ticket. */
bool ticket_sniff(struct bytes file);

/* Take FILE apart; false with *WHY when it is malformed. */
bool ticket_parse(struct arena *a, struct bytes file, struct ticket *out, const char **why);

/* Some entry is (HASH_TYPE, the first 20 bytes of DIGEST). */
bool ticket_lists(const struct ticket *ticket, uint8_t hash_type, struct bytes digest);

#endif
