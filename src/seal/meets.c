/* SPDX-License-Identifier: Apache-2.0 */
/* Meets: see meets.h. */
#include "seal/meets.h"

#include "base/osstatus.h"
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

struct met code_satisfies(struct arena *a, const struct code *c, const struct signature *sig,
                          struct bytes requirement, const struct subject_answers *answers)
{
    struct subject subject;
    if (c->info_status != 0 && sig->chosen && codedir_binds(sig->chosen, 1))
        return failed(c->info_status);
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
