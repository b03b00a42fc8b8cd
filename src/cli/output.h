/* SPDX-License-Identifier: Apache-2.0 */
/* Output: --format and what goes with it. Commands make judgements, facts and trees; this picks the renderer. */
#ifndef DS_CLI_OUTPUT_H
#define DS_CLI_OUTPUT_H

#include "cli/cli.h"
#include "policy/judge.h"
#include "report/reports.h"
#include "report/text.h"

struct output_options {
    const char *format; /* NULL: text */
    bool quiet, verbose;
};

extern const struct option_row output_option_rows[]; /* text, json, jsonl */
extern const struct option_row
    judgement_option_rows[]; /* these and the forms only judgements have */

/* The reports of one command run: `add` each, `end` once. JSON of several paths is one array. */
struct output {
    struct cli *cli;
    const struct output_options *options;
    struct value *list;        /* trees so far, for json */
    struct report_vec reports; /* judgements so far, for forms that hold them all in one document */
};

struct output output_begin(struct cli *cli, const struct output_options *options);
bool output_is_text(const struct output *o);
struct text_style output_style(const struct output *o);
/* One value as its own JSON document or line; for formats other than text. */
void output_tree(struct output *o, struct value *tree);
/* Text, for the format text. */
void output_text(struct output *o, const char *text);
/* PATH and J must live until output_end(). */
void output_judgement(struct output *o, const char *path, const struct judgement *j);
void output_code(struct output *o, const struct code *c);
void output_end(struct output *o);

#endif
