/* SPDX-License-Identifier: Apache-2.0 */
/* Wrap: paragraphs of a report, broken at words. */
#ifndef DS_REPORT_WRAP_H
#define DS_REPORT_WRAP_H

#include "base/buf.h"

#define WRAP_COLUMNS 100

/* TEXT behind HEAD, a newline at the end; further lines are indented by HEAD's width (HEAD is ASCII). */
void wrap_text(struct buf *out, const char *head, const char *text);

#endif
