/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The built-in test root. The forge derives its key from a fixed seed and signs with it what a case
 * describes; the readers know it by the SHA-256 of its SubjectPublicKeyInfo. Its private key is public by
 * nature, so it stands in for an Apple root only where the caller says that the input was forged
 * (static-validation.md §5.8).
 */
#ifndef DS_CRYPTO_TEST_ROOT_H
#define DS_CRYPTO_TEST_ROOT_H

#define TEST_ROOT_NAME "dryseal Test Root"

/* Lower-case hex; all zero: no such root is built in yet. */
#define TEST_ROOT_SPKI_SHA256 "0000000000000000000000000000000000000000000000000000000000000000"

#endif
