/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Trust file: a file of certificates, of lists of revoked ones, or of OCSP responses, as PEM (RFC 7468) or DER, into a
 * trust store.
 */
#ifndef DS_FORMAT_TRUST_FILE_H
#define DS_FORMAT_TRUST_FILE_H

#include "crypto/store.h"

enum trust_file {
    TRUST_CERTIFICATES, /* to complete chains with */
    TRUST_ROOTS,
    TRUST_CRLS,
    TRUST_OCSP,
};

/* Add what FILE holds to STORE; false with *WHY when it holds nothing of that kind, or something that does not parse. */
bool trust_file_read(struct arena *a, enum trust_file kind, struct bytes file,
                     struct trust_store *store, const char **why);

#endif
