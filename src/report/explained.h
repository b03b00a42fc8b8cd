/* SPDX-License-Identifier: Apache-2.0 */
/* Explained: what lines of a log stand for (policy/log.h), as text and as a tree. */
#ifndef DS_REPORT_EXPLAINED_H
#define DS_REPORT_EXPLAINED_H

#include "base/buf.h"
#include "base/value.h"
#include "policy/log.h"
#include "report/text.h"

/* {lines, unrecognised, causes [id], possible [id], matches [{line, text, process, kind, meaning, not_meaning}]} */
struct value *tree_explained(struct arena *a, const struct log_report *r);

void text_explained(struct buf *out, const struct log_report *r, struct text_style style);

#endif
