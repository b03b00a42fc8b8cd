/* SPDX-License-Identifier: Apache-2.0 */
/* Jsonl: see jsonl.h. */
#include "config.h"

#include "base/arena.h"
#include "cli/jsonl.h"

/* Valid UTF-8 in quotes. */
static void put_string(struct buf *b, struct bytes text)
{
    static const char escaped[] = "\"\\\n\r\t\b\f", letters[] = "\"\\nrtbf";
    buf_byte(b, '"');
    for (size_t i = 0; i < text.n; i++) {
        uint8_t c = text.p[i];
        const char *found = c ? strchr(escaped, c) : NULL;
        if (found)
            buf_printf(b, "\\%c", letters[found - escaped]);
        else if (c < 0x20)
            buf_printf(b, "\\u%04x", c);
        else
            buf_byte(b, c);
    }
    buf_byte(b, '"');
}

static void begin(struct jsonl *j, const char *name)
{
    if (j->more)
        buf_byte(&j->out, ',');
    j->more = true;
    if (!name)
        return;
    put_string(&j->out, bytes_str(name));
    buf_byte(&j->out, ':');
}

void jsonl_open(struct jsonl *j, const char *name, char bracket)
{
    begin(j, name);
    buf_byte(&j->out, (uint8_t)bracket);
    j->more = false;
}

void jsonl_close(struct jsonl *j, char bracket)
{
    buf_byte(&j->out, (uint8_t)bracket);
    j->more = true;
}

void jsonl_text(struct jsonl *j, const char *name, struct bytes text)
{
    if (!bytes_utf8(text)) {
        jsonl_hex(j, name ? arena_printf(j->out.arena, "%s_hex", name) : NULL, text);
        return;
    }
    begin(j, name);
    put_string(&j->out, text);
}

void jsonl_str(struct jsonl *j, const char *name, const char *text)
{
    if (text) {
        jsonl_text(j, name, bytes_str(text));
        return;
    }
    begin(j, name);
    buf_str(&j->out, "null");
}

void jsonl_hex(struct jsonl *j, const char *name, struct bytes bytes)
{
    begin(j, name);
    put_string(&j->out, bytes_str(bytes_hex(j->out.arena, bytes)));
}

void jsonl_bool(struct jsonl *j, const char *name, bool b)
{
    begin(j, name);
    buf_str(&j->out, b ? "true" : "false");
}

void jsonl_int(struct jsonl *j, const char *name, int64_t i)
{
    begin(j, name);
    buf_printf(&j->out, "%lld", (long long)i);
}
