/* SPDX-License-Identifier: Apache-2.0 */
/* CMS SignedData, taken apart: see cms.h. */
#include "crypto/cms.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/der.h"
#include "base/limits.h"
#include "crypto/verify.h"

/* -- reading */

static bool read_oid(struct cursor *c, struct bytes *out)
{
    struct der d;
    if (!der_expect(c, DER_UNIVERSAL, DER_OID, &d))
        return false;
    *out = d.content;
    return true;
}

/* AlgorithmIdentifier: SEQUENCE { OID, parameters OPTIONAL } */
static bool read_algorithm(struct cursor *c, struct bytes *oid)
{
    struct der d;
    if (!der_expect(c, DER_UNIVERSAL, DER_SEQUENCE, &d))
        return false;
    struct cursor in = der_inside(&d);
    return read_oid(&in, oid);
}

static bool read_digest_algorithms(struct arena *a, struct cursor *c, struct cms *out)
{
    struct der set;
    if (!der_expect(c, DER_UNIVERSAL, DER_SET, &set))
        return false;
    struct cursor in = der_inside(&set);
    while (cursor_left(&in)) {
        struct bytes oid;
        if (!read_algorithm(&in, &oid))
            return false;
        vec_push(a, &out->digest_algorithms, oid);
    }
    return true;
}

/* EncapsulatedContentInfo: SEQUENCE { OID, [0] EXPLICIT OCTET STRING OPTIONAL } */
static bool read_content(struct arena *a, struct cursor *c, struct cms *out)
{
    struct der seq, wrapper, octets;
    if (!der_expect(c, DER_UNIVERSAL, DER_SEQUENCE, &seq))
        return false;
    struct cursor in = der_inside(&seq);
    if (!read_oid(&in, &out->content_type))
        return false;
    if (!cursor_left(&in))
        return true;
    if (!der_expect(&in, DER_CONTEXT, 0, &wrapper) || cursor_left(&in))
        return false;
    in = der_inside(&wrapper);
    out->has_content = true;
    return der_expect(&in, DER_UNIVERSAL, DER_OCTET_STRING, &octets) && !cursor_left(&in) &&
           der_octets(a, &octets, &out->content);
}

/* [0] IMPLICIT SET OF Certificate; other kinds of certificates are left out. */
static void read_certs(struct arena *a, const struct der *set, struct cms *out)
{
    struct cursor in = der_inside(set);
    struct der d;
    while (cursor_left(&in) && der_next(&in, &d)) {
        struct cert *cert = arena_new_of(a, struct cert);
        if (der_is(&d, DER_UNIVERSAL, DER_SEQUENCE) && out->certs.n < LIMIT_CERTS &&
            cert_parse(a, d.whole, cert))
            vec_push(a, &out->certs, cert);
        else
            out->bad_certs++;
    }
}

/* SEQUENCE { OID, SET OF value }; its form as signed is appended to SIGNED_FORM. */
static bool read_attribute(struct arena *a, struct cursor *c, struct cms_attribute_vec *to,
                           struct buf *signed_form)
{
    struct der seq, oid, set;
    if (!der_expect(c, DER_UNIVERSAL, DER_SEQUENCE, &seq))
        return false;
    struct cursor in = der_inside(&seq);
    if (!der_expect(&in, DER_UNIVERSAL, DER_OID, &oid) ||
        !der_expect(&in, DER_UNIVERSAL, DER_SET, &set) || cursor_left(&in))
        return false;
    vec_push(a, to, (struct cms_attribute){oid.content, set.content});
    if (seq.minimal && set.minimal) {
        buf_put(signed_form, seq.whole);
        return true;
    }
    /* Only the wrappers are written anew, in their definite form; the values stay as they are. */
    struct buf inner = {.arena = a};
    buf_put(&inner, oid.whole);
    der_put(&inner, 0x31, set.content);
    der_put(signed_form, 0x30, buf_bytes(&inner));
    return true;
}

static bool read_attributes(struct arena *a, const struct der *set, struct cms_attribute_vec *to,
                            struct bytes *as_signed)
{
    struct cursor in = der_inside(set);
    struct buf content = {.arena = a}, whole = {.arena = a};
    while (cursor_left(&in))
        if (!read_attribute(a, &in, to, &content))
            return false;
    der_put(&whole, 0x31, buf_bytes(&content));
    *as_signed = buf_bytes(&whole);
    return true;
}

/* issuerAndSerialNumber, or [0] subjectKeyIdentifier */
static bool read_signer_id(struct cursor *c, struct cms *out)
{
    struct der d, name, serial;
    if (!der_next(c, &d))
        return false;
    if (der_is(&d, DER_CONTEXT, 0)) {
        out->key_id = d.content;
        return true;
    }
    struct cursor in = der_inside(&d);
    if (!der_is(&d, DER_UNIVERSAL, DER_SEQUENCE) ||
        !der_expect(&in, DER_UNIVERSAL, DER_SEQUENCE, &name) ||
        !der_expect(&in, DER_UNIVERSAL, DER_INTEGER, &serial))
        return false;
    out->issuer = name.whole;
    out->serial = serial.content;
    return true;
}

static bool read_signer(struct arena *a, const struct der *info, struct cms *out)
{
    struct cursor in = der_inside(info);
    struct der version, d;
    struct bytes digest, algorithm, ignored;
    if (!der_expect(&in, DER_UNIVERSAL, DER_INTEGER, &version) || !read_signer_id(&in, out) ||
        !read_algorithm(&in, &digest))
        return false;
    out->digest_algorithm = oid_find(digest);
    if (der_peek(&in, DER_CONTEXT, 0)) {
        out->has_signed_attributes = true;
        if (!der_next(&in, &d) ||
            !read_attributes(a, &d, &out->attributes, &out->signed_attributes))
            return false;
    }
    if (!read_algorithm(&in, &algorithm) || !der_expect(&in, DER_UNIVERSAL, DER_OCTET_STRING, &d) ||
        !der_octets(a, &d, &out->signature))
        return false;
    out->signature_algorithm = oid_find(algorithm);
    if (!cursor_left(&in))
        return true;
    out->has_unsigned_attributes = true;
    return der_expect(&in, DER_CONTEXT, 1, &d) &&
           read_attributes(a, &d, &out->unsigned_attributes, &ignored);
}

static bool is_signer(const struct cms *cms, const struct cert *cert)
{
    if (cms->key_id.n)
        return bytes_equal(cms->key_id, cert->subject_key_id);
    return bytes_equal(cms->issuer, cert->issuer) && bytes_equal(cms->serial, cert->serial);
}

static const struct cert *find_signer(const struct cms *cms)
{
    for (size_t i = 0; i < cms->certs.n; i++)
        if (is_signer(cms, cms->certs.at[i]))
            return cms->certs.at[i];
    return NULL;
}

static bool refuse(const char **why, const char *text)
{
    *why = text;
    return false;
}

/* What stands behind the content: [0] certificates, [1] revocation lists, signerInfos. */
static bool read_tail(struct arena *a, struct cursor *in, struct cms *out, const char **why)
{
    struct der d, info;
    while (der_peek(in, DER_CONTEXT, 0) || der_peek(in, DER_CONTEXT, 1)) {
        if (!der_next(in, &d))
            return refuse(why, "the certificates do not parse");
        if (d.tag == 0)
            read_certs(a, &d, out);
    }
    if (!der_expect(in, DER_UNIVERSAL, DER_SET, &d))
        return refuse(why, "there is no list of signers");
    struct cursor signers = der_inside(&d);
    if (!cursor_left(&signers))
        return refuse(why, "the list of signers is empty");
    if (!der_expect(&signers, DER_UNIVERSAL, DER_SEQUENCE, &info) || !read_signer(a, &info, out))
        return refuse(why, "the signer's record does not parse");
    out->signer_count = 1;
    while (cursor_left(&signers) && der_next(&signers, &info))
        out->signer_count++;
    out->signer = find_signer(out);
    return cursor_left(in) ? refuse(why, "something follows the list of signers") : true;
}

bool cms_parse(struct arena *a, struct bytes der, struct cms *out, const char **why)
{
    struct cursor c = cursor_of(der, 0);
    struct der outer, wrapper, data, version;
    struct bytes type;

    *out = (struct cms){0};
    *why = NULL;
    out->incomplete = der.n == 0 || der_peek(&c, DER_UNIVERSAL, DER_SEQUENCE);
    if (der.n == 0)
        return refuse(why, "it is empty");
    if (!der_expect(&c, DER_UNIVERSAL, DER_SEQUENCE, &outer))
        return refuse(why, "it is no complete SEQUENCE");
    out->incomplete = false;
    out->length = outer.whole.n;
    struct cursor in = der_inside(&outer);
    if (!read_oid(&in, &type) || !oid_is(type, OID_CMS_SIGNED_DATA))
        return refuse(why, "its content type is not signedData");
    if (!der_expect(&in, DER_CONTEXT, 0, &wrapper) || cursor_left(&in))
        return refuse(why, "it has no content, or more than that");
    in = der_inside(&wrapper);
    if (!der_expect(&in, DER_UNIVERSAL, DER_SEQUENCE, &data) || cursor_left(&in))
        return refuse(why, "its content is no SignedData");
    in = der_inside(&data);
    if (!der_expect(&in, DER_UNIVERSAL, DER_INTEGER, &version) ||
        !read_digest_algorithms(a, &in, out) || !read_content(a, &in, out))
        return refuse(why, "its version, digest algorithms or content do not parse");
    return read_tail(a, &in, out, why);
}

/* -- attributes */

struct bytes cms_attribute_value(const struct cms_attribute_vec *attributes, enum oid_id id,
                                 size_t *count)
{
    struct bytes found = {NULL, 0};
    size_t n = 0;
    for (size_t i = 0; i < attributes->n; i++)
        if (oid_is(attributes->at[i].oid, id)) {
            found = attributes->at[i].values;
            n++;
        }
    if (count)
        *count = n;
    return n == 1 ? found : bytes_of(NULL, 0);
}

int64_t cms_signing_time(const struct cms *cms)
{
    struct bytes value = cms_attribute_value(&cms->attributes, OID_CMS_SIGNING_TIME, NULL);
    struct cursor c = cursor_of(value, 0);
    struct der d;
    int64_t when;
    return der_next(&c, &d) && der_when(&d, &when) ? when : WHEN_NONE;
}

static bool read_cdhash(struct cursor *c, struct cms_cdhash *out)
{
    struct der seq, digest;
    struct bytes oid;
    if (!der_expect(c, DER_UNIVERSAL, DER_SEQUENCE, &seq))
        return false;
    struct cursor in = der_inside(&seq);
    if (!read_oid(&in, &oid) || !der_expect(&in, DER_UNIVERSAL, DER_OCTET_STRING, &digest))
        return false;
    out->algorithm = oid_find(oid);
    out->digest = digest.content;
    return true;
}

bool cms_cdhashes(struct arena *a, const struct cms *cms, bool *present, struct cms_cdhash_vec *out)
{
    size_t count;
    struct bytes values = cms_attribute_value(&cms->attributes, OID_APPLE_CDHASHES, &count);
    struct cursor c = cursor_of(values, 0);
    *present = count == 1;
    while (*present && cursor_left(&c)) {
        struct cms_cdhash one;
        if (!read_cdhash(&c, &one))
            return false;
        vec_push(a, out, one);
    }
    return true;
}

bool cms_cdhashes_plist(struct arena *a, const struct cms *cms, struct bytes *plist)
{
    size_t count;
    struct bytes value = cms_attribute_value(&cms->attributes, OID_APPLE_CDHASHES_PLIST, &count);
    struct cursor c = cursor_of(value, 0);
    struct der d;
    *plist = bytes_of(NULL, 0);
    if (der_expect(&c, DER_UNIVERSAL, DER_OCTET_STRING, &d))
        (void)der_octets(a, &d, plist);
    return count == 1;
}

/* -- judging */

static enum cms_fault fault(const char **why, enum cms_fault f, const char *text)
{
    *why = text;
    return f;
}

static bool digest_listed(const struct cms *cms)
{
    for (size_t i = 0; i < cms->digest_algorithms.n; i++)
        if (oid_is(cms->digest_algorithms.at[i], cms->digest_algorithm))
            return true;
    return false;
}

/* contentType and messageDigest, each exactly once. */
static enum cms_fault check_attributes(struct arena *a, const struct cms *cms, struct bytes digest,
                                       enum oid_id content_type, const char **why)
{
    size_t types, digests;
    struct bytes type = cms_attribute_value(&cms->attributes, OID_CMS_CONTENT_TYPE, &types);
    struct bytes stated = cms_attribute_value(&cms->attributes, OID_CMS_MESSAGE_DIGEST, &digests);
    struct cursor c = cursor_of(type, 0), d = cursor_of(stated, 0);
    struct der oid, octets;

    if (types != 1 || digests != 1)
        return fault(
            why, CMS_BAD_ATTRIBUTES,
            arena_printf(a,
                         "contentType %zu times and messageDigest %zu times, each is required once",
                         types, digests));
    if (!der_expect(&c, DER_UNIVERSAL, DER_OID, &oid) || !oid_is(oid.content, content_type))
        return fault(why, CMS_BAD_ATTRIBUTES, "contentType is not the type of the content");
    if (!der_expect(&d, DER_UNIVERSAL, DER_OCTET_STRING, &octets))
        return fault(why, CMS_BAD_ATTRIBUTES, "messageDigest is no OCTET STRING");
    if (!bytes_equal(octets.content, digest))
        return fault(why, CMS_BAD_DIGEST,
                     arena_printf(a, "signed for %s, the content has %s",
                                  bytes_hex(a, octets.content), bytes_hex(a, digest)));
    return CMS_GOOD;
}

enum cms_fault cms_check(struct arena *a, const struct cms *cms, struct bytes content,
                         enum oid_id content_type, const char **why)
{
    enum digest_type type = algorithm_digest(cms->digest_algorithm);
    *why = NULL;
    if (!cms->signer)
        return fault(why, CMS_NO_SIGNER, "no certificate in the signature is the signer's");
    if (type == DIGEST_NONE)
        return fault(why, CMS_BAD_ALGORITHM,
                     "the digest algorithm is none of MD5, SHA-1, SHA-256, SHA-384, SHA-512");
    if (!oid_is(cms->content_type, content_type))
        return fault(why, CMS_BAD_ATTRIBUTES, "the content is of another type");
    if (!digest_listed(cms))
        return fault(why, CMS_BAD_ALGORITHM,
                     "the signer's digest algorithm is not among those the signature lists");
    if (cms->has_signed_attributes) {
        enum cms_fault f =
            check_attributes(a, cms, digest_bytes(a, type, content), content_type, why);
        if (f != CMS_GOOD)
            return f;
    }
    struct bytes data = cms->has_signed_attributes ? cms->signed_attributes : content;
    switch (
        signature_verify(cms->signer->spki, cms->signature_algorithm, type, data, cms->signature)) {
    case VERIFY_GOOD: return CMS_GOOD;
    case VERIFY_UNSUPPORTED:
        return fault(why, CMS_BAD_ALGORITHM,
                     "the signature algorithm is not accepted, or names another digest");
    case VERIFY_KEY: return fault(why, CMS_BAD_SIGNATURE, "the signer's public key cannot be used");
    case VERIFY_BAD: break;
    }
    return fault(why, CMS_BAD_SIGNATURE,
                 cms->has_signed_attributes ? "it does not hold over the attributes as they stand"
                                            : "it does not hold over the content");
}

enum finding_id cms_fault_finding(enum cms_fault f)
{
    static const enum finding_id id[] = {
        [CMS_GOOD] = FINDING_NONE,
        [CMS_NO_SIGNER] = FINDING_CMS_SIGNER_MISSING,
        [CMS_BAD_ALGORITHM] = FINDING_CMS_ALGORITHM,
        [CMS_BAD_ATTRIBUTES] = FINDING_CMS_ATTRIBUTES,
        [CMS_BAD_DIGEST] = FINDING_CMS_DIGEST_MISMATCH,
        [CMS_BAD_SIGNATURE] = FINDING_CMS_SIGNATURE,
    };
    return id[f];
}
