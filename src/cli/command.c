/* SPDX-License-Identifier: Apache-2.0 */
/* Commands: finding the one that is meant, its help, and what to say when there is none. */
#include "config.h"

#include <stdarg.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "cli/cli.h"

const struct command *command_find(const struct command *commands, const char *name)
{
    for (const struct command *c = commands; c->name; c++)
        if (c->spec && strcmp(c->name, name) == 0)
            return c;
    return NULL;
}

/* All command names with a blank between them, for hints. */
static const char *command_words(struct arena *a, const struct command *commands)
{
    const char *words = "";
    for (const struct command *c = commands; c->name; c++)
        if (c->spec)
            words = arena_printf(a, "%s %s", words, c->name);
    return words;
}

void command_list(FILE *to, const struct command *commands)
{
    for (const struct command *c = commands; c->name; c++) {
        if (!c->spec)
            fprintf(to, "\n%s:\n", c->group);
        else
            fprintf(to, "  %-12s %s\n", c->name, c->summary);
    }
}

static void option_help(FILE *to, const struct option_row *row)
{
    char left[64];
    const char *value = row->value ? row->value : "";
    const char *before = !row->value ? "" : row->kind == OPTION_OPTIONAL ? "[=" : " ";
    const char *after = row->value && row->kind == OPTION_OPTIONAL ? "]" : "";
    if (row->letter)
        snprintf(left, sizeof left, "-%c, --%s%s%s%s", row->letter, row->name, before, value,
                 after);
    else
        snprintf(left, sizeof left, "--%s%s%s%s", row->name, before, value, after);
    if (strlen(left) > 26)
        fprintf(to, "  %s\n  %-26s  %s", left, "", row->help);
    else
        fprintf(to, "  %-26s  %s", left, row->help);
    if (row->choices)
        fprintf(to, "\n  %-26s  one of: %s", "", row->choices);
    fputc('\n', to);
}

static void options_help(FILE *to, const struct option_group *groups)
{
    for (const struct option_group *g = groups; g && g->title; g++) {
        fprintf(to, "\n%s:\n", g->title);
        for (const struct option_row *row = g->rows; row->name; row++)
            option_help(to, row);
    }
}

void command_help(FILE *to, const char *word, const struct command *command)
{
    const struct command_spec *spec = command->spec;
    fprintf(to, "%s: %s\n\nusage: %s %s\n", word, command->summary, word, spec->synopsis);
    if (spec->about)
        fprintf(to, "\n%s\n", spec->about);
    if (spec->parts) {
        fputs("\nParts:\n", to);
        command_list(to, spec->parts);
    }
    options_help(to, spec->options);
    if (spec->examples)
        fprintf(to, "\nExamples:\n%s", spec->examples);
}

static int unknown_command(struct cli *cli, const struct command *commands, const char *name)
{
    const char *hint = cli_hint(cli->arena, name, command_words(cli->arena, commands));
    if (strchr(name, '/') || strchr(name, '.'))
        return cli_usage(cli, "'%s' is no command; to check it: %s check %s", name, cli->word,
                         name);
    if (*name == '-')
        return cli_usage(cli, "unknown option '%s'; options come after the command", name);
    return cli_usage(cli, "'%s' is no command%s", name, hint);
}

/* Whether --help or -h stands among the words (not behind "--"). */
static bool asks_help(int argc, char **argv)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            return true;
    return false;
}

int command_dispatch(struct cli *cli, const struct command *commands, int argc, char **argv)
{
    const struct command *command = command_find(commands, argv[0]);
    if (!command)
        return unknown_command(cli, commands, argv[0]);
    const struct command_spec *spec = command->spec;
    cli->word = arena_printf(cli->arena, "%s %s", cli->word, command->name);
    cli->at = command;
    if (spec->parts && argc > 1 && *argv[1] != '-')
        return command_dispatch(cli, spec->parts, argc - 1, argv + 1);
    if (!spec->raw && asks_help(argc, argv)) {
        command_help(cli->out, cli->word, command);
        return EXIT_ACCEPTED;
    }
    if (spec->parts)
        return cli_usage(cli, "which part? one of:%s", command_words(cli->arena, spec->parts));
    return spec->run(cli, argc, argv);
}

__attribute__((format(printf, 2, 0))) static void say(struct cli *cli, const char *fmt, va_list ap)
{
    fprintf(cli->err, "%s: ", cli->word);
    vfprintf(cli->err, fmt, ap);
    fputc('\n', cli->err);
}

void cli_say(struct cli *cli, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    say(cli, fmt, ap);
    va_end(ap);
}

int cli_usage(struct cli *cli, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    say(cli, fmt, ap);
    va_end(ap);
    fprintf(cli->err, "See '%s --help'.\n", cli->word);
    return EXIT_USAGE;
}

int cli_trouble(struct cli *cli, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    say(cli, fmt, ap);
    va_end(ap);
    return EXIT_TROUBLE;
}

const char *cli_hint(struct arena *a, const char *word, const char *words)
{
    struct name_vec list = {0};
    while (*words) {
        size_t n = strcspn(words, " ");
        if (n)
            vec_push(a, &list, arena_strndup(a, words, n));
        words += n + (words[n] == ' ');
    }
    const char *near = text_suggest(word, list.at, list.n);
    return near ? arena_printf(a, "; did you mean '%s'?", near) : "";
}
