/* SPDX-License-Identifier: Apache-2.0 */
/* Forge: see forge.h. The order of a build: identities, items, what happens after signing, the host. */
#include "forge/forge.h"

#include <string.h>

#include "base/text.h"
#include "forge/case_check.h"
#include "forge/damage.h"
#include "forge/item.h"
#include "forge/make.h"
#include "forge/profile_write.h"
#include "forge/revocation_write.h"
#include "policy/host.h"

#define DAY INT64_C(86400)

/* The day on which everything is signed, unless a case is checked before it. */
#define SIGNING_DAY  when_from_civil((struct civil){2025, 12, 16, 12, 0, 0})
#define DEFAULT_UDID "00008103-000000000000001E"

static void read_host(struct forge *f)
{
    const struct value *host = value_get(f->doc, "host");
    const char *macos = item_text(f, host, "macos"), *arch = item_text(f, host, "arch");
    const char *udid = item_text(f, host, "udid");
    int64_t date;

    f->macos = host_default(0).macos;
    if (macos && !macos_parse(macos, &f->macos))
        forge_refuse(f, value_get(host, "macos"), "'%s' is no version of macOS", macos);
    f->arch = arch ? arch : "arm64";
    f->udid = udid ? udid : DEFAULT_UDID;
    f->signed_at = SIGNING_DAY;
    /* ASSUMPTION(forge-signing-day): nothing is signed after it is checked. */
    if (case_date(value_get(host, "date"), &date) && date < f->signed_at + 30 * DAY)
        f->signed_at = date - 30 * DAY;
}

static void make_identities(struct forge *f)
{
    const struct value *all = value_get(f->doc, "signers");

    for (size_t i = 0; value_is(all, VALUE_DICT) && i < all->count; i++) {
        if (value_is(all->items[i], VALUE_NULL))
            continue;
        struct identity *id =
            identity_make(&f->pki, (const char *)all->keys[i].name.p, all->items[i], f->signed_at);
        struct bytes hash = digest_bytes(f->a, DIGEST_SHA256, id->chain[0].der);

        vec_push(f->a, &f->identities, id);
        vec_push(f->a, &f->out->signers,
                 (struct forge_signer){id->name, id->chain[0].common_name, bytes_hex(f->a, hash)});
    }
}

/* The items of KEY, below DIR; their paths go to PATHS. */
static void make_items(struct forge *f, const char *key, const char *dir, struct name_vec *paths)
{
    const struct value *all = value_get(f->doc, key);

    for (size_t i = 0; value_is(all, VALUE_DICT) && i < all->count; i++) {
        const char *name = (const char *)all->keys[i].name.p;
        const char *path = path_normal(f->a, arena_printf(f->a, "%s/%s", dir, name));

        if (value_is(all->items[i], VALUE_NULL))
            continue;
        make_item(f, item_make(f, path, all->items[i], NULL), 0);
        vec_push(f->a, paths, path);
    }
}

/* Names of signers become fingerprints of their leaves; other texts stay. */
static struct value *fingerprints(struct forge *f, const struct value *names)
{
    struct value *out = value_array(f->a);

    for (size_t i = 0; value_is(names, VALUE_ARRAY) && i < names->count; i++) {
        const char *name = case_word(f->a, names->items[i]);

        for (size_t k = 0; name && k < f->out->signers.n; k++)
            if (strcmp(f->out->signers.at[k].name, name) == 0)
                name = f->out->signers.at[k].sha256;
        if (name)
            value_append(f->a, out, value_string(f->a, name));
    }
    return out;
}

/* The host, with what follows from the rest of the case. */
static void finish_host(struct forge *f)
{
    const struct value *given = value_get(f->doc, "host");
    struct value *host = value_is(given, VALUE_DICT) ? value_clone(f->a, given) : value_dict(f->a);
    struct value *assume = value_get(host, "assume");

    if (!value_get(host, "date"))
        value_set(f->a, host, "date",
                  value_string(f->a, when_iso(f->a, f->out->signed_at + 30 * DAY)));
    if (!value_get(host, "udid"))
        value_set(f->a, host, "udid", value_string(f->a, f->udid));
    if (value_get(assume, "revoked"))
        value_set(f->a, assume, "revoked", fingerprints(f, value_get(assume, "revoked")));
    value_remove(host, "profiles");
    value_remove(host, "crls");
    value_remove(host, "ocsp");
    f->out->host = host;
}

/* The profiles that are installed on the Mac, as the first item would embed them. */
static void install_profiles(struct forge *f)
{
    const struct value *names = value_get(value_get(f->doc, "host"), "profiles");
    const struct item *item = f->out->tops.n ? item_find(f, f->out->tops.at[0]) : NULL;

    for (size_t i = 0; item && value_is(names, VALUE_ARRAY) && i < names->count; i++) {
        const char *name = case_word(f->a, names->items[i]);
        const struct value *spec = name ? value_get(value_get(f->doc, "profiles"), name) : NULL;

        if (!spec)
            forge_refuse(f, names->items[i], "there is no profile '%s'", name ? name : "");
        const char *path = arena_printf(f->a, FORGE_PROFILES "/%s.provisionprofile", name);
        forge_wrote(f, fs_add_file(f->fs, path, 0644, profile_write(f, spec, item)), path);
        vec_push(f->a, &f->out->profiles, path);
    }
}

/* When the case is checked: its date, else a month after it was signed. */
static int64_t checking_day(const struct forge *f)
{
    int64_t date;

    if (case_date(value_get(value_get(f->doc, "host"), "date"), &date))
        return date;
    return f->out->signed_at + 30 * DAY;
}

/* The day the first item was signed, where its signer names one. */
static int64_t signing_day(struct forge *f)
{
    const struct value *signers = value_get(f->doc, "signers");
    struct item *first = f->out->tops.n ? item_find(f, f->out->tops.at[0]) : NULL;
    int64_t date;

    if (first && first->signer &&
        case_date(value_get(value_get(signers, first->signer->name), "timestamp"), &date))
        return date;
    return f->signed_at;
}

static enum ds_status build(void *arg)
{
    struct forge *f = arg;

    f->fs = f->out->fs = fs_memory(f->a);
    read_host(f);
    make_identities(f);
    make_items(f, "code", "", &f->out->tops);
    make_items(f, "replaces", FORGE_REPLACED, &f->out->replaced);
    make_items(f, "peer", FORGE_PEER, &f->out->peers);
    damage_apply(f);
    f->out->signed_at = signing_day(f);
    revocation_write(f, checking_day(f));
    install_profiles(f);
    finish_host(f);
    return DS_OK;
}

enum ds_status forge_build(struct arena *a, const struct value *doc, struct forged *out,
                           struct value_error *error)
{
    struct forge f = {.a = a, .doc = doc, .out = out, .error = error, .pki = {.arena = a}};

    *out = (struct forged){0};
    *error = (struct value_error){0};
    return arena_run(a, build, &f);
}
