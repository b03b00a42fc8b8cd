/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Judge: (facts, host, rules) → findings. Pure: it opens no file. The stages run in the order a Mac decides
 * (base/stages.def); the first fatal or refused finding in stage order decides (case-format.md, "What decides").
 */
#ifndef DS_POLICY_JUDGE_H
#define DS_POLICY_JUDGE_H

#include "base/finding.h"
#include "lang/error.h"
#include "policy/host.h"
#include "seal/code.h"

enum outcome {
    OUTCOME_ACCEPTED,
    OUTCOME_DEGRADED,
    OUTCOME_UNDECIDED,
    OUTCOME_REFUSED,
    OUTCOME_INVALID
};
const char *outcome_name(enum outcome o); /* "accepted" … "invalid" */

enum stage_result { STAGE_SKIPPED, STAGE_PASSED, STAGE_DEGRADED, STAGE_UNDECIDED, STAGE_REFUSED };
const char *stage_result_name(enum stage_result r);

struct rules; /* the rule book: policy/rules.h */

struct question {
    const struct finding *finding; /* the ASK-… row */
    const char *text;              /* the question and how to answer it on the command line */
    bool blocks;                   /* an answer is needed for a verdict */
};

struct judge_input {
    struct code **tops; /* the top-level items, in the order given */
    size_t top_count;
    const struct code *replaces;     /* the installed or running older version, NULL when unknown */
    struct profile *const *profiles; /* installed on the Mac itself */
    size_t profile_count;
    const struct code *peer; /* the other side of XPC, NULL when unknown */
    const struct host *host;
    const struct rules *rules; /* NULL: the built-in book */
    struct bytes demanded;     /* a compiled requirement that all tops must meet; n 0: none */
    const struct req_error_vec *demanded_errors; /* why it does not compile, NULL when it does */
    bool run_notary, run_sign;                   /* stages on request */
    bool check_revocation; /* verification is to say whether a certificate is revoked */
    enum stage only;       /* STAGE_COUNT: all; `verify` asks for STAGE_STATIC and before */
};

struct judgement {
    enum outcome outcome;
    const struct finding *deciding; /* NULL when accepted */
    enum stage_result stages[STAGE_COUNT];
    const char *skipped[STAGE_COUNT]; /* why a stage was skipped, NULL otherwise */
    struct findings findings; /* all, in stage order, then outer code first, then paths bytewise */
    struct question_vec VEC_OF(struct question) questions;
    char evidence;               /* weakest grade on the path that produced the outcome */
    struct name_vec assumptions; /* assumption ids and switches used on that path */
    bool test_identity;          /* a forged identity was judged */
};

enum ds_status judge(struct arena *a, const struct judge_input *in, struct judgement *out);

#endif
