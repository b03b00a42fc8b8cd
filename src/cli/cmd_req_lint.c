/* SPDX-License-Identifier: Apache-2.0 */
/* req lint: what compiles but is not what people mean. */
#include "config.h"

#include "base/arena.h"
#include "cli/req.h"
#include "lang/lint.h"
#include "lang/reqset.h"

struct lint_options {
    const char *mode;
    bool batch;
    const char *format;
};
#define AT(field) offsetof(struct lint_options, field)

static const struct option_row rows[] = {
    {"mode", 0, OPTION_TEXT, AT(mode), "MODE", "one requirement, a set, or what it looks like",
     REQ_MODES},
    {"format", 0, OPTION_TEXT, AT(format), "FORMAT", "how to print (default: text)", "text json"},
    {"batch", 0, OPTION_FLAG, AT(batch), NULL,
     "one text a line on standard input, one JSON object a line out", NULL},
    {0},
};
static const struct option_group groups[] = {{"Options", rows, 0}, {0}};

/* All that is to be said of one requirement or a set. */
static void lint_all(struct arena *a, struct bytes text, struct bytes blob,
                     struct req_lint_vec *out)
{
    struct req_set set;
    if (text.n)
        req_lint_source(a, text, out);
    if (reqset_open(a, blob, &set) != REQ_OK) {
        req_lint_program(a, blob, out);
        return;
    }
    for (size_t i = 0; i < set.members.n; i++)
        if (set.members.at[i].valid)
            req_lint_program(a, set.members.at[i].blob, out);
}

static void put_lint(struct buf *b, const struct req_lint *l)
{
    const char *advice = req_lint_advice(l->id);
    buf_printf(b, "%s: %s [%s]\n", req_lint_severity_name(req_lint_severity(l->id)),
               req_lint_text(l->id), req_lint_name(l->id));
    if (*l->part)
        buf_printf(b, "    %s\n", l->part);
    if (*advice)
        buf_printf(b, "    advice: %s\n", advice);
}

static void put_members(struct jsonl *j, const struct req_lint_vec *v)
{
    jsonl_open(j, "lint", '[');
    for (size_t i = 0; i < v->n; i++) {
        const struct req_lint *l = &v->at[i];
        jsonl_open(j, NULL, '{');
        jsonl_str(j, "id", req_lint_name(l->id));
        jsonl_str(j, "severity", req_lint_severity_name(req_lint_severity(l->id)));
        jsonl_str(j, "message", req_lint_text(l->id));
        if (*l->part)
            jsonl_str(j, "part", l->part);
        if (*req_lint_advice(l->id))
            jsonl_str(j, "advice", req_lint_advice(l->id));
        jsonl_close(j, '}');
    }
    jsonl_close(j, ']');
}

static void answer(struct arena *a, void *self, struct bytes line, struct jsonl *j)
{
    struct lint_options *o = self;
    struct req_options options = {.mode = req_mode_named(o->mode)};
    struct bytes text = req_unescape(a, line);
    struct req_compiled c = req_compile(a, text, &options);
    struct req_lint_vec v = {0};
    jsonl_text(j, "text", text);
    jsonl_bool(j, "ok", c.ok);
    if (c.ok)
        lint_all(a, text, c.blob, &v);
    put_members(j, &v);
}

static enum lint_severity worst(const struct req_lint_vec *v)
{
    enum lint_severity severity = LINT_NOTE;
    for (size_t i = 0; i < v->n; i++)
        if (req_lint_severity(v->at[i].id) > severity)
            severity = req_lint_severity(v->at[i].id);
    return severity;
}

static int lint_one(struct cli *cli, const struct lint_options *o, const char *operand)
{
    struct requirement r;
    struct req_lint_vec v = {0};
    struct buf b = {.arena = cli->arena};
    struct jsonl j = jsonl_of(cli->arena);
    int status = requirement_need(cli, operand, req_mode_named(o->mode), &r);
    if (status != EXIT_ACCEPTED)
        return status;
    lint_all(cli->arena, r.text, r.blob, &v);
    for (size_t i = 0; i < v.n; i++)
        put_lint(&b, &v.at[i]);
    jsonl_open(&j, NULL, '{');
    put_members(&j, &v);
    jsonl_close(&j, '}');
    if (o->format && strcmp(o->format, "json") == 0)
        fprintf(cli->out, "%s\n", buf_cstr(&j.out));
    else
        fputs(buf_cstr(&b), cli->out);
    return worst(&v) == LINT_NOTE ? EXIT_ACCEPTED : EXIT_REFUSED;
}

static int run(struct cli *cli, int argc, char **argv)
{
    struct lint_options o = {0};
    struct name_vec operands = {0};
    int status = options_parse(cli, argc, argv, &o, &operands);
    if (status != EXIT_ACCEPTED)
        return status;
    if (o.batch)
        return operands.n ? cli_usage(cli, "--batch reads standard input alone")
                          : req_batch(cli, answer, &o);
    if (operands.n != 1)
        return cli_usage(cli, "which requirement? one of =TEXT, FILE or -");
    return lint_one(cli, &o, operands.at[0]);
}

const struct command_spec req_lint_spec = {
    .synopsis = "[options] REQUIREMENT",
    .about = "Tells what compiles but is probably not what was meant. Parts that are never or "
             "always true, or make\nno difference, are named only when that was proved.\n"
             "Exit status: 0 nothing, or notes alone; 1 something to change.",
    .examples = "  dryseal req lint '=anchor apple generic and identifier com'\n",
    .options = groups,
    .run = run,
};
