/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Known: Apple's public roots and intermediates as facts (apple_certs.def): fingerprints, names, keys, markers. A certificate
 * is recognised by its fingerprint; one that a signature does not carry is stood in for by what is known of it, which
 * suffices to verify what it signed. Such a stand-in has no bytes (`der.n` is 0) and nothing that could be verified itself.
 */
#ifndef DS_CRYPTO_KNOWN_H
#define DS_CRYPTO_KNOWN_H

#include "crypto/x509.h"

/* C is one of them; by fingerprint, also for stand-ins. */
bool cert_is_known(const struct cert *c);

/* A stand-in for each whose subject is C's issuer: the first from number *AT on; NULL when there is none left. */
const struct cert *known_issuer(struct arena *a, const struct cert *c, size_t *at);

static inline bool cert_is_stand_in(const struct cert *c)
{
    return c->der.n == 0;
}

#endif
