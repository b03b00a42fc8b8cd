/* SPDX-License-Identifier: Apache-2.0 */
/* Json: any tree of values as JSON text, through jansson. Data becomes base64, dates ISO 8601; bytes that are no UTF-8
 * become U+FFFD one by one, so that the output always is JSON. */
#ifndef DS_REPORT_JSON_H
#define DS_REPORT_JSON_H

#include "base/value.h"

/* V as text without a final newline, in A. INDENT: over several lines, else on one. */
const char *json_text(struct arena *a, const struct value *v, bool indent);

#endif
