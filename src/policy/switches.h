/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Switches: the steps of the launch policy that nobody could settle, as named choices with a default
 * (launch-policy.md §3.9, §8). `sip` and `clock` of that list are members of the host. A verdict that went
 * through one names it among its assumptions.
 */
#ifndef DS_POLICY_SWITCHES_H
#define DS_POLICY_SWITCHES_H

#include "base/value.h"

enum switch_id {
#define SWITCH(id, name, values, question, why) SWITCH_##id,
#include "policy/switches.def"
#undef SWITCH
    SWITCH_COUNT
};

/* The chosen value of each switch, as its index in the list of values: 0 is the default. */
struct switches {
    uint8_t at[SWITCH_COUNT];
};

const char *switch_name(enum switch_id id);
const char *switch_values(enum switch_id id); /* "equal|subset|deny" */
const char *switch_question(enum switch_id id);
const char *switch_why(enum switch_id id);
/* The text of the chosen value, in A. */
char *switch_value(struct arena *a, const struct switches *s, enum switch_id id);

/* Read a dictionary of switch name → value (NULL: all defaults). DS_PARSE with *ERROR filled. */
enum ds_status switches_read(struct arena *a, const struct value *v, struct switches *out,
                             struct value_error *error);

#endif
