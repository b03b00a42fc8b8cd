/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finding: something about the input that a Mac would refuse, warn of, or print.
 *
 * A finding is a row of findings.def (made from the specification's findings.tsv) plus a place plus
 * arguments. Its id never changes. The list keeps the order in which findings were made; what decides is
 * computed from stage, severity and order (policy/judge). Lines a Mac would log belong to the finding; those
 * that look like failures and are none are marked noise.
 */
#ifndef DS_BASE_FINDING_H
#define DS_BASE_FINDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/vec.h"

struct arena;

enum stage {
#define STAGE(id, name, about) STAGE_##id,
#include "base/stages.def"
#undef STAGE
    STAGE_COUNT
};

enum severity {
    SEVERITY_NOISE,
    SEVERITY_INFO,
    SEVERITY_WARN,
    SEVERITY_DEGRADED,
    SEVERITY_REFUSED,
    SEVERITY_FATAL
};

/* FINDING(enum, "ID", stages, severity, code, rules, evidence, title, mac_text, fix, aliases) */
enum finding_id {
    FINDING_NONE,
#define FINDING(id, text, stages, severity, code, rules, evidence, title, mac_text, fix, aliases) \
    FINDING_##id,
#include "base/findings.def"
#undef FINDING
    FINDING_COUNT
};

/* The row of a finding, all text static. */
struct finding_row {
    const char *id;     /* "NE-PKG-DEVID-APPEX" */
    const char *stages; /* "static,sign": the usual stage first */
    enum severity severity;
    const char *code;  /* "-67061 OSStatus", alternatives separated by "; "; "-" for none */
    const char *rules; /* spec rules, comma-separated */
    char evidence;     /* 'A'…'D' */
    const char *title, *mac_text, *fix, *aliases; /* "-" for none */
};

const struct finding_row *finding_row(enum finding_id id);
/* FINDING_NONE when TEXT is no id. */
enum finding_id finding_find(const char *text);

const char *stage_name(enum stage stage);
const char *stage_about(enum stage stage);
/* STAGE_COUNT when NAME is none. */
enum stage stage_find(const char *name);
const char *severity_name(enum severity severity);

#define PLACE_NONE INT64_MIN

/* Where: every member may be unknown (NULL, PLACE_NONE). */
struct place {
    const char *path; /* as reported, from the top-level item on */
    const char *arch;
    int64_t slot;   /* special slots as positive numbers: 1, 2, 3, 5, 7, 0x10000 … */
    int64_t offset; /* in the file */
};

static inline struct place place_path(const char *path)
{
    return (struct place){.path = path, .slot = PLACE_NONE, .offset = PLACE_NONE};
}

static inline struct place place_slice(const char *path, const char *arch)
{
    return (struct place){.path = path, .arch = arch, .slot = PLACE_NONE, .offset = PLACE_NONE};
}

struct log_line {
    const char *process; /* "taskgated-helper", "kernel" … */
    const char *text;
    bool noise;
};

struct finding {
    enum finding_id id;
    enum stage stage;       /* default: the row's first */
    enum severity severity; /* default: the row's */
    bool has_code;
    int64_t code; /* default: the row's first number */
    char evidence;
    struct place place;
    const char *rule;   /* the spec rule at work, e.g. "NE-01"; default: the row's first */
    const char *detail; /* what was found and what was required; NULL when the title says all */
    const char *fix;    /* default: the row's */
    bool blocks;        /* an ASK-… row: the unanswered question stands in the way of a verdict */
    bool first;         /* static stage: the first error codesign would report */
    struct log_vec VEC_OF(struct log_line) log;
};

struct findings {
    struct arena *arena;
    struct finding_vec VEC_OF(struct finding *) list;
};

/*
 * Add a finding. FMT (printf, may be NULL) becomes `detail`. Returns the finding for refinement (stage,
 * severity, code, log lines); it belongs to F's arena.
 */
struct finding *finding_add(struct findings *f, enum finding_id id, struct place at,
                            const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* Add a line of PROCESS's log to a finding; noise when the finding is noise. */
void finding_log(struct findings *f, struct finding *finding, const char *process, const char *fmt,
                 ...) __attribute__((format(printf, 4, 5)));

/* Title and detail as one sentence. */
const char *finding_message(struct arena *a, const struct finding *f);

/* The first finding with ID, NULL when none. */
struct finding *findings_find(const struct findings *f, enum finding_id id);

/* True when a finding of severity refused or fatal is there (any stage). */
bool findings_refuse(const struct findings *f);

/* The first number of CODE ("-413 Apple…; …"); false when it has none. */
bool finding_code_number(const char *code, int64_t *out);

#endif
