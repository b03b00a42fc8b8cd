/* SPDX-License-Identifier: Apache-2.0 */
/* Repair words: what the {words} of repair.def stand for. A word without an answer makes a way none. */
#include <ctype.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"
#include "policy/fit.h"
#include "policy/judging.h"
#include "policy/repair_ways.h"
#include "policy/rule_fact.h"
#include "policy/signer_facts.h"

/* -- other code */

const struct code *plan_app(const struct plan *p)
{
    for (const struct code *c = p->c; c; c = c->parent)
        if (c->kind == CODE_APP)
            return c;
    return NULL;
}

/* What maps a library: the innermost main executable around it. */
const struct code *plan_process(const struct plan *p)
{
    for (const struct code *c = p->c->parent; c; c = c->parent)
        if (c->is_main_executable)
            return c;
    return NULL;
}

const struct code *plan_old(const struct plan *p)
{
    return p->in->replaces ? code_counterpart(p->c, p->in->replaces) : NULL;
}

static const char *word_app_name(const struct plan *p)
{
    const struct code *app = plan_app(p);

    return app ? app->name : NULL;
}

static const char *word_app_id(const struct plan *p)
{
    const struct code *app = plan_app(p);

    return app ? app->identifier : NULL;
}

static const char *word_process_name(const struct plan *p)
{
    const struct code *process = plan_process(p);

    return process ? process->name : NULL;
}

static const char *word_top_name(const struct plan *p)
{
    return code_top(p->c)->name;
}

static const char *word_old_id(const struct plan *p)
{
    const struct code *old = plan_old(p);

    return old ? old->code_identifier : NULL;
}

/* -- signers */

/* "developer-id/TEAM" of C's signature; "adhoc"; NULL when nobody can be asked to sign so. */
static const char *signer_text(const struct plan *p, const struct code *c)
{
    const struct signature *sig = c ? code_signature(c) : NULL;

    if (!sig || !sig->present)
        return NULL;
    if (sig->adhoc)
        return "adhoc";
    if (!sig->chain_count || strcmp(signer_kind_word(sig->signer), "other") == 0)
        return NULL;
    if (!signer_has_team(sig->signer) || !code_team(c))
        return signer_kind_word(sig->signer);
    return arena_printf(p->a, "%s/%s", signer_kind_word(sig->signer), code_team(c));
}

/* The first below C, and C, whose signer has a team. */
static const char *team_signer_below(const struct plan *p, const struct code *c)
{
    const char *text = c == p->c ? NULL : signer_text(p, c);

    if (text && strchr(text, '/'))
        return text;
    text = NULL;
    for (size_t i = 0; !text && i < c->child_count; i++)
        text = team_signer_below(p, c->children[i]);
    return text;
}

/* Who signs what is around C, else the rest of the item; C's own profile tells its kind when nobody does. */
static const char *word_signer(const struct plan *p)
{
    const char *text = NULL;

    for (const struct code *c = p->c->parent; c && !text; c = c->parent)
        text = signer_text(p, c);
    if (!text || strcmp(text, "adhoc") == 0) {
        const char *other = team_signer_below(p, code_top(p->c));

        text = other ? other : text;
    }
    return text;
}

static const char *word_self_signer(const struct plan *p)
{
    return signer_text(p, p->c);
}

static const char *word_app_signer(const struct plan *p)
{
    return signer_text(p, plan_app(p));
}

static const char *word_process_signer(const struct plan *p)
{
    return signer_text(p, plan_process(p));
}

static const char *word_top_signer(const struct plan *p)
{
    return signer_text(p, p->in->tops[0]);
}

static const char *word_old_signer(const struct plan *p)
{
    return signer_text(p, plan_old(p));
}

/* -- the code itself */

static const char *word_name(const struct plan *p)
{
    return p->c->name;
}

static const char *word_path(const struct plan *p)
{
    return p->c->path;
}

static const char *word_id(const struct plan *p)
{
    return p->c->identifier ? p->c->identifier : p->c->code_identifier;
}

static const char *word_team(const struct plan *p)
{
    return code_team(p->c);
}

static const char *word_ext(const struct plan *p)
{
    return p->c->kind == CODE_DEXT ? "dext" : "systemextension";
}

/* The last part of the identifier, which a new prefix is put before. */
static const char *word_last(const struct plan *p)
{
    const char *id = word_id(p), *dot;

    if (!id)
        return NULL;
    dot = strrchr(id, '.');
    return dot ? dot + 1 : id;
}

static const char *word_macos(const struct plan *p)
{
    return macos_text(p->a, p->in->host->macos);
}

static const char *word_minos(const struct plan *p)
{
    const struct slice *slice = p->c->slice_count ? &p->c->slices[p->c->main_slice] : NULL;
    const char *declared = value_get_cstr(p->c->info, "LSMinimumSystemVersion");
    uint32_t version = slice ? slice->minos : 0, wanted;

    if (declared && macos_parse(declared, &wanted) && wanted > version)
        version = wanted;
    return version ? macos_text(p->a, version) : NULL;
}

/* The version with its last number one higher. */
static const char *word_next_version(const struct plan *p)
{
    const struct code *old = plan_old(p);
    const char *version = old && old->version ? old->version : p->c->version, *last;
    unsigned number = 0;

    if (!version || !*version)
        return "2";
    last = strchr(version, '\0');
    while (last > version && isdigit((unsigned char)last[-1]))
        last--;
    for (const char *d = last; *d && number < 100000000; d++)
        number = number * 10 + (unsigned)(*d - '0');
    return arena_printf(p->a, "%.*s%u", (int)(last - version), version, number + 1);
}

static const char *word_usage_key(const struct plan *p)
{
    return p->c->kind == CODE_DEXT ? "OSBundleUsageDescription"
                                   : "NSSystemExtensionUsageDescription";
}

static const char *word_package_type(const struct plan *p)
{
    return p->c->kind == CODE_DEXT ? "DEXT" : "SYSX";
}

/* The first key of Apple's in TEXT; NULL when there is none. */
static const char *key_in(const struct plan *p, const char *text)
{
    const char *key = text ? strstr(text, "com.apple.") : NULL;
    size_t n = 0;

    while (key && (isalnum((unsigned char)key[n]) || key[n] == '.' || key[n] == '-'))
        n++;
    while (n && key[n - 1] == '.')
        n--;
    return n ? arena_strndup(p->a, key, n) : NULL;
}

/* The entitlement that the finding is about: what its fix names is what is wanted. */
static const char *word_key(const struct plan *p)
{
    const char *key = key_in(p, p->finding->fix);

    return key ? key : key_in(p, p->finding->detail);
}

/* -- Network Extension */

static const char *word_ne_plain(const struct plan *p)
{
    const struct value *v = code_claim(p->c, KEY_NE);

    return v ? value_text(p->a, ne_values(p->a, v, false)) : NULL;
}

/* The values of the providers inside the app. */
static const char *word_ne_inside(const struct plan *p)
{
    const struct code *app = plan_app(p);

    for (size_t i = 0; app && i < app->child_count; i++)
        if (code_claim(app->children[i], KEY_NE))
            return value_text(p->a, code_claim(app->children[i], KEY_NE));
    return NULL;
}

/* -- filling */

static const struct {
    const char *name;
    const char *(*answer)(const struct plan *p);
} words[] = {
#define WORD(name, function) {name, word_##function},
#include "policy/repair_words.def"
#undef WORD
};

static const char *answer(const struct plan *p, const char *name, size_t n)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strlen(words[i].name) == n && memcmp(words[i].name, name, n) == 0)
            return words[i].answer(p);
    return NULL;
}

const char *plan_fill(const struct plan *p, const char *text)
{
    struct buf out = {.arena = p->a};

    for (const char *brace; (brace = strchr(text, '{')); text = strchr(brace, '}') + 1) {
        const char *filling = answer(p, brace + 1, strcspn(brace + 1, "}"));

        if (!filling)
            return NULL;
        buf_printf(&out, "%.*s%s", (int)(brace - text), text, filling);
    }
    buf_str(&out, text);
    return buf_cstr(&out);
}
