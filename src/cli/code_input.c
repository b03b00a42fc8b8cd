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
    struct code_options options = code_options_thorough();
    options.allow_test_root = cli->allow_test_root;
    options.now = host->date;
    options.arch = host->arch;
    return options;
}

/* What findings call the top-level item: its own name, whatever way led to it. */
static const char *reported_name(struct cli *cli, const char *path)
{
    const char *name = path_base(path);
    return *name ? arena_strdup(cli->arena, name) : "/";
}

/* Code at OPERAND, NULL with *ERROR when it cannot be read at all. */
static struct code *read_code(struct cli *cli, const char *operand,
                              const struct code_options *options, struct code_input *in, int *error)
{
    struct code *code = NULL;
    const char *path = cli_path(cli, operand);
    *in = (struct code_input){cli->fs, path, reported_name(cli, path)};
    return code_read(cli->arena, in, options, &code, error) == DS_OK ? code : NULL;
}

struct code *cli_code(struct cli *cli, const char *operand, const struct code_options *options)
{
    struct code_input in;
    int error = 0;
    struct code *code = read_code(cli, operand, options, &in, &error);
    if (!code)
        cli_say(cli, "%s: %s", operand, strerror(error));
    return code;
}

struct code *cli_code_or_fault(struct cli *cli, const char *operand,
                               const struct code_options *options)
{
    struct code_input in;
    int error = 0;
    struct code *code = read_code(cli, operand, options, &in, &error);
    return code ? code : code_unreadable(cli->arena, &in, error);
}

int exit_worse(int a, int b)
{
    static const int gravity[] = {[EXIT_ACCEPTED] = 0,    [EXIT_REFUSED] = 3,   [EXIT_USAGE] = 5,
                                  [EXIT_REQUIREMENT] = 1, [EXIT_UNDECIDED] = 2, [EXIT_TROUBLE] = 4};
    return gravity[a] >= gravity[b] ? a : b;
}
