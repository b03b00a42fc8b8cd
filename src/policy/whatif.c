/* SPDX-License-Identifier: Apache-2.0 */
/* What-if: see whatif.h. */
#include "policy/whatif.h"

#include <string.h>

#include "base/arena.h"

static bool same_place(const struct finding *a, const struct finding *b)
{
    const char *x = a->place.path ? a->place.path : "", *y = b->place.path ? b->place.path : "";

    return a->id == b->id && strcmp(x, y) == 0;
}

static bool is_there(const struct finding *f, const struct judgement *j)
{
    for (size_t i = 0; i < j->findings.list.n; i++)
        if (same_place(f, j->findings.list.at[i]))
            return true;
    return false;
}

/* The findings of A that B has not. */
static void only_in(struct arena *arena, const struct judgement *a, const struct judgement *b,
                    struct finding_vec *out)
{
    for (size_t i = 0; i < a->findings.list.n; i++) {
        struct finding *f = a->findings.list.at[i];

        if ((f->severity > SEVERITY_INFO || f->blocks) && !is_there(f, b))
            vec_push(arena, out, f);
    }
}

enum ds_status whatif_judge(struct arena *a, const struct judge_input *in, struct whatif *out,
                            struct value_error *error)
{
    enum ds_status status = judge(a, in, &out->before);

    if (status == DS_OK)
        status = edits_apply(a, in, &out->edits, &out->edited, error);
    if (status == DS_OK)
        status = judge(a, &out->edited.in, &out->after);
    if (status != DS_OK)
        return status;
    only_in(a, &out->before, &out->after, &out->gone);
    only_in(a, &out->after, &out->before, &out->new);
    return DS_OK;
}
