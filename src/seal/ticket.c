/* SPDX-License-Identifier: Apache-2.0 */
/* Ticket: see ticket.h. */
#include "seal/ticket.h"

#include "crypto/chain.h"
#include "crypto/verify.h"

/* ECDSA with SHA-256 over container header, certificates and list, by the first certificate. */
static bool signature_holds(const struct ticket *t)
{
    return signature_verify(t->certs.at[0]->spki, OID_ECDSA_SHA256, DIGEST_SHA256, t->signed_bytes,
                            t->signature) == VERIFY_GOOD;
}

/* Why the signer is not Apple's at the time of issue; NULL when it is. */
static const char *signer_fault(struct arena *a, const struct ticket *t, bool allow_test_root)
{
    struct chain chain;
    struct chain_options options = {.purpose = CHAIN_FOR_ANY, .when = t->issued};
    chain_build(a, t->certs.at[0], &t->certs, &options, &chain);
    if (chain.fault != CHAIN_GOOD)
        return chain.why;
    if (chain.anchor == ANCHOR_NONE || (chain.anchor == ANCHOR_TEST && !allow_test_root))
        return "its signer's chain does not end in an Apple root";
    if (!cert_has_marker(t->certs.at[0], OID_APPLE_TICKET))
        return "its signer lacks the marker of ticket signers 1.2.840.113635.100.6.1.30";
    return NULL;
}

void ticket_read(struct arena *a, struct bytes file, bool allow_test_root, struct ticket_facts *out)
{
    struct ticket *ticket = arena_new_of(a, struct ticket);
    *out = (struct ticket_facts){.present = true, .issued = WHEN_NONE};
    if (!ticket_parse(a, file, ticket, &out->error))
        return;
    out->content = ticket;
    out->issued = ticket->issued;
    out->error = signature_holds(ticket) ? signer_fault(a, ticket, allow_test_root)
                                         : "its signature does not hold";
    out->valid = out->error == NULL;
}

static bool lists_signature(const struct ticket *ticket, const struct signature *sig)
{
    const struct codedir *cd = sig ? sig->chosen : NULL;
    return cd && ticket_lists(ticket, cd->hash_type, bytes_of(cd->cdhash, sizeof cd->cdhash));
}

bool ticket_lists_code(const struct ticket *ticket, const struct code *c)
{
    if (c->package)
        return ticket_lists(ticket, c->package->hash_type, c->package->checksum);
    for (size_t i = 0; i < c->slice_count; i++)
        if (!lists_signature(ticket, &c->slices[i].sig))
            return false;
    return c->slice_count != 0;
}

/* A ticket that somebody imagines (what-if) has no content, and lists what it is said to. */
static bool vouches(const struct ticket_facts *t, const struct code *c, const struct signature *sig)
{
    if (!t->valid || !t->content)
        return t->valid && t->lists_this;
    return c->package ? ticket_lists_code(t->content, c) : lists_signature(t->content, sig);
}

enum verdict code_notarized(const struct code *c, const struct signature *sig)
{
    for (const struct code *around = c; around; around = around->parent)
        if (vouches(&around->ticket, c, sig))
            return VERDICT_YES;
    return VERDICT_UNDECIDED;
}
