/* SPDX-License-Identifier: Apache-2.0 */
/* Resign: see resign.h. */
#include "policy/resign.h"

#include <string.h>

#include "base/arena.h"
#include "format/entitle.h"
#include "format/superblob.h"
#include "policy/judging.h"
#include "seal/subject.h"

static bool texts_equal(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

/* -- findings that go */

/* Faults of the files as they lie, which signing does not touch. Layout findings are never cured. */
static const enum finding_id of_files[] = {
    FINDING_MACHO_STRICT,
    FINDING_FAT_STRUCTURE,
    FINDING_FAT_SLICE_UNREACHABLE,
    FINDING_BUNDLE_AMBIGUOUS,
    FINDING_BUNDLE_NOT_REGULAR_FILE,
    FINDING_BUNDLE_ROOT_UNSEALED,
    FINDING_BUNDLE_META_EXTRA,
    FINDING_FRAMEWORK_ROOT_UNSEALED,
    FINDING_FRAMEWORK_OTHER_VERSION,
    FINDING_BUNDLE_XATTR,
    FINDING_ID_MISMATCH,
    FINDING_INFO_PLIST_MALFORMED,
    FINDING_SEAL_SYMLINK,
    FINDING_SEAL_UNREADABLE,
    FINDING_SEAL_FILE_TYPE,
    FINDING_SEAL_DSSTORE_LINK,
    FINDING_NESTED_UNSIGNED,
    FINDING_NESTED_DATA_FILE,
    FINDING_DMG_UNSIGNED,
};

/* Faults of who signs: only another signer takes them away. */
static const enum finding_id of_signer[] = {
    FINDING_CHAIN_UNTRUSTED, FINDING_CHAIN_NOT_CODESIGNING,
    FINDING_CHAIN_EXPIRED,   FINDING_CHAIN_NOT_YET_VALID,
    FINDING_CHAIN_REVOKED,   FINDING_SIG_EMBEDDED_UNTRUSTED,
    FINDING_SIG_UNSIGNED,    FINDING_DR_CDHASH,
    FINDING_TEST_IDENTITY,
};

static bool is_among(enum finding_id id, const enum finding_id *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (list[i] == id)
            return true;
    return false;
}

#define is_in(id, list) is_among((id), (list), sizeof(list) / sizeof *(list))

bool resign_cures(enum finding_id id)
{
    return !finding_listed(id, STAGE_LAYOUT) && !is_in(id, of_files) && !is_in(id, of_signer);
}

/* A nested object that was found unsigned has a signature now. */
static bool is_signed_now(const struct code *c, const struct finding *f)
{
    for (size_t i = 0; f->place.path && i < c->child_count; i++)
        if (strcmp(c->children[i]->path, f->place.path) == 0)
            return code_signature(c->children[i]) && code_signature(c->children[i])->present;
    return false;
}

static bool goes(const struct code *c, const struct finding *f, bool new_signer)
{
    if (f->stage == STAGE_LAYOUT)
        return false;
    if (f->id == FINDING_NESTED_UNSIGNED)
        return is_signed_now(c, f);
    return resign_cures(f->id) || (new_signer && is_in(f->id, of_signer));
}

static void cure(struct code *c, bool new_signer)
{
    size_t kept = 0;

    for (size_t i = 0; i < c->findings->list.n; i++)
        if (!goes(c, c->findings->list.at[i], new_signer))
            c->findings->list.at[kept++] = c->findings->list.at[i];
    c->findings->list.n = kept;
}

/* -- the facts of a fresh signature */

/* A blob that holds CLAIMS, header and all; of the smallest size that counts when they have no such form. */
static struct bytes claims_blob(struct arena *a, const struct value *claims)
{
    static const char least[9];
    struct bytes der;
    char *blob;

    if (!claims)
        return bytes_of(NULL, 0);
    if (!entitle_der_encode(a, claims, &der, NULL))
        return bytes_of(least, sizeof least);
    blob = arena_alloc(a, der.n + 8);
    memcpy(blob + 8, der.p, der.n);
    return bytes_of(blob, der.n + 8);
}

/* The claims as both forms hold them: those that were readable, the XML ones before the others. */
static void renew_claims(struct arena *a, struct signature *sig)
{
    struct value *claims = sig->entitlements ? sig->entitlements : sig->entitlements_from_xml;

    if (sig->xml_error && sig->entitlements_from_xml)
        claims = sig->entitlements_from_xml;
    sig->entitlements = sig->entitlements_from_xml = claims;
    sig->has_xml_entitlements = sig->has_der_entitlements = claims != NULL;
    sig->entitlements_xml = sig->entitlements_der = claims_blob(a, claims);
    sig->xml_error = sig->der_error = NULL;
    sig->der_old_form = sig->entitlements_differ = false;
}

/* The hash of bytes that do not exist yet: another one than before is all that is known of it. */
static void renew_hashes(struct signature *sig)
{
    for (size_t i = 0; i < sig->directory_count; i++) {
        sig->directories[i].cdhash[0] ^= 0xff;
        sig->directories[i].cdhash_full[0] ^= 0xff;
    }
}

/* Code that had no usable directory gets one of the current version. */
static void need_directory(struct arena *a, const struct code *c, struct signature *sig)
{
    struct codedir *cd;

    if (sig->chosen)
        return;
    cd = arena_new_of(a, struct codedir);
    cd->version = 0x20500;
    cd->hash_type = DIGEST_SHA256;
    cd->hash_size = 32;
    cd->page_shift = 12;
    cd->exec_seg_flags = c->is_main_executable ? 1 : 0;
    cd->identifier = c->identifier ? c->identifier : c->name;
    sig->directories = cd;
    sig->directory_count = 1;
    sig->chosen = sig->primary = cd;
}

static void clear_linker_flag(struct signature *sig)
{
    for (size_t i = 0; i < sig->directory_count; i++)
        sig->directories[i].flags &= ~CD_FLAG_LINKER_SIGNED;
}

/* What today's tools write, whatever the old signature had. The blob does not exist yet: no slot of it can be compared. */
static void modernise(const struct signature *sig, struct codedir *cd)
{
    cd->blob = bytes_of(NULL, 0);
    cd->special_slots = SLOT_CONSTRAINT_LIBRARY;
    cd->platform = sig->signer == SIGNER_APPLE ? cd->platform : 0;
    if (cd == sig->chosen && cd->hash_type == DIGEST_SHA1)
        cd->hash_type = DIGEST_SHA256;
    cd->hash_size = (uint8_t)digest_size((enum digest_type)cd->hash_type);
    if (cd->page_shift != 12 && cd->page_shift != 14)
        cd->page_shift = 12;
    if (cd->version < 0x20400)
        cd->version = 0x20500;
}

static void renew(struct arena *a, const struct code *c, struct slice *slice)
{
    struct signature *sig = &slice->sig;

    need_directory(a, c, sig);
    clear_linker_flag(sig);
    for (size_t i = 0; i < sig->directory_count; i++)
        modernise(sig, &sig->directories[i]);
    renew_claims(a, sig);
    renew_hashes(sig);
    slice->page_mismatch = false;
    slice->bad_command = NULL;
    sig->unbound_slots = sig->repeated_slots = 0;
    sig->present = sig->core_valid = true;
    sig->unreadable = false;
    sig->presumed = true;
    if (sig->has_timestamp_token && sig->timestamp == WHEN_NONE)
        sig->timestamp = sig->signing_time;
    if (!sig->adhoc && sig->chain_count)
        sig->has_cms = sig->cms_valid = true;
}

static void renew_bundle(struct code *c)
{
    c->ticket = (struct ticket_facts){0};
    c->info_bound = c->info != NULL;
    c->seal.present = c->is_bundle;
    if (c->seal.version < 2)
        c->seal.version = 2;
    if (c->profile)
        c->profile->sealed = true;
    for (size_t i = 0; i < c->child_count; i++)
        c->children[i]->sealed_by_parent |= c->children[i]->in_code_place;
}

static void renew_all(struct arena *a, struct code *c)
{
    for (size_t i = 0; i < c->slice_count; i++)
        renew(a, c, &c->slices[i]);
    renew_bundle(c);
    if (code_signature(c) && code_signature(c)->chosen)
        c->code_identifier = code_signature(c)->chosen->identifier;
}

bool signature_names_signer(const struct signature *sig)
{
    return sig && sig->present && sig->chosen && (sig->adhoc || sig->chain_count);
}

/* The signature that says who signs C: that of the main slice, or of another when it has none. */
static const struct signature *signer_of(const struct code *c)
{
    if (signature_names_signer(code_signature(c)))
        return code_signature(c);
    for (size_t i = 0; i < c->slice_count; i++)
        if (signature_names_signer(&c->slices[i].sig))
            return &c->slices[i].sig;
    return NULL;
}

/* Slices without a usable signature, or one of another team, are signed like the others. */
static void level_slices(struct arena *a, struct code *c, const struct signature *like)
{
    for (size_t i = 0; i < c->slice_count; i++) {
        struct signature *sig = &c->slices[i].sig;
        const char *team = sig->chosen ? sig->chosen->team : NULL;

        if (sig == like || (signature_names_signer(sig) && texts_equal(team, like->chosen->team)))
            continue;
        *sig = *like;
        sig->directories = arena_copy(a, like->chosen, sizeof *like->chosen);
        sig->directory_count = 1;
        sig->chosen = sig->primary = sig->directories;
    }
}

bool resign(struct arena *a, struct code *c)
{
    const struct signature *signer = signer_of(c);

    if (!signer)
        return false;
    cure(c, false);
    level_slices(a, c, signer);
    renew_all(a, c);
    return true;
}

/* -- another signer */

static struct codedir *directory_of(struct signature *sig)
{
    return sig->directories + (sig->chosen - sig->directories);
}

static bool is_signed_by(const struct signature *sig, const struct signer_choice *who)
{
    const char *team = sig->chosen ? sig->chosen->team : NULL;

    if (!sig->present || sig->adhoc || sig->signer != who->kind || !sig->chain_count)
        return false;
    return !who->team || (team && strcmp(team, who->team) == 0);
}

/* The certificates of C's signature are at fault: nobody else should sign by them. */
static bool has_bad_signer(const struct code *c)
{
    for (size_t i = 0; i < c->findings->list.n; i++) {
        const struct finding *f = c->findings->list.at[i];

        if (f->severity >= SEVERITY_REFUSED && is_in(f->id, of_signer))
            return true;
    }
    return false;
}

/* A signature below TOP, in reading order, that WHO made. */
static const struct signature *find_signed(const struct code *top, const struct signer_choice *who)
{
    const struct signature *sig = code_signature(top);

    if (who->fresh)
        return NULL;
    if (sig && is_signed_by(sig, who) && !has_bad_signer(top))
        return sig;
    for (size_t i = 0; i < top->child_count; i++) {
        const struct signature *found = find_signed(top->children[i], who);

        if (found)
            return found;
    }
    return NULL;
}

static void unsign(struct slice *slice)
{
    slice->sig = (struct signature){
        .location = "unsigned", .timestamp = WHEN_NONE, .signing_time = WHEN_NONE};
    slice->page_mismatch = false;
}

static void sign_adhoc(struct signature *sig)
{
    struct codedir *cd = directory_of(sig);

    cd->flags = (cd->flags & ~CD_FLAG_LINKER_SIGNED) | CD_FLAG_ADHOC;
    cd->team = NULL;
    sig->adhoc = true;
    sig->has_cms = sig->cms_valid = sig->chain_trusted = false;
    sig->cms_size = 0;
    sig->chain = NULL;
    sig->chain_count = 0;
    sig->anchor = ANCHOR_NONE;
    sig->signer = SIGNER_ADHOC;
    sig->revocation = (struct revocation){.when = WHEN_NONE};
    sig->timestamp = WHEN_NONE;
    sig->has_timestamp_token = false;
}

static void sign_by(struct arena *a, struct signature *sig, const struct signer_choice *who,
                    const struct signature *source)
{
    struct codedir *cd = directory_of(sig);

    if (source)
        signer_copy(source, sig);
    else
        signer_presume(a, who, sig);
    cd->flags &= ~(CD_FLAG_ADHOC | CD_FLAG_LINKER_SIGNED);
    cd->flags |= signer_hardens(who->kind) ? CD_FLAG_RUNTIME : 0;
    cd->team = source ? source->chosen->team : signer_has_team(who->kind) ? who->team : NULL;
    sig->adhoc = false;
    sig->has_cms = sig->cms_valid = true;
    sig->cms_size = source ? source->cms_size : 9000;
    sig->signing_time = source ? source->signing_time : sig->signing_time;
    sig->has_timestamp_token = source ? source->has_timestamp_token : signer_hardens(who->kind);
    sig->timestamp = source ? source->timestamp : sig->signing_time;
}

bool resign_as(struct arena *a, struct code *c, const struct signer_choice *who,
               const struct code *top)
{
    const struct signature *source = find_signed(top, who);

    if (!source && who->others)
        source = find_signed(who->others, who);
    if (source)
        source = arena_copy(a, source, sizeof *source);
    cure(c, true);
    for (size_t i = 0; i < c->slice_count; i++) {
        struct signature *sig = &c->slices[i].sig;

        need_directory(a, c, sig);
        if (who->kind == SIGNER_NONE)
            unsign(&c->slices[i]);
        else if (who->kind == SIGNER_ADHOC)
            sign_adhoc(sig);
        else
            sign_by(a, sig, who, source);
    }
    if (who->kind == SIGNER_NONE) {
        finding_add(c->findings, FINDING_SIG_UNSIGNED, place_path(c->path), NULL);
        c->code_identifier = NULL;
        return false;
    }
    renew_all(a, c);
    resign_requirement(a, c);
    return !source && who->kind != SIGNER_ADHOC;
}

/* -- requirement */

void resign_requirement(struct arena *a, struct code *c)
{
    for (size_t i = 0; i < c->slice_count; i++) {
        struct signature *sig = &c->slices[i].sig;

        sig->dr = bytes_of(NULL, 0);
        sig->dr_explicit = false;
        sig->dr_text = NULL;
    }
    code_designate(a, c);
}

/* -- outcomes */

static const struct finding *first_refused(const struct code *c)
{
    for (size_t i = 0; i < c->findings->list.n; i++)
        if (c->findings->list.at[i]->severity >= SEVERITY_REFUSED)
            return c->findings->list.at[i];
    return NULL;
}

void resign_settle(struct code *c)
{
    const struct finding *first = first_refused(c);
    struct static_outcome outcome = {.first = first, .where = first ? c : NULL};

    if (first)
        outcome.arch = first->place.arch;
    for (size_t i = 0; i < c->child_count; i++) {
        resign_settle(c->children[i]);
        if (!outcome.first && c->children[i]->reached)
            outcome = c->children[i]->outcome;
    }
    c->static_valid = outcome.first == NULL;
    if (outcome.first != c->outcome.first)
        c->outcome = outcome;
}

/* -- team */

static const char *team_named(const struct code *c)
{
    const struct value *claims = code_claims(c);
    const struct value *teams = c->profile ? value_get(c->profile->plist, "TeamIdentifier") : NULL;

    if (code_team(c))
        return code_team(c);
    if (value_get_cstr(claims, "com.apple.developer.team-identifier"))
        return value_get_cstr(claims, "com.apple.developer.team-identifier");
    return value_is(teams, VALUE_ARRAY) && teams->count ? value_cstr(teams->items[0]) : NULL;
}

static const char *team_below(const struct code *c)
{
    const char *team = team_named(c);

    for (size_t i = 0; !team && i < c->child_count; i++)
        team = team_below(c->children[i]);
    return team;
}

const char *team_known(const struct code *c)
{
    for (const struct code *at = c; at; at = at->parent)
        if (team_named(at))
            return team_named(at);
    return team_below(code_top(c));
}
