/* SPDX-License-Identifier: Apache-2.0 */
/* Revocation write: see revocation_write.h. */
#include "forge/revocation_write.h"

#include <string.h>

#include "base/buf.h"
#include "forge/case_check.h"

#define DAY INT64_C(86400)

/* One entry of the case: whom it is about, and when. */
struct record {
    struct forge *f;
    const struct value *spec;
    const struct identity *of;
    /* About the intermediate, by the root; else about the leaf, by the intermediate */
    bool by_root;
    int64_t updated, next; /* WHEN_NONE: not given */
    int64_t revoked_at;
};

static const struct certificate *issuer(const struct record *r)
{
    return &r->of->chain[r->by_root ? 2 : 1];
}

/* -- reading */

static const struct identity *find_signer(struct forge *f, const struct value *v)
{
    const char *name = case_word(f->a, v);

    if (name && strcmp(name, "timestamp") == 0)
        return identity_service(&f->pki, SERVICE_TIMESTAMP);
    if (!name && f->identities.n)
        return f->identities.at[0];
    return identity_find(f, name ? name : "", v);
}

static int64_t date_or(const struct value *v, int64_t fallback)
{
    int64_t date;

    return case_date(v, &date) ? date : fallback;
}

static void read_record(struct forge *f, const struct value *spec, int64_t checked_at,
                        struct record *out)
{
    const char *by = item_text(f, spec, "by"), *next = item_text(f, spec, "next");

    *out = (struct record){.f = f, .spec = spec, .of = find_signer(f, value_get(spec, "of"))};
    if (out->of->count != 3)
        forge_refuse(f, spec, "'%s' has no issuer who could revoke it", out->of->name);
    out->by_root = by && strcmp(by, "root") == 0;
    out->updated = date_or(value_get(spec, "updated"), checked_at - DAY);
    out->next = next && strcmp(next, "none") == 0
                    ? WHEN_NONE
                    : date_or(value_get(spec, "next"), out->updated + 10 * DAY);
    out->revoked_at = date_or(value_get(spec, "on"), checked_at - 2 * DAY);
}

/* CRLReason by its name; -1: none. */
static int read_reason(const struct record *r)
{
    static const char *const words[] = {
        "unspecified", "key-compromise",         "ca-compromise", "affiliation-changed",
        "superseded",  "cessation-of-operation", "hold"};
    const char *word = item_text(r->f, r->spec, "reason");

    for (size_t i = 0; word && i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i], word) == 0)
            return (int)i;
    return -1;
}

/* -- pieces */

static struct bytes enumerated(struct arena *a, int n)
{
    uint8_t octet = (uint8_t)n;

    return der_wrap(a, DER_ENUMERATED, bytes_copy(a, bytes_of(&octet, 1)));
}

static struct bytes extension(struct arena *a, enum oid_id id, bool critical, struct bytes value)
{
    return DER(a, TAG_SEQUENCE, der_oid(a, id), critical ? der_boolean(a, true) : bytes_of(NULL, 0),
               der_wrap(a, DER_OCTET_STRING, value));
}

static struct bytes algorithm(struct arena *a, enum test_key key)
{
    return key_is_rsa(key) ? der_algorithm(a, OID_RSA_SHA256, true)
                           : der_algorithm(a, OID_ECDSA_SHA256, false);
}

/* BODY signed by KEY: SEQUENCE { BODY, algorithm, signature, AFTER }. */
static struct bytes sign(struct arena *a, struct bytes body, enum test_key key, struct bytes after)
{
    return DER(a, TAG_SEQUENCE, body, algorithm(a, key),
               der_bits(a, key_sign(a, key, DIGEST_SHA256, body)), after);
}

static enum test_key signing_key(const struct record *r)
{
    const char *by = item_text(r->f, r->spec, "signed-by");

    return by && strcmp(by, "other") == 0 ? KEY_OWN : issuer(r)->key;
}

/* -- lists */

static struct bytes list_entry(const struct record *r, struct bytes serial)
{
    struct arena *a = r->f->a;
    int reason = read_reason(r);
    struct bytes extensions = {0};

    if (reason >= 0)
        extensions =
            DER(a, TAG_SEQUENCE, extension(a, OID_CRL_REASON, false, enumerated(a, reason)));
    return DER(a, TAG_SEQUENCE, serial, der_time(a, r->revoked_at), extensions);
}

/* The serial number that NAME, a signer, stands for in this list. */
static struct bytes serial_named(const struct record *r, const char *name, const struct value *v)
{
    return identity_find(r->f, name, v)->chain[r->by_root ? 1 : 0].serial;
}

static struct bytes list_entries(const struct record *r)
{
    struct name_vec names = item_texts(r->f, r->spec, "revoked");
    struct der_list entries = {0};

    for (size_t i = 0; i < names.n; i++) {
        struct bytes serial = strcmp(names.at[i], "timestamp") == 0
                                  ? r->of->chain[r->by_root ? 1 : 0].serial
                                  : serial_named(r, names.at[i], r->spec);

        vec_push(r->f->a, &entries, list_entry(r, serial));
    }
    return entries.n ? der_list(r->f->a, TAG_SEQUENCE, &entries) : bytes_of(NULL, 0);
}

/* What is odd about the list itself: an extension nobody knows, or that it holds only some. */
static struct bytes list_extensions(const struct record *r)
{
    struct arena *a = r->f->a;
    const char *scope = item_text(r->f, r->spec, "scope");
    struct bytes number = extension(a, OID_CRL_NUMBER, false, der_integer(a, 1)), odd = {0};

    if (scope && strcmp(scope, "delta") == 0)
        odd = extension(a, OID_CRL_DELTA, true, der_integer(a, 1));
    if (scope && strcmp(scope, "unknown") == 0)
        odd = extension(a, OID_APPLE_POLICY, true, der_null(a));
    return DER(a, TAG_CONTEXT(0), DER(a, TAG_SEQUENCE, number, odd));
}

static struct bytes make_list(const struct record *r)
{
    struct arena *a = r->f->a;
    enum test_key key = signing_key(r);
    struct bytes next = r->next != WHEN_NONE ? der_time(a, r->next) : bytes_of(NULL, 0);
    struct bytes body =
        DER(a, TAG_SEQUENCE, der_integer(a, 1), algorithm(a, key), issuer(r)->subject,
            der_time(a, r->updated), next, list_entries(r), list_extensions(r));

    return sign(a, body, key, bytes_of(NULL, 0));
}

/* -- responses */

static struct bytes cert_id(const struct record *r)
{
    struct arena *a = r->f->a;
    const struct certificate *subject = &r->of->chain[r->by_root ? 1 : 0];

    return DER(a, TAG_SEQUENCE, der_algorithm(a, OID_SHA1, true),
               der_wrap(a, DER_OCTET_STRING, digest_bytes(a, DIGEST_SHA1, issuer(r)->subject)),
               der_wrap(a, DER_OCTET_STRING, key_id(a, issuer(r)->key)), subject->serial);
}

/* CertStatus ::= CHOICE { good [0] NULL, revoked [1] RevokedInfo, unknown [2] NULL } */
static struct bytes cert_status(const struct record *r)
{
    struct arena *a = r->f->a;
    const char *status = item_text(r->f, r->spec, "status");
    int reason = read_reason(r);
    struct bytes why = {0};

    if (status && strcmp(status, "unknown") == 0)
        return der_wrap(a, 0x82, bytes_of(NULL, 0));
    if (!status || strcmp(status, "revoked") != 0)
        return der_wrap(a, 0x80, bytes_of(NULL, 0));
    if (reason >= 0)
        why = DER(a, TAG_CONTEXT(0), enumerated(a, reason));
    return DER(a, TAG_CONTEXT(1), der_generalized(a, r->revoked_at), why);
}

static struct bytes single_answer(const struct record *r)
{
    struct arena *a = r->f->a;
    struct bytes next = {0};

    if (r->next != WHEN_NONE)
        next = DER(a, TAG_CONTEXT(0), der_generalized(a, r->next));
    return DER(a, TAG_SEQUENCE, cert_id(r), cert_status(r), der_generalized(a, r->updated), next);
}

/* Who answers: the issuer, or somebody with a certificate of the issuer's; CERTS is what comes along. */
static struct certificate responder(const struct record *r, struct bytes *certs)
{
    struct arena *a = r->f->a;
    const char *who = item_text(r->f, r->spec, "responder");
    struct certificate delegate;

    if (!who || strcmp(who, "issuer") == 0)
        return *issuer(r);
    delegate = pki_responder(a, issuer(r), strcmp(who, "delegate") == 0);
    *certs = DER(a, TAG_CONTEXT(0), DER(a, TAG_SEQUENCE, delegate.der));
    return delegate;
}

static struct bytes make_response(const struct record *r)
{
    struct arena *a = r->f->a;
    struct bytes certs = {0};
    struct certificate who = responder(r, &certs);
    const char *by = item_text(r->f, r->spec, "signed-by");
    struct bytes data = DER(a, TAG_SEQUENCE, DER(a, TAG_CONTEXT(1), who.subject),
                            der_generalized(a, r->updated), DER(a, TAG_SEQUENCE, single_answer(r)));
    struct bytes basic = sign(a, data, by && strcmp(by, "other") == 0 ? KEY_OWN : who.key, certs);

    return DER(a, TAG_SEQUENCE, enumerated(a, 0),
               DER(a, TAG_CONTEXT(0),
                   DER(a, TAG_SEQUENCE, der_oid(a, OID_OCSP_BASIC),
                       der_wrap(a, DER_OCTET_STRING, basic))));
}

/* -- files */

static void write_all(struct forge *f, const char *key, int64_t checked_at,
                      struct bytes (*make)(const struct record *r), struct name_vec *paths)
{
    const struct value *all = value_get(value_get(f->doc, "host"), key);

    for (size_t i = 0; value_is(all, VALUE_ARRAY) && i < all->count; i++) {
        const char *path = arena_printf(f->a, FORGE_REVOCATION "/%zu.%s", i + 1,
                                        strcmp(key, "crls") == 0 ? "crl" : "ocsp");
        struct record r;

        read_record(f, all->items[i], checked_at, &r);
        forge_wrote(f, fs_add_file(f->fs, path, 0644, make(&r)), path);
        vec_push(f->a, paths, path);
    }
}

void revocation_write(struct forge *f, int64_t checked_at)
{
    write_all(f, "crls", checked_at, make_list, &f->out->crls);
    write_all(f, "ocsp", checked_at, make_response, &f->out->ocsps);
}
