/* SPDX-License-Identifier: Apache-2.0 */
/* Profile write: see profile_write.h. A property list, its DER twin, and the CMS around each. */
#include "forge/profile_write.h"

#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "base/when.h"
#include "forge/case_check.h"
#include "forge/cms_write.h"
#include "forge/entitle_write.h"
#include "forge/info_write.h"
#include "format/plist.h"

#define DAY INT64_C(86400)

struct kind {
    const char *word, *distribution; /* ProfileDistributionType, NULL: none known */
    int64_t days;
    bool all_devices, some_devices;
};

static const struct kind kinds[] = {
    {"developer-id", "DIRECT", 18 * 365 + 4, true, false},
    {"development", "LIMITED", 365, false, true},
    {"app-store", "STORE", 365, false, false},
    {"enterprise", NULL, 365, true, false},
};

/* A profile under way. */
struct writer {
    struct forge *f;
    const struct value *spec;
    const struct item *item;
    const struct kind *kind;
    const char *team, *app_id, *signed_by;
    int64_t created, expires;
    struct value *plist;
    struct name_vec platforms, devices;
    struct identity_vec certificates;
};

static const struct kind *kind_of(const char *word)
{
    for (size_t i = 0; word && i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].word, word) == 0)
            return &kinds[i];
    return &kinds[0];
}

static struct value *string_list(struct arena *a, const struct name_vec *names)
{
    struct value *list = value_array(a);

    for (size_t i = 0; i < names->n; i++)
        value_append(a, list, value_string(a, names->at[i]));
    return list;
}

/* --- what it grants --------------------------------------------------------------------------------------- */

static bool all_null(const struct value *dict)
{
    for (size_t i = 0; i < dict->count; i++)
        if (dict->items[i]->type != VALUE_NULL)
            return false;
    return true;
}

/* What the code claims, under the profile's own application identifier. */
static struct value *default_entitlements(struct writer *w)
{
    struct arena *a = w->f->a;
    const struct value *claims = w->item->claims;
    struct value *out = claims ? value_clone(a, claims) : value_dict(a);
    bool ios = w->item->platform == PLATFORM_IOS;

    value_set(a, out, ios ? "application-identifier" : "com.apple.application-identifier",
              value_string(a, w->app_id));
    if (w->item->platform == PLATFORM_CATALYST)
        value_set(a, out, "application-identifier", value_string(a, w->app_id));
    if (w->team)
        value_set(a, out, "com.apple.developer.team-identifier", value_string(a, w->team));
    return out;
}

static struct value *entitlements(struct writer *w)
{
    const struct value *given = value_get(w->spec, "entitlements");
    struct arena *a = w->f->a;
    bool written = value_is(given, VALUE_DICT) && (given->count == 0 || !all_null(given));
    struct value *out = written ? value_clone(a, given) : default_entitlements(w);

    for (size_t i = 0; value_is(given, VALUE_DICT) && i < given->count; i++)
        if (given->items[i]->type == VALUE_NULL)
            value_remove(out, (const char *)given->keys[i].name.p);
    if (written && value_get(w->spec, "app-id") &&
        !value_get(given, "com.apple.application-identifier") &&
        !value_get(given, "application-identifier"))
        value_set(a, out, "com.apple.application-identifier", value_string(a, w->app_id));
    return out;
}

/* --- the property list ------------------------------------------------------------------------------------ */

static void set(struct writer *w, const char *key, struct value *v)
{
    value_set(w->f->a, w->plist, key, v);
}

static void set_text(struct writer *w, const char *key, const char *text)
{
    set(w, key, value_string(w->f->a, text));
}

/* A UUID made of what the profile is. */
static const char *uuid_of(struct writer *w)
{
    struct arena *a = w->f->a;
    char *seed = arena_printf(a, "profile/%s/%s/%s", w->kind->word, w->app_id, w->item->path);
    char *hex = bytes_hex(a, digest_bytes(a, DIGEST_SHA1, bytes_str(seed)));

    return arena_printf(a, "%.8s-%.4s-4%.3s-8%.3s-%.12s", hex, hex + 8, hex + 13, hex + 17,
                        hex + 20);
}

static void set_certificates(struct writer *w)
{
    struct value *list = value_array(w->f->a);

    for (size_t i = 0; i < w->certificates.n; i++)
        value_append(w->f->a, list, value_data(w->f->a, w->certificates.at[i]->chain[0].der));
    set(w, "DeveloperCertificates", list);
}

static void set_prefix(struct writer *w)
{
    struct value *list = value_array(w->f->a);
    size_t n = strcspn(w->app_id, ".");

    value_append(w->f->a, list, value_string(w->f->a, arena_strndup(w->f->a, w->app_id, n)));
    set(w, "ApplicationIdentifierPrefix", list);
}

static void fill_plist(struct writer *w)
{
    struct arena *a = w->f->a;
    const char *name = item_text(w->f, w->spec, "name");
    struct name_vec team = {0};

    w->plist = value_dict(a);
    set_text(w, "AppIDName", w->item->name);
    set_prefix(w);
    set(w, "CreationDate", value_date(a, (double)when_to_2001(w->created)));
    set(w, "Platform", string_list(a, &w->platforms));
    set(w, "IsXcodeManaged", value_bool(a, false));
    set_certificates(w);
    set(w, "Entitlements", entitlements(w));
    set(w, "ExpirationDate", value_date(a, (double)when_to_2001(w->expires)));
    set_text(w, "Name", name ? name : arena_printf(a, "%s %s", w->kind->word, w->app_id));
    if (w->devices.n)
        set(w, "ProvisionedDevices", string_list(a, &w->devices));
    if (w->kind->all_devices)
        set(w, "ProvisionsAllDevices", value_bool(a, true));
    if (w->team)
        vec_push(a, &team, w->team);
    set(w, "TeamIdentifier", string_list(a, &team));
    set_text(w, "TeamName", w->team ? w->team : "");
    set(w, "TimeToLive", value_int(a, (w->expires - w->created) / DAY));
    set_text(w, "UUID", uuid_of(w));
    set(w, "Version", value_int(a, 1));
}

/* --- the DER form (appendix B.2) -------------------------------------------------------------------------- */

static bool der_of(struct writer *w, const char *key, const struct value *v, struct bytes *out);

static bool certificate_hashes(struct writer *w, const struct value *list, struct bytes *out)
{
    struct arena *a = w->f->a;
    struct der_list hashes = {0};

    for (size_t i = 0; i < list->count; i++)
        vec_push(
            a, &hashes,
            der_wrap(a, DER_OCTET_STRING, digest_bytes(a, DIGEST_SHA256, list->items[i]->bytes)));
    *out = der_list(a, TAG_SEQUENCE, &hashes);
    return true;
}

static bool der_of(struct writer *w, const char *key, const struct value *v, struct bytes *out)
{
    if (strcmp(key, "DeveloperCertificates") == 0)
        return certificate_hashes(w, v, out);
    if (strcmp(key, "Entitlements") == 0)
        return entitle_der(w->f->a, v, out);
    if (v->type == VALUE_DATE) {
        *out = der_time(w->f->a, when_from_2001((int64_t)v->real));
        return true;
    }
    return entitle_value(w->f->a, v, out);
}

static bool put_pair(struct writer *w, struct der_list *pairs, const char *key,
                     const struct value *v)
{
    struct bytes value;

    if (!der_of(w, key, v, &value))
        return false;
    vec_push(w->f->a, pairs, DER(w->f->a, TAG_SEQUENCE, der_text(w->f->a, DER_UTF8, key), value));
    return true;
}

/* Sign CONTENT, embedded, as SERVICE does; SHOWN (p NULL: the same) is what is embedded. */
static struct bytes seal_content(struct writer *w, enum service service, struct bytes content,
                                 struct bytes shown)
{
    struct identity *signer = identity_service(&w->f->pki, service);
    struct cms_order order = {.signer = signer,
                              .digest = DIGEST_SHA256,
                              .content_type = OID_CMS_DATA,
                              .content = content,
                              .attached = true,
                              .shown = shown,
                              .has_time = true};

    signer->signs_at = w->created;
    return cms_write(w->f->a, &order);
}

/* Add the DER twin; a profile whose entitlements have no DER form goes without. */
static void add_der(struct writer *w)
{
    struct der_list pairs = {0};
    struct arena *a = w->f->a;

    for (size_t i = 0; i < w->plist->count; i++)
        if (!put_pair(w, &pairs, (const char *)w->plist->keys[i].name.p, w->plist->items[i]))
            return;
    if (w->kind->distribution)
        put_pair(w, &pairs, "ProfileDistributionType", value_string(a, w->kind->distribution));
    set(w, "DER-Encoded-Profile",
        value_data(a,
                   seal_content(w, SERVICE_PROFILE_DER, der_set_of(a, &pairs), bytes_of(NULL, 0))));
}

/* --- the whole -------------------------------------------------------------------------------------------- */

static void read_dates(struct writer *w)
{
    int64_t signed_at = w->item->signer ? w->item->signer->signs_at : w->f->signed_at;

    w->created = signed_at - 30 * DAY;
    case_date(value_get(w->spec, "created"), &w->created);
    w->expires = w->created + w->kind->days * DAY;
    case_date(value_get(w->spec, "expires"), &w->expires);
}

static void read_lists(struct writer *w)
{
    const struct value *list = value_get(w->spec, "certificates");
    struct name_vec names = item_texts(w->f, w->spec, "certificates");

    for (size_t i = 0; i < names.n; i++)
        vec_push(w->f->a, &w->certificates, identity_find(w->f, names.at[i], list));
    if (!list && w->item->signer)
        vec_push(w->f->a, &w->certificates, w->item->signer);
    w->platforms = item_texts(w->f, w->spec, "platform");
    if (!w->platforms.n)
        vec_push(w->f->a, &w->platforms, w->item->platform == PLATFORM_IOS ? "iOS" : "OSX");
    w->devices = item_texts(w->f, w->spec, "devices");
    if (w->kind->some_devices && !value_get(w->spec, "devices"))
        vec_push(w->f->a, &w->devices, w->f->udid);
}

/* A profile is its certificates' team's. */
static const char *team_of(const struct writer *w)
{
    const char *team = w->certificates.n ? w->certificates.at[0]->team : NULL;

    if (team)
        return team;
    return w->item->signer ? w->item->signer->team : NULL;
}

static void read_names(struct writer *w)
{
    const char *app_id = item_text(w->f, w->spec, "app-id");
    const char *team = item_text(w->f, w->spec, "team");

    w->team = team ? team : team_of(w);
    w->app_id = app_id ? app_id
                       : arena_printf(w->f->a, "%s.%s", w->team ? w->team : "TEAMID1234",
                                      w->item->identifier);
}

static const char *const spec_keys[] = {"kind",    "app-id",  "entitlements", "certificates",
                                        "devices", "expires", "created",      "platform",
                                        "name",    "team"};

/* CHANGES that are keys of `profiles`, put over SPEC. */
static struct value *changed_spec(struct forge *f, const struct value *spec,
                                  const struct value *changes)
{
    struct value *out = value_is(spec, VALUE_DICT) ? value_clone(f->a, spec) : value_dict(f->a);

    for (size_t i = 0; i < sizeof spec_keys / sizeof *spec_keys; i++)
        if (value_get(changes, spec_keys[i]))
            value_set(f->a, out, spec_keys[i], value_get(changes, spec_keys[i]));
    return out;
}

/* The other CHANGES, put into the list itself. */
static void change_list(struct writer *w, const struct value *changes)
{
    struct value *rest = value_clone(w->f->a, changes);

    for (size_t i = 0; i < sizeof spec_keys / sizeof *spec_keys; i++)
        value_remove(rest, spec_keys[i]);
    info_merge(w->f->a, w->plist, rest);
}

static void begin(struct writer *w)
{
    const char *kind = item_text(w->f, w->spec, "kind");
    const char *signed_by = item_text(w->f, w->spec, "signed-by");
    const struct identity *signer = w->item->signer;

    w->kind = kind_of(kind ? kind : signer ? identity_profile(signer) : NULL);
    w->signed_by = signed_by ? signed_by : "apple";
    read_dates(w);
    read_lists(w);
    read_names(w);
    fill_plist(w);
}

/* The list as bytes, with its DER twin where one is wanted; `other`: a twin that differs. */
static struct bytes finish(struct writer *w, bool der_default)
{
    const char *der = item_text(w->f, w->spec, "der");
    bool other = der && strcmp(der, "other") == 0;

    if (other || case_flag(value_get(w->spec, "der"), der_default))
        add_der(w);
    if (other)
        set(w, "Name", value_string(w->f->a, "another name than in the DER form"));
    return plist_write_xml(w->f->a, w->plist, false);
}

struct bytes profile_write(struct forge *f, const struct value *spec, const struct item *item)
{
    struct writer w = {.f = f, .spec = spec, .item = item};
    struct bytes content;

    begin(&w);
    if (strcmp(w.signed_by, "edited") == 0) {
        struct value *changes = value_dict(f->a);
        value_set(f->a, changes, "Name", value_string(f->a, "edited after it was signed"));
        return profile_edit(f, spec, item, changes);
    }
    content = finish(&w, strcmp(w.signed_by, "apple") == 0);
    if (strcmp(w.signed_by, "none") == 0)
        return content;
    return seal_content(&w, strcmp(w.signed_by, "own") == 0 ? SERVICE_OWN : SERVICE_PROFILE,
                        content, bytes_of(NULL, 0));
}

/* Without a DER twin, which a verifier might take instead. */
struct bytes profile_edit(struct forge *f, const struct value *spec, const struct item *item,
                          const struct value *changes)
{
    struct writer before = {.f = f, .spec = spec, .item = item};
    struct writer after = {.f = f, .spec = changed_spec(f, spec, changes), .item = item};

    begin(&before);
    begin(&after);
    change_list(&after, changes);
    return seal_content(&before, SERVICE_PROFILE, finish(&before, false), finish(&after, false));
}
