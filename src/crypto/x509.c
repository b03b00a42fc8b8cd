/* SPDX-License-Identifier: Apache-2.0 */
/* X.509 certificates (RFC 5280 §4.1) read by our own DER reader: see x509.h. */
#include "crypto/x509.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/der.h"
#include "crypto/digest.h"

/* The content of a BIT STRING without its count of unused bits, which must be 0. */
static bool whole_bits(const struct der *d, struct bytes *out)
{
    return d->content.n != 0 && d->content.p[0] == 0 &&
           bytes_part(d->content, 1, d->content.n - 1, out);
}

/* AlgorithmIdentifier ::= SEQUENCE { algorithm OID, parameters ANY OPTIONAL }; RSA takes NULL or nothing. */
static bool read_algorithm(struct cursor *c, struct bytes *whole)
{
    struct der sequence, oid, parameters;
    if (!der_expect(c, DER_UNIVERSAL, DER_SEQUENCE, &sequence))
        return false;
    struct cursor in = der_inside(&sequence);
    *whole = sequence.whole;
    if (!der_expect(&in, DER_UNIVERSAL, DER_OID, &oid))
        return false;
    if (cursor_left(&in) == 0)
        return true;
    if (!der_next(&in, &parameters) || cursor_left(&in))
        return false;
    switch (oid_find(oid.content)) {
    case OID_RSA:
    case OID_RSA_MD5:
    case OID_RSA_SHA1:
    case OID_RSA_SHA256:
    case OID_RSA_SHA384:
    case OID_RSA_SHA512:
        return der_is(&parameters, DER_UNIVERSAL, DER_NULL) && parameters.content.n == 0;
    default: return true;
    }
}

static int64_t read_time(struct cursor *c)
{
    struct der d;
    int64_t when;
    return der_next(c, &d) && der_when(&d, &when) ? when : WHEN_NONE;
}

/* SubjectPublicKeyInfo ::= SEQUENCE { algorithm, subjectPublicKey BIT STRING } */
static bool read_key(struct cursor *c, struct cert *out)
{
    struct der sequence, bits;
    struct bytes algorithm, key;
    if (!der_expect(c, DER_UNIVERSAL, DER_SEQUENCE, &sequence))
        return false;
    out->spki = sequence.whole;
    struct cursor in = der_inside(&sequence);
    return read_algorithm(&in, &algorithm) &&
           der_expect(&in, DER_UNIVERSAL, DER_BIT_STRING, &bits) && whole_bits(&bits, &key) &&
           cursor_left(&in) == 0;
}

/* BasicConstraints ::= SEQUENCE { cA BOOLEAN DEFAULT FALSE, pathLenConstraint INTEGER OPTIONAL } */
static bool read_basic_constraints(struct arena *a, struct cursor *c, struct cert *out)
{
    struct der sequence, d;
    (void)a;
    if (!der_expect(c, DER_UNIVERSAL, DER_SEQUENCE, &sequence))
        return false;
    struct cursor in = der_inside(&sequence);
    out->has_basic_constraints = true;
    if (der_peek(&in, DER_UNIVERSAL, DER_BOOLEAN)) {
        if (!der_next(&in, &d) || d.content.n != 1)
            return false;
        out->is_ca = d.content.p[0] != 0;
    }
    if (cursor_left(&in) == 0)
        return true;
    return der_expect(&in, DER_UNIVERSAL, DER_INTEGER, &d) && der_int64(&d, &out->path_length) &&
           out->path_length >= 0 && cursor_left(&in) == 0;
}

/* Bit 0 (digitalSignature) is the highest bit of the first octet. */
static bool read_key_usage(struct arena *a, struct cursor *c, struct cert *out)
{
    struct der d;
    (void)a;
    if (!der_expect(c, DER_UNIVERSAL, DER_BIT_STRING, &d) || d.content.n < 1 || d.content.n > 5 ||
        d.content.p[0] > 7)
        return false;
    out->has_key_usage = true;
    for (size_t bit = 0; bit < 8 * (d.content.n - 1); bit++)
        if (d.content.p[1 + bit / 8] & 0x80 >> bit % 8)
            out->key_usage |= UINT32_C(1) << bit;
    return true;
}

/* SEQUENCE SIZE (1..MAX) OF OID */
static bool read_usages(struct arena *a, struct cursor *c, struct cert *out)
{
    struct der sequence, d;
    if (!der_expect(c, DER_UNIVERSAL, DER_SEQUENCE, &sequence) || sequence.content.n == 0)
        return false;
    for (struct cursor in = der_inside(&sequence); cursor_left(&in);) {
        if (!der_expect(&in, DER_UNIVERSAL, DER_OID, &d))
            return false;
        vec_push(a, &out->usages, d.content);
    }
    return true;
}

/* SEQUENCE SIZE (1..MAX) OF SEQUENCE { policyIdentifier OID, policyQualifiers OPTIONAL } */
static bool read_policies(struct arena *a, struct cursor *c, struct cert *out)
{
    struct der sequence, policy, d;
    if (!der_expect(c, DER_UNIVERSAL, DER_SEQUENCE, &sequence) || sequence.content.n == 0)
        return false;
    for (struct cursor in = der_inside(&sequence); cursor_left(&in);) {
        if (!der_expect(&in, DER_UNIVERSAL, DER_SEQUENCE, &policy))
            return false;
        struct cursor each = der_inside(&policy);
        if (!der_expect(&each, DER_UNIVERSAL, DER_OID, &d))
            return false;
        vec_push(a, &out->policies, d.content);
    }
    return true;
}

static bool read_subject_key_id(struct arena *a, struct cursor *c, struct cert *out)
{
    struct der d;
    (void)a;
    if (!der_expect(c, DER_UNIVERSAL, DER_OCTET_STRING, &d))
        return false;
    out->subject_key_id = d.content;
    return true;
}

/* AuthorityKeyIdentifier ::= SEQUENCE { keyIdentifier [0] OPTIONAL, … }: only the identifier matters here. */
static bool read_authority_key_id(struct arena *a, struct cursor *c, struct cert *out)
{
    struct der sequence, d;
    (void)a;
    if (!der_expect(c, DER_UNIVERSAL, DER_SEQUENCE, &sequence))
        return false;
    struct cursor in = der_inside(&sequence);
    if (!der_peek(&in, DER_CONTEXT, 0))
        return true;
    if (!der_next(&in, &d))
        return false;
    out->authority_key_id = d.content;
    return true;
}

static const struct {
    enum oid_id id;
    bool (*read)(struct arena *a, struct cursor *c, struct cert *out);
    bool needed; /* a certificate in which it does not parse is refused as a whole */
} readers[] = {
    {OID_BASIC_CONSTRAINTS, read_basic_constraints, false},
    {OID_KEY_USAGE, read_key_usage, false},
    {OID_EXT_KEY_USAGE, read_usages, true},
    {OID_CERT_POLICIES, read_policies, false},
    {OID_SUBJECT_KEY_ID, read_subject_key_id, false},
    {OID_AUTHORITY_KEY_ID, read_authority_key_id, false},
};

/* Read an extension we know; false when the certificate cannot be taken. */
static bool know_extension(struct arena *a, const struct cert_extension *e, struct cert *out)
{
    for (size_t i = 0; i < sizeof readers / sizeof *readers; i++) {
        if (!oid_is(e->oid, readers[i].id))
            continue;
        struct cursor c = cursor_of(e->value, 0);
        if (readers[i].read(a, &c, out) && cursor_left(&c) == 0 && !c.failed)
            return true;
        out->extensions_odd = true;
        return !readers[i].needed;
    }
    return true;
}

bool cert_extension_read(struct cursor *c, struct cert_extension *out)
{
    struct der sequence, d;
    if (!der_expect(c, DER_UNIVERSAL, DER_SEQUENCE, &sequence))
        return false;
    struct cursor in = der_inside(&sequence);
    if (!der_expect(&in, DER_UNIVERSAL, DER_OID, &d))
        return false;
    *out = (struct cert_extension){.oid = d.content};
    if (der_peek(&in, DER_UNIVERSAL, DER_BOOLEAN)) {
        if (!der_next(&in, &d) || d.content.n != 1)
            return false;
        out->critical = d.content.p[0] != 0;
    }
    if (!der_expect(&in, DER_UNIVERSAL, DER_OCTET_STRING, &d) || d.constructed || cursor_left(&in))
        return false;
    out->value = d.content;
    return true;
}

/* [3] { SEQUENCE SIZE (1..MAX) OF Extension }; of one that is there twice the first counts. */
static bool read_extensions(struct arena *a, const struct der *tagged, struct cert *out)
{
    struct cursor c = der_inside(tagged);
    struct der sequence;
    if (!der_expect(&c, DER_UNIVERSAL, DER_SEQUENCE, &sequence) || cursor_left(&c) ||
        sequence.content.n == 0)
        return false;
    for (struct cursor in = der_inside(&sequence); cursor_left(&in);) {
        struct cert_extension e;
        if (!cert_extension_read(&in, &e))
            return false;
        if (cert_extension(out, e.oid))
            out->extensions_odd = true;
        else if (!know_extension(a, &e, out))
            return false;
        vec_push(a, &out->extensions, e);
    }
    return true;
}

/* issuerUniqueID [1], subjectUniqueID [2], extensions [3], all optional */
static bool read_tail(struct arena *a, struct cursor *c, struct cert *out)
{
    while (cursor_left(c)) {
        struct der d;
        if (!der_next(c, &d) || d.class != DER_CONTEXT || d.tag < 1 || d.tag > 3)
            return false;
        if (d.tag == 3)
            return read_extensions(a, &d, out) && cursor_left(c) == 0;
    }
    return !c->failed;
}

/* version [0] INTEGER DEFAULT v1 (0); nothing above v3 (2) exists. */
static bool read_version(struct cursor *c)
{
    struct der tagged, d;
    int64_t version;
    if (!der_peek(c, DER_CONTEXT, 0))
        return true;
    if (!der_next(c, &tagged))
        return false;
    struct cursor in = der_inside(&tagged);
    return der_expect(&in, DER_UNIVERSAL, DER_INTEGER, &d) && der_int64(&d, &version) &&
           version >= 0 && version <= 2 && cursor_left(&in) == 0;
}

static bool read_tbs(struct arena *a, const struct der *tbs, struct cert *out)
{
    struct cursor c = der_inside(tbs);
    struct der serial, issuer, validity, subject;
    out->tbs = tbs->whole;
    if (!read_version(&c) || !der_expect(&c, DER_UNIVERSAL, DER_INTEGER, &serial) ||
        !read_algorithm(&c, &out->inner_algorithm) ||
        !der_expect(&c, DER_UNIVERSAL, DER_SEQUENCE, &issuer) ||
        !der_expect(&c, DER_UNIVERSAL, DER_SEQUENCE, &validity) ||
        !der_expect(&c, DER_UNIVERSAL, DER_SEQUENCE, &subject) || !read_key(&c, out))
        return false;
    struct cursor dates = der_inside(&validity);
    out->serial = serial.content;
    out->issuer = issuer.whole;
    out->subject = subject.whole;
    out->not_before = read_time(&dates);
    out->not_after = read_time(&dates);
    return read_tail(a, &c, out);
}

static const char *attribute_text(struct arena *a, const struct cert_attribute *attribute)
{
    return attribute ? bytes_cstr(a, attribute->text) : NULL;
}

void cert_read_subject(struct arena *a, struct cert *out)
{
    const struct cert_attribute_vec *name = &out->attributes;
    out->name_decodable = name_parse(a, out->subject, &out->attributes);
    out->common_name = attribute_text(a, name_last(name, OID_NAME_CN));
    if (!out->common_name)
        out->common_name = "";
    out->organisation = attribute_text(a, name_last(name, OID_NAME_O));
    out->team = attribute_text(a, name_last(name, OID_NAME_OU));
    out->first_unit = attribute_text(a, name_first(name, OID_NAME_OU));
}

bool cert_parse(struct arena *a, struct bytes der, struct cert *out)
{
    struct cursor c = cursor_of(der, 0);
    struct der whole, tbs, bits;
    uint8_t digest[DIGEST_MAX];
    *out = (struct cert){.path_length = -1, .not_before = WHEN_NONE, .not_after = WHEN_NONE};
    out->common_name = "";
    if (!der_expect(&c, DER_UNIVERSAL, DER_SEQUENCE, &whole) || whole.indefinite || cursor_left(&c))
        return false;
    struct cursor in = der_inside(&whole);
    if (!der_expect(&in, DER_UNIVERSAL, DER_SEQUENCE, &tbs) || tbs.indefinite ||
        !read_algorithm(&in, &out->signature_algorithm) ||
        !der_expect(&in, DER_UNIVERSAL, DER_BIT_STRING, &bits) ||
        !whole_bits(&bits, &out->signature) || cursor_left(&in))
        return false;
    out->der = whole.whole;
    if (!read_tbs(a, &tbs, out))
        return false;
    cert_read_subject(a, out);
    digest_of(DIGEST_SHA1, out->der, digest);
    memcpy(out->sha1, digest, sizeof out->sha1);
    digest_of(DIGEST_SHA256, out->der, digest);
    memcpy(out->sha256, digest, sizeof out->sha256);
    return true;
}

const struct cert_extension *cert_extension(const struct cert *c, struct bytes oid)
{
    for (size_t i = 0; i < c->extensions.n; i++)
        if (bytes_equal(c->extensions.at[i].oid, oid))
            return &c->extensions.at[i];
    return NULL;
}

static const struct cert_extension *extension_of(const struct cert *c, enum oid_id id)
{
    for (size_t i = 0; i < c->extensions.n; i++)
        if (oid_is(c->extensions.at[i].oid, id))
            return &c->extensions.at[i];
    return NULL;
}

bool cert_has_marker(const struct cert *c, enum oid_id id)
{
    return extension_of(c, id) != NULL;
}

bool cert_has_policy(const struct cert *c, struct bytes oid)
{
    for (size_t i = 0; i < c->policies.n; i++)
        if (bytes_equal(c->policies.at[i], oid))
            return true;
    return false;
}

bool cert_has_usage(const struct cert *c, enum oid_id id)
{
    for (size_t i = 0; i < c->usages.n; i++)
        if (oid_is(c->usages.at[i], id))
            return true;
    return false;
}

const struct cert_attribute *cert_attribute(const struct cert *c, struct bytes oid)
{
    for (size_t i = c->attributes.n; i-- > 0;)
        if (bytes_equal(c->attributes.at[i].oid, oid))
            return &c->attributes.at[i];
    return NULL;
}

bool cert_date_extension(const struct cert *c, struct bytes oid, int64_t *seconds)
{
    const struct cert_extension *e = cert_extension(c, oid);
    struct der text;
    if (!e)
        return false;
    struct cursor in = cursor_of(e->value, 0);
    if (!der_expect(&in, DER_UNIVERSAL, DER_UTF8, &text) || cursor_left(&in))
        return false;
    *seconds = when_requirement_date(text.content);
    return *seconds != 0;
}

void cert_emails(struct arena *a, const struct cert *c, struct bytes_vec *out)
{
    const struct cert_extension *e = extension_of(c, OID_SUBJECT_ALT_NAME);
    struct der names, name;
    struct cursor in = cursor_of(e ? e->value : bytes_of(NULL, 0), 0);
    *out = (struct bytes_vec){0};
    if (e && der_expect(&in, DER_UNIVERSAL, DER_SEQUENCE, &names))
        for (struct cursor each = der_inside(&names); cursor_left(&each);)
            if (der_next(&each, &name) && der_is(&name, DER_CONTEXT, 1))
                vec_push(a, out, name.content);
    for (size_t i = 0; i < c->attributes.n; i++)
        if (oid_is(c->attributes.at[i].oid, OID_NAME_EMAIL))
            vec_push(a, out, c->attributes.at[i].text);
}

bool cert_self_issued(const struct cert *c)
{
    return bytes_equal(c->subject, c->issuer);
}

char *cert_subject_text(struct arena *a, const struct cert *c)
{
    static const struct {
        enum oid_id id;
        const char *label;
    } parts[] = {{OID_NAME_CN, "CN"}, {OID_NAME_OU, "OU"}, {OID_NAME_O, "O"}, {OID_NAME_C, "C"}};
    struct buf b = {.arena = a};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        const struct cert_attribute *attribute = name_last(&c->attributes, parts[i].id);
        if (attribute)
            buf_printf(&b, "%s%s=%s", b.n ? ", " : "", parts[i].label,
                       bytes_printable(a, attribute->text, 0));
    }
    return arena_strdup(a, b.n ? buf_cstr(&b) : "(no name)");
}

/* Bits of the modulus of RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER } */
static unsigned rsa_bits(struct bytes key)
{
    struct cursor c = cursor_of(key, 0);
    struct der sequence, n;
    if (!der_expect(&c, DER_UNIVERSAL, DER_SEQUENCE, &sequence))
        return 0;
    struct cursor in = der_inside(&sequence);
    if (!der_expect(&in, DER_UNIVERSAL, DER_INTEGER, &n))
        return 0;
    struct bytes digits = n.content;
    while (digits.n && digits.p[0] == 0)
        bytes_part(digits, 1, digits.n - 1, &digits);
    if (digits.n == 0 || digits.n > UINT32_MAX / 8)
        return 0;
    unsigned bits = (unsigned)digits.n * 8;
    for (uint8_t top = digits.p[0]; !(top & 0x80); top = (uint8_t)(top << 1))
        bits--;
    return bits;
}

static unsigned curve_bits(enum oid_id curve)
{
    switch (curve) {
    case OID_EC_P256: return 256;
    case OID_EC_P384: return 384;
    case OID_EC_P521: return 521;
    default: return 0;
    }
}

struct cert_key cert_key_of(const struct cert *c)
{
    struct cert_key key = {0};
    struct cursor in = cursor_of(c->spki, 0);
    struct der sequence, algorithm, d, bits;
    if (!der_expect(&in, DER_UNIVERSAL, DER_SEQUENCE, &sequence))
        return key;
    in = der_inside(&sequence);
    if (!der_expect(&in, DER_UNIVERSAL, DER_SEQUENCE, &algorithm) ||
        !der_expect(&in, DER_UNIVERSAL, DER_BIT_STRING, &bits))
        return key;
    struct bytes raw = {0};
    struct cursor about = der_inside(&algorithm);
    if (!whole_bits(&bits, &raw) || !der_expect(&about, DER_UNIVERSAL, DER_OID, &d))
        return key;
    key.algorithm = oid_find(d.content);
    if (key.algorithm == OID_RSA)
        key.bits = rsa_bits(raw);
    if (key.algorithm == OID_EC_KEY && der_expect(&about, DER_UNIVERSAL, DER_OID, &d)) {
        key.curve = oid_find(d.content);
        key.bits = curve_bits(key.curve);
    }
    return key;
}
