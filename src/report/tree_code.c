/* SPDX-License-Identifier: Apache-2.0 */
/* The facts of code as a tree of values (report/tree.h). */
#include "config.h"

#include "base/arena.h"
#include "base/when.h"
#include "report/tree.h"

static void set_time(struct arena *a, struct value *to, const char *key, int64_t when)
{
    value_set_text(a, to, key, when == WHEN_NONE ? NULL : when_iso(a, when));
}

static void set_tree(struct arena *a, struct value *to, const char *key, struct value *tree)
{
    value_set(a, to, key, tree ? tree : value_null(a));
}

/* "15.3", "10.15.7" of 0x00MMmmpp; NULL for 0. */
static const char *version_text(struct arena *a, uint32_t version)
{
    unsigned major = version >> 16, minor = version >> 8 & 0xff, patch = version & 0xff;
    if (!version)
        return NULL;
    return patch ? arena_printf(a, "%u.%u.%u", major, minor, patch)
                 : arena_printf(a, "%u.%u", major, minor);
}

static struct value *authorities(struct arena *a, const struct cert *const *chain, size_t n)
{
    struct value *list = value_array(a);
    for (size_t i = 0; i < n; i++)
        value_append(a, list, value_string(a, chain[i]->common_name));
    return list;
}

static void set_directories(struct arena *a, struct value *to, const struct signature *s)
{
    struct value *hashes = value_array(a), *types = value_array(a);
    for (size_t i = 0; i < s->directory_count; i++) {
        const struct codedir *cd = &s->directories[i];
        const char *hex = bytes_hex(
            a, bytes_of(cd->cdhash, cd->cdhash_full_size < 20 ? cd->cdhash_full_size : 20));
        value_append(a, hashes, value_string(a, hex));
        value_append(a, types, value_string(a, digest_name(cd->hash_type)));
    }
    value_set(a, to, "cdhashes", hashes);
    value_set(a, to, "hash_types", types);
}

static void set_chosen(struct arena *a, struct value *to, const struct codedir *cd)
{
    value_set_text(a, to, "identifier", cd ? cd->identifier : NULL);
    value_set_text(a, to, "team", cd ? cd->team : NULL);
    value_set_text(a, to, "flags", cd ? codedir_flags_text(a, cd->flags) : NULL);
    value_set_text(a, to, "cdhash", cd ? bytes_hex(a, bytes_of(cd->cdhash, 20)) : NULL);
    value_set_text(a, to, "cd_version", cd ? arena_printf(a, "0x%x", cd->version) : NULL);
    set_tree(a, to, "page_size",
             cd ? value_int(a, cd->page_shift ? INT64_C(1) << cd->page_shift : 0) : NULL);
    value_set_text(a, to, "runtime", cd ? version_text(a, cd->runtime) : NULL);
    value_set_text(a, to, "exec_seg_flags",
                   cd && cd->exec_seg_flags ? codedir_exec_flags_text(a, cd->exec_seg_flags)
                                            : NULL);
}

static struct value *requirements(struct arena *a, const struct signature *s)
{
    struct value *v = value_dict(a);
    value_set_text(a, v, "designated", s->dr_text);
    value_set(a, v, "explicit", value_bool(a, s->dr_explicit));
    value_set_text(a, v, "set", s->requirements_text);
    return v;
}

static struct value *constraints(struct arena *a, const struct signature *s)
{
    static const char *const names[] = {"self", "parent", "responsible", "library"};
    struct value *v = value_dict(a);
    for (size_t i = 0; i < 4; i++)
        if (s->has_constraint[i])
            set_tree(a, v, names[i], s->constraints[i]);
    return v->count ? v : NULL;
}

/* What the lists and responses that were given say; none were: NULL. */
static struct value *revocation(struct arena *a, const struct revocation *r)
{
    static const char *const status[] = {
        [REVOCATION_GOOD] = "good", [REVOCATION_OPEN] = "open", [REVOCATION_REVOKED] = "revoked"};
    struct value *v = value_dict(a);
    if (r->status == REVOCATION_UNASKED)
        return NULL;
    value_set_text(a, v, "status", status[r->status]);
    value_set_text(a, v, "certificate", r->cert ? r->cert->common_name : NULL);
    set_time(a, v, "since", r->when);
    value_set_text(a, v, "why", r->why);
    return v;
}

static void set_signature(struct arena *a, struct value *to, const struct signature *s)
{
    value_set(a, to, "signed", value_bool(a, s->present));
    value_set_text(a, to, "signature_location", s->location);
    set_chosen(a, to, s->chosen);
    set_directories(a, to, s);
    value_set(a, to, "adhoc", value_bool(a, s->adhoc));
    value_set_text(a, to, "signer", signer_kind_name(s->signer));
    value_set_text(a, to, "anchor", anchor_name(s->anchor));
    value_set(a, to, "authorities", authorities(a, s->chain, s->chain_count));
    set_time(a, to, "timestamp", s->timestamp);
    set_time(a, to, "signing_time", s->signing_time);
    set_tree(a, to, "revocation", revocation(a, &s->revocation));
    set_tree(a, to, "entitlements",
             s->entitlements_from_xml ? s->entitlements_from_xml : s->entitlements);
    value_set(a, to, "entitlements_der", value_bool(a, s->has_der_entitlements));
    value_set(a, to, "requirements", requirements(a, s));
    set_tree(a, to, "constraints", constraints(a, s));
    value_set(a, to, "valid", value_bool(a, s->core_valid));
}

static struct value *links(struct arena *a, const struct slice *s)
{
    struct value *list = value_array(a);
    for (size_t i = 0; i < s->links.n; i++) {
        struct value *v = value_dict(a);
        value_set_text(a, v, "name", s->links.at[i].name);
        value_set_text(a, v, "resolved", s->links.at[i].resolved);
        value_append(a, list, v);
    }
    return list;
}

static struct value *slice(struct arena *a, const struct slice *s)
{
    struct value *v = value_dict(a);
    value_set_text(a, v, "arch", s->arch && *s->arch ? s->arch : NULL);
    value_set_text(a, v, "minos", version_text(a, s->minos));
    value_set_text(a, v, "sdk", version_text(a, s->sdk));
    set_signature(a, v, &s->sig);
    value_set(a, v, "links", links(a, s));
    return v;
}

static struct value *profile(struct arena *a, const struct profile *p)
{
    struct value *v = value_dict(a);
    value_set_text(a, v, "path", p->path);
    value_set(a, v, "signature_valid", value_bool(a, p->signature_valid));
    value_set(a, v, "authorities", authorities(a, p->chain, p->chain_count));
    value_set_text(a, v, "name", value_get_cstr(p->plist, "Name"));
    value_set_text(a, v, "uuid", value_get_cstr(p->plist, "UUID"));
    set_tree(a, v, "teams", value_get(p->plist, "TeamIdentifier"));
    set_tree(a, v, "platforms", value_get(p->plist, "Platform"));
    set_tree(a, v, "expires", value_get(p->plist, "ExpirationDate"));
    set_tree(a, v, "all_devices", value_get(p->plist, "ProvisionsAllDevices"));
    set_tree(a, v, "devices", value_get(p->plist, "ProvisionedDevices"));
    set_tree(a, v, "entitlements", value_get(p->plist, "Entitlements"));
    return v;
}

static struct value *seal(struct arena *a, const struct seal_facts *s)
{
    struct value *v = value_dict(a);
    value_set(a, v, "version", value_int(a, s->version));
    value_set(a, v, "rules", value_int(a, (int64_t)s->rules));
    value_set(a, v, "files", value_int(a, (int64_t)s->files));
    return v;
}

struct value *tree_code(struct arena *a, const struct code *c)
{
    struct value *v = value_dict(a), *slices = value_array(a), *children = value_array(a);
    for (size_t i = 0; i < c->slice_count; i++)
        value_append(a, slices, slice(a, &c->slices[i]));
    for (size_t i = 0; i < c->child_count; i++)
        value_append(a, children, tree_code(a, c->children[i]));
    value_set_text(a, v, "path", c->path);
    value_set_text(a, v, "kind", code_kind_name(c->kind));
    value_set_text(a, v, "format", c->format);
    value_set_text(a, v, "executable", c->executable);
    value_set_text(a, v, "bundle_identifier", c->identifier);
    value_set_text(a, v, "version", c->version);
    value_set(a, v, "slices", slices);
    set_tree(a, v, "seal", c->seal.present ? seal(a, &c->seal) : NULL);
    set_tree(a, v, "profile", c->profile ? profile(a, c->profile) : NULL);
    value_set_text(a, v, "ticket",
                   !c->ticket.present ? NULL
                   : c->ticket.valid  ? "valid"
                                      : "invalid");
    value_set(a, v, "children", children);
    return v;
}
