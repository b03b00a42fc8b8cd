/* SPDX-License-Identifier: Apache-2.0 */
/* Makers of ways that write property lists and requirements (repair.def). */
#include <ctype.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"
#include "lang/compile.h"
#include "policy/fit.h"
#include "policy/judging.h"
#include "policy/repair_ways.h"
#include "policy/signer_facts.h"

#define HELPERS "SMPrivilegedExecutables"
#define CLIENTS "SMAuthorizedClients"

static void info_edit(const struct plan *p, struct edit_vec *edits, const char *name,
                      const struct value *v)
{
    plan_edit(p, edits, p->c, edit_of(p->a, EDIT_INFO, name, v));
}

/* -- providers and their Mach services */

/* The class that a provider most likely is: one called after what it provides, else the first. */
static const char *provider_class(const struct plan *p)
{
    const struct slice *slice = code_main_slice(p->c);

    for (size_t i = 0; slice && i < slice->classes.n; i++)
        if (strstr(slice->classes.at[i], "Provider"))
            return slice->classes.at[i];
    return slice && slice->classes.n ? slice->classes.at[0] : NULL;
}

/* The extension point that goes with the first claimed value. */
static const char *claimed_point(const struct plan *p)
{
    static const char *const rows[][2] = {
        {"packet-tunnel-provider", "packet-tunnel"},
        {"app-proxy-provider", "app-proxy"},
        {"content-filter-provider", "filter-data"},
        {"dns-proxy", "dns-proxy"},
    };
    const struct value *claim = code_claim(p->c, KEY_NE);
    const char *text =
        value_is(claim, VALUE_ARRAY) && claim->count ? value_cstr(claim->items[0]) : NULL;

    for (size_t i = 0; text && i < sizeof rows / sizeof *rows; i++)
        if (text_starts(text, rows[i][0]))
            return arena_printf(p->a, "com.apple.networkextension.%s", rows[i][1]);
    return NULL;
}

void way_provider_classes(const struct plan *p)
{
    const struct value *old =
        value_get(value_get(p->c->info, "NetworkExtension"), "NEProviderClasses");
    const char *class = provider_class(p), *point = claimed_point(p);
    struct value *map = value_dict(p->a);
    struct edit_vec edits = {0};

    for (size_t i = 0; class && value_is(old, VALUE_DICT) && i < old->count; i++)
        value_add(p->a, map, old->keys[i].name, value_string(p->a, class));
    if (!map->count && class && point)
        value_set(p->a, map, point, value_string(p->a, class));
    if (map->count)
        info_edit(p, &edits, "NetworkExtension.NEProviderClasses", map);
    plan_offer(p, &edits);
}

void way_extension_point(const struct plan *p)
{
    const char *point = claimed_point(p), *class = provider_class(p);
    const char *is =
        value_get_cstr(value_get(p->c->info, "NSExtension"), "NSExtensionPointIdentifier");
    struct edit_vec edits = {0};

    if (point && (!is || strcmp(is, point) != 0))
        info_edit(p, &edits, "NSExtension.NSExtensionPointIdentifier", value_string(p->a, point));
    if (class)
        info_edit(p, &edits, "NSExtension.NSExtensionPrincipalClass", value_string(p->a, class));
    plan_offer(p, &edits);
}

void way_principal_class(const struct plan *p)
{
    const char *class = provider_class(p);
    struct edit_vec edits = {0};

    if (class && value_get(p->c->info, "NSExtension"))
        info_edit(p, &edits, "NSExtension.NSExtensionPrincipalClass", value_string(p->a, class));
    plan_offer(p, &edits);
}

/* The group that prefixes a service: one of the team's, else any; NULL when none is claimed. */
static const char *group_of(const struct plan *p)
{
    const struct value *groups = code_claim(p->c, KEY_GROUPS);
    const char *team = code_team(p->c), *first = NULL;

    for (size_t i = 0; value_is(groups, VALUE_ARRAY) && i < groups->count; i++) {
        const char *group = value_cstr(groups->items[i]);

        if (group && team && text_starts(group, arena_printf(p->a, "%s.", team)))
            return group;
        first = first ? first : group;
    }
    return first;
}

/* NAME below GROUP: what it has beyond the team and the group's own words, else its last word. */
static const char *service_below(const struct plan *p, const char *group, const char *name)
{
    const char *words = strchr(group, '.'), *rest = strrchr(name, '.');

    if (words && text_starts(name, words + 1))
        return arena_printf(p->a, "%s%s", group, name + strlen(words + 1));
    return arena_printf(p->a, "%s%s", group, rest ? rest : ".service");
}

static void service(const struct plan *p, const char *dict, const char *key)
{
    const char *group = group_of(p), *team = code_team(p->c), *app = plan_fill(p, "{app.id}");
    const char *name = value_get_cstr(value_get(p->c->info, dict), key);
    struct value *list = value_array(p->a);
    struct edit_vec edits = {0};

    if (!group && team && app) {
        group = arena_printf(p->a, "%s.%s", team, app);
        value_append(p->a, list, value_string(p->a, group));
        plan_edit(p, &edits, p->c, edit_of(p->a, EDIT_ENTITLEMENT, KEY_GROUPS, list));
    }
    if (!group || !p->c->identifier)
        return;
    info_edit(p, &edits, arena_printf(p->a, "%s.%s", dict, key),
              value_string(p->a, service_below(p, group, name ? name : p->c->identifier)));
    plan_offer(p, &edits);
}

void way_ne_service(const struct plan *p)
{
    service(p, "NetworkExtension", "NEMachServiceName");
}

/* The name may stand at the top of Info.plist, as Xcode's template has it, or in its dictionary. */
void way_cmio_service(const struct plan *p)
{
    service(p, "CMIOExtension", "CMIOExtensionMachServiceName");
}

/* -- requirement texts */

/* TEXT with every bare word that starts with a digit put in quotes. */
static const char *quote_words(const struct plan *p, const char *text)
{
    struct buf out = {.arena = p->a};
    bool quoted = false;

    for (const char *s = text; *s;) {
        size_t n = 0;

        quoted ^= *s == '"';
        while (!quoted && isdigit((unsigned char)*s) && isalnum((unsigned char)s[n]))
            n++;
        /* Numbers of fields and slots stay: they stand in brackets, or behind "certificate". */
        if (n >= 10 && (s == text || s[-1] == ' ' || s[-1] == '=')) {
            buf_printf(&out, "\"%.*s\"", (int)n, s);
            s += n;
        } else {
            buf_byte(&out, (uint8_t)*s++);
        }
    }
    return buf_cstr(&out);
}

static bool compiles(const struct plan *p, const char *text)
{
    return text && req_compile_single(p->a, text).n != 0;
}

/* A text that compiles in place of TEXT; NULL when TEXT does, or when quotes are no help. */
static const char *mended(const struct plan *p, const char *text)
{
    const char *better = text && !compiles(p, text) ? quote_words(p, text) : NULL;

    return better && compiles(p, better) ? better : NULL;
}

static void quote_helpers(const struct plan *p, struct edit_vec *edits)
{
    const struct value *all = value_get(p->c->info, HELPERS);

    for (size_t i = 0; value_is(all, VALUE_DICT) && i < all->count; i++) {
        const char *better = mended(p, value_cstr(all->items[i]));

        if (better)
            info_edit(p, edits,
                      arena_printf(p->a, HELPERS ".\"%s\"", (const char *)all->keys[i].name.p),
                      value_string(p->a, better));
    }
}

static void quote_clients(const struct plan *p, struct edit_vec *edits)
{
    const struct slice *slice = code_main_slice(p->c);
    const struct value *old = value_get(slice ? slice->info_section : NULL, CLIENTS);
    struct value *list = value_array(p->a);
    bool any = false;

    for (size_t i = 0; value_is(old, VALUE_ARRAY) && i < old->count; i++) {
        const char *better = mended(p, value_cstr(old->items[i]));

        value_append(p->a, list,
                     better ? value_string(p->a, better) : value_clone(p->a, old->items[i]));
        any |= better != NULL;
    }
    if (any)
        plan_edit(p, edits, p->c, edit_of(p->a, EDIT_INFO_SECTION, CLIENTS, list));
}

static void quote_demands(const struct plan *p, struct edit_vec *edits)
{
    const struct slice *slice = code_main_slice(p->c);
    struct value *list = value_array(p->a);
    bool any = false;

    for (size_t i = 0; slice && i < slice->requirement_strings.n; i++) {
        const char *text = slice->requirement_strings.at[i], *better = mended(p, text);

        value_append(p->a, list, value_string(p->a, better ? better : text));
        any |= better != NULL;
    }
    if (any)
        plan_edit(p, edits, p->c, edit_of(p->a, EDIT_PEER_REQUIREMENTS, NULL, list));
}

void way_quoted(const struct plan *p)
{
    struct edit_vec edits = {0};

    quote_demands(p, &edits);
    quote_helpers(p, &edits);
    quote_clients(p, &edits);
    plan_offer(p, &edits);
}

/* -- SMJobBless */

/* The helper that KEY of the app's dictionary means. */
static const struct code *helper_named(const struct code *app, const char *key)
{
    for (size_t i = 0; i < app->child_count; i++) {
        const struct code *c = app->children[i];

        if (strcmp(c->name, key) == 0 ||
            (c->code_identifier && strcmp(c->code_identifier, key) == 0))
            return c;
    }
    return NULL;
}

static const char *requirement_of(const struct code *c)
{
    const struct signature *sig = c ? code_signature(c) : NULL;

    return sig ? sig->dr_text : NULL;
}

void way_demand_of_helper(const struct plan *p)
{
    const struct code *app = plan_app(p);
    const struct value *all = app ? value_get(app->info, HELPERS) : NULL;
    struct edit_vec edits = {0};

    for (size_t i = 0; value_is(all, VALUE_DICT) && i < all->count; i++) {
        const char *key = (const char *)all->keys[i].name.p;
        const char *text = requirement_of(helper_named(app, key));
        const char *name = arena_printf(p->a, HELPERS ".\"%s\"", key);

        if (text)
            plan_edit(p, &edits, app, edit_of(p->a, EDIT_INFO, name, value_string(p->a, text)));
    }
    plan_offer(p, &edits);
}

void way_demand_of_app(const struct plan *p)
{
    const char *text = requirement_of(plan_app(p));
    struct value *list = value_array(p->a);
    struct edit_vec edits = {0};

    if (!text || !code_main_slice(p->c))
        return;
    value_append(p->a, list, value_string(p->a, text));
    plan_edit(p, &edits, p->c, edit_of(p->a, EDIT_INFO_SECTION, CLIENTS, list));
    plan_offer(p, &edits);
}

void way_embedded_plists(const struct plan *p)
{
    const struct slice *slice = code_main_slice(p->c);
    const char *text = requirement_of(plan_app(p));
    struct value *list = value_array(p->a), *name = value_string(p->a, p->c->name);
    struct edit_vec edits = {0};

    if (!slice || !text)
        return;
    value_append(p->a, list, value_string(p->a, text));
    if (!value_get(slice->info_section, CLIENTS))
        plan_edit(p, &edits, p->c, edit_of(p->a, EDIT_INFO_SECTION, CLIENTS, list));
    if (!value_equal(value_get(slice->launchd_section, "Label"), name))
        plan_edit(p, &edits, p->c, edit_of(p->a, EDIT_LAUNCHD_SECTION, "Label", name));
    plan_offer(p, &edits);
}

/* The finding is about the app; the helper lies elsewhere, or is called otherwise. */
void way_helper_place(const struct plan *p)
{
    const struct value *all = value_get(p->c->info, HELPERS);
    struct edit_vec edits = {0};

    for (size_t i = 0; value_is(all, VALUE_DICT) && i < all->count; i++) {
        const char *key = (const char *)all->keys[i].name.p;
        const struct code *helper = helper_named(p->c, key);
        const char *place = arena_printf(p->a, "Contents/Library/LaunchServices/%s", key);

        if (helper && !text_ends(helper->path, place))
            plan_edit(p, &edits, helper, edit_of(p->a, EDIT_MOVE, NULL, value_string(p->a, place)));
    }
    plan_offer(p, &edits);
}

/* -- XPC */

/* What stands behind `identifier` in TEXT, quoted or not; NULL when nothing does. */
static const char *demanded_identifier(const struct plan *p, const char *text)
{
    const char *s = strstr(text, "identifier ");

    if (!s)
        return NULL;
    s += strlen("identifier ");
    s += strspn(s, " =");
    if (*s == '"')
        return arena_strndup(p->a, s + 1, strcspn(s + 1, "\""));
    return arena_strndup(p->a, s, strcspn(s, " )"));
}

/* C below TOP that is signed as WANTED with something behind it, as tools append to file names. */
static const struct code *nearly_called(const struct code *top, const char *wanted)
{
    const char *is = top->code_identifier;

    if (is && text_starts(is, wanted) && is[strlen(wanted)] != '\0')
        return top;
    if (is && strcmp(top->name, wanted) == 0 && strcmp(is, wanted) != 0)
        return top;
    for (size_t i = 0; i < top->child_count; i++) {
        const struct code *found = nearly_called(top->children[i], wanted);

        if (found)
            return found;
    }
    return NULL;
}

void way_peer_identifier(const struct plan *p)
{
    const struct slice *slice = code_main_slice(p->c);
    struct edit_vec edits = {0};

    for (size_t i = 0; slice && i < slice->requirement_strings.n; i++) {
        const char *wanted = demanded_identifier(p, slice->requirement_strings.at[i]);
        const struct code *peer = wanted ? nearly_called(code_top(p->c), wanted) : NULL;

        if (peer)
            plan_edit(p, &edits, peer,
                      edit_of(p->a, EDIT_CODE_IDENTIFIER, NULL, value_string(p->a, wanted)));
    }
    plan_offer(p, &edits);
}

/* The team that TEXT demands of the leaf, NULL when it demands none. */
static const char *demanded_by(const struct plan *p, const char *text)
{
    const char *s = strstr(text, "[subject.OU] = ");

    if (!s)
        return NULL;
    s += strlen("[subject.OU] = ");
    s += *s == '"';
    return arena_strndup(p->a, s, strcspn(s, "\" )"));
}

/* The peer is the app around the service that demands; one in another item is not ours to sign. */
void way_demanded_team(const struct plan *p)
{
    const struct slice *slice = code_main_slice(p->c);
    struct code *top = p->in->tops[0];
    const struct signature *sig = code_signature(top);
    struct edit_vec edits = {0};

    for (size_t i = 0;
         slice && sig && sig->chain_count && !edits.n && i < slice->requirement_strings.n; i++) {
        const char *team = demanded_by(p, slice->requirement_strings.at[i]);
        const char *kind = signer_kind_word(sig->signer);

        if (team)
            plan_edit(p, &edits, top,
                      edit_of(p->a, EDIT_SIGNER, NULL,
                              value_string(p->a, arena_printf(p->a, "%s/%s", kind, team))));
    }
    plan_offer(p, &edits);
}

void way_demand_of_peer(const struct plan *p)
{
    const char *text = requirement_of(p->in->peer ? p->in->peer : p->in->tops[0]);
    struct value *list = value_array(p->a);
    struct edit_vec edits = {0};

    if (!text)
        return;
    value_append(p->a, list, value_string(p->a, text));
    plan_edit(p, &edits, p->c, edit_of(p->a, EDIT_PEER_REQUIREMENTS, NULL, list));
    plan_offer(p, &edits);
}

/* -- jobs of SMAppService */

static bool is_in_job_place(const struct plain_file *file)
{
    return strstr(file->path, "LaunchDaemons/") || strstr(file->path, "LaunchAgents/");
}

static bool is_job(const struct plain_file *file)
{
    return value_is(file->plist, VALUE_DICT) &&
           (is_in_job_place(file) || value_get(file->plist, "Label"));
}

static void job_edit(const struct plan *p, struct edit_vec *edits, const struct plain_file *file,
                     struct edit edit)
{
    edit.id = EDIT_FILE;
    edit.name = arena_printf(p->a, "\"%s\".%s", file->path, edit.name);
    plan_edit(p, edits, p->c, edit);
}

/* The path in the app of what the job starts: a piece of code in it of the same file name. */
static const char *program_in_app(const struct plan *p, const struct plain_file *file)
{
    const struct value *arguments = value_get(file->plist, "ProgramArguments");
    const char *program = value_get_cstr(file->plist, "BundleProgram");

    if (!program)
        program = value_get_cstr(file->plist, "Program");
    if (!program && value_is(arguments, VALUE_ARRAY) && arguments->count)
        program = value_cstr(arguments->items[0]);
    for (size_t i = 0; program && i < p->c->child_count; i++)
        if (strcmp(p->c->children[i]->name, path_base(program)) == 0)
            return path_relative(p->c->children[i]->path, p->c->path);
    return NULL;
}

void way_bundle_program(const struct plan *p)
{
    struct edit_vec edits = {0};

    for (size_t i = 0; i < p->c->plain.n; i++) {
        const struct plain_file *file = &p->c->plain.at[i];
        const char *program = is_job(file) ? program_in_app(p, file) : NULL;

        if (!program)
            continue;
        job_edit(p, &edits, file,
                 edit_of(p->a, EDIT_FILE, "BundleProgram", value_string(p->a, program)));
        if (value_get(file->plist, "Program"))
            job_edit(p, &edits, file, edit_of(p->a, EDIT_FILE, "Program", NULL));
    }
    plan_offer(p, &edits);
}

void way_job_place(const struct plan *p)
{
    struct edit_vec edits = {0};

    for (size_t i = 0; i < p->c->plain.n; i++) {
        const struct plain_file *file = &p->c->plain.at[i];
        const char *place =
            arena_printf(p->a, "Contents/Library/LaunchDaemons/%s", path_base(file->path));

        if (is_job(file) && !is_in_job_place(file) && value_get(file->plist, "BundleProgram"))
            plan_edit(p, &edits, p->c,
                      edit_of(p->a, EDIT_MOVE_FILE, arena_printf(p->a, "\"%s\"", file->path),
                              value_string(p->a, place)));
    }
    plan_offer(p, &edits);
}

void way_associated(const struct plan *p)
{
    const char *id = plan_fill(p, "{app.id}");
    struct value *list = value_array(p->a);
    struct edit_vec edits = {0};

    if (!id)
        return;
    value_append(p->a, list, value_string(p->a, id));
    for (size_t i = 0; i < p->c->plain.n; i++)
        if (is_job(&p->c->plain.at[i]))
            job_edit(p, &edits, &p->c->plain.at[i],
                     edit_of(p->a, EDIT_FILE, "AssociatedBundleIdentifiers", list));
    plan_offer(p, &edits);
}

/* -- updaters */

void way_sparkle(const struct plan *p)
{
    static const char key[] = "com.apple.security.temporary-exception.mach-lookup.global-name";
    const struct value *old = code_claim(p->c, key);
    struct value *list = value_is(old, VALUE_ARRAY) ? value_clone(p->a, old) : value_array(p->a);
    static const char *const ends[] = {"-spks", "-spki"};
    struct edit_vec edits = {0};

    if (!p->c->identifier)
        return;
    for (size_t i = 0; i < 2; i++) {
        const char *name = arena_printf(p->a, "%s%s", p->c->identifier, ends[i]);

        if (!value_has_string(list, name))
            value_append(p->a, list, value_string(p->a, name));
    }
    plan_edit(p, &edits, p->c, edit_of(p->a, EDIT_ENTITLEMENT, key, list));
    if (!value_is_true(value_get(p->c->info, "SUEnableInstallerLauncherService")))
        info_edit(p, &edits, "SUEnableInstallerLauncherService", value_bool(p->a, true));
    plan_offer(p, &edits);
}
