/* SPDX-License-Identifier: Apache-2.0 */
/* SignedData made by hand, in every form that is accepted and many that are not (crypto/cms.h; RFC 5652; static-validation.md §5.2).
 * Situations of si-27-cms-parse, si-60-cms, cms-01-basic, smime-cms-test, CMSTests.swift and pkcs7: corpus/reference.tsv. */
#include <check.h>
#include <string.h>

#include "base/buf.h"
#include "base/der.h"
#include "base/when.h"
#include "crypto/chain.h"
#include "crypto/cms.h"
#include "in_arena.h"
#include "test_crypto_pki.h"

Suite *crypto_cms_suite(void);

#define COUNT(table) (sizeof(table) / sizeof *(table))

/* DER of whole identifiers. */
#define ID_DATA     "06092a864886f70d010701"
#define ID_SIGNED   "06092a864886f70d010702"
#define ID_ENVELOPE "06092a864886f70d010703"
#define MD5         "06082a864886f70d0205"
#define SHA1        "06052b0e03021a"
#define SHA256      "0609608648016503040201"
#define SHA384      "0609608648016503040202"
#define SHA512      "0609608648016503040203"
#define SHA224      "0609608648016503040204"
#define RSA         "06092a864886f70d010101"
#define EC_KEY      "06072a8648ce3d0201"
#define EC_SHA256   "06082a8648ce3d040302"
#define EC_SHA384   "06082a8648ce3d040303"
#define RSA_SHA256  "06092a864886f70d01010b"
#define SIGNED_AT \
    "301c06092a864886f70d010905310f170d3236303131353132303030305a" /* 2026-01-15 12:00:00 */
#define SIGNED_LATE "301c06092a864886f70d010905310f170d3237303131353132303030305a" /* 2027 */
#define STRANGE     "300c06032a0304310504036c6f6c"

/* A message; what is not said is usual. */
struct message {
    const char *digest,
        *algorithm;            /* identifiers of the signer; NULL: SHA-256 and that of the key */
    const EVP_MD *md;          /* what is really used; NULL: SHA-256 */
    const char *listed;        /* digestAlgorithms; NULL: the signer's digest */
    const char *type;          /* of the outermost content; NULL: signedData */
    const char *attributes[4]; /* in hex, behind the usual two */
    const char *content;       /* attached text, NULL: none */
    uint8_t version, signer_version;
    bool ec, bare, key_id, over_content, two_signers, other_parameters, stray;
    bool indefinite; /* every constructed element around the parts that are signed */
    unsigned octets; /* the attached text in so many pieces */
};

static struct pki_id rsa_id, ec_id; /* made once, in setup() */

static struct bytes hex(struct arena *a, const char *text)
{
    struct bytes out;
    ck_assert(bytes_unhex(a, bytes_str(text), &out));
    return out;
}

static struct bytes join(struct arena *a, size_t n, const struct bytes *parts)
{
    struct buf b = {.arena = a};
    for (size_t i = 0; i < n; i++)
        buf_put(&b, parts[i]);
    return buf_bytes(&b);
}
#define JOIN(a, ...)                                                      \
    join(a, sizeof((struct bytes[]){__VA_ARGS__}) / sizeof(struct bytes), \
         (struct bytes[]){__VA_ARGS__})

static struct bytes tlv(struct arena *a, uint8_t tag, struct bytes content)
{
    struct buf b = {.arena = a};
    der_put(&b, tag, content);
    return buf_bytes(&b);
}

/* A constructed element that may have no length of its own. */
static struct bytes outer(struct arena *a, const struct message *m, uint8_t tag,
                          struct bytes content)
{
    static const uint8_t end[2] = {0, 0};
    uint8_t head[2] = {tag, 0x80};
    if (!m->indefinite)
        return tlv(a, tag, content);
    return JOIN(a, bytes_of(head, 2), content, bytes_of(end, 2));
}

static struct bytes algorithm(struct arena *a, const struct message *m, const char *oid)
{
    return tlv(a, 0x30, JOIN(a, hex(a, oid), hex(a, m->other_parameters ? "0c0161" : "0500")));
}

static struct bytes digest(struct arena *a, const EVP_MD *md, struct bytes data)
{
    uint8_t *raw = arena_alloc(a, EVP_MAX_MD_SIZE);
    unsigned n = 0;
    ck_assert(EVP_Digest(data.p, data.n, raw, &n, md, NULL));
    return bytes_of(raw, n);
}

static struct bytes sign(struct arena *a, EVP_PKEY *key, const EVP_MD *md, struct bytes data)
{
    size_t n = 1024;
    uint8_t *raw = arena_alloc(a, n);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    ck_assert(EVP_DigestSignInit(context, NULL, md, NULL, key) > 0 &&
              EVP_DigestSign(context, raw, &n, data.p, data.n) > 0);
    EVP_MD_CTX_free(context);
    return bytes_of(raw, n);
}

static const struct pki_id *identity(const struct message *m)
{
    return m->ec ? &ec_id : &rsa_id;
}

static struct bytes signer_id(struct arena *a, const struct message *m)
{
    struct cert c;
    ck_assert(cert_parse(a, pki_der(a, identity(m)), &c));
    if (m->key_id)
        return tlv(a, 0x80, c.subject_key_id);
    return tlv(a, 0x30, JOIN(a, c.issuer, tlv(a, 0x02, c.serial)));
}

static struct bytes attributes_of(struct arena *a, const struct message *m, struct bytes content)
{
    struct bytes md = digest(a, m->md ? m->md : EVP_sha256(), content);
    struct buf b = {.arena = a};
    buf_put(&b, hex(a, "301806092a864886f70d010903310b" ID_DATA));
    buf_put(&b, tlv(a, 0x30,
                    JOIN(a, hex(a, "06092a864886f70d010904"), tlv(a, 0x31, tlv(a, 0x04, md)))));
    for (size_t i = 0; i < COUNT(m->attributes) && m->attributes[i]; i++)
        buf_put(&b, hex(a, m->attributes[i]));
    return buf_bytes(&b);
}

static struct bytes signer_info(struct arena *a, const struct message *m, struct bytes content)
{
    const EVP_MD *md = m->md ? m->md : EVP_sha256();
    struct bytes attributes = m->bare ? bytes_of(NULL, 0) : attributes_of(a, m, content);
    struct bytes data = m->bare || m->over_content ? content : tlv(a, 0x31, attributes);
    uint8_t version[] = {0x02, 0x01, m->signer_version ? m->signer_version : 1};
    const char *usual = m->ec ? EC_SHA256 : RSA;
    return outer(a, m, 0x30,
                 JOIN(a, bytes_of(version, 3), signer_id(a, m),
                      algorithm(a, m, m->digest ? m->digest : SHA256),
                      m->bare ? bytes_of(NULL, 0) : outer(a, m, 0xa0, attributes),
                      algorithm(a, m, m->algorithm ? m->algorithm : usual),
                      tlv(a, 0x04, sign(a, identity(m)->key, md, data)),
                      m->stray ? tlv(a, 0xa1, hex(a, STRANGE)) : bytes_of(NULL, 0)));
}

/* An OCTET STRING, in pieces when that is asked for. */
static struct bytes octets(struct arena *a, const struct message *m, struct bytes text)
{
    struct buf b = {.arena = a};
    size_t piece = m->octets ? text.n / m->octets + 1 : text.n;
    if (!m->octets)
        return tlv(a, 0x04, text);
    for (size_t at = 0; at < text.n; at += piece)
        buf_put(&b, tlv(a, 0x04, bytes_of(text.p + at, text.n - at < piece ? text.n - at : piece)));
    return outer(a, m, 0x24, buf_bytes(&b));
}

static struct bytes build(struct arena *a, const struct message *m, const char *signed_text)
{
    struct bytes content = bytes_str(signed_text), signer = signer_info(a, m, content);
    uint8_t version[] = {0x02, 0x01, m->version ? m->version : 1};
    const char *listed = m->listed ? m->listed : m->digest ? m->digest : SHA256;
    struct bytes inside =
        m->content ? outer(a, m, 0xa0, octets(a, m, bytes_str(m->content))) : bytes_of(NULL, 0);
    struct bytes data =
        outer(a, m, 0x30,
              JOIN(a, bytes_of(version, 3), outer(a, m, 0x31, algorithm(a, m, listed)),
                   outer(a, m, 0x30, JOIN(a, hex(a, ID_DATA), inside)),
                   outer(a, m, 0xa0, pki_der(a, identity(m))),
                   outer(a, m, 0x31, m->two_signers ? JOIN(a, signer, signer) : signer)));
    return outer(a, m, 0x30,
                 JOIN(a, hex(a, m->type ? m->type : ID_SIGNED), outer(a, m, 0xa0, data)));
}

enum result { GOOD, NO_PARSE, BAD };

/* What becomes of DER, for CONTENT. */
static enum result judge(struct arena *a, struct bytes der, struct bytes content, struct cms *out)
{
    const char *why;
    if (!cms_parse(a, der, out, &why) || out->length != der.n) {
        ck_assert(why || out->length != der.n);
        return NO_PARSE;
    }
    return cms_check(a, out, content, OID_CMS_DATA, &why) == CMS_GOOD ? GOOD : BAD;
}

static const struct {
    const char *rows; /* of the table of situations */
    struct message message;
    enum result result;
} messages[] = {
    {"RT-165", {.bare = true, .digest = MD5, .md = NULL /* see setup */}, GOOD},
    {"RT-166", {.bare = true, .ec = true, .digest = MD5, .algorithm = EC_KEY}, BAD},
    {"RT-167", {.digest = SHA224}, BAD},
    {"RT-167", {.digest = "06032a0304"}, BAD},
    {"RT-170", {.ec = true, .algorithm = EC_SHA256}, GOOD},
    {"RT-170: and the key's own identifier", {.ec = true, .algorithm = EC_KEY}, GOOD},
    {"RT-171", {.attributes = {SIGNED_AT, STRANGE}}, GOOD},
    {"RT-172", {.attributes = {STRANGE}}, GOOD},
    {"RT-178", {.attributes = {SIGNED_AT, SIGNED_LATE}}, GOOD},
    {"RT-179", {.type = ID_ENVELOPE}, NO_PARSE},
    {"RT-180: versions are not compared",
     {.version = 1, .signer_version = 3, .key_id = true},
     GOOD},
    {"RT-180: nor is the form of the name", {.version = 1, .signer_version = 3}, GOOD},
    {"RT-181", {.version = 3, .signer_version = 3, .key_id = true}, GOOD},
    {"RT-181", {.version = 4, .signer_version = 1}, GOOD},
    {"RT-182", {.content = "text"}, GOOD},
    {"RT-183", {.listed = SHA384}, BAD},
    {"RT-184", {.algorithm = RSA_SHA256, .digest = SHA384, .md = NULL}, BAD},
    {"RT-184", {.ec = true, .algorithm = EC_SHA384}, BAD},
    {"RT-185", {.over_content = true}, BAD},
    {"RT-186", {.key_id = true}, GOOD},
    {"RT-187: the caller judges unsigned attributes", {.stray = true}, GOOD},
    {"RT-188", {.indefinite = true}, GOOD},
    {"RT-188", {.indefinite = true, .content = "text", .octets = 2}, GOOD},
    {"RT-188", {.indefinite = true, .bare = true}, GOOD},
    {"RT-188", {.content = "text", .octets = 3}, GOOD},
    {"RT-194", {.other_parameters = true}, GOOD},
    {"RT-194", {.bare = true, .content = "text"}, GOOD},
    {"RT-195", {.two_signers = true}, GOOD},
};

static enum ds_status judge_messages(void *arg)
{
    struct arena *a = arg;
    for (size_t i = 0; i < COUNT(messages); i++) {
        struct message m = messages[i].message;
        struct cms cms;
        if (m.digest && strcmp(m.digest, MD5) == 0 && !m.ec)
            m.md = EVP_md5();
        enum result got = judge(a, build(a, &m, "text"), bytes_str("text"), &cms);
        ck_assert_msg(got == messages[i].result, "%s: row %zu: %d", messages[i].rows, i, got);
        ck_assert_msg(got != GOOD ||
                          judge(a, build(a, &m, "text"), bytes_str("other"), &cms) == BAD,
                      "%s: row %zu: other content", messages[i].rows, i);
    }
    return DS_OK;
}

ARENA_TEST(messages_of_all_forms, judge_messages)

/* RT-169, RT-168: every digest, both keys, with and without attributes; and one byte of the signature changed. */
static enum ds_status judge_digests(void *arg)
{
    struct arena *a = arg;
    static const char *const digests[] = {MD5, SHA1, SHA256, SHA384, SHA512};
    const EVP_MD *mds[] = {EVP_md5(), EVP_sha1(), EVP_sha256(), EVP_sha384(), EVP_sha512()};
    for (size_t i = 0; i < COUNT(digests) * 4; i++) {
        struct message m = {.digest = digests[i / 4], .md = mds[i / 4], .ec = i & 1, .bare = i & 2};
        struct cms cms;
        if (m.ec && i < 4)
            continue; /* nothing makes ECDSA over MD5 */
        m.algorithm = m.ec ? EC_KEY : RSA;
        struct bytes der = build(a, &m, "text");
        ck_assert_int_eq(judge(a, der, bytes_str("text"), &cms), GOOD);
        uint8_t *broken = arena_copy(a, der.p, der.n);
        broken[der.n - 3] ^= 0x55;
        ck_assert_int_ne(judge(a, bytes_of(broken, der.n), bytes_str("text"), &cms), GOOD);
    }
    return DS_OK;
}

ARENA_TEST(digests_of_both_keys, judge_digests)

/* RT-171, RT-178: what is told of the signed attributes. */
static enum ds_status read_attributes(void *arg)
{
    struct arena *a = arg;
    struct message one = {.attributes = {SIGNED_AT, STRANGE}};
    struct message two = {.attributes = {SIGNED_AT, SIGNED_LATE}};
    struct cms cms;
    ck_assert_int_eq(judge(a, build(a, &one, "text"), bytes_str("text"), &cms), GOOD);
    ck_assert_uint_eq(cms.attributes.n, 4);
    ck_assert_str_eq(when_iso(a, cms_signing_time(&cms)), "2026-01-15T12:00:00Z");
    ck_assert_int_eq(judge(a, build(a, &two, "text"), bytes_str("text"), &cms), GOOD);
    ck_assert(cms_signing_time(&cms) == WHEN_NONE);
    ck_assert_str_eq(bytes_cstr(a, bytes_of(cms.attributes.at[2].values.p + 2, 2)), "26");
    ck_assert_str_eq(bytes_cstr(a, bytes_of(cms.attributes.at[3].values.p + 2, 2)), "27");
    return DS_OK;
}

ARENA_TEST(attributes_are_told, read_attributes)

/* RT-173, RT-174: the message holds, its chain is for the caller to judge. */
static enum ds_status judge_chains(void *arg)
{
    struct arena *a = arg;
    struct message m = {0};
    struct chain_options options = {.purpose = CHAIN_FOR_CODE, .when = 1767225600};
    struct cms cms;
    struct chain chain;
    ck_assert_int_eq(judge(a, build(a, &m, "text"), bytes_str("text"), &cms), GOOD);
    chain_build(a, cms.signer, &cms.certs, &options, &chain);
    ck_assert_int_eq(chain.fault, CHAIN_GOOD);
    ck_assert_int_eq(chain.anchor, ANCHOR_NONE);
    m.ec = true; /* issued by the other, which is not there */
    ck_assert_int_eq(judge(a, build(a, &m, "text"), bytes_str("text"), &cms), GOOD);
    chain_build(a, cms.signer, &cms.certs, &options, &chain);
    ck_assert_int_eq(chain.fault, CHAIN_NO_ROOT);
    return DS_OK;
}

ARENA_TEST(chains_are_the_callers, judge_chains)

/* RT-176: certificates alone are no signature; they are read all the same. */
static enum ds_status read_certificates(void *arg)
{
    struct arena *a = arg;
    for (size_t n = 1; n <= 2; n++) {
        struct bytes second = n == 2 ? pki_der(a, &ec_id) : bytes_of(NULL, 0);
        struct bytes data =
            tlv(a, 0x30,
                JOIN(a, hex(a, "020101"), hex(a, "3100"), tlv(a, 0x30, hex(a, ID_DATA)),
                     tlv(a, 0xa0, JOIN(a, pki_der(a, &rsa_id), second)), hex(a, "3100")));
        struct bytes der = tlv(a, 0x30, JOIN(a, hex(a, ID_SIGNED), tlv(a, 0xa0, data)));
        struct cms cms;
        ck_assert_int_eq(judge(a, der, bytes_str(""), &cms), NO_PARSE);
        ck_assert_uint_eq(cms.certs.n, n);
    }
    return DS_OK;
}

ARENA_TEST(certificates_alone, read_certificates)

/* -- damage */

/* Where the heads of the elements of DER are, but for those inside certificates and parameters. */
struct heads VEC_OF(size_t);

static void find_heads(struct arena *a, struct bytes der, size_t base, struct heads *out)
{
    struct cursor c = cursor_of(der, 0);
    struct der d;
    while (cursor_left(&c) && der_next(&c, &d)) {
        size_t at = base + (size_t)(d.whole.p - der.p);
        bool certificate =
            der_is(&d, DER_UNIVERSAL, DER_SEQUENCE) && bytes_starts(d.content, hex(a, "3082"));
        vec_push(a, out, at);
        if (d.constructed && !certificate)
            find_heads(a, d.content, base + (size_t)(d.content.p - der.p), out);
    }
}

/* Elements that may be anything: parameters of algorithms, text of attributes nobody reads. */
static bool is_free(struct bytes der, size_t at)
{
    return der.p[at] == 0x05;
}

/* RT-189 to RT-192: each tag byte wrong, each length byte one more and one less. */
static void spoil(struct arena *a, const struct message *m)
{
    struct bytes der = build(a, m, "text");
    struct heads heads = {0};
    struct cms cms;
    ck_assert_int_eq(judge(a, der, bytes_str("text"), &cms), GOOD);
    find_heads(a, der, 0, &heads);
    ck_assert_uint_gt(heads.n, 17);
    for (size_t i = 0; i < heads.n; i++) {
        static const struct {
            size_t at;
            uint8_t add;
        } faults[] = {{0, 1}, {0, 0x10}, {1, 1}, {1, 0xff}};
        for (size_t k = 0; k < COUNT(faults) && !is_free(der, heads.at[i]); k++) {
            size_t at = heads.at[i] + faults[k].at;
            uint8_t *bad = arena_copy(a, der.p, der.n);
            if (faults[k].at == 1 && (bad[at] & 0x80))
                continue; /* the form of the length, not the length */
            bad[at] = (uint8_t)(bad[at] + faults[k].add);
            enum result got = judge(a, bytes_of(bad, der.n), bytes_str("text"), &cms);
            ck_assert_msg(got != GOOD, "byte %zu of %zu, %02x became %02x", at, der.n, der.p[at],
                          bad[at]);
        }
    }
}

static enum ds_status spoil_all(void *arg)
{
    static const struct message forms[] = {
        {0},
        {.content = "text"},
        {.indefinite = true},
        {.indefinite = true, .content = "text", .octets = 2},
        {.bare = true, .content = "text"},
        {.attributes = {SIGNED_AT}},
    };
    for (size_t i = 0; i < COUNT(forms); i++)
        spoil(arg, &forms[i]);
    return DS_OK;
}

ARENA_TEST(every_tag_and_length_counts, spoil_all)

/* RT-193: indefinite elements in indefinite elements end somewhere. RT-197: what is read of pieces is one text. */
static enum ds_status nest(void *arg)
{
    struct arena *a = arg;
    struct buf deep = {.arena = a};
    struct message m = {.indefinite = true, .content = "text", .octets = 4};
    struct cms cms;
    const char *why;
    for (int i = 0; i < 100000; i++)
        buf_put(&deep, bytes_of((const uint8_t[]){0x30, 0x80}, 2));
    ck_assert(!cms_parse(a, buf_bytes(&deep), &cms, &why));
    buf_zero(&deep, 200000);
    ck_assert(!cms_parse(a, buf_bytes(&deep), &cms, &why));
    ck_assert_int_eq(judge(a, build(a, &m, "text"), bytes_str("text"), &cms), GOOD);
    ck_assert(bytes_equal(cms.content, bytes_str("text")));
    return DS_OK;
}

ARENA_TEST(nesting_ends, nest)

/* -- */

static void setup(void)
{
    static const struct pki_spec root = {"Signer", NULL,           "Example", NULL, NULL,
                                         pki_leaf, PKI_LEAF_COUNT, 0,         NULL};
    static const struct pki_spec leaf = {"Leaf",   NULL,           "Example", NULL, NULL,
                                         pki_leaf, PKI_LEAF_COUNT, 9,         NULL};
    rsa_id = pki_make(&root, pki_rsa(2048), NULL);
    ec_id = pki_make(&leaf, pki_ec("P-256"), &rsa_id);
}

static void teardown(void)
{
    pki_free(&rsa_id);
    pki_free(&ec_id);
}

Suite *crypto_cms_suite(void)
{
    Suite *s = suite_create("cms");
    TCase *t = tcase_create("cms");
    tcase_add_unchecked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 60);
    tcase_add_test(t, messages_of_all_forms);
    tcase_add_test(t, digests_of_both_keys);
    tcase_add_test(t, attributes_are_told);
    tcase_add_test(t, chains_are_the_callers);
    tcase_add_test(t, certificates_alone);
    tcase_add_test(t, every_tag_and_length_counts);
    tcase_add_test(t, nesting_ends);
    suite_add_tcase(s, t);
    return s;
}
