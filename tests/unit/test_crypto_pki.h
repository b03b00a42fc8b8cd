/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates made on the spot for the crypto tests, and files of the shared folder when it is there. */
#ifndef TESTS_UNIT_TEST_CRYPTO_PKI_H
#define TESTS_UNIT_TEST_CRYPTO_PKI_H

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/status.h"

/* An extension: OpenSSL's short name and configuration text, or a dotted OID and its content in hex. */
struct pki_extension {
    const char *name, *value;
    bool critical;
};

struct pki_spec {
    const char *cn, *ou, *o;
    const char *from, *to; /* ISO dates; NULL: 2020-01-01, 2040-01-01 */
    const struct pki_extension *extensions;
    size_t extension_count;
    long serial;
    const EVP_MD *digest; /* NULL: SHA-256 */
};

struct pki_id {
    EVP_PKEY *key;
    X509 *cert;
};

EVP_PKEY *pki_rsa(unsigned bits);
EVP_PKEY *pki_ec(const char *curve);

/* A certificate for KEY (taken over) by ISSUER, NULL: self-signed. */
struct pki_id pki_make(const struct pki_spec *spec, EVP_PKEY *key, const struct pki_id *issuer);
void pki_free(struct pki_id *id);
struct bytes pki_der(struct arena *a, const struct pki_id *id);

/* The usual set: CA with CA:TRUE and key usage, leaf for code signing. */
extern const struct pki_extension pki_ca[], pki_leaf[];
#define PKI_CA_COUNT   4
#define PKI_LEAF_COUNT 5

/* The file NAME below the shared folder, in A; {NULL, 0} when it is not there. */
struct bytes pki_shared(struct arena *a, const char *name);

/* Call EACH on every file of DIRECTORY of the shared folder whose name ends in SUFFIX; how many there were. */
size_t pki_each(struct arena *a, const char *directory, const char *suffix,
                void (*each)(struct arena *a, const char *name, struct bytes content));

#endif
