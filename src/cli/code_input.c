/* SPDX-License-Identifier: Apache-2.0 */
/* Operands that are signed things (cli/code_input.h). */
#include "config.h"

#include <string.h>

#include "base/arena.h"
#include "base/status.h"
#include "base/text.h"
#include "cli/code_input.h"
#include "policy/clone.h"

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

/* The outermost app that PATH lies in, NULL when it lies in none. */
static const char *app_around(struct cli *cli, const char *path)
{
    const char *app = NULL;
    for (const char *at = path_dir(cli->arena, path); *at && strcmp(at, "/") != 0;
         at = path_dir(cli->arena, at))
        if (text_ends(at, ".app") && fs_is_dir(cli->fs, at))
            app = at;
    return app;
}

struct code *cli_code_in_place(struct cli *cli, const char *operand,
                               const struct code_options *options)
{
    const char *path = cli_path(cli, operand), *app = app_around(cli, path);
    struct code *around = NULL, *found = NULL;
    int error;
    if (app) {
        const char *name = path_base(app);
        const struct code_input in = {cli->fs, app, name};
        if (code_read(cli->arena, &in, options, &around, &error) == DS_OK)
            found = code_at_path(around, path_join(cli->arena, name, path_relative(path, app)));
    }
    /* What validation of the app does not reach is nobody's part: it stands for itself. */
    return found && found->reached ? found : cli_code_or_fault(cli, operand, options);
}

int exit_worse(int a, int b)
{
    static const int gravity[] = {[EXIT_ACCEPTED] = 0,    [EXIT_REFUSED] = 3,   [EXIT_USAGE] = 5,
                                  [EXIT_REQUIREMENT] = 1, [EXIT_UNDECIDED] = 2, [EXIT_TROUBLE] = 4};
    return gravity[a] >= gravity[b] ? a : b;
}
