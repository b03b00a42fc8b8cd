/* SPDX-License-Identifier: Apache-2.0 */
/* Anchors and signers: see signer.h. */
#include "crypto/signer.h"

#include <string.h>

#include "crypto/digest.h"
#include "crypto/test_root.h"
#include "crypto/x509.h"

#define APPLE_CODE_CA "Apple Code Signing Certification Authority"

static const struct {
    const char *name, *sha256;
} anchors[] = {
    [ANCHOR_NONE] = {"none", ""},
#define ANCHOR(id, name, sha256, sha1) [ANCHOR_##id] = {name, sha256},
#include "crypto/anchors.def"
#undef ANCHOR
    [ANCHOR_TEST] = {TEST_ROOT_NAME, ""},
};

/* True when RAW (32 bytes) is what the 64 hex digits of TEXT say. */
static bool is_hex(const uint8_t raw[32], const char *text)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < 32; i++)
        if (text[2 * i] != digits[raw[i] >> 4] || text[2 * i + 1] != digits[raw[i] & 15])
            return false;
    return true;
}

enum anchor cert_anchor(const struct cert *c)
{
    uint8_t key[DIGEST_MAX];
    for (enum anchor i = ANCHOR_NONE + 1; i < ANCHOR_TEST; i++)
        if (is_hex(c->sha256, anchors[i].sha256))
            return i;
    if (digest_of(DIGEST_SHA256, c->spki, key) == 32 && is_hex(key, TEST_ROOT_SPKI_SHA256))
        return ANCHOR_TEST;
    return ANCHOR_NONE;
}

const char *anchor_name(enum anchor anchor)
{
    return anchors[anchor].name;
}

/* What must be on the leaf, and on the certificate above it (OID_UNKNOWN: nothing). The first row that fits counts. */
static const struct {
    enum oid_id leaf, above;
    enum signer_kind kind;
    bool developer; /* a row of §5.6's table */
} markers[] = {
    {OID_APPLE_TESTFLIGHT, OID_UNKNOWN, SIGNER_TESTFLIGHT, false},
    {OID_APPLE_TESTFLIGHT_TEST, OID_UNKNOWN, SIGNER_TESTFLIGHT, false},
    {OID_APPLE_MAC_STORE, OID_UNKNOWN, SIGNER_MAC_APP_STORE, false},
    {OID_APPLE_MAC_STORE_TEST, OID_UNKNOWN, SIGNER_MAC_APP_STORE, false},
    {OID_APPLE_MAC_STORE_INSTALLER, OID_UNKNOWN, SIGNER_MAC_APP_STORE, false},
    {OID_APPLE_STORE_DEV_SUBMIT, OID_UNKNOWN, SIGNER_MAC_APP_STORE, false},
    {OID_APPLE_STORE_SUBMIT_TEST, OID_UNKNOWN, SIGNER_MAC_APP_STORE, false},
    {OID_APPLE_TVOS_STORE, OID_UNKNOWN, SIGNER_MAC_APP_STORE, false},
    {OID_APPLE_TVOS_STORE_TEST, OID_UNKNOWN, SIGNER_MAC_APP_STORE, false},
    {OID_APPLE_DEVID_KEXT, OID_APPLE_DEVID_CA, SIGNER_DEVELOPER_ID_KEXT, false},
    {OID_APPLE_DEVID_APP, OID_APPLE_DEVID_CA, SIGNER_DEVELOPER_ID, true},
    {OID_APPLE_DEVID_INSTALLER, OID_APPLE_DEVID_CA, SIGNER_DEVELOPER_ID_INSTALLER, false},
    {OID_APPLE_IPHONE_DEV, OID_UNKNOWN, SIGNER_APPLE_DEVELOPMENT, true},
    {OID_APPLE_MAC_DEV, OID_UNKNOWN, SIGNER_MAC_DEVELOPMENT, true},
    {OID_APPLE_MAC_SUBMIT, OID_UNKNOWN, SIGNER_APPLE_DISTRIBUTION, true},
    {OID_APPLE_IPHONE_DIST, OID_UNKNOWN, SIGNER_APPLE_DISTRIBUTION, true},
    {OID_APPLE_MAC_SUBMIT_INSTALLER, OID_UNKNOWN, SIGNER_APPLE_DISTRIBUTION, false},
    {OID_APPLE_SOFTWARE, OID_UNKNOWN, SIGNER_APPLE, false},
    {OID_APPLE_SOFTWARE_INTERNAL, OID_UNKNOWN, SIGNER_APPLE, false},
};

#define MARKERS (sizeof markers / sizeof *markers)

static bool row_fits(size_t row, const struct cert *const *chain, size_t n)
{
    if (!cert_has_marker(chain[0], markers[row].leaf))
        return false;
    return markers[row].above == OID_UNKNOWN ||
           (n > 1 && cert_has_marker(chain[1], markers[row].above));
}

enum signer_kind signer_kind_of(const struct cert *const *chain, size_t n, enum anchor anchor)
{
    if (n == 0)
        return SIGNER_NONE;
    if (anchor == ANCHOR_NONE)
        return n == 1 && cert_self_issued(chain[0]) ? SIGNER_SELF_SIGNED : SIGNER_THIRD_PARTY;
    for (size_t i = 0; i < MARKERS; i++)
        if (row_fits(i, chain, n))
            return markers[i].kind;
    /* Before its leaves carried a marker, Apple's own code was known by the issuer (§4.6, older rule). */
    if (n > 2 && strcmp(chain[n - 2]->common_name, APPLE_CODE_CA) == 0)
        return SIGNER_APPLE;
    return SIGNER_APPLE_OTHER;
}

bool signer_is_developer(const struct cert *const *chain, size_t n, enum anchor anchor)
{
    if (n == 0 || anchor == ANCHOR_NONE)
        return false;
    for (size_t i = 0; i < MARKERS; i++)
        if (markers[i].developer && row_fits(i, chain, n))
            return true;
    return false;
}

const char *signer_kind_name(enum signer_kind kind)
{
    static const char *const names[] = {
        [SIGNER_NONE] = "none",
        [SIGNER_ADHOC] = "ad hoc",
        [SIGNER_APPLE] = "Apple",
        [SIGNER_MAC_APP_STORE] = "App Store",
        [SIGNER_TESTFLIGHT] = "TestFlight",
        [SIGNER_DEVELOPER_ID] = "Developer ID",
        [SIGNER_DEVELOPER_ID_INSTALLER] = "Developer ID Installer",
        [SIGNER_DEVELOPER_ID_KEXT] = "Developer ID (kernel extensions)",
        [SIGNER_APPLE_DEVELOPMENT] = "Apple Development",
        [SIGNER_MAC_DEVELOPMENT] = "Mac Development",
        [SIGNER_APPLE_DISTRIBUTION] = "Apple Distribution",
        [SIGNER_ENTERPRISE] = "enterprise",
        [SIGNER_APPLE_OTHER] = "Apple (other)",
        [SIGNER_SELF_SIGNED] = "self-signed",
        [SIGNER_THIRD_PARTY] = "other certificate authority",
    };
    return names[kind];
}
