/* SPDX-License-Identifier: Apache-2.0 */
/* Constraint: evaluation, and the launch constraints of an executable (launch-policy.md §7.7). */
#include "policy/constraint.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/text.h"
#include "policy/amfi_steps.h"

#define NESTING_MAX 64 /* of operators: real constraints have two or three levels */

struct evaluation {
    const struct constrained *w;
    const char **unknown;
    bool lenient; /* inside $optional: a fact nobody knows holds */
    int depth;
};

static enum verdict eval_dict(struct evaluation *e, const struct value *v, bool any);

/* -- facts */

static enum verdict same_text(const char *have, const struct value *want)
{
    const char *s = value_cstr(want);

    return verdict_of(have && s && strcmp(have, s) == 0);
}

static enum verdict same_flag(bool have, const struct value *want)
{
    return verdict_of(value_is(want, VALUE_BOOL) && want->boolean == have);
}

static enum verdict same_number(int64_t have, const struct value *want)
{
    return verdict_of(value_is(want, VALUE_INT) && want->integer == have);
}

/* A code hash stands as data, or as hexadecimal text in property lists. */
static enum verdict same_hash(struct bytes have, const struct value *want)
{
    const char *s = value_cstr(want);

    if (!have.n)
        return VERDICT_UNDECIDED;
    if (value_is(want, VALUE_DATA))
        return verdict_of(bytes_equal(have, want->bytes));
    if (!s || strlen(s) != 2 * have.n)
        return VERDICT_NO;
    for (size_t i = 0; i < have.n; i++) {
        char digits[3] = {s[2 * i], s[2 * i + 1], '\0'}, *end;

        if (strtoul(digits, &end, 16) != have.p[i] || *end)
            return VERDICT_NO;
    }
    return VERDICT_YES;
}

/* Every named entitlement has the value; a query is beyond what is on paper (D6). */
static enum verdict same_entitlements(const struct value *have, const struct value *want)
{
    if (!value_is(want, VALUE_DICT) || value_get(want, "$query"))
        return VERDICT_UNDECIDED;
    for (size_t i = 0; i < want->count; i++)
        if (!value_equal(value_get_bytes(have, want->keys[i].name), want->items[i]))
            return VERDICT_NO;
    return VERDICT_YES;
}

/* Numbers that the ordering operators compare; false for other facts. */
static bool fact_number(const struct constrained *w, const char *key, int64_t *out)
{
    if (strcmp(key, "validation-category") == 0)
        *out = w->category;
    else if (strcmp(key, "launch-type") == 0)
        *out = w->launch_type;
    else
        return false;
    return true;
}

static enum verdict unknown_fact(struct evaluation *e, const char *key)
{
    if (e->lenient)
        return VERDICT_YES;
    *e->unknown = key;
    return VERDICT_NO;
}

static enum verdict fact_equals(struct evaluation *e, const char *key, const struct value *want)
{
    const struct constrained *w = e->w;
    int64_t number;

    if (fact_number(w, key, &number))
        return same_number(number, want);
    if (strcmp(key, "team-identifier") == 0)
        return same_text(w->team, want);
    if (strcmp(key, "signing-identifier") == 0)
        return same_text(w->identifier, want);
    if (strcmp(key, "cdhash") == 0)
        return same_hash(w->cdhash, want);
    if (strcmp(key, "is-init-proc") == 0)
        return same_flag(w->is_init, want);
    if (strcmp(key, "is-sip-protected") == 0 || strcmp(key, "on-system-volume") == 0)
        return same_flag(w->is_system, want);
    if (strcmp(key, "on-authorized-authapfs-volume") == 0)
        return w->is_system ? VERDICT_UNDECIDED : same_flag(false, want);
    if (strcmp(key, "entitlements") == 0)
        return same_entitlements(w->entitlements, want);
    return unknown_fact(e, key);
}

/* -- operators on one fact: $in, $lt, $lte, $gt, $gte */

static enum verdict fact_in(struct evaluation *e, const char *key, const struct value *list)
{
    enum verdict any = VERDICT_NO;

    for (size_t i = 0; value_is(list, VALUE_ARRAY) && i < list->count; i++)
        any = verdict_or(any, fact_equals(e, key, list->items[i]));
    return any;
}

static enum verdict fact_compares(struct evaluation *e, const char *key, const char *op,
                                  const struct value *want)
{
    int64_t have;

    if (strcmp(op, "$in") == 0)
        return fact_in(e, key, want);
    if (!fact_number(e->w, key, &have) || !value_is(want, VALUE_INT))
        return unknown_fact(e, op);
    if (strcmp(op, "$lt") == 0)
        return verdict_of(have < want->integer);
    if (strcmp(op, "$lte") == 0)
        return verdict_of(have <= want->integer);
    if (strcmp(op, "$gt") == 0)
        return verdict_of(have > want->integer);
    if (strcmp(op, "$gte") == 0)
        return verdict_of(have >= want->integer);
    return unknown_fact(e, op);
}

static enum verdict eval_fact(struct evaluation *e, const char *key, const struct value *want)
{
    enum verdict all = VERDICT_YES;

    if (!value_is(want, VALUE_DICT) || strcmp(key, "entitlements") == 0)
        return fact_equals(e, key, want);
    for (size_t i = 0; i < want->count; i++)
        all = verdict_and(
            all, fact_compares(e, key, (const char *)want->keys[i].name.p, want->items[i]));
    return all;
}

/* -- operators on dictionaries: $and, $or, their list forms, $optional */

static enum verdict eval_entry(struct evaluation *e, const char *key, const struct value *v);

/* An element of a list form: a dictionary, or a pair of a key and a value. */
static enum verdict eval_element(struct evaluation *e, const struct value *v)
{
    const char *key = value_is(v, VALUE_ARRAY) && v->count == 2 ? value_cstr(v->items[0]) : NULL;

    if (key)
        return eval_entry(e, key, v->items[1]);
    return eval_dict(e, v, false);
}

static enum verdict eval_list(struct evaluation *e, const struct value *v, bool any)
{
    enum verdict r = verdict_of(!any);

    for (size_t i = 0; value_is(v, VALUE_ARRAY) && i < v->count; i++)
        r = any ? verdict_or(r, eval_element(e, v->items[i]))
                : verdict_and(r, eval_element(e, v->items[i]));
    return r;
}

static enum verdict eval_optional(struct evaluation *e, const struct value *v)
{
    struct evaluation inner = *e;

    inner.lenient = true;
    return eval_dict(&inner, v, false);
}

static enum verdict eval_entry(struct evaluation *e, const char *key, const struct value *v)
{
    if (strcmp(key, "$and") == 0)
        return eval_dict(e, v, false);
    if (strcmp(key, "$or") == 0)
        return eval_dict(e, v, true);
    if (strcmp(key, "$and-array") == 0)
        return eval_list(e, v, false);
    if (strcmp(key, "$or-array") == 0)
        return eval_list(e, v, true);
    if (strcmp(key, "$optional") == 0)
        return eval_optional(e, v);
    return eval_fact(e, key, v);
}

static enum verdict eval_dict(struct evaluation *e, const struct value *v, bool any)
{
    enum verdict r = verdict_of(!any);

    if (!value_is(v, VALUE_DICT) || e->depth >= NESTING_MAX) {
        *e->unknown = value_is(v, VALUE_DICT) ? "nested too deeply" : "no dictionary";
        return VERDICT_NO;
    }
    e->depth++;
    for (size_t i = 0; i < v->count; i++) {
        enum verdict one = eval_entry(e, (const char *)v->keys[i].name.p, v->items[i]);

        r = any ? verdict_or(r, one) : verdict_and(r, one);
    }
    e->depth--;
    return r;
}

/* Blobs wrap the requirements: {ccat, comp, reqs, vers} (static-validation.md §11.7). */
enum verdict constraint_eval(const struct value *constraint, const struct constrained *w,
                             const char **unknown)
{
    struct evaluation e = {.w = w, .unknown = unknown};
    const struct value *reqs = value_get(constraint, "reqs");
    enum verdict r = eval_dict(&e, reqs ? reqs : constraint, false);

    return w->known ? r : VERDICT_UNDECIDED;
}

/* -- who is who */

int constraint_category(const struct code *c)
{
    const struct signature *sig = code_signature(c);

    switch (sig ? sig->signer : SIGNER_NONE) {
    case SIGNER_APPLE: return 1;
    case SIGNER_TESTFLIGHT: return 2;
    case SIGNER_APPLE_DEVELOPMENT:
    case SIGNER_MAC_DEVELOPMENT: return 3;
    case SIGNER_MAC_APP_STORE: return 4;
    case SIGNER_ENTERPRISE: return 5;
    case SIGNER_DEVELOPER_ID:
    case SIGNER_DEVELOPER_ID_KEXT: return 6;
    default: return 10;
    }
}

/* From macOS 14 LaunchServices says that it starts an app. */
static int launch_type(const struct judging *j, const struct code *c)
{
    bool by_services = j->host->launched_by == LAUNCHED_BY_FINDER && !c->parent;

    return by_services && c->kind == CODE_APP && j->host->macos >= MACOS(14, 0, 0) ? 3 : 0;
}

struct constrained constrained_code(const struct judging *j, const struct code *c)
{
    const struct signature *sig = code_signature(c);
    struct constrained w = {.known = true,
                            .identifier = c->code_identifier,
                            .team = code_team(c),
                            .category = constraint_category(c),
                            .launch_type = launch_type(j, c),
                            .entitlements = code_claims(c)};

    if (sig && sig->chosen)
        w.cdhash = bytes_of(sig->chosen->cdhash, sizeof sig->chosen->cdhash);
    w.is_system = w.category == 1;
    return w;
}

static struct constrained system_process(const char *identifier, bool is_init)
{
    return (struct constrained){.known = true,
                                .is_init = is_init,
                                .is_system = true,
                                .identifier = identifier,
                                .category = 1};
}

/* Code that launchd starts, whatever contains it. */
static bool is_service(const struct code *c)
{
    return c->kind == CODE_XPC || c->kind == CODE_APPEX || c->kind == CODE_SYSEXT ||
           c->kind == CODE_DEXT;
}

/* ASSUMPTION(launcher): a helper is started by the app around it, a service by launchd, the rest as the host says. */
static struct constrained parent_of(const struct judging *j, const struct code *c)
{
    if (is_service(c))
        return system_process("com.apple.xpc.launchd", true);
    if (c->parent)
        return constrained_code(j, code_top(c));
    switch (j->host->launched_by) {
    case LAUNCHED_BY_TERMINAL: return system_process("com.apple.zsh", false);
    case LAUNCHED_BY_XCODE: return system_process("com.apple.debugserver", false);
    case LAUNCHED_BY_UPDATER: return (struct constrained){0};
    default: return system_process("com.apple.xpc.launchd", true);
    }
}

static struct constrained responsible_for(const struct judging *j, const struct code *c)
{
    if (c->parent)
        return constrained_code(j, code_top(c));
    if (j->host->launched_by == LAUNCHED_BY_TERMINAL)
        return system_process("com.apple.Terminal", false);
    if (j->host->launched_by == LAUNCHED_BY_UPDATER)
        return (struct constrained){0};
    return constrained_code(j, c);
}

/* -- the check at launch */

/* Slots 8, 9, 10: whose facts, which finding, and the error fields seen for it (§7.2; their meaning is Q14). */
static const struct {
    enum finding_id id;
    const char *who, *tuple;
    bool of_other;
} launches[3] = {{FINDING_LC_SELF, "self", "c[4]p[1]m[1]e[0]", false},
                 {FINDING_LC_PARENT, "parent", "c[4]p[3]m[1]e[0]", true},
                 {FINDING_LC_RESPONSIBLE, "responsible", "c[4]p[3]m[1]e[0]", true}};

static void log_violation(struct amfi *m, struct finding *f, size_t i, const struct constrained *w)
{
    const char *path = amfi_log_path(m->j, m->c);
    int self = constraint_category(m->c), type = launch_type(m->j, m->c);

    judging_log(m->j, f, "kernel",
                "AMFI: Launch Constraint Violation (enforcing), error info: %s, (Constraint not "
                "matched) launching proc[vc: %d pid: <pid>]: %s, launch type %d, failure proc [vc: "
                "%d pid: <pid>]: %s",
                launches[i].tuple, self, path, type, w->category,
                launches[i].of_other && w->identifier ? w->identifier : path);
}

static void malformed(struct amfi *m, size_t i, const char *why)
{
    amfi_deny(m, FINDING_LC_MALFORMED,
              arena_printf(m->j->a, "%s constraint: %s", launches[i].who, why), NULL);
}

static void check_one(struct amfi *m, size_t i)
{
    const struct value *constraint = m->sig->constraints[i];
    struct constrained w = i == 0   ? constrained_code(m->j, m->c)
                           : i == 1 ? parent_of(m->j, m->c)
                                    : responsible_for(m->j, m->c);
    const char *unknown = NULL;
    enum verdict holds;

    if (!constraint) {
        malformed(m, i, "does not decode");
        return;
    }
    holds = constraint_eval(constraint, &w, &unknown);
    if (unknown) {
        malformed(m, i, unknown);
        return;
    }
    if (launches[i].of_other)
        judging_rely(m->j, "launcher", m->c);
    if (holds == VERDICT_UNDECIDED)
        judging_ask(m->j, FINDING_ASK_LAUNCHER, m->c, true, NULL);
    if (holds != VERDICT_NO)
        return;
    log_violation(m,
                  amfi_deny(m, launches[i].id,
                            arena_printf(m->j->a, "%s wants %s", launches[i].who,
                                         value_text(m->j->a, constraint)),
                            NULL),
                  i, &w);
}

static bool has_any(const struct signature *sig)
{
    return sig->has_constraint[0] || sig->has_constraint[1] || sig->has_constraint[2];
}

/* SS8.3: enforced for third parties from 13.3; macOS 13 is known to refuse some of them wrongly. */
static void warn_versions(struct amfi *m)
{
    struct finding *f;

    if (m->j->host->macos < MACOS(14, 0, 0) && m->j->host->macos >= MACOS(13, 0, 0)) {
        f = judging_add(m->j, FINDING_LC_VENTURA, m->c, NULL);
        judging_log(
            m->j, f, "kernel",
            "AMFI: Launch Constraint Violation (enforcing), error info: "
            "c[4]p[1]m[3]e[255], (Only platform code can set launch constraints on itself)");
    }
    if (m->slice->minos && m->slice->minos < MACOS(14, 0, 0))
        judging_add(m->j, FINDING_LC_OLD_TARGET, m->c, "deployment target %s",
                    macos_text(m->j->a, m->slice->minos));
}

/* The constraints are looked at once the signature was accepted (§1.1). */
void constraint_check(struct amfi *m)
{
    if (!has_any(m->sig))
        return;
    warn_versions(m);
    if (m->j->host->macos < MACOS(13, 3, 0))
        return;
    for (size_t i = 0; i < 3; i++)
        if (m->sig->has_constraint[i])
            check_one(m, i);
}
