/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Package: the signature of a flat installer package (static-validation.md §C.1). Two may be there, both over the
 * checksum of the table of contents; the CMS one counts where it is there. Members are bound by the table's checksums.
 */
#include "crypto/timestamp.h"
#include "crypto/verify.h"
#include "seal/reader.h"

struct checking {
    struct object *o;
    struct arena *a;
    struct signature *sig;
    const struct xar *xar;
    struct cms cms;
    struct timestamp stamp;
};

static bool refuse(struct object *o, enum finding_id id, const char *why)
{
    return object_fail(o, finding_add(o->c->findings, id, object_place(o), why ? "%s" : NULL, why));
}

bool package_open(struct object *o)
{
    const char *why;
    struct package_facts *facts = arena_new_of(o->r->a, struct package_facts);
    o->is_package = true;
    o->c->package = facts;
    image_describe_whole(o, "generic");
    if (!xar_parse(o->r->a, o->main, &o->xar, &why))
        return refuse(o, FINDING_PKG_FORMAT, why);
    facts->hash_type = (uint8_t)o->xar.digest;
    facts->checksum = o->xar.checksum;
    facts->has_rsa = o->xar.rsa.present;
    o->c->slices->sig.ticket = o->xar.ticket;
    return true;
}

/* -- content */

static void check_content(struct checking *c)
{
    if (!xar_table_holds(c->xar))
        refuse(c->o, FINDING_PKG_CHECKSUM, "the table of contents does not have its checksum");
    for (size_t i = 0; i < c->xar->files.n && object_goes_on(c->o); i++)
        if (!xar_file_holds(&c->xar->files.at[i]))
            refuse(c->o, FINDING_PKG_CHECKSUM,
                   arena_printf(c->a, "%s does not have the checksum of the table",
                                c->xar->files.at[i].path));
}

/* -- signatures */

/*
 * RSA over the checksum: as the digest itself, or, as tools of 2020 and 2021 wrote it, over the digest of the checksum's
 * bytes.
 */
static bool rsa_holds(const struct xar *xar)
{
    if (xar->rsa.certs.n == 0)
        return false;
    struct bytes key = xar->rsa.certs.at[0]->spki;
    return signature_verify_digest(key, xar->digest, xar->checksum, xar->rsa.data) == VERIFY_GOOD ||
           signature_verify(key, OID_RSA, xar->digest, xar->checksum, xar->rsa.data) == VERIFY_GOOD;
}

static bool cms_holds(struct checking *c)
{
    const char *why;
    if (!cms_parse(c->a, c->xar->cms.data, &c->cms, &why))
        return refuse(c->o, FINDING_CMS_DECODE, why);
    enum cms_fault fault = cms_check(c->a, &c->cms, c->xar->checksum, OID_CMS_DATA, &why);
    c->sig->signing_time = cms_signing_time(&c->cms);
    return fault == CMS_GOOD ? true : refuse(c->o, FINDING_PKG_CHECKSUM, why);
}

static void check_stamp(struct checking *c)
{
    const struct code_options *o = c->o->r->options;
    timestamp_check(c->a, &c->cms,
                    &(struct timestamp_options){o->allow_test_root, o->store, o->now}, &c->stamp);
    c->sig->has_timestamp_token = c->stamp.tokens != 0;
    c->sig->timestamp = c->stamp.when;
    if (c->stamp.present && c->stamp.fault != FINDING_NONE)
        refuse(c->o, c->stamp.fault, c->stamp.why);
}

/* Judged at the time of the time stamp, else now. */
static void check_chain(struct checking *c, const struct cert *leaf, const struct cms_cert_vec *bag)
{
    struct signature *sig = c->sig;
    const struct code_options *o = c->o->r->options;
    struct chain chain;
    struct chain_options options = {.purpose = CHAIN_FOR_ANY,
                                    .when = sig->timestamp != WHEN_NONE ? sig->timestamp : o->now,
                                    .store = o->store};
    chain_build(c->a, leaf, bag, &options, &chain);
    sig->chain = chain.certs;
    sig->chain_count = chain.n;
    sig->anchor = chain.anchor == ANCHOR_TEST && !o->allow_test_root ? ANCHOR_NONE : chain.anchor;
    sig->signer = signer_kind_of(chain.certs, chain.n, sig->anchor);
    /* An installer does not mind certificates that have run out (§9.2). */
    sig->chain_trusted = chain.fault == CHAIN_GOOD || chain.fault == CHAIN_EXPIRED;
    c->o->c->test_identity |= sig->anchor == ANCHOR_TEST;
    if (chain.fault == CHAIN_EXPIRED)
        finding_add(c->o->c->findings, FINDING_CHAIN_EXPIRED, object_place(c->o), "%s", chain.why)
            ->severity = SEVERITY_WARN;
    else if (!sig->chain_trusted)
        refuse(c->o, chain_fault_finding(chain.fault), chain.why);
    sig->revocation =
        revocation_check(c->a, o->store ? &o->store->records : NULL, sig->chain, sig->chain_count,
                         (struct revocation_times){o->now, sig->timestamp});
    if (o->check_revocation && sig->chain_trusted && sig->revocation.status == REVOCATION_REVOKED)
        refuse(c->o, FINDING_CHAIN_REVOKED, sig->revocation.why);
}

static void check_cms(struct checking *c)
{
    c->sig->has_cms = true;
    c->sig->cms_valid = cms_holds(c);
    c->sig->cms_size = c->cms.length;
    if (!c->cms.signer)
        return;
    check_stamp(c);
    /* The table has the whole chain, the message often only part of it. */
    for (size_t i = 0; i < c->xar->cms.certs.n; i++)
        vec_push(c->a, &c->cms.certs, c->xar->cms.certs.at[i]);
    check_chain(c, c->cms.signer, &c->cms.certs);
}

static void check_rsa(struct checking *c, bool holds)
{
    if (!holds)
        refuse(c->o, FINDING_PKG_CHECKSUM, "the signature does not hold over the checksum");
    if (c->xar->rsa.certs.n)
        check_chain(c, c->xar->rsa.certs.at[0], &c->xar->rsa.certs);
}

void package_validate(struct object *o)
{
    struct checking c = {
        .o = o, .a = o->r->a, .sig = &object_slice(o)->sig, .xar = &o->xar, .cms = {.length = 0}};
    c.sig->present = c.xar->cms.present || c.xar->rsa.present;
    check_content(&c);
    o->c->package->rsa_valid = c.xar->rsa.present && rsa_holds(c.xar);
    if (c.sig->present)
        c.sig->location = "embedded";
    if (c.xar->cms.present)
        check_cms(&c);
    else if (c.xar->rsa.present)
        check_rsa(&c, o->c->package->rsa_valid);
    c.sig->core_valid = c.sig->present && !o->c->outcome.first;
    if (c.sig->present)
        return;
    /* ASSUMPTION(package-unsigned): it installs all the same; what is inside is judged. */
    struct finding *f =
        finding_add(o->c->findings, FINDING_SIG_UNSIGNED, object_place(o), "the package");
    f->severity = SEVERITY_INFO;
    object_fail(o, f);
}
