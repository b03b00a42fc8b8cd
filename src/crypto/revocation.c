/* SPDX-License-Identifier: Apache-2.0 */
/* Revocation: see revocation.h. */
#include "crypto/revocation.h"

#include "base/arena.h"
#include "crypto/verify.h"

/* ASSUMPTION(revocation-no-next-update): an answer that names no next update is current for a day. */
#define LIFE_WITHOUT_END (INT64_C(24) * 3600)

#define KEY_USAGE_SIGNS      (1u << 0)
#define KEY_USAGE_SIGNS_CRLS (1u << 6)

/* One certificate, asked about. */
struct question {
    struct arena *a;
    const struct cert *cert, *issuer;
    struct revocation_times times;
    struct revocation out;
};

/* What one record says, in the terms that lists and responses share. */
struct statement {
    bool revoked;
    int64_t when, since; /* of the revocation; since when the key is in doubt, WHEN_NONE */
    int reason;
    int64_t this_update, next_update;
};

/* -- weighing a statement */

static bool is_current(const struct statement *s, int64_t now)
{
    if (now < s->this_update)
        return false;
    return now <=
           (s->next_update != WHEN_NONE ? s->next_update : s->this_update + LIFE_WITHOUT_END);
}

/* RFC 3161 §4: with these reasons, and one of them given, what was signed before stays valid. */
static bool spares_the_past(int reason)
{
    return reason == REASON_UNSPECIFIED || reason == REASON_AFFILIATION ||
           reason == REASON_SUPERSEDED || reason == REASON_CESSATION;
}

/* ASSUMPTION(revoked-after-stamp): the stamp proves that the signature is older than the revocation. */
static bool survives(const struct question *q, const struct statement *s)
{
    int64_t from = s->since != WHEN_NONE && s->since < s->when ? s->since : s->when;
    return spares_the_past(s->reason) && q->times.trusted != WHEN_NONE && q->times.trusted < from;
}

/* Keep WHY unless something better is known. */
static void leave_open(struct question *q, const char *why)
{
    if (q->out.status == REVOCATION_OPEN)
        q->out.why = why;
}

static void take_revoked(struct question *q, const struct statement *s)
{
    const char *reason = reason_name(s->reason);
    q->out.status = REVOCATION_REVOKED;
    q->out.when = s->when;
    q->out.why = arena_printf(q->a, "\"%s\" was revoked on %s%s%s", q->cert->common_name,
                              when_iso(q->a, s->when), reason ? ": " : "", reason ? reason : "");
}

/* ASSUMPTION(revocation-always): a revocation counts however old its record; only a hold may have been lifted since. */
static void take(struct question *q, const struct statement *s)
{
    bool current = is_current(s, q->times.now);
    bool lifted = s->reason == REASON_REMOVED || (s->reason == REASON_HOLD && !current);
    if (s->revoked && !lifted && !survives(q, s)) {
        take_revoked(q, s);
        return;
    }
    if (q->out.status != REVOCATION_OPEN)
        return;
    if (current && !(s->revoked && lifted))
        q->out.status = REVOCATION_GOOD;
    else
        leave_open(q, arena_printf(q->a, "what is said of \"%s\" on %s is not current on %s",
                                   q->cert->common_name, when_iso(q->a, s->this_update),
                                   when_iso(q->a, q->times.now)));
}

/* -- lists */

static bool crl_is_genuine(const struct crl *crl, const struct cert *issuer)
{
    if (issuer->has_key_usage && !(issuer->key_usage & KEY_USAGE_SIGNS_CRLS))
        return false;
    return signature_verify_named(issuer->spki, crl->algorithm, crl->tbs, crl->signature) ==
           VERIFY_GOOD;
}

static void ask_crl(struct question *q, const struct crl *crl)
{
    struct statement s = {.since = WHEN_NONE,
                          .reason = REASON_NONE,
                          .this_update = crl->this_update,
                          .next_update = crl->next_update};
    if (!bytes_equal(crl->issuer, q->cert->issuer))
        return;
    if (!crl_is_genuine(crl, q->issuer)) {
        leave_open(q, arena_printf(q->a, "a list for \"%s\" is not signed by its issuer",
                                   q->cert->common_name));
        return;
    }
    const struct crl_entry *entry = crl_find(crl, q->cert->serial);
    if (entry) {
        s.revoked = true;
        s.when = entry->when;
        s.since = entry->since;
        s.reason = entry->reason;
    } else if (crl->partial) {
        leave_open(
            q, arena_printf(q->a, "a list in part does not mention \"%s\"", q->cert->common_name));
        return;
    }
    take(q, &s);
}

/* -- responses */

/* A responder with a certificate of its own: issued directly, for this, and no authority itself (RFC 6960 §4.2.2.2). */
static bool is_delegate(const struct question *q, const struct cert *c)
{
    if (c->is_ca || c->extensions_odd || !cert_has_usage(c, OID_EKU_OCSP_SIGNING) ||
        !c->has_key_usage || !(c->key_usage & KEY_USAGE_SIGNS))
        return false;
    if (q->times.now < c->not_before || q->times.now > c->not_after)
        return false;
    return bytes_equal(c->issuer, q->issuer->subject) &&
           signature_verify_named(q->issuer->spki, c->signature_algorithm, c->tbs, c->signature) ==
               VERIFY_GOOD;
}

static bool signed_by(const struct ocsp *ocsp, const struct cert *c)
{
    return signature_verify_named(c->spki, ocsp->algorithm, ocsp->tbs, ocsp->signature) ==
           VERIFY_GOOD;
}

static bool ocsp_is_genuine(const struct question *q, const struct ocsp *ocsp)
{
    if (ocsp_is_responder(q->a, ocsp, q->issuer) && signed_by(ocsp, q->issuer))
        return true;
    for (size_t i = 0; i < ocsp->certs.n; i++) {
        const struct cert *c = ocsp->certs.at[i];
        if (ocsp_is_responder(q->a, ocsp, c) && is_delegate(q, c) && signed_by(ocsp, c))
            return true;
    }
    return false;
}

static void ask_answer(struct question *q, const struct ocsp *ocsp,
                       const struct ocsp_answer *answer)
{
    const struct statement s = {.revoked = answer->status == OCSP_REVOKED,
                                .when = answer->revoked_at,
                                .since = WHEN_NONE,
                                .reason = answer->reason,
                                .this_update = answer->this_update,
                                .next_update = answer->next_update};
    if (!ocsp_is_about(q->a, answer, q->cert, q->issuer))
        return;
    if (!ocsp_is_genuine(q, ocsp))
        leave_open(q, arena_printf(q->a,
                                   "a response about \"%s\" is not signed by its issuer, nor by a "
                                   "responder of the issuer's",
                                   q->cert->common_name));
    else if (answer->status == OCSP_UNKNOWN)
        leave_open(q,
                   arena_printf(q->a, "the responder does not know \"%s\"", q->cert->common_name));
    else
        take(q, &s);
}

/* -- a chain */

static void ask(struct question *q, const struct revocation_records *records)
{
    q->out = (struct revocation){.status = REVOCATION_OPEN, .cert = q->cert, .when = WHEN_NONE};
    q->out.why =
        arena_printf(q->a, "nothing that was given speaks of \"%s\"", q->cert->common_name);
    for (size_t i = 0; i < records->crls.n; i++)
        ask_crl(q, records->crls.at[i]);
    for (size_t i = 0; i < records->ocsps.n; i++)
        for (size_t k = 0; k < records->ocsps.at[i]->answers.n; k++)
            ask_answer(q, records->ocsps.at[i], &records->ocsps.at[i]->answers.at[k]);
    if (q->out.status == REVOCATION_GOOD)
        q->out.why = NULL;
}

struct revocation revocation_check(struct arena *a, const struct revocation_records *records,
                                   const struct cert *const *chain, size_t n,
                                   struct revocation_times times)
{
    struct revocation worst = {.status = REVOCATION_UNASKED, .when = WHEN_NONE};
    if (!records || records->crls.n + records->ocsps.n == 0)
        return worst;
    /* ASSUMPTION(revocation-whole-chain): silence about one certificate leaves all open. */
    worst.status = REVOCATION_GOOD;
    for (size_t i = 0; i + 1 < n; i++) {
        struct question q = {.a = a, .cert = chain[i], .issuer = chain[i + 1], .times = times};
        ask(&q, records);
        if (q.out.status > worst.status)
            worst = q.out;
    }
    return worst;
}
