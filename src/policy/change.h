/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Change: one edit made of one code object of a clone (policy/apply.h). A function a row of edit.def: it refuses what makes no
 * sense for its object, changes the facts, and touches what needs a new signature; policy/apply.c runs them.
 */
#ifndef DS_POLICY_CHANGE_H
#define DS_POLICY_CHANGE_H

#include "policy/apply.h"
#include "policy/judging.h"

struct applying;

struct change {
    struct applying *run;
    const struct edit *edit;
    struct code *code; /* NULL: what lies at the edit's path when its turn comes */
};
struct change_vec VEC_OF(struct change);

/* One run of edits. */
struct applying {
    struct arena *a;
    struct edited *out;
    struct host *host;
    struct code_list touched; /* needs a new signature */
    struct change_vec changes;
    struct value_error *error;
};

/* DS_PARSE, with the edit and WHY as the error. */
enum ds_status change_refuse(const struct change *ch, const char *why);
/* C must be signed again. */
void change_touch(struct applying *run, struct code *c);
/* The Info.plist of the code at hand, a copy that may be changed. */
struct value *change_info_dict(const struct change *ch);

/* The text of a scalar as it was written, NULL for other values. */
const char *edit_value_text(struct arena *a, const struct value *v);

static inline bool edit_is_null(const struct edit *e)
{
    return value_is(e->value, VALUE_NULL);
}

static inline bool edit_is_yes(const struct edit *e)
{
    return value_is_true(e->value);
}

typedef enum ds_status change_function(const struct change *ch);

#define EDIT(id, key, named, phase, function, about) change_function change_##function;
#include "policy/edit.def"
#undef EDIT

#endif
