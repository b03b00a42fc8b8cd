/* SPDX-License-Identifier: Apache-2.0 */
/* Components: see components.h. */
#include "seal/components.h"

#include <string.h>

#include "base/text.h"

#define XATTR_PREFIX "com.apple.cs."

const char *component_source_name(enum component_source source)
{
    static const char *const name[] = {"unsigned", "embedded", "bundle files",
                                       "extended attributes", "explicit detached"};
    return name[source];
}

static enum component from_file(struct components *c, const char *name, struct bytes *out)
{
    struct node node;
    int error;
    const char *path = path_join(c->a, c->meta, name);
    if (fs_stat(c->fs, path, &node, &error) != DS_OK || node.kind != NODE_FILE ||
        fs_map(c->fs, c->a, path, out, &error) != DS_OK)
        return COMPONENT_ABSENT;
    vec_push(c->a, &c->used, name);
    return COMPONENT_PRESENT;
}

static enum component from_xattr(const struct components *c, const char *name, struct bytes *out)
{
    for (size_t i = 0; i < c->xattrs.n; i++) {
        const struct xattr *x = &c->xattrs.at[i];
        if (text_starts(x->name, XATTR_PREFIX) &&
            strcmp(x->name + strlen(XATTR_PREFIX), name) == 0) {
            *out = x->value;
            return COMPONENT_PRESENT;
        }
    }
    return COMPONENT_ABSENT;
}

/* The executable's own part first, then files or attributes; *SOURCE says which was asked last. */
static enum component from_outside(struct components *c, const char *name, struct bytes *out,
                                   enum component_source *source)
{
    *source = c->meta ? SOURCE_FILES : SOURCE_XATTRS;
    if (!name)
        return COMPONENT_ABSENT;
    return c->meta ? from_file(c, name, out) : from_xattr(c, name, out);
}

enum component components_get(struct components *c, uint32_t slot, struct findings *f,
                              struct place at, struct bytes *out)
{
    enum component_source source = SOURCE_EMBEDDED;
    enum component found = COMPONENT_ABSENT;
    *out = bytes_of(NULL, 0);
    if (c->detached)
        found = detached_component(c->detached, slot, f, at, out);
    if (found != COMPONENT_ABSENT) {
        c->source = c->source == SOURCE_NONE ? SOURCE_DETACHED : c->source;
        return found;
    }
    if (c->has_superblob)
        found = superblob_component(&c->superblob, slot, f, at, out);
    if (found == COMPONENT_ABSENT)
        found = from_outside(c, slot_component(slot), out, &source);
    if (found == COMPONENT_ABSENT)
        return found;
    if (c->source == SOURCE_NONE)
        c->source = source;
    c->mixed |= c->source != source && c->source != SOURCE_DETACHED;
    return found;
}
