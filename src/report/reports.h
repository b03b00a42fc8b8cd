/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reports: the judgements of one run in the forms other programs read. One document holds all of them, so they are
 * collected first.
 */
#ifndef DS_REPORT_REPORTS_H
#define DS_REPORT_REPORTS_H

#include "base/buf.h"
#include "policy/judge.h"

struct report {
    const char *path; /* as given by the user */
    const struct judgement *judgement;
};

struct report_vec VEC_OF(struct report);

/* SARIF 2.1.0: one run, a result a finding, a rule a row of the catalogue that was used. */
struct value *sarif_tree(struct arena *a, const struct report_vec *reports);

/* JUnit XML: a suite a path, a test case a stage. */
void junit_text(struct buf *out, const struct report_vec *reports);

/* One self-contained HTML file. */
void html_text(struct buf *out, const struct report_vec *reports);

/* Workflow commands of GitHub Actions: a line a finding. */
void github_text(struct buf *out, const struct report_vec *reports);

#endif
