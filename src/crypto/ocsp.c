/* SPDX-License-Identifier: Apache-2.0 */
/* OCSP: see ocsp.h. */
#include "crypto/ocsp.h"

#include "base/arena.h"
#include "base/der.h"
#include "base/limits.h"
#include "crypto/crl.h"
#include "crypto/verify.h"

static bool refuse(const char **why, const char *text)
{
    *why = text;
    return false;
}

static bool read_time(struct cursor *c, int64_t *out)
{
    struct der d;
    return der_expect(c, DER_UNIVERSAL, DER_GENERALIZED, &d) &&
           when_parse_generalized(d.content, out);
}

/* The next element is [TAG] around one other: *IN is inside. False when it is not there or broken. */
static bool enter(struct cursor *c, uint32_t tag, struct cursor *in)
{
    struct der d;
    if (!der_peek(c, DER_CONTEXT, tag) || !der_next(c, &d))
        return false;
    *in = der_inside(&d);
    return true;
}

/* -- single answers */

/* CertID ::= SEQUENCE { hashAlgorithm, issuerNameHash OCTET STRING, issuerKeyHash OCTET STRING, serialNumber } */
static bool read_id(struct cursor *c, struct ocsp_answer *out)
{
    struct der sequence, algorithm, oid, name, key, serial;
    if (!der_expect(c, DER_UNIVERSAL, DER_SEQUENCE, &sequence))
        return false;
    struct cursor in = der_inside(&sequence);
    if (!der_expect(&in, DER_UNIVERSAL, DER_SEQUENCE, &algorithm) ||
        !der_expect(&in, DER_UNIVERSAL, DER_OCTET_STRING, &name) ||
        !der_expect(&in, DER_UNIVERSAL, DER_OCTET_STRING, &key) ||
        !der_expect(&in, DER_UNIVERSAL, DER_INTEGER, &serial))
        return false;
    in = der_inside(&algorithm);
    if (!der_expect(&in, DER_UNIVERSAL, DER_OID, &oid))
        return false;
    out->digest = oid_find(oid.content);
    out->issuer_name_hash = name.content;
    out->issuer_key_hash = key.content;
    out->serial = serial.content;
    return true;
}

/* RevokedInfo ::= { revocationTime GeneralizedTime, revocationReason [0] ENUMERATED OPTIONAL } */
static bool read_revoked(const struct der *info, struct ocsp_answer *out)
{
    struct cursor c = der_inside(info), in;
    struct der d;
    if (!read_time(&c, &out->revoked_at))
        return false;
    if (!cursor_left(&c))
        return true;
    if (!enter(&c, 0, &in) || !der_expect(&in, DER_UNIVERSAL, DER_ENUMERATED, &d) ||
        d.content.n != 1)
        return false;
    out->reason = d.content.p[0];
    return true;
}

/* CertStatus ::= CHOICE { good [0] NULL, revoked [1] RevokedInfo, unknown [2] NULL }, implicit tags */
static bool read_status(struct cursor *c, struct ocsp_answer *out)
{
    struct der d;
    if (!der_next(c, &d) || d.class != DER_CONTEXT || d.tag > 2)
        return false;
    out->status = (enum ocsp_status)d.tag;
    return out->status != OCSP_REVOKED || read_revoked(&d, out);
}

/* A critical extension is one that we would have to understand; RFC 6960 defines none for answers. */
static bool extensions_harmless(struct cursor *in)
{
    struct der list, each, d;
    if (!der_expect(in, DER_UNIVERSAL, DER_SEQUENCE, &list))
        return false;
    for (struct cursor c = der_inside(&list); cursor_left(&c);) {
        if (!der_expect(&c, DER_UNIVERSAL, DER_SEQUENCE, &each))
            return false;
        struct cursor one = der_inside(&each);
        if (!der_expect(&one, DER_UNIVERSAL, DER_OID, &d))
            return false;
        if (der_peek(&one, DER_UNIVERSAL, DER_BOOLEAN) && der_next(&one, &d) && d.content.n == 1 &&
            d.content.p[0] != 0)
            return false;
    }
    return true;
}

/* SingleResponse ::= SEQUENCE { certID, certStatus, thisUpdate, nextUpdate [0] OPTIONAL, extensions [1] OPTIONAL } */
static bool read_answer(struct cursor *c, struct ocsp_answer *out)
{
    struct der sequence;
    struct cursor tagged;
    *out = (struct ocsp_answer){
        .revoked_at = WHEN_NONE, .next_update = WHEN_NONE, .reason = REASON_NONE};
    if (!der_expect(c, DER_UNIVERSAL, DER_SEQUENCE, &sequence))
        return false;
    struct cursor in = der_inside(&sequence);
    if (!read_id(&in, out) || !read_status(&in, out) || !read_time(&in, &out->this_update))
        return false;
    if (der_peek(&in, DER_CONTEXT, 0) &&
        (!enter(&in, 0, &tagged) || !read_time(&tagged, &out->next_update)))
        return false;
    if (der_peek(&in, DER_CONTEXT, 1) && (!enter(&in, 1, &tagged) || !extensions_harmless(&tagged)))
        return false;
    return cursor_left(&in) == 0;
}

/* -- the response */

/* ResponderID ::= CHOICE { byName [1] Name, byKey [2] OCTET STRING } */
static bool read_responder(struct cursor *c, struct ocsp *out)
{
    struct der d;
    struct cursor in;
    if (enter(c, 1, &in)) {
        if (!der_expect(&in, DER_UNIVERSAL, DER_SEQUENCE, &d))
            return false;
        out->responder_name = d.whole;
        return true;
    }
    if (!enter(c, 2, &in) || !der_expect(&in, DER_UNIVERSAL, DER_OCTET_STRING, &d))
        return false;
    out->responder_key = d.content;
    return true;
}

/* ResponseData ::= SEQUENCE { version [0] DEFAULT, responderID, producedAt, responses, extensions [1] OPTIONAL } */
static bool read_data(struct arena *a, const struct der *data, struct ocsp *out)
{
    struct cursor c = der_inside(data), in;
    struct der list;
    int64_t produced;
    out->tbs = data->whole;
    if (der_peek(&c, DER_CONTEXT, 0) && !enter(&c, 0, &in))
        return false;
    if (!read_responder(&c, out) || !read_time(&c, &produced) ||
        !der_expect(&c, DER_UNIVERSAL, DER_SEQUENCE, &list))
        return false;
    for (struct cursor each = der_inside(&list); cursor_left(&each);) {
        struct ocsp_answer answer;
        if (!read_answer(&each, &answer))
            return false;
        vec_push(a, &out->answers, answer);
    }
    if (der_peek(&c, DER_CONTEXT, 1) && (!enter(&c, 1, &in) || !extensions_harmless(&in)))
        return false;
    return cursor_left(&c) == 0;
}

/* certs [0] { SEQUENCE OF Certificate } OPTIONAL; those that do not parse are left out. */
static bool read_certs(struct arena *a, struct cursor *c, struct ocsp *out)
{
    struct cursor in;
    struct der list, d;
    if (!cursor_left(c))
        return true;
    if (!enter(c, 0, &in) || !der_expect(&in, DER_UNIVERSAL, DER_SEQUENCE, &list))
        return false;
    for (in = der_inside(&list); cursor_left(&in) && out->certs.n < LIMIT_CERTS;) {
        struct cert *cert = arena_new_of(a, struct cert);
        if (!der_next(&in, &d))
            return false;
        if (cert_parse(a, d.whole, cert))
            vec_push(a, &out->certs, cert);
    }
    return true;
}

/* BasicOCSPResponse ::= SEQUENCE { tbsResponseData, signatureAlgorithm, signature BIT STRING, certs } */
static bool read_basic(struct arena *a, struct cursor *in, struct ocsp *out, const char **why)
{
    struct der data, algorithm, bits;
    if (!der_expect(in, DER_UNIVERSAL, DER_SEQUENCE, &data) ||
        !der_expect(in, DER_UNIVERSAL, DER_SEQUENCE, &algorithm) ||
        !der_expect(in, DER_UNIVERSAL, DER_BIT_STRING, &bits) || bits.content.n == 0 ||
        bits.content.p[0] != 0 || !read_certs(a, in, out))
        return refuse(why, "it is no basic response");
    out->algorithm = algorithm.whole;
    bytes_part(bits.content, 1, bits.content.n - 1, &out->signature);
    return read_data(a, &data, out) || refuse(why, "its answers do not parse");
}

/* responseBytes [0] { SEQUENCE { responseType OID, response OCTET STRING } } */
static bool open_wrapper(struct cursor *c, struct cursor *basic, const char **why)
{
    struct cursor in;
    struct der sequence, type, octets, d;
    if (!enter(c, 0, &in) || !der_expect(&in, DER_UNIVERSAL, DER_SEQUENCE, &sequence))
        return refuse(why, "it holds no answer");
    in = der_inside(&sequence);
    if (!der_expect(&in, DER_UNIVERSAL, DER_OID, &type) ||
        !der_expect(&in, DER_UNIVERSAL, DER_OCTET_STRING, &octets) ||
        !oid_is(type.content, OID_OCSP_BASIC))
        return refuse(why, "it is of a kind that nothing reads");
    in = der_inside(&octets);
    if (!der_expect(&in, DER_UNIVERSAL, DER_SEQUENCE, &d) || cursor_left(&in))
        return refuse(why, "it is no basic response");
    *basic = der_inside(&d);
    return true;
}

bool ocsp_parse(struct arena *a, struct bytes der, struct ocsp *out, const char **why)
{
    struct cursor c = cursor_of(der, 0);
    struct der whole, d;
    *why = NULL;
    *out = (struct ocsp){.algorithm = {NULL, 0}};
    if (!der_expect(&c, DER_UNIVERSAL, DER_SEQUENCE, &whole) || cursor_left(&c))
        return refuse(why, "it is no OCSP response");
    struct cursor in = der_inside(&whole);
    if (!der_peek(&in, DER_UNIVERSAL, DER_ENUMERATED))
        return read_basic(a, &in, out, why);
    if (!der_next(&in, &d) || d.content.n != 1 || d.content.p[0] != 0)
        return refuse(why, "the responder reports an error in place of an answer");
    struct cursor basic;
    return open_wrapper(&in, &basic, why) && read_basic(a, &basic, out, why);
}

/* -- whom it is about, who it is from */

/* The bits of C's public key, without algorithm and tag: what hashes of keys are made of. */
static struct bytes key_bits(const struct cert *c)
{
    struct cursor in = cursor_of(c->spki, 0);
    struct der sequence, algorithm, bits;
    struct bytes out = {NULL, 0};
    if (!der_expect(&in, DER_UNIVERSAL, DER_SEQUENCE, &sequence))
        return out;
    in = der_inside(&sequence);
    if (der_expect(&in, DER_UNIVERSAL, DER_SEQUENCE, &algorithm) &&
        der_expect(&in, DER_UNIVERSAL, DER_BIT_STRING, &bits) && bits.content.n)
        bytes_part(bits.content, 1, bits.content.n - 1, &out);
    return out;
}

bool ocsp_is_about(struct arena *a, const struct ocsp_answer *answer, const struct cert *c,
                   const struct cert *issuer)
{
    enum digest_type type = algorithm_digest(answer->digest);
    return type != DIGEST_NONE && bytes_equal(answer->serial, c->serial) &&
           bytes_equal(digest_bytes(a, type, c->issuer), answer->issuer_name_hash) &&
           bytes_equal(digest_bytes(a, type, key_bits(issuer)), answer->issuer_key_hash);
}

bool ocsp_is_responder(struct arena *a, const struct ocsp *ocsp, const struct cert *c)
{
    if (ocsp->responder_key.n)
        return bytes_equal(digest_bytes(a, DIGEST_SHA1, key_bits(c)), ocsp->responder_key);
    return bytes_equal(c->subject, ocsp->responder_name);
}
