/* SPDX-License-Identifier: Apache-2.0 */
/* Finding: the table's rows, and making findings from them. */
#include "base/finding.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

/* Severity words of findings.def. */
#define SEVERITY_noise    SEVERITY_NOISE
#define SEVERITY_info     SEVERITY_INFO
#define SEVERITY_warn     SEVERITY_WARN
#define SEVERITY_degraded SEVERITY_DEGRADED
#define SEVERITY_refused  SEVERITY_REFUSED
#define SEVERITY_fatal    SEVERITY_FATAL

static const struct finding_row rows[FINDING_COUNT] = {
    [FINDING_NONE] = {"NONE", "layout", SEVERITY_INFO, "-", "-", 'A', "nothing", "-", "-", "-"},
#define FINDING(id, text, stages, severity, code, rules, evidence, title, mac_text, fix, aliases) \
    [FINDING_##id] = {text, stages, SEVERITY_##severity, code, rules, evidence, title, mac_text,  \
                      fix,  aliases},
#include "base/findings.def"
#undef FINDING
};

static const struct {
    const char *name, *about;
} stages[STAGE_COUNT] = {
#define STAGE(id, name, about) {name, about},
#include "base/stages.def"
#undef STAGE
};

const struct finding_row *finding_row(enum finding_id id)
{
    return &rows[id];
}

enum finding_id finding_find(const char *text)
{
    for (int i = FINDING_NONE + 1; i < FINDING_COUNT; i++)
        if (strcmp(rows[i].id, text) == 0)
            return (enum finding_id)i;
    return FINDING_NONE;
}

const char *stage_name(enum stage stage)
{
    return stages[stage].name;
}

const char *stage_about(enum stage stage)
{
    return stages[stage].about;
}

/* The stage whose name is the N bytes at NAME. */
static enum stage stage_find_n(const char *name, size_t n)
{
    int i = 0;
    while (i < STAGE_COUNT && (strlen(stages[i].name) != n || memcmp(stages[i].name, name, n) != 0))
        i++;
    return (enum stage)i;
}

enum stage stage_find(const char *name)
{
    return stage_find_n(name, strlen(name));
}

const char *severity_name(enum severity severity)
{
    static const char *const name[] = {"noise", "info", "warn", "degraded", "refused", "fatal"};
    return name[severity];
}

/* "CODESIGNING/1 reason": the number of a termination reason stands behind its namespace. */
bool finding_code_number(const char *code, int64_t *out)
{
    size_t space = strspn(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    char *end;
    if (space && code[space] == '/')
        code += space + 1;
    *out = strtoll(code, &end, 0);
    return end != code && (*end == ' ' || *end == '\0');
}

/* The part of LIST before its first comma. */
static const char *first_of(struct arena *a, const char *list)
{
    return arena_strndup(a, list, strcspn(list, ","));
}

struct finding *finding_add(struct findings *f, enum finding_id id, struct place at,
                            const char *fmt, ...)
{
    const struct finding_row *row = finding_row(id);
    struct finding *made = arena_new_of(f->arena, struct finding);
    made->id = id;
    made->stage = stage_find_n(row->stages, strcspn(row->stages, ","));
    made->severity = row->severity;
    made->has_code = finding_code_number(row->code, &made->code);
    made->evidence = row->evidence;
    made->place = at;
    made->rule = first_of(f->arena, row->rules);
    made->fix = row->fix;
    if (fmt) {
        va_list ap;
        va_start(ap, fmt);
        made->detail = arena_vprintf(f->arena, fmt, ap);
        va_end(ap);
    }
    vec_push(f->arena, &f->list, made);
    return made;
}

void finding_log(struct findings *f, struct finding *finding, const char *process, const char *fmt,
                 ...)
{
    va_list ap;
    va_start(ap, fmt);
    char *text = arena_vprintf(f->arena, fmt, ap);
    va_end(ap);
    vec_push(f->arena, &finding->log,
             (struct log_line){
                 .process = process, .text = text, .noise = finding->severity == SEVERITY_NOISE});
}

const char *finding_message(struct arena *a, const struct finding *f)
{
    const char *title = rows[f->id].title;
    return f->detail ? arena_printf(a, "%s: %s", title, f->detail) : title;
}

struct finding *findings_find(const struct findings *f, enum finding_id id)
{
    for (size_t i = 0; i < f->list.n; i++)
        if (f->list.at[i]->id == id)
            return f->list.at[i];
    return NULL;
}

bool findings_refuse(const struct findings *f)
{
    for (size_t i = 0; i < f->list.n; i++)
        if (f->list.at[i]->severity >= SEVERITY_REFUSED)
            return true;
    return false;
}
