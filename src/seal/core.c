/* SPDX-License-Identifier: Apache-2.0 */
/* Core: see core.h. */
#include "seal/core.h"

#include "base/buf.h"

static struct place slot_place(const struct core *c, uint32_t slot)
{
    struct place at = c->at;
    at.slot = slot;
    return at;
}

/* -- directories (§3.4) */

static bool same_digest_twice(struct core *c, const struct signature *sig, struct findings *f)
{
    for (size_t i = 0; i + 1 < sig->directory_count; i++)
        if (sig->directories[i].hash_type == sig->directories[i + 1].hash_type) {
            finding_add(f, FINDING_SIG_DUPLICATE_DIGEST, c->at, "hash type %u twice",
                        sig->directories[i].hash_type);
            return true;
        }
    return false;
}

/* Insert CD so that hash types ascend. */
static void insert_directory(struct signature *sig, struct codedir cd)
{
    size_t i = sig->directory_count++;
    for (; i > 0 && sig->directories[i - 1].hash_type > cd.hash_type; i--)
        sig->directories[i] = sig->directories[i - 1];
    sig->directories[i] = cd;
}

static void choose_directory(struct signature *sig)
{
    unsigned best = 0;
    for (size_t i = 0; i < sig->directory_count; i++) {
        const struct codedir *cd = &sig->directories[i];
        if (cd->superblob_slot == SLOT_CODE_DIRECTORY)
            sig->primary = cd;
        if (codedir_rank(cd->hash_type) > best) {
            best = codedir_rank(cd->hash_type);
            sig->chosen = cd;
        }
    }
    sig->adhoc = sig->chosen && (sig->chosen->flags & CD_FLAG_ADHOC) != 0;
}

static uint32_t directory_slot(size_t i)
{
    return i == 0 ? SLOT_CODE_DIRECTORY : SLOT_ALTERNATE_1 + (uint32_t)i - 1;
}

static bool directories_usable(struct core *c, const struct signature *sig, struct findings *f)
{
    if (same_digest_twice(c, sig, f))
        return false;
    if (!sig->chosen) {
        finding_add(f, FINDING_CD_DIGEST_UNSUPPORTED, c->at,
                    "hash type %u, one of 1, 2, 3 or 4 is required", sig->directories[0].hash_type);
        return false;
    }
    return true;
}

/* Load all directories into SIG, faults into F. False when one is broken. */
static bool load_directories(struct core *c, struct signature *sig, struct findings *f)
{
    sig->directories = arena_array(c->a, SLOT_ALTERNATES_MOST + 1, struct codedir);
    sig->directory_count = 0;
    sig->chosen = sig->primary = NULL;
    for (size_t i = 0; i <= SLOT_ALTERNATES_MOST; i++) {
        struct bytes blob;
        struct codedir cd;
        struct place at = slot_place(c, directory_slot(i));
        enum component found = components_get(c->components, directory_slot(i), f, at, &blob);
        if (found == COMPONENT_ABSENT)
            break;
        bool sound =
            found == COMPONENT_PRESENT && codedir_parse(blob, directory_slot(i), f, at, &cd);
        if (!sound)
            return false;
        insert_directory(sig, cd);
    }
    choose_directory(sig);
    return directories_usable(c, sig, f);
}

/* -- special slots (§4.5) */

static enum finding_id slot_finding(uint32_t slot)
{
    return slot == SLOT_INFO        ? FINDING_INFO_PLIST_MODIFIED
           : slot == SLOT_RESOURCES ? FINDING_SEAL_DIRECTORY_MODIFIED
                                    : FINDING_CD_SPECIAL_SLOT;
}

/* The content of special slot S: bound data, or a component. */
static enum component slot_content(struct core *c, uint32_t s, struct bytes *out)
{
    const struct bound *bound = s == SLOT_INFO           ? &c->info
                                : s == SLOT_RESOURCES    ? &c->resources
                                : s == SLOT_REP_SPECIFIC ? &c->rep
                                                         : NULL;
    *out = bytes_of(NULL, 0);
    if (bound && bound->present) {
        *out = bound->data;
        return COMPONENT_PRESENT;
    }
    if (s == SLOT_INFO || s == SLOT_RESOURCES)
        return COMPONENT_ABSENT;
    return components_get(c->components, s, c->f, slot_place(c, s), out);
}

/* Parts come all from one source; the reference throws as soon as it meets another (§1.8). */
static bool check_sources(struct core *c)
{
    if (!c->components->mixed)
        return true;
    if (!findings_find(c->f, FINDING_SIG_MIXED_SOURCES))
        finding_add(c->f, FINDING_SIG_MIXED_SOURCES, c->at, NULL);
    return false;
}

/* Slot S of the chosen directory against its content. */
static bool check_slot(struct core *c, const struct codedir *cd, uint32_t s)
{
    struct bytes content;
    enum component found = slot_content(c, s, &content);
    if (found == COMPONENT_BROKEN)
        return false;
    if (!codedir_binds(cd, s))
        return true;
    if (found == COMPONENT_ABSENT) {
        finding_add(c->f, slot_finding(s), slot_place(c, s),
                    "the %s is bound by slot %u and missing", slot_title(c->a, s), s);
        return false;
    }
    struct bytes digest = digest_bytes(c->a, (enum digest_type)cd->hash_type, content);
    if (codedir_matches(cd, -(int64_t)s, digest))
        return true;
    finding_add(c->f, slot_finding(s), slot_place(c, s), "the %s has %s %s, signed was %s",
                slot_title(c->a, s), digest_name((enum digest_type)cd->hash_type),
                bytes_hex(c->a, digest), bytes_hex(c->a, codedir_special(cd, s)));
    return false;
}

/* Highest first, the resource directory left for its own phase. */
static bool check_slots(struct core *c, const struct codedir *cd)
{
    bool good = true;
    uint32_t top = cd->special_slots < SLOT_SPECIAL_MOST ? cd->special_slots : SLOT_SPECIAL_MOST;
    for (uint32_t s = top; s >= 1; s--) {
        if (s == SLOT_RESOURCES)
            continue;
        good &= check_slot(c, cd, s) && check_sources(c);
        if (!good && !c->options->collect_all)
            return false;
    }
    return good;
}

/* -- top directory (§4.8) */

static void put_expected(struct core *c, const struct signature *sig, struct buf *out)
{
    struct bytes ignored;
    struct findings quiet = {.arena = c->a};
    buf_be32(out, 0);
    for (uint32_t s = 1; s <= SLOT_SPECIAL_MOST; s++) {
        struct findings *f = c->f;
        c->f = &quiet;
        if (codedir_binds(sig->chosen, s) && slot_content(c, s, &ignored) != COMPONENT_ABSENT)
            buf_be32(out, s);
        c->f = f;
    }
    for (size_t k = 0; k + 2 <= sig->directory_count; k++)
        buf_be32(out, SLOT_ALTERNATE_1 + (uint32_t)k);
    buf_be32(out, SLOT_CMS);
}

/* Like any part, it counts only where the directory binds it (§4.5), but is read in any case. */
static bool check_top_directory(struct core *c, const struct signature *sig)
{
    struct bytes stated;
    struct buf expected = {.arena = c->a};
    enum component found = components_get(c->components, SLOT_TOP_DIRECTORY, c->f, c->at, &stated);
    if (found == COMPONENT_BROKEN || !check_sources(c))
        return false;
    if (found == COMPONENT_ABSENT || !codedir_binds(sig->chosen, SLOT_TOP_DIRECTORY))
        return true;
    put_expected(c, sig, &expected);
    if (bytes_equal(bytes_of(stated.p, stated.n & ~(size_t)3), buf_bytes(&expected)))
        return true;
    finding_add(c->f, FINDING_SIG_TOP_DIRECTORY, slot_place(c, SLOT_TOP_DIRECTORY),
                "it lists %zu parts that are not those present", stated.n / 4);
    return false;
}

/* -- the ladder */

/* CMS as §5.1 looks at it: the ad hoc flag first, which swallows faults of directories. */
static bool check_signer(struct core *c, struct signature *sig, bool directories)
{
    struct bytes cms;
    struct findings quiet = {.arena = c->a};
    struct place at = slot_place(c, SLOT_CMS);
    bool adhoc = directories && sig->adhoc; /* what lies in the slot is of no interest then */
    enum component found = components_get(c->components, SLOT_CMS, adhoc ? &quiet : c->f, at, &cms);
    sig->has_cms = found == COMPONENT_PRESENT && cms.n != 0;
    sig->cms_size = cms.n;
    if (adhoc) {
        if (sig->has_cms)
            finding_add(c->f, FINDING_CD_ADHOC_WITH_CMS, at, "%zu bytes", cms.n);
        sig->signer = SIGNER_ADHOC;
        return true;
    }
    if (found == COMPONENT_BROKEN)
        return false;
    if (found == COMPONENT_ABSENT) {
        finding_add(c->f, FINDING_SIG_NO_CMS, at, "the ad hoc flag is not set");
        return false;
    }
    return directories ? trust_check(c, sig, cms) : trust_decodes(c, cms);
}

static void note_unsigned(struct core *c, struct signature *sig)
{
    sig->location = "unsigned";
    finding_add(c->f, c->unsigned_id, c->at, c->unsigned_why ? "%s" : NULL, c->unsigned_why)
        ->stage = STAGE_STATIC;
}

/* Steps a to c: returns whether there are directories to go on with. */
static bool open_signature(struct core *c, struct signature *sig, bool *good)
{
    struct findings later = {.arena = c->a};
    struct bytes first;
    enum component found =
        components_get(c->components, SLOT_CODE_DIRECTORY, &later, c->at, &first);
    if (found == COMPONENT_ABSENT) {
        note_unsigned(c, sig);
        *good = false;
        return false;
    }
    sig->present = true;
    bool loaded = load_directories(c, sig, &later);
    bool asked_before = c->team_first && !loaded;
    if (!asked_before && !check_signer(c, sig, loaded))
        *good = false;
    for (size_t i = 0; i < later.list.n; i++)
        vec_push(c->f->arena, &c->f->list, later.list.at[i]);
    sig->unreadable = !loaded;
    *good &= check_sources(c) && !sig->unreadable;
    return !sig->unreadable;
}

/* A stapled ticket may be all there is: images that are not signed have one, too (§1.9). */
static void find_ticket(struct core *c, struct signature *sig)
{
    struct findings quiet = {.arena = c->a};
    if (c->components->has_superblob)
        (void)superblob_component(&c->components->superblob, SLOT_TICKET, &quiet, c->at,
                                  &sig->ticket);
}

void core_validate(struct core *c, struct signature *sig)
{
    bool good = true;
    sig->timestamp = sig->signing_time = WHEN_NONE;
    find_ticket(c, sig);
    if (!open_signature(c, sig, &good))
        return;
    sig->location = component_source_name(c->components->source);
    sig->directory_valid = good;
    claims_read(c, sig);
    bool on = good || c->options->collect_all;
    if (on)
        good &= check_slots(c, sig->chosen);
    if (good || c->options->collect_all)
        good &= check_top_directory(c, sig);
    if ((good || c->options->collect_all) && c->options->check_pages)
        good &= pages_check(c, sig);
    sig->core_valid = good;
}
