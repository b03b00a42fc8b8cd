/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Key: the throwaway test keys (test_keys.def) and deterministic signatures with them: RSA PKCS#1 v1.5, and
 * ECDSA with the nonce of RFC 6979. The same input always gives the same bytes.
 */
#ifndef DS_FORGE_KEY_H
#define DS_FORGE_KEY_H

#include "base/arena.h"
#include "base/bytes.h"
#include "crypto/digest.h"

enum test_key {
#define TEST_KEY(id, private, public) KEY_##id,
#include "forge/test_keys.def"
#undef TEST_KEY
    KEY_COUNT
};

bool key_is_rsa(enum test_key key);

/* The key's SubjectPublicKeyInfo, DER. */
struct bytes key_public(struct arena *a, enum test_key key);

/* The signature of KEY over MESSAGE hashed with TYPE (SHA-1, SHA-256, SHA-384 or SHA-512); ECDSA in DER form. */
struct bytes key_sign(struct arena *a, enum test_key key, enum digest_type type,
                      struct bytes message);

#endif
