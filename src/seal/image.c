/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Image: the main file of an object and its slices, each validated by core.c: the main slice first, then the others in
 * (cputype, cpusubtype) order (static-validation.md §7.1 steps 2 and 3). A file without slices counts as one.
 */
#include <string.h>

#include "base/osstatus.h"
#include "format/archive.h"
#include "format/plist.h"
#include "seal/contents.h"
#include "seal/resources.h"

/* -- opening */

static struct place slice_place(const struct object *o, const struct slice *s)
{
    struct place at = object_place(o);
    at.arch = *s->arch ? s->arch : NULL;
    return at;
}

/* The dictionary of an embedded property list; NULL: none, or *STATUS says what is there instead. */
static struct value *section_plist(struct object *o, bool present, struct bytes text,
                                   int64_t *status)
{
    struct value *plist = present ? plist_parse(o->r->a, text, NULL) : NULL;
    *status = 0;
    if (!present || value_is(plist, VALUE_DICT))
        return plist;
    *status = plist ? OSSTATUS_NO_DICTIONARY : errSecCSBadDictionaryFormat;
    return NULL;
}

/* A signer adds a load command where there is none yet (§11.3). */
static bool lacks_room(const struct macho_slice *m)
{
    uint64_t end = (m->wide ? 32u : 28u) + m->commands.n + 16;
    return !m->has_signature && m->first_section && end > m->first_section;
}

/* What the kernel wants of LC_CODE_SIGNATURE beyond what validation does (§10.1). */
static const char *command_fault(const struct macho_slice *m)
{
    uint64_t end = (uint64_t)m->sig_offset + m->sig_size;
    if (!m->has_signature)
        return NULL;
    if (m->sig_command != 16)
        return "LC_CODE_SIGNATURE does not have 16 bytes";
    return end > UINT32_MAX || end > m->size ? "LC_CODE_SIGNATURE reaches beyond the slice" : NULL;
}

static void describe_slice(struct object *o, const struct macho_slice *m, struct slice *s)
{
    struct arena *a = o->r->a;
    *s = (struct slice){.arch = m->name,
                        .cputype = m->arch.cputype,
                        .cpusubtype = m->arch.cpusubtype,
                        .offset = m->offset,
                        .size = m->size,
                        .filetype = m->filetype,
                        .mach_flags = m->flags,
                        .platform = m->platform,
                        .minos = m->minos,
                        .sdk = m->sdk,
                        .uuid_bad = m->uuid_bad,
                        .bad_command = command_fault(m),
                        .no_room = lacks_room(m),
                        .exec_segments = m->exec_segments,
                        .rpaths = m->rpaths};
    s->sig.location = "unsigned";
    s->sig.offset = m->has_signature ? m->offset + m->sig_offset : 0;
    s->sig.size = m->has_signature ? m->sig_size : 0;
    s->sig.timestamp = s->sig.signing_time = WHEN_NONE;
    for (size_t i = 0; i < m->dylibs.n; i++)
        vec_push(a, &s->links,
                 (struct link){m->dylibs.at[i].name, m->dylibs.at[i].weak, NULL, false});
    int64_t ignored;
    s->info_section = section_plist(o, m->has_info_plist, m->info_plist, &s->info_status);
    s->launchd_section = section_plist(o, m->has_launchd, m->launchd_plist, &ignored);
    macho_imports(a, m, &s->imports);
    macho_class_names(a, m, &s->classes);
    macho_requirement_strings(a, m, &s->requirement_strings);
}

/* The slice to take first: the one asked for by -a, else the one a Mac of the imagined kind would run. */
static bool choose_slice(struct object *o)
{
    const struct code_options *options = o->r->options;
    bool only = options->only_arch && !o->parent; /* nested code has its own main slice */
    const char *name = only ? options->only_arch : options->arch;
    struct arch wanted;
    if (!name || !arch_parse(name, &wanted))
        wanted = (struct arch){CPU_ARM64, 0, false};
    const struct macho_slice *main =
        only ? macho_find_slice(&o->macho, wanted) : macho_main_slice(&o->macho, wanted);
    if (!main)
        return false;
    o->c->main_slice = (size_t)(main - o->macho.slices);
    return true;
}

static bool open_macho(struct object *o)
{
    struct code *c = o->c;
    size_t before = c->findings->list.n;
    bool usable = macho_parse(o->r->a, o->main, c->findings, object_place(o), &o->macho);
    c->format = o->macho.format;
    c->slice_count = o->macho.count;
    c->slices = arena_array(o->r->a, c->slice_count, struct slice);
    for (size_t i = 0; i < c->slice_count; i++)
        describe_slice(o, &o->macho.slices[i], &c->slices[i]);
    if (!usable)
        return object_settle(o, before, NULL) && false;
    if (!choose_slice(o))
        return object_fail(o, finding_add(c->findings, FINDING_MACHO_FORMAT, object_place(o),
                                          "there is no slice %s", o->r->options->only_arch));
    macho_check_types(&o->macho, c->main_slice, c->findings, object_place(o));
    return o->macho.slices[c->main_slice].usable || object_settle(o, before, NULL);
}

/* A file without slices counts as one. */
void image_describe_whole(struct object *o, const char *format)
{
    struct code *c = o->c;
    c->format = format;
    c->slice_count = 1;
    c->slices = arena_new_of(o->r->a, struct slice);
    c->slices->arch = "";
    c->slices->size = o->main.n;
    c->slices->sig.location = "unsigned";
    c->slices->sig.timestamp = c->slices->sig.signing_time = WHEN_NONE;
}

/* A file that is no Mach-O: one range of bytes, with a signature in extended attributes or bundle files. */
static bool open_generic(struct object *o)
{
    image_describe_whole(o, "generic");
    (void)fs_xattrs(o->r->fs, o->r->a, o->main_path, &o->xattrs, NULL);
    return true;
}

/* A disk image: trailer or header, and a SuperBlob that they name. */
static bool open_image(struct object *o)
{
    size_t before = o->c->findings->list.n;
    bool usable = udif_parse(o->main, o->c->findings, object_place(o), &o->udif);
    image_describe_whole(o, o->udif.kind == UDIF_ENCRYPTED ? "encrypted disk image" : "disk image");
    o->c->slices->sig.offset = o->udif.signature_offset;
    return usable || object_settle(o, before, NULL);
}

bool image_open(struct object *o)
{
    struct node node;
    int error = 0;
    if (fs_stat(o->r->fs, o->main_path, &node, &error) != DS_OK ||
        fs_map(o->r->fs, o->r->a, o->main_path, &o->main, &error) != DS_OK)
        return object_fail_errno(o, o->c->executable, error);
    enum macho_sniff sniff = macho_sniff(o->main);
    if (sniff == MACHO_FAT_64)
        finding_add(o->c->findings, FINDING_FAT_64, object_place(o), NULL);
    o->is_macho = sniff == MACHO_YES;
    if (o->is_macho)
        return open_macho(o);
    if (udif_sniff(o->main) != UDIF_NO)
        return open_image(o);
    if (contents_wanted(o) && xar_sniff(o->main))
        return package_open(o);
    o->is_archive = contents_wanted(o) && archive_sniff(o->main, o->main_path);
    return open_generic(o);
}

/* -- validating one slice */

static void set_bound(struct object *o, const struct macho_slice *m, struct core *core)
{
    core->info = o->info;
    core->resources = o->seal;
    core->rep = (struct bound){o->udif.kind != UDIF_NO, o->udif.header};
    if (!o->c->is_bundle && m)
        core->info = (struct bound){m->has_info_plist, m->info_plist};
}

static void set_range(struct object *o, const struct macho_slice *m, struct core *core)
{
    core->code = m ? m->data : o->main;
    core->code_offset = m ? m->offset : o->udif.base;
    if (!m && !bytes_part(o->main, o->udif.base, o->main.n - o->udif.base, &core->code))
        core->code = bytes_of(NULL, 0);
}

/* A detached signature is for the item itself. */
static bool set_detached(struct object *o, const struct macho_slice *m, struct components *out,
                         struct place at)
{
    struct bytes file = o->r->options->detached;
    if (o->parent || file.n == 0)
        return true;
    struct detached *d = arena_new_of(o->r->a, struct detached);
    size_t before = o->c->findings->list.n;
    out->detached = d;
    if (detached_parse(file, m ? m->arch.cputype : 0, o->c->findings, at, d))
        return true;
    return object_settle(o, before,
                         NULL); /* opened before any slice, so no architecture is named */
}

/* Parts of the signature: the SuperBlob, files, attributes. False: there is a SuperBlob, and it is broken. */
static bool set_components(struct object *o, const struct macho_slice *m, struct components *out,
                           struct place at)
{
    *out = (struct components){.a = o->r->a, .fs = o->r->fs, .meta = o->meta};
    if (!o->is_macho)
        out->xattrs = o->xattrs;
    if (!set_detached(o, m, out, at))
        return false;
    if (o->udif.has_signature) {
        out->has_superblob = true;
        out->superblob = o->udif.signature;
    }
    if (!m || !m->has_signature)
        return true;
    at.offset = (int64_t)(m->offset + m->sig_offset);
    out->has_superblob = superblob_parse(macho_signature_area(m), BLOB_SIGNATURE, o->c->findings,
                                         at, &out->superblob);
    return out->has_superblob;
}

static enum finding_id unsigned_finding(const struct object *o)
{
    if (!o->parent || !o->c->reached)
        return FINDING_SIG_UNSIGNED;
    return o->is_macho || o->c->is_bundle ? FINDING_NESTED_UNSIGNED : FINDING_NESTED_DATA_FILE;
}

static void validate_slice(struct object *o, size_t i)
{
    struct slice *s = &o->c->slices[i];
    const struct macho_slice *m = o->is_macho ? &o->macho.slices[i] : NULL;
    struct code_options options = *o->r->options;
    options.check_pages &= o->pass.pages;
    /* The loop over the others passes on no such flags (§5.5). */
    options.check_expiration &= i == o->c->main_slice;
    options.check_revocation &= i == o->c->main_slice;
    if (options.trust == TRUST_APPLE && i != o->c->main_slice)
        options.trust = TRUST_ANY_ROOT;
    struct components parts;
    struct core core = {.a = o->r->a,
                        .f = o->c->findings,
                        .at = slice_place(o, s),
                        .options = &options,
                        .components = &parts,
                        .unsigned_id = unsigned_finding(o),
                        .unsigned_why = o->is_macho ? NULL : macho_rejected(o->main),
                        .slice = s,
                        .team_first = i != o->c->main_slice};
    size_t before = o->c->findings->list.n;
    set_bound(o, m, &core);
    set_range(o, m, &core);
    if (set_components(o, m, &parts, core.at)) {
        s->sig.blob_length = (uint32_t)parts.superblob.blob.n;
        core_validate(&core, &s->sig);
    } else {
        s->sig.present = s->sig.unreadable = true;
    }
    if (i == o->c->main_slice)
        o->parts = parts;
    for (size_t k = 0; k < parts.used.n; k++)
        vec_push(o->r->a, &o->used, parts.used.at[k]);
    object_settle(o, before, core.at.arch);
}

/* -- all slices */

static bool same_team(const struct signature *x, const struct signature *y)
{
    const char *a = x->chosen ? x->chosen->team : NULL, *b = y->chosen ? y->chosen->team : NULL;
    return a && b ? strcmp(a, b) == 0 : a == b;
}

/* Faults that keep another slice from being validated at all; they carry no architecture line. */
static bool slice_opens(struct object *o, const struct macho_slice *m)
{
    struct place at = object_place(o);
    at.arch = m->name;
    if (!m->reachable)
        return object_fail(o, finding_add(o->c->findings, FINDING_FAT_SLICE_UNREACHABLE, at, NULL));
    if (m->usable)
        return true;
    for (size_t i = 0; i < o->c->findings->list.n; i++) {
        const struct finding *f = o->c->findings->list.at[i];
        if (f->place.arch && strcmp(f->place.arch, m->name) == 0 && f->stage == STAGE_LAYOUT)
            return object_fail(o, f);
    }
    return false;
}

/* The next slice in the all-slices loop (§7.1 step 3, §4.7). */
static void validate_other(struct object *o, size_t i)
{
    const struct signature *main = &object_slice(o)->sig;
    struct slice *s = &o->c->slices[i];
    struct findings *f = o->c->findings;
    if (!slice_opens(o, &o->macho.slices[i]))
        return;
    bool detached = !o->parent && o->r->options->detached.n != 0;
    if (!o->macho.slices[i].has_signature && !o->meta && !detached) {
        if (main->present)
            object_fail(o, finding_add(f, FINDING_SLICE_UNSIGNED, slice_place(o, s), NULL));
        return;
    }
    size_t before = f->list.n;
    const struct static_outcome was = o->c->outcome;
    validate_slice(o, i);
    if (main->chosen && s->sig.chosen && !same_team(main, &s->sig)) {
        o->c->outcome = was;
        object_fail(o, finding_add(f, FINDING_SLICE_TEAM_DIFFERS, slice_place(o, s),
                                   "%s here, %s in %s",
                                   s->sig.chosen->team ? s->sig.chosen->team : "none",
                                   main->chosen->team ? main->chosen->team : "none",
                                   object_slice(o)->arch));
    } else if (s->sig.unreadable && !was.first && o->c->outcome.first) {
        o->c->outcome.arch = NULL; /* its team is asked for before its core is validated */
    } else if (!s->sig.present && o->c->findings->list.n > before) {
        o->c->outcome.arch = NULL;
    }
}

/* Differences between slices that validation does not mind but people should know. */
static void compare_slices(struct object *o)
{
    const struct signature *main = &object_slice(o)->sig;
    for (size_t i = 0; i < o->c->slice_count; i++) {
        const struct signature *other = &o->c->slices[i].sig;
        if (i == o->c->main_slice || !main->chosen || !other->chosen)
            continue;
        const char *what =
            strcmp(main->chosen->identifier, other->chosen->identifier) != 0 ? "identifier"
            : main->chosen->flags != other->chosen->flags                    ? "flags"
            : !bytes_equal(main->entitlements_xml, other->entitlements_xml)  ? "entitlements"
            : !bytes_equal(main->requirements, other->requirements)          ? "requirements"
                                                                             : NULL;
        if (what)
            finding_add(o->c->findings, FINDING_SLICE_DIFFERS, slice_place(o, &o->c->slices[i]),
                        "its %s differ from those of %s", what, object_slice(o)->arch);
    }
}

/* Images and archives are rarely signed, and what matters is inside. */
static void settle_unsigned(struct object *o)
{
    const struct finding *first = o->c->outcome.first;
    bool container = o->udif.kind != UDIF_NO || o->is_archive;
    if (!container || !first || first->id != FINDING_SIG_UNSIGNED)
        return;
    o->c->findings->list.n--;
    if (o->is_archive)
        return;
    o->c->outcome.first = NULL;
    object_fail(o, finding_add(o->c->findings, FINDING_DMG_UNSIGNED, object_place(o), NULL));
}

void image_validate(struct object *o)
{
    if (o->is_package) {
        package_validate(o);
        return;
    }
    validate_slice(o, o->c->main_slice);
    settle_unsigned(o);
    if (!o->is_macho || o->r->options->only_arch)
        return;
    const size_t *order = macho_sorted(o->r->a, &o->macho);
    for (size_t i = 0; i < o->c->slice_count && object_goes_on(o); i++)
        if (order[i] != o->c->main_slice)
            validate_other(o, order[i]);
    compare_slices(o);
}

/* -- strict */

static uint64_t signing_limit(const struct object *o)
{
    if (o->udif.kind != UDIF_NO)
        return o->udif.limit;
    return o->is_macho ? o->macho.slices[o->c->main_slice].limit : o->main.n;
}

/* The first kind of data attached to the main file or the bundle's directory that must not be there (§7.3). */
void image_check_sideband(struct object *o, const char *path, const char *reported)
{
    unsigned found = o->r->options->restrict_sideband ? resources_detritus(o, path) : 0;
    bool fork = found & 1u << DETRITUS_FORK;
    struct finding *f;
    if (found == 0)
        return;
    f = finding_add(o->c->findings, FINDING_BUNDLE_XATTR, place_path(reported), "%s",
                    resources_detritus_name(fork ? DETRITUS_FORK : DETRITUS_FINDER));
    f->stage = STAGE_STATIC;
    object_fail(o, f);
}

void image_check_strict(struct object *o)
{
    size_t before = o->c->findings->list.n;
    if (o->udif.kind == UDIF_NO)
        image_check_sideband(o, o->main_path, o->c->executable);
    const struct signature *sig = &object_slice(o)->sig;
    uint64_t limit = signing_limit(o);
    bool legacy =
        o->udif.kind != UDIF_NO && sig->chosen && sig->chosen->code_limit == o->udif.whole;
    if (sig->chosen && sig->chosen->code_limit != limit && !legacy)
        finding_add(o->c->findings, FINDING_SIG_LIMIT, object_place(o),
                    "the directory covers %llu bytes, the signature begins at %llu",
                    (unsigned long long)sig->chosen->code_limit, (unsigned long long)limit);
    if (o->is_macho)
        macho_check_structure(&o->macho, o->c->findings, object_place(o));
    object_settle(o, before, NULL);
}
