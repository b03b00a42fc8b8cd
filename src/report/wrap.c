/* SPDX-License-Identifier: Apache-2.0 */
/* Paragraphs broken at words (report/wrap.h). */
#include "config.h"

#include <string.h>

#include "report/wrap.h"

/* Columns of N bytes of UTF-8: continuation bytes take none. */
static size_t columns(const char *text, size_t n)
{
    size_t width = 0;
    for (size_t i = 0; i < n; i++)
        width += ((unsigned char)text[i] & 0xc0) != 0x80;
    return width;
}

void wrap_text(struct buf *out, const char *head, const char *text)
{
    size_t indent = strlen(head), column = indent;
    buf_str(out, head);
    for (bool first = true; *text; first = false) {
        size_t n = strcspn(text, " \n"), width = columns(text, n);
        if (!first && column + 1 + width > WRAP_COLUMNS) {
            buf_printf(out, "\n%*s", (int)indent, "");
            column = indent;
        } else if (!first) {
            buf_byte(out, ' ');
            column++;
        }
        buf_put(out, bytes_of(text, n));
        column += width;
        text += n;
        text += strspn(text, " \n");
    }
    buf_byte(out, '\n');
}
