/* SPDX-License-Identifier: Apache-2.0 */
/* show: the facts themselves. */
#include "config.h"

#include "base/arena.h"
#include "cli/code_input.h"
#include "cli/output.h"

static const struct option_group groups[] = {
    {"Output", output_option_rows, 0},
    {0},
};

static int show(struct cli *cli, int argc, char **argv)
{
    struct output_options options = {0};
    struct name_vec paths = {0};
    struct host host = host_default(cli->now);
    int status = options_parse(cli, argc, argv, &options, &paths);
    if (status != EXIT_ACCEPTED)
        return status;
    if (paths.n == 0)
        return cli_usage(cli, "which path?");
    struct output o = output_begin(cli, &options);
    struct code_options how = code_options_for(cli, &host);
    for (size_t i = 0; i < paths.n; i++) {
        struct code *code = cli_code(cli, paths.at[i], &how);
        if (code)
            output_code(&o, code);
        else
            status = EXIT_TROUBLE;
    }
    output_end(&o);
    return status;
}

const struct command_spec cmd_show = {
    .synopsis = "[options] PATH...",
    .about = "The facts, unjudged: identifiers, cdhashes, signers, entitlements, requirements and "
             "profiles of PATH and\n"
             "of everything nested in it.",
    .options = groups,
    .run = show,
};
