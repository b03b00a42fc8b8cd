/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Judging: what the stage judges share while one judgement is made: the facts, the host with its switches,
 * and the judgement that grows. A stage judge walks `all`, adds findings and questions, and says why when it
 * had nothing to judge. It decides nothing: policy/judge.c does, by stage and order (case-format.md, "What
 * decides").
 *
 * Invariants. Every finding is added through judging_add() or judging_ask(), which remember the code it is
 * about. A judge runs once, for the whole input, in the order of base/stages.def.
 */
#ifndef DS_POLICY_JUDGING_H
#define DS_POLICY_JUDGING_H

#include "base/index.h"
#include "policy/judge.h"
#include "policy/switches.h"

struct code_list VEC_OF(struct code *);

/* An assumption or switch that a step relied on, and the code it concerned (NULL: all). */
struct relied {
    const char *name;
    enum stage stage;
    const struct code *code;
};

/* What several rules ask again and again; memory of its own, since a rule that only rehearses gives back its own. */
struct asked {
    struct index texts;    /* requirement → what it says (rule_require.c) */
    struct index subjects; /* code → it as a requirement sees it (rule_require.c) */
    struct index peers;    /* requirement → who could be meant (rule_check_peer.c) */
};

struct judging {
    struct arena *a;
    const struct judge_input *in;
    const struct host *host;  /* in->host */
    struct switches switches; /* of the host */
    struct judgement *out;
    struct code_list all; /* every code object, outer first, then bytewise paths */
    enum stage stage;     /* being judged */
    struct owner_vec VEC_OF(const struct code *) owners; /* of out->findings, entry by entry */
    struct relied_vec VEC_OF(struct relied) relied;
    struct asked *asked;
};

/*
 * Add a finding about C (NULL: the first top-level item), at C's path. Its stage is the one being judged when
 * the row lists that one, else the row's first; refine the result.
 */
struct finding *judging_add(struct judging *j, enum finding_id id, const struct code *c,
                            const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* Add a line of PROCESS's log to a finding. */
void judging_log(struct judging *j, struct finding *f, const char *process, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/*
 * Ask what is not on disk: ASK is an ASK-… row, TEXT the question (NULL: the row's title). BLOCKS: no verdict
 * without an answer. The same question about the same code is asked once a stage.
 */
void judging_ask(struct judging *j, enum finding_id ask, const struct code *c, bool blocks,
                 const char *text);

/* The stage being judged has nothing to look at, because WHY (static text). */
void judging_skip(struct judging *j, const char *why);

/* The step just made for C rests on the assumption or switch NAME (static or in the arena). */
void judging_rely(struct judging *j, const char *name, const struct code *c);
/* The same for a switch, which is only worth a word when the sources leave the step open. */
void judging_rely_switch(struct judging *j, enum switch_id id, const struct code *c);

/* An earlier stage of execution (gatekeeper on) kills or refuses C or the code around it. */
bool judging_denied(const struct judging *j, const struct code *c);

/* A finding ID about C was made in this judgement. */
bool judging_found(const struct judging *j, enum finding_id id, const struct code *c);

/* The row of ID lists STAGE. */
bool finding_listed(enum finding_id id, enum stage stage);

/* The code around everything: C's outermost container. */
const struct code *code_top(const struct code *c);
/* The nearest bundle that has C as a part, C itself when it is a bundle; NULL when there is none. */
const struct code *code_enclosing_bundle(const struct code *c);
/* The bundle identifier, else the signing identifier, else the file name: what logs call C. */
const char *code_log_name(const struct code *c);
/* The claims in force: what the kernel sees of the main slice's entitlements; NULL when there are none. */
const struct value *code_claims(const struct code *c);
/* The value of a claimed entitlement, NULL when it is not claimed. */
const struct value *code_claim(const struct code *c, const char *key);
/* The Team ID of the chosen CodeDirectory, NULL when there is none. */
const char *code_team(const struct code *c);
/* The path of what is executed: the main executable, or the file itself. */
const char *code_exec_path(const struct code *c);

#endif
