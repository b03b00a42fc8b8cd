/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates made on the spot: see test_crypto_pki.h. */
#include "test_crypto_pki.h"

#include <check.h>
#include <dirent.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "base/when.h"

const struct pki_extension pki_ca[PKI_CA_COUNT] = {
    {"basicConstraints", "critical,CA:TRUE", false},
    {"keyUsage", "critical,keyCertSign,cRLSign", false},
    {"subjectKeyIdentifier", "hash", false},
    {"authorityKeyIdentifier", "keyid", false},
};

const struct pki_extension pki_leaf[PKI_LEAF_COUNT] = {
    {"basicConstraints", "critical,CA:FALSE", false},
    {"keyUsage", "critical,digitalSignature", false},
    {"extendedKeyUsage", "critical,codeSigning", false},
    {"subjectKeyIdentifier", "hash", false},
    {"authorityKeyIdentifier", "keyid", false},
};

EVP_PKEY *pki_rsa(unsigned bits)
{
    EVP_PKEY *key = EVP_RSA_gen(bits);
    ck_assert_ptr_nonnull(key);
    return key;
}

EVP_PKEY *pki_ec(const char *curve)
{
    EVP_PKEY *key = EVP_EC_gen(curve);
    ck_assert_ptr_nonnull(key);
    return key;
}

static void add_name(X509_NAME *name, const char *field, const char *text)
{
    if (text)
        ck_assert(X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8,
                                             (const unsigned char *)text, -1, -1, 0));
}

static void set_time(ASN1_TIME *to, const char *iso)
{
    int64_t when;
    ck_assert(when_parse_iso(bytes_str(iso), &when));
    ck_assert_ptr_nonnull(ASN1_TIME_set(to, (time_t)when));
}

static X509_EXTENSION *raw_extension(const struct pki_extension *e)
{
    ASN1_OBJECT *oid = OBJ_txt2obj(e->name, 1);
    ASN1_OCTET_STRING *value = ASN1_OCTET_STRING_new();
    long n = 0;
    unsigned char *raw = OPENSSL_hexstr2buf(e->value, &n);
    ck_assert(oid && value && raw && ASN1_OCTET_STRING_set(value, raw, (int)n));
    X509_EXTENSION *made = X509_EXTENSION_create_by_OBJ(NULL, oid, e->critical, value);
    OPENSSL_free(raw);
    ASN1_OCTET_STRING_free(value);
    ASN1_OBJECT_free(oid);
    return made;
}

static void add_extension(X509 *cert, X509 *issuer, const struct pki_extension *e)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, cert, NULL, NULL, 0);
    X509V3_set_ctx_nodb(&context);
    X509_EXTENSION *made = e->name[0] >= '0' && e->name[0] <= '9'
                               ? raw_extension(e)
                               : X509V3_EXT_nconf(NULL, &context, e->name, e->value);
    ck_assert_msg(made != NULL, "%s", e->name);
    ck_assert(X509_add_ext(cert, made, -1));
    X509_EXTENSION_free(made);
}

struct pki_id pki_make(const struct pki_spec *spec, EVP_PKEY *key, const struct pki_id *issuer)
{
    X509 *cert = X509_new();
    X509_NAME *name = X509_NAME_new();
    ck_assert(cert && name && X509_set_version(cert, X509_VERSION_3));
    ASN1_INTEGER_set(X509_get_serialNumber(cert), spec->serial ? spec->serial : 7);
    add_name(name, "O", spec->o);
    add_name(name, "OU", spec->ou);
    add_name(name, "CN", spec->cn);
    X509_set_subject_name(cert, name);
    X509_set_issuer_name(cert, issuer ? X509_get_subject_name(issuer->cert) : name);
    X509_NAME_free(name);
    set_time(X509_getm_notBefore(cert), spec->from ? spec->from : "2020-01-01");
    set_time(X509_getm_notAfter(cert), spec->to ? spec->to : "2040-01-01");
    X509_set_pubkey(cert, key);
    for (size_t i = 0; i < spec->extension_count; i++)
        add_extension(cert, issuer ? issuer->cert : cert, &spec->extensions[i]);
    ck_assert(X509_sign(cert, issuer ? issuer->key : key,
                        spec->digest ? spec->digest : EVP_sha256()) > 0);
    return (struct pki_id){.key = key, .cert = cert};
}

void pki_free(struct pki_id *id)
{
    EVP_PKEY_free(id->key);
    X509_free(id->cert);
    *id = (struct pki_id){0};
}

struct bytes pki_der(struct arena *a, const struct pki_id *id)
{
    int n = i2d_X509(id->cert, NULL);
    ck_assert_int_gt(n, 0);
    unsigned char *der = arena_array(a, (size_t)n, unsigned char), *end = der;
    ck_assert_int_eq(i2d_X509(id->cert, &end), n);
    return bytes_of(der, (size_t)n);
}

static char *shared_path(struct arena *a, const char *name)
{
    const char *top = getenv("top_srcdir");
    return arena_printf(a, "%s/../shared/%s", top ? top : ".", name);
}

struct bytes pki_shared(struct arena *a, const char *name)
{
    uint8_t block[4096];
    size_t n;
    struct buf content = {.arena = a};
    FILE *file = fopen(shared_path(a, name), "rb");
    if (!file)
        return bytes_of(NULL, 0);
    while ((n = fread(block, 1, sizeof block, file)) != 0)
        buf_put(&content, bytes_of(block, n));
    fclose(file);
    return buf_bytes(&content);
}

size_t pki_each(struct arena *a, const char *directory, const char *suffix,
                void (*each)(struct arena *a, const char *name, struct bytes content))
{
    size_t n = 0;
    DIR *dir = opendir(shared_path(a, directory));
    if (!dir)
        return 0;
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        if (!text_ends(entry->d_name, suffix) || entry->d_name[0] == '.')
            continue;
        struct arena *child = arena_child(a);
        const char *path = arena_printf(child, "%s/%s", directory, entry->d_name);
        each(child, entry->d_name, pki_shared(child, path));
        arena_child_free(child);
        n++;
    }
    closedir(dir);
    return n;
}
