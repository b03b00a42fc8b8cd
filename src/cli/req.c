/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of `dryseal req` share: see req.h. */
#include "config.h"

#include "cli/req.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "lang/diagnose.h"

#define KEPT_FILES 256 /* beyond these, certificates are read anew: memory stays bounded */

/* -- Files named in texts */

static bool read_file(struct req_files *f, const char *name, struct bytes *out)
{
    struct cli *cli = f->cli;
    int error = 0;
    char *path = NULL;
    if (f->base && *name != '/')
        name = path_join(cli->arena, f->base, name);
    if (!*name || fs_resolve(cli->fs, cli->arena, cli_path(cli, name), NULL, &path) != 0)
        return false;
    return fs_map(cli->fs, cli->arena, path, out, &error) == DS_OK;
}

bool req_file_sha1(void *self, const char *path, uint8_t out[20])
{
    uint8_t digest[DIGEST_MAX] = {0};
    struct bytes content;
    if (!read_file(self, path, &content))
        return false;
    memcpy(out, digest, digest_of(DIGEST_SHA1, content, digest));
    return true;
}

bool req_file_read(void *self, const char *path, struct bytes *out)
{
    struct req_files *f = self;
    for (size_t i = 0; i < f->kept.n; i++)
        if (strcmp(f->kept.at[i].path, path) == 0) {
            *out = f->kept.at[i].content;
            return true;
        }
    if (!read_file(f, path, out))
        return false;
    if (f->kept.n < KEPT_FILES)
        vec_push(f->cli->arena, &f->kept,
                 (struct req_kept){arena_strdup(f->cli->arena, path), *out});
    return true;
}

/* -- Operands */

enum req_mode req_mode_named(const char *word)
{
    if (!word || strcmp(word, "auto") == 0)
        return REQ_AUTO;
    return strcmp(word, "set") == 0 ? REQ_SET : REQ_SINGLE;
}

/* A binary file is one blob by its length field; what follows it is ignored (§12). */
static struct bytes one_blob(struct bytes content)
{
    struct cursor c = cursor_of(content, 0);
    struct bytes blob = content;
    (void)req_word(&c);
    size_t length = req_word(&c);
    if (!c.failed && length <= content.n)
        bytes_part(content, 0, length, &blob);
    return blob;
}

bool requirement_read(struct cli *cli, const char *operand, enum req_mode mode,
                      struct requirement *out)
{
    struct req_files files = {.cli = cli};
    struct req_options options = {mode, req_file_sha1, &files};
    struct bytes content;
    bool inline_text = *operand == '=';
    *out = (struct requirement){.name = inline_text                 ? "the requirement"
                                        : strcmp(operand, "-") == 0 ? "standard input"
                                                                    : operand};
    if (inline_text)
        content = bytes_str(operand + 1);
    else if (!cli_read(cli, operand, &content))
        return false;
    if (!inline_text && content.n && content.p[0] == 0xfa) {
        out->blob = one_blob(content);
        return true;
    }
    out->text = content;
    struct req_compiled c = req_compile(cli->arena, content, &options);
    out->blob = c.ok ? c.blob : bytes_of(NULL, 0);
    out->errors = c.errors;
    return true;
}

void req_complain(struct cli *cli, const struct requirement *o, bool compat)
{
    struct buf b = {.arena = cli->arena};
    if (compat)
        buf_put(&b, req_errors_text(cli->arena, &o->errors));
    for (size_t i = 0; !compat && i < o->errors.n; i++) {
        struct req_diagnosis d = req_diagnose(cli->arena, o->text, &o->errors.at[i]);
        req_put_diagnosis(&b, o->name, o->text, &d);
    }
    fputs(buf_cstr(&b), cli->err);
}

int requirement_need(struct cli *cli, const char *operand, enum req_mode mode,
                     struct requirement *out)
{
    if (!requirement_read(cli, operand, mode, out))
        return EXIT_TROUBLE;
    if (out->errors.n == 0)
        return EXIT_ACCEPTED;
    req_complain(cli, out, false);
    return EXIT_REFUSED;
}

/* -- Batch */

struct line_buffer {
    char *at;
    size_t room;
};

static void release_line(void *p)
{
    free(((struct line_buffer *)p)->at);
}

/* The next line of FROM without its newline. */
static bool next_line(FILE *from, struct line_buffer *b, struct bytes *line)
{
    ssize_t n = getline(&b->at, &b->room, from);
    if (n < 0)
        return false;
    *line = bytes_of(b->at, (size_t)n - (b->at[n - 1] == '\n'));
    return true;
}

int req_batch(struct cli *cli, req_answer *answer, void *self)
{
    struct line_buffer *buffer = arena_new_of(cli->arena, struct line_buffer);
    struct bytes line;
    arena_defer(cli->arena, release_line, buffer);
    while (next_line(cli->in, buffer, &line)) {
        struct arena *a = arena_child(cli->arena);
        struct jsonl j = jsonl_of(a);
        jsonl_open(&j, NULL, '{');
        answer(a, self, line, &j);
        jsonl_close(&j, '}');
        buf_byte(&j.out, '\n');
        fwrite(j.out.p, 1, j.out.n, cli->out);
        fflush(cli->out);
        arena_child_free(a);
    }
    return ferror(cli->in) ? cli_trouble(cli, "cannot read standard input") : EXIT_ACCEPTED;
}

static int hex_digit(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The byte that the escape at I of LINE stands for, and its length; a backslash that begins none is itself. */
static uint8_t escaped(struct bytes line, size_t i, size_t *length)
{
    static const char letters[] = "ntr\\", values[] = "\n\t\r\\";
    uint8_t next = i + 1 < line.n ? line.p[i + 1] : 0;
    const char *found = next ? strchr(letters, next) : NULL;
    *length = found ? 2 : 1;
    if (found)
        return (uint8_t)values[found - letters];
    if (next != 'x' || i + 3 >= line.n || hex_digit(line.p[i + 2]) < 0 ||
        hex_digit(line.p[i + 3]) < 0)
        return '\\';
    *length = 4;
    return (uint8_t)(hex_digit(line.p[i + 2]) << 4 | hex_digit(line.p[i + 3]));
}

struct bytes req_unescape(struct arena *a, struct bytes line)
{
    struct buf b = {.arena = a};
    size_t length = 1;
    if (!line.n || !memchr(line.p, '\\', line.n))
        return line;
    for (size_t i = 0; i < line.n; i += length) {
        length = 1;
        buf_byte(&b, line.p[i] == '\\' ? escaped(line, i, &length) : line.p[i]);
    }
    return buf_bytes(&b);
}

bool req_member_text(struct arena *a, const struct value *v, const char *name, struct bytes *out)
{
    const struct value *member = value_get(v, name);
    const struct value *hex = value_get(v, arena_printf(a, "%s_hex", name));
    if (value_is(hex, VALUE_STRING))
        return bytes_unhex(a, hex->bytes, out);
    if (!value_is(member, VALUE_STRING))
        return false;
    *out = member->bytes;
    return true;
}
