/* SPDX-License-Identifier: Apache-2.0 */
/* Explained: what lines of a log stand for (policy/log.h), as text and as a tree. */
#ifndef DS_REPORT_EXPLAINED_H
#define DS_REPORT_EXPLAINED_H

#include "base/buf.h"
#include "base/value.h"
#include "policy/judge.h"
#include "policy/log.h"
#include "report/text.h"

/*
 * {lines, unrecognised, causes [id], possible [id], matches [{line, text, process, kind, meaning, not_meaning}]}; with a
 * judgement J of the code that the log is about (NULL: none) also found [id], those of causes and possible that it has.
 */
struct value *tree_explained(struct arena *a, const struct log_report *r,
                             const struct judgement *j);

void text_explained(struct buf *out, const struct log_report *r, const struct judgement *j,
                    struct text_style style);

#endif
