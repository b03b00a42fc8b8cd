/* SPDX-License-Identifier: Apache-2.0 */
/* req eval: does code, or a list of facts, satisfy a requirement? */
#include "config.h"

#include "base/arena.h"
#include "cli/req.h"
#include "format/json_read.h"
#include "lang/eval.h"

struct eval_options {
    bool batch;
    const char *base;
};
#define AT(field) offsetof(struct eval_options, field)

static const struct option_row rows[] = {
    {"base", 0, OPTION_TEXT, AT(base), "DIR", "where files named in facts are looked for", NULL},
    {"batch", 0, OPTION_FLAG, AT(batch), NULL,
     "one JSON object a line on standard input, one a line out", NULL},
    {0},
};
static const struct option_group groups[] = {{"Options", rows, 0}, {0}};

static void put_error(struct jsonl *j, enum req_status status, const char *why)
{
    jsonl_str(j, "result", "error");
    jsonl_int(j, "status", status);
    if (why)
        jsonl_str(j, "error", why);
}

static void put_result(struct jsonl *j, struct req_result r)
{
    if (r.error != REQ_OK) {
        put_error(j, r.error, NULL);
    } else if (r.verdict == VERDICT_UNDECIDED) {
        jsonl_str(j, "result", "undecided");
        jsonl_str(j, "missing", r.missing);
    } else {
        jsonl_bool(j, "result", r.verdict == VERDICT_YES);
    }
}

/* The requirement of a line: compiled in `hex`, or its text in `requirement`. */
static bool requirement_of(struct arena *a, const struct value *v, struct req_files *files,
                           struct bytes *blob)
{
    struct req_options options = {REQ_SINGLE, req_file_sha1, files};
    const struct value *hex = value_get(v, "hex");
    struct bytes text;
    if (value_is(hex, VALUE_STRING))
        return bytes_unhex(a, hex->bytes, blob);
    if (!req_member_text(a, v, "requirement", &text))
        return false;
    struct req_compiled c = req_compile(a, text, &options);
    *blob = c.blob;
    return c.ok;
}

/* {"result":true|false|"undecided"|"error","status":…}; the status only with an error. */
static void answer(struct arena *a, void *self, struct bytes line, struct jsonl *j)
{
    struct req_files *files = self;
    struct facts_source source = {req_file_read, files, true};
    struct value *v;
    struct value_error error = {0};
    struct subject s;
    struct bytes blob;
    if (json_parse(a, line, &v, &error) != DS_OK) {
        put_error(j, REQ_INVALID, error.message);
        return;
    }
    if (facts_subject(a, value_get(v, "context"), &source, &s, &error) != DS_OK) {
        put_error(j, REQ_INVALID, error.message);
        return;
    }
    s.unread_operands = true;
    if (!requirement_of(a, v, files, &blob)) {
        put_error(j, REQ_INVALID, "the requirement does not compile");
        return;
    }
    put_result(j, req_eval(a, blob, &s, NULL));
}

static int run(struct cli *cli, int argc, char **argv)
{
    struct eval_options o = {0};
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

const struct command_spec req_eval_spec = {
    .synopsis = "[options] REQUIREMENT [PATH]",
    .about = "Evaluates a requirement, three-valued: what depends on a fact that is not at hand is "
             "undecided.",
    .options = groups,
    .run = run,
};
