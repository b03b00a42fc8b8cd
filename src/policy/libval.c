/* SPDX-License-Identifier: Apache-2.0 */
/* Libval: the walk over load commands, and the verdict on each library (subsystem-checks.md §14). */
#include "policy/libval.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "policy/amfi.h"
#include "policy/constraint.h"

#define EXEMPTION "com.apple.security.cs.disable-library-validation"

/* One process: a main executable, and what it maps. */
struct process {
    struct judging *j;
    const struct code *c;
    const struct slice *slice;
    const char *team;
    bool validates; /* hardened runtime or the library flag */
    bool exempt;    /* … but for the entitlement */
    bool noted;     /* the exemption was told */
    bool inferred;  /* the library at hand is not linked, only shipped */
    struct code_list loaded;
};

static bool is_platform(const struct signature *sig)
{
    return sig->signer == SIGNER_APPLE;
}

/* "linked by the process" or "shipped for it": the second is an inference (ASSUMPTION(unlinked-library)). */
static struct finding *refuse(struct process *p, enum finding_id id, const struct code *lib,
                              const char *detail)
{
    struct finding *f = judging_add(p->j, id, lib, "%s", detail);

    f->place.arch = p->slice->arch;
    if (p->inferred) {
        judging_rely(p->j, "unlinked-library", lib);
        f->evidence = 'D';
    }
    return f;
}

static void log_dyld(struct process *p, struct finding *f, const struct code *lib,
                     const char *reason)
{
    judging_log(p->j, f, "dyld", "code signature in %s not valid for use in process: %s",
                amfi_log_path(p->j, lib), reason);
}

static void log_kernel(struct process *p, struct finding *f, const struct code *lib,
                       const char *reason)
{
    const char *theirs = code_team(lib), *file = amfi_log_path(p->j, lib);
    bool platform = is_platform(&p->slice->sig);

    judging_log(p->j, f, "kernel",
                "Library Validation failed: Rejecting '%s' (Team ID: %s, platform: no) for process "
                "'%s(<pid>)' (Team ID: %s, platform: %s), reason: %s",
                file, theirs ? theirs : "none", path_base(code_exec_path(p->c)),
                p->team ? p->team : "N/A", platform ? "yes" : "no", reason);
}

/* -- the verdict on one library */

/* The slice of LIB that this process maps. */
static const struct slice *mapped_slice(const struct process *p, const struct code *lib)
{
    for (size_t i = 0; i < lib->slice_count; i++)
        if (strcmp(lib->slices[i].arch, p->slice->arch) == 0)
            return &lib->slices[i];
    return code_main_slice(lib);
}

/* Apple silicon maps no unsigned code, whatever the process validates. */
static bool needs_signature(const struct process *p)
{
    return (p->validates && !p->exempt) || text_starts(p->slice->arch, "arm64");
}

static void check_unsigned(struct process *p, const struct code *lib)
{
    struct finding *f;

    if (!needs_signature(p))
        return;
    f = refuse(p, FINDING_LIBVAL_UNSIGNED, lib, arena_printf(p->j->a, "loaded by %s", p->c->path));
    log_kernel(p, f, lib,
               "mapped file has no cdhash, completely unsigned? Code has to be at least ad-hoc "
               "signed.");
}

static void check_damaged(struct process *p, const struct code *lib, const struct slice *s,
                          const struct finding *fault)
{
    struct finding *f;

    if (!needs_signature(p))
        return;
    f = refuse(
        p, FINDING_LIBVAL_SIGNATURE, lib,
        arena_printf(p->j->a, "loaded by %s; %s", p->c->path, finding_row(fault->id)->title));
    judging_log(p->j, f, "dyld",
                "code signature invalid (errno=1) sliceOffset=0x%08llx codeBlobOffset=0x%08llx "
                "codeBlobSize=0x%08llx in %s",
                (unsigned long long)s->offset, (unsigned long long)s->sig.offset,
                (unsigned long long)s->sig.size, amfi_log_path(p->j, lib));
}

static void check_platform(struct process *p, const struct code *lib)
{
    static const char reason[] = "mapping process is a platform binary, but mapped file is not";
    struct finding *f =
        refuse(p, FINDING_LIBVAL_PLATFORM, lib, arena_printf(p->j->a, "loaded by %s", p->c->path));

    log_dyld(p, f, lib, reason);
    log_kernel(p, f, lib, reason);
}

/* The library's team for the comparison: a foreign root's certificate gives none. */
static const char *effective_team(const struct slice *s)
{
    return s->sig.adhoc || s->sig.anchor == ANCHOR_NONE ? NULL : s->sig.chosen->team;
}

static void exempted(struct process *p, const struct code *lib)
{
    if (p->noted)
        return;
    judging_add(p->j, FINDING_LIBVAL_EXEMPT, p->c, "%s is let in", lib->path);
    p->noted = true;
}

static void check_team(struct process *p, const struct code *lib, const struct slice *s)
{
    static const char differ[] =
        "mapping process and mapped file (non-platform) have different Team IDs";
    const char *team = effective_team(s), *reason = differ;
    enum finding_id id = FINDING_LIBVAL_TEAM;
    struct finding *f;

    if (team && p->team && strcmp(team, p->team) == 0)
        return;
    if (p->exempt) {
        exempted(p, lib);
        return;
    }
    if (!team) {
        id = FINDING_LIBVAL_NO_TEAM;
        reason = "mapped file has no Team ID and is not a platform binary (signed with custom "
                 "identity or adhoc?)";
    }
    f = refuse(p, id, lib,
               arena_printf(p->j->a, "loaded by %s: team %s, the process has %s", p->c->path,
                            team ? team : "none", p->team ? p->team : "none"));
    log_dyld(p, f, lib, reason);
    log_kernel(p, f, lib, id == FINDING_LIBVAL_TEAM ? differ : reason);
}

/* Slot 11 of the process is a further filter (§7.8). */
static void check_constraint(struct process *p, const struct code *lib)
{
    const struct value *constraint = p->slice->sig.constraints[3];
    struct constrained w = constrained_code(p->j, lib);
    const char *unknown = NULL;

    if (!constraint || p->j->host->macos < MACOS(14, 0, 0))
        return;
    if (constraint_eval(constraint, &w, &unknown) == VERDICT_NO)
        refuse(p, FINDING_LIBVAL_CONSTRAINT, lib,
               arena_printf(p->j->a, "%s wants %s", p->c->path, value_text(p->j->a, constraint)));
}

static void check_library(struct process *p, const struct code *lib)
{
    const struct slice *s = mapped_slice(p, lib);
    const struct finding *fault;

    if (!s || !*s->arch)
        return;
    if (!s->sig.present) {
        check_unsigned(p, lib);
        return;
    }
    fault = amfi_basic_fault(lib, s);
    if (!s->sig.chosen || fault) {
        if (fault)
            check_damaged(p, lib, s, fault);
        return;
    }
    if (is_platform(&s->sig))
        return;
    if (is_platform(&p->slice->sig))
        check_platform(p, lib);
    else if (p->validates)
        check_team(p, lib, s);
    check_constraint(p, lib);
}

/* -- which libraries */

static bool is_in(const struct code_list *list, const struct code *c)
{
    for (size_t i = 0; i < list->n; i++)
        if (list->at[i] == c)
            return true;
    return false;
}

/* The code a resolved path belongs to: the innermost object around it. */
static struct code *code_at(const struct judging *j, const char *path)
{
    struct code *best = NULL;

    for (size_t i = 0; i < j->all.n; i++) {
        struct code *c = j->all.at[i];
        bool here =
            path_below(path, c->path) || (c->executable && strcmp(path, c->executable) == 0);

        if (here && (!best || strlen(c->path) >= strlen(best->path)))
            best = c;
    }
    return best;
}

static void report_missing(struct process *p, const struct code *from, const struct link *link)
{
    struct finding *f;

    if (link->weak)
        return;
    f = judging_add(p->j, FINDING_LIBVAL_MISSING, from, "%s", link->name);
    f->place.arch = p->slice->arch;
    judging_log(p->j, f, "dyld", "Library not loaded: %s", link->name);
}

static void load(struct process *p, const struct code *from);

static void follow(struct process *p, const struct code *from, const struct link *link)
{
    struct code *lib;

    if (link->missing)
        report_missing(p, from, link);
    lib = link->resolved ? code_at(p->j, link->resolved) : NULL;
    if (!lib || lib == p->c || is_in(&p->loaded, lib))
        return;
    vec_push(p->j->a, &p->loaded, lib);
    check_library(p, lib);
    load(p, lib);
}

/* Every library that FROM loads, each once a process. */
static void load(struct process *p, const struct code *from)
{
    const struct slice *s = mapped_slice(p, from);

    for (size_t i = 0; s && i < s->links.n; i++)
        follow(p, from, &s->links.at[i]);
}

/* -- libraries that nothing links: whoever ships them loads them at run time */

static bool is_library(const struct code *c)
{
    return (c->kind == CODE_FRAMEWORK || c->kind == CODE_DYLIB) && c->in_code_place;
}

static bool is_linked(const struct judging *j, const struct code *lib)
{
    for (size_t i = 0; i < j->all.n; i++) {
        const struct slice *s = code_main_slice(j->all.at[i]);

        for (size_t k = 0; s && k < s->links.n; k++)
            if (s->links.at[k].resolved && path_below(s->links.at[k].resolved, lib->path))
                return true;
    }
    return false;
}

static void load_unlinked(struct process *p)
{
    p->inferred = true;
    for (size_t i = 0; i < p->c->child_count; i++) {
        struct code *lib = p->c->children[i];

        if (!is_library(lib) || is_in(&p->loaded, lib) || is_linked(p->j, lib))
            continue;
        vec_push(p->j->a, &p->loaded, lib);
        check_library(p, lib);
    }
}

/* Plug-ins, and code inside archives that the program unpacks, are loaded later (SS14). */
static bool comes_later(const struct code *c)
{
    if (c->kind == CODE_PLUGIN || c->kind == CODE_BUNDLE)
        return true;
    for (const struct code *o = c->parent; o && (c->kind == CODE_DYLIB); o = o->parent)
        if (o->kind == CODE_ARCHIVE)
            return true;
    return false;
}

static void warn_later(struct process *p)
{
    for (size_t i = 0; i < p->j->all.n; i++) {
        const struct code *lib = p->j->all.at[i];
        const struct slice *s = code_main_slice(lib);
        const char *team = s && s->sig.chosen ? effective_team(s) : NULL;

        if (code_top(lib) != p->c || !s || !*s->arch || !comes_later(lib) ||
            (s->sig.chosen && is_platform(&s->sig)) ||
            (team && p->team && strcmp(team, p->team) == 0))
            continue;
        judging_add(p->j, FINDING_LIBVAL_RUNTIME_LOAD, lib, "team %s, the process has %s",
                    team ? team : "none", p->team ? p->team : "none");
    }
}

/* -- one process */

static bool starts(const struct code *c, const struct slice *s)
{
    return c->is_main_executable && s && s->sig.chosen && *s->arch;
}

static void judge_process(struct judging *j, const struct code *c, const struct slice *s)
{
    uint32_t flags = s->sig.chosen->flags;
    struct process p = {.j = j,
                        .c = c,
                        .slice = s,
                        .team = effective_team(s),
                        .validates = flags & (CD_FLAG_RUNTIME | CD_FLAG_LIBRARY_VALIDATION),
                        .exempt = value_is_true(code_claim(c, EXEMPTION))};

    load(&p, c);
    if (c->parent)
        return;
    load_unlinked(&p);
    if (p.validates && !p.exempt)
        warn_later(&p);
}

void libval_judge(struct judging *j)
{
    bool any = false;

    for (size_t i = 0; i < j->all.n; i++) {
        const struct code *c = j->all.at[i];
        const struct slice *s = code_main_slice(c);

        if (!starts(c, s))
            continue;
        any = true;
        judge_process(j, c, s);
    }
    if (!any)
        judging_skip(j, "nothing signed is started");
}
