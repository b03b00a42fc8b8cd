/* SPDX-License-Identifier: Apache-2.0 */
/* req compile: requirement text to binary. */
#include "config.h"

#include <errno.h>

#include "base/arena.h"
#include "cli/req.h"
#include "lang/print.h"

struct compile_options {
    bool batch, compat;
    const char *mode, *output, *base;
};
#define AT(field) offsetof(struct compile_options, field)

static const struct option_row rows[] = {
    {"mode", 0, OPTION_TEXT, AT(mode), "MODE", "one requirement, a set, or what it looks like",
     REQ_MODES},
    {"output", 'o', OPTION_TEXT, AT(output), "FILE", "write the binary there (default: hex here)",
     NULL},
    {"compat", 0, OPTION_FLAG, AT(compat), NULL, "errors in the Mac's own words alone", NULL},
    {"batch", 0, OPTION_FLAG, AT(batch), NULL,
     "one text a line on standard input, one JSON object a line out", NULL},
    {"base", 0, OPTION_TEXT, AT(base), "DIR", "where certificate files are looked for", NULL},
    {0},
};
static const struct option_group groups[] = {{"Options", rows, 0}, {0}};

struct batch {
    struct req_files files;
    enum req_mode mode;
};

/* {"text":…,"ok":true,"hex":…,"dump":…} or {"text":…,"ok":false,"status":-67052,"error":…} */
static void answer(struct arena *a, void *self, struct bytes line, struct jsonl *j)
{
    struct batch *b = self;
    struct req_options options = {b->mode, req_file_sha1, &b->files};
    struct bytes text = req_unescape(a, line), dump;
    struct req_compiled c = req_compile(a, text, &options);
    jsonl_text(j, "text", text);
    jsonl_bool(j, "ok", c.ok);
    if (!c.ok) {
        jsonl_int(j, "status", REQ_INVALID);
        jsonl_text(j, "error", req_errors_text(a, &c.errors));
        return;
    }
    jsonl_hex(j, "hex", c.blob);
    if (req_print(a, c.blob, &dump) == REQ_OK)
        jsonl_text(j, "dump", dump);
    else
        jsonl_str(j, "dump", NULL);
}

static int write_file(struct cli *cli, const char *name, struct bytes blob)
{
    FILE *to = fopen(cli_path(cli, name), "wb");
    bool written = to && fwrite(blob.p, 1, blob.n, to) == blob.n;
    if (to && fclose(to) != 0)
        written = false;
    return written ? EXIT_ACCEPTED : cli_trouble(cli, "%s: %s", name, strerror(errno));
}

static int compile_one(struct cli *cli, const struct compile_options *o, const char *operand)
{
    struct requirement r;
    if (!requirement_read(cli, operand, req_mode_named(o->mode), &r))
        return EXIT_TROUBLE;
    if (r.errors.n) {
        req_complain(cli, &r, o->compat);
        return EXIT_REFUSED;
    }
    if (o->output)
        return write_file(cli, o->output, r.blob);
    fprintf(cli->out, "%s\n", bytes_hex(cli->arena, r.blob));
    return EXIT_ACCEPTED;
}

static int run(struct cli *cli, int argc, char **argv)
{
    struct compile_options o = {0};
    struct name_vec operands = {0};
    int status = options_parse(cli, argc, argv, &o, &operands);
    if (status != EXIT_ACCEPTED)
        return status;
    if (o.batch) {
        struct batch b = {{.cli = cli, .base = o.base}, req_mode_named(o.mode)};
        return operands.n ? cli_usage(cli, "--batch reads standard input alone")
                          : req_batch(cli, answer, &b);
    }
    if (operands.n != 1)
        return cli_usage(cli, "which requirement? one of =TEXT, FILE or -");
    return compile_one(cli, &o, operands.at[0]);
}

const struct command_spec req_compile_spec = {
    .synopsis = "[options] REQUIREMENT",
    .about = "Compiles a requirement, or a set of them, and prints its binary form in hex. A text "
             "that does not\ncompile is shown with what was expected where; exit status 1.",
    .examples = "  dryseal req compile '=anchor apple generic'\n"
                "  dryseal req compile --mode set -o my.rqset my.rqset.txt\n",
    .options = groups,
    .run = run,
};
