/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cli: what every command is given and what it gives back (design §4).
 *
 * A command reads files through cli->fs and writes to cli->out and cli->err, never to the process's own
 * streams, so that a case can replay a command line over forged files in memory. It runs inside one
 * arena_run(): allocations never fail in its sight.
 */
#ifndef DS_CLI_CLI_H
#define DS_CLI_CLI_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/file.h"

/* Exit statuses; they never depend on --format. */
enum exit_status {
    EXIT_ACCEPTED = 0,
    EXIT_REFUSED = 1,
    EXIT_USAGE = 2,
    EXIT_REQUIREMENT = 3, /* valid, but a requirement given with -R is not met */
    EXIT_UNDECIDED = 4,
    EXIT_TROUBLE = 5, /* could not work: input or output, memory, not built */
};

struct command;
struct host;
struct trust_options;

struct cli {
    struct arena *arena;
    struct fs *fs;   /* where operands are read from */
    const char *cwd; /* what relative operands start from, in `fs` */
    FILE *in, *out, *err;
    bool colour;                       /* `out` wants colours */
    bool allow_test_root;              /* forged input: the test root stands in for Apple's */
    int64_t now;                       /* the clock, read once */
    const struct host *host;           /* the imagined Mac of a case; NULL: the command's own */
    const struct trust_options *trust; /* files of a case about its certificates; NULL: none */
    const struct name_vec *profiles;   /* of a case: installed on its Mac; NULL: none */
    const char *program;               /* argv[0] as called: Apple's tools print it in complaints */
    const char *word;                  /* "dryseal check": how messages of ours begin */
    const struct command *at;          /* the command that runs */
};

/* How an option takes its value. `at` of the row is the offset of the variable named here. */
enum option_kind {
    OPTION_FLAG,     /* bool: set to true */
    OPTION_COUNT,    /* unsigned: one more each time */
    OPTION_TEXT,     /* const char *: the value; the last one wins */
    OPTION_OPTIONAL, /* const char *: "--name" gives "", "--name=X" gives X */
    OPTION_LIST,     /* struct name_vec: every value */
};

struct option_row {
    const char *name; /* "macos", NULL ends the rows */
    char letter;      /* 'R'; 0 for none */
    enum option_kind kind;
    size_t at;
    const char *value;   /* "VERSION": what help calls the value */
    const char *help;    /* one phrase */
    const char *choices; /* blank-separated words, when only these are allowed */
};

struct option_group {
    const char *title; /* "The imagined Mac" */
    const struct option_row *rows;
    size_t base; /* offset of the group's struct in the command's options */
};

typedef int command_function(struct cli *cli, int argc, char **argv);

/* What a command's own file says of it; name and summary are in commands.def. */
struct command_spec {
    const char *synopsis;               /* "[options] PATH..." */
    const char *about;                  /* paragraphs for its --help, NULL for none */
    const char *examples;               /* lines for its --help, NULL for none */
    const struct option_group *options; /* ended by a row without title; NULL: none */
    const struct command *parts;        /* subcommands, ended by a row without name; NULL: none */
    command_function *run;              /* argv[0] is the command's name; NULL when it has parts */
    bool raw;                           /* parses all its arguments itself, --help too */
};

struct command {
    const char *name;
    const char *group; /* heading in --help; rows of a group are neighbours */
    const char *summary;
    const struct command_spec *spec;
};

/* Run the one of COMMANDS that argv[0] names: suggestions, --help and subcommands included. */
int command_dispatch(struct cli *cli, const struct command *commands, int argc, char **argv);
/* NULL when there is none of that name. */
const struct command *command_find(const struct command *commands, const char *name);
/* The list of commands, and the help of one. */
void command_list(FILE *to, const struct command *commands);
void command_help(FILE *to, const char *word, const struct command *command);

/*
 * The whole program but for the process's own streams and clock: argv[0] is the program's name, argv[1] a
 * command. Cases run command lines through this.
 */
int cli_run(struct cli *cli, int argc, char **argv);

/*
 * Parse argv[1…] by the running command's options into OPTIONS; what is no option is moved to OPERANDS.
 * Returns EXIT_ACCEPTED, or EXIT_USAGE after the complaint was printed.
 */
int options_parse(struct cli *cli, int argc, char **argv, void *options, struct name_vec *operands);

/* A complaint on cli->err: "dryseal check: TEXT". */
void cli_say(struct cli *cli, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* The same, then where help is; returns EXIT_USAGE. */
int cli_usage(struct cli *cli, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* The same without it; returns EXIT_TROUBLE. */
int cli_trouble(struct cli *cli, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* OPERAND as a normal absolute path in cli->fs, links not followed. */
char *cli_path(struct cli *cli, const char *operand);
/* The whole file OPERAND; 0, or an errno without a complaint. */
int cli_map(struct cli *cli, const char *operand, struct bytes *out);
/* The whole file OPERAND, or standard input for "-". False after a complaint. */
bool cli_read(struct cli *cli, const char *operand, struct bytes *out);

/* ", did you mean 'X'?" for a slip of one of the blank-separated WORDS, else "". */
const char *cli_hint(struct arena *a, const char *word, const char *words);

#endif
