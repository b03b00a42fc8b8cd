/* SPDX-License-Identifier: Apache-2.0 */
/* req eval and req explain: does code, or a list of facts, satisfy a requirement, and why? */
#include "config.h"

#include "base/arena.h"
#include "cli/req_subject.h"
#include "format/json_read.h"
#include "lang/explain.h"
#include "report/json.h"

struct eval_options {
    struct req_subject_options subject;
    const char *format;
    bool batch, fails;
};
#define AT(field) offsetof(struct eval_options, field)

static const struct option_row eval_rows[] = {
    {"format", 0, OPTION_TEXT, AT(format), "FORMAT", "how to print (default: text)", "text json"},
    {"batch", 0, OPTION_FLAG, AT(batch), NULL,
     "one JSON object a line on standard input, one a line out", NULL},
    {0},
};
static const struct option_row explain_rows[] = {
    {"fails", 0, OPTION_FLAG, AT(fails), NULL, "only what makes the answer what it is", NULL},
    {"format", 0, OPTION_TEXT, AT(format), "FORMAT", "how to print (default: text)", "text json"},
    {0},
};
static const struct option_group eval_groups[] = {
    {"Options", eval_rows, 0}, {"What it is evaluated for", req_subject_rows, AT(subject)}, {0}};
static const struct option_group explain_groups[] = {
    {"Options", explain_rows, 0}, {"What it is evaluated for", req_subject_rows, AT(subject)}, {0}};

/* -- Streams */

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

/* -- One requirement */

struct question {
    struct cli *cli;
    struct eval_options options;
    struct requirement requirement;
    struct subject subject;
    bool has_subject;
};

static bool is_json(const struct question *q)
{
    return q->options.format && strcmp(q->options.format, "json") == 0;
}

/* Operands and options: REQUIREMENT [PATH]. */
static int ask(struct question *q, const struct name_vec *operands)
{
    if (operands->n < 1 || operands->n > 2)
        return cli_usage(q->cli, "REQUIREMENT [PATH]: a requirement is =TEXT, a file or -");
    int status = requirement_need(q->cli, operands->at[0], REQ_SINGLE, &q->requirement);
    if (status != EXIT_ACCEPTED)
        return status;
    return req_subject(q->cli, &q->options.subject, operands->n > 1 ? operands->at[1] : NULL,
                       &q->subject, &q->has_subject);
}

static int batch(struct question *q, const struct name_vec *operands)
{
    struct req_files files = {.cli = q->cli, .base = q->options.subject.base};
    if (operands->n)
        return cli_usage(q->cli, "--batch reads standard input alone");
    return req_batch(q->cli, answer, &files);
}

static int eval(struct cli *cli, int argc, char **argv)
{
    struct question q = {.cli = cli};
    struct name_vec operands = {0};
    int status = options_parse(cli, argc, argv, &q.options, &operands);
    if (status != EXIT_ACCEPTED)
        return status;
    if (q.options.batch)
        return batch(&q, &operands);
    status = ask(&q, &operands);
    if (status != EXIT_ACCEPTED)
        return status;
    if (!q.has_subject)
        return cli_usage(cli, "evaluated for what? a PATH, or --facts FILE");
    struct req_result r = req_eval(cli->arena, q.requirement.blob, &q.subject, NULL);
    struct jsonl j = jsonl_of(cli->arena);
    jsonl_open(&j, NULL, '{');
    put_result(&j, r);
    jsonl_close(&j, '}');
    fprintf(cli->out, "%s\n", is_json(&q) ? buf_cstr(&j.out) : req_result_text(cli->arena, &r));
    return req_exit(&r);
}

static void show(struct question *q, const struct req_explained *e)
{
    struct buf b = {.arena = q->cli->arena};
    bool reasons = q->options.fails && q->has_subject;
    if (is_json(q))
        buf_printf(&b, "%s\n", json_text(b.arena, req_explain_value(b.arena, e, reasons), true));
    else
        req_explain_text(&b, e, reasons);
    fputs(buf_cstr(&b), q->cli->out);
}

static int explain(struct cli *cli, int argc, char **argv)
{
    struct question q = {.cli = cli};
    struct name_vec operands = {0};
    struct req_node *root;
    struct req_trace trace = {0};
    struct req_result r = {0};
    int status = options_parse(cli, argc, argv, &q.options, &operands);
    if (status == EXIT_ACCEPTED)
        status = ask(&q, &operands);
    if (status != EXIT_ACCEPTED)
        return status;
    if (q.has_subject)
        r = req_eval(cli->arena, q.requirement.blob, &q.subject, &trace);
    if (r.error == REQ_OK)
        r.error = req_tree(cli->arena, q.requirement.blob, &root);
    if (r.error != REQ_OK) {
        cli_say(cli, "%s: %s", q.requirement.name, req_result_text(cli->arena, &r));
        return EXIT_REFUSED;
    }
    show(&q, req_explain(cli->arena, q.requirement.blob, root, q.has_subject ? &trace : NULL));
    return q.has_subject ? req_exit(&r) : EXIT_ACCEPTED;
}

const struct command_spec req_eval_spec = {
    .synopsis = "[options] REQUIREMENT [PATH]",
    .about = "Evaluates a requirement for the code at PATH, or for facts in JSON. What depends on "
             "a fact that is\nnot at hand (notarization, trust settings) is undecided, and the "
             "fact is named.\nExit status: 0 true, 1 false or an error, 4 undecided.",
    .examples = "  dryseal req eval '=anchor apple generic' My.app\n"
                "  dryseal req eval requirement.txt --facts facts.json --assume notarized=yes\n",
    .options = eval_groups,
    .run = eval,
};

const struct command_spec req_explain_spec = {
    .synopsis = "[options] REQUIREMENT [PATH]",
    .about = "Tells a requirement in sentences, part by part; with a PATH or facts, also what each "
             "part found\nand answered.",
    .examples = "  dryseal req explain '=anchor apple generic and identifier foo'\n"
                "  dryseal req explain --fails requirement.txt My.app\n",
    .options = explain_groups,
    .run = explain,
};
