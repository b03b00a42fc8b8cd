/* SPDX-License-Identifier: Apache-2.0 */
/* Makers of ways that depend on claims, profiles and signers (repair.def). */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "format/entitle.h"
#include "policy/entitlement.h"
#include "policy/fit.h"
#include "policy/judging.h"
#include "policy/match.h"
#include "policy/repair_ways.h"

#define KEY_INHERIT "com.apple.security.inherit"

static void claim_edit(const struct plan *p, struct edit_vec *edits, const char *key,
                       const struct value *v)
{
    plan_edit(p, edits, p->c, edit_of(p->a, EDIT_ENTITLEMENT, key, v));
}

static void fit_edit(const struct plan *p, struct edit_vec *edits, const struct code *c)
{
    plan_edit(p, edits, c, edit_of(p->a, EDIT_PROFILE, NULL, value_string(p->a, "matching")));
}

/* -- claims that are too many */

typedef bool claim_test(const struct plan *p, const char *key, const struct value *claim);

/* Offer to drop all claims of the finding's code that TEST is true of. */
static void drop_claims(const struct plan *p, claim_test *test)
{
    const struct signature *sig = code_signature(p->c);
    const struct value *claims = code_claims(p->c);
    struct edit_vec edits = {0};

    if (!claims && sig)
        claims = sig->entitlements_from_xml; /* those that have no DER form */

    for (size_t i = 0; claims && i < claims->count; i++) {
        const char *key = (const char *)claims->keys[i].name.p;

        if (test(p, key, claims->items[i]))
            claim_edit(p, &edits, key, NULL);
    }
    plan_offer(p, &edits);
}

/* A hard claim: without a profile that lists it the code is killed. */
static bool is_restricted(const struct plan *p, const char *key, const struct value *claim)
{
    const struct host *host = p->in->host;

    (void)claim;
    return claim_classify(key, host->macos, host->sip) == CLAIM_HARD;
}

static const struct value *grant_of(const struct plan *p, const char *key)
{
    const struct value *plist = p->c->profile ? p->c->profile->plist : NULL;

    return value_get(value_get(plist, "Entitlements"), key);
}

static bool is_unsatisfied(const struct plan *p, const char *key, const struct value *claim)
{
    struct switches defaults = {{0}};

    return is_restricted(p, key, claim) &&
           !match_value(p->a, &defaults, claim, grant_of(p, key)).covered;
}

static bool is_relaxation(const struct plan *p, const char *key, const struct value *claim)
{
    (void)claim;
    return kernel_has_key(KERNEL_RELAX, key, p->in->host->macos);
}

static bool is_private(const struct plan *p, const char *key, const struct value *claim)
{
    (void)p;
    (void)claim;
    return text_starts(key, "com.apple.private.");
}

static bool is_unencodable(const struct plan *p, const char *key, const struct value *claim)
{
    struct value *alone = value_dict(p->a);
    struct bytes ignored;

    value_set(p->a, alone, key, value_clone(p->a, claim));
    return !entitle_der_encode(p->a, alone, &ignored, NULL);
}

static bool is_beyond_inherit(const struct plan *p, const char *key, const struct value *claim)
{
    (void)p;
    (void)claim;
    return strcmp(key, KEY_SANDBOX) != 0 && strcmp(key, KEY_INHERIT) != 0;
}

void way_drop_restricted(const struct plan *p)
{
    drop_claims(p, is_restricted);
}

void way_drop_unsatisfied(const struct plan *p)
{
    drop_claims(p, is_unsatisfied);
}

void way_relaxations(const struct plan *p)
{
    drop_claims(p, is_relaxation);
}

void way_private_claims(const struct plan *p)
{
    drop_claims(p, is_private);
}

void way_unencodable(const struct plan *p)
{
    drop_claims(p, is_unencodable);
}

/* The child of a sandboxed process: app-sandbox and inherit, nothing else. */
void way_inherit_only(const struct plan *p)
{
    const struct value *claims = code_claims(p->c);
    struct edit_vec edits = {0};

    claim_edit(p, &edits, KEY_SANDBOX, value_bool(p->a, true));
    claim_edit(p, &edits, KEY_INHERIT, value_bool(p->a, true));
    for (size_t i = 0; claims && i < claims->count; i++)
        if (is_beyond_inherit(p, (const char *)claims->keys[i].name.p, claims->items[i]))
            claim_edit(p, &edits, (const char *)claims->keys[i].name.p, NULL);
    plan_offer(p, &edits);
}

/* -- claims as the profile has them */

/* The team that begins a grant such as TEAM.*, as far as the star; NULL for other grants. */
static const char *wildcard_prefix(const struct plan *p, const struct value *grant)
{
    for (size_t i = 0; value_is(grant, VALUE_ARRAY) && i < grant->count; i++) {
        const char *text = value_cstr(grant->items[i]);

        if (text && text_ends(text, ".*"))
            return arena_strndup(p->a, text, strlen(text) - 2);
    }
    return NULL;
}

/* The items of CLAIM that GRANT covers, the others under the granted prefix; NULL when none is left. */
static const struct value *granted_list(const struct plan *p, const struct value *claim,
                                        const struct value *grant)
{
    const char *prefix = wildcard_prefix(p, grant);
    struct value *list = value_array(p->a);
    struct switches defaults = {{0}};

    for (size_t i = 0; i < claim->count; i++) {
        const char *text = value_cstr(claim->items[i]), *rest = text ? strchr(text, '.') : NULL;
        struct value *alone = value_array(p->a);

        value_append(p->a, alone, claim->items[i]);
        if (match_value(p->a, &defaults, alone, grant).covered)
            value_append(p->a, list, claim->items[i]);
        else if (prefix && rest)
            value_append(p->a, list, value_string(p->a, arena_printf(p->a, "%s%s", prefix, rest)));
    }
    return list->count ? list : NULL;
}

/* What the profile would cover in place of CLAIM; NULL when nothing is near. */
static const struct value *granted_form(const struct plan *p, const char *key,
                                        const struct value *claim)
{
    const struct value *grant = grant_of(p, key);
    struct switches defaults = {{0}};

    for (int suffixed = 0; strcmp(key, KEY_NE) == 0 && suffixed < 2; suffixed++) {
        struct value *other = ne_values(p->a, claim, suffixed);

        if (match_value(p->a, &defaults, other, grant).covered)
            return other;
    }
    if (!grant || grant->type != claim->type || value_is(claim, VALUE_BOOL))
        return NULL;
    if (value_is(claim, VALUE_ARRAY) && claim->count && value_is(claim->items[0], VALUE_STRING))
        return granted_list(p, claim, grant);
    if (value_is(grant, VALUE_ARRAY) && !grant->count)
        return NULL;
    return value_is(grant, VALUE_STRING) && text_ends(value_cstr(grant), "*") ? NULL : grant;
}

void way_as_granted(const struct plan *p)
{
    const struct value *claims = code_claims(p->c);
    struct edit_vec edits = {0};

    for (size_t i = 0; claims && i < claims->count; i++) {
        const char *key = (const char *)claims->keys[i].name.p;
        const struct value *form;

        if (!is_unsatisfied(p, key, claims->items[i]))
            continue;
        form = granted_form(p, key, claims->items[i]);
        if (!form)
            return;
        claim_edit(p, &edits, key, form);
    }
    plan_offer(p, &edits);
}

/* Developer ID wants the suffixed values, the other channels the plain ones. */
void way_channel_values(const struct plan *p)
{
    const struct value *claim = code_claim(p->c, KEY_NE);
    const struct signature *sig = code_signature(p->c);
    bool suffixed =
        sig && (sig->signer == SIGNER_DEVELOPER_ID || sig->signer == SIGNER_DEVELOPER_ID_KEXT);
    struct value *values = ne_values(p->a, claim, suffixed);
    struct edit_vec edits = {0};

    if (!claim || value_equal(claim, values))
        return;
    claim_edit(p, &edits, KEY_NE, values);
    fit_edit(p, &edits, p->c);
    plan_offer(p, &edits);
}

/* -- prefixes */

/* TEXT with TEAM in place of the ten characters before the first dot; TEXT itself when it has no such prefix. */
static const char *with_team(const struct plan *p, const char *text, const char *team)
{
    return text && strcspn(text, ".") == 10 ? arena_printf(p->a, "%s%s", team, text + 10) : text;
}

static struct value *list_with_team(const struct plan *p, const struct value *list,
                                    const char *team)
{
    struct value *out = value_array(p->a);

    for (size_t i = 0; value_is(list, VALUE_ARRAY) && i < list->count; i++) {
        const char *text = with_team(p, value_cstr(list->items[i]), team);

        if (text)
            value_append(p->a, out, value_string(p->a, text));
    }
    return out;
}

void way_own_team(const struct plan *p)
{
    static const char *const keys[] = {KEY_KEYCHAIN, KEY_GROUPS};
    struct edit_vec edits = {0};
    const char *team = code_team(p->c);

    if (!team)
        return;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const struct value *own = code_claim(p->c, keys[i]);
        struct value *list = list_with_team(p, own, team);

        if (own && !value_equal(own, list))
            claim_edit(p, &edits, keys[i], list);
    }
    fit_edit(p, &edits, p->c);
    plan_offer(p, &edits);
}

/* "group.x" as "TEAM.x": never needs a profile on the Mac. The Mach service of a provider follows its group. */
static const char *team_group(const struct plan *p, const char *group)
{
    const char *rest = text_starts(group, "group.") ? group + strlen("group.") : group;

    rest += *rest == '.'; /* a prefix that was left empty */
    return text_starts(group, arena_printf(p->a, "%s.", code_team(p->c)))
               ? group
               : arena_printf(p->a, "%s.%s", code_team(p->c), rest);
}

static void follow_group(const struct plan *p, const char *old, const char *new,
                         struct edit_vec *edits)
{
    static const char *const names[][2] = {{"NetworkExtension", "NEMachServiceName"},
                                           {"CMIOExtension", "CMIOExtensionMachServiceName"}};

    for (size_t i = 0; i < 2; i++) {
        const char *service = value_get_cstr(value_get(p->c->info, names[i][0]), names[i][1]);

        if (service && text_starts(service, old))
            plan_edit(
                p, edits, p->c,
                edit_of(
                    p->a, EDIT_INFO, arena_printf(p->a, "%s.%s", names[i][0], names[i][1]),
                    value_string(p->a, arena_printf(p->a, "%s%s", new, service + strlen(old)))));
    }
}

void way_team_groups(const struct plan *p)
{
    const struct value *groups = code_claim(p->c, KEY_GROUPS);
    struct value *list = value_array(p->a);
    struct edit_vec edits = {0};

    if (!code_team(p->c))
        return;
    for (size_t i = 0; value_is(groups, VALUE_ARRAY) && i < groups->count; i++) {
        const char *old = value_cstr(groups->items[i]), *new = old ? team_group(p, old) : NULL;

        if (!new)
            continue;
        value_append(p->a, list, value_string(p->a, new));
        if (strcmp(old, new) != 0)
            follow_group(p, old, new, &edits);
    }
    if (list->count)
        claim_edit(p, &edits, KEY_GROUPS, list);
    plan_offer(p, &edits);
}

/* "TEAM.x" as "group.x": what iOS knows, and a profile lists. */
void way_registered_groups(const struct plan *p)
{
    const struct value *groups = code_claim(p->c, KEY_GROUPS);
    struct value *list = value_array(p->a);
    struct edit_vec edits = {0};

    for (size_t i = 0; value_is(groups, VALUE_ARRAY) && i < groups->count; i++) {
        const char *group = value_cstr(groups->items[i]), *dot = group ? strchr(group, '.') : NULL;

        if (dot)
            value_append(p->a, list, value_string(p->a, arena_printf(p->a, "group%s", dot)));
    }
    if (!list->count)
        return;
    claim_edit(p, &edits, KEY_GROUPS, list);
    fit_edit(p, &edits, p->c);
    plan_offer(p, &edits);
}

/* -- signers */

void way_nested_unsigned(const struct plan *p)
{
    const struct signature *sig = code_signature(p->c);
    struct edit_vec edits = {0};

    for (size_t i = 0; i < p->c->child_count; i++) {
        const struct code *child = p->c->children[i];
        const struct signature *theirs = code_signature(child);
        const char *signer = plan_fill(p, sig && sig->adhoc ? "adhoc" : "{app.signer}");

        if (signer && theirs && !theirs->present &&
            (child->sealed_by_parent || child->in_code_place))
            plan_edit(p, &edits, child,
                      edit_of(p->a, EDIT_SIGNER, NULL, value_string(p->a, signer)));
    }
    plan_offer(p, &edits);
}

static const struct code *twin_below(const struct code *top, const struct code *c)
{
    if (top != c && top->kind == c->kind && top->identifier && c->identifier &&
        strcmp(top->identifier, c->identifier) == 0)
        return top;
    for (size_t i = 0; i < top->child_count; i++) {
        const struct code *found = twin_below(top->children[i], c);

        if (found)
            return found;
    }
    return NULL;
}

/* Of two copies in the input the second goes, the one behind the finding's own; else the copies are on the Mac. */
void way_one_copy(const struct plan *p)
{
    const struct code *twin = NULL;
    struct edit_vec edits = {0};

    for (size_t i = p->in->top_count; i > 0 && !twin; i--)
        twin = twin_below(p->in->tops[i - 1], p->c);
    if (!twin)
        plan_edit(p, &edits, p->c, edit_of(p->a, EDIT_HOST, "installed", value_array(p->a)));
    else if (strcmp(twin->path, p->c->path) > 0)
        plan_edit(p, &edits, twin, edit_of(p->a, EDIT_REMOVE, NULL, value_bool(p->a, true)));
    else
        plan_edit(p, &edits, p->c, edit_of(p->a, EDIT_REMOVE, NULL, value_bool(p->a, true)));
    plan_offer(p, &edits);
}

/* All code of the item by SIGNER, the provider's claim in its plain form on both sides. */
static void other_channel(const struct plan *p, const char *signer, const char *profile)
{
    const struct code *sides[] = {plan_app(p), p->c};
    struct edit_vec edits = {0};
    struct edit all = edit_of(p->a, EDIT_SIGNER, NULL, value_string(p->a, signer));

    all.path = "*";
    vec_push(p->a, &edits, all);
    for (size_t i = 0; i < 2; i++) {
        const struct value *claim = sides[i] ? code_claim(sides[i], KEY_NE) : NULL;

        if (!sides[i])
            continue;
        if (claim)
            plan_edit(p, &edits, sides[i],
                      edit_of(p->a, EDIT_ENTITLEMENT, KEY_NE, ne_values(p->a, claim, false)));
        plan_edit(p, &edits, sides[i],
                  edit_of(p->a, EDIT_PROFILE, NULL, value_string(p->a, profile)));
    }
    plan_offer(p, &edits);
}

void way_store_delivery(const struct plan *p)
{
    other_channel(p, "mac-app-store", "none");
}

void way_development(const struct plan *p)
{
    other_channel(p, "apple-development", "matching");
}

/* -- launch constraints */

void way_constraints(const struct plan *p)
{
    static const char *const names[] = {"self", "parent", "responsible", "library"};
    const struct signature *sig = code_signature(p->c);
    struct edit_vec edits = {0};

    for (size_t i = 0; sig && i < 4; i++)
        if (sig->has_constraint[i])
            plan_edit(p, &edits, p->c, edit_of(p->a, EDIT_CONSTRAINT, names[i], NULL));
    plan_offer(p, &edits);
}

/* -- DriverKit */

#define KEY_USB "com.apple.developer.driverkit.transport.usb"

/* [{idVendor: n}] of all personalities that name one; NULL when none does. */
static struct value *vendors(const struct plan *p)
{
    const struct value *all = value_get(p->c->info, "IOKitPersonalities");
    struct value *list = value_array(p->a);

    for (size_t i = 0; value_is(all, VALUE_DICT) && i < all->count; i++) {
        const struct value *vendor = value_get(all->items[i], "idVendor");
        struct value *entry = value_dict(p->a);

        if (!vendor)
            continue;
        value_set(p->a, entry, "idVendor", value_clone(p->a, vendor));
        value_append(p->a, list, entry);
    }
    return list->count ? list : NULL;
}

void way_driverkit(const struct plan *p)
{
    const char *key = plan_fill(p, "{key}");
    struct value *v = value_bool(p->a, true);
    struct edit_vec edits = {0};

    if (!key)
        return;
    if (strcmp(key, KEY_USB) == 0 && vendors(p))
        v = vendors(p);
    claim_edit(p, &edits, key, v);
    fit_edit(p, &edits, p->c);
    plan_offer(p, &edits);
}

void way_driverkit_vendor(const struct plan *p)
{
    struct edit_vec edits = {0};

    if (!vendors(p) || !code_claim(p->c, KEY_USB))
        return;
    claim_edit(p, &edits, KEY_USB, vendors(p));
    fit_edit(p, &edits, p->c);
    plan_offer(p, &edits);
}

/* The finding is about the client; the drivers lie in it. */
void way_user_clients(const struct plan *p)
{
    struct value *list = value_array(p->a);
    struct edit_vec edits = {0};

    for (size_t i = 0; i < p->c->child_count; i++)
        if (p->c->children[i]->kind == CODE_DEXT && p->c->children[i]->identifier)
            value_append(p->a, list, value_string(p->a, p->c->children[i]->identifier));
    if (!list->count)
        return;
    claim_edit(p, &edits, "com.apple.developer.driverkit.userclient-access", list);
    fit_edit(p, &edits, p->c);
    plan_offer(p, &edits);
}
