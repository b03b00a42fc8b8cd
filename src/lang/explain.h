/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Explain: an expression in sentences, for someone who has never read one, and with a trace what each part saw
 * and answered. Chains of the same operator are one list. What is said of a part is also what JSON holds.
 */
#ifndef DS_LANG_EXPLAIN_H
#define DS_LANG_EXPLAIN_H

#include "lang/eval.h"
#include "lang/tree.h"

struct req_explained {
    const struct req_node *node;
    const char *text; /* as printed; "all of these" for `and`, … */
    const char *says; /* what it asks, a phrase: "the signing identifier is "com.example.app"" */
    /* What it found instead: "the leaf's OU is "OTHERTEAM1"", "" without a trace */
    const char *saw;
    bool judged; /* evaluation came here */
    bool reason; /* it, or what it lies in, is why the whole is what it is */
    enum verdict verdict;
    enum subject_fact fact; /* undecided: what is missing */
    struct req_explained_vec VEC_OF(struct req_explained *) parts;
};

/* Explain BLOB, whose tree is ROOT; TRACE of its evaluation, or NULL. */
struct req_explained *req_explain(struct arena *a, struct bytes blob, const struct req_node *root,
                                  const struct req_trace *trace);

/*
 * As text, a line a part and one for its sentence:
 *
 *     all of these — false
 *     ├─ anchor apple generic — true
 *     │    the certificate chain ends in an Apple root
 *     └─ certificate leaf[subject.OU] = TEAMID1234 — false: the leaf's OU is "OTHERTEAM1"
 *          the organisational unit (OU) of the leaf certificate is "TEAMID1234"
 *
 * REASONS: only the parts that are why.
 */
void req_explain_text(struct buf *b, const struct req_explained *e, bool reasons);

/* {"text", "says", "verdict", "saw", "missing", "parts": […]}; members that say nothing are left out. */
struct value *req_explain_value(struct arena *a, const struct req_explained *e, bool reasons);

/* The pieces: a phrase for what N asks; its canonical text; "the leaf certificate". */
const char *req_says(struct arena *a, const struct req_node *n);
const char *req_node_text(struct arena *a, struct bytes blob, const struct req_node *n);
const char *req_slot_phrase(struct arena *a, int32_t slot);
/* "Developer ID Application leaf (1.2.840.113635.100.6.1.13)", or the numbers alone. */
const char *req_oid_phrase(struct arena *a, struct bytes oid);
/* "true", "false", "undecided". */
const char *req_verdict_word(enum verdict v);

#endif
