/* SPDX-License-Identifier: Apache-2.0 */
/* What a requirement is evaluated for: see req_subject.h. */
#include "config.h"

#include "cli/req_subject.h"

#include "base/arena.h"
#include "cli/code_input.h"
#include "format/json_read.h"
#include "lang/explain.h"
#include "policy/host.h"
#include "seal/subject.h"

#define AT(field) offsetof(struct req_subject_options, field)

const struct option_row req_subject_rows[] = {
    {"facts", 0, OPTION_TEXT, AT(facts), "FILE", "the facts in JSON, in place of code", NULL},
    {"base", 0, OPTION_TEXT, AT(base), "DIR",
     "where files named in the facts are looked for (default: here)", NULL},
    {"assume", 0, OPTION_LIST, AT(assume), "FACT=yes|no",
     "answer what only a Mac knows: notarized, legacy_listed, …", NULL},
    {"macos", 0, OPTION_TEXT, AT(macos), "VERSION",
     "before 26, `anchor apple` asked for less (default: newest)", NULL},
    {0},
};

/* -- Assumptions */

static bool *assumed_member(struct subject *s, enum subject_fact fact)
{
    switch (fact) {
    case FACT_NOTARIZED: return &s->notarized;
    case FACT_LEGACY_LISTED: return &s->legacy_listed;
    case FACT_TRUST_CACHE: return &s->in_trust_cache;
    case FACT_INTERNAL: return &s->apple_internal;
    case FACT_FORCED_PLATFORM: return &s->force_platform;
    case FACT_ANCHOR: return &s->apple_anchor;
    default: return NULL;
    }
}

/* Trust settings can be assumed away only: which certificate they name is a matter of facts. */
static bool assume(struct subject *s, const char *name, bool yes)
{
    enum subject_fact fact = subject_fact_of(name);
    bool *member = assumed_member(s, fact);
    if (member)
        *member = yes;
    else if (fact != FACT_TRUST_SETTINGS || yes)
        return false;
    s->unknown &= ~FACT_BIT(fact);
    return true;
}

static int assume_all(struct cli *cli, const struct name_vec *words, struct subject *s)
{
    for (size_t i = 0; i < words->n; i++) {
        const char *equals = strchr(words->at[i], '=');
        const char *value = equals ? equals + 1 : "yes";
        char *name = arena_strdup(cli->arena, words->at[i]);
        if (equals)
            name[equals - words->at[i]] = '\0';
        if (strcmp(value, "yes") != 0 && strcmp(value, "no") != 0)
            return cli_usage(cli, "--assume %s: yes or no?", words->at[i]);
        if (!assume(s, name, *value == 'y'))
            return cli_usage(cli, "--assume %s: cannot be assumed%s", words->at[i],
                             cli_hint(cli->arena, name,
                                      "notarized legacy_listed in_trust_cache apple_internal "
                                      "force_platform apple_anchors trust_settings=no"));
    }
    return EXIT_ACCEPTED;
}

/* -- Facts */

static const char *suggestion(struct arena *a, const struct value_error *e)
{
    return e->suggestion ? arena_printf(a, "; did you mean '%s'?", e->suggestion) : "";
}

static int from_facts(struct cli *cli, const struct req_subject_options *o, struct subject *out)
{
    struct req_files *files = arena_new_of(cli->arena, struct req_files);
    struct facts_source source = {req_file_read, files, false};
    struct bytes text;
    struct value *v;
    struct value_error e = {0};
    *files = (struct req_files){.cli = cli, .base = o->base};
    if (!cli_read(cli, o->facts, &text))
        return EXIT_TROUBLE;
    if (json_parse(cli->arena, text, &v, &e) == DS_OK &&
        facts_subject(cli->arena, value_get(v, "context") ? value_get(v, "context") : v, &source,
                      out, &e) == DS_OK)
        return EXIT_ACCEPTED;
    return cli_trouble(cli, "%s:%u:%u: %s%s", o->facts, e.span.line, e.span.column, e.message,
                       suggestion(cli->arena, &e));
}

/* -- Code */

const struct code *req_code(struct cli *cli, const char *path)
{
    const struct host host = host_default(cli->now);
    const struct code_options how = code_options_for(cli, &host);
    const struct code *code = cli_code(cli, path, &how);
    const struct signature *sig = code_signature(code);
    if (!code || (sig && sig->present))
        return code;
    cli_say(cli, "%s: code object is not signed at all", path);
    return NULL;
}

static int from_code(struct cli *cli, const char *path, struct subject *out)
{
    const struct code *code = req_code(cli, path);
    if (!code)
        return EXIT_TROUBLE;
    code_subject(cli->arena, code, code_signature(code), NULL, out);
    return EXIT_ACCEPTED;
}

int req_subject(struct cli *cli, const struct req_subject_options *o, const char *path,
                struct subject *out, bool *given)
{
    uint32_t macos = MACOS(26, 0, 0);
    int status = EXIT_ACCEPTED;
    *given = o->facts || path;
    if (o->facts && path)
        return cli_usage(cli, "code or facts, not both");
    if (o->macos && !macos_parse(o->macos, &macos))
        return cli_usage(cli, "--macos %s: no version", o->macos);
    if (!*given)
        return EXIT_ACCEPTED;
    status = o->facts ? from_facts(cli, o, out) : from_code(cli, path, out);
    out->old_anchor_apple = macos < MACOS(26, 0, 0);
    return status == EXIT_ACCEPTED ? assume_all(cli, &o->assume, out) : status;
}

int req_exit(const struct req_result *r)
{
    if (r->error != REQ_OK || r->verdict == VERDICT_NO)
        return EXIT_REFUSED;
    return r->verdict == VERDICT_YES ? EXIT_ACCEPTED : EXIT_UNDECIDED;
}

const char *req_result_text(struct arena *a, const struct req_result *r)
{
    if (r->error != REQ_OK)
        return arena_printf(a, "error: %s (%s, %d)", req_status_text(r->error),
                            req_status_name(r->error), r->error);
    if (r->verdict != VERDICT_UNDECIDED)
        return req_verdict_word(r->verdict);
    return arena_printf(a, "undecided: not known: %s (--assume %s=yes or =no)",
                        subject_fact_text(r->fact), r->missing);
}
