/* SPDX-License-Identifier: Apache-2.0 */
/* Sign: entitlements, nested code and flags as a signer looks at them (subsystem-checks.md §17, §18). */
#include "policy/sign.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "format/entitle.h"

/* EB-01: the file given must be XML that AMFI's parser takes. */
static void check_entitlements(struct judging *j, const struct code *c)
{
    const struct signature *sig = code_signature(c);
    const char *error;
    struct bytes der;
    struct finding *f;

    if (!sig || !sig->has_xml_entitlements)
        return;
    if (sig->xml_error) {
        f = judging_add(j, FINDING_ENT_XML, c, "%s", sig->xml_error);
        judging_log(j, f, "codesign", "Failed to parse entitlements: AMFIUnserializeXML: %s",
                    sig->xml_error);
        return;
    }
    if (sig->entitlements_from_xml &&
        !entitle_der_encode(j->a, sig->entitlements_from_xml, &der, &error)) {
        f = judging_add(j, FINDING_ENT_UNENCODABLE, c, "%s", error);
        judging_log(j, f, "codesign", "%s: invalid entitlement plist", c->path);
    }
}

/* SV11.1: a signer takes the identifier from it. */
static void check_info(struct judging *j, const struct code *c)
{
    if (c->info_status != 0 && !judging_found(j, FINDING_INFO_PLIST_MALFORMED, c))
        judging_add(j, FINDING_INFO_PLIST_MALFORMED, c, NULL)->code = c->info_status;
}

/* LY-07: what lies where code belongs must be signed before what is around it. */
static void check_nested(struct judging *j, const struct code *c)
{
    const struct signature *sig = code_signature(c);
    bool is_signed = sig && sig->present;
    struct finding *f;

    if (!c->parent || !c->in_code_place || !c->slice_count || is_signed ||
        judging_found(j, FINDING_NESTED_UNSIGNED, c))
        return;
    f = judging_add(j, FINDING_NESTED_UNSIGNED, c, NULL);
    judging_log(j, f, "codesign", "%s: code object is not signed at all\nIn subcomponent: %s",
                c->parent->path, c->path);
}

static bool is_code(const struct judging *j, const char *path)
{
    for (size_t i = 0; i < j->all.n; i++)
        if (strcmp(j->all.at[i]->path, path) == 0)
            return true;
    return false;
}

static void refuse_data(struct judging *j, const struct code *c, const char *path)
{
    struct finding *made = judging_add(j, FINDING_NESTED_DATA_FILE, c, "%s", path);

    made->place.path = path;
    judging_log(j, made, "codesign", "%s: code object is not signed at all\nIn subcomponent: %s",
                c->path, path);
}

/* Nothing is sealed yet: of what is no code, scripts are known. */
static void check_scripts(struct judging *j, const struct code *c)
{
    for (size_t i = 0; !c->seal.present && i < c->plain.n; i++) {
        const struct plain_file *file = &c->plain.at[i];
        const char *path = path_join(j->a, c->path, file->path);
        bool main = c->executable && strcmp(path, c->executable) == 0;

        if (file->head.n && !main && text_starts(file->path, "Contents/") &&
            code_place(file->path + strlen("Contents/")) && !is_code(j, path))
            refuse_data(j, c, path);
    }
}

/* LY-14: a directory with a dot in its name would be taken for a bundle. */
static void check_directories(struct judging *j, const struct code *c)
{
    for (size_t i = 0; !c->seal.present && i < c->no_code.n; i++) {
        struct finding *made = judging_add(j, FINDING_BUNDLE_FORMAT, c, "%s", c->no_code.at[i]);

        made->place.path = c->no_code.at[i];
        made->stage = STAGE_SIGN;
    }
}

/* LY-06: a file that lies where code belongs would be taken for code, and is unsigned. */
static void check_data(struct judging *j, const struct code *c)
{
    const char *contents = path_join(j->a, c->path, "Contents");

    for (size_t i = 0; i < c->seal.loose.n; i++) {
        const char *path = path_join(j->a, contents, c->seal.loose.at[i]);

        if (!is_code(j, path))
            refuse_data(j, c, path);
    }

    for (size_t i = 0; c->findings && i < c->findings->list.n; i++) {
        const struct finding *f = c->findings->list.at[i];
        const char *inside = f->id == FINDING_SEAL_RESOURCE_ADDED && f->place.path
                                 ? path_relative(f->place.path, contents)
                                 : NULL;

        if (!inside || !code_place(inside) || is_code(j, f->place.path))
            continue;
        refuse_data(j, c, f->place.path);
    }
}

static void complain(struct judging *j, enum finding_id id, const struct code *c,
                     const struct slice *s)
{
    judging_add(j, id, c, NULL)->place.arch = s->arch;
}

/* SV2.3, SV11.3: what the image itself does not let a signer do. */
static void check_images(struct judging *j, const struct code *c)
{
    for (size_t i = 0; i < c->slice_count; i++) {
        const struct slice *s = &c->slices[i];

        if (s->uuid_bad)
            complain(j, FINDING_SIGN_UUID, c, s);
        if (s->exec_segments > 1)
            complain(j, FINDING_SIGN_EXEC_SEGMENTS, c, s);
        if (s->no_room)
            complain(j, FINDING_SIGN_NO_ROOM, c, s);
    }
}

static void check_flags(struct judging *j, const struct code *c)
{
    for (size_t i = 0; i < c->slice_count; i++) {
        const struct slice *s = &c->slices[i];
        bool wants = s->sig.chosen && (s->sig.chosen->flags & CD_FLAG_LIBRARY_VALIDATION);

        if (wants && strcmp(s->arch, "i386") == 0)
            judging_add(j, FINDING_SIGN_LV_I386, c, NULL)->place.arch = s->arch;
    }
}

/* Asked for beside the other stages, signing repeats what it shares with them. */
static void repeat_shared(struct judging *j, const struct code *c)
{
    for (size_t i = 0; c->findings && i < c->findings->list.n; i++) {
        const struct finding *f = c->findings->list.at[i];
        struct finding *again;

        if (!finding_listed(f->id, STAGE_SIGN) || f->severity < SEVERITY_REFUSED)
            continue;
        again = judging_add(j, f->id, c, f->detail ? "%s" : NULL, f->detail);
        again->place = f->place;
    }
}

void sign_judge(struct judging *j)
{
    for (size_t i = 0; i < j->all.n; i++) {
        const struct code *c = j->all.at[i];

        if (j->in->only != STAGE_SIGN)
            repeat_shared(j, c);
        check_info(j, c);
        check_entitlements(j, c);
        check_nested(j, c);
        check_data(j, c);
        check_scripts(j, c);
        check_directories(j, c);
        check_images(j, c);
        check_flags(j, c);
    }
}
