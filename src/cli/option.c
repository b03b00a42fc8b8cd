/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Options: "--name value", "--name=value", "-n value", "-nvalue", clusters of letters, "--" before operands.
 * Names are written in full; options and operands may be mixed.
 */
#include "config.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "cli/cli.h"

struct parse {
    struct cli *cli;
    int argc, at; /* `at`: the word being read */
    char **argv;
    char *options; /* the command's struct */
    int status;
};

struct found {
    const struct option_row *row;
    size_t base;
};

static struct found find_name(const struct option_group *groups, const char *name, size_t n)
{
    for (const struct option_group *g = groups; g && g->title; g++)
        for (const struct option_row *r = g->rows; r->name; r++)
            if (strlen(r->name) == n && memcmp(r->name, name, n) == 0)
                return (struct found){r, g->base};
    return (struct found){0};
}

static struct found find_letter(const struct option_group *groups, char letter)
{
    for (const struct option_group *g = groups; g && g->title; g++)
        for (const struct option_row *r = g->rows; r->name; r++)
            if (r->letter == letter)
                return (struct found){r, g->base};
    return (struct found){0};
}

static void unknown(struct parse *p, const char *word)
{
    struct arena *a = p->cli->arena;
    const char *names = "--help";
    for (const struct option_group *g = p->cli->at->spec->options; g && g->title; g++)
        for (const struct option_row *r = g->rows; r->name; r++)
            names = arena_printf(a, "%s --%s", names, r->name);
    const char *hint = cli_hint(a, arena_strndup(a, word, strcspn(word, "=")), names);
    p->status = cli_usage(p->cli, "unknown option '%s'%s", word, hint);
}

static bool is_choice(const char *choices, const char *value)
{
    size_t n = strlen(value);
    for (const char *w = choices; *w; w += strcspn(w, " "), w += *w == ' ')
        if (strcspn(w, " ") == n && memcmp(w, value, n) == 0)
            return true;
    return false;
}

static void store(struct parse *p, struct found f, const char *value)
{
    void *at = p->options + f.base + f.row->at;
    switch (f.row->kind) {
    case OPTION_FLAG: *(bool *)at = true; return;
    case OPTION_COUNT: ++*(unsigned *)at; return;
    case OPTION_LIST: vec_push(p->cli->arena, (struct name_vec *)at, value); return;
    case OPTION_TEXT:
    case OPTION_OPTIONAL: *(const char **)at = value; return;
    }
}

static void store_checked(struct parse *p, struct found f, const char *value)
{
    const char *choices = f.row->choices;
    if (choices && *value && !is_choice(choices, value))
        p->status = cli_usage(p->cli, "--%s cannot be '%s'%s (one of: %s)", f.row->name, value,
                              cli_hint(p->cli->arena, value, choices), choices);
    else
        store(p, f, value);
}

static bool takes_value(const struct option_row *row)
{
    return row->kind == OPTION_TEXT || row->kind == OPTION_LIST;
}

/* The next word as the value of option WORD; NULL after a complaint. */
static const char *next_value(struct parse *p, const char *word, const struct option_row *row)
{
    if (p->at + 1 < p->argc)
        return p->argv[++p->at];
    p->status = cli_usage(p->cli, "%s needs a value: %s %s", word, word, row->value);
    return NULL;
}

static void long_option(struct parse *p, const char *word)
{
    const char *name = word + 2, *equals = strchr(name, '=');
    size_t n = equals ? (size_t)(equals - name) : strlen(name);
    struct found f = find_name(p->cli->at->spec->options, name, n);
    if (!f.row) {
        unknown(p, word);
        return;
    }
    bool needs = takes_value(f.row);
    if (equals && !needs && f.row->kind != OPTION_OPTIONAL) {
        p->status = cli_usage(p->cli, "--%s takes no value", f.row->name);
        return;
    }
    const char *value = equals ? equals + 1 : needs ? next_value(p, word, f.row) : "";
    if (value)
        store_checked(p, f, value);
}

/* "-vvR=x": letters without value, then at most one with the rest of the word, or the next, as its value. */
static void letters(struct parse *p, const char *word)
{
    for (const char *c = word + 1; *c && p->status == EXIT_ACCEPTED; c++) {
        struct found f = find_letter(p->cli->at->spec->options, *c);
        if (!f.row) {
            unknown(p, arena_printf(p->cli->arena, "-%c", *c));
            return;
        }
        if (!takes_value(f.row)) {
            store(p, f, "");
            continue;
        }
        const char name[] = {'-', *c, '\0'};
        const char *value = c[1] ? c + 1 : next_value(p, name, f.row);
        if (value)
            store_checked(p, f, value);
        return;
    }
}

int options_parse(struct cli *cli, int argc, char **argv, void *options, struct name_vec *operands)
{
    struct parse p = {.cli = cli, .argc = argc, .argv = argv, .options = options};
    bool over = false;
    for (p.at = 1; p.at < argc && p.status == EXIT_ACCEPTED; p.at++) {
        const char *word = argv[p.at];
        if (over || *word != '-' || word[1] == '\0')
            vec_push(cli->arena, operands, word);
        else if (strcmp(word, "--") == 0)
            over = true;
        else if (word[1] == '-')
            long_option(&p, word);
        else
            letters(&p, word);
    }
    return p.status;
}
