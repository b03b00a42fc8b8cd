/* SPDX-License-Identifier: Apache-2.0 */
/* Operands that are signed things (cli/code_input.h). */
#include "config.h"

#include <string.h>

#include "base/arena.h"
#include "base/status.h"
#include "base/text.h"
#include "cli/code_input.h"

struct code_options code_options_for(const struct cli *cli, const struct host *host)
{
    return (struct code_options){
        .deep = true,
        .strict = true,
        .restrict_symlinks = true,
        .restrict_sideband = true,
        .check_pages = true,
        .check_resources = true,
        .collect_all = true,
        .allow_test_root = cli->allow_test_root,
        .now = host->date,
        .arch = host->arch,
    };
}

/* What findings call the top-level item: its own name, whatever way led to it. */
static const char *reported_name(struct cli *cli, const char *path)
{
    const char *name = path_base(path);
    return *name ? arena_strdup(cli->arena, name) : "/";
}

struct code *cli_code(struct cli *cli, const char *operand, const struct code_options *options)
{
    struct code *code = NULL;
    int error = 0;
    const char *path = cli_path(cli, operand);
    const struct code_input in = {cli->fs, path, reported_name(cli, path)};
    enum ds_status status = code_read(cli->arena, &in, options, &code, &error);
    if (status == DS_OK)
        return code;
    cli_say(cli, "%s: %s", operand, error ? strerror(error) : status_text(status));
    return NULL;
}

int exit_worse(int a, int b)
{
    static const int gravity[] = {[EXIT_ACCEPTED] = 0,    [EXIT_REFUSED] = 3,   [EXIT_USAGE] = 5,
                                  [EXIT_REQUIREMENT] = 1, [EXIT_UNDECIDED] = 2, [EXIT_TROUBLE] = 4};
    return gravity[a] >= gravity[b] ? a : b;
}
