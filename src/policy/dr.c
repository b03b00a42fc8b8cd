/* SPDX-License-Identifier: Apache-2.0 */
/* The demanded requirement (policy/dr.h). */
#include "config.h"

#include "policy/dr.h"

#include "base/arena.h"
#include "lang/print.h"
#include "seal/subject.h"

struct req_result code_meets(struct arena *a, const struct host *host, const struct code *c,
                             const struct signature *sig, struct bytes blob)
{
    const struct subject_answers answers = {
        .notarized = host->notarized,
        .legacy_listed = VERDICT_UNDECIDED,
        .old_anchor_apple = host->macos < MACOS(26, 0, 0),
    };
    struct subject subject;
    code_subject(a, c, sig, &answers, &subject);
    return req_eval(a, blob, &subject, NULL);
}

static void demand(struct judging *j, const struct code *c, const struct slice *slice)
{
    struct req_result r = code_meets(j->a, j->host, c, &slice->sig, j->in->demanded);
    struct finding *f;
    struct bytes text;
    if (r.error == REQ_OK && r.verdict == VERDICT_YES)
        return;
    if (r.verdict == VERDICT_UNDECIDED) {
        judging_ask(j, FINDING_ASK_NOTARIZED, c, true,
                    arena_printf(j->a, "the requirement given asks for %s, which is not on disk",
                                 r.missing ? r.missing : "a fact"));
        return;
    }
    req_print(j->a, j->in->demanded, &text);
    f = judging_add(j, FINDING_REQ_FAILED, c, "%s", bytes_printable(j->a, text, 0));
    f->place.arch = slice->arch;
    if (r.error != REQ_OK)
        f->code = r.error;
}

void dr_judge(struct judging *j)
{
    if (!j->in->demanded.n)
        return;
    for (size_t i = 0; i < j->in->top_count; i++) {
        const struct code *c = j->in->tops[i];
        for (size_t k = 0; k < c->slice_count; k++)
            demand(j, c, &c->slices[k]);
    }
}
