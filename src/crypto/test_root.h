/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The built-in test root. The forge (forge/test_keys.def) signs with it what a case describes; the readers know it by the
 * SHA-256 of its SubjectPublicKeyInfo. Its private key is public by nature, so it stands in for an Apple root only where
 * the caller says that the input was forged (static-validation.md §5.8).
 */
#ifndef DS_CRYPTO_TEST_ROOT_H
#define DS_CRYPTO_TEST_ROOT_H

#define TEST_ROOT_NAME "dryseal Test Root"

/* Lower-case hex, of the key ROOT in forge/test_keys.def. */
#define TEST_ROOT_SPKI_SHA256 "66a5487a5882b578a237a4098cdfff40d01803543e1e8cf77a7f49867d922188"

#endif
