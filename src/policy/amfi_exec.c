/* SPDX-License-Identifier: Apache-2.0 */
/* AMFI: what the kernel starts at all: signed code, sound structure, pages, platform (static-validation.md §10). */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "policy/amfi_steps.h"
#include "policy/constraint.h"

#define MH_EXECUTE  2
#define MH_DYLDLINK 4
#define PAGE_4K     12
#define PAGE_16K    14
#define CD_MIN      108 /* fields of the newest C structure end there */

/* What the kernel's log calls the error. */
#define LOAD_BADMACHO 2u
#define LOAD_FAILURE  4u

#define PLATFORM_IOS 2

static bool is_arm(const struct slice *s)
{
    return text_starts(s->arch, "arm64");
}

bool amfi_runs(const struct code *c)
{
    const struct slice *s = code_main_slice(c);

    return s && *s->arch && c->is_main_executable;
}

/* -- KP1: is it signed */

bool amfi_check_signed(struct amfi *m)
{
    struct finding *f;

    if (m->sig->present && m->sig->chosen)
        return true;
    if (m->sig->present && is_arm(m->slice)) {
        f = judging_add(m->j, FINDING_EXEC_SIG_STRUCTURE, m->c, "the signature is not readable");
        judging_log(m->j, f, "kernel", "proc <pid>: load code signature error 4 for file \"%s\"",
                    path_base(code_exec_path(m->c)));
        return false;
    }
    f = judging_add(m->j,
                    is_arm(m->slice) ? FINDING_EXEC_UNSIGNED_ARM64 : FINDING_EXEC_UNSIGNED_X86,
                    m->c, NULL);
    f->place.arch = m->slice->arch;
    if (is_arm(m->slice))
        judging_log(m->j, f, "kernel",
                    "AMFI: hook..execve() killing %s (pid <pid>): Attempt to execute completely "
                    "unsigned code (must be at least ad-hoc signed).",
                    m->j->host->launched_by == LAUNCHED_BY_TERMINAL ? m->c->name : "xpcproxy");
    return false;
}

/* -- §10.1: what xnu demands beyond static validation */

/* A blob that must be bound, and is not, or the other way round. */
static bool slot_disagrees(const struct codedir *cd, uint32_t slot, bool present)
{
    return present ? cd->special_slots < slot : codedir_binds(cd, slot);
}

/* Static validation found that SLOT's blob is not the one that was signed. */
static bool slot_modified(const struct amfi *m, int64_t slot)
{
    for (size_t i = 0; i < m->c->findings->list.n; i++) {
        const struct finding *f = m->c->findings->list.at[i];

        if (f->id == FINDING_CD_SPECIAL_SLOT && f->place.slot == slot &&
            (!f->place.arch || strcmp(f->place.arch, m->slice->arch) == 0))
            return true;
    }
    return false;
}

static const char *slot_fault(const struct amfi *m)
{
    static const uint32_t slots[] = {5, 7, 8, 9, 10, 11};
    const struct signature *sig = m->sig;

    for (size_t i = 0; i < sizeof slots / sizeof *slots; i++) {
        bool present = slots[i] == 5   ? sig->has_xml_entitlements
                       : slots[i] == 7 ? sig->has_der_entitlements
                                       : sig->has_constraint[slots[i] - 8];

        if (slot_disagrees(sig->chosen, slots[i], present) || sig->unbound_slots & 1u << slots[i])
            return arena_printf(m->j->a, "slot %u and its blob do not go together", slots[i]);
        if (sig->repeated_slots & 1u << slots[i])
            return arena_printf(m->j->a, "slot %u is there twice", slots[i]);
        if (slot_modified(m, slots[i]))
            return arena_printf(m->j->a, "slot %u is not the one that was signed", slots[i]);
    }
    return NULL;
}

static const char *structure_fault(const struct amfi *m)
{
    const struct codedir *cd = m->sig->chosen;
    size_t size = digest_size((enum digest_type)cd->hash_type);

    if (m->slice->bad_command)
        return m->slice->bad_command;
    if (cd->blob.n && cd->blob.n < CD_MIN)
        return "the CodeDirectory is shorter than the kernel's structure";
    if (cd->page_shift != PAGE_4K && !(cd->page_shift == PAGE_16K && is_arm(m->slice)))
        return arena_printf(m->j->a, "pages of 2^%u bytes", cd->page_shift);
    if (size && cd->hash_size != size)
        return arena_printf(m->j->a, "hashes of %u bytes", cd->hash_size);
    return slot_fault(m);
}

/* On Intel code the kernel does without the signature where it cannot load it. */
void amfi_check_structure(struct amfi *m)
{
    const char *why = structure_fault(m);
    struct finding *f;

    if (!why)
        return;
    f = judging_add(m->j, FINDING_EXEC_SIG_STRUCTURE, m->c, "%s", why);
    f->place.arch = m->slice->arch;
    judging_log(m->j, f, "kernel", "proc <pid>: load code signature error %u for file \"%s\"",
                m->slice->bad_command ? LOAD_BADMACHO : LOAD_FAILURE,
                path_base(code_exec_path(m->c)));
    if (is_arm(m->slice))
        m->killed = true;
    else
        f->severity = SEVERITY_WARN;
}

/* -- §10.2: pages, when they are touched */

void amfi_check_pages(struct amfi *m)
{
    const char *name = path_base(code_exec_path(m->c));
    uint32_t enforcing = CD_FLAG_HARD | CD_FLAG_KILL | CD_FLAG_ENFORCEMENT | CD_FLAG_RUNTIME;
    struct finding *f;

    if (!m->slice->page_mismatch)
        return;
    f = judging_add(m->j, FINDING_EXEC_PAGE_HASH, m->c, "page %u", m->slice->first_bad_page);
    f->place.arch = m->slice->arch;
    judging_log(m->j, f, "kernel",
                "CODE SIGNING: cs_invalid_page(0x%x): p=<pid>[%s] final status 0x23000200, denying "
                "page sending SIGKILL",
                m->slice->first_bad_page << m->sig->chosen->page_shift, name);
    if (!is_arm(m->slice) && !(m->sig->chosen->flags & enforcing))
        f->severity = SEVERITY_WARN;
}

/* -- what is run at all */

/* EXEC 13: iOS code runs on Apple silicon when the store, TestFlight or Xcode installed it (§4.7). */
static void check_platform(struct amfi *m)
{
    static const uint32_t runs[] = {0, 1, 6, 10}; /* unknown, macOS, Catalyst, DriverKit */
    bool installed = m->sig->signer == SIGNER_MAC_APP_STORE ||
                     m->sig->signer == SIGNER_TESTFLIGHT ||
                     m->j->host->launched_by == LAUNCHED_BY_XCODE;

    for (size_t i = 0; i < sizeof runs / sizeof *runs; i++)
        if (m->slice->platform == runs[i])
            return;
    if (m->slice->platform == PLATFORM_IOS && is_arm(m->slice) && installed)
        return;
    amfi_deny(m, FINDING_EXEC_WRONG_PLATFORM,
              arena_printf(m->j->a, "platform %u of its build version", m->slice->platform), NULL);
}

static void check_linked(struct amfi *m)
{
    struct finding *f;

    if (m->j->host->macos < MACOS(26, 3, 0) || m->slice->filetype != MH_EXECUTE ||
        (m->slice->mach_flags & MH_DYLDLINK))
        return;
    f = amfi_deny(m, FINDING_EXEC_NO_DYLDLINK, NULL, NULL);
    judging_log(m->j, f, "kernel",
                "(AppleSystemPolicy) ASP: Security policy would not allow process: <pid>, %s",
                amfi_log_path(m->j, m->c));
}

void amfi_check_run(struct amfi *m)
{
    amfi_check_pages(m);
    constraint_check(m);
    check_platform(m);
    check_linked(m);
}
