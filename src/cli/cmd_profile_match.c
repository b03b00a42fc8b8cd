/* SPDX-License-Identifier: Apache-2.0 */
/* profile match: claims against a profile, value by value (launch-policy.md §3.6, §3.7, §4). */
#include "config.h"

#include "base/arena.h"
#include "cli/cmd_profile.h"
#include "cli/code_input.h"
#include "cli/host_options.h"
#include "cli/output.h"
#include "format/plist.h"
#include "format/yaml.h"
#include "policy/judging.h"
#include "report/matched.h"
#include "seal/profile.h"

struct match_options {
    const char *profile, *claims, *team, *identifier;
    bool test_root;
    struct host_options host;
    struct output_options output;
};

#define AT(field) offsetof(struct match_options, field)

static const struct option_row rows[] = {
    {"profile", 0, OPTION_TEXT, AT(profile), "FILE", "this profile instead of the embedded one",
     NULL},
    {"claims", 0, OPTION_TEXT, AT(claims), "FILE",
     "the claims: a property list, YAML or JSON; the operand is then the profile", NULL},
    {"team", 0, OPTION_TEXT, AT(team), "ID", "with --claims: the team that signs", NULL},
    {"identifier", 0, OPTION_TEXT, AT(identifier), "ID", "with --claims: the signing identifier",
     NULL},
    {"allow-test-root", 0, OPTION_FLAG, AT(test_root), NULL,
     "take the forge's throwaway identities for Apple's", NULL},
    {0},
};

static const struct option_group groups[] = {
    {"What against what", rows, 0},
    {"The imagined Mac", host_option_rows, AT(host)},
    {"Output", output_option_rows, AT(output)},
    {0},
};

/* One run of the command. */
struct matching {
    struct cli *cli;
    struct match_options options;
    struct host host;
    struct switches switches;
    struct output out;
    int status;
};

static bool test_root(const struct matching *m)
{
    return m->cli->allow_test_root || m->options.test_root;
}

/* NULL after a complaint. */
static struct profile *read_profile(struct matching *m, const char *file)
{
    struct profile *p = arena_new_of(m->cli->arena, struct profile);
    struct bytes bytes;

    if (!cli_read(m->cli, file, &bytes))
        return NULL;
    profile_read(m->cli->arena, bytes, test_root(m), p);
    p->path = file;
    return p;
}

static int outcome(const struct matched *m)
{
    if (m->check->asks_device && !m->check->dropped && !m->check->is_void &&
        !m->match->uncovered_hard)
        return EXIT_UNDECIDED;
    return matched_covers(m) ? EXIT_ACCEPTED : EXIT_REFUSED;
}

static void match_one(struct matching *m, const char *path, const struct profile *p,
                      const struct profile_holder *holder)
{
    struct profile_check check = {0};
    struct profile_match match = {0};
    struct matched matched = {path, p->path, &check, &match};
    struct buf text = {.arena = m->cli->arena};

    profile_check(m->cli->arena, p, holder, &check);
    profile_match(m->cli->arena, holder, check.grants, &match);
    m->status = exit_worse(m->status, outcome(&matched));
    if (!output_is_text(&m->out)) {
        output_tree(&m->out, tree_matched(m->cli->arena, &matched));
        return;
    }
    text_matched(&text, &matched, output_style(&m->out));
    output_text(&m->out, buf_cstr(&text));
}

/* -- code and the profile embedded in it, or one given for it */

static void match_code(struct matching *m, const struct code *c, const struct profile *given)
{
    const struct profile *p = given ? given : c->profile;
    const struct value *claims = code_claims(c);
    struct profile_holder holder = profile_holder_of(c, claims, &m->host, &m->switches);

    if (p)
        match_one(m, c->path, p, &holder);
    for (size_t i = 0; !given && i < c->child_count; i++)
        match_code(m, c->children[i], NULL);
}

static bool has_profile(const struct code *c)
{
    bool any = c->profile != NULL;

    for (size_t i = 0; i < c->child_count && !any; i++)
        any = has_profile(c->children[i]);
    return any;
}

static int match_path(struct matching *m, const char *operand)
{
    struct code_options how = code_options_for(m->cli, &m->host);
    const struct profile *given = NULL;
    const struct code *c;

    how.allow_test_root = test_root(m);
    if (m->options.profile && !(given = read_profile(m, m->options.profile)))
        return EXIT_TROUBLE;
    c = cli_code(m->cli, operand, &how);
    if (!c)
        return EXIT_TROUBLE;
    if (!given && !has_profile(c))
        return cli_trouble(m->cli, "%s: no profile is embedded; --profile FILE gives one", operand);
    match_code(m, c, given);
    return m->status;
}

/* -- claims in a file of their own */

static const struct value *read_claims(struct matching *m)
{
    const char *file = m->options.claims;
    struct value_error error = {0};
    struct value *v = NULL;
    struct bytes text;

    if (!cli_read(m->cli, file, &text))
        return NULL;
    v = plist_parse(m->cli->arena, text, NULL);
    if (!v && yaml_parse(m->cli->arena, text, &v, &error) != DS_OK)
        v = NULL;
    if (value_is(v, VALUE_DICT))
        return v;
    cli_say(m->cli, "%s: neither a property list, YAML nor JSON with a dictionary", file);
    return NULL;
}

static int match_claims(struct matching *m, const char *operand)
{
    const struct value *claims = read_claims(m);
    const struct profile *p = claims ? read_profile(m, operand) : NULL;
    struct profile_holder holder = {.claims = claims,
                                    .team = m->options.team,
                                    .code_identifier = m->options.identifier,
                                    .platform = 1,
                                    .host = &m->host,
                                    .switches = &m->switches};

    if (!p)
        return EXIT_TROUBLE;
    match_one(m, m->options.claims, p, &holder);
    return m->status;
}

static int run(struct cli *cli, int argc, char **argv)
{
    struct matching m = {.cli = cli, .host = host_default(cli->now)};
    struct name_vec operands = {0};
    struct value_error error;
    int status = options_parse(cli, argc, argv, &m.options, &operands);

    if (status == EXIT_ACCEPTED)
        status = host_from_options(cli, &m.options.host, &m.host);
    if (status != EXIT_ACCEPTED)
        return status;
    if (operands.n != 1)
        return cli_usage(cli, "one operand is needed: code, or a profile with --claims");
    if (switches_read(cli->arena, m.host.switches, &m.switches, &error) != DS_OK)
        return cli_usage(cli, "%s", error.message);
    m.out = output_begin(cli, &m.options.output);
    status = m.options.claims ? match_claims(&m, operands.at[0]) : match_path(&m, operands.at[0]);
    output_end(&m.out);
    return status;
}

const struct command_spec profile_match_spec = {
    .synopsis = "[options] PATH | --claims FILE [options] PROFILE",
    .about = "For each claimed entitlement of the code at PATH and of all code nested in it, each "
             "by its own\n"
             "embedded profile: which value of the profile covers it, or why none does.",
    .examples = "  dryseal profile match My.app\n"
                "  dryseal profile match --claims my.entitlements --team TEAMID1234 "
                "my.provisionprofile\n",
    .options = groups,
    .run = run,
};
