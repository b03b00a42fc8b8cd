/* SPDX-License-Identifier: Apache-2.0 */
/* The public interface of the library, src/include/dryseal.h: each object owns one arena, and dies with it. */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/status.h"
#include "base/text.h"
#include "dryseal.h"
#include "lang/compile.h"
#include "lang/print.h"
#include "policy/judge.h"
#include "report/json.h"
#include "report/text.h"
#include "report/tree.h"

struct ds_options {
    struct arena *arena;
    struct host host;
    bool static_only, test_root;
};

struct ds_report {
    struct arena *arena;
    struct judgement judgement;
    const char *text, *json, *facts;
};

const char *ds_version(void)
{
    return PACKAGE_VERSION;
}

const char *ds_result_text(ds_result result)
{
    switch (result) {
    case DS_SUCCESS: return "success";
    case DS_NO_MEMORY: return "no memory";
    case DS_LIMIT_MET: return "a limit against hostile input was met";
    case DS_CANNOT_READ: return "cannot read";
    case DS_BAD_ARGUMENT: return "bad argument";
    }
    return "unknown";
}

static ds_result result_of(enum ds_status status)
{
    switch (status) {
    case DS_OK: return DS_SUCCESS;
    case DS_NOMEM: return DS_NO_MEMORY;
    case DS_LIMIT: return DS_LIMIT_MET;
    case DS_IO: return DS_CANNOT_READ;
    case DS_INVALID:
    case DS_PARSE:
    case DS_UNSUPPORTED: return DS_BAD_ARGUMENT;
    }
    return DS_BAD_ARGUMENT;
}

/* -- options */

ds_options *ds_options_new(int64_t now)
{
    ds_options *o = calloc(1, sizeof *o);
    if (!o)
        return NULL;
    o->arena = arena_new(0);
    if (!o->arena) {
        free(o);
        return NULL;
    }
    o->host = host_default(now);
    return o;
}

void ds_options_free(ds_options *o)
{
    if (!o)
        return;
    arena_free(o->arena);
    free(o);
}

struct setting {
    ds_options *options;
    const char *key, *value, *why;
};

static enum ds_status set(void *arg)
{
    struct setting *s = arg;
    struct value_error error = {0};
    bool yes = strcmp(s->value, "yes") == 0;
    if (strcmp(s->key, "static-only") == 0) {
        s->options->static_only = yes;
        return DS_OK;
    }
    if (strcmp(s->key, "test-root") == 0) {
        s->options->test_root = yes;
        return DS_OK;
    }
    enum ds_status status =
        host_set(s->options->arena, &s->options->host, s->key, s->value, &error);
    s->why = error.message;
    return status;
}

ds_result ds_options_set(ds_options *o, const char *key, const char *value, const char **why)
{
    struct setting s = {o, key, value, NULL};
    ds_result result = result_of(arena_run(o->arena, set, &s));
    if (why)
        *why = s.why;
    return result;
}

/* -- check */

struct checking {
    const char *path;
    const ds_options *options;
    ds_report *report;
    int error;
};

static struct code_options how(const ds_options *o)
{
    struct code_options options = code_options_thorough();
    options.allow_test_root = o->test_root;
    options.now = o->host.date;
    options.arch = o->host.arch;
    return options;
}

static void render(ds_report *r, const char *path, const struct code *code)
{
    struct buf text = {.arena = r->arena};
    text_judgement(&text, path, &r->judgement, (struct text_style){0});
    r->text = buf_cstr(&text);
    r->json = json_text(r->arena, tree_judgement(r->arena, path, &r->judgement), true);
    r->facts = json_text(r->arena, tree_code(r->arena, code), true);
}

static enum ds_status check(void *arg)
{
    struct checking *c = arg;
    struct arena *a = c->report->arena;
    const struct code_options options = how(c->options);
    const struct code_input in = {fs_disk(a), c->path, path_base(c->path)};
    struct code *code = NULL;
    enum ds_status status = code_read(a, &in, &options, &code, &c->error);
    if (status != DS_OK)
        return status;
    const struct judge_input input = {
        .tops = &code,
        .top_count = 1,
        .host = &c->options->host,
        .only = c->options->static_only ? STAGE_DR : STAGE_COUNT,
    };
    status = judge(a, &input, &c->report->judgement);
    if (status == DS_OK)
        render(c->report, c->path, code);
    return status;
}

ds_result ds_check(const char *path, const ds_options *options, ds_report **report)
{
    *report = NULL;
    char *from_root = realpath(path, NULL); /* readers have no working directory */
    if (!from_root)
        return DS_CANNOT_READ;
    struct checking c = {from_root, options, calloc(1, sizeof(ds_report)), 0};
    if (c.report)
        c.report->arena = arena_new(0);
    enum ds_status status = DS_NOMEM;
    if (c.report && c.report->arena)
        status = arena_run(c.report->arena, check, &c);
    free(from_root);
    if (status == DS_OK) {
        *report = c.report;
        return DS_SUCCESS;
    }
    ds_report_free(c.report);
    errno = c.error;
    return result_of(status);
}

void ds_report_free(ds_report *r)
{
    if (!r)
        return;
    arena_free(r->arena);
    free(r);
}

ds_verdict ds_report_verdict(const ds_report *r)
{
    static const ds_verdict verdicts[] = {[OUTCOME_ACCEPTED] = DS_VERDICT_ACCEPTED,
                                          [OUTCOME_DEGRADED] = DS_VERDICT_DEGRADED,
                                          [OUTCOME_UNDECIDED] = DS_VERDICT_UNDECIDED,
                                          [OUTCOME_REFUSED] = DS_VERDICT_REFUSED,
                                          [OUTCOME_INVALID] = DS_VERDICT_INVALID};
    return verdicts[r->judgement.outcome];
}

const char *ds_report_finding(const ds_report *r)
{
    return r->judgement.deciding ? finding_row(r->judgement.deciding->id)->id : NULL;
}

const char *ds_report_text(const ds_report *r)
{
    return r->text;
}

const char *ds_report_json(const ds_report *r)
{
    return r->json;
}

const char *ds_report_facts(const ds_report *r)
{
    return r->facts;
}

/* -- requirements */

struct translating {
    struct arena *arena;
    struct bytes in, out;
};

static enum ds_status compile(void *arg)
{
    struct translating *t = arg;
    struct req_compiled c = req_compile(t->arena, t->in, NULL);
    t->out = c.ok ? c.blob : req_errors_text(t->arena, &c.errors);
    return c.ok ? DS_OK : DS_PARSE;
}

static enum ds_status print(void *arg)
{
    struct translating *t = arg;
    return req_print(t->arena, t->in, &t->out) == REQ_OK ? DS_OK : DS_PARSE;
}

static ds_result hand_over(struct bytes from, ds_bytes *to)
{
    to->data = malloc(from.n + 1);
    if (!to->data)
        return DS_NO_MEMORY;
    if (from.n)
        memcpy(to->data, from.p, from.n);
    to->data[from.n] = '\0';
    to->size = from.n;
    return DS_SUCCESS;
}

static ds_result translate(enum ds_status (*work)(void *), struct bytes in, ds_bytes *out)
{
    struct translating t = {.arena = arena_new(0), .in = in};
    *out = (ds_bytes){NULL, 0};
    if (!t.arena)
        return DS_NO_MEMORY;
    ds_result result = result_of(arena_run(t.arena, work, &t));
    if ((result == DS_SUCCESS || result == DS_BAD_ARGUMENT) && hand_over(t.out, out) != DS_SUCCESS)
        result = DS_NO_MEMORY;
    arena_free(t.arena);
    return result;
}

ds_result ds_requirement_compile(const char *text, size_t size, ds_bytes *out)
{
    return translate(compile, bytes_of(text, size), out);
}

ds_result ds_requirement_print(const void *blob, size_t size, ds_bytes *out)
{
    return translate(print, bytes_of(blob, size), out);
}

void ds_bytes_free(ds_bytes *bytes)
{
    free(bytes->data);
    *bytes = (ds_bytes){NULL, 0};
}
