/* SPDX-License-Identifier: Apache-2.0 */
/* Chains of certificates made on the spot (crypto/chain.h; static-validation.md §5.5). Situations of VerifyDateTests.m,
 * EvaluationBasicTests.m, KeySizeTests.m, SignatureAlgorithmTests.m and SigningTests.swift: corpus/reference.tsv. */
#include <check.h>

#include "base/when.h"
#include "crypto/chain.h"
#include "in_arena.h"
#include "test_crypto_pki.h"

Suite *crypto_chain_suite(void);

#define COUNT(table) (sizeof(table) / sizeof *(table))

static const struct pki_extension strange_leaf[] = {
    {"basicConstraints", "critical,CA:FALSE", false},
    {"keyUsage", "critical,digitalSignature", false},
    {"extendedKeyUsage", "critical,codeSigning", false},
    {"1.2.3.4.5", "0500", true},
};
static const struct pki_extension apple_leaf[] = {
    {"basicConstraints", "critical,CA:FALSE", false},
    {"keyUsage", "critical,digitalSignature", false},
    {"extendedKeyUsage", "critical,codeSigning", false},
    {"1.2.840.113635.100.6.1.13", "0500", true},
};
static const struct pki_extension server_leaf[] = {
    {"keyUsage", "critical,digitalSignature", false},
    {"extendedKeyUsage", "serverAuth", false},
};
static const struct pki_extension any_leaf[] = {
    {"keyUsage", "critical,digitalSignature", false},
    {"extendedKeyUsage", "anyExtendedKeyUsage", false},
};
static const struct pki_extension encipher_leaf[] = {
    {"keyUsage", "critical,keyEncipherment", false},
    {"extendedKeyUsage", "critical,codeSigning", false},
};
static const struct pki_extension short_ca[] = {
    {"basicConstraints", "critical,CA:TRUE,pathlen:0", false},
    {"keyUsage", "critical,keyCertSign,cRLSign", false},
    {"subjectKeyIdentifier", "hash", false},
};
static const struct pki_extension no_ca[] = {
    {"basicConstraints", "critical,CA:FALSE", false},
    {"subjectKeyIdentifier", "hash", false},
};
static const struct pki_extension silent_ca[] = {
    {"basicConstraints", "critical,CA:TRUE", false},
    {"keyUsage", "critical,digitalSignature", false},
    {"subjectKeyIdentifier", "hash", false},
};

/* Root, intermediate, leaf. */
struct made {
    struct pki_spec root, intermediate, leaf;
    const char *curve; /* of the leaf's key, NULL: P-256 */
    unsigned rsa;      /* or its RSA bits */
    unsigned missing;  /* bit 0: the intermediate, bit 1: the root is not carried */
};

#define EXT(name) \
    .extensions = (name), .extension_count = sizeof(name) / sizeof(struct pki_extension)
#define INTER \
    .intermediate = {.cn = "Issuer", .extensions = pki_ca, .extension_count = PKI_CA_COUNT}
#define LEAF .leaf = {.cn = "Leaf", .extensions = pki_leaf, .extension_count = PKI_LEAF_COUNT}
#define ROOT .root = {.cn = "Root", .extensions = pki_ca, .extension_count = PKI_CA_COUNT}

static const struct {
    const char *what, *when;
    struct made made;
    enum chain_fault fault;
} rows[] = {
    {"sound", "2026-01-15", {ROOT, INTER, LEAF}, CHAIN_GOOD},
    {"RT-173: any self-signed root ends a good chain",
     "2026-01-15",
     {ROOT, INTER, LEAF},
     CHAIN_GOOD},
    {"RT-251: root missing", "2026-01-15", {ROOT, INTER, LEAF, .missing = 2}, CHAIN_NO_ROOT},
    {"RT-251: nothing but the leaf",
     "2026-01-15",
     {ROOT, INTER, LEAF, .missing = 3},
     CHAIN_NO_ROOT},
    {"RT-204: before",
     "2015-12-31",
     {ROOT, INTER,
      .leaf = {.cn = "Leaf", .from = "2016-01-01", .to = "9999-12-31", EXT(apple_leaf)}},
     CHAIN_NOT_YET_VALID},
    {"RT-204: in Oct 9999, of a chain that lasts that long",
     "9999-10-01",
     {.root = {.cn = "Root", .to = "9999-12-31", EXT(short_ca)},
      .intermediate = {.cn = "Root", .to = "9999-12-31", EXT(short_ca)},
      .leaf = {.cn = "Leaf", .to = "9999-12-31", EXT(apple_leaf)},
      .missing = 4},
     CHAIN_GOOD},
    {"RT-204: in Jan 10000",
     "9999-12-31T23:59:59Z",
     {.root = {.cn = "Root", .to = "9999-12-31", EXT(short_ca)},
      .intermediate = {.cn = "Root", .to = "9999-12-31", EXT(short_ca)},
      .leaf = {.cn = "Leaf", .to = "9999-12-31", EXT(apple_leaf)},
      .missing = 4},
     CHAIN_EXPIRED},
    {"RT-205: the anchor ran out before the leaf",
     "2031-01-01",
     {.root =
          {.cn = "Root", .to = "2030-01-01", .extensions = pki_ca, .extension_count = PKI_CA_COUNT},
      INTER,
      LEAF},
     CHAIN_EXPIRED},
    {"RT-252: later", "2019-01-01", {ROOT, INTER, LEAF}, CHAIN_NOT_YET_VALID},
    {"RT-252: earlier", "2041-01-01", {ROOT, INTER, LEAF}, CHAIN_EXPIRED},
    {"RT-240: a critical extension nobody knows",
     "2026-01-15",
     {ROOT, INTER, .leaf = {.cn = "Leaf", EXT(strange_leaf)}},
     CHAIN_BAD_EXTENSION},
    {"but one of Apple's",
     "2026-01-15",
     {ROOT, INTER, .leaf = {.cn = "Leaf", EXT(apple_leaf)}},
     CHAIN_GOOD},
    {"RT-247: a path longer than the root allows",
     "2026-01-15",
     {.root = {.cn = "Root", EXT(short_ca)}, INTER, LEAF},
     CHAIN_BAD_LINK},
    {"the last issuer needs no room",
     "2026-01-15",
     {ROOT, .intermediate = {.cn = "Issuer", EXT(short_ca)}, LEAF},
     CHAIN_GOOD},
    {"an issuer that is none",
     "2026-01-15",
     {ROOT, .intermediate = {.cn = "Issuer", EXT(no_ca)}, LEAF},
     CHAIN_BAD_LINK},
    {"an issuer whose key may not sign certificates",
     "2026-01-15",
     {ROOT, .intermediate = {.cn = "Issuer", EXT(silent_ca)}, LEAF},
     CHAIN_BAD_LINK},
    {"a server's certificate",
     "2026-01-15",
     {ROOT, INTER, .leaf = {.cn = "Leaf", EXT(server_leaf)}},
     CHAIN_BAD_USAGE},
    {"any usage is not enough",
     "2026-01-15",
     {ROOT, INTER, .leaf = {.cn = "Leaf", EXT(any_leaf)}},
     CHAIN_BAD_USAGE},
    {"a key that may not sign",
     "2026-01-15",
     {ROOT, INTER, .leaf = {.cn = "Leaf", EXT(encipher_leaf)}},
     CHAIN_BAD_USAGE},
    {"RT-244: a curve of 192 bits",
     "2026-01-15",
     {ROOT, INTER, LEAF, .curve = "prime192v1"},
     CHAIN_GOOD},
    {"RT-244: of 384 bits", "2026-01-15", {ROOT, INTER, LEAF, .curve = "P-384"}, CHAIN_GOOD},
    {"an RSA key of 768 bits", "2026-01-15", {ROOT, INTER, LEAF, .rsa = 768}, CHAIN_BAD_LINK},
    {"an RSA key of 1024 bits", "2026-01-15", {ROOT, INTER, LEAF, .rsa = 1024}, CHAIN_GOOD},
};

static EVP_PKEY *leaf_key(const struct made *m)
{
    return m->rsa ? pki_rsa(m->rsa) : pki_ec(m->curve ? m->curve : "P-256");
}

static enum chain_fault fault_of(struct arena *a, const struct made *m, const char *date)
{
    bool direct = m->missing & 4; /* the root issues the leaf */
    struct pki_id root = pki_make(&m->root, pki_ec("P-256"), NULL);
    struct pki_id issuer = pki_make(&m->intermediate, pki_ec("P-256"), &root);
    struct pki_id leaf = pki_make(&m->leaf, leaf_key(m), direct ? &root : &issuer);
    struct cms_cert_vec bag = {0};
    struct cert *certs = arena_array(a, 3, struct cert);
    struct chain_options options = {.purpose = CHAIN_FOR_CODE};
    struct chain chain;
    ck_assert(cert_parse(a, pki_der(a, &leaf), &certs[0]));
    ck_assert(cert_parse(a, pki_der(a, &issuer), &certs[1]));
    ck_assert(cert_parse(a, pki_der(a, &root), &certs[2]));
    vec_push(a, &bag, &certs[0]);
    if (!(m->missing & 5))
        vec_push(a, &bag, &certs[1]);
    if (!(m->missing & 2))
        vec_push(a, &bag, &certs[2]);
    ck_assert(when_parse_iso(bytes_str(date), &options.when));
    chain_build(a, &certs[0], &bag, &options, &chain);
    pki_free(&leaf);
    pki_free(&issuer);
    pki_free(&root);
    return chain.fault;
}

static enum ds_status judge_rows(void *arg)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        enum chain_fault got = fault_of(arg, &rows[i].made, rows[i].when);
        ck_assert_msg(got == rows[i].fault, "%s: %d", rows[i].what, got);
    }
    return DS_OK;
}

ARENA_TEST(chains, judge_rows)

/* RT-241, RT-242: a leaf that was signed over SHA-1. */
static enum ds_status judge_sha1(void *arg)
{
    struct made m = {ROOT, INTER, .leaf = {.cn = "Leaf", EXT(apple_leaf), .digest = EVP_sha1()}};
    ck_assert_int_eq(fault_of(arg, &m, "2026-01-15"), CHAIN_GOOD);
    return DS_OK;
}

ARENA_TEST(old_digests, judge_sha1)

Suite *crypto_chain_suite(void)
{
    Suite *s = suite_create("chain");
    TCase *t = tcase_create("chain");
    tcase_set_timeout(t, 60);
    tcase_add_test(t, chains);
    tcase_add_test(t, old_digests);
    suite_add_tcase(s, t);
    return s;
}
