/* SPDX-License-Identifier: Apache-2.0 */
/* whatif: facts judged, edited and judged again, without signing anything. */
#include "config.h"

#include <string.h>

#include "base/arena.h"
#include "base/status.h"
#include "cli/cmd_check.h"
#include "cli/code_input.h"
#include "report/whatif_report.h"
#include "seal/profile.h"

struct whatif_options {
    struct check_options check;
    struct name_vec set;
    const char *signer, *package, *profile, *runtime, *at;
    bool keys;
};

#define AT(field) offsetof(struct whatif_options, field)

static const struct option_row edit_rows[] = {
    {"set", 0, OPTION_LIST, AT(set), "[PATH:]KEY=VALUE",
     "change one fact: entitlements.KEY, info.KEY, signer, team, identifier, profile, host.KEY ...",
     NULL},
    {"signer", 0, OPTION_TEXT, AT(signer), "KIND[/TEAM]", "signed by another identity", NULL},
    {"package", 0, OPTION_TEXT, AT(package), "FORM",
     "a provider in its other form, or a bare tool in a bundle",
     "system-extension app-extension app"},
    {"profile", 0, OPTION_TEXT, AT(profile), "FILE", "this profile embedded, or none, or matching",
     NULL},
    {"hardened-runtime", 0, OPTION_TEXT, AT(runtime), "STATE", "the hardened runtime", "on off"},
    {"at", 0, OPTION_TEXT, AT(at), "PATH",
     "the nested code that these options are about (default: the item itself; `*`: all)", NULL},
    {"keys", 0, OPTION_FLAG, AT(keys), NULL, "list what can be changed, and do no more", NULL},
    {0},
};

static const struct option_group groups[] = {
    {"What to change", edit_rows, 0},
    {"What to run", check_option_rows, AT(check)},
    {"The imagined Mac", host_option_rows, AT(check.host)},
    {"Certificates", trust_option_rows, AT(check.trust)},
    {"Output", output_option_rows, AT(check.output)},
    {0},
};

static int complain(struct cli *cli, const char *text, const struct value_error *e)
{
    const char *hint =
        e->suggestion ? arena_printf(cli->arena, "; did you mean '%s'?", e->suggestion) : "";

    return cli_usage(cli, "%s%s%s%s", text, *text ? ": " : "", e->message, hint);
}

/* An edit that names a file gets the profile in it. */
static int read_profile(struct cli *cli, const struct check_request *r, struct edit *e)
{
    const char *file = value_cstr(e->value);
    struct bytes bytes;

    if (e->id != EDIT_PROFILE || !file || strcmp(file, "none") == 0 ||
        strcmp(file, "matching") == 0)
        return EXIT_ACCEPTED;
    if (!cli_read(cli, file, &bytes))
        return EXIT_TROUBLE;
    e->profile = arena_new_of(cli->arena, struct profile);
    e->profile->path = file;
    profile_read(cli->arena, bytes, cli->allow_test_root || r->options.test_root, e->profile);
    return EXIT_ACCEPTED;
}

static int add_edit(struct cli *cli, const struct check_request *r, const char *text,
                    struct edit_vec *out)
{
    struct value_error error = {0};
    struct edit e;

    if (edit_parse(cli->arena, text, &e, &error) != DS_OK)
        return complain(cli, text, &error);
    int status = read_profile(cli, r, &e);
    if (status == EXIT_ACCEPTED)
        vec_push(cli->arena, out, e);
    return status;
}

static int read_edits(struct cli *cli, const struct check_request *r,
                      const struct whatif_options *options, struct edit_vec *out)
{
    const struct {
        const char *key, *value;
    } given[] = {{"package", options->package},
                 {"signer", options->signer},
                 {"profile", options->profile},
                 {"hardened-runtime", options->runtime}};
    int status = EXIT_ACCEPTED;

    for (size_t i = 0; status == EXIT_ACCEPTED && i < sizeof given / sizeof *given; i++)
        if (given[i].value)
            status = add_edit(cli, r,
                              arena_printf(cli->arena, "%s%s%s=%s", options->at ? options->at : "",
                                           options->at ? ":" : "", given[i].key, given[i].value),
                              out);
    for (size_t i = 0; status == EXIT_ACCEPTED && i < options->set.n; i++)
        status = add_edit(cli, r, options->set.at[i], out);
    return status;
}

static int report(struct cli *cli, const struct check_request *r, const struct whatif *w)
{
    struct output o = output_begin(cli, &r->options.output);
    struct buf text = {.arena = cli->arena};

    if (output_is_text(&o)) {
        text_whatif(&text, r->paths.at[0], w, output_style(&o));
        output_text(&o, buf_cstr(&text));
    } else {
        output_tree(&o, tree_whatif(cli->arena, r->paths.at[0], w));
    }
    output_end(&o);
    return judgement_exit(&w->after);
}

static int judge_and_report(struct cli *cli, const struct check_request *r, struct whatif *w)
{
    struct value_error error = {0};
    struct judge_input in;

    if (check_read(cli, r, &r->paths, &in) != EXIT_ACCEPTED)
        return EXIT_TROUBLE;
    enum ds_status status = whatif_judge(cli->arena, &in, w, &error);
    if (status == DS_PARSE)
        return complain(cli, "", &error);
    if (status != DS_OK)
        return cli_trouble(cli, "%s: %s", r->paths.at[0], status_text(status));
    return report(cli, r, w);
}

static int list_keys(struct cli *cli)
{
    for (int i = 0; i < EDIT_COUNT; i++)
        fprintf(cli->out, "%-18s %s\n", edit_key((enum edit_id)i), edit_about((enum edit_id)i));
    return EXIT_ACCEPTED;
}

static int whatif(struct cli *cli, int argc, char **argv)
{
    struct whatif_options options = {0};
    struct check_request r = {.host = host_default(cli->now), .only = STAGE_COUNT};
    struct whatif w = {0};
    int status = options_parse(cli, argc, argv, &options, &r.paths);

    if (status == EXIT_ACCEPTED && options.keys)
        return list_keys(cli);
    r.options = options.check;
    if (status == EXIT_ACCEPTED)
        status = check_prepare(cli, &r);
    if (status == EXIT_ACCEPTED && r.paths.n != 1)
        return cli_usage(cli, "%s", r.paths.n ? "one path at a time" : "which path?");
    if (status == EXIT_ACCEPTED)
        status = read_edits(cli, &r, &options, &w.edits);
    if (status == EXIT_ACCEPTED && w.edits.n == 0)
        return cli_usage(cli, "what if what? --set KEY=VALUE, --signer, --package ...");
    return status == EXIT_ACCEPTED ? judge_and_report(cli, &r, &w) : status;
}

const struct command_spec cmd_whatif = {
    .synopsis = "[options] --set [PATH:]KEY=VALUE... ITEM",
    .about = "Changes facts of ITEM, or of code nested in it (PATH), as if it had been built and "
             "signed so, and judges\n"
             "again. Nothing is written. Identities and profiles that are not at hand are "
             "presumed, as Apple would make them.",
    .examples =
        "  dryseal whatif --set entitlements.com.apple.security.get-task-allow=null My.app\n"
        "  dryseal whatif --package system-extension --at Contents/PlugIns/Tunnel.appex My.app\n"
        "  dryseal whatif --set '*:signer=developer-id' --set host.macos=13.0 My.app\n",
    .options = groups,
    .run = whatif,
};
