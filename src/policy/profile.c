/* SPDX-License-Identifier: Apache-2.0 */
/* Profile: the checks that decide whether a profile may authorise this code (launch-policy.md §3.6, §6.1). */
#include "policy/profile.h"

#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/text.h"
#include "crypto/x509.h"

#define PLATFORM_IOS 2

/* Values of the switches read here. */
enum { ORDER_KIND_FIRST };

struct checker {
    struct arena *a;
    const struct profile *p;
    const struct profile_holder *holder;
    struct profile_check *out;
};

const char *profile_kind_name(enum profile_kind kind)
{
    static const char *const names[] = {"development", "Developer ID", "enterprise", "App Store"};

    return names[kind];
}

/* A Mac profile lists OSX; the names of the iOS family are the others (§2.2). */
static bool lists_platform(const struct profile *p, const char *platform)
{
    return value_has_string(value_get(p->plist, "Platform"), platform);
}

enum profile_kind profile_kind_of(const struct profile *p)
{
    if (value_is_true(value_get(p->plist, "ProvisionsAllDevices")))
        return lists_platform(p, "OSX") ? PROFILE_DEVELOPER_ID : PROFILE_ENTERPRISE;
    return value_get(p->plist, "ProvisionedDevices") ? PROFILE_DEVELOPMENT : PROFILE_STORE;
}

struct profile_holder profile_holder_of(const struct code *c, const struct value *claims,
                                        const struct host *host, const struct switches *switches)
{
    struct profile_holder holder = {.claims = claims,
                                    .code_identifier = c->code_identifier,
                                    .host = host,
                                    .switches = switches};
    const struct slice *s = code_main_slice(c);

    if (!s)
        return holder;
    holder.signer = s->sig.signer;
    holder.platform = s->platform;
    if (s->sig.chosen)
        holder.team = s->sig.chosen->team;
    if (s->sig.chain_count)
        holder.leaf = s->sig.chain[0]->der;
    return holder;
}

const char *profile_app_id_key(const struct profile_holder *holder)
{
    return holder->platform == PLATFORM_IOS ? "application-identifier"
                                            : "com.apple.application-identifier";
}

const char *profile_app_id(struct arena *a, const struct profile_holder *holder)
{
    const char *claimed = value_get_cstr(holder->claims, profile_app_id_key(holder));

    if (claimed)
        return claimed;
    if (holder->switches->at[SWITCH_ASSUME_APP_ID] != 0 || !holder->team ||
        !holder->code_identifier)
        return NULL;
    return arena_printf(a, "%s.%s", holder->team, holder->code_identifier);
}

static void fault(struct checker *c, enum finding_id id, enum profile_effect effect,
                  const char *detail)
{
    vec_push(c->a, &c->out->faults,
             (struct profile_fault){.id = id, .effect = effect, .detail = detail});
    if (c->out->dropped || c->out->is_void)
        return;
    c->out->dropped = effect == PROFILE_DROPS;
    c->out->is_void = effect == PROFILE_VOIDS;
}

/* The first text of the list KEY, or the text itself; "" when there is none. */
static const char *first_text(const struct profile *p, const char *key)
{
    const struct value *v = value_get(p->plist, key);
    const char *s = value_is(v, VALUE_ARRAY) && v->count ? value_cstr(v->items[0]) : value_cstr(v);

    return s ? s : "";
}

/* Seconds since 1970 of a date in the profile, WHEN_NONE when it has none. */
static int64_t date_of(const struct profile *p, const char *key)
{
    const struct value *v = value_get(p->plist, key);

    return value_is(v, VALUE_DATE) ? when_from_2001((int64_t)v->real) : WHEN_NONE;
}

/* -- V1, V2: a readable profile of Apple's */

static bool key_usage_signs(const struct cert *c)
{
    return !c->has_key_usage || (c->key_usage & 1);
}

/* §6.1 rows 3 to 6; the signer of iOS profiles is told by name (§6.2). */
static bool signer_is_apples(const struct profile *p)
{
    const struct cert *leaf = p->chain_count ? p->chain[0] : NULL;
    const struct cert *ca = p->chain_count > 1 ? p->chain[1] : NULL;

    if (p->anchor == ANCHOR_NONE || !leaf || !ca || !key_usage_signs(leaf))
        return false;
    if (cert_has_marker(leaf, OID_APPLE_PROFILE_MAC))
        return cert_has_marker(ca, OID_APPLE_WWDR);
    return cert_has_marker(leaf, OID_APPLE_PROFILE_IOS) ||
           strcmp(leaf->common_name, "Apple iPhone OS Provisioning Profile Signing") == 0;
}

/* ASSUMPTION(profile-signer-expired): the policy asks for a valid signer (§6.1 row 7), and yet Developer ID profiles of
 * 18 years' life outlive theirs and work; so it is a warning. */
static void check_signer_dates(struct checker *c)
{
    for (size_t i = 0; i < c->p->chain_count; i++) {
        const struct cert *cert = c->p->chain[i];

        if (cert->not_after == WHEN_NONE || cert->not_after >= c->holder->host->date)
            continue;
        fault(c, FINDING_AMFI_PROFILE_SIGNER_EXPIRED, PROFILE_WARNS,
              arena_printf(c->a, "\"%s\" expired on %s", cert->common_name,
                           when_iso(c->a, cert->not_after)));
        return;
    }
}

static bool check_container(struct checker *c)
{
    const struct profile *p = c->p;

    if (!p->is_cms || !value_is(p->plist, VALUE_DICT)) {
        fault(c, FINDING_AMFI_PROFILE_FORMAT, PROFILE_DROPS,
              !p->is_cms ? "it is no signed message" : "its content is no property list");
        return false;
    }
    if (!p->signature_valid)
        fault(c, FINDING_AMFI_PROFILE_SIGNATURE, PROFILE_DROPS, NULL);
    if (!signer_is_apples(p))
        fault(c, FINDING_AMFI_PROFILE_SIGNER, PROFILE_DROPS,
              p->chain_count ? arena_printf(c->a, "signed by \"%s\"", p->chain[0]->common_name)
                             : "nobody signed it");
    check_signer_dates(c);
    return true;
}

static void check_content(struct checker *c)
{
    static const char *const needed[] = {"Entitlements", "DeveloperCertificates", "ExpirationDate"};
    const struct value *version = value_get(c->p->plist, "Version");

    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        if (!value_get(c->p->plist, needed[i]))
            fault(c, FINDING_AMFI_PROFILE_FORMAT, PROFILE_DROPS,
                  arena_printf(c->a, "the key %s is missing", needed[i]));
    if (value_int_or(version, 0) != 1)
        fault(c, FINDING_AMFI_PROFILE_FORMAT, PROFILE_DROPS,
              arena_printf(c->a, "its version is %s, 1 is needed",
                           version ? value_text(c->a, version) : "not stated"));
}

/* -- V3 to V7 */

static void check_platform(struct checker *c)
{
    const char *needed = c->holder->platform == PLATFORM_IOS ? "iOS" : "OSX";
    const struct value *have = value_get(c->p->plist, "Platform");

    if (!lists_platform(c->p, needed))
        fault(c, FINDING_AMFI_PROFILE_PLATFORM, PROFILE_DROPS,
              arena_printf(c->a, "it is for %s, %s is needed",
                           have ? value_text(c->a, have) : "no platform", needed));
}

/* ASSUMPTION(testflight-profile): a TestFlight build keeps its store profile, and that is accepted (Q9). */
static void check_kind(struct checker *c)
{
    if (c->out->kind == PROFILE_STORE && c->holder->signer != SIGNER_TESTFLIGHT)
        fault(c, FINDING_AMFI_PROFILE_STORE, PROFILE_DROPS, NULL);
}

static bool lists_device(const struct value *devices, const char *udid)
{
    for (size_t i = 0; value_is(devices, VALUE_ARRAY) && i < devices->count; i++) {
        const char *s = value_cstr(devices->items[i]);

        if (s && strcasecmp(s, udid) == 0)
            return true;
    }
    return false;
}

static void check_device(struct checker *c)
{
    const char *udid = c->holder->host->udid;

    if (c->out->kind != PROFILE_DEVELOPMENT)
        return;
    if (!udid)
        c->out->asks_device = true;
    else if (!lists_device(value_get(c->p->plist, "ProvisionedDevices"), udid))
        fault(c, FINDING_AMFI_PROFILE_DEVICE, PROFILE_VOIDS,
              arena_printf(c->a, "%s is not among its devices", udid));
}

static void check_dates(struct checker *c)
{
    int64_t now = c->holder->host->date, end = date_of(c->p, "ExpirationDate"),
            made = date_of(c->p, "CreationDate");

    if (end != WHEN_NONE && end <= now)
        fault(c, FINDING_AMFI_PROFILE_EXPIRED, PROFILE_DROPS,
              arena_printf(c->a, "it expired on %s", when_iso(c->a, end)));
    if (made != WHEN_NONE && made > now)
        fault(c, FINDING_AMFI_PROFILE_FUTURE, PROFILE_WARNS,
              arena_printf(c->a, "it was made on %s", when_iso(c->a, made)));
}

static bool lists_certificate(const struct value *certs, struct bytes leaf)
{
    for (size_t i = 0; value_is(certs, VALUE_ARRAY) && i < certs->count; i++)
        if (value_is(certs->items[i], VALUE_DATA) && bytes_equal(certs->items[i]->bytes, leaf))
            return true;
    return false;
}

/* EB-06: code without a team is bound to no profile. */
static void check_team(struct checker *c)
{
    const char *team = c->holder->team;

    if (!*c->out->team || (team ? strcmp(c->out->team, team) == 0 : !c->holder->leaf.n))
        return;
    fault(c, FINDING_AMFI_PROFILE_TEAM, PROFILE_VOIDS,
          arena_printf(c->a, "it belongs to team %s, the code %s%s", c->out->team,
                       team ? "is signed by " : "names no team", team ? team : ""));
}

/* A certificate of another team is told as the team's fault, which implies it (findings.tsv). */
static void check_certificate(struct checker *c)
{
    size_t before = c->out->faults.n;

    check_team(c);
    if (c->out->faults.n > before || !c->holder->leaf.n ||
        lists_certificate(value_get(c->p->plist, "DeveloperCertificates"), c->holder->leaf))
        return;
    fault(c, FINDING_AMFI_PROFILE_CERT, PROFILE_VOIDS,
          "the certificate that signed the code is not among its certificates");
}

/* §6.1 row 16: what is listed must be a developer's code signing certificate, and the one that signed Mac code a Mac
 * developer's; whether it has expired is not asked. */
static bool is_developers(const struct cert *c, bool mac)
{
    static const enum oid_id markers[] = {OID_APPLE_IPHONE_DEV, OID_APPLE_IPHONE_DIST,
                                          OID_APPLE_MAC_SUBMIT, OID_APPLE_MAC_DEV,
                                          OID_APPLE_DEVID_APP};

    for (size_t i = mac ? 2 : 0; i < sizeof markers / sizeof *markers; i++)
        if (cert_has_marker(c, markers[i]))
            return cert_has_usage(c, OID_EKU_CODE_SIGNING);
    return false;
}

static void check_listed(struct checker *c)
{
    const struct value *certs = value_get(c->p->plist, "DeveloperCertificates");

    for (size_t i = 0; value_is(certs, VALUE_ARRAY) && i < certs->count; i++) {
        struct cert *cert = arena_new_of(c->a, struct cert);
        struct bytes der = certs->items[i]->bytes;

        if (!value_is(certs->items[i], VALUE_DATA) || !cert_parse(c->a, der, cert) ||
            is_developers(cert,
                          c->holder->platform != PLATFORM_IOS && bytes_equal(der, c->holder->leaf)))
            continue;
        fault(c, FINDING_AMFI_PROFILE_CERT_INVALID, PROFILE_DROPS,
              arena_printf(c->a, "\"%s\" is none", cert->common_name));
        return;
    }
}

/* -- HM1: the application identifier */

static bool app_id_granted(const struct value *grant, const char *app_id)
{
    return value_is(grant, VALUE_STRING) && match_string(bytes_str(app_id), grant->bytes);
}

/* An identifier that is not claimed may stand under any prefix of the profile (T1: PREFIX may differ from TEAM). */
static bool assumed_id_granted(struct checker *c, const struct value *grant)
{
    const struct value *prefixes = value_get(c->p->plist, "ApplicationIdentifierPrefix");

    for (size_t i = 0; value_is(prefixes, VALUE_ARRAY) && i < prefixes->count; i++) {
        const char *prefix = value_cstr(prefixes->items[i]);

        if (prefix &&
            app_id_granted(grant, arena_printf(c->a, "%s.%s", prefix, c->holder->code_identifier)))
            return true;
    }
    return false;
}

/* ASSUMPTION(profile-without-app-id): a profile that names no application identifier binds to any. */
static void check_app_id(struct checker *c)
{
    const char *key = profile_app_id_key(c->holder), *app_id = profile_app_id(c->a, c->holder);
    const struct value *grant = value_get(c->out->grants, key);
    bool claimed = value_get(c->holder->claims, key) != NULL;

    if (!grant || !app_id || app_id_granted(grant, app_id) ||
        (!claimed && assumed_id_granted(c, grant)))
        return;
    fault(c, FINDING_AMFI_PROFILE_APPID, PROFILE_VOIDS,
          arena_printf(c->a, "it is for %s, the code is %s", value_text(c->a, grant), app_id));
}

void profile_check(struct arena *a, const struct profile *p, const struct profile_holder *holder,
                   struct profile_check *out)
{
    /* The order of the tests is not settled (Q18): two of them, by the switch profile-order. */
    static void (*const orders[2][5])(struct checker *) = {
        {check_platform, check_kind, check_device, check_dates, check_certificate},
        {check_device, check_platform, check_kind, check_dates, check_certificate}};
    struct checker c = {a, p, holder, out};
    size_t order = holder->switches->at[SWITCH_PROFILE_ORDER] == ORDER_KIND_FIRST ? 0 : 1;

    *out = (struct profile_check){.kind = profile_kind_of(p),
                                  .name = first_text(p, "Name"),
                                  .team = first_text(p, "TeamIdentifier"),
                                  .grants = value_get(p->plist, "Entitlements")};
    out->app_id = value_get_cstr(out->grants, profile_app_id_key(holder));
    if (!out->app_id)
        out->app_id = "";
    if (!check_container(&c))
        return;
    check_content(&c);
    check_listed(&c);
    for (size_t i = 0; i < 5; i++)
        orders[order][i](&c);
    check_app_id(&c);
}
