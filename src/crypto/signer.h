/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Anchors and signers: which root a chain ends in, and what kind of identity its leaf is by Apple's marker
 * extensions (requirement-language.md §4.6, launch-policy.md §6.2, static-validation.md §5.6).
 */
#ifndef DS_CRYPTO_SIGNER_H
#define DS_CRYPTO_SIGNER_H

#include <stdbool.h>
#include <stddef.h>

struct cert;

/* Which of Apple's roots, by SHA-256 (crypto/anchors.def), or the test root (crypto/test_root.h). */
enum anchor {
    ANCHOR_NONE,
#define ANCHOR(id, name, sha256, sha1) ANCHOR_##id,
#include "crypto/anchors.def"
#undef ANCHOR
    ANCHOR_TEST
};
/* ANCHOR_TEST is recognised always: whether it counts is the caller's decision (chain options). */
enum anchor cert_anchor(const struct cert *c);
/* "Apple Root CA" …; "none" for ANCHOR_NONE. */
const char *anchor_name(enum anchor anchor);

/* What kind of signer a chain is, by its markers. */
enum signer_kind {
    SIGNER_NONE, /* unsigned or no chain */
    SIGNER_ADHOC,
    SIGNER_APPLE,         /* Apple's own software signing */
    SIGNER_MAC_APP_STORE, /* re-signed by the store */
    SIGNER_TESTFLIGHT,
    SIGNER_DEVELOPER_ID,
    SIGNER_DEVELOPER_ID_INSTALLER,
    SIGNER_DEVELOPER_ID_KEXT,  /* a Developer ID that may sign kernel extensions, and all else */
    SIGNER_APPLE_DEVELOPMENT,  /* 6.1.2 */
    SIGNER_MAC_DEVELOPMENT,    /* 6.1.12 */
    SIGNER_APPLE_DISTRIBUTION, /* 6.1.7 / 6.1.4: not yet re-signed by the store */
    SIGNER_ENTERPRISE,  /* never by certificate alone: its leaf is 6.1.4 too, the profile tells */
    SIGNER_APPLE_OTHER, /* Apple root, none of the above */
    SIGNER_SELF_SIGNED,
    SIGNER_THIRD_PARTY, /* other root */
};

/*
 * The kind of CHAIN (leaf first, N certificates, the root last when it is known). ANCHOR is what its root
 * counts as: ANCHOR_NONE also for a test root that is not allowed here.
 */
enum signer_kind signer_kind_of(const struct cert *const *chain, size_t n, enum anchor anchor);
/* "Developer ID", "ad hoc" … */
const char *signer_kind_name(enum signer_kind kind);

/*
 * An Apple developer chain, whose team identifier must be the leaf's (§5.6 rule 1): iOS or Mac development,
 * Developer ID, Mac app or iPhone distribution.
 */
bool signer_is_developer(const struct cert *const *chain, size_t n, enum anchor anchor);

#endif
