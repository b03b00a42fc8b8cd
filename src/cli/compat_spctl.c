/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spctl: `spctl --assess` as Apple's command says it (static-validation.md §9.3, codesign-output-corrections.md S1 to
 * S11), offline: where Apple's records of notarized code would decide, and no ticket is attached, it says so and
 * leaves with the status of an undecided check.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/osstatus.h"
#include "base/text.h"
#include "cli/bsd_options.h"
#include "cli/code_input.h"
#include "cli/imitated.h"
#include "cli/trust_options.h"
#include "format/plist.h"
#include "policy/gatekeeper.h"

enum { ACCEPTED = 0, FAILED = 1, USAGE = 2, REJECTED = 3 };
enum { VERBOSE = 256, CONTEXT, RAW, STATUS, IGNORED, MANAGES };

struct spctl {
    struct cli *cli;
    struct host host; /* and the release that is imitated */
    enum gk_type type;
    const char *context;
    unsigned verbose;
    bool assess, raw, status;
    const struct trust_store *store; /* records of revocation and certificates; NULL: none */
};

static const struct bsd_option long_options[] = {
    {"assess", BSD_NONE, 'a'},
    {"type", BSD_REQUIRED, 't'},
    {"verbose", BSD_OPTIONAL, VERBOSE},
    {"context", BSD_REQUIRED, CONTEXT},
    {"raw", BSD_NONE, RAW},
    {"status", BSD_NONE, STATUS},
    {"ignore-cache", BSD_NONE, IGNORED},
    {"no-cache", BSD_NONE, IGNORED},
    {"continue", BSD_NONE, IGNORED},
    {"add", BSD_NONE, MANAGES},
    {"remove", BSD_NONE, MANAGES},
    {"enable", BSD_NONE, MANAGES},
    {"disable", BSD_NONE, MANAGES},
    {"list", BSD_NONE, MANAGES},
    {"global-enable", BSD_NONE, MANAGES},
    {"global-disable", BSD_NONE, MANAGES},
    {"master-enable", BSD_NONE, MANAGES},
    {"master-disable", BSD_NONE, MANAGES},
    {0},
};

static int usage(struct spctl *s)
{
    fputs("Usage: spctl --assess [--type execute|install|open] [--context CONTEXT] [-v] path ...\n"
          "       spctl --status\n"
          "       (rules and the switch of a Mac are not managed here)\n",
          s->cli->err);
    return USAGE;
}

/* -- options */

static bool take_type(struct spctl *s, const char *word)
{
    static const struct {
        const char *word;
        enum gk_type type;
    } types[] = {{"execute", GK_EXECUTE}, {"install", GK_INSTALL}, {"open", GK_OPEN}};

    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (!*word || !text_starts(types[i].word, word))
            continue;
        s->type = types[i].type;
        return true;
    }
    fprintf(s->cli->err, "%s: unrecognized type\n", word);
    return false;
}

static bool take_option(struct spctl *s, int id, const char *value)
{
    switch (id) {
    case 'a': s->assess = true; return true;
    case 't': return take_type(s, value);
    case 'v': s->verbose++; return true;
    case VERBOSE: s->verbose = value ? (unsigned)strtoul(value, NULL, 10) : 1; return true;
    case CONTEXT: s->context = value; return true;
    case RAW: s->raw = true; return true;
    case STATUS: s->status = true; return true;
    case IGNORED: return true;
    default: return false;
    }
}

static bool parse(struct spctl *s, int argc, char **argv, char ***operands)
{
    struct bsd_options o = {.arena = s->cli->arena,
                            .err = s->cli->err,
                            .argv = argv,
                            .argc = argc,
                            .letters = "at:v",
                            .options = long_options,
                            .operands = arena_array(s->cli->arena, (size_t)argc + 1, char *)};
    int id;

    while ((id = bsd_option_next(&o)) != BSD_END)
        if (id == BSD_FAIL || !take_option(s, id, o.value))
            return false;
    *operands = o.operands;
    return s->status || (s->assess && o.operand_count);
}

/* -- one assessment */

static const struct code *read_code(struct spctl *s, const char *operand)
{
    struct code_options how = code_options_for(s->cli, &s->host);
    struct code_input in = {s->cli->fs, cli_path(s->cli, operand), operand};
    struct code *c = NULL;
    int error = 0;

    how.collect_all = how.restrict_sideband = false;
    how.store = s->store;
    how.check_revocation = true; /* §9.2 step 2 */
    if (code_read(s->cli->arena, &in, &how, &c, &error) == DS_OK)
        return c;
    fprintf(s->cli->err, "%s: %s\n", operand, osstatus_text(s->cli->arena, OSSTATUS_ERRNO + error));
    return NULL;
}

/* Nested code that no rule allows decides in place of what is around it (§9.2 step 4). */
static void assess_nested(struct spctl *s, const struct code *c, struct gk_assessment *out)
{
    struct gk_assessment inner;

    for (size_t i = 0; i < c->child_count && out->allowed == VERDICT_YES; i++) {
        const struct code *child = c->children[i];

        if (!child->reached || !child->slice_count)
            continue;
        gatekeeper_assess(s->cli->arena, &s->host, child, GK_EXECUTE, &inner);
        if (inner.allowed == VERDICT_NO) {
            out->allowed = VERDICT_NO;
            out->source = inner.source;
        }
        assess_nested(s, child, out);
    }
}

/* The code-signing status in parentheses: a structural fault, or that it is no app (S1, S2); 0 for none. */
static int64_t attached_status(const struct spctl *s, const struct code *c,
                               const struct gk_assessment *a)
{
    if (a->finding == FINDING_GK_WEAK_SEAL)
        return a->fault->code;
    return s->type == GK_EXECUTE && a->allowed != VERDICT_NO && !c->app_like ? errSecCSNotAppLike
                                                                             : 0;
}

/* Where the rule with LABEL stands in a Mac's list of rules; 0: in none. */
static int rule_row(const char *label, enum gk_type type)
{
    /* ASSUMPTION(gatekeeper-rows): the rows of the list as shipped, by label, for execute, install and open. */
    static const struct {
        const char *label;
        int execute, install, open;
    } rows[] = {{"Apple System", 3, 0, 8},
                {"Apple Installer", 0, 2, 0},
                {"Mac App Store", 4, 5, 0},
                {"Developer ID", 6, 7, 9},
                {"Notarized Developer ID", 11, 12, 16},
                {"Unnotarized Developer ID", 13, 14, 15},
                {"Testflight", 17, 0, 0}};

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].label, label) == 0)
            return type == GK_EXECUTE   ? rows[i].execute
                   : type == GK_INSTALL ? rows[i].install
                                        : rows[i].open;
    return 0;
}

/* Rules as shipped have flag 2, the denials without notarization none (§9.1). */
static void add_rule(struct spctl *s, struct value *authority, const struct gk_assessment *as)
{
    struct arena *a = s->cli->arena;
    int row = rule_row(as->source, s->type);

    if (row == 0)
        return;
    value_set(a, authority, "assessment:authority:flags",
              value_int(a, as->finding == FINDING_GK_UNNOTARIZED ? 0 : 2));
    value_set(a, authority, "assessment:authority:row", value_int(a, row));
}

static struct value *raw_tree(struct spctl *s, const struct gk_assessment *as, int64_t status)
{
    struct arena *a = s->cli->arena;
    struct value *v = value_dict(a), *authority = value_dict(a);

    if (as->source && !status)
        add_rule(s, authority, as);
    if (as->source)
        value_set(a, authority, "assessment:authority:source",
                  value_string(a, status ? "obsolete resource envelope" : as->source));
    if (status)
        value_set(a, authority, "assessment:authority:weak", value_bool(a, true));
    value_set(a, v, "assessment:authority", authority);
    if (status)
        value_set(a, v, "assessment:cserror", value_int(a, status));
    value_set(a, v, "assessment:remote", value_bool(a, true));
    value_set(a, v, "assessment:verdict", value_bool(a, as->allowed == VERDICT_YES && !status));
    return v;
}

static void print_verdict(struct spctl *s, const char *operand, const struct gk_assessment *a,
                          int64_t status)
{
    FILE *err = s->cli->err;
    bool accepted = a->allowed == VERDICT_YES && !status;
    bool old = s->host.macos < MACOS(10, 12, 0); /* named the weakness as a source (S2) */

    if (status && !old)
        fprintf(err, "%s: rejected (%s)\n", operand, osstatus_text(s->cli->arena, status));
    else if (!accepted)
        fprintf(err, "%s: rejected\n", operand);
    else if (s->verbose)
        fprintf(err, "%s: accepted\n", operand);
    if (s->verbose >= 1 && status && old)
        fputs("source=obsolete resource envelope\n", err);
    if (s->verbose >= 1 && a->source && !status)
        fprintf(err, "source=%s\n", a->source);
    if (s->verbose >= 2 && a->origin && a->finding != FINDING_GK_NO_SIGNATURE)
        fprintf(err, "origin=%s\n", a->origin);
}

static int print_error(struct spctl *s, const char *operand, const struct finding *fault)
{
    bool pages = fault->id == FINDING_CD_PAGE_HASH && s->host.macos >= MACOS(10, 12, 0);
    int64_t code = pages ? errSecCSInternalError : fault->code; /* so do current systems (S7) */

    fprintf(s->cli->err, "%s: %s\n", operand, osstatus_text(s->cli->arena, code));
    return FAILED;
}

/* C, or code that its seal lists, is signed with a certificate that the host knows to be revoked. */
static bool is_revoked(const struct spctl *s, const struct code *c)
{
    const struct signature *sig = code_signature(c);

    if (sig && !sig->adhoc && gatekeeper_revoked(s->cli->arena, &s->host, sig))
        return true;
    for (size_t i = 0; i < c->child_count; i++)
        if (c->children[i]->reached && is_revoked(s, c->children[i]))
            return true;
    return false;
}

static int undecided(struct spctl *s, const char *operand, const struct gk_assessment *a)
{
    fprintf(s->cli->err, "%s: undecided: %s\n", operand,
            a->asks == FINDING_ASK_NOTARIZED
                ? "no ticket is attached, and Apple's records of notarized code are not asked"
                : "Apple's list of old code is not asked");
    return EXIT_UNDECIDED;
}

/* An image or document is assessed for opening only with its context (S6). */
static bool lacks_context(const struct spctl *s)
{
    return s->type == GK_OPEN &&
           (!s->context || strcmp(s->context, "context:primary-signature") != 0);
}

static int assess(struct spctl *s, const char *operand)
{
    const struct code *c = read_code(s, operand);
    struct gk_assessment a;
    int64_t status;

    if (!c)
        return FAILED;
    if (is_revoked(s, c)) {
        fprintf(s->cli->err, "%s: %s\n", operand,
                osstatus_text(s->cli->arena, CSSMERR_TP_CERT_REVOKED));
        return FAILED;
    }
    gatekeeper_assess(s->cli->arena, &s->host, c, s->type, &a);
    if (a.is_error)
        return print_error(s, operand, a.fault);
    if (lacks_context(s)) {
        a.allowed = VERDICT_NO;
        a.source = "Insufficient Context";
    }
    status = attached_status(s, c, &a);
    if (a.allowed == VERDICT_UNDECIDED && !status)
        return undecided(s, operand, &a);
    assess_nested(s, c, &a);
    print_verdict(s, operand, &a, status);
    if (s->raw) {
        struct bytes xml = plist_write_xml(s->cli->arena, raw_tree(s, &a, status), false);

        fwrite(xml.p, 1, xml.n, s->cli->out);
    }
    return a.allowed == VERDICT_YES && !status ? ACCEPTED : REJECTED;
}

static int run(struct cli *cli, int argc, char **argv)
{
    struct spctl s = {.cli = cli, .type = GK_EXECUTE};
    struct trust_options trust = {0};
    char **operands = NULL;
    int status = ACCEPTED;

    if (imitated_take(cli, &argc, argv, &s.host) != EXIT_ACCEPTED)
        return USAGE;
    if (!trust_take_words(cli, &argc, argv, &trust) || !parse(&s, argc, argv, &operands))
        return usage(&s);
    if (trust_from_options(cli, &trust, &s.store) != EXIT_ACCEPTED)
        return FAILED;
    if (s.status) {
        fputs("assessments enabled\n", cli->out);
        return ACCEPTED;
    }
    for (; *operands; operands++) {
        int one = assess(&s, *operands);

        status = status ? status : one;
    }
    return status;
}

extern const struct command_spec cmd_spctl;
const struct command_spec cmd_spctl = {
    .synopsis = "--assess [--type TYPE] [-v] PATH...",
    .about = "Apple's spctl --assess, offline.",
    .run = run,
    .raw = true,
};
