/* SPDX-License-Identifier: Apache-2.0 */
/* Markup: text inside XML and HTML. */
#ifndef DS_REPORT_MARKUP_H
#define DS_REPORT_MARKUP_H

#include "base/buf.h"

/* TEXT as content or as a quoted attribute; what XML has no form for (controls, bytes that are no UTF-8) becomes U+FFFD. */
void markup_text(struct buf *out, const char *text);

#endif
