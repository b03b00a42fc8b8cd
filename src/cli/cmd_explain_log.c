/* SPDX-License-Identifier: Apache-2.0 */
/* explain-log: macOS log lines in, the causes they stand for out; which it was, when the code is at hand. */
#include "config.h"

#include "base/arena.h"
#include "cli/cmd_check.h"
#include "cli/output.h"
#include "report/explained.h"

struct explain_options {
    struct check_options check;
    const char *code;
};

static const struct option_row rows[] = {
    {"code", 0, OPTION_TEXT, offsetof(struct explain_options, code), "PATH",
     "the code the log is about: tell which of the causes it has", NULL},
    {"allow-test-root", 0, OPTION_FLAG, offsetof(struct explain_options, check.test_root), NULL,
     "take the forge's throwaway identities for Apple's", NULL},
    {0},
};

static const struct option_group groups[] = {
    {"The code", rows, 0},
    {"The imagined Mac", host_option_rows, offsetof(struct explain_options, check.host)},
    {"Output", output_option_rows, offsetof(struct explain_options, check.output)},
    {0},
};

/* Judge the code the log is about; *OUT stays NULL when none was given. */
static int judge_code(struct cli *cli, const struct explain_options *options,
                      const struct judgement **out)
{
    struct check_request r = {
        .options = options->check, .host = host_default(cli->now), .only = STAGE_COUNT};
    struct judgement *judgement = arena_new_of(cli->arena, struct judgement);
    if (!options->code)
        return EXIT_ACCEPTED;
    vec_push(cli->arena, &r.paths, options->code);
    int status = check_prepare(cli, &r);
    if (status != EXIT_ACCEPTED)
        return status;
    status = check_judge(cli, &r, &r.paths, judgement);
    *out = judgement;
    return status == EXIT_TROUBLE && !judgement->findings.arena ? status : EXIT_ACCEPTED;
}

static int explain_log(struct cli *cli, int argc, char **argv)
{
    struct explain_options options = {0};
    struct name_vec files = {0};
    struct bytes text;
    struct log_report report = {0};
    const struct judgement *judgement = NULL;
    struct buf out = {.arena = cli->arena};
    int status = options_parse(cli, argc, argv, &options, &files);
    if (status != EXIT_ACCEPTED)
        return status;
    if (files.n > 1)
        return cli_usage(cli, "one FILE at most: lines of one log explain each other");
    if (!cli_read(cli, files.n ? files.at[0] : "-", &text))
        return EXIT_TROUBLE;
    status = judge_code(cli, &options, &judgement);
    if (status != EXIT_ACCEPTED)
        return status;
    log_explain(cli->arena, text, &report);
    struct output o = output_begin(cli, &options.check.output);
    if (output_is_text(&o)) {
        text_explained(&out, &report, judgement, output_style(&o));
        output_text(&o, buf_cstr(&out));
    } else {
        output_tree(&o, tree_explained(cli->arena, &report, judgement));
    }
    output_end(&o);
    return judgement && judgement->outcome == OUTCOME_INVALID ? EXIT_TROUBLE : EXIT_ACCEPTED;
}

const struct command_spec cmd_explain_log = {
    .synopsis = "[options] [FILE]",
    .about =
        "Reads lines of `log show`, of a crash report or of a tool's output, from FILE or "
        "standard input, and\n"
        "tells what they stand for: which name a fault, which only follow from one, and which "
        "look like a\n"
        "failure and are none. With the code at hand it also tells which of the causes it was.",
    .examples = "  log show --last 5m | dryseal explain-log\n"
                "  dryseal explain-log --code My.app lines.txt\n",
    .options = groups,
    .run = explain_log,
};
