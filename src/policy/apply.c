/* SPDX-License-Identifier: Apache-2.0 */
/* Apply: see apply.h. One function a row of edit.def. */
#include "policy/apply.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "policy/clone.h"
#include "policy/fit.h"
#include "policy/judging.h"
#include "policy/package.h"
#include "policy/relocate.h"
#include "policy/resign.h"

/* One edit of one object; NULL: of what lies at the edit's path when its turn comes. */
struct change {
    struct applying *run;
    const struct edit *edit;
    struct code *code;
};
struct change_vec VEC_OF(struct change);

/* One run of edits. */
struct applying {
    struct arena *a;
    struct edited *out;
    struct host *host;
    struct code_list touched; /* needs a new signature */
    struct change_vec changes;
    struct value_error *error;
};

static enum ds_status refuse(struct applying *run, const char *message)
{
    *run->error = (struct value_error){.message = message};
    return DS_PARSE;
}

static enum ds_status refuse_edit(const struct change *ch, const char *why)
{
    return refuse(ch->run,
                  arena_printf(ch->run->a, "%s: %s", edit_text(ch->run->a, ch->edit), why));
}

static void touch(struct applying *run, struct code *c)
{
    vec_push(run->a, &run->touched, c);
}

/* -- values of edits */

static bool is_null(const struct edit *e)
{
    return value_is(e->value, VALUE_NULL);
}

/* The text of a scalar as it was written, NULL for other values. */
static const char *text_of(struct arena *a, const struct value *v)
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

static bool is_yes(const struct edit *e)
{
    return value_is_true(e->value);
}

/* -- where it lies */

static enum ds_status edit_remove(const struct change *ch)
{
    if (!ch->code->parent)
        return refuse_edit(ch, "the top-level item cannot be removed");
    touch(ch->run, ch->code->parent);
    code_remove(ch->run->a, ch->code);
    return DS_OK;
}

static enum ds_status edit_package(const struct change *ch)
{
    const char *word = text_of(ch->run->a, ch->edit->value);
    struct packed packed;

    if (!word || !package_as(ch->run->a, ch->code, word, ch->run->host, &packed))
        return refuse_edit(ch, word ? packed.why : "a word is expected");
    ch->run->out->presumed = true;
    touch(ch->run, packed.provider);
    if (packed.app)
        touch(ch->run, packed.app);
    return DS_OK;
}

static enum ds_status edit_place(const struct change *ch)
{
    const char *place = text_of(ch->run->a, ch->edit->value);

    if (!place || !ch->code->parent)
        return refuse_edit(ch, "a path below the top-level item is expected");
    touch(ch->run, ch->code->parent);
    code_move(ch->run->a, ch->code, path_join(ch->run->a, code_top(ch->code)->path, place));
    touch(ch->run, ch->code->parent);
    return DS_OK;
}

static enum ds_status edit_name(const struct change *ch)
{
    const char *name = text_of(ch->run->a, ch->edit->value);

    if (!name || strchr(name, '/'))
        return refuse_edit(ch, "a file name is expected");
    code_rename(ch->run->a, ch->code, name);
    if (ch->code->parent)
        touch(ch->run, ch->code->parent);
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
    touch(ch->run, ch->code);
}

/* "KIND" or "KIND/TEAM" */
static enum ds_status edit_signer(const struct change *ch)
{
    struct arena *a = ch->run->a;
    const char *text = text_of(a, ch->edit->value), *slash = text ? strchr(text, '/') : NULL;
    const char *word = slash ? arena_strndup(a, text, (size_t)(slash - text)) : text;
    struct signer_choice who = {0};

    if (!word || !signer_kind_find(word, &who.kind))
        return refuse_edit(ch, arena_printf(a, "a signer is one of: %s", signer_kind_words(a)));
    if (!ch->code->slice_count)
        return refuse_edit(ch, "there is nothing to sign");
    if (signer_has_team(who.kind))
        who.team = slash ? slash + 1 : team_known(ch->code);
    if (signer_has_team(who.kind) && !who.team)
        who.team = "YOURTEAM00";
    sign_as(ch, &who);
    return DS_OK;
}

static enum ds_status edit_team(const struct change *ch)
{
    const struct signature *sig = code_signature(ch->code);
    struct signer_choice who = {.kind = sig ? sig->signer : SIGNER_NONE,
                                .team = text_of(ch->run->a, ch->edit->value)};

    if (!sig || !signer_has_team(who.kind))
        return refuse_edit(ch, "its signer has no team; set signer as well");
    if (is_null(ch->edit) || !who.team)
        return refuse_edit(ch, "a team identifier is expected");
    sign_as(ch, &who);
    return DS_OK;
}

static enum ds_status edit_certificate(const struct change *ch)
{
    const struct signature *sig = code_signature(ch->code);
    struct signer_choice who = {.kind = sig ? sig->signer : SIGNER_NONE,
                                .team = code_team(ch->code),
                                .name = "New",
                                .fresh = true};

    if (!is_word(ch->edit, "new") || !sig || !sig->chain_count || !signer_has_team(who.kind))
        return refuse_edit(ch, "new is expected, for code that is signed with a certificate");
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
    touch(ch->run, ch->code);
}

static enum ds_status edit_code_identifier(const struct change *ch)
{
    const char *identifier = text_of(ch->run->a, ch->edit->value);

    if (is_null(ch->edit) || !identifier || !ch->code->slice_count)
        return refuse_edit(ch, "an identifier is expected");
    set_code_identifier(ch, identifier);
    return DS_OK;
}

static struct value *own_info(const struct change *ch)
{
    struct code *c = ch->code;

    c->info = c->info ? value_clone(ch->run->a, c->info) : value_dict(ch->run->a);
    return c->info;
}

static enum ds_status edit_identifier(const struct change *ch)
{
    const char *identifier = text_of(ch->run->a, ch->edit->value);

    if (is_null(ch->edit) || !identifier || !ch->code->slice_count)
        return refuse_edit(ch, "an identifier is expected");
    value_set(ch->run->a, own_info(ch), "CFBundleIdentifier", value_string(ch->run->a, identifier));
    ch->code->identifier = identifier;
    set_code_identifier(ch, identifier);
    return DS_OK;
}

/* -- property lists */

/* VALUE as it belongs in the place of OLD: 8 is a text where a text stood. */
static struct value *in_place_of(struct arena *a, const struct value *old,
                                 const struct value *value)
{
    if (value_is(old, VALUE_STRING) && !value_is(value, VALUE_STRING) && value->bytes.n)
        return value_string_bytes(a, value->bytes);
    return value_clone(a, value);
}

/* Set the value at PARTS of DICT, making dictionaries on the way; null takes it away. */
static void set_deep(struct arena *a, struct value *dict, const struct name_vec *parts,
                     const struct value *value)
{
    for (size_t i = 0; i + 1 < parts->n; i++) {
        struct value *inner = value_get(dict, parts->at[i]);

        if (!value_is(inner, VALUE_DICT)) {
            inner = value_dict(a);
            value_set(a, dict, parts->at[i], inner);
        }
        dict = inner;
    }
    if (value_is(value, VALUE_NULL))
        value_remove(dict, parts->at[parts->n - 1]);
    else
        value_set(a, dict, parts->at[parts->n - 1],
                  in_place_of(a, value_get(dict, parts->at[parts->n - 1]), value));
}

/* The same in a copy of *PLIST, whose place it takes. */
static void set_key(const struct change *ch, struct value **plist)
{
    struct name_vec parts = {0};
    struct value *dict = *plist ? value_clone(ch->run->a, *plist) : value_dict(ch->run->a);

    edit_parts(ch->run->a, ch->edit->name, dict, &parts);
    set_deep(ch->run->a, dict, &parts, ch->edit->value);
    *plist = dict;
    touch(ch->run, ch->code);
}

static enum ds_status edit_info(const struct change *ch)
{
    struct code *c = ch->code;

    set_key(ch, &c->info);
    c->identifier = value_get_cstr(c->info, "CFBundleIdentifier");
    c->version = value_get_cstr(c->info, "CFBundleVersion");
    return DS_OK;
}

static enum ds_status edit_info_section(const struct change *ch)
{
    struct code *c = ch->code;

    for (size_t i = 0; i < c->slice_count; i++)
        set_key(ch, &c->slices[i].info_section);
    if (!c->is_bundle && c->slice_count) {
        c->info = c->slices[c->main_slice].info_section;
        c->identifier = value_get_cstr(c->info, "CFBundleIdentifier");
        c->version = value_get_cstr(c->info, "CFBundleVersion");
    }
    return DS_OK;
}

static enum ds_status edit_launchd_section(const struct change *ch)
{
    for (size_t i = 0; i < ch->code->slice_count; i++)
        set_key(ch, &ch->code->slices[i].launchd_section);
    return DS_OK;
}

static enum ds_status edit_file(const struct change *ch)
{
    struct name_vec parts = {0};

    edit_parts(ch->run->a, ch->edit->name, NULL, &parts);
    for (size_t i = 0; i < ch->code->plain.n; i++) {
        struct plain_file *file = &ch->code->plain.at[i];
        struct name_vec rest = {.at = parts.at + 1, .n = parts.n - 1};

        if (strcmp(file->path, parts.at[0]) != 0 || !file->plist || !rest.n)
            continue;
        file->plist = value_clone(ch->run->a, file->plist);
        set_deep(ch->run->a, file->plist, &rest, ch->edit->value);
        touch(ch->run, ch->code);
        return DS_OK;
    }
    return refuse_edit(ch, "no property list that is looked at lies there");
}

static enum ds_status edit_move_file(const struct change *ch)
{
    const char *to = text_of(ch->run->a, ch->edit->value);
    struct name_vec parts = {0};

    edit_parts(ch->run->a, ch->edit->name, NULL, &parts);
    for (size_t i = 0; to && i < ch->code->plain.n; i++)
        if (strcmp(ch->code->plain.at[i].path, parts.at[0]) == 0) {
            ch->code->plain.at[i].path = to;
            touch(ch->run, ch->code);
            return DS_OK;
        }
    return refuse_edit(ch, "no file that is looked at lies there");
}

/* The strings are part of the binary: to change them is to build it anew. */
static enum ds_status edit_peer_requirements(const struct change *ch)
{
    const struct value *list = ch->edit->value;
    struct name_vec texts = {0};

    for (size_t i = 0; value_is(list, VALUE_ARRAY) && i < list->count; i++)
        if (value_cstr(list->items[i]))
            vec_push(ch->run->a, &texts, value_cstr(list->items[i]));
    if (!value_is(list, VALUE_ARRAY) && !is_null(ch->edit))
        return refuse_edit(ch, "a list of requirements is expected");
    for (size_t i = 0; i < ch->code->slice_count; i++)
        ch->code->slices[i].requirement_strings = texts;
    touch(ch->run, ch->code);
    return DS_OK;
}

/* -- the signature's own */

static enum ds_status need_signature(const struct change *ch)
{
    const struct signature *sig = code_signature(ch->code);

    if (sig && sig->present && sig->chosen)
        return DS_OK;
    return refuse_edit(ch, "it is not signed; set signer as well");
}

static enum ds_status edit_entitlement(const struct change *ch)
{
    enum ds_status status = need_signature(ch);

    if (status != DS_OK)
        return status;
    claim_set(ch->run->a, ch->code, ch->edit->name,
              is_null(ch->edit) ? NULL : value_clone(ch->run->a, ch->edit->value));
    touch(ch->run, ch->code);
    return DS_OK;
}

static enum ds_status edit_constraint(const struct change *ch)
{
    static const char *const names[] = {"self", "parent", "responsible", "library"};
    size_t at = 0;

    while (at < 4 && strcmp(names[at], ch->edit->name) != 0)
        at++;
    if (at == 4)
        return refuse_edit(ch, "the constraints are self, parent, responsible and library");
    for (size_t i = 0; i < ch->code->slice_count; i++) {
        struct signature *sig = &ch->code->slices[i].sig;

        sig->has_constraint[at] = !is_null(ch->edit);
        sig->constraints[at] = is_null(ch->edit) ? NULL : value_clone(ch->run->a, ch->edit->value);
    }
    touch(ch->run, ch->code);
    return DS_OK;
}

static enum ds_status edit_runtime(const struct change *ch)
{
    for (size_t i = 0; i < ch->code->slice_count; i++) {
        struct signature *sig = &ch->code->slices[i].sig;

        for (size_t k = 0; k < sig->directory_count; k++) {
            struct codedir *cd = &sig->directories[k];

            cd->flags =
                is_yes(ch->edit) ? cd->flags | CD_FLAG_RUNTIME : cd->flags & ~CD_FLAG_RUNTIME;
        }
    }
    touch(ch->run, ch->code);
    return need_signature(ch);
}

static enum ds_status edit_timestamp(const struct change *ch)
{
    for (size_t i = 0; i < ch->code->slice_count; i++) {
        struct signature *sig = &ch->code->slices[i].sig;
        int64_t when = sig->signing_time == WHEN_NONE ? ch->run->host->date : sig->signing_time;

        sig->has_timestamp_token = is_yes(ch->edit);
        sig->timestamp = is_yes(ch->edit) ? when : WHEN_NONE;
    }
    touch(ch->run, ch->code);
    return need_signature(ch);
}

static enum ds_status edit_minos(const struct change *ch)
{
    const char *text = text_of(ch->run->a, ch->edit->value);
    uint32_t version;

    if (!text || !macos_parse(text, &version))
        return refuse_edit(ch, "a version such as 12.0 is expected");
    for (size_t i = 0; i < ch->code->slice_count; i++)
        ch->code->slices[i].minos = version;
    if (value_get(ch->code->info, "LSMinimumSystemVersion"))
        value_set(ch->run->a, own_info(ch), "LSMinimumSystemVersion",
                  value_string(ch->run->a, text));
    touch(ch->run, ch->code);
    return DS_OK;
}

static enum ds_status edit_sign_again(const struct change *ch)
{
    bool can = false;

    for (size_t i = 0; i < ch->code->slice_count; i++)
        can |= signature_names_signer(&ch->code->slices[i].sig);
    if (!can)
        return refuse_edit(ch, "its signature does not tell who signs; set signer instead");
    touch(ch->run, ch->code);
    return DS_OK;
}

static enum ds_status edit_profile(const struct change *ch)
{
    const char *why = NULL;

    touch(ch->run, ch->code);
    if (ch->edit->profile) {
        ch->code->profile = arena_copy(ch->run->a, ch->edit->profile, sizeof *ch->edit->profile);
        ch->code->profile->sealed = true;
        return DS_OK;
    }
    if (is_word(ch->edit, "none") || is_null(ch->edit)) {
        ch->code->profile = NULL;
        return DS_OK;
    }
    if (!is_word(ch->edit, "matching"))
        return refuse_edit(ch, "none, matching or a file is expected");
    if (!profile_fit(ch->run->a, ch->code, ch->run->host, &why))
        return refuse_edit(ch, why);
    ch->run->out->presumed = true;
    return DS_OK;
}

/* -- what is not signed */

static enum ds_status edit_quarantined(const struct change *ch)
{
    ch->code->quarantined = is_yes(ch->edit);
    for (size_t i = 0; i < ch->code->plain.n; i++)
        ch->code->plain.at[i].quarantined &= is_yes(ch->edit);
    return DS_OK;
}

static enum ds_status edit_ticket(const struct change *ch)
{
    bool stapled = is_word(ch->edit, "stapled");

    ch->code->ticket = (struct ticket_facts){
        .present = stapled, .valid = stapled, .lists_this = stapled, .issued = ch->run->host->date};
    return DS_OK;
}

static enum ds_status edit_host(const struct change *ch)
{
    struct arena *a = ch->run->a;
    const char *text = text_of(a, ch->edit->value), *key = ch->edit->name;
    const char *dot = strchr(key, '.');
    struct value_error error = {0};

    if (!text && !is_null(ch->edit)) {
        struct value *host = value_dict(a);

        value_set(a, host, key, value_clone(a, ch->edit->value));
        if (host_read(a, host, ch->run->host, &error) != DS_OK)
            return refuse_edit(ch, error.message);
        return DS_OK;
    }
    if (!text)
        text = "unknown";
    if (dot) {
        text = arena_printf(a, "%s=%s", dot + 1, text);
        key = arena_strndup(a, key, (size_t)(dot - key));
    }
    if (host_set(a, ch->run->host, key, text, &error) != DS_OK)
        return refuse_edit(ch, error.message);
    return DS_OK;
}

/* -- the whole */

typedef enum ds_status change_function(const struct change *ch);

static change_function *const functions[EDIT_COUNT] = {
    [EDIT_REMOVE] = edit_remove,
    [EDIT_PACKAGE] = edit_package,
    [EDIT_MOVE] = edit_place,
    [EDIT_NAME] = edit_name,
    [EDIT_SIGNER] = edit_signer,
    [EDIT_CERTIFICATE] = edit_certificate,
    [EDIT_TEAM] = edit_team,
    [EDIT_IDENTIFIER] = edit_identifier,
    [EDIT_CODE_IDENTIFIER] = edit_code_identifier,
    [EDIT_INFO] = edit_info,
    [EDIT_INFO_SECTION] = edit_info_section,
    [EDIT_LAUNCHD_SECTION] = edit_launchd_section,
    [EDIT_FILE] = edit_file,
    [EDIT_MOVE_FILE] = edit_move_file,
    [EDIT_PEER_REQUIREMENTS] = edit_peer_requirements,
    [EDIT_ENTITLEMENT] = edit_entitlement,
    [EDIT_CONSTRAINT] = edit_constraint,
    [EDIT_RUNTIME] = edit_runtime,
    [EDIT_TIMESTAMP] = edit_timestamp,
    [EDIT_MINOS] = edit_minos,
    [EDIT_SIGN_AGAIN] = edit_sign_again,
    [EDIT_PROFILE] = edit_profile,
    [EDIT_QUARANTINED] = edit_quarantined,
    [EDIT_TICKET] = edit_ticket,
    [EDIT_HOST] = edit_host,
};

/* The code object at PATH below ROOT, in C or deeper; NULL when there is none. */
static struct code *find_below(struct code *c, const char *root, const char *path)
{
    const char *is = path_relative(c->path, root);

    if (is && strcmp(is, path) == 0)
        return c;
    for (size_t i = 0; i < c->child_count; i++) {
        struct code *found = find_below(c->children[i], root, path);

        if (found)
            return found;
    }
    return NULL;
}

struct code *edit_object(const struct judge_input *in, const char *path)
{
    struct code *found = path ? NULL : in->tops[0];

    for (size_t i = 0; path && !found && i < in->top_count; i++)
        found = code_at_path(in->tops[i], path);
    for (size_t i = 0; path && !found && i < in->top_count; i++)
        found = find_below(in->tops[i], in->tops[i]->path, path);
    return found;
}

static void add_all(struct applying *run, const struct edit *e, struct code *c)
{
    const struct signature *sig = code_signature(c);

    if (sig && (sig->present || e->id == EDIT_SIGNER))
        vec_push(run->a, &run->changes, (struct change){run, e, c});
    for (size_t i = 0; i < c->child_count; i++)
        add_all(run, e, c->children[i]);
}

/* The objects of all edits as they lie before anything moves; what is not there yet is looked for again later. */
static void find_objects(struct applying *run, const struct edit_vec *edits)
{
    for (size_t i = 0; i < edits->n; i++) {
        const struct edit *e = &edits->at[i];

        if (!e->path || strcmp(e->path, "*") != 0) {
            struct code *c = edit_object(&run->out->in, e->path);

            vec_push(run->a, &run->changes, (struct change){run, e, c});
            continue;
        }
        for (size_t k = 0; k < run->out->in.top_count; k++)
            add_all(run, e, run->out->in.tops[k]);
    }
}

static void clone_input(struct applying *run, const struct judge_input *in)
{
    struct code **tops = arena_array(run->a, in->top_count + 1, struct code *);

    for (size_t i = 0; i < in->top_count; i++)
        tops[i] = code_clone(run->a, in->tops[i]);
    run->host = arena_copy(run->a, in->host, sizeof *in->host);
    run->out->in = *in;
    run->out->in.tops = tops;
    run->out->in.host = run->host;
}

static bool is_touched(const struct applying *run, const struct code *c)
{
    for (size_t i = 0; i < run->touched.n; i++)
        if (run->touched.at[i] == c)
            return true;
    return false;
}

/* Inner code first; true when C, and so what contains it, got a new signature. */
static bool sign_touched(struct applying *run, struct code *c)
{
    bool touched = is_touched(run, c), had_ticket = c->ticket.present;

    for (size_t i = 0; i < c->child_count; i++)
        touched |= sign_touched(run, c->children[i]);
    if (!touched)
        return false;
    run->out->notarize_again |= had_ticket;
    if (resign(run->a, c))
        vec_push(run->a, &run->out->sign_again, c->path);
    return true;
}

/* Only what is signed with Developer ID goes to the notary service. */
static bool is_notarizable(const struct applying *run)
{
    const struct signature *sig = code_signature(run->out->in.tops[0]);

    return sig && (sig->signer == SIGNER_DEVELOPER_ID || sig->signer == SIGNER_DEVELOPER_ID_KEXT ||
                   sig->signer == SIGNER_DEVELOPER_ID_INSTALLER);
}

static void sign_all(struct applying *run)
{
    bool any = false;

    for (size_t i = 0; i < run->out->in.top_count; i++) {
        any |= sign_touched(run, run->out->in.tops[i]);
        resign_settle(run->out->in.tops[i]);
    }
    run->out->notarize_again &= any && is_notarizable(run);
    run->out->notarize_again |= any && is_notarizable(run) && run->host->notarized == VERDICT_YES;
}

static enum ds_status make_change(struct change *ch)
{
    if (!ch->code)
        ch->code = edit_object(&ch->run->out->in, ch->edit->path);
    if (!ch->code)
        return refuse_edit(ch, arena_printf(ch->run->a, "no code lies at %s", ch->edit->path));
    return functions[ch->edit->id](ch);
}

static enum ds_status make_changes(struct applying *run, enum edit_phase phase)
{
    enum ds_status status = DS_OK;

    for (size_t i = 0; status == DS_OK && i < run->changes.n; i++)
        if (edit_phase(run->changes.at[i].edit->id) == phase)
            status = make_change(&run->changes.at[i]);
    return status;
}

enum ds_status edits_apply(struct arena *a, const struct judge_input *in,
                           const struct edit_vec *edits, struct edited *out,
                           struct value_error *error)
{
    struct applying run = {.a = a, .out = out, .error = error};
    enum ds_status status = DS_OK;

    *out = (struct edited){0};
    clone_input(&run, in);
    find_objects(&run, edits);
    for (int phase = 0; status == DS_OK && phase < EDIT_PHASES; phase++) {
        status = make_changes(&run, (enum edit_phase)phase);
        if (phase == EDIT_PHASE_PROFILE && status == DS_OK)
            sign_all(&run);
    }
    return status;
}
