/* SPDX-License-Identifier: Apache-2.0 */
/* Subject: see subject.h. */
#include "seal/subject.h"

#include "lang/designate.h"
#include "lang/print.h"
#include "seal/cert_subject.h"
#include "seal/ticket.h"

static void set_answer(struct subject *out, bool *member, enum verdict answer,
                       enum subject_fact fact)
{
    *member = answer == VERDICT_YES;
    if (answer == VERDICT_UNDECIDED)
        out->unknown |= FACT_BIT(fact);
}

static void set_answers(const struct code *c, const struct signature *sig,
                        const struct subject_answers *answers, struct subject *out)
{
    static const struct subject_answers none = {VERDICT_UNDECIDED, VERDICT_UNDECIDED, false};
    if (!answers)
        answers = &none;
    /* A ticket proves that it is; without one the answer given counts. */
    set_answer(out, &out->notarized,
               code_notarized(c, sig) == VERDICT_YES ? VERDICT_YES : answers->notarized,
               FACT_NOTARIZED);
    set_answer(out, &out->legacy_listed, answers->legacy_listed, FACT_LEGACY_LISTED);
    out->old_anchor_apple = answers->old_anchor_apple;
}

static void set_directory(const struct codedir *cd, struct subject *out)
{
    out->has_directory = true;
    out->identifier = bytes_str(cd->identifier);
    out->cdhash = bytes_of(cd->cdhash, sizeof cd->cdhash);
    out->platform = cd->platform;
}

/* The test root counts as Apple's where the reader let it count (struct signature, anchor). */
static void set_signature(struct arena *a, const struct signature *sig, struct subject *out)
{
    if (sig->chosen)
        set_directory(sig->chosen, out);
    if (sig->chain_count) {
        cert_subject_make(a, sig->chain, sig->chain_count, out);
        out->apple_anchor = sig->anchor != ANCHOR_NONE;
    }
    out->entitlements = sig->entitlements;
    out->has_timestamp = sig->timestamp != WHEN_NONE;
    if (out->has_timestamp)
        out->timestamp = (double)when_to_2001(sig->timestamp);
}

void code_subject(struct arena *a, const struct code *c, const struct signature *sig,
                  const struct subject_answers *answers, struct subject *out)
{
    *out = (struct subject){.ops = NULL};
    set_answers(c, sig, answers, out);
    out->has_package_checksum = c->package && c->package->checksum.n != 0;
    if (!sig || !sig->present)
        return;
    set_signature(a, sig, out);
    out->info = c->info_bound ? c->info : NULL;
}

/* -- default designated requirements */

static void add_hashes(struct arena *a, const struct signature *sig, struct bytes_vec *out)
{
    for (size_t i = 0; i < sig->directory_count; i++)
        if (sig->directories[i].cdhash_full_size)
            vec_push(a, out, bytes_of(sig->directories[i].cdhash, 20));
}

/* Slice AT first, then the others in the order of the file (§7.2). */
static struct bytes designate_adhoc(struct arena *a, const struct code *c, size_t at)
{
    struct bytes_vec hashes = {0};
    add_hashes(a, &c->slices[at].sig, &hashes);
    for (size_t i = 0; i < c->slice_count; i++)
        if (i != at)
            add_hashes(a, &c->slices[i].sig, &hashes);
    return req_designate_adhoc(a, hashes.at, hashes.n);
}

static void designate(struct arena *a, struct code *c, size_t at)
{
    struct signature *sig = &c->slices[at].sig;
    struct subject subject;
    struct bytes text;
    if (sig->dr_explicit || !sig->chosen)
        return;
    code_subject(a, c, sig, NULL, &subject);
    sig->dr = sig->adhoc ? designate_adhoc(a, c, at) : req_designate(a, &subject);
    if (sig->dr.n && req_print(a, sig->dr, &text) == REQ_OK)
        sig->dr_text = bytes_cstr(a, text);
}

void code_designate(struct arena *a, struct code *c)
{
    for (size_t i = 0; i < c->slice_count; i++)
        designate(a, c, i);
}
