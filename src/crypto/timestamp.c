/* SPDX-License-Identifier: Apache-2.0 */
/* Time stamp: see timestamp.h. */
#include "crypto/timestamp.h"

#include "base/arena.h"
#include "base/der.h"
#include "crypto/verify.h"

#define GEN_TIME_LENGTH 15 /* YYYYMMDDhhmmssZ, no fraction */

struct tst_info {
    enum oid_id digest;
    struct bytes imprint, gen_time;
};

/* TSTInfo: SEQUENCE { version, policy, messageImprint { algorithm, digest }, serial, genTime, … } */
static bool read_tst_info(struct bytes content, struct tst_info *out)
{
    struct cursor c = cursor_of(content, 0), imprint, algorithm;
    struct der seq, d, oid;
    if (!der_expect(&c, DER_UNIVERSAL, DER_SEQUENCE, &seq))
        return false;
    c = der_inside(&seq);
    if (!der_expect(&c, DER_UNIVERSAL, DER_INTEGER, &d) ||
        !der_expect(&c, DER_UNIVERSAL, DER_OID, &d) ||
        !der_expect(&c, DER_UNIVERSAL, DER_SEQUENCE, &d))
        return false;
    imprint = der_inside(&d);
    if (!der_expect(&imprint, DER_UNIVERSAL, DER_SEQUENCE, &d))
        return false;
    algorithm = der_inside(&d);
    if (!der_expect(&algorithm, DER_UNIVERSAL, DER_OID, &oid) ||
        !der_expect(&imprint, DER_UNIVERSAL, DER_OCTET_STRING, &d))
        return false;
    out->digest = oid_find(oid.content);
    out->imprint = d.content;
    if (!der_expect(&c, DER_UNIVERSAL, DER_INTEGER, &d) ||
        !der_expect(&c, DER_UNIVERSAL, DER_GENERALIZED, &d))
        return false;
    out->gen_time = d.content;
    return true;
}

static void bad(struct timestamp *out, enum finding_id fault, const char *why)
{
    out->fault = fault;
    out->why = why;
}

static bool imprint_matches(struct arena *a, const struct tst_info *info, struct bytes signature)
{
    enum digest_type type = algorithm_digest(info->digest);
    if (type != DIGEST_SHA1 && type != DIGEST_SHA256)
        return false;
    return bytes_equal(digest_bytes(a, type, signature), info->imprint);
}

static bool is_system_root(enum anchor anchor, bool test_root)
{
    return anchor != ANCHOR_NONE && (anchor != ANCHOR_TEST || test_root);
}

/*
 * A stamp made before its authority was revoked for a harmless reason stays good.
 * ASSUMPTION(revocation-stamp): silence says nothing against it.
 */
static void check_revocation(struct arena *a, const struct timestamp_options *o,
                             struct timestamp *out)
{
    struct revocation r =
        revocation_check(a, o->store ? &o->store->records : NULL, out->chain.certs, out->chain.n,
                         (struct revocation_times){o->now, out->when});
    if (r.status == REVOCATION_REVOKED)
        bad(out, FINDING_TIMESTAMP_UNTRUSTED, r.why);
}

/* The authority's chain must end in a root the system trusts: Apple's, offline, or one that was given. */
static void check_authority(struct arena *a, const struct cms *token,
                            const struct timestamp_options *o, struct timestamp *out)
{
    struct chain_options options = {.purpose = CHAIN_FOR_TIMESTAMP,
                                    .when = out->when,
                                    .store = o->store,
                                    .test_root = o->test_root};
    chain_build(a, token->signer, &token->certs, &options, &out->chain);
    bool dates = out->chain.fault == CHAIN_EXPIRED || out->chain.fault == CHAIN_NOT_YET_VALID;
    if (out->chain.fault != CHAIN_GOOD && !(dates && out->chain.at != 0)) {
        bad(out, dates ? FINDING_TIMESTAMP_INVALID : FINDING_TIMESTAMP_UNTRUSTED, out->chain.why);
        return;
    }
    if (!out->chain.given && !is_system_root(out->chain.anchor, o->test_root))
        bad(out, FINDING_TIMESTAMP_UNTRUSTED, "the authority's root is none that a Mac trusts");
    else
        check_revocation(a, o, out);
}

static void note_roots(const struct cms *token, bool test_root, struct timestamp *out)
{
    out->carries_certs = token->certs.n != 0;
    for (size_t i = 0; i < token->certs.n; i++)
        out->carries_apple_root |= is_system_root(cert_anchor(token->certs.at[i]), test_root);
}

static void check_token(struct arena *a, const struct cms *cms, struct bytes value,
                        const struct timestamp_options *o, struct timestamp *out)
{
    struct cms token;
    struct tst_info info;
    const char *why;

    if (!cms_parse(a, value, &token, &why)) {
        bad(out, FINDING_TIMESTAMP_INVALID, why);
        return;
    }
    note_roots(&token, o->test_root, out);
    if (!oid_is(token.content_type, OID_TST_INFO) || !token.has_content ||
        !read_tst_info(token.content, &info)) {
        bad(out, FINDING_TIMESTAMP_INVALID, "it holds no TSTInfo");
        return;
    }
    if (cms_check(a, &token, token.content, OID_TST_INFO, &why) != CMS_GOOD) {
        bad(out, FINDING_TIMESTAMP_INVALID, why);
        return;
    }
    if (token.unsigned_attributes.n != 0) {
        bad(out, FINDING_TIMESTAMP_INVALID, "the token has unsigned attributes of its own");
        return;
    }
    if (!imprint_matches(a, &info, cms->signature)) {
        bad(out, FINDING_TIMESTAMP_INVALID,
            "its imprint is not the SHA-1 or SHA-256 of this signature");
        return;
    }
    if (info.gen_time.n != GEN_TIME_LENGTH || !when_parse_generalized(info.gen_time, &out->when)) {
        out->when = WHEN_NONE;
        bad(out, FINDING_TIMESTAMP_INVALID, "its time is not of the form YYYYMMDDhhmmssZ");
        return;
    }
    check_authority(a, &token, o, out);
    if (out->fault != FINDING_NONE)
        out->when = WHEN_NONE;
}

void timestamp_check(struct arena *a, const struct cms *cms,
                     const struct timestamp_options *options, struct timestamp *out)
{
    *out = (struct timestamp){.when = WHEN_NONE, .present = cms->unsigned_attributes.n != 0};
    struct bytes value =
        cms_attribute_value(&cms->unsigned_attributes, OID_CMS_TIMESTAMP_TOKEN, &out->tokens);
    if (!out->present)
        return;
    if (out->tokens == 1)
        check_token(a, cms, value, options, out);
    else
        bad(out, FINDING_CMS_UNSIGNED_ATTRIBUTE,
            out->tokens ? "there are several time-stamp tokens, one is required"
                        : "there is no time-stamp token");
}
