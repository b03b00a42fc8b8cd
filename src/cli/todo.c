/* SPDX-License-Identifier: Apache-2.0 */
/* Commands that are not built yet. They say so and never pass. A command that is built leaves this file. */
#include "config.h"

#include "cli/cli.h"

static int not_built(struct cli *cli, int argc, char **argv)
{
    (void)argc;
    (void)argv;
    return cli_trouble(cli, "not built yet in this version");
}

#define NOT_BUILT(id)                          \
    extern const struct command_spec cmd_##id; \
    const struct command_spec cmd_##id = {.synopsis = "(not built yet)", .run = not_built}

NOT_BUILT(spctl);
