/* SPDX-License-Identifier: Apache-2.0 */
/* check and verify: facts, judged, reported. */
#include "config.h"

#include "base/arena.h"
#include "cli/cmd_check.h"
#include "cli/code_input.h"

#define AT(field) offsetof(struct check_options, field)

static const struct option_row check_rows[] = {
    {"notary", 0, OPTION_FLAG, AT(notary), NULL, "also what the notary service would say", NULL},
    {"sign", 0, OPTION_FLAG, AT(sign), NULL, "also what codesign would refuse to sign", NULL},
    {"allow-test-root", 0, OPTION_FLAG, AT(test_root), NULL,
     "take the forge's throwaway identities for Apple's", NULL},
    {0},
};

static const struct option_row verify_rows[] = {
    {"deep", 0, OPTION_FLAG, AT(deep), NULL, "validate nested code in full", NULL},
    {"strict", 0, OPTION_FLAG, AT(strict), NULL, "the restrictions newer than the format", NULL},
    {"allow-test-root", 0, OPTION_FLAG, AT(test_root), NULL,
     "take the forge's throwaway identities for Apple's", NULL},
    {0},
};

static const struct option_group check_groups[] = {
    {"What to run", check_rows, 0},
    {"The imagined Mac", host_option_rows, AT(host)},
    {"Output", judgement_option_rows, AT(output)},
    {0},
};

static const struct option_group verify_groups[] = {
    {"How strictly", verify_rows, 0},
    {"The imagined Mac", host_option_rows, AT(host)},
    {"Output", judgement_option_rows, AT(output)},
    {0},
};

int outcome_exit(enum outcome outcome)
{
    switch (outcome) {
    case OUTCOME_ACCEPTED:
    case OUTCOME_DEGRADED: return EXIT_ACCEPTED;
    case OUTCOME_UNDECIDED: return EXIT_UNDECIDED;
    case OUTCOME_REFUSED: return EXIT_REFUSED;
    case OUTCOME_INVALID: return EXIT_TROUBLE;
    }
    return EXIT_TROUBLE;
}

int check_parse(struct cli *cli, int argc, char **argv, struct check_request *r)
{
    int status = options_parse(cli, argc, argv, &r->options, &r->paths);
    if (status == EXIT_ACCEPTED)
        status = host_from_options(cli, &r->options.host, &r->host);
    return status;
}

static struct code_options how_to_read(const struct cli *cli, const struct check_request *r)
{
    struct code_options how = code_options_for(cli, &r->host);
    how.allow_test_root = how.allow_test_root || r->options.test_root;
    if (r->static_only) {
        how.deep = r->options.deep;
        how.strict = how.restrict_symlinks = how.restrict_sideband = r->options.strict;
    }
    return how;
}

/* *OUT stays NULL when PATH is. False after a complaint. */
static bool read_other(struct cli *cli, const char *path, const struct code_options *how,
                       const struct code **out)
{
    if (path)
        *out = cli_code(cli, path, how);
    return !path || *out;
}

int check_judge(struct cli *cli, const struct check_request *r, const struct name_vec *paths,
                struct judgement *out)
{
    const struct code_options how = how_to_read(cli, r);
    struct code **tops = arena_array(cli->arena, paths->n, struct code *);
    struct judge_input in = {
        .tops = tops,
        .top_count = paths->n,
        .host = &r->host,
        .run_notary = r->options.notary,
        .run_sign = r->options.sign,
        .only = r->only,
    };
    for (size_t i = 0; i < paths->n; i++)
        if (!(tops[i] = cli_code(cli, paths->at[i], &how)))
            return EXIT_TROUBLE;
    if (!read_other(cli, r->replaces, &how, &in.replaces) ||
        !read_other(cli, r->peer, &how, &in.peer))
        return EXIT_TROUBLE;
    enum ds_status status = judge(cli->arena, &in, out);
    if (status != DS_OK)
        return cli_trouble(cli, "%s: %s", paths->at[0], status_text(status));
    return outcome_exit(out->outcome);
}

static int run(struct cli *cli, int argc, char **argv, struct check_request *r)
{
    int status = check_parse(cli, argc, argv, r);
    if (status != EXIT_ACCEPTED)
        return status;
    if (r->paths.n == 0)
        return cli_usage(cli, "which path?");
    struct output o = output_begin(cli, &r->options.output);
    for (size_t i = 0; i < r->paths.n; i++) {
        struct name_vec one = {0};
        struct judgement *judgement = arena_new_of(cli->arena, struct judgement);
        vec_push(cli->arena, &one, r->paths.at[i]);
        if (i && output_is_text(&o) && !r->options.output.quiet)
            output_text(&o, "\n");
        int exit_status = check_judge(cli, r, &one, judgement);
        if (judgement->findings.arena)
            output_judgement(&o, r->paths.at[i], judgement);
        status = exit_worse(status, exit_status);
    }
    output_end(&o);
    return status;
}

static int check(struct cli *cli, int argc, char **argv)
{
    struct check_request r = {.host = host_default(cli->now), .only = STAGE_COUNT};
    return run(cli, argc, argv, &r);
}

static int verify(struct cli *cli, int argc, char **argv)
{
    struct check_request r = {
        .host = host_default(cli->now), .only = STAGE_DR, .static_only = true};
    return run(cli, argc, argv, &r);
}

const struct command_spec cmd_check = {
    .synopsis = "[options] PATH...",
    .about = "Walks each PATH through everything a Mac does with it, in the Mac's order, and tells "
             "where it would\n"
             "be refused, in the Mac's own log words, why, and what to change. What is not on disk "
             "(notarization,\n"
             "a user's approval) leaves the verdict undecided until --assume answers it.",
    .examples = "  dryseal check My.app\n"
                "  dryseal check --macos 15.3 --assume notarized=yes --format json My.app\n",
    .options = check_groups,
    .run = check,
};

const struct command_spec cmd_verify = {
    .synopsis = "[options] PATH...",
    .about = "The static part alone, as `codesign --verify` does it: pages, slots, certificates, "
             "seal and nested\n"
             "code. All faults are listed, not the first alone.",
    .examples = "  dryseal verify --deep --strict My.app\n",
    .options = verify_groups,
    .run = verify,
};
