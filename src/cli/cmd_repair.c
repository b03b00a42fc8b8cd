/* SPDX-License-Identifier: Apache-2.0 */
/* repair: the smallest changes that would make every stage pass. */
#include "config.h"

#include "base/arena.h"
#include "base/status.h"
#include "cli/cmd_check.h"
#include "report/repair_report.h"

static const struct option_group groups[] = {
    {"What to run", check_option_rows, 0},
    {"The imagined Mac", host_option_rows, offsetof(struct check_options, host)},
    {"Certificates", trust_option_rows, offsetof(struct check_options, trust)},
    {"Output", output_option_rows, offsetof(struct check_options, output)},
    {0},
};

static int repair_paths(struct cli *cli, const struct check_request *r, struct output *o)
{
    struct repairs repairs;
    struct judge_input in;
    struct buf text = {.arena = cli->arena};

    if (check_read(cli, r, &r->paths, &in) != EXIT_ACCEPTED)
        return EXIT_TROUBLE;
    enum ds_status status = repair_search(cli->arena, &in, &repairs);
    if (status != DS_OK)
        return cli_trouble(cli, "%s: %s", r->paths.at[0], status_text(status));
    if (output_is_text(o)) {
        text_repairs(&text, r->paths.at[0], &repairs, output_style(o));
        output_text(o, buf_cstr(&text));
    } else {
        output_tree(o, tree_repairs(cli->arena, r->paths.at[0], &repairs));
    }
    return repair_succeeds(&repairs) ? EXIT_ACCEPTED : EXIT_REFUSED;
}

static int repair(struct cli *cli, int argc, char **argv)
{
    struct check_request r = {.host = host_default(cli->now), .only = STAGE_COUNT};
    int status = check_parse(cli, argc, argv, &r);

    if (status != EXIT_ACCEPTED)
        return status;
    if (r.paths.n == 0)
        return cli_usage(cli, "which path?");
    struct output o = output_begin(cli, &r.options.output);
    status = repair_paths(cli, &r, &o);
    output_end(&o);
    return status;
}

const struct command_spec cmd_repair = {
    .synopsis = "[options] ITEM...",
    .about =
        "Searches the fewest changes of facts that make every stage pass, tells what to do for "
        "them, what must be\n"
        "signed again, up to three alternatives, and why tempting changes are no way out. "
        "Several ITEMs are one\n"
        "input. Questions that are not on disk (notarization, approval) count as answered well; "
        "--assume says otherwise.\n"
        "Exit status: 0 when there is a repair or nothing to repair, 1 when there is none.",
    .examples = "  dryseal repair My.app\n"
                "  dryseal repair --macos 15.3 --assume notarized=no --format json My.app\n",
    .options = groups,
    .run = repair,
};
