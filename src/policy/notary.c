/* SPDX-License-Identifier: Apache-2.0 */
/* Notary: the service's tests of one binary, each with its message (subsystem-checks.md §15). */
#include "policy/notary.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "policy/amfi.h"

#define MH_EXECUTE 2
#define SHA1       1
#define SDK_10_9   0x000a0900u

/* One slice of one file. */
struct binary {
    struct judging *j;
    const struct code *c;
    const struct slice *slice;
    const struct signature *sig;
};

static void complain(const struct binary *b, enum finding_id id, const char *message)
{
    const char *path = code_exec_path(b->c);
    struct finding *f = judging_add(b->j, id, b->c, NULL);

    f->place.path = path;
    f->place.arch = b->slice->arch;
    judging_log(b->j, f, "notary", "%s: %s", path, message);
}

static void check_certificate(const struct binary *b)
{
    if (!b->sig->present)
        complain(b, FINDING_NOTARY_UNSIGNED, "The binary is not signed.");
    else if (b->sig->signer != SIGNER_DEVELOPER_ID && b->sig->signer != SIGNER_DEVELOPER_ID_KEXT)
        complain(b, FINDING_NOTARY_NOT_DEVID,
                 "The binary is not signed with a valid Developer ID certificate.");
}

/* An own finding that makes the signature of the file or of the bundle around it invalid. */
static bool is_invalid(const struct binary *b)
{
    if (b->slice->page_mismatch || amfi_basic_fault(b->c, b->slice) || b->sig->unreadable)
        return true;
    for (size_t i = 0; i < b->c->findings->list.n; i++) {
        const struct finding *f = b->c->findings->list.at[i];

        if (finding_row(f->id)->severity >= SEVERITY_REFUSED && f->severity >= SEVERITY_WARN &&
            f->stage == STAGE_STATIC)
            return true;
    }
    return false;
}

static void check_signature(const struct binary *b)
{
    if (b->sig->present && is_invalid(b))
        complain(b, FINDING_NOTARY_SIGNATURE, "The signature of the binary is invalid.");
}

static void check_timestamp(const struct binary *b)
{
    if (b->sig->timestamp == WHEN_NONE || !b->sig->present)
        complain(b, FINDING_NOTARY_NO_TIMESTAMP,
                 "The signature does not include a secure timestamp.");
}

static void check_runtime(const struct binary *b)
{
    const struct codedir *cd = b->sig->chosen;

    if (b->slice->filetype == MH_EXECUTE && !(cd && (cd->flags & CD_FLAG_RUNTIME)))
        complain(b, FINDING_NOTARY_NO_RUNTIME,
                 "The executable does not have the hardened runtime enabled.");
}

static void check_task_allow(const struct binary *b)
{
    static const char *const keys[] = {"com.apple.security.get-task-allow", "get-task-allow"};

    for (size_t i = 0; i < 2; i++) {
        if (!value_is_true(value_get(b->sig->entitlements, keys[i])))
            continue;
        complain(b, FINDING_NOTARY_GET_TASK_ALLOW,
                 arena_printf(b->j->a, "The executable requests the %s entitlement.", keys[i]));
        return;
    }
}

static void check_digests(const struct binary *b)
{
    for (size_t i = 0; i < b->sig->directory_count; i++)
        if (b->sig->directories[i].hash_type != SHA1)
            return;
    if (b->sig->directory_count)
        complain(b, FINDING_NOTARY_WEAK_ALG, "The signature algorithm used is too weak.");
}

/* 10.9 is a macOS version: other platforms count otherwise. */
static void check_sdk(const struct binary *b)
{
    bool mac = b->slice->platform <= 1;

    if (mac && b->slice->sdk && b->slice->sdk < SDK_10_9)
        complain(b, FINDING_NOTARY_OLD_SDK, "The binary uses an SDK older than the 10.9 SDK.");
}

static void check_binary(const struct binary *b)
{
    check_certificate(b);
    check_signature(b);
    check_timestamp(b);
    check_runtime(b);
    check_task_allow(b);
    check_digests(b);
    check_sdk(b);
}

/* A package or image is a submission of its own: it has no slices of code. */
static void check_container(struct judging *j, const struct code *c)
{
    const struct signature *sig = code_signature(c);
    bool is_signed = sig && sig->chain_count;
    struct finding *f;

    if (c->kind != CODE_PKG || (is_signed && sig->signer == SIGNER_DEVELOPER_ID_INSTALLER))
        return;
    f = judging_add(j, is_signed ? FINDING_NOTARY_NOT_DEVID : FINDING_NOTARY_UNSIGNED, c, NULL);
    judging_log(j, f, "notary", "%s: %s", c->path,
                is_signed ? "The binary is not signed with a valid Developer ID certificate."
                          : "The binary is not signed.");
}

void notary_judge(struct judging *j)
{
    for (size_t i = 0; i < j->all.n; i++) {
        const struct code *c = j->all.at[i];

        check_container(j, c);
        for (size_t k = 0; k < c->slice_count; k++) {
            struct binary b = {j, c, &c->slices[k], &c->slices[k].sig};

            if (*b.slice->arch)
                check_binary(&b);
        }
    }
    judging_add(j, FINDING_NOTARY_NOT_LAUNCH, NULL, NULL);
}
