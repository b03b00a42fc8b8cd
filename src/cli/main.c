/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dryseal: a dry run of macOS code signing, on any machine. This file is the map of the program (design §4).
 *
 *   commands.def      the table of commands; help, dispatch and hints fall out of it
 *   command.c         finding a command, its help, what to say when there is none
 *   option.c          the parser of options, by each command's table
 *   host_options.c    the options that describe the imagined Mac
 *   trust_options.c   the options that hand over roots, certificates, lists and responses
 *   input.c           operands and options → facts (seal/code.h), rules, requirements
 *   output.c          --format → a renderer of report/
 *   cmd_check.c       check, verify: facts → judgement → report
 *   cmd_show.c        show: the facts themselves
 *   cmd_*.c           one file a command
 *   compat_*.c        Apple's command lines: the same text on the same stream, the same status
 *   imitated.c        as which macOS prints them
 *
 * A command sees struct cli (cli.h): an arena, a file system, streams and a clock. Nothing else of the
 * process reaches it, so that cases replay command lines over files that exist in memory only.
 */
#include "config.h"

#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/status.h"
#include "base/text.h"
#include "cli/cli.h"
#include "dryseal.h"

#define GROUP(title)
#define COMMAND(id, name, summary) extern const struct command_spec cmd_##id;
#include "cli/commands.def"
#undef GROUP
#undef COMMAND

/* A group's heading is a row without spec. */
static const struct command commands[] = {
#define GROUP(title)              {.group = title, .name = ""},
#define COMMAND(id, word, phrase) {.name = word, .summary = phrase, .spec = &cmd_##id},
#include "cli/commands.def"
#undef GROUP
#undef COMMAND
    {0},
};

static void print_help(FILE *to)
{
    fputs("dryseal: a dry run of macOS code signing, on any machine.\n\n"
          "usage: dryseal COMMAND [options] [PATH...]\n"
          "       dryseal COMMAND --help\n",
          to);
    command_list(to, commands);
    fputs(
        "\nExit status: 0 accepted, 1 refused, 2 usage, 3 requirement (-R) not met, 4 undecided,\n"
        "5 could not work.  The manual: man dryseal.\n",
        to);
}

/* `dryseal help [COMMAND [PART]]` is `dryseal COMMAND [PART] --help`. */
static int help(struct cli *cli, int argc, char **argv)
{
    static char option[] = "--help";
    if (argc < 2) {
        print_help(cli->out);
        return EXIT_ACCEPTED;
    }
    char **words = arena_array(cli->arena, (size_t)argc + 1, char *);
    memcpy(words, argv + 1, (size_t)(argc - 1) * sizeof *words);
    words[argc - 1] = option;
    return command_dispatch(cli, commands, argc, words);
}

static int no_command(struct cli *cli)
{
    print_help(cli->err);
    return EXIT_USAGE;
}

int cli_run(struct cli *cli, int argc, char **argv)
{
    const char *name = argc > 0 ? path_base(argv[0]) : "dryseal";
    cli->program = argc > 0 ? argv[0] : name;
    cli->word = "dryseal";
    const struct command *by_name = command_find(commands, name);
    if (by_name && by_name->spec->raw)
        return by_name->spec->run(cli, argc, argv);
    if (argc < 2)
        return no_command(cli);
    const char *first = argv[1];
    if (strcmp(first, "--help") == 0 || strcmp(first, "-h") == 0 || strcmp(first, "help") == 0)
        return help(cli, argc - 1, argv + 1);
    if (strcmp(first, "--version") == 0) {
        fprintf(cli->out, "dryseal %s\n", ds_version());
        return EXIT_ACCEPTED;
    }
    return command_dispatch(cli, commands, argc - 1, argv + 1);
}

struct process {
    struct arena *arena;
    int argc;
    char **argv;
    int exit_status;
};

/* The directory relative operands start from. */
static const char *working_directory(struct arena *a)
{
    char *cwd = getcwd(NULL, 0);
    const char *copy = arena_strdup(a, cwd ? cwd : "/");
    free(cwd);
    return copy;
}

static bool wants_colour(void)
{
    const char *off = getenv("NO_COLOR"), *term = getenv("TERM");
    return !(off && *off) && isatty(STDOUT_FILENO) && term && strcmp(term, "dumb") != 0;
}

static enum ds_status run_process(void *arg)
{
    struct process *p = arg;
    struct cli cli = {
        .arena = p->arena,
        .fs = fs_disk(p->arena),
        .cwd = working_directory(p->arena),
        .in = stdin,
        .out = stdout,
        .err = stderr,
        .colour = wants_colour(),
        .now = (int64_t)time(NULL),
    };
    p->exit_status = cli_run(&cli, p->argc, p->argv);
    return DS_OK;
}

/* A report that was not written whole must not look like a verdict. */
static int finish_output(int exit_status)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return exit_status;
    fputs("dryseal: cannot write the output\n", stderr);
    return EXIT_TROUBLE;
}

int main(int argc, char **argv)
{
    struct process process = {.arena = arena_new(0), .argc = argc, .argv = argv};
    enum ds_status status = DS_NOMEM;
    if (process.arena)
        status = arena_run(process.arena, run_process, &process);
    if (status != DS_OK) {
        fprintf(stderr, "dryseal: %s\n", status_text(status));
        process.exit_status = EXIT_TROUBLE;
    }
    int exit_status = finish_output(process.exit_status);
    arena_free(process.arena);
    return exit_status;
}
