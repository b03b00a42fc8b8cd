/* SPDX-License-Identifier: Apache-2.0 */
/* Pieces of CMS messages, tickets and packages, for report/coverage.h (static-validation.md §5, appendices A and C). */
#include "config.h"

#include <stdlib.h>

#include "base/arena.h"
#include "crypto/chain.h"
#include "crypto/known.h"
#include "format/ticket.h"
#include "format/xar.h"
#include "report/mapper.h"

static void add(struct mapper *m, struct piece_vec *pieces, struct bytes bytes, const char *what,
                const char *by)
{
    const struct piece piece = {bytes, what, by, by ? GUARD_SEALED : GUARD_NOTHING};
    if (bytes.n)
        vec_push(m->a, pieces, piece);
}

/* -- certificates */

static bool in_chain(const struct chain *chain, const struct cert *c)
{
    for (size_t i = 0; i < chain->n; i++)
        if (chain->certs[i] == c)
            return true;
    return false;
}

/* A root or an intermediate of Apple's is known without its bytes, and whatever is changed in them may not matter. */
static bool is_replaceable(const struct cert *c)
{
    return cert_is_known(c) || cert_anchor(c) != ANCHOR_NONE;
}

static void add_cert(struct mapper *m, struct piece_vec *pieces, const struct cert *c,
                     const char *prefix)
{
    const char *name = arena_printf(m->a, "%scertificate %s", prefix, c->common_name);
    struct piece whole = {c->der, name, NULL, GUARD_FORM};
    if (is_replaceable(c)) {
        vec_push(m->a, pieces, whole);
        return;
    }
    const char *by = cert_self_issued(c) ? "its own signature" : "its issuer's signature";
    add(m, pieces, c->tbs, name, by);
    add(m, pieces, c->signature, arena_printf(m->a, "%s, signature", name), "its issuer's key");
}

static void add_certs(struct mapper *m, struct piece_vec *pieces, const struct cms *cms,
                      const char *prefix, bool spare)
{
    struct chain chain = {.n = 0};
    struct chain_options options = {.purpose = CHAIN_FOR_ANY, .when = WHEN_NONE, .test_root = true};
    if (cms->signer)
        chain_build(m->a, cms->signer, &cms->certs, &options, &chain);
    for (size_t i = 0; i < cms->certs.n; i++)
        if (in_chain(&chain, cms->certs.at[i]) && (!spare || cms->certs.at[i] == cms->signer))
            add_cert(m, pieces, cms->certs.at[i], prefix);
}

/* -- CMS */

/* From the first attribute's type to the last one's end: what stands between is signed with them. */
static struct bytes attributes_span(const struct cms_attribute_vec *all, struct bytes message)
{
    uint64_t from, to;
    struct bytes span = {NULL, 0};
    if (all->n && bytes_within(message, all->at[0].oid, &from) &&
        bytes_within(message, all->at[all->n - 1].values, &to))
        bytes_part(message, from, to + all->at[all->n - 1].values.n - from, &span);
    return span;
}

void cms_pieces(struct mapper *m, struct bytes message, const char *prefix, bool spare,
                struct piece_vec *pieces)
{
    struct cms cms;
    const char *why;
    if (!cms_parse(m->a, message, &cms, &why))
        return;
    const char *by =
        cms.has_signed_attributes ? "the digest among the signed attributes" : "the signature";
    add(m, pieces, cms.content, arena_printf(m->a, "%scontent", prefix), by);
    add_certs(m, pieces, &cms, prefix, spare);
    add(m, pieces, attributes_span(&cms.attributes, message),
        arena_printf(m->a, "%ssigned attributes", prefix), "the signature");
    add(m, pieces, cms.signature, arena_printf(m->a, "%ssignature", prefix), "itself");
    struct bytes token =
        cms_attribute_value(&cms.unsigned_attributes, OID_CMS_TIMESTAMP_TOKEN, NULL);
    if (token.n)
        cms_pieces(m, token, "time stamp: ", false, pieces);
}

/* -- tickets */

void ticket_pieces(struct mapper *m, struct bytes file, struct piece_vec *pieces)
{
    struct ticket ticket;
    const char *why;
    if (!ticket_parse(m->a, file, &ticket, &why))
        return;
    add(m, pieces, ticket.signed_bytes, "ticket: what it lists", "the ticket's signature");
    add(m, pieces, ticket.signature, "ticket: signature", "itself");
}

/* -- packages */

static void add_signature(struct mapper *m, struct piece_vec *pieces, const struct xar *xar)
{
    if (!xar->cms.present) {
        add(m, pieces, xar->rsa.data, "RSA signature", "itself");
        return;
    }
    /* Beside a CMS signature nobody looks at the other one (appendix C.1). */
    add(m, pieces, xar->rsa.data, "RSA signature", NULL);
    struct piece room = {xar->cms.data, "CMS signature: unused room", NULL, GUARD_NOTHING};
    struct cms cms;
    const char *why;
    if (!cms_parse(m->a, xar->cms.data, &cms, &why) ||
        !bytes_part(xar->cms.data, cms.length, xar->cms.data.n - cms.length, &room.bytes))
        return;
    cms_pieces(m, xar->cms.data, "CMS signature: ", true, pieces); /* the table lists them, too */
    vec_push(m->a, pieces, room);
}

void map_package(struct mapper *m)
{
    struct piece_vec pieces = {0};
    struct xar xar;
    const char *why;
    if (!xar_parse(m->a, m->file, &xar, &why))
        return;
    add(m, &pieces, xar.table, "table of contents", "its checksum");
    add(m, &pieces, xar.checksum, "checksum of the table",
        xar.cms.present || xar.rsa.present ? "the signature" : "the table itself");
    add_signature(m, &pieces, &xar);
    for (size_t i = 0; i < xar.files.n; i++)
        if (xar.files.at[i].has_data)
            add(m, &pieces, xar.files.at[i].archived, xar.files.at[i].path,
                xar.files.at[i].archived_checksum.n ? "its checksum in the table" : NULL);
    ticket_pieces(m, xar.ticket, &pieces);
    map_pieces(m, &pieces, m->file.n, (struct range){.what = "package: form", .guard = GUARD_FORM});
}
