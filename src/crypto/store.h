/* SPDX-License-Identifier: Apache-2.0 */
/* Store: what somebody handed over beside the code, and all that chains may use of the outside (static-validation.md §5.8). */
#ifndef DS_CRYPTO_STORE_H
#define DS_CRYPTO_STORE_H

#include "crypto/revocation.h"

struct trust_store {
    struct cms_cert_vec certs; /* to complete chains with: candidates, and no more */
    struct cms_cert_vec roots; /* the imagined Mac trusts these as it trusts Apple's */
    struct revocation_records records;
};

#endif
