/* SPDX-License-Identifier: Apache-2.0 */
/*
 * codesign --validate-constraint: is a property list a launch constraint that a Mac would take
 * (codesign-output-corrections.md O5; launch-policy.md §7.7)? The captured run of an invalid one ended with status 0; here
 * it ends with 1, as the corrections advise.
 */
#include "config.h"

#include "base/arena.h"
#include "cli/compat_codesign.h"
#include "format/plist.h"
#include "policy/constraint.h"

/* Why V is no constraint; NULL when it is one. The number of the error is known for an empty dictionary alone. */
static const char *fault_of(struct arena *a, const struct value *v)
{
    const struct constrained anyone = {.known = true};
    const char *unknown = NULL;
    if (v->count == 0)
        return "Code=12 \"Error: Dictionary does not specify any constraints, Context: \" "
               "UserInfo={NSLocalizedDescription=Error: Dictionary does not specify any "
               "constraints, Context: }";
    (void)constraint_eval(v, &anyone, &unknown);
    /* ASSUMPTION(constraint-errors) */
    return unknown ? arena_printf(a, "\"Error: Unknown fact or operator, Context: %s\"", unknown)
                   : NULL;
}

int codesign_validate_constraint(struct codesign *s, const char *operand)
{
    struct arena *a = s->cli->arena;
    struct bytes text;
    struct value *v = cli_map(s->cli, operand, &text) == 0 ? plist_parse(a, text, NULL) : NULL;
    if (!v || v->type != VALUE_DICT) {
        fprintf(s->cli->err, "Error reading constraint from %s\n", operand);
        return CODESIGN_FAILED;
    }
    const char *fault = fault_of(a, v);
    if (!fault)
        return CODESIGN_FINE;
    fprintf(s->cli->err,
            "error: Lightweight Code requirement failed validation for category Launch\n"
            "\tError Domain=LWCRVerificationError %s\n"
            "Constraint validation failed\n",
            fault);
    return CODESIGN_FAILED;
}
