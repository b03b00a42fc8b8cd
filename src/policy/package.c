/* SPDX-License-Identifier: Apache-2.0 */
/* Package: see package.h. */
#include "policy/package.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "policy/fit.h"
#include "policy/judging.h"
#include "policy/relocate.h"

#define POINT_PREFIX "com.apple.networkextension."
#define KEY_USAGE    "NSSystemExtensionUsageDescription"

static struct code *app_around(struct code *c)
{
    while (c && c->kind != CODE_APP)
        c = c->parent;
    return c;
}

static bool is_developer_id(const struct code *c)
{
    const struct signature *sig = code_signature(c);

    return sig && (sig->signer == SIGNER_DEVELOPER_ID || sig->signer == SIGNER_DEVELOPER_ID_KEXT);
}

/* -- both sides of the entitlement */

static const struct value *providers_of(const struct code *provider, const struct code *app)
{
    const struct value *v = code_claim(provider, KEY_NE);

    return v ? v : code_claim(app, KEY_NE);
}

static void claim_providers(struct arena *a, struct code *c, const struct value *values,
                            bool suffixed)
{
    const struct value *own = code_claim(c, KEY_NE);

    if (values || own)
        claim_set(a, c, KEY_NE, ne_values(a, own ? own : values, suffixed));
}

/* A profile is made where there was one, or where the claims need one. Signers that have none keep none. */
static void fit(struct arena *a, struct code *c, const struct host *host)
{
    const char *why;

    if (!profile_fit(a, c, host, &why))
        c->profile = NULL;
}

void package_for_channel(struct arena *a, struct code *c, const struct host *host)
{
    if (code_claim(c, KEY_NE))
        claim_providers(a, c, NULL, is_developer_id(c));
    fit(a, c, host);
}

/* -- app extension to system extension */

/* The first group that may prefix the provider's Mach service: the team's own before registered ones. */
static const char *find_group(struct arena *a, const struct code *c, const char *team)
{
    const struct value *groups = code_claim(c, KEY_GROUPS);
    const char *found = NULL;

    for (size_t i = 0; value_is(groups, VALUE_ARRAY) && i < groups->count; i++) {
        const char *group = value_cstr(groups->items[i]);

        if (group && text_starts(group, arena_printf(a, "%s.", team)))
            return group;
        if (group && !found && text_starts(group, "group."))
            found = group;
    }
    return found;
}

static const char *need_group(struct arena *a, struct code *c, const struct code *app)
{
    const char *team = code_team(c) ? code_team(c) : "TEAM", *group = find_group(a, c, team);
    struct value *list;

    if (group)
        return group;
    list = code_claim(c, KEY_GROUPS) ? value_clone(a, code_claim(c, KEY_GROUPS)) : value_array(a);
    group = arena_printf(a, "%s.%s", team, app->identifier);
    value_append(a, list, value_string(a, group));
    claim_set(a, c, KEY_GROUPS, list);
    return group;
}

/* GROUP.rest, where the rest is what the provider's identifier has beyond the app's. */
static const char *service_name(struct arena *a, const struct code *c, const struct code *app,
                                const char *group)
{
    size_t n = app->identifier ? strlen(app->identifier) : 0;
    const char *rest = strrchr(c->identifier, '.');

    if (n && strncmp(c->identifier, app->identifier, n) == 0 && c->identifier[n] == '.')
        rest = c->identifier + n;
    return arena_printf(a, "%s%s", group, rest ? rest : ".provider");
}

static struct value *provider_dictionary(struct arena *a, const struct value *extension,
                                         const char *service)
{
    struct value *dict = value_dict(a), *classes = value_dict(a);
    const char *class = value_get_cstr(extension, "NSExtensionPrincipalClass");

    value_set(a, classes, value_get_cstr(extension, "NSExtensionPointIdentifier"),
              value_string(a, class ? class : "Provider"));
    value_set(a, dict, "NEProviderClasses", classes);
    value_set(a, dict, "NEMachServiceName", value_string(a, service));
    return dict;
}

static void write_system_extension_info(struct arena *a, struct code *c, const char *service)
{
    struct value *info = value_clone(a, c->info);

    value_set(a, info, "NetworkExtension",
              provider_dictionary(a, value_get(c->info, "NSExtension"), service));
    value_set(a, info, "CFBundlePackageType", value_string(a, "SYSX"));
    if (!value_get(info, KEY_USAGE))
        value_set(a, info, KEY_USAGE, value_string(a, "Carries your network traffic"));
    value_remove(info, "NSExtension");
    value_remove(info, "XPCService");
    c->info = info;
}

/* The provider's main function is another one: NEProvider.startSystemExtensionMode() instead of NSExtensionMain. */
static void drop_extension_main(struct arena *a, struct code *c)
{
    for (size_t i = 0; i < c->slice_count; i++) {
        struct name_vec kept = {0}, *all = &c->slices[i].imports;

        for (size_t k = 0; k < all->n; k++)
            if (!strstr(all->at[k], "NSExtensionMain"))
                vec_push(a, &kept, all->at[k]);
        *all = kept;
    }
}

static bool to_system_extension(struct arena *a, const struct host *host, struct packed *p)
{
    struct code *c = p->provider, *app = p->app;
    const char *point =
        value_get_cstr(value_get(c->info, "NSExtension"), "NSExtensionPointIdentifier");
    bool suffixed = is_developer_id(app);
    const struct value *values = providers_of(c, app);

    p->why = "only a Network Extension provider can take the other form";
    if (c->kind != CODE_APPEX || !point || !text_starts(point, POINT_PREFIX))
        return false;
    write_system_extension_info(a, c, service_name(a, c, app, need_group(a, c, app)));
    drop_extension_main(a, c);
    c->kind = CODE_SYSEXT;
    code_move(a, c,
              arena_printf(a, "%s/Contents/Library/SystemExtensions/%s.systemextension", app->path,
                           c->identifier));
    claim_providers(a, c, values, suffixed);
    claim_providers(a, app, values, suffixed);
    claim_set(a, app, KEY_INSTALL, value_bool(a, true));
    fit(a, c, host);
    fit(a, app, host);
    return true;
}

/* -- system extension to app extension */

static void write_app_extension_info(struct arena *a, struct code *c, const struct value *classes)
{
    struct value *info = value_clone(a, c->info), *extension = value_dict(a);

    value_set(a, extension, "NSExtensionPointIdentifier",
              value_string_bytes(a, classes->keys[0].name));
    value_set(a, extension, "NSExtensionPrincipalClass", value_clone(a, classes->items[0]));
    value_set(a, info, "NSExtension", extension);
    value_set(a, info, "CFBundlePackageType", value_string(a, "XPC!"));
    value_remove(info, "NetworkExtension");
    value_remove(info, KEY_USAGE);
    c->info = info;
}

static bool to_app_extension(struct arena *a, const struct host *host, struct packed *p)
{
    struct code *c = p->provider, *app = p->app;
    const struct value *classes =
        value_get(value_get(c->info, "NetworkExtension"), "NEProviderClasses");
    const char *last = strrchr(c->identifier, '.');
    bool suffixed = is_developer_id(app);

    p->why = "only a Network Extension provider can take the other form";
    if (c->kind != CODE_SYSEXT || !value_is(classes, VALUE_DICT) || classes->count == 0)
        return false;
    write_app_extension_info(a, c, classes);
    c->kind = CODE_APPEX;
    code_move(a, c,
              arena_printf(a, "%s/Contents/PlugIns/%s.appex", app->path,
                           last ? last + 1 : c->identifier));
    claim_set(a, c, KEY_SANDBOX, value_bool(a, true));
    claim_providers(a, c, providers_of(c, app), suffixed);
    claim_providers(a, app, NULL, suffixed);
    claim_set(a, app, KEY_INSTALL, NULL);
    fit(a, c, host);
    fit(a, app, host);
    return true;
}

/* -- bare tool to app-like bundle */

static struct value *tool_info(struct arena *a, const struct code *c)
{
    struct value *info = c->info ? value_clone(a, c->info) : value_dict(a);

    if (!value_get(info, "CFBundleIdentifier"))
        value_set(a, info, "CFBundleIdentifier", value_string(a, c->code_identifier));
    value_set(a, info, "CFBundleExecutable", value_string(a, c->name));
    value_set(a, info, "CFBundlePackageType", value_string(a, "APPL"));
    return info;
}

/* A tool inside an app goes where apps inside of it lie. */
static const char *tool_place(struct arena *a, const struct code *c)
{
    if (!c->parent)
        return arena_printf(a, "%s.app", c->path);
    return arena_printf(a, "%s/Contents/Helpers/%s.app", c->parent->path, c->name);
}

static bool to_app(struct arena *a, struct packed *p)
{
    struct code *c = p->provider;

    p->app = c->parent;
    p->why = "only a bare executable is wrapped in a bundle";
    if (c->kind != CODE_TOOL || !c->code_identifier)
        return false;
    c->info = tool_info(a, c);
    c->identifier = value_get_cstr(c->info, "CFBundleIdentifier");
    c->kind = CODE_APP;
    c->is_bundle = true;
    if (c->parent)
        code_move(a, c, tool_place(a, c));
    else
        code_rename(a, c, tool_place(a, c));
    c->executable = arena_printf(a, "%s/Contents/MacOS/%s", c->path,
                                 value_get_cstr(c->info, "CFBundleExecutable"));
    return true;
}

bool package_as(struct arena *a, struct code *c, const char *word, const struct host *host,
                struct packed *out)
{
    *out = (struct packed){.provider = c, .app = app_around(c->parent)};
    if (strcmp(word, "app") == 0)
        return to_app(a, out);
    if (!out->app || !c->identifier || !c->info) {
        out->why = "it has no identifier, or no app around it";
        return false;
    }
    if (strcmp(word, "system-extension") == 0)
        return to_system_extension(a, host, out);
    if (strcmp(word, "app-extension") == 0)
        return to_app_extension(a, host, out);
    out->why = "system-extension, app-extension or app is expected";
    return false;
}
