/* SPDX-License-Identifier: Apache-2.0 */
/* CRL: see crl.h. */
#include "crypto/crl.h"

#include "base/arena.h"
#include "base/der.h"
#include "base/oid.h"
#include "base/when.h"
#include "crypto/x509.h"

/* Bits of IssuingDistributionPoint that are tags: [4] marks a list with entries of other issuers. */
#define SCOPE_INDIRECT 4

static bool refuse(const char **why, const char *text)
{
    *why = text;
    return false;
}

static bool read_time(struct cursor *c, int64_t *out)
{
    struct der d;
    return der_next(c, &d) && der_when(&d, out);
}

static bool time_follows(const struct cursor *c)
{
    return der_peek(c, DER_UNIVERSAL, DER_UTCTIME) || der_peek(c, DER_UNIVERSAL, DER_GENERALIZED);
}

/* -- entries */

static bool read_reason(struct bytes value, int *reason)
{
    struct cursor c = cursor_of(value, 0);
    struct der d;
    if (!der_expect(&c, DER_UNIVERSAL, DER_ENUMERATED, &d) || d.content.n != 1 || cursor_left(&c))
        return false;
    *reason = d.content.p[0];
    return true;
}

/* An extension of one entry; false when the list must not be used because of it. */
static bool know_entry_extension(const struct cert_extension *e, struct crl_entry *out)
{
    struct cursor value = cursor_of(e->value, 0);
    if (oid_is(e->oid, OID_CRL_REASON))
        return read_reason(e->value, &out->reason);
    if (oid_is(e->oid, OID_CRL_INVALID_SINCE))
        return read_time(&value, &out->since);
    return !e->critical;
}

/* SEQUENCE { userCertificate INTEGER, revocationDate Time, crlEntryExtensions OPTIONAL } */
static bool read_entry(struct cursor *c, struct crl_entry *out)
{
    struct der sequence, d;
    *out = (struct crl_entry){.since = WHEN_NONE, .reason = REASON_NONE};
    if (!der_expect(c, DER_UNIVERSAL, DER_SEQUENCE, &sequence))
        return false;
    struct cursor in = der_inside(&sequence);
    if (!der_expect(&in, DER_UNIVERSAL, DER_INTEGER, &d) || !read_time(&in, &out->when))
        return false;
    out->serial = d.content;
    if (!cursor_left(&in))
        return true;
    if (!der_expect(&in, DER_UNIVERSAL, DER_SEQUENCE, &d) || cursor_left(&in))
        return false;
    for (struct cursor each = der_inside(&d); cursor_left(&each);) {
        struct cert_extension e;
        if (!cert_extension_read(&each, &e) || !know_entry_extension(&e, out))
            return false;
    }
    return true;
}

static bool read_entries(struct arena *a, struct cursor *c, struct crl *out)
{
    struct der list;
    if (!der_peek(c, DER_UNIVERSAL, DER_SEQUENCE))
        return true;
    if (!der_next(c, &list))
        return false;
    for (struct cursor in = der_inside(&list); cursor_left(&in);) {
        struct crl_entry entry;
        if (!read_entry(&in, &entry))
            return false;
        vec_push(a, &out->entries, entry);
    }
    return true;
}

/* -- the list's own extensions */

/* A list that holds certificates of other issuers cannot be told apart here. */
static bool is_indirect(struct bytes scope)
{
    struct cursor c = cursor_of(scope, 0);
    struct der sequence, d;
    if (!der_expect(&c, DER_UNIVERSAL, DER_SEQUENCE, &sequence))
        return true;
    for (struct cursor in = der_inside(&sequence); cursor_left(&in);)
        if (!der_next(&in, &d) || der_is(&d, DER_CONTEXT, SCOPE_INDIRECT))
            return true;
    return false;
}

static bool know_extension(const struct cert_extension *e, struct crl *out)
{
    if (oid_is(e->oid, OID_CRL_DELTA)) {
        out->partial = true;
        return true;
    }
    if (oid_is(e->oid, OID_CRL_SCOPE)) {
        out->partial = true;
        return !is_indirect(e->value);
    }
    return !e->critical || oid_is(e->oid, OID_CRL_NUMBER) || oid_is(e->oid, OID_AUTHORITY_KEY_ID);
}

/* [0] { SEQUENCE OF Extension }, optional */
static bool read_extensions(struct cursor *c, struct crl *out)
{
    struct der tagged, list;
    if (!cursor_left(c))
        return true;
    if (!der_expect(c, DER_CONTEXT, 0, &tagged) || cursor_left(c))
        return false;
    struct cursor in = der_inside(&tagged);
    if (!der_expect(&in, DER_UNIVERSAL, DER_SEQUENCE, &list) || cursor_left(&in))
        return false;
    for (in = der_inside(&list); cursor_left(&in);) {
        struct cert_extension e;
        if (!cert_extension_read(&in, &e) || !know_extension(&e, out))
            return false;
    }
    return true;
}

/* TBSCertList ::= SEQUENCE { version OPTIONAL, signature, issuer, thisUpdate, nextUpdate OPTIONAL, … } */
static bool read_tbs(struct arena *a, const struct der *tbs, struct crl *out, const char **why)
{
    struct cursor c = der_inside(tbs);
    struct der d, issuer;
    out->tbs = tbs->whole;
    if (der_peek(&c, DER_UNIVERSAL, DER_INTEGER) && !der_next(&c, &d))
        return refuse(why, "its version does not parse");
    if (!der_expect(&c, DER_UNIVERSAL, DER_SEQUENCE, &d) ||
        !der_expect(&c, DER_UNIVERSAL, DER_SEQUENCE, &issuer) || !read_time(&c, &out->this_update))
        return refuse(why, "its algorithm, issuer or time does not parse");
    out->issuer = issuer.whole;
    if (time_follows(&c) && !read_time(&c, &out->next_update))
        return refuse(why, "the time of its next update does not parse");
    if (!read_entries(a, &c, out))
        return refuse(why, "an entry does not parse, or has a critical extension nobody knows");
    return read_extensions(&c, out) ||
           refuse(why, "an extension does not parse, or is critical and unknown");
}

bool crl_parse(struct arena *a, struct bytes der, struct crl *out, const char **why)
{
    struct cursor c = cursor_of(der, 0);
    struct der whole, tbs, algorithm, bits;
    *why = NULL;
    *out = (struct crl){.this_update = WHEN_NONE, .next_update = WHEN_NONE};
    if (!der_expect(&c, DER_UNIVERSAL, DER_SEQUENCE, &whole) || cursor_left(&c))
        return refuse(why, "it is no list of revoked certificates");
    struct cursor in = der_inside(&whole);
    if (!der_expect(&in, DER_UNIVERSAL, DER_SEQUENCE, &tbs) ||
        !der_expect(&in, DER_UNIVERSAL, DER_SEQUENCE, &algorithm) ||
        !der_expect(&in, DER_UNIVERSAL, DER_BIT_STRING, &bits) || cursor_left(&in) ||
        bits.content.n == 0 || bits.content.p[0] != 0)
        return refuse(why, "it is no list of revoked certificates");
    out->algorithm = algorithm.whole;
    bytes_part(bits.content, 1, bits.content.n - 1, &out->signature);
    return read_tbs(a, &tbs, out, why);
}

const struct crl_entry *crl_find(const struct crl *crl, struct bytes serial)
{
    for (size_t i = 0; i < crl->entries.n; i++)
        if (bytes_equal(crl->entries.at[i].serial, serial))
            return &crl->entries.at[i];
    return NULL;
}

const char *reason_name(int reason)
{
    static const char *const names[] = {"unspecified",
                                        "key compromise",
                                        "compromise of the authority",
                                        "affiliation changed",
                                        "superseded",
                                        "cessation of operation",
                                        "on hold",
                                        NULL,
                                        "taken back",
                                        "privilege withdrawn",
                                        "compromise of the attribute authority"};
    return reason >= 0 && (size_t)reason < sizeof names / sizeof *names ? names[reason] : NULL;
}
