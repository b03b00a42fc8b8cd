/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Trust: the CMS signature of one slice: it covers the directory of slot 0, lists exactly the directories present, its
 * chain holds at the right time, and the team is the leaf's (static-validation.md §5).
 */
#include "crypto/timestamp.h"
#include "format/plist.h"
#include "seal/core.h"

struct trusting {
    struct core *c;
    struct signature *sig;
    struct place at;
    struct cms cms;
    struct timestamp stamp;
    bool good;
};

static void refuse(struct trusting *t, enum finding_id id, const char *why)
{
    finding_add(t->c->f, id, t->at, why ? "%s" : NULL, why);
    t->good = false;
}

/* -- attributes 9.1 and 9.2 against the directories (§5.3) */

static bool plist_lists_directories(const struct trusting *t, const struct value *hashes)
{
    const struct signature *sig = t->sig;
    if (!value_is(hashes, VALUE_ARRAY) || hashes->count != sig->directory_count)
        return false;
    for (size_t i = 0; i < sig->directory_count; i++) {
        const struct codedir *cd = &sig->directories[i];
        if (cd->cdhash_full_size == 0 || !value_is(hashes->items[i], VALUE_DATA) ||
            !bytes_equal(hashes->items[i]->bytes, bytes_of(cd->cdhash, sizeof cd->cdhash)))
            return false;
    }
    return true;
}

static void check_plist_attribute(struct trusting *t)
{
    struct bytes raw;
    if (!cms_cdhashes_plist(t->c->a, &t->cms, &raw))
        return;
    const struct value *plist = raw.n ? plist_parse(t->c->a, raw, NULL) : NULL;
    if (!plist_lists_directories(t, value_get(plist, "cdhashes")))
        refuse(t, FINDING_CMS_CDHASHES,
               "attribute 1.2.840.113635.100.9.1 does not list the directories present");
    t->sig->directories_listed = true;
}

static enum oid_id digest_oid(uint8_t hash_type)
{
    switch (hash_type) {
    case DIGEST_SHA1: return OID_SHA1;
    case DIGEST_SHA256:
    case DIGEST_SHA256_TRUNCATED: return OID_SHA256;
    case DIGEST_SHA384: return OID_SHA384;
    default: return OID_UNKNOWN;
    }
}

/* The list is a dictionary by digest algorithm, so that SHA-256 and truncated SHA-256 cannot both be in it (§5.3). */
static bool lists_directory(const struct cms_cdhash_vec *list, const struct codedir *cd)
{
    uint8_t full[DIGEST_MAX];
    enum digest_type type =
        cd->hash_type == DIGEST_SHA256_TRUNCATED ? DIGEST_SHA256 : cd->hash_type;
    size_t n = digest_of(type, cd->blob, full);
    for (size_t i = list->n; i-- > 0;)
        if (list->at[i].algorithm == digest_oid(cd->hash_type))
            return bytes_equal(list->at[i].digest, bytes_of(full, n));
    return false;
}

static void check_list_attribute(struct trusting *t)
{
    struct cms_cdhash_vec list = {0};
    bool present;
    if (!cms_cdhashes(t->c->a, &t->cms, &present, &list)) {
        refuse(t, FINDING_CMS_CDHASHES_DECODE, "attribute 1.2.840.113635.100.9.2 does not decode");
        return;
    }
    if (!present)
        return;
    t->sig->directories_listed = true;
    bool same = list.n == t->sig->directory_count;
    for (size_t i = 0; i < t->sig->directory_count; i++)
        if (digest_oid(t->sig->directories[i].hash_type) != OID_UNKNOWN)
            same &= lists_directory(&list, &t->sig->directories[i]);
    if (!same)
        refuse(t, FINDING_CMS_CDHASHES,
               arena_printf(
                   t->c->a,
                   "attribute 1.2.840.113635.100.9.2 lists %zu directories, %zu are present%s",
                   list.n, t->sig->directory_count,
                   list.n == t->sig->directory_count ? ", with other hashes" : ""));
}

/* -- the chain */

static int64_t verify_date(const struct trusting *t)
{
    if (t->stamp.when != WHEN_NONE)
        return t->stamp.when;
    int64_t signing = cms_signing_time(&t->cms);
    return signing != WHEN_NONE ? signing : t->c->options->now;
}

/* Expired or not yet valid without a stamp is remembered, not refused, unless asked to (§5.5). */
static bool dates_tolerated(const struct trusting *t, const struct chain *chain)
{
    bool expired = chain->fault == CHAIN_EXPIRED, early = chain->fault == CHAIN_NOT_YET_VALID;
    if (!(expired || early) || t->stamp.when != WHEN_NONE)
        return false;
    return !expired ||
           (!t->c->options->check_expiration && !(t->sig->chosen->flags & CD_FLAG_EXPIRES));
}

static void set_chain(struct trusting *t, const struct chain *chain)
{
    struct signature *sig = t->sig;
    sig->chain = chain->certs;
    sig->chain_count = chain->n;
    sig->anchor = chain->anchor == ANCHOR_TEST && !t->c->options->allow_test_root ? ANCHOR_NONE
                                                                                  : chain->anchor;
    sig->signer = signer_kind_of(chain->certs, chain->n, sig->anchor);
}

/* The team of an Apple developer chain must be the leaf's unit (§5.6 rule 1). */
static void check_team(struct trusting *t)
{
    const struct signature *sig = t->sig;
    const char *team = sig->chosen->team;
    const char *unit = t->cms.signer->first_unit;
    if (!team || !signer_is_developer(sig->chain, sig->chain_count, sig->anchor))
        return;
    if (!bytes_utf8(bytes_str(team)))
        refuse(t, FINDING_TEAM_ENCODING, NULL);
    else if (unit && !bytes_equal(bytes_str(unit), bytes_str(team)))
        refuse(t, FINDING_TEAM_MISMATCH,
               arena_printf(t->c->a, "the directory says %s, the leaf's unit is %s", team, unit));
}

/* Only of a chain that is otherwise trusted is a revocation told. */
static void check_revocation(struct trusting *t)
{
    struct signature *sig = t->sig;
    const struct code_options *o = t->c->options;
    sig->revocation =
        revocation_check(t->c->a, o->store ? &o->store->records : NULL, sig->chain,
                         sig->chain_count, (struct revocation_times){o->now, t->stamp.when});
    if (o->check_revocation && sig->chain_trusted && sig->revocation.status == REVOCATION_REVOKED)
        refuse(t, FINDING_CHAIN_REVOKED, sig->revocation.why);
}

/* Where any root will do, a Mac does not ask whose it is. */
static void check_root(struct trusting *t, const struct chain *chain)
{
    if (t->c->options->trust != TRUST_APPLE || !t->sig->chain_trusted || chain->given ||
        t->sig->anchor != ANCHOR_NONE)
        return;
    t->sig->chain_trusted = false;
    refuse(t, FINDING_CHAIN_UNTRUSTED,
           arena_printf(t->c->a, "its root %s is none that a Mac trusts",
                        chain->certs[chain->n - 1]->common_name));
}

static void check_chain(struct trusting *t)
{
    struct chain chain;
    struct chain_options options = {.purpose = CHAIN_FOR_CODE,
                                    .when = verify_date(t),
                                    .store = t->c->options->store,
                                    .test_root = t->c->options->allow_test_root};
    chain_build(t->c->a, t->cms.signer, &t->cms.certs, &options, &chain);
    set_chain(t, &chain);
    check_team(t); /* before the verdict on the chain */
    t->sig->chain_trusted = chain.fault == CHAIN_GOOD || dates_tolerated(t, &chain);
    if (!t->sig->chain_trusted && t->c->options->trust != TRUST_NONE)
        refuse(t, chain_fault_finding(chain.fault), chain.why);
    check_root(t, &chain);
    check_revocation(t);
}

static void check_stamp(struct trusting *t)
{
    t->sig->has_timestamp_token = t->stamp.tokens != 0;
    t->sig->timestamp = t->stamp.when;
    if (t->stamp.present && t->stamp.fault != FINDING_NONE)
        refuse(t, t->stamp.fault, t->stamp.why);
}

/* Apple's code wants a token that carries Apple's root (§5.6 rule 2). */
static void check_stamp_root(struct trusting *t)
{
    bool apple = t->sig->anchor != ANCHOR_NONE;
    if (t->stamp.when != WHEN_NONE && apple && !t->stamp.carries_apple_root)
        refuse(t, FINDING_TIMESTAMP_ROOT, "the token carries no Apple root");
}

/* Digest, attributes and signature of the CMS itself. */
static bool check_signature(struct trusting *t)
{
    const char *why;
    if (t->cms.has_content && t->cms.content.n != 0) {
        refuse(t, FINDING_CMS_CONTENT_EMBEDDED, NULL);
        return false;
    }
    enum cms_fault fault = cms_check(t->c->a, &t->cms, t->sig->primary->blob, OID_CMS_DATA, &why);
    if (fault != CMS_GOOD)
        refuse(t, cms_fault_finding(fault), why);
    return fault == CMS_GOOD;
}

bool trust_decodes(struct core *c, struct bytes blob)
{
    struct trusting t = {.c = c, .at = c->at, .good = true};
    const char *why;
    t.at.slot = SLOT_CMS;
    if (!cms_parse(c->a, blob, &t.cms, &why) && !t.cms.incomplete)
        refuse(&t, FINDING_CMS_DECODE, why);
    return t.good;
}

bool trust_check(struct core *c, struct signature *sig, struct bytes cms)
{
    struct trusting t = {.c = c, .sig = sig, .at = c->at, .good = true};
    const char *why;
    t.at.slot = SLOT_CMS;
    if (!cms_parse(c->a, cms, &t.cms, &why)) {
        refuse(&t, FINDING_CMS_DECODE, why);
        return false;
    }
    sig->signing_time = cms_signing_time(&t.cms);
    timestamp_check(c->a, &t.cms,
                    &(struct timestamp_options){.test_root = c->options->allow_test_root,
                                                .store = c->options->store,
                                                .now = c->options->now},
                    &t.stamp);
    check_signature(&t);
    check_stamp(&t);
    check_plist_attribute(&t);
    check_list_attribute(&t);
    sig->cms_valid = t.good;
    if (t.cms.signer) {
        check_chain(&t);
        check_stamp_root(&t);
    }
    return t.good;
}
