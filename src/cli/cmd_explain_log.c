/* SPDX-License-Identifier: Apache-2.0 */
/* explain-log: macOS log lines in, the causes they stand for out. */
#include "config.h"

#include "base/arena.h"
#include "cli/output.h"
#include "report/explained.h"

static const struct option_group groups[] = {
    {"Output", output_option_rows, 0},
    {0},
};

static int explain_log(struct cli *cli, int argc, char **argv)
{
    struct output_options options = {0};
    struct name_vec files = {0};
    struct bytes text;
    struct log_report report = {0};
    struct buf out = {.arena = cli->arena};
    int status = options_parse(cli, argc, argv, &options, &files);
    if (status != EXIT_ACCEPTED)
        return status;
    if (files.n > 1)
        return cli_usage(cli, "one FILE at most: lines of one log explain each other");
    if (!cli_read(cli, files.n ? files.at[0] : "-", &text))
        return EXIT_TROUBLE;
    log_explain(cli->arena, text, &report);
    struct output o = output_begin(cli, &options);
    if (output_is_text(&o)) {
        text_explained(&out, &report, output_style(&o));
        output_text(&o, buf_cstr(&out));
    } else {
        output_tree(&o, tree_explained(cli->arena, &report));
    }
    output_end(&o);
    return EXIT_ACCEPTED;
}

const struct command_spec cmd_explain_log = {
    .synopsis = "[options] [FILE]",
    .about = "Reads lines of `log show`, of a crash report or of a tool's output, from FILE or "
             "standard input, and\n"
             "tells what they stand for: which name a fault, which only follow from one, and which "
             "look like a\n"
             "failure and are none.",
    .examples = "  log show --last 5m | dryseal explain-log\n",
    .options = groups,
    .run = explain_log,
};
