/* SPDX-License-Identifier: Apache-2.0 */
/* Trust file: see trust_file.h. */
#include "format/trust_file.h"

#include "base/arena.h"
#include "format/base64.h"

#define PEM_BEGIN "-----BEGIN "
#define PEM_END   "-----END "
#define PEM_TAIL  "-----"

/* The offset of WORD in TEXT from FROM on; TEXT.n when it is not there. */
static size_t find(struct bytes text, size_t from, const char *word)
{
    struct bytes w = bytes_str(word);
    for (size_t i = from; i + w.n <= text.n; i++)
        if (memcmp(text.p + i, w.p, w.n) == 0)
            return i;
    return text.n;
}

/* "-----BEGIN LABEL-----" base64 "-----END LABEL-----", from *AT on; false when no block labelled LABEL follows. */
static bool next_block(struct bytes text, size_t *at, const char *label, struct bytes *body)
{
    for (;;) {
        size_t begin = find(text, *at, PEM_BEGIN);
        size_t name = begin + sizeof PEM_BEGIN - 1;
        if (begin == text.n)
            return false;
        size_t tail = find(text, name, PEM_TAIL), start = tail + sizeof PEM_TAIL - 1;
        size_t end = find(text, tail, PEM_END);
        if (end == text.n || start > end)
            return false;
        *at = end + sizeof PEM_END - 1;
        if (!bytes_is(bytes_of(text.p + name, tail - name), label))
            continue;
        *body = bytes_of(text.p + start, end - start);
        return true;
    }
}

/* -- one document each */

static bool add_cert(struct arena *a, struct bytes der, struct cms_cert_vec *to, const char **why)
{
    struct cert *cert = arena_new_of(a, struct cert);
    if (!cert_parse(a, der, cert)) {
        *why = "it holds something that is no certificate";
        return false;
    }
    vec_push(a, to, cert);
    return true;
}

static bool add_crl(struct arena *a, struct bytes der, struct trust_store *store, const char **why)
{
    struct crl *crl = arena_new_of(a, struct crl);
    if (!crl_parse(a, der, crl, why))
        return false;
    vec_push(a, &store->records.crls, crl);
    return true;
}

static bool add_ocsp(struct arena *a, struct bytes der, struct trust_store *store, const char **why)
{
    struct ocsp *ocsp = arena_new_of(a, struct ocsp);
    if (!ocsp_parse(a, der, ocsp, why))
        return false;
    vec_push(a, &store->records.ocsps, ocsp);
    return true;
}

static bool add(struct arena *a, enum trust_file kind, struct bytes der, struct trust_store *store,
                const char **why)
{
    switch (kind) {
    case TRUST_CERTIFICATES: return add_cert(a, der, &store->certs, why);
    case TRUST_ROOTS: return add_cert(a, der, &store->roots, why);
    case TRUST_CRLS: return add_crl(a, der, store, why);
    case TRUST_OCSP: return add_ocsp(a, der, store, why);
    }
    return false;
}

bool trust_file_read(struct arena *a, enum trust_file kind, struct bytes file,
                     struct trust_store *store, const char **why)
{
    static const char *const labels[] = {[TRUST_CERTIFICATES] = "CERTIFICATE",
                                         [TRUST_ROOTS] = "CERTIFICATE",
                                         [TRUST_CRLS] = "X509 CRL",
                                         [TRUST_OCSP] = "OCSP RESPONSE"};
    struct bytes body, der;
    size_t at = 0, found = 0;
    *why = NULL;
    if (find(file, 0, PEM_BEGIN) == file.n)
        return add(a, kind, file, store, why);
    for (; next_block(file, &at, labels[kind], &body); found++) {
        if (!base64_decode(a, body, &der)) {
            *why = "it holds something that is no base64";
            return false;
        }
        if (!add(a, kind, der, store, why))
            return false;
    }
    if (!found)
        *why = arena_printf(a, "it holds no block \"%s\"", labels[kind]);
    return found != 0;
}
