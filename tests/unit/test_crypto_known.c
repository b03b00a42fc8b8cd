/* SPDX-License-Identifier: Apache-2.0 */
/* Apple's certificates are known, and chains that do not carry them are completed; records of revocation. */
#include <check.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "base/text.h"
#include "crypto/chain.h"
#include "crypto/known.h"
#include "flush.h"
#include "in_arena.h"
#include "test_crypto_pki.h"

Suite *crypto_known_suite(void);

/* -- certificates that real signatures carry, each alone */

/* Apple's web servers: their roots belong to others. */
static bool is_foreign(const struct cert *c)
{
    return text_starts(c->common_name, "Apple IST CA");
}

static void complete_one(struct arena *a, const char *name, struct bytes content)
{
    struct cert c;
    struct chain chain;
    struct chain_options options = {.purpose = CHAIN_FOR_ANY, .when = WHEN_NONE};
    ck_assert_msg(cert_parse(a, content, &c), "%s", name);
    if (c.is_ca)
        ck_assert_msg(cert_is_known(&c), "%s is not recognised", name);
    chain_build(a, &c, NULL, &options, &chain);
    if (is_foreign(&c)) {
        ck_assert_int_eq(chain.fault, CHAIN_NO_ROOT);
        return;
    }
    ck_assert_msg(chain.fault == CHAIN_GOOD, "%s: %s", name, chain.why);
    ck_assert_msg(cert_is_known(chain.certs[chain.n - 1]), "%s", name);
    ck_assert_msg(chain.completed == (chain.n > 1), "%s", name);
    if (strcmp(c.common_name, "Apple Root Certificate Authority") != 0)
        ck_assert_msg(chain.anchor != ANCHOR_NONE, "%s", name);
}

static enum ds_status complete_all(void *arena)
{
    pki_each(arena, "real/apple-certs", ".cer", complete_one);
    pki_each(arena, "real/certs", ".cer", complete_one);
    return DS_OK;
}

ARENA_TEST(completes, complete_all)

/* What a requirement may ask of an intermediate is among the facts. */
static void compare_one(struct arena *a, const char *name, struct bytes content)
{
    struct cert c, below = {0};
    const struct cert *known;
    ck_assert(cert_parse(a, content, &c));
    if (!c.is_ca)
        return;
    below.issuer = c.subject;
    for (size_t at = 0; (known = known_issuer(a, &below, &at));)
        if (memcmp(known->sha256, c.sha256, sizeof c.sha256) == 0)
            break;
    ck_assert_msg(known != NULL, "%s", name);
    ck_assert(bytes_equal(known->spki, c.spki) && bytes_equal(known->serial, c.serial));
    ck_assert(bytes_equal(known->issuer, c.issuer) && memcmp(known->sha1, c.sha1, 20) == 0);
    ck_assert(bytes_equal(known->subject_key_id, c.subject_key_id));
    ck_assert(known->not_before == c.not_before && known->not_after == c.not_after);
    ck_assert_str_eq(known->common_name, c.common_name);
    ck_assert(cert_has_marker(known, OID_APPLE_DEVID_CA) ==
              cert_has_marker(&c, OID_APPLE_DEVID_CA));
    ck_assert(cert_has_marker(known, OID_APPLE_WWDR) == cert_has_marker(&c, OID_APPLE_WWDR));
}

static enum ds_status compare_all(void *arena)
{
    pki_each(arena, "real/apple-certs", ".cer", compare_one);
    return DS_OK;
}

ARENA_TEST(stands_in, compare_all)

/* One that is carried and damaged is not replaced by what is known of it. */
static enum ds_status damage_one(void *arena)
{
    struct arena *a = arena;
    struct bytes end = pki_shared(a, "real/certs/apple-signed-developer-id-application.cer"), der;
    struct chain chain;
    struct chain_options options = {.purpose = CHAIN_FOR_ANY, .when = WHEN_NONE};
    struct cms_cert_vec bag = {0};
    struct cert c, damaged;
    if (!end.n)
        return DS_OK;
    ck_assert(cert_parse(a, end, &c));
    chain_build(a, &c, NULL, &options, &chain);
    ck_assert_int_eq(chain.fault, CHAIN_GOOD);
    bool second = cert_has_marker(chain.certs[1], OID_APPLE_DEVID_CA) && chain.certs[1]->team &&
                  strcmp(chain.certs[1]->team, "G2") == 0;
    der = pki_shared(a, second ? "real/apple-certs/DeveloperIDG2CA.cer"
                               : "real/apple-certs/DeveloperIDCA.cer");
    uint8_t *copy = arena_copy(a, der.p, der.n);
    ck_assert(cert_parse(a, bytes_of(copy, der.n), &damaged));
    uint64_t at;
    ck_assert(bytes_within(damaged.der, damaged.spki, &at));
    copy[at + damaged.spki.n / 2] ^= 1;
    vec_push(a, &bag, &damaged);
    chain_build(a, &c, &bag, &options, &chain);
    ck_assert_int_eq(chain.fault, CHAIN_BAD_LINK);
    return DS_OK;
}

ARENA_TEST(damaged, damage_one)

/* -- lists made by OpenSSL */

#define NOW INT64_C(1750000000) /* in 2025 */
#define DAY INT64_C(86400)

struct list_spec {
    int64_t from, to, revoked_at;
    int reason;             /* REASON_NONE: none */
    const char *critical;   /* OID of a critical extension of the list, NULL: none */
    const char *of_entries; /* the same of its entry */
};

static struct pki_id root, authority, leaf;

static void make_chain(void)
{
    const struct pki_spec ca = {.cn = "Root",
                                .extensions = pki_ca,
                                .extension_count = PKI_CA_COUNT,
                                .serial = 1},
                          middle = {.cn = "Authority",
                                    .extensions = pki_ca,
                                    .extension_count = PKI_CA_COUNT,
                                    .serial = 2},
                          end = {.cn = "Leaf",
                                 .extensions = pki_leaf,
                                 .extension_count = PKI_LEAF_COUNT,
                                 .serial = 300};
    root = pki_make(&ca, pki_ec("P-256"), NULL);
    authority = pki_make(&middle, pki_ec("P-256"), &root);
    leaf = pki_make(&end, pki_ec("P-256"), &authority);
}

static void free_chain(void)
{
    pki_free(&leaf);
    pki_free(&authority);
    pki_free(&root);
}

static ASN1_TIME *time_of(int64_t when)
{
    ASN1_TIME *t = ASN1_TIME_set(NULL, (time_t)when);
    ck_assert_ptr_nonnull(t);
    return t;
}

static X509_EXTENSION *critical_extension(const char *oid)
{
    ASN1_OBJECT *object = OBJ_txt2obj(oid, 1);
    ASN1_OCTET_STRING *value = ASN1_OCTET_STRING_new();
    ck_assert(ASN1_OCTET_STRING_set(value, (const unsigned char *)"\x02\x01\x01", 3));
    X509_EXTENSION *e = X509_EXTENSION_create_by_OBJ(NULL, object, 1, value);
    ASN1_OBJECT_free(object);
    ASN1_OCTET_STRING_free(value);
    return e;
}

/* An entry for serial number 300. */
static X509_REVOKED *make_entry(const struct list_spec *spec)
{
    X509_REVOKED *entry = X509_REVOKED_new();
    ASN1_INTEGER *serial = ASN1_INTEGER_new();
    ASN1_TIME *at = time_of(spec->revoked_at);
    ck_assert(ASN1_INTEGER_set(serial, 300) && X509_REVOKED_set_serialNumber(entry, serial));
    ck_assert(X509_REVOKED_set_revocationDate(entry, at));
    if (spec->reason != REASON_NONE) {
        ASN1_ENUMERATED *reason = ASN1_ENUMERATED_new();
        ck_assert(ASN1_ENUMERATED_set(reason, spec->reason));
        ck_assert(X509_REVOKED_add1_ext_i2d(entry, NID_crl_reason, reason, 0, 0));
        ASN1_ENUMERATED_free(reason);
    }
    if (spec->of_entries) {
        X509_EXTENSION *e = critical_extension(spec->of_entries);
        ck_assert(X509_REVOKED_add_ext(entry, e, -1));
        X509_EXTENSION_free(e);
    }
    ASN1_INTEGER_free(serial);
    ASN1_TIME_free(at);
    return entry;
}

static struct bytes make_list(struct arena *a, const struct list_spec *spec,
                              const struct pki_id *issuer)
{
    X509_CRL *crl = X509_CRL_new();
    ASN1_TIME *from = time_of(spec->from), *to = time_of(spec->to);
    unsigned char *der = NULL;
    ck_assert(X509_CRL_set_version(crl, 1));
    ck_assert(X509_CRL_set_issuer_name(crl, X509_get_subject_name(issuer->cert)));
    ck_assert(X509_CRL_set1_lastUpdate(crl, from) && X509_CRL_set1_nextUpdate(crl, to));
    if (spec->revoked_at)
        ck_assert(X509_CRL_add0_revoked(crl, make_entry(spec)));
    if (spec->critical) {
        X509_EXTENSION *e = critical_extension(spec->critical);
        ck_assert(X509_CRL_add_ext(crl, e, -1));
        X509_EXTENSION_free(e);
    }
    ck_assert(X509_CRL_sign(crl, issuer->key, EVP_sha256()));
    int n = i2d_X509_CRL(crl, &der);
    ck_assert_int_gt(n, 0);
    struct bytes out = bytes_copy(a, bytes_of(der, (size_t)n));
    OPENSSL_free(der);
    ASN1_TIME_free(from);
    ASN1_TIME_free(to);
    X509_CRL_free(crl);
    return out;
}

static enum revocation_status ask(struct arena *a, struct bytes list, int64_t trusted)
{
    struct cert certs[3];
    const struct cert *chain[] = {&certs[0], &certs[1]}; /* the leaf alone is asked about */
    struct revocation_records records = {.crls = {0}};
    struct revocation out;
    struct crl crl;
    const char *why;
    ck_assert(cert_parse(a, pki_der(a, &leaf), &certs[0]));
    ck_assert(cert_parse(a, pki_der(a, &authority), &certs[1]));
    if (!crl_parse(a, list, &crl, &why)) {
        ck_assert_ptr_nonnull(why);
        return REVOCATION_UNASKED;
    }
    vec_push(a, &records.crls, &crl);
    out = revocation_check(a, &records, chain, 2, (struct revocation_times){NOW, trusted});
    ck_assert((out.why != NULL) == (out.status > REVOCATION_GOOD));
    return out.status;
}

static const struct list_row {
    struct list_spec spec;
    int64_t trusted; /* of the time stamp */
    enum revocation_status want;
} list_rows[] = {
    {{NOW - DAY, NOW + DAY, 0, REASON_NONE, NULL, NULL}, WHEN_NONE, REVOCATION_GOOD},
    {{NOW - 2 * DAY, NOW - DAY, 0, REASON_NONE, NULL, NULL}, WHEN_NONE, REVOCATION_OPEN},
    {{NOW + DAY, NOW + 2 * DAY, 0, REASON_NONE, NULL, NULL}, WHEN_NONE, REVOCATION_OPEN},
    {{NOW - DAY, NOW + DAY, NOW - DAY, REASON_NONE, NULL, NULL}, WHEN_NONE, REVOCATION_REVOKED},
    {{NOW - 2 * DAY, NOW - DAY, NOW - DAY, REASON_NONE, NULL, NULL}, WHEN_NONE, REVOCATION_REVOKED},
    {{NOW - DAY, NOW + DAY, NOW - DAY, REASON_SUPERSEDED, NULL, NULL},
     NOW - 2 * DAY,
     REVOCATION_GOOD},
    {{NOW - DAY, NOW + DAY, NOW - DAY, REASON_SUPERSEDED, NULL, NULL},
     NOW - DAY,
     REVOCATION_REVOKED},
    {{NOW - DAY, NOW + DAY, NOW - DAY, REASON_SUPERSEDED, NULL, NULL},
     WHEN_NONE,
     REVOCATION_REVOKED},
    {{NOW - DAY, NOW + DAY, NOW - DAY, REASON_NONE, NULL, NULL}, NOW - 2 * DAY, REVOCATION_REVOKED},
    {{NOW - DAY, NOW + DAY, NOW - DAY, REASON_KEY_COMPROMISE, NULL, NULL},
     NOW - 2 * DAY,
     REVOCATION_REVOKED},
    {{NOW - DAY, NOW + DAY, NOW - DAY, REASON_HOLD, NULL, NULL}, WHEN_NONE, REVOCATION_REVOKED},
    {{NOW - DAY, NOW + DAY, NOW - DAY, REASON_REMOVED, NULL, NULL}, WHEN_NONE, REVOCATION_OPEN},
    {{NOW - DAY, NOW + DAY, 0, REASON_NONE, "2.5.29.27", NULL}, WHEN_NONE, REVOCATION_OPEN},
    {{NOW - DAY, NOW + DAY, 0, REASON_NONE, "1.2.3.4", NULL}, WHEN_NONE, REVOCATION_UNASKED},
    {{NOW - DAY, NOW + DAY, 0, REASON_NONE, "2.5.29.28", NULL}, WHEN_NONE, REVOCATION_UNASKED},
    {{NOW - DAY, NOW + DAY, NOW - DAY, REASON_NONE, NULL, "2.5.29.29"},
     WHEN_NONE,
     REVOCATION_UNASKED},
};

static enum ds_status weigh_lists(void *arena)
{
    for (size_t i = 0; i < sizeof list_rows / sizeof *list_rows; i++) {
        const struct list_row *row = &list_rows[i];
        struct bytes list = make_list(arena, &row->spec, &authority);
        ck_assert_msg(ask(arena, list, row->trusted) == row->want, "row %zu", i);
    }
    return DS_OK;
}

START_TEST(lists)
{
    make_chain();
    in_arena(weigh_lists);
    free_chain();
}
END_TEST

/* A list of another issuer says nothing; one whose bytes were changed is none, or not genuine, or as it was. */
static enum ds_status distrust_lists(void *arena)
{
    struct arena *a = arena;
    const struct list_spec spec = {NOW - DAY, NOW + DAY, NOW - DAY, REASON_KEY_COMPROMISE,
                                   NULL,      NULL};
    struct bytes list = make_list(a, &spec, &authority);
    ck_assert_int_eq(ask(a, make_list(a, &spec, &root), WHEN_NONE), REVOCATION_OPEN);
    for (size_t i = 0; i < list.n; i++) {
        uint8_t *cut = flush_copy(list.p, i);
        ck_assert_int_eq(ask(a, bytes_of(cut, i), WHEN_NONE), REVOCATION_UNASKED);
        flush_free(cut);
    }
    for (size_t i = 0; i < list.n; i++) {
        uint8_t *changed = arena_copy(a, list.p, list.n);
        changed[i] ^= 1;
        enum revocation_status got = ask(a, bytes_of(changed, list.n), WHEN_NONE);
        ck_assert_msg(got == REVOCATION_UNASKED || got == REVOCATION_OPEN, "byte %zu", i);
    }
    return DS_OK;
}

START_TEST(distrusted)
{
    make_chain();
    in_arena(distrust_lists);
    free_chain();
}
END_TEST

Suite *crypto_known_suite(void)
{
    Suite *s = suite_create("crypto_known");
    TCase *tc = tcase_create("chain");
    tcase_add_test(tc, completes);
    tcase_add_test(tc, stands_in);
    tcase_add_test(tc, damaged);
    tcase_add_test(tc, lists);
    tcase_add_test(tc, distrusted);
    suite_add_tcase(s, tc);
    return s;
}
