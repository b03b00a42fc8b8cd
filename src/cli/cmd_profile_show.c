/* SPDX-License-Identifier: Apache-2.0 */
/* profile show: provisioning profiles as they stand, files or embedded ones. */
#include "config.h"

#include "base/arena.h"
#include "cli/cmd_profile.h"
#include "cli/code_input.h"
#include "cli/output.h"
#include "report/shown_profile.h"
#include "seal/profile.h"

struct show_options {
    bool test_root;
    struct output_options output;
};

static const struct option_row rows[] = {
    {"allow-test-root", 0, OPTION_FLAG, offsetof(struct show_options, test_root), NULL,
     "take the forge's throwaway identities for Apple's", NULL},
    {0},
};

static const struct option_group groups[] = {
    {"What to show", rows, 0},
    {"Output", output_option_rows, offsetof(struct show_options, output)},
    {0},
};

struct showing {
    struct cli *cli;
    struct output out;
    bool test_root;
    size_t shown;
    int status;
};

static void show_one(struct showing *s, const struct profile *p)
{
    struct buf text = {.arena = s->cli->arena};
    s->shown++;
    s->status = exit_worse(s->status, profile_is_sound(p) ? EXIT_ACCEPTED : EXIT_REFUSED);
    if (!output_is_text(&s->out)) {
        output_tree(&s->out, tree_profile(s->cli->arena, p));
        return;
    }
    text_profile(&text, p, s->cli->now, output_style(&s->out));
    output_text(&s->out, buf_cstr(&text));
}

/* In place first, then those where nothing looks for them. */
static void show_embedded(struct showing *s, const struct code *c)
{
    if (c->profile)
        show_one(s, c->profile);
    for (size_t i = 0; i < c->other_profiles.n; i++)
        show_one(s, c->other_profiles.at[i]);
    for (size_t i = 0; i < c->child_count; i++)
        show_embedded(s, c->children[i]);
}

static int show_code(struct showing *s, const char *operand)
{
    struct host host = host_default(s->cli->now);
    struct code_options how = code_options_for(s->cli, &host);
    const struct code *c;
    size_t before = s->shown;
    how.allow_test_root = s->test_root;
    c = cli_code(s->cli, operand, &how);
    if (!c)
        return EXIT_TROUBLE;
    show_embedded(s, c);
    if (s->shown == before)
        return cli_trouble(s->cli, "%s: no profile is embedded", operand);
    return s->status;
}

static int show_file(struct showing *s, const char *operand)
{
    struct profile *p = arena_new_of(s->cli->arena, struct profile);
    struct bytes file;
    if (!cli_read(s->cli, operand, &file))
        return EXIT_TROUBLE;
    profile_read(s->cli->arena, file, s->test_root, p);
    p->path = operand;
    show_one(s, p);
    return s->status;
}

static int show(struct cli *cli, int argc, char **argv)
{
    struct show_options options = {.test_root = cli->allow_test_root};
    struct name_vec operands = {0};
    int status = options_parse(cli, argc, argv, &options, &operands);
    if (status != EXIT_ACCEPTED)
        return status;
    if (operands.n == 0)
        return cli_usage(cli, "which profile?");
    struct showing s = {.cli = cli, .test_root = options.test_root};
    s.out = output_begin(cli, &options.output);
    for (size_t i = 0; i < operands.n; i++) {
        bool is_code = fs_is_dir(cli->fs, cli_path(cli, operands.at[i]));
        int one = is_code ? show_code(&s, operands.at[i]) : show_file(&s, operands.at[i]);
        s.status = exit_worse(s.status, one);
    }
    output_end(&s.out);
    return s.status;
}

const struct command_spec profile_show_spec = {
    .synopsis = "[options] FILE|BUNDLE...",
    .about = "Prints what a provisioning profile says: kind, team, app identifier, dates, devices, "
             "certificates, what it allows, who signed it, and whether its two forms agree. Exit "
             "status 1: not signed by Apple, changed, or the forms differ.",
    .examples = "  dryseal profile show My.provisionprofile\n"
                "  dryseal profile show --format json My.app\n",
    .options = groups,
    .run = show,
};
