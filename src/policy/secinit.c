/* SPDX-License-Identifier: Apache-2.0 */
/* Secinit: rules SC-01 to SC-04 of subsystem-checks.md §19, and the app extension's own (k30). */
#include "policy/secinit.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"
#include "policy/amfi.h"

#define SANDBOX "com.apple.security.app-sandbox"
#define INHERIT "com.apple.security.inherit"

static bool is_sandboxed(const struct code *c)
{
    return value_is_true(code_claim(c, SANDBOX));
}

static bool inherits(const struct code *c)
{
    return value_is_true(code_claim(c, INHERIT));
}

/* launchd starts services and login items; all other nested code is started by the app around it
 * (ASSUMPTION(launcher)). */
static bool is_started_by_launchd(const struct code *c)
{
    static const char *const places[] = {
        "/Contents/Library/LoginItems/", "/Contents/Library/LaunchServices/",
        "/Contents/Library/LaunchAgents/", "/Contents/Library/LaunchDaemons/", "/XPCServices/"};

    if (c->kind == CODE_XPC || c->kind == CODE_APPEX || c->kind == CODE_SYSEXT ||
        c->kind == CODE_DEXT)
        return true;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (strstr(c->path, places[i]))
            return true;
    return false;
}

/* The nearest code around C that runs as a process of its own: who starts C. */
static const struct code *starter(const struct code *c)
{
    const struct code *o = c->parent;

    while (o && (!o->is_main_executable || !code_signature(o)))
        o = o->parent;
    return o;
}

/* SC-01 */
static void check_inherit(struct judging *j, const struct code *c)
{
    const struct code *by = is_started_by_launchd(c) ? NULL : starter(c);
    struct finding *f;

    if (!is_sandboxed(c) || !inherits(c) || (by && is_sandboxed(by)))
        return;
    f = judging_add(j, FINDING_SECINIT_NOT_INHERITED, c, "started by %s, which has no sandbox",
                    by ? by->path : "launchd");
    judging_log(j, f, "libsystem_secinit.dylib",
                "Sandbox registration failed: Process is not in an inherited sandbox.");
}

/* SC-03, forbidden-sandbox-reinit */
static void check_reinit(struct judging *j, const struct code *c)
{
    const struct code *by = is_started_by_launchd(c) ? NULL : starter(c);
    struct finding *f;

    if (!by || !is_sandboxed(by) || !is_sandboxed(c) || inherits(c))
        return;
    f = judging_add(j, FINDING_SECINIT_REINIT, c, "started by %s", by->path);
    judging_log(j, f, "kernel", "Sandbox: %s(<pid>) deny(1) forbidden-sandbox-reinit",
                path_base(code_exec_path(c)));
}

static bool is_functional(const char *key)
{
    return text_starts(key, "com.apple.security.") && strcmp(key, SANDBOX) != 0 &&
           strcmp(key, INHERIT) != 0 && !text_starts(key, "com.apple.security.cs.") &&
           strcmp(key, "com.apple.security.get-task-allow") != 0;
}

/* SC-03: inherit goes with app-sandbox and nothing else. */
static void check_extra(struct judging *j, const struct code *c)
{
    const struct value *claims = code_claims(c);
    struct buf extra = {.arena = j->a};

    if (!inherits(c))
        return;
    for (size_t i = 0; i < claims->count; i++) {
        const char *key = (const char *)claims->keys[i].name.p;

        if (is_functional(key))
            buf_printf(&extra, "%s%s", extra.n ? ", " : "", key);
    }
    if (extra.n)
        judging_add(j, FINDING_SECINIT_INHERIT_EXTRA, c, "%s", buf_cstr(&extra));
    else if (!is_sandboxed(c))
        judging_add(j, FINDING_SECINIT_INHERIT_EXTRA, c, "%s is missing", SANDBOX);
}

static bool calls_exec(const struct code *c)
{
    static const char *const names[] = {"_execv", "_execve", "_execvp", "_execl", "_execlp"};
    const struct slice *s = code_main_slice(c);

    for (size_t i = 0; s && i < s->imports.n; i++)
        for (size_t k = 0; k < sizeof names / sizeof *names; k++)
            if (strcmp(s->imports.at[i], names[k]) == 0)
                return true;
    return false;
}

/* SC-02 can only be suspected: what is executed is not on disk. */
static void check_reexec(struct judging *j, const struct code *c)
{
    struct finding *f;

    if (!is_sandboxed(c) || inherits(c) || c->parent || !calls_exec(c))
        return;
    f = judging_add(j, FINDING_SECINIT_REEXEC, c, "it calls exec");
    judging_log(j, f, "libsystem_secinit.dylib",
                "Could not set sandbox profile data: Operation not permitted (1)");
}

/* SC-04 */
static void check_signature(struct judging *j, const struct code *c)
{
    const struct slice *s = code_main_slice(c);
    const struct finding *fault = s ? amfi_basic_fault(c, s) : NULL;
    struct finding *f;

    if (!s || !is_sandboxed(c) || !(fault || s->page_mismatch))
        return;
    f = judging_add(j, FINDING_SECINIT_SIGNATURE, c, "%s",
                    fault ? finding_row(fault->id)->title : "a page differs");
    judging_log(
        j, f, "libsystem_secinit.dylib",
        "Sandbox registration failed: The code signature is not valid (OSStatus error %lld)",
        fault && fault->has_code ? (long long)fault->code : -67061LL);
}

/* k30: pkd ignores such an extension before that (PK-01). */
static void check_appex(struct judging *j, const struct code *c)
{
    struct finding *f;

    if (c->kind != CODE_APPEX || is_sandboxed(c))
        return;
    f = judging_add(j, FINDING_SECINIT_APPEX, c, NULL);
    judging_log(j, f, "kernel",
                "Sandbox: hook..execve() killing xpcproxy[pid=<pid>]: (err=22) failed to assign "
                "builtin profile");
}

void secinit_judge(struct judging *j)
{
    bool any = false;

    for (size_t i = 0; i < j->all.n; i++) {
        const struct code *c = j->all.at[i];
        const struct signature *sig = code_signature(c);

        if (!c->is_main_executable || !sig || !sig->chosen)
            continue;
        any |= is_sandboxed(c) || inherits(c) || c->kind == CODE_APPEX;
        check_inherit(j, c);
        check_reinit(j, c);
        check_extra(j, c);
        check_reexec(j, c);
        check_signature(j, c);
        check_appex(j, c);
    }
    if (!any)
        judging_skip(j, "nothing is sandboxed");
}
