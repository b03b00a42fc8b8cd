/* SPDX-License-Identifier: Apache-2.0 */
/* Meets: see meets.h. */
#include "seal/meets.h"

#include "base/osstatus.h"
#include "format/superblob.h"
#include "lang/eval.h"

static struct met failed(int64_t status)
{
    return (struct met){.verdict = VERDICT_NO, .status = status};
}

/* Entitlements that the system cannot decode stop the evaluation; the form of before 2022 is let pass. */
static bool entitlements_broken(const struct signature *sig)
{
    return sig->has_der_entitlements && sig->der_error && !sig->entitlements && !sig->der_old_form;
}

/* What is wrong with the Info.plist that SIG binds: a bundle's file, or the section of its own slice; 0: nothing. */
static int64_t info_status(const struct code *c, const struct signature *sig)
{
    if (!sig->chosen || !codedir_binds(sig->chosen, SLOT_INFO))
        return 0;
    for (size_t i = 0; i < c->slice_count && !c->is_bundle; i++)
        if (&c->slices[i].sig == sig)
            return c->slices[i].info_status;
    return c->info_status;
}

struct met code_satisfies(struct arena *a, const struct code *c, const struct signature *sig,
                          struct bytes requirement, const struct subject_answers *answers)
{
    struct subject subject;
    int64_t status = info_status(c, sig);
    if (status != 0)
        return failed(status);
    if (entitlements_broken(sig))
        return failed(errSecDecode);
    code_subject(a, c, sig, answers, &subject);
    struct req_result result = req_eval(a, requirement, &subject, NULL);
    if (result.error != REQ_OK)
        return failed(result.error);
    if (result.verdict == VERDICT_NO)
        return failed(errSecCSReqFailed);
    return (struct met){.verdict = result.verdict, .missing = result.missing};
}
