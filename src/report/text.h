/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text: judgements and facts for people. What decided comes first, then the stages, then every finding with its place,
 * the Mac's own log lines, why, and what to change; noise is shown as noise and never counts.
 */
#ifndef DS_REPORT_TEXT_H
#define DS_REPORT_TEXT_H

#include "base/buf.h"
#include "policy/judge.h"
#include "seal/code.h"

struct text_style {
    bool colour;  /* ANSI colours */
    bool quiet;   /* the first line alone */
    bool verbose; /* also: stages that did not run and why, evidence of every finding */
};

void text_judgement(struct buf *out, const char *path, const struct judgement *j,
                    struct text_style style);

/* The facts of C and of all code in it. */
void text_code(struct buf *out, const struct code *c, struct text_style style);

#endif
