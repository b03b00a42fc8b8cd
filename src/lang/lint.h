/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lint: what compiles but is not what people mean (lint.def). Whether a part is never or always true, or makes no
 * difference, is decided by the solver (lang/solve.h) and said only when it was proved.
 */
#ifndef DS_LANG_LINT_H
#define DS_LANG_LINT_H

#include "base/vec.h"
#include "lang/tree.h"

enum lint_severity { LINT_NOTE, LINT_WARN, LINT_WRONG };

enum lint_id {
#define LINT(id, name, severity, what, advice) LINT_ID_##id,
#include "lang/lint.def"
#undef LINT
    LINT_COUNT
};

struct req_lint {
    enum lint_id id;
    const char *part; /* the text it is about; "" for the whole */
};
struct req_lint_vec VEC_OF(struct req_lint);

const char *req_lint_name(enum lint_id id);
enum lint_severity req_lint_severity(enum lint_id id);
const char *req_lint_severity_name(enum lint_severity severity); /* "note", "warning", "wrong" */
const char *req_lint_text(enum lint_id id);
const char *req_lint_advice(enum lint_id id); /* "" when there is none */

/* What is to be said of one requirement, from its binary form; appended to OUT. */
void req_lint_program(struct arena *a, struct bytes blob, struct req_lint_vec *out);

/* What only the text tells: dates and identifiers as they were written, tags given twice, missing parentheses. */
void req_lint_source(struct arena *a, struct bytes text, struct req_lint_vec *out);

#endif
