/* SPDX-License-Identifier: Apache-2.0 */
/* Digests, names, certificates and signer kinds, on certificates made here and, when they are there, on shared ones. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/der.h"
#include "crypto/digest.h"
#include "crypto/x509.h"
#include "flush.h"
#include "in_arena.h"
#include "test_crypto_pki.h"

Suite *crypto_x509_suite(void);

#define COUNT(table) (sizeof(table) / sizeof *(table))

static const struct {
    enum digest_type type;
    const char *name, *abc;
} digest_rows[] = {
    {DIGEST_MD5, "md5", "900150983cd24fb0d6963f7d28e17f72"},
    {DIGEST_SHA1, "sha1", "a9993e364706816aba3e25717850c26c9cd0d89d"},
    {DIGEST_SHA256, "sha256", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {DIGEST_SHA256_TRUNCATED, "sha256t", "ba7816bf8f01cfea414140de5dae2223b00361a3"},
    {DIGEST_SHA384, "sha384",
     "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed"
     "8086072ba1e7cc2358baeca134c825a7"},
    {DIGEST_SHA512, "sha512",
     "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
     "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"},
};

static enum ds_status digests_of_abc(void *a)
{
    for (size_t i = 0; i < COUNT(digest_rows); i++) {
        uint8_t raw[DIGEST_MAX];
        struct digester *d = digester_new(a, digest_rows[i].type);
        ck_assert_str_eq(digest_name(digest_rows[i].type), digest_rows[i].name);
        ck_assert_str_eq(bytes_hex(a, digest_bytes(a, digest_rows[i].type, bytes_str("abc"))),
                         digest_rows[i].abc);
        for (int again = 0; again < 2; again++) {
            digester_begin(d);
            digester_update(d, bytes_str("a"));
            digester_update(d, bytes_of(NULL, 0));
            digester_update(d, bytes_str("bc"));
            size_t n = digester_finish(d, raw);
            ck_assert_uint_eq(n, digest_size(digest_rows[i].type));
            ck_assert_str_eq(bytes_hex(a, bytes_of(raw, n)), digest_rows[i].abc);
        }
    }
    return DS_OK;
}

START_TEST(digests)
{
    uint8_t raw[DIGEST_MAX];
    in_arena(digests_of_abc);
    in_starved_arena(digests_of_abc);
    ck_assert_uint_eq(digest_of((enum digest_type)9, bytes_str("abc"), raw), 0);
    ck_assert_uint_eq(digest_size(DIGEST_NONE), 0);
    ck_assert_ptr_null(digest_name((enum digest_type)200));
}
END_TEST

static enum ds_status unknown_digester(void *a)
{
    digester_new(a, DIGEST_NONE);
    return DS_OK;
}

START_TEST(digester_of_nothing)
{
    struct arena *a = arena_new(0);
    ck_assert_int_eq(arena_run(a, unknown_digester, a), DS_INVALID);
    arena_free(a);
}
END_TEST

/* Values of an attribute: ASN.1 value in hex, text. */
static const struct {
    const char *der, *text;
} value_rows[] = {
    {"1303414243", "ABC"},
    {"130341ff43", "A\xc3\xbf"
                   "C"},
    {"0c04414243 00", "ABC"},
    {"0c03 6261ff", "62 61 FF"},
    {"0c00", ""},
    {"1403 4dfc6e", "M\xc3\xbcn"},
    {"1a03414243", "ABC"},
    {"1502 4142", "AB"},
    {"1b02 4142", "AB"},
    {"1e04 00d60072", "\xc3\x96r"},
    {"1e04 d83dde00", "\xf0\x9f\x98\x80"},
    {"1e02 d83d", "\xef\xbf\xbd"},
    {"1e02 4e2d", "\xe4\xb8\xad"},
    {"1e03 004100", "00 41 00"},
    {"0202 0102", "258"},
    {"0209 010203040506070809", "01 02 03 04 05 06 07 08 09"},
    {"0200", ""},
    {"0101ff", "255"},
    {"0603 2a0304", "1.2.3.4"},
    {"0403 010203", "Byte string; 3 bytes; data = 01 02 03"},
    {"0302 00ff", "Bit string; 2 bytes; data = 00 FF"},
    {"0500", "not displayed (tag = 5; length 0)"},
    {"8001 41", "not displayed (tag = 0; length 1)"},
};

static struct bytes unhex(struct arena *a, const char *text)
{
    struct bytes out;
    char *tight = arena_strdup(a, text), *to = tight;
    for (const char *from = text; *from; from++)
        if (*from != ' ')
            *to++ = *from;
    *to = 0;
    ck_assert_msg(bytes_unhex(a, bytes_str(tight), &out), "%s", text);
    return out;
}

/* A Name of one common name whose value is DER. */
static struct bytes name_of(struct arena *a, struct bytes der)
{
    char *hex = bytes_hex(a, der);
    size_t n = der.n;
    return unhex(a, arena_printf(a, "30%02zx31%02zx30%02zx0603550403%s", n + 9, n + 7, n + 5, hex));
}

static enum ds_status values(void *a)
{
    for (size_t i = 0; i < COUNT(value_rows); i++) {
        struct cert_attribute_vec name;
        ck_assert_msg(name_parse(a, name_of(a, unhex(a, value_rows[i].der)), &name), "%s",
                      value_rows[i].der);
        ck_assert_uint_eq(name.n, 1);
        ck_assert_ptr_eq(name_first(&name, OID_NAME_CN), name_last(&name, OID_NAME_CN));
        ck_assert_ptr_null(name_first(&name, OID_NAME_O));
        ck_assert_msg(bytes_is(name.at[0].text, value_rows[i].text), "%s: %s", value_rows[i].der,
                      bytes_cstr(a, name.at[0].text));
    }
    return DS_OK;
}

START_TEST(attribute_values)
{
    in_arena(values);
    in_starved_arena(values);
}
END_TEST

static enum ds_status broken_names(void *a)
{
    static const char *const bad[] = {
        "",
        "3100",
        "3000 00",
        "3002 3000",
        "3004 3102 3000",
        "300b 3109 3007 06035504034105",
        "300e 310c 300a 0603550403 1301 41 0500",
        "300b 3109 3007 0603550403 1302",
    };
    struct cert_attribute_vec name;
    for (size_t i = 0; i < COUNT(bad); i++) {
        ck_assert_msg(!name_parse(a, unhex(a, bad[i]), &name), "%s", bad[i]);
        ck_assert_uint_eq(name.n, 0);
    }
    ck_assert(name_parse(a, unhex(a, "3000"), &name));
    return DS_OK;
}

ARENA_TEST(malformed_names, broken_names)

/* 1023 parts are decodable, 1024 are not. */
static enum ds_status many_parts(void *a)
{
    static const char part[] = "310a300806035504031301";
    struct bytes one = unhex(a, arena_printf(a, "%s41", part));
    for (size_t n = 1023; n <= 1024; n++) {
        uint8_t *raw = arena_alloc(a, 4 + n * one.n);
        struct cert_attribute_vec name;
        raw[0] = 0x30;
        raw[1] = 0x82;
        raw[2] = (uint8_t)(n * one.n >> 8);
        raw[3] = (uint8_t)(n * one.n);
        for (size_t i = 0; i < n; i++)
            memcpy(raw + 4 + i * one.n, one.p, one.n);
        ck_assert_int_eq(name_parse(a, bytes_of(raw, 4 + n * one.n), &name), n < 1024);
    }
    return DS_OK;
}

ARENA_TEST(names_with_many_parts, many_parts)

static struct pki_id root, leaf;

static const struct pki_extension leaf_extensions[] = {
    {"basicConstraints", "critical,CA:FALSE", false},
    {"keyUsage", "critical,digitalSignature,nonRepudiation", false},
    {"extendedKeyUsage", "critical,codeSigning,timeStamping", false},
    {"2.5.29.32", "3014300b06092a864886f763640501300506032a0304", false},
    {"subjectKeyIdentifier", "hash", false},
    {"authorityKeyIdentifier", "keyid", false},
    {"subjectAltName", "email:a@example.com,DNS:example.com,email:b@example.com", false},
    {"1.2.840.113635.100.6.1.13", "0500", true},
    {"1.2.840.113635.100.6.1.33", "0c0f32303138303630313030303030305a", false},
    {"1.2.3.5", "180f32303138303630313030303030305a", false},
    {"1.2.3.6", "0c0a323031382d30362d3031", false},
};

static void make_identities(void)
{
    root = pki_make(
        &(struct pki_spec){.cn = "Root", .extensions = pki_ca, .extension_count = PKI_CA_COUNT},
        pki_rsa(2048), NULL);
    leaf = pki_make(&(struct pki_spec){.cn = "Leaf \xc3\xb6",
                                       .ou = "TEAMID1234",
                                       .o = "Example Corp",
                                       .from = "2021-02-03T04:05:06Z",
                                       .to = "2052-02-03T04:05:06Z",
                                       .extensions = leaf_extensions,
                                       .extension_count = COUNT(leaf_extensions),
                                       .serial = 0x1234},
                    pki_ec("P-256"), &root);
}

static void free_identities(void)
{
    pki_free(&root);
    pki_free(&leaf);
}

static enum ds_status parse_leaf(void *a)
{
    struct cert c;
    struct bytes_vec emails;
    int64_t date, when;
    ck_assert(cert_parse(a, pki_der(a, &leaf), &c));
    ck_assert_str_eq(bytes_hex(a, c.serial), "1234");
    ck_assert_str_eq(c.common_name, "Leaf \xc3\xb6");
    ck_assert_str_eq(c.organisation, "Example Corp");
    ck_assert_str_eq(c.team, "TEAMID1234");
    ck_assert_str_eq(c.first_unit, "TEAMID1234");
    ck_assert_str_eq(cert_subject_text(a, &c), "CN=Leaf \xc3\xb6, OU=TEAMID1234, O=Example Corp");
    ck_assert(when_parse_iso(bytes_str("2021-02-03T04:05:06Z"), &when) && when == c.not_before);
    ck_assert(when_parse_iso(bytes_str("2052-02-03T04:05:06Z"), &when) && when == c.not_after);
    ck_assert(c.name_decodable && !c.extensions_odd && !cert_self_issued(&c));
    ck_assert(c.has_basic_constraints && !c.is_ca && c.path_length == -1);
    ck_assert(c.has_key_usage && c.key_usage == 3);
    ck_assert_uint_eq(c.usages.n, 2);
    ck_assert(cert_has_usage(&c, OID_EKU_CODE_SIGNING) && !cert_has_usage(&c, OID_EKU_ANY));
    ck_assert_uint_eq(c.policies.n, 2);
    ck_assert(cert_has_policy(&c, oid_bytes(a, OID_APPLE_POLICY)));
    ck_assert(!cert_has_policy(&c, oid_bytes(a, OID_SHA1)));
    ck_assert_uint_eq(c.subject_key_id.n, 20);
    ck_assert_uint_eq(c.authority_key_id.n, 20);
    ck_assert(cert_has_marker(&c, OID_APPLE_DEVID_APP) && !cert_has_marker(&c, OID_APPLE_WWDR));
    ck_assert(cert_extension(&c, oid_bytes(a, OID_APPLE_DEVID_APP))->critical);
    ck_assert(cert_date_extension(&c, oid_bytes(a, OID_APPLE_DEVID_DATE), &date));
    ck_assert_int_eq(date, 549504000);
    ck_assert(!cert_date_extension(&c, unhex(a, "2a0305"), &date));
    ck_assert(!cert_date_extension(&c, unhex(a, "2a0306"), &date));
    ck_assert(!cert_date_extension(&c, unhex(a, "2a0307"), &date));
    cert_emails(a, &c, &emails);
    ck_assert_uint_eq(emails.n, 2);
    ck_assert(bytes_is(emails.at[1], "b@example.com"));
    ck_assert_ptr_nonnull(cert_attribute(&c, oid_bytes(a, OID_NAME_O)));
    ck_assert_ptr_null(cert_attribute(&c, oid_bytes(a, OID_NAME_L)));
    struct cert_key key = cert_key_of(&c);
    ck_assert(key.algorithm == OID_EC_KEY && key.curve == OID_EC_P256 && key.bits == 256);
    return DS_OK;
}

static enum ds_status parse_root(void *a)
{
    struct cert c;
    ck_assert(cert_parse(a, pki_der(a, &root), &c));
    ck_assert(c.is_ca && cert_self_issued(&c) && c.key_usage == 0x60);
    ck_assert(c.organisation == NULL && c.team == NULL && c.first_unit == NULL);
    struct cert_key key = cert_key_of(&c);
    ck_assert(key.algorithm == OID_RSA && key.curve == OID_UNKNOWN && key.bits == 2048);
    ck_assert(bytes_equal(c.signature_algorithm, c.inner_algorithm));
    ck_assert_int_eq(cert_anchor(&c), ANCHOR_NONE);
    return DS_OK;
}

START_TEST(certificate_fields)
{
    in_arena(parse_leaf);
    in_arena(parse_root);
    in_starved_arena(parse_leaf);
}
END_TEST

/* Whatever is cut off or changed: no crash, and nothing shorter is a certificate. */
static enum ds_status damaged(void *arena)
{
    struct arena *a = arena;
    struct bytes der = pki_der(a, &leaf);
    for (size_t n = 0; n < der.n; n++) {
        struct arena *child = arena_child(a);
        struct cert c;
        uint8_t *cut = flush_copy(der.p, n);
        ck_assert(!cert_parse(child, bytes_of(cut, n), &c));
        flush_free(cut);
        uint8_t *changed = flush_copy(der.p, der.n);
        changed[n] ^= 0xff;
        if (cert_parse(child, bytes_of(changed, der.n), &c))
            cert_key_of(&c);
        flush_free(changed);
        arena_child_free(child);
    }
    return DS_OK;
}

ARENA_TEST(hostile_certificates, damaged)

/* An edit of the leaf: these bytes become those. */
static const struct {
    const char *from, *to;
    bool taken, odd;
} edit_rows[] = {
    {"a0030201 02", "a0030201 01", true, false},  /* version 2 */
    {"a0030201 02", "a0030201 03", false, false}, /* version 4 */
    {"06092a864886f70d01010b 0500", "06092a864886f70d01010b 0400", false, false},
    {"0603551d25 0101ff 0416 3014", "0603551d25 0101ff 0416 3114", false, false},
    {"0603551d13 0101ff 0402 3000", "0603551d13 0101ff 0402 3100", true, true},
    {"0603551d0f 0101ff 0404 030206c0", "0603551d0f 0101ff 0404 030208c0", true, true},
    {"0603551d0e 0416 0414", "0603551d0e 0416 0514", true, true},
    {"0603551d23", "0603551d0e", true, true}, /* subjectKeyIdentifier twice */
};

static struct bytes edit(struct arena *a, struct bytes der, struct bytes from, struct bytes to)
{
    uint8_t *copy = arena_copy(a, der.p, der.n);
    size_t found = 0;
    for (size_t i = 0; i + from.n <= der.n; i++)
        if (memcmp(der.p + i, from.p, from.n) == 0 && ++found)
            memcpy(copy + i, to.p, to.n);
    ck_assert_uint_ne(found, 0);
    return bytes_of(copy, der.n);
}

static enum ds_status edited(void *a)
{
    struct bytes der = pki_der(a, &leaf);
    struct cert c;
    for (size_t i = 0; i < COUNT(edit_rows); i++) {
        struct bytes from = unhex(a, edit_rows[i].from), to = unhex(a, edit_rows[i].to);
        bool taken = cert_parse(a, edit(a, der, from, to), &c);
        ck_assert_msg(taken == edit_rows[i].taken, "%s", edit_rows[i].to);
        if (taken)
            ck_assert_msg(c.extensions_odd == edit_rows[i].odd, "%s", edit_rows[i].to);
    }
    return DS_OK;
}

ARENA_TEST(odd_certificates, edited)

/* Chains by marker: leaf, above, what they are. */
static const struct {
    const char *leaf, *above;
    enum signer_kind kind;
    bool developer;
} kind_rows[] = {
    {"6.1.25.1", "6.2.1", SIGNER_TESTFLIGHT, false},
    {"6.1.9", "6.2.1", SIGNER_MAC_APP_STORE, false},
    {"6.1.3", "6.2.18", SIGNER_MAC_APP_STORE, false},
    {"6.1.13", "6.2.6", SIGNER_DEVELOPER_ID, true},
    {"6.1.13", "6.2.1", SIGNER_APPLE_OTHER, false},
    {"6.1.14", "6.2.6", SIGNER_DEVELOPER_ID_INSTALLER, false},
    {"6.1.18", "6.2.6", SIGNER_DEVELOPER_ID_KEXT, false},
    {"6.1.2", "6.2.1", SIGNER_APPLE_DEVELOPMENT, true},
    {"6.1.12", "6.2.1", SIGNER_MAC_DEVELOPMENT, true},
    {"6.1.7", "6.2.1", SIGNER_APPLE_DISTRIBUTION, true},
    {"6.1.4", "6.2.1", SIGNER_APPLE_DISTRIBUTION, true},
    {"6.22", "6.2.99", SIGNER_APPLE, false},
    {"4.11", "6.2.1", SIGNER_APPLE_OTHER, false},
};

static struct cert marked(struct arena *a, const char *oid, const char *cn)
{
    struct cert c = {.common_name = cn, .subject = bytes_str(cn), .issuer = bytes_str("x")};
    struct cert_extension e = {0};
    ck_assert(oid_parse(a, arena_printf(a, "1.2.840.113635.100.%s", oid), &e.oid));
    vec_push(a, &c.extensions, e);
    return c;
}

static enum ds_status kinds(void *a)
{
    for (size_t i = 0; i < COUNT(kind_rows); i++) {
        struct cert first = marked(a, kind_rows[i].leaf, "leaf"),
                    second = marked(a, kind_rows[i].above, "above"), last = marked(a, "9.9", "x");
        const struct cert *chain[] = {&first, &second, &last};
        ck_assert_int_eq(signer_kind_of(chain, 3, ANCHOR_APPLE), kind_rows[i].kind);
        ck_assert_int_eq(signer_is_developer(chain, 3, ANCHOR_APPLE), kind_rows[i].developer);
        ck_assert_int_eq(signer_kind_of(chain, 3, ANCHOR_NONE), SIGNER_THIRD_PARTY);
        ck_assert(!signer_is_developer(chain, 3, ANCHOR_NONE));
        ck_assert_ptr_nonnull(signer_kind_name(kind_rows[i].kind));
    }
    struct cert plain = marked(a, "9.9", "x"),
                ca = marked(a, "9.8", "Apple Code Signing Certification Authority");
    const struct cert *chain[] = {&plain, &ca, &plain};
    ck_assert_int_eq(signer_kind_of(chain, 3, ANCHOR_APPLE), SIGNER_APPLE);
    ck_assert_int_eq(signer_kind_of(chain, 1, ANCHOR_NONE), SIGNER_SELF_SIGNED);
    ck_assert_int_eq(signer_kind_of(chain, 0, ANCHOR_NONE), SIGNER_NONE);
    ck_assert_str_eq(anchor_name(ANCHOR_APPLE_G3), "Apple Root CA - G3");
    ck_assert_str_eq(anchor_name(ANCHOR_NONE), "none");
    return DS_OK;
}

ARENA_TEST(signer_kinds, kinds)

static void parses(struct arena *a, const char *name, struct bytes content)
{
    struct cert c;
    uint8_t *copy = flush_copy(content.p, content.n);
    ck_assert_msg(cert_parse(a, bytes_of(copy, content.n), &c), "%s", name);
    ck_assert_msg(c.name_decodable && !c.extensions_odd, "%s", name);
    flush_free(copy);
}

/* Column N of the tab-separated LINE. */
static char *column(struct arena *a, struct bytes line, size_t n)
{
    size_t at = 0, end;
    for (; n; at++)
        if (line.p[at] == '\t')
            n--;
    for (end = at; end < line.n && line.p[end] != '\t';)
        end++;
    return arena_strndup(a, (const char *)line.p + at, end - at);
}

static int64_t when_of(const char *iso)
{
    int64_t when;
    ck_assert_msg(when_parse_iso(bytes_str(iso), &when), "%s", iso);
    return when;
}

static void row_agrees(struct arena *a, struct bytes line)
{
    const char *name = column(a, line, 0);
    struct cert c;
    ck_assert_msg(cert_parse(a, pki_shared(a, arena_printf(a, "real/apple-certs/%s", name)), &c),
                  "%s", name);
    struct cert_key key = cert_key_of(&c);
    ck_assert_str_eq(bytes_hex(a, bytes_of(c.sha1, 20)), column(a, line, 4));
    ck_assert_str_eq(bytes_hex(a, bytes_of(c.sha256, 32)), column(a, line, 5));
    ck_assert_int_eq(c.not_before, when_of(column(a, line, 6)));
    ck_assert_int_eq(c.not_after, when_of(column(a, line, 7)));
    char *size = arena_printf(a, "%s %u", key.algorithm == OID_RSA ? "RSA" : "EC", key.bits);
    ck_assert_msg(strncmp(column(a, line, 8), size, strlen(size)) == 0, "%s: %s", name, size);
    ck_assert_str_eq(c.is_ca ? "True" : "False", column(a, line, 10));
    const char *oids = column(a, line, 11);
    struct bytes oid;
    if (oids[0] != '-' && !strchr(oids, ' ') && !strchr(oids, ','))
        ck_assert_msg(oid_parse(a, oids, &oid) && cert_extension(&c, oid), "%s", name);
    ck_assert_msg(strstr(column(a, line, 1), c.common_name) != NULL, "%s", name);
}

static enum ds_status shared_certificates(void *a)
{
    if (pki_each(a, "vectors/certs", ".der", parses) == 0)
        printf("# the shared certificates are not there: skipped\n");
    pki_each(a, "real/certs", ".cer", parses);
    struct bytes table = pki_shared(a, "real/apple-certs/certs.tsv");
    size_t rows = 0;
    for (size_t at = 0, end; at < table.n; at = end + 1) {
        for (end = at; end < table.n && table.p[end] != '\n';)
            end++;
        if (rows++)
            row_agrees(a, bytes_of(table.p + at, end - at));
    }
    return DS_OK;
}

ARENA_TEST(real_certificates, shared_certificates)

static enum ds_status shared_anchors(void *a)
{
    static const struct {
        const char *name;
        enum anchor anchor;
    } rows[] = {
        {"AppleIncRootCertificate.cer", ANCHOR_APPLE},
        {"AppleRootCA-G2.cer", ANCHOR_APPLE_G2},
        {"AppleRootCA-G3.cer", ANCHOR_APPLE_G3},
        {"AppleComputerRootCertificate.cer", ANCHOR_NONE},
        {"DeveloperIDCA.cer", ANCHOR_NONE},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct cert c;
        struct bytes der = pki_shared(a, arena_printf(a, "real/apple-certs/%s", rows[i].name));
        if (der.n == 0)
            continue;
        ck_assert(cert_parse(a, der, &c));
        ck_assert_msg(cert_anchor(&c) == rows[i].anchor, "%s", rows[i].name);
    }
    return DS_OK;
}

ARENA_TEST(real_anchors, shared_anchors)

/* Answers of the reference's evaluator for odd certificates (requirement-language.md §4.5). */
static enum ds_status shared_odd_names(void *a)
{
    static const struct {
        const char *file;
        enum oid_id id;
        const char *text;
    } rows[] = {
        {"badnames", OID_NAME_CN, "258"},
        {"badnames", OID_NAME_D, "1.2.3.4"},
        {"badnames", OID_NAME_ST, "62 61 64 FF"},
        {"oddnames", OID_NAME_O, "trail"},
        {"oddnames", OID_NAME_OU, ""},
        {"names", OID_NAME_CN, "three A1"},
        {"names", OID_NAME_O, "\xc3\x96rg A1"},
        {"names", OID_NAME_L, "M\xc3\xbcnchen A1"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct cert c;
        struct bytes der = pki_shared(a, arena_printf(a, "vectors/certs/%s.der", rows[i].file));
        if (der.n == 0)
            continue;
        ck_assert(cert_parse(a, der, &c));
        ck_assert_msg(bytes_is(name_last(&c.attributes, rows[i].id)->text, rows[i].text), "%s %d",
                      rows[i].file, (int)rows[i].id);
    }
    return DS_OK;
}

ARENA_TEST(odd_names, shared_odd_names)

Suite *crypto_x509_suite(void)
{
    Suite *suite = suite_create("x509");
    TCase *tc = tcase_create("names"), *made = tcase_create("certificates");

    tcase_add_test(tc, digests);
    tcase_add_test(tc, digester_of_nothing);
    tcase_add_test(tc, attribute_values);
    tcase_add_test(tc, malformed_names);
    tcase_add_test(tc, names_with_many_parts);
    tcase_add_test(tc, signer_kinds);
    tcase_add_test(tc, real_certificates);
    tcase_add_test(tc, real_anchors);
    tcase_add_test(tc, odd_names);
    suite_add_tcase(suite, tc);
    tcase_add_unchecked_fixture(made, make_identities, free_identities);
    tcase_add_test(made, certificate_fields);
    tcase_add_test(made, hostile_certificates);
    tcase_add_test(made, odd_certificates);
    suite_add_tcase(suite, made);
    return suite;
}
