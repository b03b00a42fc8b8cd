/* SPDX-License-Identifier: Apache-2.0 */
/*
 * csreq: Apple's command line for requirements, with its streams and statuses (requirement-language.md §12):
 * 0 success, 1 failure, 2 usage. Texts pass the Mac's own limits on the way in (10,239 bytes, NUL, UTF-8).
 */
#include "config.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/text.h"
#include "cli/req.h"
#include "lang/print.h"
#include "lang/reqset.h"

enum { SUCCESS = 0, FAILURE = 1, USAGE = 2 };

struct csreq {
    struct cli *cli;
    const char *input, *output;
    enum req_mode mode;
    bool text;
    unsigned verbose;
    struct bytes blob;
};

/* ASSUMPTION(csreq-usage): the tool's own words are not published. */
static int usage(struct cli *cli)
{
    fputs("Usage: csreq [-v] -r requirement-input -t\n"
          "       csreq [-v] -r requirement-input -b outputfile\n",
          cli->err);
    return USAGE;
}

/* -- Options */

static const struct option long_options[] = {
    {"requirement", required_argument, NULL, 'r'},
    {"requirements", required_argument, NULL, 'r'},
    {"binary", required_argument, NULL, 'b'},
    {"text", no_argument, NULL, 't'},
    {"type", required_argument, NULL, 'T'},
    {"verbose", optional_argument, NULL, 'v'},
    {0},
};

/* The kind of text by a word that may be cut short. */
static bool mode_of(const char *word, enum req_mode *mode)
{
    static const struct {
        const char *word;
        enum req_mode mode;
    } words[] = {
        {"requirement", REQ_SINGLE}, {"internal", REQ_SET}, {"group", REQ_SET}, {"auto", REQ_AUTO}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (*word && text_starts(words[i].word, word)) {
            *mode = words[i].mode;
            return true;
        }
    return false;
}

static bool take_option(struct csreq *c, int option, const char *value)
{
    switch (option) {
    case 'r': c->input = value; return true;
    case 'b': c->output = value; return true;
    case 't': c->text = true; return true;
    case 'v': c->verbose = value ? (unsigned)strtoul(value, NULL, 10) : c->verbose + 1; return true;
    case 'T':
        if (mode_of(value, &c->mode))
            return true;
        fprintf(c->cli->err, "%s: unknown type\n", value);
        return false;
    default: return false;
    }
}

static bool parse_options(struct csreq *c, int argc, char **argv)
{
    int option;
    opterr = 0;
    optind = 0; /* glibc: begin anew */
    while ((option = getopt_long(argc, argv, "+r:b:tv", long_options, NULL)) != -1)
        if (!take_option(c, option, optarg))
            return false;
    return optind == argc && c->input;
}

/* -- Input */

static int no_specification(struct csreq *c, const char *name, int error)
{
    fprintf(c->cli->err, "%s: %s\ninvalid requirement specification\n", name, strerror(error));
    return FAILURE;
}

static int invalid(struct csreq *c, enum req_status status)
{
    fprintf(c->cli->err, "error: %s\n", req_status_text(status));
    return FAILURE;
}

static int compile(struct csreq *c, struct bytes text)
{
    struct req_files files = {.cli = c->cli};
    struct req_options options = {c->mode, req_file_sha1, &files};
    struct arena *a = c->cli->arena;
    struct req_compiled r = req_compile(a, req_tool_text(a, text), &options);
    if (r.ok) {
        c->blob = r.blob;
        return SUCCESS;
    }
    struct bytes errors = req_errors_text(a, &r.errors);
    invalid(c, REQ_INVALID);
    fputs("Requirement syntax error(s):\n", c->cli->err);
    fwrite(errors.p, 1, errors.n, c->cli->err);
    return FAILURE;
}

/* One blob by its length field; what follows it is ignored. */
static int take_blob(struct csreq *c, const char *name, struct bytes content)
{
    struct cursor at = cursor_of(content, 0);
    uint32_t magic = req_word(&at), length = req_word(&at);
    struct req_set set;
    struct bytes whole;
    if (at.failed || (magic != REQ_MAGIC && magic != REQ_MAGIC_SET)) {
        fprintf(c->cli->err, "%s: not a recognized requirement file\n", name);
        return FAILURE;
    }
    if (length < 8 || !bytes_part(content, 0, length, &c->blob))
        return invalid(c, REQ_INVALID);
    enum req_status status =
        magic == REQ_MAGIC ? req_open(c->blob, &whole) : reqset_open(c->cli->arena, c->blob, &set);
    return status == REQ_INVALID ? invalid(c, status) : SUCCESS;
}

static bool read_input(struct csreq *c, struct bytes *content, int *error)
{
    struct cli *cli = c->cli;
    char *path = NULL;
    if (strcmp(c->input, "-") == 0)
        return cli_read(cli, "-", content);
    *error = fs_resolve(cli->fs, cli->arena, cli_path(cli, c->input), NULL, &path);
    return *error == 0 && fs_map(cli->fs, cli->arena, path, content, error) == DS_OK;
}

static int take_input(struct csreq *c)
{
    struct bytes content;
    int error = EIO;
    if (*c->input == '=')
        return compile(c, bytes_str(c->input + 1));
    if (!read_input(c, &content, &error))
        return no_specification(c, c->input, error);
    if (content.n && content.p[0] == 0xfa)
        return take_blob(c, c->input, content);
    return compile(c, content);
}

/* -- Output */

static int print(struct csreq *c)
{
    struct bytes text;
    enum req_status status = req_print(c->cli->arena, c->blob, &text);
    if (status != REQ_OK)
        return invalid(c, status);
    if (text.n == 0)
        text = bytes_str("/* no requirements in set */");
    fwrite(text.p, 1, text.n, c->cli->out);
    if (text.p[text.n - 1] != '\n')
        fputc('\n', c->cli->out);
    return SUCCESS;
}

static int write_blob(struct csreq *c)
{
    FILE *to = fopen(cli_path(c->cli, c->output), "wb");
    bool written = to && fwrite(c->blob.p, 1, c->blob.n, to) == c->blob.n;
    if (to && fclose(to) != 0)
        written = false;
    if (!written)
        fprintf(c->cli->err, "%s: %s\n", c->output, strerror(errno));
    return written ? SUCCESS : FAILURE;
}

static int run(struct cli *cli, int argc, char **argv)
{
    struct csreq c = {.cli = cli};
    if (!parse_options(&c, argc, argv))
        return usage(cli);
    int status = take_input(&c);
    if (status == SUCCESS && c.text)
        status = print(&c);
    if (status == SUCCESS && c.output)
        status = write_blob(&c);
    if (status == SUCCESS && c.verbose && !c.text && !c.output)
        fputs("valid\n", cli->out);
    return status;
}

const struct command_spec cmd_csreq = {
    .synopsis = "[-v] [--type TYPE] -r REQUIREMENT [-t] [-b FILE]",
    .run = run,
    .raw = true,
};
