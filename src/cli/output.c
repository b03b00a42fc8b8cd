/* SPDX-License-Identifier: Apache-2.0 */
/* --format to a renderer (cli/output.h). */
#include "config.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "cli/output.h"
#include "report/json.h"
#include "report/text.h"
#include "report/tree.h"

#define AT(field) offsetof(struct output_options, field)

#define FORMAT(choices)                                                                         \
    {                                                                                           \
        "format", 0, OPTION_TEXT, AT(format), "FORMAT", "how to print (default: text)", choices \
    }
#define QUIET                                                               \
    {                                                                       \
        "quiet", 'q', OPTION_FLAG, AT(quiet), NULL, "one line a path", NULL \
    }
#define VERBOSE                                                                                \
    {                                                                                          \
        "verbose", 'v', OPTION_FLAG, AT(verbose), NULL, "also what did not run, and why", NULL \
    }

const struct option_row output_option_rows[] = {FORMAT("text json jsonl"), QUIET, VERBOSE, {0}};
const struct option_row judgement_option_rows[] = {
    FORMAT("text json jsonl sarif junit github html"), QUIET, VERBOSE, {0}};

static bool is_format(const struct output *o, const char *name)
{
    return strcmp(o->options->format ? o->options->format : "text", name) == 0;
}

struct output output_begin(struct cli *cli, const struct output_options *options)
{
    return (struct output){.cli = cli, .options = options, .list = value_array(cli->arena)};
}

bool output_is_text(const struct output *o)
{
    return is_format(o, "text");
}

void output_tree(struct output *o, struct value *tree)
{
    if (is_format(o, "jsonl"))
        fprintf(o->cli->out, "%s\n", json_text(o->cli->arena, tree, false));
    else
        value_append(o->cli->arena, o->list, tree);
}

void output_text(struct output *o, const char *text)
{
    fputs(text, o->cli->out);
}

struct text_style output_style(const struct output *o)
{
    return (struct text_style){
        .colour = o->cli->colour, .quiet = o->options->quiet, .verbose = o->options->verbose};
}

void output_judgement(struct output *o, const char *path, const struct judgement *j)
{
    struct buf text = {.arena = o->cli->arena};
    if (output_is_text(o)) {
        text_judgement(&text, path, j, output_style(o));
        output_text(o, buf_cstr(&text));
    } else if (is_format(o, "json") || is_format(o, "jsonl")) {
        output_tree(o, tree_judgement(o->cli->arena, path, j));
    } else {
        vec_push(o->cli->arena, &o->reports, (struct report){path, j});
    }
}

void output_code(struct output *o, const struct code *c)
{
    struct buf text = {.arena = o->cli->arena};
    if (!output_is_text(o)) {
        output_tree(o, tree_code(o->cli->arena, c));
        return;
    }
    text_code(&text, c, output_style(o));
    output_text(o, buf_cstr(&text));
}

/* One document stays itself, several become an array. */
static const struct value *json_document(const struct output *o)
{
    return o->list->count == 1 ? o->list->items[0] : o->list;
}

void output_end(struct output *o)
{
    struct buf text = {.arena = o->cli->arena};
    if (is_format(o, "json") && o->list->count)
        buf_printf(&text, "%s\n", json_text(o->cli->arena, json_document(o), true));
    else if (is_format(o, "sarif"))
        buf_printf(&text, "%s\n",
                   json_text(o->cli->arena, sarif_tree(o->cli->arena, &o->reports), true));
    else if (is_format(o, "junit"))
        junit_text(&text, &o->reports);
    else if (is_format(o, "html"))
        html_text(&text, &o->reports);
    else if (is_format(o, "github"))
        github_text(&text, &o->reports);
    output_text(o, buf_cstr(&text));
}
