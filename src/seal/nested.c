/* SPDX-License-Identifier: Apache-2.0 */
/* Nested: see nested.h. */
#include "seal/nested.h"

#include <string.h>

#include "base/text.h"
#include "lang/compile.h"

/* What is wrong with CHILD is thrown through O, place and architecture kept (§6.9). */
static void pass_on(struct object *o, const struct code *child)
{
    if (child->outcome.first && !o->c->outcome.first)
        o->c->outcome = child->outcome;
}

/* The version directories of a framework other than the one in use (§6.9). */
static void check_versions(struct object *o, const char *path, const struct code *framework)
{
    struct name_vec names;
    const char *dir = path_join(o->r->a, path, "Versions");
    if (!o->r->options->strict || !text_ends(path, ".framework") ||
        fs_list(o->r->fs, o->r->a, dir, &names, NULL) != DS_OK)
        return;
    for (size_t i = 0; i < names.n; i++) {
        const char *version = path_join(o->r->a, dir, names.at[i]);
        if (strcmp(names.at[i], "Current") == 0 || !fs_is_dir(o->r->fs, version) ||
            strcmp(version, framework->root) == 0)
            continue;
        const struct code *other = reader_code(o->r, version, o, true);
        if (!other || !other->outcome.first)
            continue;
        const struct finding *f =
            finding_add(o->c->findings, FINDING_FRAMEWORK_OTHER_VERSION,
                        place_path(framework->path), "version %s", names.at[i]);
        object_fail(o, f);
        if (o->c->outcome.first == f)
            o->c->outcome.where = framework;
    }
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
    struct code *child = reader_classified(o->r, path, o, o->c->reached);
    if (!child)
        return NULL;
    pass_on(o, child);
    check_versions(o, path, child);
    return NULL;
}
