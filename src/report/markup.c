/* SPDX-License-Identifier: Apache-2.0 */
/* Text inside XML and HTML (report/markup.h). */
#include "config.h"

#include <string.h>

#include "report/markup.h"

/* The length of the character at TEXT, 0 when XML has no form for it. */
static size_t character(const char *text)
{
    unsigned char c = (unsigned char)*text;
    if (c < 0x80)
        return c >= 0x20 || c == '\n' || c == '\t';
    for (size_t n = 2; n <= 4 && text[n - 1]; n++)
        if (bytes_utf8(bytes_of(text, n)))
            return n;
    return 0;
}

void markup_text(struct buf *out, const char *text)
{
    while (*text) {
        size_t n = character(text);
        switch (*text) {
        case '&': buf_str(out, "&amp;"); break;
        case '<': buf_str(out, "&lt;"); break;
        case '>': buf_str(out, "&gt;"); break;
        case '"': buf_str(out, "&quot;"); break;
        default: buf_put(out, n ? bytes_of(text, n) : bytes_str("\xef\xbf\xbd"));
        }
        text += n ? n : 1;
    }
}
