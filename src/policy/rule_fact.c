/* SPDX-License-Identifier: Apache-2.0 */
/* Rule facts: the answers to what rule_facts.def lists, one function a row. Nothing is judged here. */
#include "policy/rule_fact.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "policy/rule_facts_more.h"

/* -- answers */

static struct answer known(const struct value *v)
{
    return (struct answer){v ? ANSWER_KNOWN : ANSWER_ABSENT, v, NULL};
}

static struct answer known_code(const struct code *c)
{
    return (struct answer){c ? ANSWER_KNOWN : ANSWER_ABSENT, NULL, c};
}

static struct answer text(struct judging *j, const char *s)
{
    return known(s ? value_string(j->a, s) : NULL);
}

static struct answer flag(struct judging *j, bool b)
{
    return known(value_bool(j->a, b));
}

/* What is not on disk: an answer of the user's, or unknown. */
static struct answer asked(struct judging *j, enum verdict v)
{
    if (v == VERDICT_UNDECIDED)
        return (struct answer){.state = ANSWER_UNKNOWN};
    return flag(j, v == VERDICT_YES);
}

static const struct slice *main_slice(const struct code *c)
{
    return c->slice_count ? &c->slices[c->main_slice] : NULL;
}

/* -- other code */

static struct answer read_parent(struct judging *j, const struct code *c)
{
    (void)j;
    return known_code(c->parent);
}

static struct answer read_app(struct judging *j, const struct code *c)
{
    (void)j;
    do
        c = c->parent;
    while (c && c->kind != CODE_APP);
    return known_code(c);
}

static struct answer read_top(struct judging *j, const struct code *c)
{
    (void)j;
    return known_code(code_top(c));
}

static struct answer read_replaced(struct judging *j, const struct code *c)
{
    return known_code(code_counterpart(c, j->in->replaces));
}

static struct answer read_peer(struct judging *j, const struct code *c)
{
    (void)c;
    return known_code(j->in->peer);
}

const char *code_path_inside(const struct code *c)
{
    const char *rest = c->parent ? path_relative(c->path, c->parent->path) : NULL;

    return rest ? rest : c->name;
}

static bool same_identifier(const struct code *a, const struct code *b)
{
    const char *x = a->identifier ? a->identifier : a->code_identifier;
    const char *y = b->identifier ? b->identifier : b->code_identifier;

    return x && y && strcmp(x, y) == 0;
}

static const struct code *find_counterpart(const struct code *c, const struct code *other)
{
    if (c->kind == other->kind && same_identifier(c, other))
        return other;
    for (size_t i = 0; i < other->child_count; i++) {
        const struct code *found = find_counterpart(c, other->children[i]);
        if (found)
            return found;
    }
    return NULL;
}

const struct code *code_counterpart(const struct code *c, const struct code *other)
{
    const struct code *outer;

    if (!other || !c)
        return NULL;
    if (!c->parent)
        return other;
    outer = code_counterpart(c->parent, other);
    for (size_t i = 0; outer && i < outer->child_count; i++)
        if (strcmp(code_path_inside(outer->children[i]), code_path_inside(c)) == 0)
            return outer->children[i];
    return find_counterpart(c, other);
}

/* -- names and places */

const char *code_kind_word(const struct code *c)
{
    static const char *const words[] = {
        [CODE_APP] = "app",       [CODE_APPEX] = "appex",   [CODE_SYSEXT] = "systemextension",
        [CODE_DEXT] = "dext",     [CODE_XPC] = "xpc",       [CODE_FRAMEWORK] = "framework",
        [CODE_BUNDLE] = "bundle", [CODE_PLUGIN] = "plugin", [CODE_KEXT] = "kext",
        [CODE_DYLIB] = "dylib",   [CODE_TOOL] = "tool",     [CODE_SCRIPT] = "script",
        [CODE_DATA] = "data",     [CODE_DMG] = "dmg",       [CODE_PKG] = "pkg",
        [CODE_ARCHIVE] = "zip"};

    return words[c->kind];
}

static struct answer read_kind(struct judging *j, const struct code *c)
{
    return text(j, code_kind_word(c));
}

static struct answer read_name(struct judging *j, const struct code *c)
{
    return text(j, c->name);
}

static struct answer read_path(struct judging *j, const struct code *c)
{
    return text(j, c->path);
}

static struct answer read_inside(struct judging *j, const struct code *c)
{
    return text(j, code_path_inside(c));
}

static struct answer read_identifier(struct judging *j, const struct code *c)
{
    return text(j, c->identifier);
}

static struct answer read_code_identifier(struct judging *j, const struct code *c)
{
    return text(j, c->code_identifier);
}

static struct answer read_called(struct judging *j, const struct code *c)
{
    return text(j, code_log_name(c));
}

static struct answer read_version(struct judging *j, const struct code *c)
{
    return text(j, c->version);
}

static struct answer read_executable(struct judging *j, const struct code *c)
{
    return text(j, c->executable ? path_base(c->executable) : NULL);
}

/* -- what is signed */

static struct answer read_info(struct judging *j, const struct code *c)
{
    (void)j;
    return known(c->info);
}

static struct answer read_info_section(struct judging *j, const struct code *c)
{
    const struct slice *s = main_slice(c);

    (void)j;
    return known(s ? s->info_section : NULL);
}

static struct answer read_launchd_section(struct judging *j, const struct code *c)
{
    const struct slice *s = main_slice(c);

    (void)j;
    return known(s ? s->launchd_section : NULL);
}

static struct answer read_entitlements(struct judging *j, const struct code *c)
{
    (void)j;
    return known(code_claims(c));
}

static struct answer read_profile(struct judging *j, const struct code *c)
{
    (void)j;
    return known(c->profile ? c->profile->plist : NULL);
}

static struct answer read_profile_kind(struct judging *j, const struct code *c)
{
    const struct value *p = c->profile ? c->profile->plist : NULL;
    const struct value *devices = value_get(p, "ProvisionedDevices");
    const char *kind = "app-store";

    if (!p)
        return known(NULL);
    if (value_is_true(value_get(p, "ProvisionsAllDevices")))
        kind = "developer-id";
    else if (devices)
        kind = "development";
    return text(j, kind);
}

const char *code_signer_word(const struct code *c)
{
    static const char *const words[] = {[SIGNER_NONE] = "none",
                                        [SIGNER_ADHOC] = "adhoc",
                                        [SIGNER_APPLE] = "apple",
                                        [SIGNER_MAC_APP_STORE] = "mac-app-store",
                                        [SIGNER_TESTFLIGHT] = "testflight",
                                        [SIGNER_DEVELOPER_ID] = "developer-id",
                                        [SIGNER_DEVELOPER_ID_INSTALLER] = "developer-id-installer",
                                        [SIGNER_DEVELOPER_ID_KEXT] = "developer-id-kext",
                                        [SIGNER_APPLE_DEVELOPMENT] = "apple-development",
                                        [SIGNER_MAC_DEVELOPMENT] = "mac-development",
                                        [SIGNER_APPLE_DISTRIBUTION] = "apple-distribution",
                                        [SIGNER_ENTERPRISE] = "enterprise",
                                        [SIGNER_APPLE_OTHER] = "apple-other",
                                        [SIGNER_SELF_SIGNED] = "self-signed",
                                        [SIGNER_THIRD_PARTY] = "third-party"};
    const struct signature *sig = code_signature(c);

    if (!sig || !sig->present)
        return "none";
    return sig->adhoc ? "adhoc" : words[sig->signer];
}

static struct answer read_signer(struct judging *j, const struct code *c)
{
    return text(j, code_signer_word(c));
}

static struct answer read_channel(struct judging *j, const struct code *c)
{
    static const struct {
        const char *signer, *channel;
    } rows[] = {{"developer-id", "developer-id"},
                {"developer-id-kext", "developer-id"},
                {"mac-app-store", "store"},
                {"testflight", "testflight"},
                {"apple-development", "development"},
                {"mac-development", "development"},
                {"apple-distribution", "upload"},
                {"enterprise", "enterprise"},
                {"apple", "apple"}};
    const char *word = code_signer_word(c);

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].signer, word) == 0)
            return text(j, rows[i].channel);
    return text(j, "other");
}

static struct answer read_team(struct judging *j, const struct code *c)
{
    return text(j, code_team(c));
}

static struct answer read_authority(struct judging *j, const struct code *c)
{
    const struct signature *sig = code_signature(c);

    return text(j, sig && sig->chain_count ? sig->chain[0]->common_name : NULL);
}

static struct answer read_flags(struct judging *j, const struct code *c)
{
    static const struct {
        uint32_t bit;
        const char *word;
    } rows[] = {{CD_FLAG_RUNTIME, "hardened-runtime"},
                {CD_FLAG_LIBRARY_VALIDATION, "library-validation"},
                {CD_FLAG_ADHOC, "adhoc"},
                {CD_FLAG_LINKER_SIGNED, "linker-signed"}};
    const struct signature *sig = code_signature(c);
    struct value *list = value_array(j->a);

    for (size_t i = 0; sig && sig->chosen && i < sizeof rows / sizeof *rows; i++)
        if (sig->chosen->flags & rows[i].bit)
            value_append(j->a, list, value_string(j->a, rows[i].word));
    return known(list);
}

static struct answer read_valid(struct judging *j, const struct code *c)
{
    return flag(j, c->static_valid);
}

static struct answer read_denied(struct judging *j, const struct code *c)
{
    return flag(j, judging_denied(j, c));
}

static struct answer read_requirement_text(struct judging *j, const struct code *c)
{
    const struct signature *sig = code_signature(c);

    return text(j, sig ? sig->dr_text : NULL);
}

/* -- what is built */

static struct answer read_platform(struct judging *j, const struct code *c)
{
    const struct slice *s = main_slice(c);
    uint32_t platform = s ? s->platform : 0;
    static const char *const words[] = {NULL,        "macos",    "ios",     "tvos", "watchos",
                                        "bridgeos",  "catalyst", "ios",     "tvos", "watchos",
                                        "driverkit", "visionos", "visionos"};

    if (c->kind == CODE_DEXT)
        return text(j, "driverkit");
    if (platform == 0)
        return text(j, "macos"); /* binaries from before the load command are the Mac's */
    return text(j, platform < sizeof words / sizeof *words ? words[platform] : NULL);
}

static struct answer read_minos(struct judging *j, const struct code *c)
{
    const struct slice *s = main_slice(c);
    const char *declared = value_get_cstr(c->info, "LSMinimumSystemVersion");
    uint32_t built = s ? s->minos : 0, wanted = 0;

    if (declared && macos_parse(declared, &wanted) && wanted > built)
        built = wanted;
    return text(j, built ? macos_text(j->a, built) : NULL);
}

static struct answer read_sdk(struct judging *j, const struct code *c)
{
    const struct slice *s = main_slice(c);

    return text(j, s && s->sdk ? macos_text(j->a, s->sdk) : NULL);
}

static struct answer read_arch(struct judging *j, const struct code *c)
{
    const struct slice *s = main_slice(c);

    return text(j, s && *s->arch ? s->arch : NULL);
}

static struct answer read_executable_code(struct judging *j, const struct code *c)
{
    return flag(j, c->is_main_executable);
}

static struct answer read_code_place(struct judging *j, const struct code *c)
{
    return flag(j, c->in_code_place);
}

static struct answer names(struct judging *j, const struct name_vec *v)
{
    struct value *list = value_array(j->a);

    for (size_t i = 0; i < v->n; i++)
        value_append(j->a, list, value_string(j->a, v->at[i]));
    return known(list);
}

static struct answer read_classes(struct judging *j, const struct code *c)
{
    const struct slice *s = main_slice(c);

    return s ? names(j, &s->classes) : known(NULL);
}

static struct answer read_imports(struct judging *j, const struct code *c)
{
    const struct slice *s = main_slice(c);

    return s ? names(j, &s->imports) : known(NULL);
}

static struct answer read_links(struct judging *j, const struct code *c)
{
    const struct slice *s = main_slice(c);
    struct value *list = value_array(j->a);

    for (size_t i = 0; s && i < s->links.n; i++)
        value_append(j->a, list, value_string(j->a, s->links.at[i].name));
    return known(list);
}

static struct answer read_quarantined(struct judging *j, const struct code *c)
{
    return flag(j, c->quarantined);
}

/* -- what is made of several facts (rule_facts_more.c) */

static struct answer read_files(struct judging *j, const struct code *c)
{
    return known(facts_files(j->a, c));
}

static struct answer read_providers(struct judging *j, const struct code *c)
{
    return known(facts_providers(j->a, c));
}

static struct answer read_packaging(struct judging *j, const struct code *c)
{
    const char *kind = code_kind_word(c);

    return text(j, c->kind == CODE_SYSEXT ? "sysext" : kind);
}

static struct answer read_category(struct judging *j, const struct code *c)
{
    const char *category = NULL;

    if (c->kind == CODE_DEXT)
        category = "driver_extension";
    else if (c->kind != CODE_SYSEXT)
        category = NULL;
    else if (value_get(c->info, "NetworkExtension") ||
             code_claim(c, "com.apple.developer.networking.networkextension"))
        category = "network_extension";
    else if (value_get(c->info, "CMIOExtension"))
        category = "cmio";
    else if (code_claim(c, "com.apple.developer.endpoint-security.client") ||
             value_get(c->info, "NSEndpointSecurityEarlyBoot"))
        category = "endpoint_security";
    return text(j, category);
}

static struct answer read_cdhash(struct judging *j, const struct code *c)
{
    const struct signature *sig = code_signature(c);

    return text(j, sig && sig->chosen ? bytes_hex(j->a, bytes_of(sig->chosen->cdhash, 20)) : NULL);
}

static struct answer read_requirements(struct judging *j, const struct code *c)
{
    return known(facts_requirements(j->a, c));
}

static struct answer read_scripts(struct judging *j, const struct code *c)
{
    return known(facts_scripts(j->a, c));
}

/* -- the imagined Mac */

static struct answer read_macos(struct judging *j, const struct code *c)
{
    (void)c;
    return text(j, macos_text(j->a, j->host->macos));
}

static struct answer read_host_arch(struct judging *j, const struct code *c)
{
    (void)c;
    return text(j, j->host->arch);
}

static struct answer read_sip(struct judging *j, const struct code *c)
{
    (void)c;
    return flag(j, j->host->sip);
}

static struct answer read_developer_mode(struct judging *j, const struct code *c)
{
    (void)c;
    return flag(j, j->host->developer_mode);
}

static struct answer read_launched_by(struct judging *j, const struct code *c)
{
    static const char *const words[] = {"finder", "terminal", "xcode", "launchd", "updater"};

    (void)c;
    return text(j, words[j->host->launched_by]);
}

static struct answer read_quarantine(struct judging *j, const struct code *c)
{
    (void)c;
    return flag(j, j->host->quarantine);
}

static struct answer read_location(struct judging *j, const struct code *c)
{
    (void)c;
    return text(j, j->host->location);
}

static struct answer read_notarized(struct judging *j, const struct code *c)
{
    for (const struct code *at = c; at; at = at->parent)
        if (at->ticket.present && at->ticket.valid && at->ticket.lists_this)
            return flag(j, true);
    return asked(j, j->host->notarized);
}

static struct answer read_approved(struct judging *j, const struct code *c)
{
    (void)c;
    return asked(j, j->host->user_approved);
}

static struct answer read_mdm(struct judging *j, const struct code *c)
{
    (void)c;
    return asked(j, j->host->mdm_allows);
}

static struct answer read_copies(struct judging *j, const struct code *c)
{
    struct value *list = facts_copies(j->a, j->host, c);

    if (!j->host->installed_known)
        return (struct answer){.state = ANSWER_UNKNOWN};
    return known(list);
}

/* -- the table */

static const struct rule_fact rows[] = {
#define CODE(id, fact, what)       {.name = fact, .read = read_##id, .is_code = true, .about = what},
#define FACT(id, fact, what)       {.name = fact, .read = read_##id, .about = what},
#define WORD(id, fact, list, what) {.name = fact, .read = read_##id, .words = list, .about = what},
#define FLAG(id, fact, what)       {.name = fact, .read = read_##id, .is_flag = true, .about = what},
#define ASKED(id, fact, question, stands, what) \
    {.name = fact, .read = read_##id, .ask = question, .blocks = stands, .about = what},
#include "policy/rule_facts.def"
#undef CODE
#undef FACT
#undef WORD
#undef FLAG
#undef ASKED
};

size_t rule_fact_count(void)
{
    return sizeof rows / sizeof *rows;
}

const struct rule_fact *rule_fact_at(size_t i)
{
    return &rows[i];
}

size_t rule_fact_find(const char *name)
{
    size_t i = 0;

    while (i < rule_fact_count() && strcmp(rows[i].name, name) != 0)
        i++;
    return i;
}
