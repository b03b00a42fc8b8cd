/* SPDX-License-Identifier: Apache-2.0 */
/* show: the facts themselves. */
#include "config.h"

#include "base/arena.h"
#include "base/text.h"
#include "cli/code_input.h"
#include "cli/output.h"
#include "cli/trust_options.h"
#include "report/coverage_files.h"

struct show_options {
    struct output_options output;
    struct trust_options trust;
    bool coverage, test_root;
};

static const struct option_row rows[] = {
    {"coverage", 0, OPTION_FLAG, offsetof(struct show_options, coverage), NULL,
     "instead: which bytes of the main file are protected by what", NULL},
    {"allow-test-root", 0, OPTION_FLAG, offsetof(struct show_options, test_root), NULL,
     "take the forge's throwaway identities for Apple's", NULL},
    {0},
};

static const struct option_group groups[] = {
    {"What to show", rows, 0},
    {"Certificates", trust_option_rows, offsetof(struct show_options, trust)},
    {"Output", output_option_rows, offsetof(struct show_options, output)},
    {0},
};

/* The file that holds C's code: the main executable of a bundle. */
static const char *main_file(struct cli *cli, const struct code *c)
{
    const char *inside = c->executable ? path_relative(c->executable, c->path) : NULL;
    return inside ? path_join(cli->arena, c->fs_path, inside) : c->fs_path;
}

static int show_coverage(struct output *o, const char *operand, const struct code *c)
{
    struct cli *cli = o->cli;
    struct coverage coverage;
    struct file_coverage files = {.unprotected = 0};
    struct bytes file;
    struct buf text = {.arena = cli->arena};
    if (c->is_bundle && !c->executable)
        return cli_trouble(cli, "%s: there is no main executable", operand);
    if (!cli_read(cli, main_file(cli, c), &file))
        return EXIT_TROUBLE;
    if (c->kind != CODE_DATA || !coverage_of_message(cli->arena, file, &coverage))
        coverage_of(cli->arena, c, file, &coverage);
    if (c->is_bundle)
        coverage_of_files(cli->arena, cli->fs, c, &files);
    if (!output_is_text(o)) {
        struct value *tree = tree_coverage(cli->arena, operand, &coverage);
        if (c->is_bundle)
            value_set(cli->arena, tree, "files", tree_file_coverage(cli->arena, &files));
        output_tree(o, tree);
        return EXIT_ACCEPTED;
    }
    text_coverage(&text, operand, &coverage);
    if (c->is_bundle)
        text_file_coverage(&text, &files);
    output_text(o, buf_cstr(&text));
    return EXIT_ACCEPTED;
}

static int show_one(struct output *o, const char *operand, const struct show_options *options)
{
    struct host host = host_default(o->cli->now);
    struct code_options how = code_options_for(o->cli, &host);
    how.allow_test_root = how.allow_test_root || options->test_root;
    if (trust_from_options(o->cli, &options->trust, &how.store) != EXIT_ACCEPTED)
        return EXIT_TROUBLE;
    const struct code *code = cli_code(o->cli, operand, &how);
    if (!code)
        return EXIT_TROUBLE;
    if (options->coverage)
        return show_coverage(o, operand, code);
    output_code(o, code);
    return EXIT_ACCEPTED;
}

static int show(struct cli *cli, int argc, char **argv)
{
    struct show_options options = {0};
    struct name_vec paths = {0};
    int status = options_parse(cli, argc, argv, &options, &paths);
    if (status != EXIT_ACCEPTED)
        return status;
    if (paths.n == 0)
        return cli_usage(cli, "which path?");
    struct output o = output_begin(cli, &options.output);
    for (size_t i = 0; i < paths.n; i++)
        status = exit_worse(status, show_one(&o, paths.at[i], &options));
    output_end(&o);
    return status;
}

const struct command_spec cmd_show = {
    .synopsis = "[options] PATH...",
    .about = "The facts, unjudged: identifiers, cdhashes, signers, entitlements, requirements and "
             "profiles of PATH and\n"
             "of everything nested in it.",
    .examples = "  dryseal show --format json My.app\n"
                "  dryseal show --coverage My.app\n",
    .options = groups,
    .run = show,
};
