/* SPDX-License-Identifier: Apache-2.0 */
/* AMFI: the lines of a denied launch, in the order in which a Mac prints them (launch-policy.md §1.4, §7). */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"
#include "policy/amfi.h"

#define HELPER "taskgated-helper"

char *amfi_log_path(const struct judging *j, const struct code *c)
{
    const char *dir = j->host->location ? j->host->location : "";
    const char *path = code_exec_path(c);

    return *path == '/' ? arena_strdup(j->a, path) : path_join(j->a, dir, path);
}

static const char *error_text(int error)
{
    switch (error) {
    case -400: return "Error";
    case -420: return "The signature on the file is invalid";
    case -423: return "The file is adhoc signed or signed by an unknown certificate chain";
    case -424: return "The file is adhoc signed but contains restricted entitlements";
    case -427: return "Unable to retrieve certificate chain";
    default: return "No matching profile found";
    }
}

static char *join(struct arena *a, const struct name_vec *names, const char *separator)
{
    struct buf b = {.arena = a};

    for (size_t i = 0; names && i < names->n; i++)
        buf_printf(&b, "%s%s", i ? separator : "", names->at[i]);
    return arena_strdup(a, buf_cstr(&b));
}

static char *ns_error(struct amfi *m, const struct denial *d, const char *path)
{
    const char *text = error_text(d->error), *list = "";

    if (d->error == -413)
        list = arena_printf(m->j->a, "unsatisfiedEntitlements=<CFArray>{%s}, ",
                            join(m->j->a, d->unsatisfied, ", "));
    return arena_printf(
        m->j->a,
        "Error Domain=AppleMobileFileIntegrityError Code=%d \"%s\" UserInfo={NSURL=file://%s, "
        "%sNSLocalizedDescription=%s}",
        d->error, text, path, list, text);
}

static void log_helper(struct amfi *m, struct finding *f, const struct denial *d)
{
    const char *id = code_log_name(m->c);

    if (m->checked)
        judging_log(m->j, f, HELPER, "Checking profile: %s", m->check.name);
    if (d->helper_note)
        judging_log(m->j, f, d->helper ? d->helper : HELPER, "%s", d->helper_note);
    if (!d->unsatisfied) {
        judging_log(m->j, f, HELPER,
                    "Disallowing %s because no eligible provisioning profiles found", id);
        return;
    }
    judging_log(m->j, f, HELPER, "%s: Unsatisfied entitlements: %s", id,
                join(m->j->a, d->unsatisfied, ", "));
    judging_log(m->j, f, HELPER, "Disallowing: %s", id);
}

static void log_amfid(struct amfi *m, struct finding *f, const struct denial *d, const char *path)
{
    const char *error = ns_error(m, d, path);

    if (d->amfid_note)
        judging_log(m->j, f, "amfid", "%s", d->amfid_note);
    if (d->error == -413) {
        judging_log(m->j, f, "amfid",
                    "Requirements for restricted entitlements failed to validate, error -67671, "
                    "requirements: '<private>'");
        judging_log(m->j, f, "amfid",
                    "Restricted entitlements not validated, bailing out. Error: %s", error);
    }
    if (m->j->host->macos < MACOS(12, 0, 0))
        judging_log(m->j, f, "amfid", "%s signature not valid: -67050", path);
    else
        judging_log(m->j, f, "amfid", "%s not valid: %s", path, error);
}

static void log_kernel(struct amfi *m, struct finding *f, const struct denial *d, const char *path)
{
    const char *separator = switch_value(m->j->a, &m->j->switches, SWITCH_UNSATISFIED_SEPARATOR);
    const char *text = d->text;

    if (!text) {
        judging_log(m->j, f, "kernel", "AMFI: bailing out because of restricted entitlements.");
        text = arena_printf(m->j->a,
                            "Code has restricted entitlements, but the validation of its code "
                            "signature failed.\nUnsatisfied Entitlements: %s",
                            join(m->j->a, d->unsatisfied, separator));
    }
    if (d->kernel_note)
        judging_log(m->j, f, "kernel", "%s", d->kernel_note);
    judging_log(m->j, f, "kernel",
                "mac_vnode_check_signature: %s: code signature validation failed fatally: When "
                "validating %s:\n  %s",
                path, path, text);
    judging_log(m->j, f, "kernel", "validation of code signature failed through MACF policy: 1");
    judging_log(m->j, f, "kernel", "check_signature[pid: <pid>]: error = 1");
    judging_log(m->j, f, "kernel", "proc <pid>: load code signature error 4 for file \"%s\"",
                path_base(path));
    judging_log(m->j, f, "kernel",
                "(AppleSystemPolicy) ASP: Security policy would not allow process: <pid>, %s",
                path);
}

/* The head of the crash report (§7.1), which jobs of launchd often leave none of. */
static void log_crash(struct amfi *m, struct finding *f)
{
    bool old = m->j->host->macos < MACOS(12, 0, 0);

    judging_log(m->j, f, "crash report", "Exception Type: EXC_CRASH (%s)",
                old ? "Code Signature Invalid" : "SIGKILL (Code Signature Invalid)");
    judging_log(m->j, f, "crash report", "Termination Reason: Namespace CODESIGNING, Code %s",
                old ? "0x1" : "1 Taskgated Invalid Signature");
}

/* What whoever started it sees (§7.4); the number is a switch, since its mapping to versions is not known. */
static void log_launcher(struct amfi *m)
{
    struct finding *f = judging_add(m->j, FINDING_AMFI_DENIED_LINE, m->c, NULL);
    enum launcher by = m->j->host->launched_by;

    log_crash(m, f);
    if ((by == LAUNCHED_BY_TERMINAL && !m->c->parent) || m->c->kind == CODE_TOOL)
        judging_log(m->j, f, "zsh", "Killed: 9");
    if (by == LAUNCHED_BY_TERMINAL && !m->c->parent)
        return;
    if (by == LAUNCHED_BY_LAUNCHD || m->c->parent) {
        judging_log(m->j, f, "launchd",
                    "xpcproxy exited due to OS_REASON_EXEC (namespace: 9 code: 0x8)");
        return;
    }
    judging_log(m->j, f, "runningboardd",
                "Error Domain=RBSRequestErrorDomain Code=5 \"Launch failed.\" "
                "UserInfo={NSLocalizedFailureReason=Launch failed., NSUnderlyingError={Error "
                "Domain=NSPOSIXErrorDomain Code=%s UserInfo={NSLocalizedDescription=Launchd job "
                "spawn failed}}}",
                switch_value(m->j->a, &m->j->switches, SWITCH_SPAWN_ERROR));
}

void amfi_log_denial(struct amfi *m, struct finding *f, const struct denial *d)
{
    const char *path = amfi_log_path(m->j, m->c);

    if (d->error)
        judging_log(m->j, f, "amfid", "Entering OSX path for %s", path);
    if (d->error == -413)
        log_helper(m, f, d);
    if (d->error)
        log_amfid(m, f, d, path);
    log_kernel(m, f, d, path);
    log_launcher(m);
}
