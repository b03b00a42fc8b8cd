/* SPDX-License-Identifier: Apache-2.0 */
/* Shown profile: see shown_profile.h. */
#include "config.h"

#include "report/shown_profile.h"

#include "base/arena.h"
#include "crypto/x509.h"
#include "policy/profile.h"

bool profile_is_sound(const struct profile *p)
{
    return p->plist && p->signature_valid && p->anchor != ANCHOR_NONE &&
           (!p->has_der || (p->der && !p->der_differs && p->der_signature_valid));
}

/* The N-th certificate the profile lists; false when it is none. */
static bool certificate(struct arena *a, const struct value *list, size_t n, struct cert *out)
{
    const struct value *data = list->items[n];
    return value_is(data, VALUE_DATA) && cert_parse(a, data->bytes, out);
}

static const char *date_text(struct arena *a, const struct value *date)
{
    return value_is(date, VALUE_DATE) ? when_iso(a, when_from_2001((int64_t)date->real)) : NULL;
}

/* The Mac's spelling of the claim, else that of iOS. */
static const char *app_id(const struct profile *p)
{
    const struct value *grants = value_get(p->plist, "Entitlements");
    const char *mac = value_get_cstr(grants, "com.apple.application-identifier");
    return mac ? mac : value_get_cstr(grants, "application-identifier");
}

/* -- a tree */

static void set_copy(struct arena *a, struct value *to, const char *key, const struct value *v)
{
    value_set(a, to, key, v ? value_clone(a, v) : value_null(a));
}

static struct value *tree_certificates(struct arena *a, const struct value *list)
{
    struct value *out = value_array(a);
    for (size_t i = 0; value_is(list, VALUE_ARRAY) && i < list->count; i++) {
        struct value *v = value_dict(a);
        struct cert cert;
        if (!certificate(a, list, i, &cert))
            continue;
        value_set_text(a, v, "name", cert.common_name);
        value_set_text(a, v, "sha256", bytes_hex(a, bytes_of(cert.sha256, sizeof cert.sha256)));
        value_set_text(a, v, "expires",
                       cert.not_after == WHEN_NONE ? NULL : when_iso(a, cert.not_after));
        value_append(a, out, v);
    }
    return out;
}

static struct value *tree_signature(struct arena *a, const struct profile *p)
{
    struct value *v = value_dict(a), *authorities = value_array(a);
    for (size_t i = 0; i < p->chain_count; i++)
        value_append(a, authorities, value_string(a, p->chain[i]->common_name));
    value_set(a, v, "valid", value_bool(a, p->signature_valid));
    value_set_text(a, v, "anchor", p->anchor == ANCHOR_NONE ? NULL : anchor_name(p->anchor));
    value_set(a, v, "authorities", authorities);
    value_set_text(a, v, "error", p->error);
    return v;
}

static struct value *tree_der(struct arena *a, const struct profile *p)
{
    struct value *v = value_dict(a), *lines = value_array(a);
    for (size_t i = 0; i < p->der_differences.n; i++)
        value_append(a, lines, value_string(a, p->der_differences.at[i]));
    value_set(a, v, "present", value_bool(a, p->has_der));
    value_set(a, v, "valid", value_bool(a, p->der_signature_valid));
    value_set_text(a, v, "error", p->der_error);
    value_set(a, v, "differences", lines);
    return v;
}

struct value *tree_profile(struct arena *a, const struct profile *p)
{
    struct value *v = value_dict(a);
    value_set_text(a, v, "path", p->path);
    value_set_text(a, v, "name", value_get_cstr(p->plist, "Name"));
    value_set_text(a, v, "uuid", value_get_cstr(p->plist, "UUID"));
    value_set_text(a, v, "kind", p->plist ? profile_kind_name(profile_kind_of(p)) : NULL);
    set_copy(a, v, "teams", value_get(p->plist, "TeamIdentifier"));
    value_set_text(a, v, "app_id", app_id(p));
    set_copy(a, v, "platforms", value_get(p->plist, "Platform"));
    value_set_text(a, v, "created", date_text(a, value_get(p->plist, "CreationDate")));
    value_set_text(a, v, "expires", date_text(a, value_get(p->plist, "ExpirationDate")));
    value_set(a, v, "all_devices",
              value_bool(a, value_is_true(value_get(p->plist, "ProvisionsAllDevices"))));
    set_copy(a, v, "devices", value_get(p->plist, "ProvisionedDevices"));
    value_set(a, v, "certificates",
              tree_certificates(a, value_get(p->plist, "DeveloperCertificates")));
    set_copy(a, v, "entitlements", value_get(p->plist, "Entitlements"));
    value_set(a, v, "signature", tree_signature(a, p));
    value_set(a, v, "der", tree_der(a, p));
    return v;
}

/* -- text */

static void row(struct buf *out, const char *label, const char *text)
{
    if (text)
        buf_printf(out, "  %-14s %s\n", label, text);
}

static void rows(struct buf *out, const char *label, const struct value *list)
{
    for (size_t i = 0; value_is(list, VALUE_ARRAY) && i < list->count; i++)
        row(out, i ? "" : label, value_cstr(list->items[i]));
}

static void text_dates(struct buf *out, const struct profile *p, int64_t now)
{
    const struct value *expires = value_get(p->plist, "ExpirationDate");
    bool past = value_is(expires, VALUE_DATE) && (double)when_to_2001(now) >= expires->real;
    const char *text = date_text(out->arena, expires);
    row(out, "created", date_text(out->arena, value_get(p->plist, "CreationDate")));
    if (text)
        row(out, "expires", arena_printf(out->arena, "%s%s", text, past ? " (past)" : ""));
}

static void text_devices(struct buf *out, const struct profile *p)
{
    const struct value *devices = value_get(p->plist, "ProvisionedDevices");
    if (value_is_true(value_get(p->plist, "ProvisionsAllDevices")))
        row(out, "devices", "all");
    rows(out, "devices", devices);
}

static void text_certificates(struct buf *out, const struct value *list)
{
    struct arena *a = out->arena;
    for (size_t i = 0; value_is(list, VALUE_ARRAY) && i < list->count; i++) {
        struct cert cert;
        const char *label = i ? "" : "certificates";
        if (!certificate(a, list, i, &cert))
            row(out, label, "(not a certificate)");
        else
            row(out, label,
                cert.not_after == WHEN_NONE ? cert.common_name
                                            : arena_printf(a, "%s, until %s", cert.common_name,
                                                           when_iso(a, cert.not_after)));
    }
}

static void text_signature(struct buf *out, const struct profile *p)
{
    row(out, "signature",
        p->error             ? arena_printf(out->arena, "not valid: %s", p->error)
        : p->signature_valid ? "valid"
                             : "none");
    for (size_t i = 0; i < p->chain_count; i++)
        row(out, i ? "" : "signer", p->chain[i]->common_name);
    if (p->chain_count && p->anchor == ANCHOR_NONE)
        row(out, "", "(no root of Apple's)");
}

static void text_der(struct buf *out, const struct profile *p)
{
    if (!p->has_der)
        return;
    row(out, "DER form",
        p->der_error     ? p->der_error
        : p->der_differs ? "differs from the property list:"
                         : "the same");
    for (size_t i = 0; i < p->der_differences.n; i++)
        row(out, "", p->der_differences.at[i]);
    row(out, "distribution", value_get_cstr(p->der, "ProfileDistributionType"));
}

void text_profile(struct buf *out, const struct profile *p, int64_t now, struct text_style style)
{
    const struct value *grants = value_get(p->plist, "Entitlements");
    buf_printf(out, style.colour ? "\033[1m%s\033[0m\n" : "%s\n", p->path);
    row(out, "name", value_get_cstr(p->plist, "Name"));
    row(out, "uuid", value_get_cstr(p->plist, "UUID"));
    row(out, "kind", p->plist ? profile_kind_name(profile_kind_of(p)) : NULL);
    rows(out, "team", value_get(p->plist, "TeamIdentifier"));
    row(out, "app id", app_id(p));
    rows(out, "platform", value_get(p->plist, "Platform"));
    text_dates(out, p, now);
    text_devices(out, p);
    text_certificates(out, value_get(p->plist, "DeveloperCertificates"));
    for (size_t i = 0; value_is(grants, VALUE_DICT) && i < grants->count; i++)
        row(out, i ? "" : "allows",
            arena_printf(out->arena, "%s: %s", bytes_printable(out->arena, grants->keys[i].name, 0),
                         value_text(out->arena, grants->items[i])));
    text_signature(out, p);
    text_der(out, p);
}
