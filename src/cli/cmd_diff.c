/* SPDX-License-Identifier: Apache-2.0 */
/* diff: two artifacts in signing terms, what changes a verdict first. */
#include "config.h"

#include "base/arena.h"
#include "base/status.h"
#include "cli/cmd_check.h"
#include "report/compare_report.h"

static const struct option_group groups[] = {
    {"What to run", check_option_rows, 0},
    {"The imagined Mac", host_option_rows, offsetof(struct check_options, host)},
    {"Certificates", trust_option_rows, offsetof(struct check_options, trust)},
    {"Output", output_option_rows, offsetof(struct check_options, output)},
    {0},
};

static int read_one(struct cli *cli, const struct check_request *r, size_t i,
                    struct judge_input *out)
{
    struct name_vec one = {0};

    vec_push(cli->arena, &one, r->paths.at[i]);
    return check_read(cli, r, &one, out);
}

static void report(const struct check_request *r, struct output *o, const struct comparison *c)
{
    struct buf text = {.arena = o->cli->arena};

    if (!output_is_text(o)) {
        output_tree(o, tree_comparison(o->cli->arena, r->paths.at, c));
        return;
    }
    text_comparison(&text, r->paths.at, c, output_style(o));
    output_text(o, buf_cstr(&text));
}

/* As diff(1): 0 alike, 1 different. */
static int compare(struct cli *cli, const struct check_request *r, struct output *o)
{
    struct judge_input mine, theirs;
    struct comparison c;

    if (read_one(cli, r, 0, &mine) != EXIT_ACCEPTED ||
        read_one(cli, r, 1, &theirs) != EXIT_ACCEPTED)
        return EXIT_TROUBLE;
    enum ds_status status = code_compare(cli->arena, &mine, &theirs, &c);
    if (status != DS_OK)
        return cli_trouble(cli, "%s", status_text(status));
    report(r, o, &c);
    return c.list.n ? EXIT_REFUSED : EXIT_ACCEPTED;
}

static int diff(struct cli *cli, int argc, char **argv)
{
    struct check_request r = {.host = host_default(cli->now), .only = STAGE_COUNT};
    int status = check_parse(cli, argc, argv, &r);

    if (status != EXIT_ACCEPTED)
        return status;
    if (r.paths.n != 2)
        return cli_usage(cli, "two paths: mine and theirs");
    struct output o = output_begin(cli, &r.options.output);
    status = compare(cli, &r, &o);
    output_end(&o);
    return status;
}

const struct command_spec cmd_diff = {
    .synopsis = "[options] MINE THEIRS",
    .about =
        "Compares two artifacts in signing terms: signers, identifiers, claims, profiles, "
        "Info.plist, packaging. Each\n"
        "difference is tried, mine with their value and theirs with mine, and those that change a "
        "verdict come first.\n"
        "Exit status: 0 when nothing differs, 1 when something does.",
    .examples = "  dryseal diff Mine.app Works.app\n"
                "  dryseal diff build/Debug/My.app export/My.app\n",
    .options = groups,
    .run = diff,
};
