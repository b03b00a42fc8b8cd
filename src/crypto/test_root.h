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

/* The key itself, with which chains of time stamps that do not carry the root are completed. */
#define TEST_ROOT_SPKI                                                                       \
    "30820122300d06092a864886f70d01010105000382010f003082010a0282010100d160445dd3e45e4d674c" \
    "5f364da5d8376c1c67fd3f8ecdbcd5b944a5132a0e2209e0ec7469ebfad7376ee5e7d24b1005d3e192aa6e" \
    "fedf880edc159b761ad7ac3ee468c48af544250bab1a16fcf4c80f54bf49df9557ccfbe4f11452dd9b2d2a" \
    "a89fe90861472f888a4c9f8a42c99bbb2e3e20ce8d9851e052b174a18a44bc6f668fe7061332ffe583a9c7" \
    "8c8c89a9083065d2953bfe03baf72e91b807e3b7c186e54bea908753c5cdde6f53a06dc6e98c170543b130" \
    "fee53bcc94856e55e413fce27cd269228b6713973b33983f24a06f8ab419fb36bc9d182719948878ceb28b" \
    "0b1a0fd4db456709edf49b4d8a05d7d62e43c27336155bb5406cb2f94d6f090203010001"

#endif
