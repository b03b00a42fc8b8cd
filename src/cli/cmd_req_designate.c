/* SPDX-License-Identifier: Apache-2.0 */
/* req designate: the default designated requirement for an identifier and a chain of certificates. */
#include "config.h"

#include "base/arena.h"
#include "cli/req.h"
#include "format/json_read.h"
#include "lang/designate.h"
#include "lang/print.h"

struct designate_options {
    bool batch;
    const char *base;
};
#define AT(field) offsetof(struct designate_options, field)

static const struct option_row rows[] = {
    {"base", 0, OPTION_TEXT, AT(base), "DIR", "where files named in facts are looked for", NULL},
    {"batch", 0, OPTION_FLAG, AT(batch), NULL,
     "one JSON object a line on standard input, one a line out", NULL},
    {0},
};
static const struct option_group groups[] = {{"Options", rows, 0}, {0}};

static void put_error(struct jsonl *j, const char *why)
{
    jsonl_str(j, "hex", NULL);
    jsonl_str(j, "error", why);
}

static void put_requirement(struct arena *a, struct jsonl *j, struct bytes blob)
{
    struct bytes dump;
    if (blob.n == 0 || req_print(a, blob, &dump) != REQ_OK) {
        jsonl_str(j, "hex", NULL);
        return;
    }
    jsonl_hex(j, "hex", blob);
    jsonl_text(j, "dump", dump);
}

/* {"identifier":…,"certs":[…],"apple_anchors":[…]} → {"hex":…,"dump":…}; hex null: no requirement is made. */
static void answer(struct arena *a, void *self, struct bytes line, struct jsonl *j)
{
    struct facts_source source = {req_file_read, self, true};
    struct value *v;
    struct value_error error = {0};
    struct subject s;
    if (json_parse(a, line, &v, &error) != DS_OK ||
        facts_subject(a, v, &source, &s, &error) != DS_OK) {
        put_error(j, error.message);
        return;
    }
    if (!req_member_text(a, v, "identifier", &s.identifier)) {
        put_error(j, "no identifier");
        return;
    }
    put_requirement(a, j, req_designate(a, &s));
}

static int run(struct cli *cli, int argc, char **argv)
{
    struct designate_options o = {0};
    struct name_vec operands = {0};
    int status = options_parse(cli, argc, argv, &o, &operands);
    if (status != EXIT_ACCEPTED)
        return status;
    struct req_files files = {.cli = cli, .base = o.base};
    if (o.batch)
        return operands.n ? cli_usage(cli, "--batch reads standard input alone")
                          : req_batch(cli, answer, &files);
    return cli_trouble(cli, "only --batch is built yet in this version");
}

const struct command_spec req_designate_spec = {
    .synopsis = "[options] PATH",
    .about = "Prints the designated requirement that code gets when its signature holds none.",
    .options = groups,
    .run = run,
};
