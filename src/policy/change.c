/* SPDX-License-Identifier: Apache-2.0 */
/* Changes of places, signers and signatures: see change.h. */
#include "policy/change.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "policy/fit.h"
#include "policy/package.h"
#include "policy/relocate.h"
#include "policy/resign.h"

enum ds_status change_refuse(const struct change *ch, const char *why)
{
    const char *text = edit_text(ch->run->a, ch->edit);

    *ch->run->error =
        (struct value_error){.message = arena_printf(ch->run->a, "%s: %s", text, why)};
    return DS_PARSE;
}

void change_touch(struct applying *run, struct code *c)
{
    vec_push(run->a, &run->touched, c);
}

const char *edit_value_text(struct arena *a, const struct value *v)
{
    if (value_is(v, VALUE_STRING) || v->bytes.n)
        return bytes_cstr(a, v->bytes);
    if (value_is(v, VALUE_BOOL))
        return v->boolean ? "yes" : "no";
    return value_is(v, VALUE_INT) ? value_text(a, v) : NULL;
}

static bool is_word(const struct edit *e, const char *word)
{
    return e->value->bytes.n == strlen(word) && memcmp(e->value->bytes.p, word, strlen(word)) == 0;
}

/* -- where it lies */

enum ds_status change_remove(const struct change *ch)
{
    if (!ch->code->parent)
        return change_refuse(ch, "the top-level item cannot be removed");
    change_touch(ch->run, ch->code->parent);
    code_remove(ch->run->a, ch->code);
    return DS_OK;
}

enum ds_status change_package(const struct change *ch)
{
    const char *word = edit_value_text(ch->run->a, ch->edit->value);
    struct packed packed;

    if (!word || !package_as(ch->run->a, ch->code, word, ch->run->host, &packed))
        return change_refuse(ch, word ? packed.why : "a word is expected");
    ch->run->out->presumed = true;
    change_touch(ch->run, packed.provider);
    if (packed.app)
        change_touch(ch->run, packed.app);
    return DS_OK;
}

enum ds_status change_place(const struct change *ch)
{
    const char *place = edit_value_text(ch->run->a, ch->edit->value);

    if (!place || !ch->code->parent)
        return change_refuse(ch, "a path below the top-level item is expected");
    change_touch(ch->run, ch->code->parent);
    code_move(ch->run->a, ch->code, path_join(ch->run->a, code_top(ch->code)->path, place));
    change_touch(ch->run, ch->code->parent);
    return DS_OK;
}

enum ds_status change_name(const struct change *ch)
{
    const char *name = edit_value_text(ch->run->a, ch->edit->value);

    if (!name || strchr(name, '/'))
        return change_refuse(ch, "a file name is expected");
    code_rename(ch->run->a, ch->code, name);
    if (ch->code->parent)
        change_touch(ch->run, ch->code->parent);
    return DS_OK;
}

/* -- who signs, and as what */

static struct code *top_of(struct code *c)
{
    while (c->parent)
        c = c->parent;
    return c;
}

/* Of code that has slices. */
static const struct signature *main_signature(const struct code *c)
{
    return &c->slices[c->main_slice].sig;
}

/* After another signer: the claims that name its team, where they were made, and the values of its channel. */
static void follow_signer(const struct change *ch)
{
    if (code_claim(ch->code, KEY_APP_ID) || code_claim(ch->code, KEY_TEAM_ID))
        claim_identifiers(ch->run->a, ch->code);
}

static void sign_as(const struct change *ch, struct signer_choice *who)
{
    who->others = ch->run->out->in.replaces;
    ch->run->out->presumed |= resign_as(ch->run->a, ch->code, who, top_of(ch->code));
    follow_signer(ch);
    change_touch(ch->run, ch->code);
}

/* "KIND" or "KIND/TEAM" */
enum ds_status change_signer(const struct change *ch)
{
    struct arena *a = ch->run->a;
    const char *text = edit_value_text(a, ch->edit->value),
               *slash = text ? strchr(text, '/') : NULL;
    const char *word = slash ? arena_strndup(a, text, (size_t)(slash - text)) : text;
    struct signer_choice who = {0};

    if (!word || !signer_kind_find(word, &who.kind))
        return change_refuse(ch, arena_printf(a, "a signer is one of: %s", signer_kind_words(a)));
    if (!ch->code->slice_count)
        return change_refuse(ch, "there is nothing to sign");
    if (signer_has_team(who.kind))
        who.team = slash ? slash + 1 : team_known(ch->code);
    if (signer_has_team(who.kind) && !who.team)
        who.team = "YOURTEAM00"; /* ASSUMPTION(whatif-identity): nobody can know another */
    sign_as(ch, &who);
    return DS_OK;
}

enum ds_status change_team(const struct change *ch)
{
    const struct signature *sig = code_signature(ch->code);
    struct signer_choice who = {.kind = sig ? sig->signer : SIGNER_NONE,
                                .team = edit_value_text(ch->run->a, ch->edit->value)};

    if (!sig || !signer_has_team(who.kind))
        return change_refuse(ch, "its signer has no team; set signer as well");
    if (edit_is_null(ch->edit) || !who.team)
        return change_refuse(ch, "a team identifier is expected");
    sign_as(ch, &who);
    return DS_OK;
}

enum ds_status change_certificate(const struct change *ch)
{
    const struct signature *sig = code_signature(ch->code);
    struct signer_choice who = {.kind = sig ? sig->signer : SIGNER_NONE,
                                .team = code_team(ch->code),
                                .name = "New",
                                .fresh = true};

    if (!is_word(ch->edit, "new") || !sig || !sig->chain_count || !signer_has_team(who.kind))
        return change_refuse(ch, "new is expected, for code that is signed with a certificate");
    sign_as(ch, &who);
    return DS_OK;
}

static void set_code_identifier(const struct change *ch, const char *identifier)
{
    for (size_t i = 0; i < ch->code->slice_count; i++) {
        struct signature *sig = &ch->code->slices[i].sig;

        for (size_t k = 0; k < sig->directory_count; k++)
            sig->directories[k].identifier = identifier;
    }
    ch->code->code_identifier = main_signature(ch->code)->present ? identifier : NULL;
    follow_signer(ch);
    resign_requirement(ch->run->a, ch->code);
    change_touch(ch->run, ch->code);
}

enum ds_status change_code_identifier(const struct change *ch)
{
    const char *identifier = edit_value_text(ch->run->a, ch->edit->value);

    if (edit_is_null(ch->edit) || !identifier || !ch->code->slice_count)
        return change_refuse(ch, "an identifier is expected");
    set_code_identifier(ch, identifier);
    return DS_OK;
}

enum ds_status change_identifier(const struct change *ch)
{
    const char *identifier = edit_value_text(ch->run->a, ch->edit->value);

    if (edit_is_null(ch->edit) || !identifier || !ch->code->slice_count)
        return change_refuse(ch, "an identifier is expected");
    value_set(ch->run->a, change_info_dict(ch), "CFBundleIdentifier",
              value_string(ch->run->a, identifier));
    ch->code->identifier = identifier;
    set_code_identifier(ch, identifier);
    return DS_OK;
}

/* -- the signature's own */

static enum ds_status need_signature(const struct change *ch)
{
    const struct signature *sig = code_signature(ch->code);

    if (sig && sig->present && sig->chosen)
        return DS_OK;
    return change_refuse(ch, "it is not signed; set signer as well");
}

enum ds_status change_entitlement(const struct change *ch)
{
    enum ds_status status = need_signature(ch);

    if (status != DS_OK)
        return status;
    claim_set(ch->run->a, ch->code, ch->edit->name,
              edit_is_null(ch->edit) ? NULL : value_clone(ch->run->a, ch->edit->value));
    change_touch(ch->run, ch->code);
    return DS_OK;
}

enum ds_status change_constraint(const struct change *ch)
{
    static const char *const names[] = {"self", "parent", "responsible", "library"};
    size_t at = 0;

    while (at < 4 && strcmp(names[at], ch->edit->name) != 0)
        at++;
    if (at == 4)
        return change_refuse(ch, "the constraints are self, parent, responsible and library");
    for (size_t i = 0; i < ch->code->slice_count; i++) {
        struct signature *sig = &ch->code->slices[i].sig;

        sig->has_constraint[at] = !edit_is_null(ch->edit);
        sig->constraints[at] =
            edit_is_null(ch->edit) ? NULL : value_clone(ch->run->a, ch->edit->value);
    }
    change_touch(ch->run, ch->code);
    return DS_OK;
}

enum ds_status change_runtime(const struct change *ch)
{
    for (size_t i = 0; i < ch->code->slice_count; i++) {
        struct signature *sig = &ch->code->slices[i].sig;

        for (size_t k = 0; k < sig->directory_count; k++) {
            struct codedir *cd = &sig->directories[k];

            cd->flags =
                edit_is_yes(ch->edit) ? cd->flags | CD_FLAG_RUNTIME : cd->flags & ~CD_FLAG_RUNTIME;
        }
    }
    change_touch(ch->run, ch->code);
    return need_signature(ch);
}

enum ds_status change_timestamp(const struct change *ch)
{
    for (size_t i = 0; i < ch->code->slice_count; i++) {
        struct signature *sig = &ch->code->slices[i].sig;
        int64_t when = sig->signing_time == WHEN_NONE ? ch->run->host->date : sig->signing_time;

        sig->has_timestamp_token = edit_is_yes(ch->edit);
        sig->timestamp = edit_is_yes(ch->edit) ? when : WHEN_NONE;
    }
    change_touch(ch->run, ch->code);
    return need_signature(ch);
}

enum ds_status change_minos(const struct change *ch)
{
    const char *text = edit_value_text(ch->run->a, ch->edit->value);
    uint32_t version;

    if (!text || !macos_parse(text, &version))
        return change_refuse(ch, "a version such as 12.0 is expected");
    for (size_t i = 0; i < ch->code->slice_count; i++)
        ch->code->slices[i].minos = version;
    if (value_get(ch->code->info, "LSMinimumSystemVersion"))
        value_set(ch->run->a, change_info_dict(ch), "LSMinimumSystemVersion",
                  value_string(ch->run->a, text));
    change_touch(ch->run, ch->code);
    return DS_OK;
}

enum ds_status change_sign_again(const struct change *ch)
{
    bool can = false;

    for (size_t i = 0; i < ch->code->slice_count; i++)
        can |= signature_names_signer(&ch->code->slices[i].sig);
    if (!can)
        return change_refuse(ch, "its signature does not tell who signs; set signer instead");
    change_touch(ch->run, ch->code);
    return DS_OK;
}

enum ds_status change_profile(const struct change *ch)
{
    const char *why = NULL;

    change_touch(ch->run, ch->code);
    if (ch->edit->profile) {
        ch->code->profile = arena_copy(ch->run->a, ch->edit->profile, sizeof *ch->edit->profile);
        ch->code->profile->sealed = true;
        return DS_OK;
    }
    if (is_word(ch->edit, "none") || edit_is_null(ch->edit)) {
        ch->code->profile = NULL;
        return DS_OK;
    }
    if (!is_word(ch->edit, "matching"))
        return change_refuse(ch, "none, matching or a file is expected");
    if (!profile_fit(ch->run->a, ch->code, ch->run->host, &why))
        return change_refuse(ch, why);
    ch->run->out->presumed = true;
    return DS_OK;
}

/* -- what is not signed */

enum ds_status change_quarantined(const struct change *ch)
{
    ch->code->quarantined = edit_is_yes(ch->edit);
    ch->code->hard_quarantined &= edit_is_yes(ch->edit);
    for (size_t i = 0; i < ch->code->plain.n; i++)
        ch->code->plain.at[i].quarantined &= edit_is_yes(ch->edit);
    return DS_OK;
}

enum ds_status change_ticket(const struct change *ch)
{
    bool stapled = is_word(ch->edit, "stapled");

    ch->code->ticket = (struct ticket_facts){
        .present = stapled, .valid = stapled, .lists_this = stapled, .issued = ch->run->host->date};
    return DS_OK;
}
