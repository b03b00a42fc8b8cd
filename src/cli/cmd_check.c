/* SPDX-License-Identifier: Apache-2.0 */
/* check and verify: facts, judged, reported. */
#include "config.h"

#include "base/arena.h"
#include "base/text.h"
#include "cli/cmd_check.h"
#include "cli/code_input.h"
#include "cli/req.h"
#include "policy/rules.h"
#include "seal/profile.h"

#define AT(field) offsetof(struct check_options, field)

#define REQUIREMENT                                                                            \
    {                                                                                          \
        "requirement", 'R', OPTION_TEXT, AT(requirement), "REQ",                               \
            "the code must also meet it: =TEXT or a file (exit status 3 if it does not)", NULL \
    }
#define TEST_ROOT                                                     \
    {                                                                 \
        "allow-test-root", 0, OPTION_FLAG, AT(test_root), NULL,       \
            "take the forge's throwaway identities for Apple's", NULL \
    }

const struct option_row check_option_rows[] = {
    REQUIREMENT,
    {"replaces", 0, OPTION_TEXT, AT(replaces), "OLD", "the version it takes the place of", NULL},
    {"installed-profile", 0, OPTION_LIST, AT(profiles), "FILE",
     "a provisioning profile that is installed on the Mac itself", NULL},
    {"peer", 0, OPTION_TEXT, AT(peer), "PATH", "the other side of its XPC connections", NULL},
    {"rules", 0, OPTION_LIST, AT(rules), "FILE", "rules to add to the book, or to replace there",
     NULL},
    {"notary", 0, OPTION_FLAG, AT(notary), NULL, "also what the notary service would say", NULL},
    {"sign", 0, OPTION_FLAG, AT(sign), NULL, "also what codesign would refuse to sign", NULL},
    TEST_ROOT,
    {0},
};

#define LIKE_CODESIGN "--like-codesign"

static const struct option_row verify_rows[] = {
    REQUIREMENT,
    {"like-codesign", 0, OPTION_FLAG, AT(like_codesign), NULL,
     "stop at the first error and say it as codesign does (dryseal-codesign)", NULL},
    {"deep", 0, OPTION_FLAG, AT(deep), NULL, "validate nested code in full", NULL},
    {"strict", 0, OPTION_FLAG, AT(strict), NULL, "the restrictions newer than the format", NULL},
    {"detached", 'D', OPTION_TEXT, AT(detached), "FILE", "its signature, in a file of its own",
     NULL},
    {"resource", 0, OPTION_TEXT, AT(resource), "FILE", "the code, and of its files this one alone",
     NULL},
    {"trust", 0, OPTION_TEXT, AT(trust_mode), "ROOTS",
     "where chains may end: in any root (as on a Mac), in Apple's alone, or unasked",
     "any apple none"},
    {"check-expiration", 0, OPTION_FLAG, AT(check_expiration), NULL,
     "certificates must have been valid when it was signed", NULL},
    {"check-revocation", 0, OPTION_FLAG, AT(check_revocation), NULL,
     "say whether a certificate is revoked (also with --crl and --ocsp)", NULL},
    TEST_ROOT,
    {0},
};

static const struct option_group check_groups[] = {
    {"What to run", check_option_rows, 0},
    {"The imagined Mac", host_option_rows, AT(host)},
    {"Certificates", trust_option_rows, AT(trust)},
    {"Output", judgement_option_rows, AT(output)},
    {0},
};

static const struct option_group verify_groups[] = {
    {"How strictly", verify_rows, 0},
    {"The imagined Mac", host_option_rows, AT(host)},
    {"Certificates", trust_option_rows, AT(trust)},
    {"Output", judgement_option_rows, AT(output)},
    {0},
};

int judgement_exit(const struct judgement *j)
{
    switch (j->outcome) {
    case OUTCOME_ACCEPTED:
    case OUTCOME_DEGRADED: return EXIT_ACCEPTED;
    case OUTCOME_UNDECIDED: return EXIT_UNDECIDED;
    case OUTCOME_REFUSED:
        return j->deciding->id == FINDING_REQ_FAILED ? EXIT_REQUIREMENT : EXIT_REFUSED;
    case OUTCOME_INVALID: return EXIT_TROUBLE;
    }
    return EXIT_TROUBLE;
}

static int read_rules(struct cli *cli, struct check_request *r)
{
    for (size_t i = 0; i < r->options.rules.n; i++) {
        const char *file = r->options.rules.at[i];
        struct value_error e = {0};
        struct bytes text;
        if (!r->rules)
            r->rules = rules_builtin(cli->arena);
        if (!cli_read(cli, file, &text))
            return EXIT_TROUBLE;
        if (rules_load(cli->arena, text, path_base(file), &r->rules, &e) != DS_OK)
            return cli_trouble(
                cli, "%s:%u:%u: %s%s", file, e.span.line, e.span.column, e.message,
                e.suggestion ? arena_printf(cli->arena, "; did you mean '%s'?", e.suggestion) : "");
    }
    return EXIT_ACCEPTED;
}

static int read_requirement(struct cli *cli, struct check_request *r)
{
    struct requirement *demanded = arena_new_of(cli->arena, struct requirement);
    if (!r->options.requirement)
        return EXIT_ACCEPTED;
    int status = requirement_need(cli, r->options.requirement, REQ_SINGLE, demanded);
    r->demanded = demanded->blob;
    if (status == EXIT_REFUSED) /* complained about, and judged with the rest */
        r->demanded_errors = &demanded->errors;
    return status == EXIT_REFUSED ? EXIT_ACCEPTED : status;
}

static int read_detached(struct cli *cli, struct check_request *r)
{
    if (!r->options.detached || cli_read(cli, r->options.detached, &r->detached))
        return EXIT_ACCEPTED;
    return EXIT_TROUBLE;
}

/* A file that is named must be a profile; what a case installs may be broken on purpose. */
static int read_profiles(struct cli *cli, struct check_request *r, const struct name_vec *files)
{
    for (size_t i = 0; files && i < files->n; i++) {
        struct profile *profile = arena_array(cli->arena, 1, struct profile);
        struct bytes file;
        if (!cli_read(cli, files->at[i], &file))
            return EXIT_TROUBLE;
        profile_read(cli->arena, file, cli->allow_test_root || r->options.test_root, profile);
        if (!profile->plist && files != cli->profiles)
            return cli_trouble(cli, "%s: it is no provisioning profile", files->at[i]);
        profile->path = files->at[i];
        vec_push(cli->arena, &r->profiles, profile);
    }
    return EXIT_ACCEPTED;
}

int check_parse(struct cli *cli, int argc, char **argv, struct check_request *r)
{
    int status = options_parse(cli, argc, argv, &r->options, &r->paths);
    return status == EXIT_ACCEPTED ? check_prepare(cli, r) : status;
}

int check_prepare(struct cli *cli, struct check_request *r)
{
    int status = host_from_options(cli, &r->options.host, &r->host);
    if (status == EXIT_ACCEPTED)
        status = read_rules(cli, r);
    if (status == EXIT_ACCEPTED)
        status = read_requirement(cli, r);
    if (status == EXIT_ACCEPTED)
        status = read_detached(cli, r);
    if (status == EXIT_ACCEPTED)
        status = trust_from_options(cli, &r->options.trust, &r->store);
    if (status == EXIT_ACCEPTED)
        status = read_profiles(cli, r, &r->options.profiles);
    if (status == EXIT_ACCEPTED)
        status = read_profiles(cli, r, cli->profiles);
    return status;
}

/* Whoever hands records to the static part wants to know; in a check Gatekeeper asks. */
static bool asks_revocation(const struct check_request *r)
{
    return r->static_only && (r->options.check_revocation || trust_has_records(r->store));
}

static enum trust_mode trust_mode(const char *word)
{
    if (word && strcmp(word, "none") == 0)
        return TRUST_NONE;
    return word && strcmp(word, "apple") == 0 ? TRUST_APPLE : TRUST_ANY_ROOT;
}

static struct code_options how_to_read(struct cli *cli, const struct check_request *r)
{
    struct code_options how = code_options_for(cli, &r->host);
    how.allow_test_root = how.allow_test_root || r->options.test_root;
    how.detached = r->detached;
    how.resource = r->options.resource ? cli_path(cli, r->options.resource) : NULL;
    how.store = r->store;
    how.open_archives = r->options.notary || r->only == STAGE_NOTARY;
    if (r->static_only) {
        how.deep = r->options.deep;
        how.restrict_symlinks = how.restrict_sideband = r->options.strict;
        how.reference_only = true;
        how.check_expiration = r->options.check_expiration;
        how.check_revocation = asks_revocation(r);
        how.trust = trust_mode(r->options.trust_mode);
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

int check_read(struct cli *cli, const struct check_request *r, const struct name_vec *paths,
               struct judge_input *in)
{
    const struct code_options how = how_to_read(cli, r);
    bool in_place = !r->static_only && r->only == STAGE_COUNT;
    *in = (struct judge_input){
        .tops = arena_array(cli->arena, paths->n, struct code *),
        .top_count = paths->n,
        .host = &r->host,
        .profiles = r->profiles.at,
        .profile_count = r->profiles.n,
        .run_notary = r->options.notary,
        .run_sign = r->options.sign,
        .check_revocation = asks_revocation(r),
        .only = r->only,
        .rules = r->rules,
        .demanded = r->demanded,
        .demanded_errors = r->demanded_errors,
    };
    for (size_t i = 0; i < paths->n; i++)
        in->tops[i] = (in_place ? cli_code_in_place : cli_code_or_fault)(cli, paths->at[i], &how);
    if (!read_other(cli, r->options.replaces, &how, &in->replaces) ||
        !read_other(cli, r->options.peer, &how, &in->peer))
        return EXIT_TROUBLE;
    return EXIT_ACCEPTED;
}

int check_judge(struct cli *cli, const struct check_request *r, const struct name_vec *paths,
                struct judgement *out)
{
    struct judge_input in;
    if (check_read(cli, r, paths, &in) != EXIT_ACCEPTED)
        return EXIT_TROUBLE;
    enum ds_status status = judge(cli->arena, &in, out);
    if (status != DS_OK)
        return cli_trouble(cli, "%s: %s", paths->at[0], status_text(status));
    return judgement_exit(out);
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

extern const struct command_spec cmd_codesign;

/* The same arguments as `codesign --verify` would take them: its words, its streams, its statuses. */
static int verify_like_codesign(struct cli *cli, int argc, char **argv)
{
    static char name[] = "codesign", verify[] = "--verify", verbose[] = "--verbose=2";
    char **words = arena_array(cli->arena, (size_t)argc + 3, char *);
    int n = 0;
    words[n++] = name;
    words[n++] = verify;
    words[n++] = verbose;
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], LIKE_CODESIGN) != 0)
            words[n++] = argv[i];
    return cmd_codesign.run(cli, n, words);
}

static int verify(struct cli *cli, int argc, char **argv)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], LIKE_CODESIGN) == 0)
            return verify_like_codesign(cli, argc, argv);
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
