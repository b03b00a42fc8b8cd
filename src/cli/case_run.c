/* SPDX-License-Identifier: Apache-2.0 */
/* Build a case and run what it names (cli/case_run.h). The commands run as they would on files: over the forged file system,
 * with streams in memory and the test root taken for Apple's. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "cli/case_run.h"
#include "cli/cmd_check.h"
#include "forge/forge.h"
#include "report/repair_report.h"

struct run {
    struct cli *cli;
    const struct value *doc, *check; /* `check:` of the case, NULL when not given */
    struct forged forged;
    struct host host;
    struct case_outcome *out;
};

extern const struct command_spec cmd_check, cmd_verify, cmd_repair;

/* The commands whose judgement is compared, and what they judge. */
static const struct judged_command {
    struct command command;
    enum stage only;
    bool static_only;
} judged_commands[] = {
    {{"check", NULL, NULL, &cmd_check}, STAGE_COUNT, false},
    {{"verify", NULL, NULL, &cmd_verify}, STAGE_DR, true},
    {{"notary", NULL, NULL, &cmd_check}, STAGE_NOTARY, false},
    {{"sign", NULL, NULL, &cmd_check}, STAGE_SIGN, false},
    {{"repair", NULL, NULL, &cmd_repair}, STAGE_COUNT, false},
};

static const char *error_text(struct arena *a, const struct value_error *e)
{
    const char *where =
        e->span.line ? arena_printf(a, "%u:%u: ", e->span.line, e->span.column) : "";
    const char *hint = e->suggestion ? arena_printf(a, "; did you mean '%s'?", e->suggestion) : "";
    return arena_printf(a, "%s%s%s", where, e->message ? e->message : "does not parse", hint);
}

/* The words of V, a text (split at blanks) or a list of texts, behind those of WORDS. */
static void add_words(struct arena *a, struct name_vec *words, const struct value *v)
{
    const char *text = value_cstr(v);
    for (size_t i = 0; v && v->type == VALUE_ARRAY && i < v->count; i++)
        if (v->items[i]->bytes.p)
            vec_push(a, words, bytes_cstr(a, v->items[i]->bytes));
    while (text && *text) {
        size_t n = strcspn(text, " ");
        if (n)
            vec_push(a, words, arena_strndup(a, text, n));
        text += n + (text[n] == ' ');
    }
}

/* The path of a top-level item as a case writes it: from the top, where everything lies. */
static const char *top_path(const struct run *r, size_t i)
{
    const char *path = r->forged.tops.at[i];
    return *path == '/' ? path + 1 : path;
}

/* One of WORDS is a top-level item or something in it. */
static bool names_top(const struct run *r, const struct name_vec *words)
{
    for (size_t i = 0; i < words->n; i++)
        for (size_t k = 0; k < r->forged.tops.n; k++)
            if (path_below(words->at[i], top_path(r, k)))
                return true;
    return false;
}

static void add_paths(struct run *r, struct name_vec *paths)
{
    const struct value *given = value_get(r->check, "paths");
    const char *one = value_cstr(given);
    if (one)
        vec_push(r->cli->arena, paths, one);
    else if (given)
        add_words(r->cli->arena, paths, given);
    for (size_t i = 0; !given && i < r->forged.tops.n; i++)
        vec_push(r->cli->arena, paths, top_path(r, i));
}

static char **argv_of(struct arena *a, const struct name_vec *words)
{
    char **argv = arena_array(a, words->n + 1, char *);
    for (size_t i = 0; i < words->n; i++)
        argv[i] = arena_strdup(a, words->at[i]);
    return argv;
}

static const char *first_or_null(const struct name_vec *v)
{
    return v->n ? v->at[0] : NULL;
}

/* The case says what repairs there are, or asks for them. */
static bool wants_repairs(const struct run *r, const struct judged_command *c)
{
    return c->command.spec == &cmd_repair || value_get(value_get(r->doc, "expect"), "repair");
}

static void run_repair(struct run *r, const struct check_request *request)
{
    struct arena *a = r->cli->arena;
    struct repairs *repairs = arena_new_of(a, struct repairs);
    if (check_read(r->cli, request, &r->out->paths, &r->out->input) != EXIT_ACCEPTED ||
        repair_search(a, &r->out->input, repairs) != DS_OK)
        return;
    r->out->input.host = arena_copy(a, &request->host, sizeof request->host);
    r->out->repairs = repairs;
    r->out->judgement = repairs->before;
}

/* What the command itself says and returns, which is not about the verdict but about the way out. */
static void tell_repair(struct run *r)
{
    struct buf text = {.arena = r->cli->arena};
    if (!r->out->repairs)
        return;
    text_repairs(&text, r->out->paths.at[0], r->out->repairs, (struct text_style){0});
    fputs(buf_cstr(&text), r->cli->out);
    r->out->exit_status = repair_succeeds(r->out->repairs) ? EXIT_ACCEPTED : EXIT_REFUSED;
}

static void run_judged(struct run *r, const struct judged_command *c)
{
    struct arena *a = r->cli->arena;
    struct check_request request = {
        .host = r->host,
        .only = c->only,
        .static_only = c->static_only,
        .options.replaces = first_or_null(&r->forged.replaced),
        .options.peer = first_or_null(&r->forged.peers),
    };
    struct name_vec words = {0}, *paths = &r->out->paths;
    vec_push(a, &words, c->command.name);
    add_words(a, &words, value_get(r->check, "options"));
    r->cli->at = &c->command;
    r->out->exit_status = check_parse(r->cli, (int)words.n, argv_of(a, &words), &request);
    if (r->out->exit_status != EXIT_ACCEPTED)
        return;
    add_paths(r, paths);
    if (paths->n)
        r->out->exit_status = check_judge(r->cli, &request, paths, &r->out->judgement);
    if (paths->n && wants_repairs(r, c))
        run_repair(r, &request);
    if (c->command.spec == &cmd_repair)
        tell_repair(r);
    r->out->judged = r->out->judgement.findings.arena != NULL;
}

static void run_command_line(struct run *r, const struct value *command)
{
    struct arena *a = r->cli->arena;
    struct name_vec words = {0};
    vec_push(a, &words, "dryseal");
    add_words(a, &words, command);
    add_words(a, &words, value_get(r->check, "options"));
    if (!value_get_cstr(r->doc, "logs") && (value_get(r->check, "paths") || !names_top(r, &words)))
        add_paths(r, &words);
    r->out->exit_status = cli_run(r->cli, (int)words.n, argv_of(a, &words));
}

static void run_log(struct run *r)
{
    const struct value *logs = value_get(r->doc, "logs");
    r->out->explained = true;
    if (value_is(logs, VALUE_STRING))
        log_explain(r->cli->arena, logs->bytes, &r->out->log);
}

static const struct judged_command *find_judged(const char *name)
{
    for (size_t i = 0; i < sizeof judged_commands / sizeof *judged_commands; i++)
        if (strcmp(judged_commands[i].command.name, name) == 0)
            return &judged_commands[i];
    return NULL;
}

static void run_named(struct run *r)
{
    const struct value *command = value_get(r->check, "command");
    const char *name = value_cstr(command);
    const struct judged_command *judged;
    if (!name)
        name = value_get_cstr(r->doc, "logs") ? "explain-log" : "check";
    judged = find_judged(name);
    if (strcmp(name, "explain-log") == 0)
        run_log(r);
    if (judged)
        run_judged(r, judged);
    else
        run_command_line(r, command ? command : value_string(r->cli->arena, name));
}

/* Streams in memory around one run. */
struct streams {
    char *out, *err;
    size_t out_size, err_size;
};

static void release(void *p)
{
    struct streams *s = p;
    free(s->out);
    free(s->err);
}

static void run_with_streams(struct run *r)
{
    struct arena *a = r->cli->arena;
    const struct value *logs = value_get(r->doc, "logs");
    struct bytes input =
        value_is(logs, VALUE_STRING) && logs->bytes.n ? logs->bytes : bytes_str("\n");
    struct streams *s = arena_new_of(a, struct streams);
    arena_defer(a, release, s);
    FILE *out = open_memstream(&s->out, &s->out_size);
    FILE *err = open_memstream(&s->err, &s->err_size);
    FILE *in = fmemopen((void *)(uintptr_t)input.p, input.n, "r");
    if (out && err && in) {
        r->cli->out = out;
        r->cli->err = err;
        r->cli->in = in;
        run_named(r);
    } else {
        r->out->trouble = "no memory for the streams of a command";
    }
    if (out)
        fclose(out);
    if (err)
        fclose(err);
    if (in)
        fclose(in);
    r->out->out = s->out ? arena_strdup(a, s->out) : "";
    r->out->err = s->err ? arena_strdup(a, s->err) : "";
}

void case_run(struct cli *cli, const struct value *doc, struct case_outcome *out)
{
    struct cli inner = *cli;
    struct value_error error = {0};
    struct run r = {.cli = &inner, .doc = doc, .check = value_get(doc, "check"), .out = out};
    *out = (struct case_outcome){0};
    if (forge_build(cli->arena, doc, &r.forged, &error) != DS_OK) {
        out->trouble = error_text(cli->arena, &error);
        return;
    }
    r.host = host_default(r.forged.signed_at);
    if (host_read(cli->arena, r.forged.host, &r.host, &error) != DS_OK) {
        out->trouble = error_text(cli->arena, &error);
        return;
    }
    const struct trust_options trust = {.crls = r.forged.crls, .ocsps = r.forged.ocsps};
    inner.fs = r.forged.fs;
    inner.cwd = "/";
    inner.colour = false;
    inner.allow_test_root = true;
    inner.now = r.host.date;
    inner.host = &r.host;
    inner.trust = &trust;
    inner.profiles = &r.forged.profiles;
    run_with_streams(&r);
}
