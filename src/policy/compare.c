/* SPDX-License-Identifier: Apache-2.0 */
/* Compare: see compare.h. */
#include "policy/compare.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/text.h"
#include "policy/judging.h"
#include "policy/profile.h"
#include "policy/rule_fact.h"
#include "policy/signer_facts.h"

/* One comparison, and the pair of code objects it is at. */
struct comparing {
    struct arena *a;
    const struct judge_input *mine, *theirs;
    struct comparison *out;
    const struct code *x, *y; /* the pair: mine, theirs; one may be NULL */
    bool repacked;            /* the pair is one provider in two forms */
    size_t judged;
};

/* What is different, and the value of that fact as an edit has it (id EDIT_COUNT: no edit makes it). */
struct side {
    const char *text;
    struct edit edit;
};

/* -- trying a difference */

static const char *path_below_top(const struct code *c)
{
    const struct code *top = code_top(c);

    return c == top ? NULL : path_relative(c->path, top->path);
}

static bool is_failing(const struct judgement *j, enum finding_id id)
{
    for (size_t i = 0; i < j->findings.list.n; i++)
        if (j->findings.list.at[i]->id == id &&
            j->findings.list.at[i]->severity >= SEVERITY_DEGRADED)
            return true;
    return false;
}

/* The failures of A whose id B does not have. */
static void lost(struct arena *a, const struct judgement *from, const struct judgement *to,
                 struct finding_vec *out)
{
    for (size_t i = 0; i < from->findings.list.n; i++) {
        struct finding *f = from->findings.list.at[i];
        bool listed = false;

        for (size_t k = 0; k < out->n; k++)
            listed |= out->at[k]->id == f->id;
        if (f->severity >= SEVERITY_DEGRADED && !listed && !is_failing(to, f->id))
            vec_push(a, out, f);
    }
}

/* IN with EDIT made of C, judged; false when it cannot be. */
static bool judge_edited(struct comparing *k, const struct judge_input *in, const struct code *c,
                         struct edit edit, struct judgement *out)
{
    struct edit_vec edits = {0};
    struct edited edited;
    struct value_error error;

    if (!c || edit.id == EDIT_COUNT || k->judged >= LIMIT_COMPARE_JUDGEMENTS)
        return false;
    edit.path = path_below_top(c);
    vec_push(k->a, &edits, edit);
    k->judged++;
    return edits_apply(k->a, in, &edits, &edited, &error) == DS_OK &&
           judge(k->a, &edited.in, out) == DS_OK;
}

static void try_difference(struct comparing *k, struct difference *d, const struct side *mine,
                           const struct side *theirs)
{
    const struct judgement *now = &k->out->mine;
    struct judgement changed = {0};

    if (judge_edited(k, k->mine, k->x, theirs->edit, &changed))
        lost(k->a, now, &changed, &d->cures);
    if (judge_edited(k, k->theirs, k->y, mine->edit, &changed))
        lost(k->a, &changed, &k->out->theirs, &d->breaks);
    for (size_t i = 0; i < d->cures.n; i++)
        d->decides |= now->deciding && d->cures.at[i]->id == now->deciding->id;
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

/* FIELD is MINE here and THEIRS there. */
static void differ(struct comparing *k, const char *field, struct side mine, struct side theirs)
{
    struct difference d = {.path = k->x ? k->x->path : k->y->path,
                           .field = field,
                           .mine = mine.text,
                           .theirs = theirs.text,
                           .made = k->out->list.n};

    if (same_text(mine.text, theirs.text))
        return;
    try_difference(k, &d, &mine, &theirs);
    vec_push(k->a, &k->out->list, d);
}

static struct side told(const char *text)
{
    return (struct side){.text = text, .edit.id = EDIT_COUNT};
}

/* TEXT, which is also the edit's value; NULL: the fact is not there. */
static struct side worded(struct comparing *k, enum edit_id id, const char *text)
{
    struct value *v = text ? value_string(k->a, text) : value_null(k->a);

    return (struct side){.text = text, .edit = {.id = id, .value = v}};
}

/* -- the facts of a signature */

static const char *signer_value(struct comparing *k, const struct code *c)
{
    const struct signature *sig = code_signature(c);
    const char *word = signer_kind_word(sig ? sig->signer : SIGNER_NONE);

    if (!sig || !sig->present)
        return "none";
    if (sig->adhoc)
        return "adhoc";
    return code_team(c) ? arena_printf(k->a, "%s/%s", word, code_team(c)) : word;
}

static struct side signer_side(struct comparing *k, const struct code *c)
{
    return worded(k, EDIT_SIGNER, signer_value(k, c));
}

static const char *authority(const struct code *c)
{
    const struct signature *sig = code_signature(c);

    return sig && sig->chain_count ? sig->chain[0]->common_name : NULL;
}

static bool has_flag(const struct code *c, uint32_t flag)
{
    const struct signature *sig = code_signature(c);

    return sig && sig->chosen && (sig->chosen->flags & flag);
}

static struct side runtime_side(struct comparing *k, const struct code *c)
{
    bool on = has_flag(c, CD_FLAG_RUNTIME);
    struct edit edit = {.id = EDIT_RUNTIME, .value = value_bool(k->a, on)};

    return (struct side){.text = on ? "on" : "off", .edit = edit};
}

static struct side timestamp_side(struct comparing *k, const struct code *c)
{
    const struct signature *sig = code_signature(c);
    bool has = sig && sig->timestamp != WHEN_NONE;
    struct edit edit = {.id = EDIT_TIMESTAMP, .value = value_bool(k->a, has)};

    return (struct side){.text = has ? "secure" : "none", .edit = edit};
}

static struct side state_side(struct comparing *k, const struct code *c)
{
    struct side side = {.text = c->static_valid ? "intact" : "broken", .edit.id = EDIT_COUNT};

    if (c->outcome.first)
        side.text = arena_printf(k->a, "broken: %s", finding_row(c->outcome.first->id)->id);
    if (c->static_valid)
        side.edit = (struct edit){.id = EDIT_SIGN_AGAIN, .value = value_bool(k->a, true)};
    return side;
}

static struct side profile_side(struct comparing *k, const struct code *c)
{
    const struct value *plist = c->profile ? c->profile->plist : NULL;
    const char *name = value_get_cstr(plist, "Name");
    struct side side = worded(k, EDIT_PROFILE, "none");

    if (!c->profile)
        return side;
    side.text = arena_printf(k->a, "%s, \"%s\"", profile_kind_name(profile_kind_of(c->profile)),
                             name ? name : "");
    side.edit.profile = c->profile;
    return side;
}

static struct side ticket_side(struct comparing *k, const struct code *c)
{
    const char *text = !c->ticket.present ? "none" : c->ticket.valid ? "stapled" : "broken";
    struct side side = worded(k, EDIT_TICKET, text);

    if (c->ticket.present && !c->ticket.valid)
        side.edit.id = EDIT_COUNT;
    return side;
}

static const char *requirement(const struct code *c)
{
    const struct signature *sig = code_signature(c);

    return sig ? sig->dr_text : NULL;
}

static const char *flags_text(struct comparing *k, const struct code *c)
{
    const struct signature *sig = code_signature(c);

    return sig && sig->chosen ? codedir_flags_text(k->a, sig->chosen->flags & ~CD_FLAG_RUNTIME)
                              : NULL;
}

static void compare_signatures(struct comparing *k)
{
    const struct code *x = k->x, *y = k->y;

    differ(k, "state", state_side(k, x), state_side(k, y));
    differ(k, "signer", signer_side(k, x), signer_side(k, y));
    differ(k, "authority", told(authority(x)), told(authority(y)));
    differ(k, "code-identifier", worded(k, EDIT_CODE_IDENTIFIER, x->code_identifier),
           worded(k, EDIT_CODE_IDENTIFIER, y->code_identifier));
    differ(k, "hardened-runtime", runtime_side(k, x), runtime_side(k, y));
    differ(k, "flags", told(flags_text(k, x)), told(flags_text(k, y)));
    differ(k, "timestamp", timestamp_side(k, x), timestamp_side(k, y));
    differ(k, "profile", profile_side(k, x), profile_side(k, y));
    differ(k, "ticket", ticket_side(k, x), ticket_side(k, y));
    differ(k, "requirement", told(requirement(x)), told(requirement(y)));
}

/* -- what is built */

static struct side minos_side(struct comparing *k, const struct code *c)
{
    const struct slice *slice = code_main_slice(c);

    return worded(k, EDIT_MINOS, slice && slice->minos ? macos_text(k->a, slice->minos) : NULL);
}

static const char *archs(struct comparing *k, const struct code *c)
{
    const char *all = "";

    for (size_t i = 0; i < c->slice_count; i++)
        all = arena_printf(k->a, "%s%s%s", all, i ? " " : "", c->slices[i].arch);
    return *all ? all : NULL;
}

static bool is_provider_form(const struct code *c)
{
    return c->kind == CODE_APPEX || c->kind == CODE_SYSEXT;
}

static struct side form_side(struct comparing *k, const struct code *c)
{
    const char *word = c->kind == CODE_SYSEXT ? "system-extension" : "app-extension";
    struct side side = worded(k, EDIT_PACKAGE, word);

    side.text = arena_printf(k->a, "%s at %s", word, code_path_inside(c));
    return side;
}

static void compare_shapes(struct comparing *k)
{
    const struct code *x = k->x, *y = k->y;

    if (k->repacked)
        differ(k, "package", form_side(k, x), form_side(k, y));
    else
        differ(k, "kind", told(code_kind_word(x)), told(code_kind_word(y)));
    if (!k->repacked && x->parent)
        differ(k, "place", worded(k, EDIT_MOVE, path_below_top(x)),
               worded(k, EDIT_MOVE, path_below_top(y)));
    differ(k, "identifier", worded(k, EDIT_IDENTIFIER, x->identifier),
           worded(k, EDIT_IDENTIFIER, y->identifier));
    differ(k, "architectures", told(archs(k, x)), told(archs(k, y)));
    differ(k, "minos", minos_side(k, x), minos_side(k, y));
}

/* -- dictionaries: claims, Info.plist */

static struct side value_side(struct comparing *k, enum edit_id id, const char *key,
                              const struct value *v)
{
    struct edit edit = {.id = id, .value = v ? v : value_null(k->a)};

    edit.name = id == EDIT_INFO && strchr(key, '.') ? arena_printf(k->a, "\"%s\"", key) : key;
    return (struct side){.text = v ? value_text(k->a, v) : NULL, .edit = edit};
}

static void compare_key(struct comparing *k, enum edit_id id, const char *key,
                        const struct value *const sides[2])
{
    const struct value *x = value_get(sides[0], key), *y = value_get(sides[1], key);

    if (x && y && value_equal(x, y))
        return;
    differ(k, arena_printf(k->a, "%s.%s", edit_key(id), key), value_side(k, id, key, x),
           value_side(k, id, key, y));
}

/* Keys that every build has its own values of, or that are compared by themselves. */
static bool is_build_detail(const char *key)
{
    static const char *const keys[] = {"CFBundleIdentifier", "BuildMachineOSBuild",
                                       "CFBundleShortVersionString", "CFBundleSupportedPlatforms"};

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (strcmp(keys[i], key) == 0)
            return true;
    return text_starts(key, "DT");
}

/* What the other form of a provider has instead. */
static bool is_of_form(const char *key)
{
    static const char *const keys[] = {"NSExtension", "NetworkExtension", "CFBundlePackageType",
                                       "NSSystemExtensionUsageDescription"};

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (strcmp(keys[i], key) == 0)
            return true;
    return false;
}

static bool is_passed_over(const struct comparing *k, enum edit_id id, const char *key)
{
    return id == EDIT_INFO && (is_build_detail(key) || (k->repacked && is_of_form(key)));
}

static void compare_dictionaries(struct comparing *k, enum edit_id id, const struct value *x,
                                 const struct value *y)
{
    const struct value *const sides[2] = {x, y};

    for (size_t s = 0; s < 2; s++)
        for (size_t i = 0; value_is(sides[s], VALUE_DICT) && i < sides[s]->count; i++) {
            const char *key = (const char *)sides[s]->keys[i].name.p;

            if ((s == 0 || !value_get(x, key)) && !is_passed_over(k, id, key))
                compare_key(k, id, key, sides);
        }
}

/* -- pairs */

static const struct code *by_identifier(const struct code *c, const struct code *other)
{
    if (c->identifier && other->identifier && is_provider_form(c) && is_provider_form(other) &&
        strcmp(c->identifier, other->identifier) == 0)
        return other;
    for (size_t i = 0; i < other->child_count; i++) {
        const struct code *found = by_identifier(c, other->children[i]);

        if (found)
            return found;
    }
    return NULL;
}

static const struct code *partner(const struct code *c, const struct code *other)
{
    const struct code *found = code_counterpart(c, other);

    return found ? found : by_identifier(c, other);
}

static void compare_pair(struct comparing *k, const struct code *x, const struct code *y)
{
    k->x = x;
    k->y = y;
    k->repacked = is_provider_form(x) && is_provider_form(y) && x->kind != y->kind;
    compare_shapes(k);
    compare_signatures(k);
    compare_dictionaries(k, EDIT_ENTITLEMENT, code_claims(x), code_claims(y));
    compare_dictionaries(k, EDIT_INFO, x->info, y->info);
}

static void compare_alone(struct comparing *k, const struct code *x, const struct code *y)
{
    struct side gone = {.edit = {.id = EDIT_REMOVE, .value = value_bool(k->a, true)}};
    struct side there = told(code_kind_word(x ? x : y));

    k->x = x;
    k->y = y;
    differ(k, "code", x ? there : gone, x ? gone : there);
}

/* Mine and what stands for it there; then theirs that stand for nothing of mine. */
static void compare_mine(struct comparing *k, const struct code *x, const struct code *other)
{
    const struct code *y = x->parent ? partner(x, other) : other;

    if (y)
        compare_pair(k, x, y);
    else
        compare_alone(k, x, NULL);
    for (size_t i = 0; y && i < x->child_count; i++)
        compare_mine(k, x->children[i], other);
}

static void compare_theirs(struct comparing *k, const struct code *y, const struct code *mine)
{
    bool paired = !y->parent || partner(y, mine);

    if (!paired)
        compare_alone(k, NULL, y);
    for (size_t i = 0; paired && i < y->child_count; i++)
        compare_theirs(k, y->children[i], mine);
}

/* -- order */

static int weight(const struct difference *d)
{
    return d->decides ? 3 : d->cures.n ? 2 : d->breaks.n ? 1 : 0;
}

static int by_weight(const void *a, const void *b)
{
    const struct difference *x = a, *y = b;

    if (weight(x) != weight(y))
        return weight(x) > weight(y) ? -1 : 1;
    return x->made < y->made ? -1 : 1;
}

enum ds_status code_compare(struct arena *a, const struct judge_input *mine,
                            const struct judge_input *theirs, struct comparison *out)
{
    struct comparing k = {.a = a, .mine = mine, .theirs = theirs, .out = out};
    enum ds_status status;

    *out = (struct comparison){0};
    status = judge(a, mine, &out->mine);
    if (status == DS_OK)
        status = judge(a, theirs, &out->theirs);
    if (status != DS_OK)
        return status;
    compare_mine(&k, mine->tops[0], theirs->tops[0]);
    compare_theirs(&k, theirs->tops[0], mine->tops[0]);
    if (out->list.n)
        qsort(out->list.at, out->list.n, sizeof *out->list.at, by_weight);
    return DS_OK;
}
