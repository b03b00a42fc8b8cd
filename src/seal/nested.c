/* SPDX-License-Identifier: Apache-2.0 */
/* Nested: see nested.h. */
#include "seal/nested.h"

#include <string.h>

#include "base/osstatus.h"
#include "base/text.h"
#include "lang/compile.h"
#include "seal/meets.h"

/* What is wrong with CHILD is thrown through O, place and architecture kept (§6.9). */
static void pass_on(struct object *o, const struct code *child)
{
    if (child->outcome.first && !o->c->outcome.first)
        o->c->outcome = child->outcome;
}

/* F, added to O's findings, is thrown with CHILD as its place. */
static void throw_at(struct object *o, const struct finding *f, const struct code *child)
{
    object_fail(o, f);
    if (o->c->outcome.first == f)
        o->c->outcome.where = child;
}

/* -- requirement (§7.1 step i): the last step of each slice's core */

enum answer { MET, UNMET, NOT_REACHED };

/* An evaluation that ends in an error is thrown like a broken signature. */
static void throw_status(struct object *o, struct object *child, int64_t status)
{
    enum finding_id id = status == errSecCSBadDictionaryFormat || status == OSSTATUS_NO_DICTIONARY
                             ? FINDING_INFO_PLIST_MALFORMED
                         : status == -26275 ? FINDING_ENT_DER
                                            : FINDING_REQ_BLOB;
    struct finding *f = finding_add(child->c->findings, id, object_place(child), NULL);
    f->stage = STAGE_STATIC;
    f->severity = SEVERITY_FATAL;
    f->has_code = true;
    f->code = status;
    object_fail(child, f);
    throw_at(o, f, child->c);
}

static enum answer slice_answer(struct object *o, struct object *child, size_t i,
                                struct bytes requirement)
{
    const struct signature *sig = &child->c->slices[i].sig;
    if (!sig->core_valid)
        return NOT_REACHED;
    struct met met = code_satisfies(o->r->a, child->c, sig, requirement, NULL);
    if (met.verdict != VERDICT_NO)
        return MET;
    if (met.status == errSecCSReqFailed)
        return UNMET;
    throw_status(o, child, met.status);
    return NOT_REACHED;
}

/* The slices in the order of validation; the first that does not meet the requirement, or is broken, decides. */
static enum answer requirement_answer(struct object *o, struct object *child,
                                      struct bytes requirement)
{
    enum answer answer = slice_answer(o, child, child->c->main_slice, requirement);
    if (answer != MET || !child->is_macho || o->r->options->only_arch)
        return answer;
    const size_t *order = macho_sorted(o->r->a, &child->macho);
    for (size_t i = 0; i < child->c->slice_count && answer == MET; i++)
        if (order[i] != child->c->main_slice)
            answer = slice_answer(o, child, order[i], requirement);
    return answer;
}

/* -- other versions of a framework (§6.9) */

static bool is_other_version(struct object *o, const char *version, const struct code *framework)
{
    return strcmp(path_base(version), "Current") != 0 && fs_is_dir(o->r->fs, version) &&
           strcmp(version, framework->root) != 0;
}

/*
 * ASSUMPTION(framework-other-version): only strict validation looks at them, and what is wrong there follows its own
 * finding.
 */
static void check_version(struct object *o, const char *path, const struct code *framework,
                          struct bytes requirement)
{
    struct object *other = reader_object(o->r, path, o, o->c->reached);
    if (!other || (!other->c->outcome.first && requirement_answer(o, other, requirement) == MET))
        return;
    /* What is wrong there only explains it. */
    for (size_t i = 0; i < other->c->findings->list.n; i++)
        if (other->c->findings->list.at[i]->stage == STAGE_LAYOUT)
            other->c->findings->list.at[i]->stage = STAGE_STATIC;
    throw_at(o,
             finding_add(o->c->findings, FINDING_FRAMEWORK_OTHER_VERSION,
                         place_path(framework->path), "version %s", path_base(path)),
             framework);
}

static void check_versions(struct object *o, const char *path, const struct code *framework,
                           struct bytes requirement)
{
    struct name_vec names;
    const char *dir = path_join(o->r->a, path, "Versions");
    if (!o->r->options->strict || !text_ends(path, ".framework") ||
        fs_list(o->r->fs, o->r->a, dir, &names, NULL) != DS_OK)
        return;
    for (size_t i = 0; i < names.n; i++) {
        const char *version = path_join(o->r->a, dir, names.at[i]);
        if (is_other_version(o, version, framework))
            check_version(o, version, framework, requirement);
    }
}

/* -- */

static const struct finding *unmet(struct object *o, const struct code *child, struct bytes text)
{
    struct arena *a = o->r->a;
    return finding_add(o->c->findings, FINDING_NESTED_REQUIREMENT, place_path(child->path),
                       "the seal wants %s", bytes_printable(a, text, 400));
}

const struct finding *nested_check(struct object *o, const char *path, struct bytes requirement)
{
    struct req_options options = {.mode = REQ_SINGLE};
    struct req_compiled compiled = req_compile(o->r->a, requirement, &options);
    if (!compiled.ok) {
        object_fail(o, finding_add(o->c->findings, FINDING_SEAL_STRUCTURE, object_place(o),
                                   "the requirement of %s does not compile", path_base(path)));
        return NULL;
    }
    struct object *child = reader_classified(o->r, path, o, o->c->reached);
    if (!child)
        return NULL; /* too deep, and refused for it */
    child->c->sealed_by_parent = true;
    enum answer answer = child->opened ? requirement_answer(o, child, compiled.blob) : NOT_REACHED;
    if (answer == UNMET)
        child->c->prepared = false;
    if (answer == UNMET)
        return unmet(o, child->c, requirement);
    pass_on(o, child->c);
    check_versions(o, path, child->c, compiled.blob);
    return NULL;
}
