/* SPDX-License-Identifier: Apache-2.0 */
/* Item: see item.h. Every default of case-format.md's `code` is here, but for Info.plist (bundle.c). */
#include "forge/item.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "forge/case_check.h"
#include "policy/entitlement.h"

#define APP_ID_KEY  "com.apple.application-identifier"
#define IOS_ID_KEY  "application-identifier"
#define TEAM_ID_KEY "com.apple.developer.team-identifier"

noreturn void forge_refuse(struct forge *f, const struct value *v, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    *f->error = (struct value_error){.message = arena_vprintf(f->a, fmt, ap)};
    va_end(ap);
    if (v)
        f->error->span = v->span;
    arena_fail(f->a, DS_PARSE);
}

void forge_wrote(struct forge *f, enum ds_status status, const char *path)
{
    if (status != DS_OK)
        forge_refuse(f, NULL, "%s cannot be put there: %s", path, status_text(status));
}

static const struct item_kind_row kind_rows[] = {
#define ITEM_KIND(id, word, suffixes, shape, filetype, type) \
    {word, suffixes, SHAPE_##shape, filetype, type},
#include "forge/kinds.def"
#undef ITEM_KIND
};

const struct item_kind_row *item_kind_row(enum item_kind kind)
{
    return &kind_rows[kind];
}

const char *item_text(struct forge *f, const struct value *spec, const char *key)
{
    return case_word(f->a, value_get(spec, key));
}

struct name_vec item_texts(struct forge *f, const struct value *spec, const char *key)
{
    const struct value *v = value_get(spec, key);
    struct name_vec out = {0};

    if (!value_is(v, VALUE_ARRAY)) {
        const char *word = case_word(f->a, v);
        if (word)
            vec_push(f->a, &out, word);
        return out;
    }
    for (size_t i = 0; i < v->count; i++) {
        const char *word = case_word(f->a, v->items[i]);
        if (word)
            vec_push(f->a, &out, word);
    }
    return out;
}

uint32_t item_version(struct forge *f, const struct value *v)
{
    const char *text = case_word(f->a, v);
    unsigned major = 0, minor = 0, patch = 0;

    if (!text || sscanf(text, "%u.%u.%u", &major, &minor, &patch) < 1 || major > 0xffff)
        forge_refuse(f, v, "'%s' is no version", text ? text : "");
    return major << 16 | (minor & 0xff) << 8 | (patch & 0xff);
}

bool item_is_main(const struct item *item)
{
    return item->row->filetype == FILETYPE_EXECUTE;
}

/* --- kind, place, names ----------------------------------------------------------------------------------- */

static bool has_suffix(const char *suffixes, const char *suffix)
{
    size_t n = strlen(suffix);

    for (const char *p = suffixes; n && (p = strstr(p, suffix)); p += n)
        if ((p == suffixes || p[-1] == ' ') && (p[n] == ' ' || p[n] == '\0'))
            return true;
    return false;
}

static enum item_kind kind_of(const char *word, const char *name)
{
    const char *suffix = path_extension(name);

    for (int i = 0; i < ITEM_KIND_COUNT; i++)
        if (word ? strcmp(kind_rows[i].word, word) == 0 : has_suffix(kind_rows[i].suffixes, suffix))
            return (enum item_kind)i;
    return ITEM_TOOL;
}

static uint32_t platform_of(struct forge *f, const struct item *item)
{
    const char *word = item_text(f, item->spec, "platform");
    static const struct {
        const char *word;
        uint32_t platform;
    } rows[] = {{"macos", PLATFORM_MACOS},
                {"ios", PLATFORM_IOS},
                {"catalyst", PLATFORM_CATALYST},
                {"driverkit", PLATFORM_DRIVERKIT}};
    for (size_t i = 0; word && i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].word, word) == 0)
            return rows[i].platform;
    if (item->kind == ITEM_DEXT)
        return PLATFORM_DRIVERKIT;
    /* What lies in a bundle is for its system; a Mac app may carry a driver, and a driver nothing. */
    return item->outer && item->outer->platform != PLATFORM_DRIVERKIT ? item->outer->platform
                                                                      : PLATFORM_MACOS;
}

/* Whether the case itself puts something into the folder Contents. */
static bool names_contents(const struct item *item)
{
    static const char *const keys[] = {"contains", "files"};

    for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
        const struct value *v = value_get(item->spec, keys[k]);

        for (size_t i = 0; value_is(v, VALUE_DICT) && i < v->count; i++)
            if (path_below((const char *)v->keys[i].name.p, "Contents"))
                return true;
    }
    return false;
}

/* What is built for another system lies flat, unless that would leave two layouts in one bundle. */
static enum item_layout layout_of(const struct item *item)
{
    if (item->row->shape != SHAPE_BUNDLE)
        return LAYOUT_FILE;
    if ((item->platform == PLATFORM_IOS || item->platform == PLATFORM_DRIVERKIT) &&
        !names_contents(item))
        return LAYOUT_FLAT;
    return item->kind == ITEM_FRAMEWORK ? LAYOUT_VERSIONS : LAYOUT_CONTENTS;
}

/* The name without what follows its last dot. */
static const char *stem(struct arena *a, const char *name)
{
    const char *suffix = path_extension(name);

    return *suffix ? arena_strndup(a, name, strlen(name) - strlen(suffix) - 1) : name;
}

static void place_parts(struct forge *f, struct item *item)
{
    struct arena *a = f->a;
    const char *in = item->platform == PLATFORM_IOS && item->layout == LAYOUT_FLAT
                         ? "embedded.mobileprovision"
                         : "embedded.provisionprofile";

    const char *executable = item->executable ? item->executable : "";

    item->base = item->path;
    item->exec_path = item->path;
    switch (item->layout) {
    case LAYOUT_CONTENTS:
        item->base = path_join(a, item->path, "Contents");
        item->exec_path = path_join(a, item->base, path_join(a, "MacOS", executable));
        item->info_path = path_join(a, item->base, "Info.plist");
        break;
    case LAYOUT_VERSIONS:
        item->version_dir = item->base = path_join(a, item->path, "Versions/A");
        item->exec_path = path_join(a, item->base, executable);
        item->info_path = path_join(a, item->base, "Resources/Info.plist");
        in = "Resources/embedded.provisionprofile";
        break;
    case LAYOUT_FLAT:
        item->exec_path = path_join(a, item->path, executable);
        item->info_path = path_join(a, item->path, "Info.plist");
        break;
    default: in = NULL;
    }
    if (!item->executable && item->info_path)
        item->exec_path = item->info_path;
    const char *at = item_text(f, item->spec, "profile-at");
    if (at)
        item->profile_path = path_join(a, item->path, at);
    else if (in)
        item->profile_path = path_join(a, item->base, in);
}

/* The identifier the linker or signer takes from a file name, roughly as §11.1 says. */
static const char *identifier_of_name(struct forge *f, const struct item *item)
{
    return stem(f->a, item->name);
}

static void name_item(struct forge *f, struct item *item)
{
    const char *identifier = item_text(f, item->spec, "identifier");
    const char *code = item_text(f, item->spec, "code-identifier");
    const char *section = item_text(f, value_get(item->spec, "info-section"), "CFBundleIdentifier");
    const char *executable = item_text(f, item->spec, "executable");

    item->executable = executable ? executable : stem(f->a, item->name);
    if (strcmp(item->executable, "none") == 0)
        item->executable = NULL;
    if (!identifier && section)
        identifier = section;
    if (!identifier)
        identifier = item->row->shape == SHAPE_BUNDLE
                         ? arena_printf(f->a, "com.example.%s", stem(f->a, item->name))
                         : identifier_of_name(f, item);
    item->identifier = identifier;
    item->code_identifier = code ? code : identifier;
}

/* --- signer ----------------------------------------------------------------------------------------------- */

struct identity *identity_find(struct forge *f, const char *name, const struct value *v)
{
    const char **names = arena_array(f->a, f->identities.n + 3, const char *);
    size_t n = 0;

    for (size_t i = 0; i < f->identities.n; i++) {
        if (strcmp(f->identities.at[i]->name, name) == 0)
            return f->identities.at[i];
        names[n++] = f->identities.at[i]->name;
    }
    names[n++] = "adhoc";
    names[n++] = "linker";
    names[n++] = "none";
    const char *near = text_suggest(name, names, n);
    *f->error = (struct value_error){arena_printf(f->a, "there is no signer '%s'", name), near,
                                     v ? v->span : (struct source_span){0}};
    arena_fail(f->a, DS_PARSE);
}

static void sign_item(struct forge *f, struct item *item)
{
    const struct value *v = value_get(item->spec, "signer");
    const char *word = case_word(f->a, v), *team = item_text(f, item->spec, "team");

    if (!word && item->outer) {
        item->mode = item->outer->mode == MODE_LINKER ? MODE_ADHOC : item->outer->mode;
        item->signer = item->outer->signer;
    } else if (!word) {
        item->mode = f->identities.n ? MODE_SIGNED : MODE_ADHOC;
        item->signer = f->identities.n ? f->identities.at[0] : NULL;
    } else if (strcmp(word, "adhoc") == 0) {
        item->mode = MODE_ADHOC;
    } else if (strcmp(word, "linker") == 0) {
        item->mode = MODE_LINKER;
    } else if (strcmp(word, "none") == 0) {
        item->mode = MODE_NONE;
    } else {
        item->mode = MODE_SIGNED;
        item->signer = identity_find(f, word, v);
    }
    if (!word && (item->kind == ITEM_DATA || item->row->shape == SHAPE_ARCHIVE))
        item->mode = MODE_NONE;
    if (item->mode != MODE_SIGNED)
        item->signer = NULL;
    /* A linker knows its output's name and no other (static-validation.md §11.3). */
    if (item->mode == MODE_LINKER && item->row->shape == SHAPE_BUNDLE && item->executable &&
        !value_get(item->spec, "code-identifier"))
        item->code_identifier = item->executable;
    item->team = team ? team : item->signer ? item->signer->team : NULL;
    if (item->team && strcmp(item->team, "none") == 0)
        item->team = NULL;
}

/* --- claims and profile ----------------------------------------------------------------------------------- */

/* A claim that only a profile can allow, or that one is looked at for (launch-policy.md §3.2). */
static bool needs_profile(struct forge *f, const struct value *claims)
{
    for (size_t i = 0; value_is(claims, VALUE_DICT) && i < claims->count; i++) {
        enum claim_class class =
            claim_classify((const char *)claims->keys[i].name.p, f->macos, true);

        if (claims->items[i]->type != VALUE_NULL &&
            (class == CLAIM_HARD || class == CLAIM_SOFT || class == CLAIM_WAIVED))
            return true;
    }
    return false;
}

static void choose_profile(struct forge *f, struct item *item)
{
    const struct value *v = value_get(item->spec, "profile");
    const char *name = case_word(f->a, v);

    if (value_is(v, VALUE_DICT)) {
        item->profile = v;
    } else if (name && strcmp(name, "none") != 0 && strcmp(name, "default") != 0) {
        item->profile = value_get(value_get(f->doc, "profiles"), name);
        if (!item->profile)
            forge_refuse(f, v, "there is no profile '%s'", name);
    } else if (!name || strcmp(name, "default") == 0) {
        item->default_profile = item->mode == MODE_SIGNED && item->profile_path &&
                                item_is_main(item) && identity_profile(item->signer) &&
                                needs_profile(f, value_get(item->spec, "entitlements"));
    }
}

static bool names_key(const struct value *dict, const char *key)
{
    return value_get(dict, key) != NULL;
}

static void add_claim(struct forge *f, struct value *claims, const char *key, const char *text)
{
    if (!names_key(claims, key))
        value_set(f->a, claims, key, value_string(f->a, text));
}

/* What a profile brings with it, as Xcode does; then the nulls of the case go. */
static void fill_claims(struct forge *f, struct item *item)
{
    const struct value *v = value_get(item->spec, "entitlements");
    struct value *claims = value_is(v, VALUE_DICT) ? value_clone(f->a, v) : value_dict(f->a);
    bool given = value_is(v, VALUE_DICT);

    if ((item->profile || item->default_profile) && item->signer && item->signer->team) {
        const char *app_id = arena_printf(f->a, "%s.%s", item->signer->team, item->identifier);

        if (item->platform == PLATFORM_IOS || item->platform == PLATFORM_CATALYST)
            add_claim(f, claims, IOS_ID_KEY, app_id);
        if (item->platform != PLATFORM_IOS)
            add_claim(f, claims, APP_ID_KEY, app_id);
        add_claim(f, claims, TEAM_ID_KEY, item->signer->team);
        given = true;
    }
    for (size_t i = claims->count; i-- > 0;)
        if (claims->items[i]->type == VALUE_NULL)
            value_remove(claims, (const char *)claims->keys[i].name.p);
    /* An empty dictionary that the case wrote is signed; one that only lost its defaults is not. */
    if (given && (claims->count > 0 || (value_is(v, VALUE_DICT) && v->count == 0)))
        item->claims = claims;
}

/* --- the tree --------------------------------------------------------------------------------------------- */

static const char *seed_of(struct forge *f, const struct item *item)
{
    return arena_printf(f->a, "%s/%s", item->path, item->identifier);
}

static void make_children(struct forge *f, struct item *item)
{
    const struct value *all = value_get(item->spec, "contains");

    for (size_t i = 0; value_is(all, VALUE_DICT) && i < all->count; i++) {
        const char *rest = (const char *)all->keys[i].name.p;

        if (value_is(all->items[i], VALUE_NULL))
            continue;
        if (item->row->shape == SHAPE_IMAGE || item->row->shape == SHAPE_FILE)
            forge_refuse(f, all, "a %s contains nothing", item->row->word);
        vec_push(f->a, &item->children,
                 item_make(f, path_normal(f->a, path_join(f->a, item->path, rest)), all->items[i],
                           item));
    }
}

struct item *item_make(struct forge *f, const char *path, const struct value *spec,
                       struct item *outer)
{
    struct item *item = arena_new_of(f->a, struct item);

    item->path = path;
    item->name = path_base(path);
    item->spec = spec;
    item->outer = outer;
    item->kind = kind_of(item_text(f, spec, "kind"), item->name);
    item->row = &kind_rows[item->kind];
    item->platform = platform_of(f, item);
    item->layout = layout_of(item);
    name_item(f, item);
    item->seed = seed_of(f, item);
    place_parts(f, item);
    sign_item(f, item);
    choose_profile(f, item);
    fill_claims(f, item);
    make_children(f, item);
    return item;
}

void item_change(struct forge *f, struct item *item, const struct value *spec)
{
    const char *identifier = item->identifier, *executable = item->executable;

    item->spec = spec;
    name_item(f, item);
    if (!value_get(spec, "identifier"))
        item->identifier = identifier;
    item->executable = executable;
    item->claims = NULL;
    item->default_profile = false;
    item->profile = NULL;
    item->cdhash = bytes_of(NULL, 0);
    item->cdhashes.n = 0;
    sign_item(f, item);
    choose_profile(f, item);
    fill_claims(f, item);
}

struct item *item_find(struct forge *f, const char *path)
{
    for (size_t i = f->items.n; i-- > 0;) {
        struct item *item = f->items.at[i];

        if (strcmp(item->path, path) == 0 || strcmp(item->exec_path, path) == 0 ||
            (item->version_dir && strcmp(item->version_dir, path) == 0))
            return item;
    }
    return NULL;
}
