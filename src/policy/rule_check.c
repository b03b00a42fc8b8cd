/* SPDX-License-Identifier: Apache-2.0 */
/* Rule checks: the functions behind rule_checks.def. */
#include "policy/rule_check.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"
#include "policy/match.h"

static void say(struct rule_scope *s, const char *key, const char *text)
{
    value_set(s->j->a, s->said, key, value_string(s->j->a, text));
}

/* -- classes (NE-10, NE-11) */

/* "Module.Class" as the Swift compiler registers it: _TtC6Module5Class. */
static const char *swift_name(struct arena *a, const char *class)
{
    const char *dot = strchr(class, '.');

    if (!dot)
        return class;
    return arena_printf(a, "_TtC%zu%.*s%zu%s", (size_t)(dot - class), (int)(dot - class), class,
                        strlen(dot + 1), dot + 1);
}

/* An executable that names no class at all was not built to be asked. */
enum verdict check_class_present(struct rule_scope *s, const struct code *c)
{
    const struct slice *slice = code_main_slice(c);
    const char *class = value_get_cstr(s->item, "class");
    const char *swift;

    if (!class || !*class)
        return VERDICT_NO;
    if (!slice || slice->classes.n == 0)
        return VERDICT_YES;
    swift = swift_name(s->j->a, class);
    for (size_t i = 0; i < slice->classes.n; i++)
        if (strcmp(slice->classes.at[i], class) == 0 || strcmp(slice->classes.at[i], swift) == 0)
            return VERDICT_YES;
    return VERDICT_NO;
}

/* -- app groups (AG-02, SX-09, NE-12) */

#define GROUPS_KEY "com.apple.security.application-groups"

static bool has_team_prefix(const struct code *c, const char *group)
{
    const char *team = code_team(c);
    size_t n = team ? strlen(team) : 0;

    return n && strncmp(group, team, n) == 0 && group[n] == '.';
}

/* Whether AMFI found the profile of C unfit, so that it authorises nothing. */
static bool profile_is_unfit(const struct judging *j, const struct code *c)
{
    static const enum finding_id faults[] = {
        FINDING_AMFI_PROFILE_FORMAT,   FINDING_AMFI_PROFILE_SIGNATURE,
        FINDING_AMFI_PROFILE_SIGNER,   FINDING_AMFI_PROFILE_CERT_INVALID,
        FINDING_AMFI_PROFILE_PLATFORM, FINDING_AMFI_PROFILE_STORE,
        FINDING_AMFI_PROFILE_DEVICE,   FINDING_AMFI_PROFILE_EXPIRED,
        FINDING_AMFI_PROFILE_CERT,     FINDING_AMFI_PROFILE_TEAM,
        FINDING_AMFI_PROFILE_APPID,
    };

    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        if (judging_found(j, faults[i], c))
            return true;
    return false;
}

static bool is_listed(struct rule_scope *s, const struct code *c, const struct value *group)
{
    const struct value *profile = c->profile ? c->profile->plist : NULL;
    const struct value *grant = value_get(value_get(profile, "Entitlements"), GROUPS_KEY);

    return grant && !profile_is_unfit(s->j, c) &&
           match_value(s->j->a, &s->j->switches, group, grant).covered;
}

static bool is_authorised(struct rule_scope *s, const struct code *c, const struct value *group)
{
    const char *signer = code_signer_word(c);
    bool by_testflight =
        strcmp(signer, "testflight") == 0 && s->j->host->macos >= MACOS(15, 1, 0); /* §4.6 */

    if (by_testflight || strcmp(signer, "mac-app-store") == 0 || strcmp(signer, "apple") == 0)
        return true;
    return has_team_prefix(c, value_cstr(group)) || is_listed(s, c, group);
}

/* said.groups: those that FITS does not let pass. */
static enum verdict check_groups(struct rule_scope *s, const struct code *c,
                                 bool (*fits)(struct rule_scope *s, const struct code *c,
                                              const struct value *group))
{
    const struct value *groups = code_claim(c, GROUPS_KEY);
    struct buf b = {.arena = s->j->a};

    for (size_t i = 0; value_is(groups, VALUE_ARRAY) && i < groups->count; i++) {
        const struct value *group = groups->items[i];
        if (!value_cstr(group) || fits(s, c, group))
            continue;
        buf_printf(&b, "%s%s", b.n ? ", " : "", value_cstr(group));
    }
    say(s, "groups", buf_cstr(&b));
    return verdict_of(b.n == 0);
}

enum verdict check_groups_authorised(struct rule_scope *s, const struct code *c)
{
    return check_groups(s, c, is_authorised);
}

enum verdict check_groups_listed(struct rule_scope *s, const struct code *c)
{
    return check_groups(s, c, is_listed);
}

/* -- drivers (DK-02, DK-05) */

static bool value_covers(struct arena *a, const struct value *grant, const struct value *wanted)
{
    if (value_is(grant, VALUE_STRING) && value_cstr(grant)[0] == '*')
        return true;
    if (value_equal(grant, wanted))
        return true;
    return strcasecmp(value_text(a, grant), value_text(a, wanted)) == 0;
}

/* Each key that entitlement and personality share must agree; idVendor and the PCI match are what is compared. */
static bool dict_covers(struct arena *a, const struct value *grant, const struct value *personality)
{
    static const char *const keys[] = {"idVendor", "IOPCIPrimaryMatch", "IOPCIMatch"};

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const struct value *wanted = value_get(personality, keys[i]);
        const struct value *given = value_get(grant, keys[i]);
        if (wanted && given && !value_covers(a, given, wanted))
            return false;
    }
    return true;
}

enum verdict check_driver_values(struct rule_scope *s, const struct code *c)
{
    const struct value *claim = code_claim(c, value_get_cstr(s->row, "entitlement"));
    const struct value *personality = value_get(s->item, "value");

    if (!value_is(claim, VALUE_ARRAY))
        return VERDICT_YES;
    say(s, "claim", value_text(s->j->a, claim));
    for (size_t i = 0; i < claim->count; i++)
        if (dict_covers(s->j->a, claim->items[i], personality))
            return VERDICT_YES;
    return VERDICT_NO;
}

/* Up to MAX digits; false when there are none or more. */
static bool skip_digits(const char **at, size_t max)
{
    size_t n = 0;

    while (isdigit((unsigned char)(*at)[n]))
        n++;
    *at += n;
    return n > 0 && n <= max;
}

/* NNNN[.NN[.NN]], then perhaps a stage (d, a, b, f, fc) and its number. */
enum verdict check_kext_version(struct rule_scope *s, const struct code *c)
{
    const char *at = c->version;

    (void)s;
    if (!at || !skip_digits(&at, 4))
        return VERDICT_NO;
    for (int part = 0; part < 2 && *at == '.'; part++) {
        at++;
        if (!skip_digits(&at, 2))
            return VERDICT_NO;
    }
    if (*at && strchr("dabf", *at)) {
        at += at[0] == 'f' && at[1] == 'c' ? 2 : 1;
        if (!skip_digits(&at, 3))
            return VERDICT_NO;
    }
    return verdict_of(*at == '\0');
}

/* -- entitlements of nested code (PK-06) */

/* Claims that app and extension rightly share, so that equality of these alone tells nothing. */
static bool is_shared_key(struct bytes key)
{
    static const char *const keys[] = {"com.apple.security.app-sandbox", GROUPS_KEY,
                                       "com.apple.developer.networking.networkextension",
                                       "com.apple.developer.team-identifier",
                                       "keychain-access-groups"};

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (bytes_is(key, keys[i]))
            return true;
    return false;
}

/* Entitlements whose equality is no coincidence: something of the app's own, or no sandbox. */
static bool is_telling(const struct value *claims)
{
    for (size_t i = 0; i < claims->count; i++)
        if (!is_shared_key(claims->keys[i].name))
            return true;
    return claims->count > 0 && !value_get(claims, "com.apple.security.app-sandbox");
}

enum verdict check_entitlements_copied(struct rule_scope *s, const struct code *c)
{
    const struct value *own = code_claims(c);
    const struct code *app = c->parent;

    (void)s;
    while (app && app->kind != CODE_APP)
        app = app->parent;
    return verdict_of(app && own && is_telling(own) && value_equal(own, code_claims(app)));
}

/* -- jobs (SA-02) */

static bool has_code_at(const struct code *c, const char *path)
{
    const char *rest = path_relative(path, c->path);

    if (rest && c->executable && strcmp(c->executable, path) == 0)
        return true;
    if (strcmp(c->path, path) == 0)
        return true;
    for (size_t i = 0; i < c->child_count; i++)
        if (has_code_at(c->children[i], path))
            return true;
    return false;
}

enum verdict check_bundle_program(struct rule_scope *s, const struct code *c)
{
    const char *program = value_get_cstr(value_get(s->item, "plist"), "BundleProgram");

    if (!program)
        return VERDICT_YES;
    for (size_t i = 0; i < c->plain.n; i++)
        if (strcmp(c->plain.at[i].path, program) == 0)
            return VERDICT_YES;
    return verdict_of(has_code_at(c, path_join(s->j->a, c->path, program)));
}

enum verdict check_unknowable(struct rule_scope *s, const struct code *c)
{
    (void)s;
    (void)c;
    return VERDICT_UNDECIDED;
}

/* -- the table */

static const struct rule_check rows[] = {
#define CHECK(id, name, about) {name, check_##id, about},
#include "policy/rule_checks.def"
#undef CHECK
};
#define ROW_COUNT (sizeof rows / sizeof *rows)

const struct rule_check *rule_check_find(const char *name)
{
    for (size_t i = 0; i < ROW_COUNT; i++)
        if (strcmp(rows[i].name, name) == 0)
            return &rows[i];
    return NULL;
}

const char *rule_check_suggest(const char *name)
{
    const char *words[ROW_COUNT];

    for (size_t i = 0; i < ROW_COUNT; i++)
        words[i] = rows[i].name;
    return text_suggest(name, words, ROW_COUNT);
}

size_t rule_check_count(void)
{
    return ROW_COUNT;
}

const struct rule_check *rule_check_at(size_t i)
{
    return &rows[i];
}
