/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stapler: `stapler validate`, offline: is a genuine ticket attached that lists this code
 * (codesign-output-corrections.md T1, T2)? A Mac asks Apple as well; nothing is fetched here.
 */
#include "config.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "cli/code_input.h"

enum { SUCCESS = 0, USAGE = 64, BAD_DATA = 65, NO_INPUT = 66 };

static int usage(struct cli *cli)
{
    fputs("Usage: stapler validate [-q|--quiet] [-v|--verbose] path...\n"
          "       (stapling needs Apple's service, which this program does not ask)\n",
          cli->err);
    return USAGE;
}

static const char *without_slash(struct arena *a, const char *path)
{
    size_t n = strlen(path);
    while (n > 1 && path[n - 1] == '/')
        n--;
    return arena_strndup(a, path, n);
}

static const struct code *read_code(struct cli *cli, const char *path)
{
    struct host host = host_default(cli->now);
    struct code_options how = code_options_for(cli, &host);
    const struct code_input in = {cli->fs, path, path_base(path)};
    struct code *c = NULL;
    int error;
    how.check_pages = how.check_resources = false;
    return code_read(cli->arena, &in, &how, &c, &error) == DS_OK ? c : NULL;
}

static int validate(struct cli *cli, const char *operand, bool quiet)
{
    const char *path = without_slash(cli->arena, cli_path(cli, operand));
    const struct code *c = read_code(cli, path);
    const char *text;
    int status = BAD_DATA;
    if (!quiet)
        fprintf(cli->out, "Processing: %s\n", path);
    if (!c) {
        fprintf(cli->err, "Could not find %s\n", path);
        return NO_INPUT;
    }
    if (!c->ticket.present) {
        text =
            arena_printf(cli->arena, "%s does not have a ticket stapled to it.\n", path_base(path));
    } else if (!c->ticket.valid || !c->ticket.lists_this) {
        text = arena_printf(cli->arena,
                            "Could not validate ticket for %s\n"
                            "The validate action failed! Error 65.\n",
                            path);
    } else {
        text = "The validate action worked!\n";
        status = SUCCESS;
    }
    if (!quiet)
        fputs(text, cli->out);
    return status;
}

static int stapler(struct cli *cli, int argc, char **argv)
{
    bool quiet = false;
    int status = SUCCESS, first = 2;
    if (argc < 3 || strcmp(argv[1], "validate") != 0)
        return usage(cli);
    for (; first < argc && argv[first][0] == '-'; first++) {
        const char *word = argv[first];
        bool verbose = strcmp(word, "-v") == 0 || strcmp(word, "--verbose") == 0;
        if (!verbose && strcmp(word, "-q") != 0 && strcmp(word, "--quiet") != 0)
            return usage(cli);
        quiet |= !verbose;
    }
    if (first == argc)
        return usage(cli);
    for (int i = first; i < argc; i++) {
        int one = validate(cli, argv[i], quiet);
        status = status == SUCCESS ? one : status;
    }
    return status;
}

extern const struct command_spec cmd_stapler;
const struct command_spec cmd_stapler = {
    .synopsis = "validate [-q] [-v] PATH...",
    .run = stapler,
    .raw = true,
};
