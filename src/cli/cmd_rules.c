/* SPDX-License-Identifier: Apache-2.0 */
/* rules: the rule book with its evidence, the words it is written in, and the entitlement catalogue. */
#include "config.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "cli/output.h"
#include "policy/rules.h"
#include "report/book.h"

struct rules_options {
    struct output_options output;
    struct name_vec files;
    const char *stage;
};

#define AT(member) offsetof(struct rules_options, member)

static const struct option_row rows[] = {
    {"rules", 0, OPTION_LIST, AT(files), "FILE", "rules to add to the book, or to replace there",
     NULL},
    {"stage", 0, OPTION_TEXT, AT(stage), "STAGE", "the rules of this stage alone", NULL},
    {0},
};

static const struct option_group groups[] = {
    {"Options", rows, 0},
    {"Output", output_option_rows, AT(output)},
    {0},
};

/* What is shown: text collects in `text`, trees in `list`. */
struct showing {
    struct cli *cli;
    struct output output;
    struct buf text;
    struct value *list;
    size_t shown;
};

static int finish(struct showing *s)
{
    if (output_is_text(&s->output))
        output_text(&s->output, buf_cstr(&s->text));
    else
        output_tree(&s->output, s->list);
    output_end(&s->output);
    return EXIT_ACCEPTED;
}

/* -- the book */

static bool read_book(struct cli *cli, const struct rules_options *o, const struct rules **book)
{
    *book = rules_builtin(cli->arena);
    for (size_t i = 0; i < o->files.n; i++) {
        const char *file = o->files.at[i];
        struct value_error e = {0};
        struct bytes text;
        if (!cli_read(cli, file, &text))
            return false;
        if (rules_load(cli->arena, text, path_base(file), book, &e) == DS_OK)
            continue;
        cli_trouble(cli, "%s:%u:%u: %s%s", file, e.span.line, e.span.column, e.message,
                    e.suggestion ? arena_printf(cli->arena, "; did you mean '%s'?", e.suggestion)
                                 : "");
        return false;
    }
    return true;
}

static void show_rule(struct showing *s, const struct rule *rule)
{
    buf_str(&s->text, s->shown++ ? "\n" : "");
    text_rule(&s->text, rule);
    value_append(s->cli->arena, s->list, tree_rule(s->cli->arena, rule));
}

static void list_rules(struct showing *s, const struct rules *book, enum stage only)
{
    const struct rule *before = NULL;

    for (int stage = 0; stage < STAGE_COUNT; stage++) {
        for (size_t i = 0; i < book->list.n; i++) {
            const struct rule *rule = book->list.at[i];
            if ((int)rule->stage != stage || (only != STAGE_COUNT && rule->stage != only))
                continue;
            text_rule_line(&s->text, rule, before);
            value_append(s->cli->arena, s->list, tree_rule(s->cli->arena, rule));
            before = rule;
        }
    }
}

static int explain_rule(struct showing *s, const struct rules *book, const char *name)
{
    size_t before = s->shown;
    const char **words = arena_array(s->cli->arena, book->list.n + 1, const char *);
    const char *near;

    for (size_t i = 0; i < book->list.n; i++) {
        words[i] = book->list.at[i]->id;
        if (rule_is_named(book->list.at[i], name))
            show_rule(s, book->list.at[i]);
    }
    if (s->shown > before)
        return EXIT_ACCEPTED;
    near = text_suggest(name, words, book->list.n);
    return cli_usage(s->cli, "there is no rule '%s'%s", name,
                     near ? arena_printf(s->cli->arena, ", did you mean '%s'?", near) : "");
}

/* -- entitlements */

static void show_entitlement(struct showing *s, const struct entitlement_row *row)
{
    buf_str(&s->text, s->shown++ ? "\n" : "");
    text_entitlement(&s->text, row);
    value_append(s->cli->arena, s->list, tree_entitlement(s->cli->arena, row));
}

static int entitlements(struct showing *s, const struct name_vec *keys)
{
    for (size_t i = 0; keys->n == 1 && i < entitlement_count(); i++)
        show_entitlement(s, entitlement_at(i));
    for (size_t i = 1; i < keys->n; i++)
        show_entitlement(s, entitlement_find(keys->at[i], false));
    return finish(s);
}

/* -- the command */

static int rules(struct cli *cli, int argc, char **argv)
{
    struct rules_options options = {.stage = NULL};
    struct name_vec names = {0};
    const struct rules *book;
    enum stage only = STAGE_COUNT;
    int status = options_parse(cli, argc, argv, &options, &names);

    if (status != EXIT_ACCEPTED)
        return status;
    if (!read_book(cli, &options, &book))
        return EXIT_TROUBLE;
    if (options.stage && (only = stage_find(options.stage)) == STAGE_COUNT)
        return cli_usage(cli, "there is no stage '%s'", options.stage);
    struct showing s = {
        cli, output_begin(cli, &options.output), {.arena = cli->arena}, value_array(cli->arena), 0};
    if (names.n && strcmp(names.at[0], "entitlements") == 0)
        return entitlements(&s, &names);
    if (names.n && strcmp(names.at[0], "words") == 0) {
        text_vocabulary(&s.text);
        s.list = tree_vocabulary(cli->arena);
        return finish(&s);
    }
    if (names.n == 0)
        list_rules(&s, book, only);
    for (size_t i = 0; status == EXIT_ACCEPTED && i < names.n; i++)
        status = explain_rule(&s, book, names.at[i]);
    return status == EXIT_ACCEPTED ? finish(&s) : status;
}

const struct command_spec cmd_rules = {
    .synopsis = "[options] [ID... | words | entitlements [KEY...]]",
    .about = "Lists the rules that subsystems are judged by, with the grade of their evidence (A "
             "documented by Apple,\n"
             "B reverse-engineered in public, C observed in reports, D inferred) and what comes of "
             "a breach. With an ID (of\n"
             "a rule, of the specification's rule, or of a finding) it tells all about it. `words` "
             "lists what rule files\n"
             "may ask; `entitlements` the catalogue of entitlement keys.",
    .examples = "  dryseal rules NE-PKG-DEVID-APPEX\n"
                "  dryseal rules --stage sysext\n"
                "  dryseal rules entitlements keychain-access-groups\n",
    .options = groups,
    .run = rules,
};
