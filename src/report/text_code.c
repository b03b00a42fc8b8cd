/* SPDX-License-Identifier: Apache-2.0 */
/* Facts as text (report/text.h): one block a piece of code, nested code indented below its container. */
#include "config.h"

#include <string.h>

#include "base/arena.h"
#include "base/when.h"
#include "crypto/known.h"
#include "report/text.h"

struct printer {
    struct buf *out;
    bool colour;
    int depth;
};

static void row(const struct printer *p, const char *label, const char *text)
{
    if (text)
        buf_printf(p->out, "%*s%-14s %s\n", 2 * p->depth + 2, "", label, text);
}

static void tree(const struct printer *p, const char *label, const struct value *v)
{
    struct arena *a = p->out->arena;
    if (!v)
        return;
    if (v->type != VALUE_DICT || v->count == 0) {
        row(p, label, value_text(a, v));
        return;
    }
    for (size_t i = 0; i < v->count; i++)
        row(p, i ? "" : label,
            arena_printf(a, "%s: %s", (const char *)v->keys[i].name.p, value_text(a, v->items[i])));
}

static void directories(const struct printer *p, const struct signature *s)
{
    struct arena *a = p->out->arena;
    for (size_t i = 0; i < s->directory_count; i++) {
        const struct codedir *cd = &s->directories[i];
        const char *name = digest_name(cd->hash_type);
        row(p, i ? "" : "cdhash",
            arena_printf(a, "%s (%s)%s", bytes_hex(a, bytes_of(cd->cdhash, 20)), name ? name : "?",
                         cd == s->chosen && s->directory_count > 1 ? ", in use" : ""));
    }
}

static const char *authority(struct arena *a, const struct cert *c)
{
    if (!cert_is_stand_in(c))
        return c->common_name;
    return arena_printf(a, "%s (not carried, its key is known)", c->common_name);
}

static void signer(const struct printer *p, const struct signature *s)
{
    struct arena *a = p->out->arena;
    row(p, "signer", signer_kind_name(s->signer));
    for (size_t i = 0; i < s->chain_count; i++)
        row(p, i ? "" : "authority", authority(a, s->chain[i]));
    if (s->revocation.status != REVOCATION_UNASKED)
        row(p, "revoked", s->revocation.why ? s->revocation.why : "no");
    if (s->timestamp != WHEN_NONE)
        row(p, "timestamp", when_iso(a, s->timestamp));
    else if (s->signing_time != WHEN_NONE)
        row(p, "signed",
            arena_printf(a, "%s (by the signer's own clock)", when_iso(a, s->signing_time)));
}

static void signature(const struct printer *p, const struct signature *s)
{
    struct arena *a = p->out->arena;
    if (!s->present) {
        row(p, "signature", "none");
        return;
    }
    if (!s->chosen) { /* a package has no CodeDirectory, but a signer */
        row(p, "signature", s->chain_count ? NULL : "unreadable");
        signer(p, s);
        return;
    }
    row(p, "identifier", s->chosen->identifier);
    row(p, "team", s->chosen->team ? s->chosen->team : "not set");
    row(p, "flags", codedir_flags_text(a, s->chosen->flags));
    directories(p, s);
    signer(p, s);
    row(p, "requirement", s->dr_text);
    tree(p, "entitlements", s->entitlements_from_xml ? s->entitlements_from_xml : s->entitlements);
    row(p, "state", s->core_valid ? "intact" : "not intact");
}

static void profile(const struct printer *p, const struct profile *profile)
{
    const char *name = value_get_cstr(profile->plist, "Name");
    row(p, "profile", name ? name : profile->path);
    tree(p, "  allows", value_get(profile->plist, "Entitlements"));
}

static void one(const struct printer *p, const struct code *c)
{
    struct arena *a = p->out->arena;
    buf_printf(p->out, p->colour ? "%*s\033[1m%s\033[0m\n" : "%*s%s\n", 2 * p->depth, "", c->path);
    row(p, "kind", code_kind_name(c->kind));
    row(p, "format", c->format);
    row(p, "version", c->version);
    for (size_t i = 0; i < c->slice_count; i++) {
        if (c->slice_count > 1)
            row(p, "slice", c->slices[i].arch);
        signature(p, &c->slices[i].sig);
    }
    if (c->seal.present)
        row(p, "seal",
            arena_printf(a, "version %d, %zu rules, %zu files", c->seal.version, c->seal.rules,
                         c->seal.files));
    if (c->profile)
        profile(p, c->profile);
    if (c->ticket.present)
        row(p, "ticket", c->ticket.valid ? "stapled, valid" : "stapled, not valid");
}

static void all(const struct printer *p, const struct code *c)
{
    const struct printer inner = {.out = p->out, .colour = p->colour, .depth = p->depth + 1};
    one(p, c);
    for (size_t i = 0; i < c->child_count; i++)
        all(&inner, c->children[i]);
}

void text_code(struct buf *out, const struct code *c, struct text_style style)
{
    const struct printer p = {.out = out, .colour = style.colour};
    all(&p, c);
}
