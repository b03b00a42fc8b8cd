/* SPDX-License-Identifier: Apache-2.0 */
/* req print: binary requirements to text. */
#include "config.h"

#include "base/arena.h"
#include "cli/req.h"
#include "lang/print.h"
#include "lang/recompile.h"

struct print_options {
    bool batch, hex, recompilable;
};
#define AT(field) offsetof(struct print_options, field)

static const struct option_row rows[] = {
    {"hex", 0, OPTION_FLAG, AT(hex), NULL, "the operand is the binary itself, in hex digits", NULL},
    {"recompilable", 0, OPTION_FLAG, AT(recompilable), NULL,
     "text that compiles back to the same bytes", NULL},
    {"batch", 0, OPTION_FLAG, AT(batch), NULL,
     "one binary a line in hex on standard input, one JSON object a line out", NULL},
    {0},
};
static const struct option_group groups[] = {{"Options", rows, 0}, {0}};

/* {"hex":…,"ok":true,"dump":…} or {"hex":…,"ok":false,"status":…} */
static void answer(struct arena *a, void *self, struct bytes line, struct jsonl *j)
{
    struct bytes blob, dump = {NULL, 0};
    enum req_status status = REQ_INVALID;
    (void)self;
    if (bytes_unhex(a, line, &blob))
        status = req_print(a, blob, &dump);
    jsonl_text(j, "hex", line);
    jsonl_bool(j, "ok", status == REQ_OK);
    if (status == REQ_OK)
        jsonl_text(j, "dump", dump);
    else
        jsonl_int(j, "status", status);
}

static int put_text(struct cli *cli, struct bytes text)
{
    fwrite(text.p, 1, text.n, cli->out);
    if (text.n == 0 || text.p[text.n - 1] != '\n')
        fputc('\n', cli->out);
    return EXIT_ACCEPTED;
}

static int print_recompilable(struct cli *cli, const char *name, struct bytes blob)
{
    struct bytes text;
    const char *why;
    if (req_recompilable(cli->arena, blob, &text, &why))
        return put_text(cli, text);
    cli_say(cli, "%s: no text compiles to it: %s", name, why);
    return EXIT_REFUSED;
}

static int print_blob(struct cli *cli, const struct print_options *o, const char *name,
                      struct bytes blob)
{
    struct bytes text;
    if (o->recompilable)
        return print_recompilable(cli, name, blob);
    enum req_status status = req_print(cli->arena, blob, &text);
    if (status == REQ_OK)
        return put_text(cli, text);
    cli_say(cli, "%s: %s (%s, %d)", name, req_status_text(status), req_status_name(status), status);
    return EXIT_REFUSED;
}

static int print_hex(struct cli *cli, const struct print_options *o, const char *hex)
{
    struct bytes blob;
    if (!bytes_unhex(cli->arena, bytes_str(hex), &blob))
        return cli_usage(cli, "'%s' is not even hex digits", hex);
    return print_blob(cli, o, "the requirement", blob);
}

static int print_operand(struct cli *cli, const struct print_options *o, const char *operand)
{
    struct requirement r;
    int status = requirement_need(cli, operand, REQ_AUTO, &r);
    return status == EXIT_ACCEPTED ? print_blob(cli, o, r.name, r.blob) : status;
}

static int run(struct cli *cli, int argc, char **argv)
{
    struct print_options o = {0};
    struct name_vec operands = {0};
    int status = options_parse(cli, argc, argv, &o, &operands);
    if (status != EXIT_ACCEPTED)
        return status;
    if (o.batch)
        return operands.n ? cli_usage(cli, "--batch reads standard input alone")
                          : req_batch(cli, answer, NULL);
    if (operands.n != 1)
        return cli_usage(cli, "which requirement? one of FILE, - or =TEXT");
    return o.hex ? print_hex(cli, &o, operands.at[0]) : print_operand(cli, &o, operands.at[0]);
}

const struct command_spec req_print_spec = {
    .synopsis = "[options] REQUIREMENT",
    .about = "Prints a requirement, or a set of them, exactly as codesign -d -r- and csreq -t do.",
    .examples = "  dryseal req print my.rqset\n"
                "  dryseal req print --hex fade0c00000000100000000100000003\n",
    .options = groups,
    .run = run,
};
