/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Log: from lines of `log show`, a crash report or a tool's output back to what they stand for
 * (launch-policy.md §7, subsystem-checks.md). The table is log.def; lines that look like failures and are none
 * are said to be noise, and a line that only follows a refusal is never called a cause.
 */
#ifndef DS_POLICY_LOG_H
#define DS_POLICY_LOG_H

#include "base/bytes.h"
#include "base/finding.h"
#include "base/vec.h"

enum log_kind { LOG_KIND_cause, LOG_KIND_follows, LOG_KIND_noise, LOG_KIND_info };
const char *log_kind_name(enum log_kind kind);

struct log_row {
    const char *label, *process, *pattern;
    enum log_kind kind;
    const char *causes, *needs, *unless, *meaning, *not_meaning;
};

/* The table, COUNT rows. */
const struct log_row *log_rows(size_t *count);

struct log_match {
    const struct log_row *row;
    size_t line;       /* from 1 */
    struct bytes text; /* the line */
    struct bytes rest; /* what the last '*' of the pattern stands for, {NULL,0} when it has none */
};

struct finding_ids VEC_OF(enum finding_id);

struct log_report {
    struct log_match_vec VEC_OF(struct log_match) matches; /* in order of the lines */
    size_t lines, unrecognised;
    struct finding_ids causes;   /* named by a line of kind cause, the likeliest first, each once */
    struct finding_ids possible; /* only named as alternatives, or by lines that follow a fault */
};

/* Explain TEXT; matches borrow from it. */
void log_explain(struct arena *a, struct bytes text, struct log_report *out);

/* True when PATTERN ('*' = any text) occurs in LINE; *REST is the text of the last '*' up to the line's end. */
bool log_pattern_match(const char *pattern, struct bytes line, struct bytes *rest);

#endif
