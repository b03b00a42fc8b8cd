/* SPDX-License-Identifier: Apache-2.0 */
/* replay: build what a case describes, check it, compare with what it expects. */
#include "config.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "cli/case_run.h"
#include "cli/code_input.h"
#include "cli/expect.h"
#include "cli/output.h"
#include "forge/case.h"
#include "report/text.h"

struct replay_options {
    struct output_options output;
    const char *format, *variant;
};

static const struct option_row rows[] = {
    {"variant", 0, OPTION_TEXT, offsetof(struct replay_options, variant), "NAME",
     "this variant alone (\"\": the case without changes)", NULL},
    {"format", 0, OPTION_TEXT, offsetof(struct replay_options, format), "FORMAT",
     "how to print (default: text)", "text json jsonl tap"},
    {"quiet", 'q', OPTION_FLAG, offsetof(struct replay_options, output.quiet), NULL,
     "only what is not as expected, and the count", NULL},
    {"verbose", 'v', OPTION_FLAG, offsetof(struct replay_options, output.verbose), NULL,
     "the whole report of every variant", NULL},
    {0},
};

static const struct option_group groups[] = {
    {"Options", rows, 0},
    {0},
};

/* One run of `replay`. */
struct replay {
    struct cli *cli;
    const struct replay_options *options;
    struct output output;
    bool single; /* one case file: tell its story */
    size_t met, failed;
};

static bool is_tap(const struct replay *r)
{
    return r->options->format && strcmp(r->options->format, "tap") == 0;
}

static struct value *result_tree(struct arena *a, const char *file, const struct case_variant *v,
                                 const struct expectation *e)
{
    struct value *tree = value_dict(a);
    struct value *expect = value_get(v->doc, "expect");
    value_set(a, tree, "case", value_string(a, file));
    value_set(a, tree, "variant", v->name ? value_string(a, v->name) : value_null(a));
    value_set(a, tree, "ok", value_bool(a, e->met));
    value_set(a, tree, "expected", expect ? expect : value_null(a));
    value_set(a, tree, "got", e->got);
    return tree;
}

static const char *variant_label(struct arena *a, const char *file, const struct case_variant *v)
{
    return v->name ? arena_printf(a, "%s: %s", file, v->name) : file;
}

/* "expected finding NE-MACH-PREFIX, got SYSEXT-NAME-MISMATCH" for each key that does not agree. */
static void print_differences(const struct replay *r, const char *head,
                              const struct case_variant *v, const struct expectation *e)
{
    struct arena *a = r->cli->arena;
    const struct value *expect = value_get(v->doc, "expect");
    for (size_t i = 0; i < e->failed.n; i++) {
        const char *key = e->failed.at[i];
        const struct value *want = value_get(expect, key);
        fprintf(r->cli->out, "%s%s: expected %s, got %s\n", head, key,
                want ? value_text(a, want) : "none", value_text(a, value_get(e->got, key)));
    }
}

static void print_tap(struct replay *r, const char *file, const struct case_variant *v,
                      const struct expectation *e)
{
    fprintf(r->cli->out, "%s %zu - %s\n", e->met ? "ok" : "not ok", r->met + r->failed,
            variant_label(r->cli->arena, file, v));
    print_differences(r, "# ", v, e);
}

static const char *summary(struct arena *a, const struct case_outcome *o)
{
    const struct finding *f = o->judgement.deciding;
    if (o->trouble)
        return o->trouble;
    if (o->explained)
        return arena_printf(a, "%zu lines explained", o->log.matches.n);
    if (!o->judged)
        return arena_printf(a, "exit status %d", o->exit_status);
    if (!f)
        return outcome_name(o->judgement.outcome);
    return arena_printf(a, "%s at %s: %s", outcome_name(o->judgement.outcome), stage_name(f->stage),
                        finding_row(f->id)->id);
}

static void print_report(struct replay *r, const struct case_outcome *o)
{
    struct buf text = {.arena = r->cli->arena};
    struct text_style style = output_style(&r->output);
    style.verbose = false;
    if (o->judged && o->paths.n)
        text_judgement(&text, path_base(o->paths.at[0]), &o->judgement, style);
    fprintf(r->cli->out, "%s\n", buf_cstr(&text));
}

static void print_text(struct replay *r, const char *file, const struct case_variant *v,
                       const struct case_outcome *o, const struct expectation *e)
{
    bool story = r->options->output.verbose || (r->single && !v->name && !r->options->output.quiet);
    if (r->options->output.quiet && e->met)
        return;
    if (story)
        print_report(r, o);
    fprintf(r->cli->out, "%s  %s: %s\n", e->met ? "ok " : "NOT",
            variant_label(r->cli->arena, file, v), summary(r->cli->arena, o));
    print_differences(r, "       ", v, e);
}

static void run_variant(struct replay *r, const char *file, const struct case_variant *v)
{
    struct case_outcome outcome;
    struct expectation e;
    case_run(r->cli, v->doc, &outcome);
    expect_compare(r->cli->arena, value_get(v->doc, "expect"), &outcome, &e);
    if (e.met)
        r->met++;
    else
        r->failed++;
    if (is_tap(r))
        print_tap(r, file, v, &e);
    else if (output_is_text(&r->output))
        print_text(r, file, v, &outcome, &e);
    else
        output_tree(&r->output, result_tree(r->cli->arena, file, v, &e));
}

/* What was printed is forgotten: a corpus is more than memory should hold. Trees are printed at the end, and stay. */
static void replay_variant(struct replay *r, const char *file, const struct case_variant *v)
{
    struct arena *whole = r->cli->arena;
    bool printed = is_tap(r) || output_is_text(&r->output);
    if (printed)
        r->cli->arena = arena_child(whole);
    run_variant(r, file, v);
    if (printed)
        arena_child_free(r->cli->arena);
    r->cli->arena = whole;
}

static bool wanted(const struct replay *r, const struct case_variant *v)
{
    const char *only = r->options->variant;
    return !only || strcmp(only, v->name ? v->name : "") == 0;
}

static int no_variant(struct replay *r, const char *file, const struct case_file *c)
{
    const char *words = "";
    for (size_t i = 0; i < c->variants.n; i++)
        if (c->variants.at[i].name)
            words = arena_printf(r->cli->arena, "%s %s", words, c->variants.at[i].name);
    return cli_usage(r->cli, "%s has no variant '%s'%s", file, r->options->variant,
                     cli_hint(r->cli->arena, r->options->variant, words));
}

static int replay_file(struct replay *r, const char *file)
{
    struct case_file c;
    struct bytes text;
    struct value_error error = {0};
    size_t ran = 0;
    if (!cli_read(r->cli, file, &text))
        return EXIT_TROUBLE;
    if (case_read(r->cli->arena, text, &c, &error) != DS_OK)
        return cli_trouble(r->cli, "%s:%u:%u: %s%s%s%s", file, error.span.line, error.span.column,
                           error.message, error.suggestion ? "; did you mean '" : "",
                           error.suggestion ? error.suggestion : "", error.suggestion ? "'?" : "");
    if (r->single && output_is_text(&r->output) && !is_tap(r) && !r->options->output.quiet &&
        c.title)
        fprintf(r->cli->out, "%s\n\n", c.title);
    for (size_t i = 0; i < c.variants.n; i++) {
        if (!wanted(r, &c.variants.at[i]))
            continue;
        replay_variant(r, file, &c.variants.at[i]);
        ran++;
    }
    return ran ? EXIT_ACCEPTED : no_variant(r, file, &c);
}

static void finish(struct replay *r)
{
    if (is_tap(r)) {
        fprintf(r->cli->out, "1..%zu\n", r->met + r->failed);
        return;
    }
    if (output_is_text(&r->output))
        fprintf(r->cli->out, "%zu as expected, %zu not\n", r->met, r->failed);
    output_end(&r->output);
}

static int replay(struct cli *cli, int argc, char **argv)
{
    struct replay_options options = {0};
    struct name_vec files = {0};
    int status = options_parse(cli, argc, argv, &options, &files);
    if (status != EXIT_ACCEPTED)
        return status;
    if (files.n == 0)
        return cli_usage(cli, "which case file?");
    options.output.format = options.format;
    struct replay r = {.cli = cli, .options = &options, .single = files.n == 1};
    r.output = output_begin(cli, &options.output);
    for (size_t i = 0; i < files.n; i++)
        status = exit_worse(status, replay_file(&r, files.at[i]));
    finish(&r);
    return r.failed ? exit_worse(status, EXIT_REFUSED) : status;
}

const struct command_spec cmd_replay = {
    .synopsis = "[options] CASE...",
    .about = "Forges what each CASE describes, with throwaway identities, in memory; puts it "
             "before the imagined Mac of\n"
             "the case; and compares verdict, findings and log lines with what the case expects. "
             "Exit status 0: all as\n"
             "expected, 1: not all.",
    .examples =
        "  dryseal replay corpus/cases/ne/devid-appex.yaml\n"
        "  dryseal replay --variant as-system-extension -v corpus/cases/ne/devid-appex.yaml\n",
    .options = groups,
    .run = replay,
};
