/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Eval: does a piece of code satisfy a requirement (requirement-language.md §4)? Three-valued: what depends on
 * a fact nobody told is undecided, and the answer names the fact. Both sides of `and` and `or` are always
 * evaluated, as in the reference, and the first error in program order is the answer.
 */
#ifndef DS_LANG_EVAL_H
#define DS_LANG_EVAL_H

#include "base/vec.h"
#include "lang/program.h"
#include "lang/subject.h"

struct req_result {
    enum verdict verdict;  /* VERDICT_NO with an error */
    enum req_status error; /* REQ_OK: none */
    bool too_deep;         /* why it is REQ_INVALID: nested deeper than evaluation goes */
    /* Undecided: the name of a fact that would help (lang/facts.def), else NULL */
    const char *missing;
    enum subject_fact fact; /* the same as a number, FACT_NONE */
};

/* What a leaf saw. */
enum req_seen {
    SEEN_NOTHING,        /* the question has no value: constants, services */
    SEEN_NO_DIRECTORY,   /* there is no CodeDirectory */
    SEEN_NO_CERTIFICATE, /* nothing in that slot */
    SEEN_NO_DICTIONARY,  /* no Info.plist, no entitlements */
    SEEN_ABSENT,         /* key, attribute, extension, date or fragment not there */
    SEEN_VALUE,          /* `value`, of a dictionary */
    SEEN_TEXT,           /* `bytes`: identifier, subject attribute */
    SEEN_HASH,           /* `bytes`: cdhash, SHA-1 of a certificate */
    SEEN_EMAILS,         /* `number` mail addresses, the first in `bytes` */
    SEEN_NUMBER,         /* `number`: platform */
    SEEN_PRESENT,        /* extension, policy or fragment there */
    SEEN_DATE,           /* `number`: seconds since 2001 */
    SEEN_NOT_A_FIELD,    /* `subject.X` names no attribute: never true */
};

/* One node, in program order (an operator stands before its operands). */
struct req_step {
    uint32_t at;       /* offset of its opcode in the blob */
    uint32_t word;     /* the opcode, flags and all */
    unsigned depth;    /* 1: the root */
    unsigned fragment; /* 0: of the program itself; else inside so many stored requirements */
    enum verdict verdict;
    enum subject_fact fact; /* undecided: what is missing */
    enum req_seen seen;
    struct bytes bytes;
    const struct value *value;
    int64_t number;
    const char *certificate; /* the name of the certificate asked about, NULL */
};

struct req_trace {
    struct req_step_vec VEC_OF(struct req_step) steps;
};

/*
 * Evaluate one requirement BLOB. TRACE may be NULL; with an error it ends at the node that raised it, and
 * nodes around that one have no verdict of their own (VERDICT_NO). Memory is taken from A only for a trace,
 * and for operands that are no UTF-8.
 */
struct req_result req_eval(struct arena *a, struct bytes blob, const struct subject *s,
                           struct req_trace *trace);

#endif
