/* SPDX-License-Identifier: Apache-2.0 */
/* Chain: see chain.h. */
#include "crypto/chain.h"

#include "base/arena.h"
#include "base/cursor.h"
#include "base/der.h"
#include "base/limits.h"
#include "crypto/known.h"
#include "crypto/test_root.h"
#include "crypto/verify.h"

/* -- one link */

/* Both places that name the algorithm must agree (RFC 5280 §4.1.1.2). */
static enum verify_result check_link(const struct cert *c, const struct cert *issuer)
{
    if (!bytes_equal(c->signature_algorithm, c->inner_algorithm))
        return VERIFY_BAD;
    return signature_verify_named(issuer->spki, c->signature_algorithm, c->tbs, c->signature);
}

/* Who issued a certificate of which only facts are known is one of these facts: there is no signature to verify. */
static bool signed_by(const struct cert *c, const struct cert *issuer)
{
    if (cert_is_stand_in(c))
        return cert_is_known(issuer);
    return check_link(c, issuer) == VERIFY_GOOD;
}

/* ASSUMPTION(root-md2): a root signed by an algorithm of the 1990s is still taken for self-signed. */
static bool signs_itself(const struct cert *root)
{
    enum verify_result result = root->tbs.n ? check_link(root, root) : VERIFY_GOOD;
    return result == VERIFY_GOOD || result == VERIFY_UNSUPPORTED;
}

static bool may_be_issuer(const struct cert *c, const struct cert *issuer)
{
    if (!bytes_equal(c->issuer, issuer->subject))
        return false;
    return c->authority_key_id.n == 0 || issuer->subject_key_id.n == 0 ||
           bytes_equal(c->authority_key_id, issuer->subject_key_id);
}

/* An issuer of C in BAG whose signature holds; one whose signature does not is remembered in *BAD. */
static const struct cert *issuer_in(const struct cert *c, const struct cms_cert_vec *bag, bool *bad)
{
    for (size_t i = 0; bag && i < bag->n; i++) {
        const struct cert *candidate = bag->at[i];
        if (candidate == c || !may_be_issuer(c, candidate))
            continue;
        if (signed_by(c, candidate))
            return candidate;
        *bad = true;
    }
    return NULL;
}

/*
 * ASSUMPTION(known-intermediate): Apple's intermediates are completed like its roots, unless one is carried, and damaged.
 */
static const struct cert *issuer_known(struct arena *a, const struct cert *c, bool *bad)
{
    const struct cert *issuer;
    const bool damaged = *bad;
    for (size_t at = 0; (issuer = known_issuer(a, c, &at));) {
        if (!may_be_issuer(c, issuer) || (damaged && !cert_self_issued(issuer)))
            continue;
        if (signed_by(c, issuer))
            return issuer;
        *bad = true;
    }
    return NULL;
}

/* The test root signs under the names of all of Apple's, so C's issuer says which one it would be. */
static const struct cert *issuer_test(struct arena *a, const struct cert *c)
{
    struct cert *root = arena_new_of(a, struct cert);
    root->subject = root->issuer = c->issuer;
    bytes_unhex(a, bytes_str(TEST_ROOT_SPKI), &root->spki);
    root->has_basic_constraints = root->is_ca = true;
    root->path_length = -1;
    root->not_before = root->not_after = WHEN_NONE;
    cert_read_subject(a, root);
    return signed_by(c, root) ? root : NULL;
}

/* An issuer that the signature does not carry: given, known, or the test root. */
static const struct cert *issuer_outside(struct arena *a, const struct cert *c,
                                         const struct chain_options *o, bool *bad)
{
    const struct cert *issuer = o->store ? issuer_in(c, &o->store->certs, bad) : NULL;
    if (!issuer && o->store)
        issuer = issuer_in(c, &o->store->roots, bad);
    if (!issuer)
        issuer = issuer_known(a, c, bad);
    if (!issuer && o->test_root)
        issuer = issuer_test(a, c);
    return issuer;
}

static bool is_given(const struct trust_store *store, const struct cert *root)
{
    for (size_t i = 0; store && i < store->roots.n; i++)
        if (bytes_equal(store->roots.at[i]->spki, root->spki) &&
            bytes_equal(store->roots.at[i]->subject, root->subject))
            return true;
    return false;
}

/* -- faults */

static void set_fault(struct chain *out, enum chain_fault fault, size_t at, const char *why)
{
    if (out->fault != CHAIN_GOOD)
        return;
    out->fault = fault;
    out->at = at;
    out->why = why;
}

#define EMPTY_NAME 2 /* bytes of a Name without parts */

static bool critical_known(struct bytes oid)
{
    static const enum oid_id known[] = {
        OID_BASIC_CONSTRAINTS, OID_KEY_USAGE,        OID_EXT_KEY_USAGE,   OID_CERT_POLICIES,
        OID_SUBJECT_KEY_ID,    OID_AUTHORITY_KEY_ID, OID_SUBJECT_ALT_NAME};
    static const uint8_t apple[] = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x63, 0x64};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (oid_is(oid, known[i]))
            return true;
    return bytes_starts(oid, bytes_of(apple, sizeof apple));
}

static void check_extensions(struct chain *out, size_t at)
{
    const struct cert *c = out->certs[at];
    if (c->extensions_odd)
        set_fault(out, CHAIN_BAD_EXTENSION, at, "an extension does not parse, or is there twice");
    if (c->subject.n == EMPTY_NAME && !cert_has_marker(c, OID_SUBJECT_ALT_NAME))
        set_fault(out, CHAIN_BAD_EXTENSION, at, "a certificate names nobody");
    for (size_t i = 0; i < c->extensions.n; i++)
        if (c->extensions.at[i].critical && !critical_known(c->extensions.at[i].oid))
            set_fault(out, CHAIN_BAD_EXTENSION, at, "a critical extension that nothing knows");
}

/* ASSUMPTION(key-strength): the shortest keys that any system of the last years takes. */
#define LEAST_RSA_BITS   1024
#define LEAST_CURVE_BITS 192

static void check_key(struct chain *out, size_t at)
{
    struct cert_key key = cert_key_of(out->certs[at]);
    unsigned least = key.algorithm == OID_RSA ? LEAST_RSA_BITS : LEAST_CURVE_BITS;
    if (key.bits && key.bits < least)
        set_fault(out, CHAIN_BAD_LINK, at, "a key is too short to be trusted");
}

/* Certificate AT (not the leaf) as an issuer: a CA, with room below it. */
static void check_issuer(struct chain *out, size_t at)
{
    const struct cert *c = out->certs[at];
    if (c->has_basic_constraints ? !c->is_ca : at + 1 != out->n)
        set_fault(out, CHAIN_BAD_LINK, at, "an issuer is no certificate authority");
    if (c->path_length >= 0 && (uint64_t)c->path_length < at - 1)
        set_fault(out, CHAIN_BAD_LINK, at, "the chain is longer than an issuer allows");
    if (c->has_key_usage && !(c->key_usage & 1u << 5))
        set_fault(out, CHAIN_BAD_LINK, at, "an issuer's key may not sign certificates");
}

static void check_leaf(struct chain *out, enum chain_purpose purpose)
{
    const struct cert *leaf = out->certs[0];
    if (purpose == CHAIN_FOR_ANY)
        return;
    if (leaf->has_key_usage && !(leaf->key_usage & 3u))
        set_fault(out, CHAIN_BAD_USAGE, 0, "the key usage allows no signatures");
    if (purpose == CHAIN_FOR_CODE && !cert_has_usage(leaf, OID_EKU_CODE_SIGNING))
        set_fault(out, CHAIN_BAD_USAGE, 0,
                  "the leaf lacks the code signing usage 1.3.6.1.5.5.7.3.3");
    if (purpose == CHAIN_FOR_TIMESTAMP && !cert_has_usage(leaf, OID_EKU_TIME_STAMPING))
        set_fault(out, CHAIN_BAD_USAGE, 0,
                  "the leaf lacks the time stamping usage 1.3.6.1.5.5.7.3.8");
}

static void check_dates(struct arena *a, struct chain *out, int64_t when)
{
    for (size_t i = 0; i < out->n && when != WHEN_NONE; i++) {
        const struct cert *c = out->certs[i];
        if (c->not_after != WHEN_NONE && when > c->not_after)
            set_fault(out, CHAIN_EXPIRED, i,
                      arena_printf(a, "%s was valid until %s, looked at on %s", c->common_name,
                                   when_iso(a, c->not_after), when_iso(a, when)));
        if (c->not_before != WHEN_NONE && when < c->not_before)
            set_fault(out, CHAIN_NOT_YET_VALID, i,
                      arena_printf(a, "%s is valid from %s, looked at on %s", c->common_name,
                                   when_iso(a, c->not_before), when_iso(a, when)));
    }
}

/* -- building */

static void climb(struct arena *a, const struct cms_cert_vec *bag, const struct chain_options *o,
                  struct chain *out)
{
    while (out->n < LIMIT_CERTS) {
        const struct cert *c = out->certs[out->n - 1], *issuer;
        bool bad = false;
        if (cert_self_issued(c)) {
            if (!signs_itself(c))
                set_fault(out, CHAIN_BAD_LINK, out->n - 1, "a root does not sign itself");
            return;
        }
        issuer = issuer_in(c, bag, &bad);
        if (!issuer) {
            issuer = issuer_outside(a, c, o, &bad);
            out->completed |= issuer != NULL;
        }
        if (!issuer) {
            set_fault(
                out, bad ? CHAIN_BAD_LINK : CHAIN_NO_ROOT, out->n - 1,
                bad ? arena_printf(a, "the issuer's signature on %s does not hold", c->common_name)
                    : arena_printf(a, "the issuer of %s is not there", c->common_name));
            return;
        }
        out->certs[out->n++] = issuer;
    }
    set_fault(out, CHAIN_BAD_LINK, out->n - 1, "the chain does not end");
}

void chain_build(struct arena *a, const struct cert *leaf, const struct cms_cert_vec *bag,
                 const struct chain_options *options, struct chain *out)
{
    *out = (struct chain){.certs = arena_array(a, LIMIT_CERTS, const struct cert *)};
    out->certs[out->n++] = leaf;
    climb(a, bag, options, out);
    if (cert_self_issued(out->certs[out->n - 1]))
        out->anchor = cert_anchor(out->certs[out->n - 1]);
    out->given = is_given(options->store, out->certs[out->n - 1]);
    for (size_t i = 0; i < out->n; i++) {
        check_extensions(out, i);
        check_key(out, i);
        if (i > 0)
            check_issuer(out, i);
    }
    check_leaf(out, options->purpose);
    check_dates(a, out, options->when);
}

enum finding_id chain_fault_finding(enum chain_fault fault)
{
    static const enum finding_id id[] = {
        [CHAIN_GOOD] = FINDING_NONE,
        [CHAIN_NO_ROOT] = FINDING_CHAIN_UNTRUSTED,
        [CHAIN_BAD_LINK] = FINDING_CHAIN_UNTRUSTED,
        [CHAIN_BAD_EXTENSION] = FINDING_CHAIN_UNTRUSTED,
        [CHAIN_BAD_USAGE] = FINDING_CHAIN_NOT_CODESIGNING,
        [CHAIN_EXPIRED] = FINDING_CHAIN_EXPIRED,
        [CHAIN_NOT_YET_VALID] = FINDING_CHAIN_NOT_YET_VALID,
    };
    return id[fault];
}
