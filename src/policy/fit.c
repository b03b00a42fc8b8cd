/* SPDX-License-Identifier: Apache-2.0 */
/* Fit: see fit.h. */
#include "policy/fit.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "policy/entitlement.h"
#include "policy/judging.h"
#include "policy/signer_facts.h"

#define PLATFORM_IOS 2
#define DAY          INT64_C(86400)
#define SUFFIX       "-systemextension"

/* -- claims */

void claim_set(struct arena *a, struct code *c, const char *key, struct value *v)
{
    for (size_t i = 0; i < c->slice_count; i++) {
        struct signature *sig = &c->slices[i].sig;
        struct value *claims = sig->entitlements ? sig->entitlements : sig->entitlements_from_xml;

        claims = claims ? value_clone(a, claims) : value_dict(a);
        if (v)
            value_set(a, claims, key, v);
        else
            value_remove(claims, key);
        sig->entitlements = sig->entitlements_from_xml = claims;
        sig->has_xml_entitlements = sig->has_der_entitlements = true;
    }
}

/* An identifier that is claimed already is corrected where it is another team's or another bundle's. */
void claim_identifiers(struct arena *a, struct code *c)
{
    const char *team = code_team(c), *identifier = c->code_identifier;

    if (!team || !identifier)
        return;
    claim_set(a, c, KEY_APP_ID, value_string(a, arena_printf(a, "%s.%s", team, identifier)));
    claim_set(a, c, KEY_TEAM_ID, value_string(a, team));
}

struct value *ne_values(struct arena *a, const struct value *v, bool suffixed)
{
    static const char *const suffixable[] = {"packet-tunnel-provider", "app-proxy-provider",
                                             "content-filter-provider", "dns-proxy"};
    struct value *list = value_array(a);

    for (size_t i = 0; value_is(v, VALUE_ARRAY) && i < v->count; i++) {
        const char *text = value_cstr(v->items[i]);
        struct value *item = value_clone(a, v->items[i]);

        for (size_t k = 0; text && k < sizeof suffixable / sizeof *suffixable; k++) {
            size_t n = strlen(suffixable[k]);

            if (strncmp(text, suffixable[k], n) == 0 &&
                (text[n] == '\0' || strcmp(text + n, SUFFIX) == 0))
                item =
                    value_string(a, arena_printf(a, "%s%s", suffixable[k], suffixed ? SUFFIX : ""));
        }
        value_append(a, list, item);
    }
    return list;
}

/* -- what a channel grants */

enum channel { CHANNEL_DEVELOPMENT, CHANNEL_DEVELOPER_ID, CHANNEL_STORE, CHANNEL_NONE };

static enum channel channel_of(enum signer_kind signer)
{
    switch (signer) {
    case SIGNER_APPLE_DEVELOPMENT:
    case SIGNER_MAC_DEVELOPMENT: return CHANNEL_DEVELOPMENT;
    case SIGNER_DEVELOPER_ID:
    case SIGNER_DEVELOPER_ID_KEXT: return CHANNEL_DEVELOPER_ID;
    case SIGNER_APPLE_DISTRIBUTION: return CHANNEL_STORE;
    default: return CHANNEL_NONE;
    }
}

/* What a grant is made from. */
struct fitting {
    struct arena *a;
    const struct code *c;
    const struct host *host;
    enum channel channel;
    const char *team;
    struct bytes leaf; /* the signing certificate */
    bool ios;
};

/* ASSUMPTION(whatif-profile): the catalogue's word on whether the channel's profiles can hold KEY. */
static bool channel_grants(const struct fitting *f, const char *key)
{
    const struct entitlement_row *row = entitlement_find(key, f->ios);
    const char *words[] = {row->dev, row->devid, row->mas};
    const char *word = words[f->channel];

    return *word == 'y' || strcmp(word, "per key") == 0;
}

static struct value *one_text(struct arena *a, const char *text)
{
    struct value *list = value_array(a);

    value_append(a, list, value_string(a, text));
    return list;
}

/* Groups that are registered, or the team's own. */
static struct value *grant_groups(const struct fitting *f, const struct value *claim)
{
    struct value *list = value_array(f->a);

    for (size_t i = 0; value_is(claim, VALUE_ARRAY) && i < claim->count; i++) {
        const char *group = value_cstr(claim->items[i]);

        if (group && (text_starts(group, "group.") ||
                      text_starts(group, arena_printf(f->a, "%s.", f->team))))
            value_append(f->a, list, claim->items[i]);
    }
    return list;
}

/* The values of CLAIM that this channel lists: Developer ID the suffixed ones alone, the others the plain ones (NE-04). */
static struct value *grant_providers(const struct fitting *f, const struct value *claim)
{
    return ne_values(f->a, claim, f->channel == CHANNEL_DEVELOPER_ID);
}

/* The value a profile would list for a claim; NULL: none. */
static const struct value *grant_for(const struct fitting *f, const char *key,
                                     const struct value *claim)
{
    const char *push = f->channel == CHANNEL_DEVELOPMENT ? "development" : "production";

    if (strcmp(key, KEY_APP_ID) == 0 || strcmp(key, "application-identifier") == 0)
        return value_string(f->a, arena_printf(f->a, "%s.%s", f->team, f->c->code_identifier));
    if (strcmp(key, KEY_TEAM_ID) == 0)
        return value_string(f->a, f->team);
    if (strcmp(key, KEY_KEYCHAIN) == 0)
        return one_text(f->a, arena_printf(f->a, "%s.*", f->team));
    if (strcmp(key, KEY_GROUPS) == 0)
        return grant_groups(f, claim);
    if (strcmp(key, KEY_NE) == 0)
        return grant_providers(f, claim);
    if (text_ends(key, "aps-environment"))
        return value_string(f->a, push);
    return claim;
}

static struct value *grants(const struct fitting *f)
{
    const struct value *claims = code_claims(f->c);
    struct value *list = value_dict(f->a);

    for (size_t i = 0; claims && i < claims->count; i++) {
        const char *key = (const char *)claims->keys[i].name.p;
        enum claim_class class = claim_classify(key, f->host->macos, f->host->sip);

        if (class == CLAIM_FREE || class == CLAIM_SANDBOX || !channel_grants(f, key))
            continue;
        value_set(f->a, list, key, value_clone(f->a, grant_for(f, key, claims->items[i])));
    }
    return list;
}

/* -- the profile */

static void set_validity(const struct fitting *f, struct value *plist)
{
    int64_t now = f->host->date;

    value_set(f->a, plist, "CreationDate", value_date(f->a, (double)when_to_2001(now - DAY)));
    value_set(f->a, plist, "ExpirationDate",
              value_date(f->a, (double)when_to_2001(now + 365 * DAY)));
}

static void set_devices(const struct fitting *f, struct value *plist)
{
    if (f->channel == CHANNEL_DEVELOPER_ID)
        value_set(f->a, plist, "ProvisionsAllDevices", value_bool(f->a, true));
    if (f->channel == CHANNEL_DEVELOPMENT)
        value_set(f->a, plist, "ProvisionedDevices",
                  one_text(f->a, f->host->udid ? f->host->udid : "this Mac"));
}

static struct value *content(const struct fitting *f)
{
    struct value *plist = value_dict(f->a), *certs = value_array(f->a);

    value_append(f->a, certs, value_data(f->a, f->leaf));
    value_set(
        f->a, plist, "Name",
        value_string(f->a, arena_printf(f->a, "a profile made for %s", f->c->code_identifier)));
    value_set(f->a, plist, "Version", value_int(f->a, 1));
    value_set(f->a, plist, "Platform", one_text(f->a, f->ios ? "iOS" : "OSX"));
    value_set(f->a, plist, "TeamIdentifier", one_text(f->a, f->team));
    value_set(f->a, plist, "ApplicationIdentifierPrefix", one_text(f->a, f->team));
    set_validity(f, plist);
    set_devices(f, plist);
    value_set(f->a, plist, "DeveloperCertificates", certs);
    value_set(f->a, plist, "Entitlements", grants(f));
    return plist;
}

static struct profile *make(const struct fitting *f)
{
    struct profile *p = arena_new_of(f->a, struct profile);

    p->path = arena_printf(f->a, "%s/Contents/embedded.provisionprofile", f->c->path);
    p->sealed = p->is_cms = p->signature_valid = true;
    p->signed_at = f->host->date - DAY;
    p->chain = profile_signer_presume(f->a, &p->chain_count);
    p->anchor = ANCHOR_APPLE;
    p->plist = content(f);
    return p;
}

/* What a profile for C is made from; its channel is CHANNEL_NONE when there are none for code signed this way. */
static struct fitting fitting_of(struct arena *a, const struct code *c, const struct host *host)
{
    const struct slice *slice = code_main_slice(c);
    struct fitting f = {
        .a = a, .c = c, .host = host, .team = code_team(c), .channel = CHANNEL_NONE};

    if (!slice || slice->sig.adhoc || !slice->sig.chain_count || !f.team || !c->code_identifier)
        return f;
    f.channel = channel_of(slice->sig.signer);
    f.leaf = slice->sig.chain[0]->der;
    f.ios = slice->platform == PLATFORM_IOS;
    return f;
}

bool profile_fit(struct arena *a, struct code *c, const struct host *host, const char **why)
{
    const struct fitting f = fitting_of(a, c, host);

    *why = NULL;
    if (!c->is_bundle)
        *why = "a bare executable has no place for a profile";
    else if (f.channel == CHANNEL_NONE)
        *why = "no profile is made for code signed this way";
    if (*why)
        return false;
    claim_identifiers(a, c);
    c->profile = make(&f);
    return true;
}
