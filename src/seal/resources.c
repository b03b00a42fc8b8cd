/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Resources: the files of a bundle against its seal (static-validation.md §6), in the reference's order: the seal
 * itself, strict checks on its rules, every item below the resource base, then what is missing. Items are taken in
 * bytewise order of their directories (ASSUMPTION(SEAL-ORDER): the reference's own order is not stable).
 */
#include <errno.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/osstatus.h"
#include "base/text.h"
#include "format/plist.h"
#include "seal/nested.h"
#include "seal/reader.h"
#include "seal/resources.h"

struct scan {
    struct object *o;
    struct sealed *sealed;
    struct batch *batch;
    struct buf path;             /* of the item, in the file system */
    size_t base;                 /* length of the base and its slash in it */
    const struct finding *first; /* of those that are collected */
    size_t first_number;         /* the item it belongs to */
    size_t number;               /* of the item being looked at */
    bool in_bundle;              /* it lies in a bundle that is sealed as mere files */
};

static const char *relative(const struct scan *s)
{
    return buf_cstr(&s->path) + s->base;
}

static struct place item_place(const struct scan *s, const char *rest)
{
    const struct object *o = s->o;
    const char *base = path_relative(o->base, o->c->fs_path);
    const char *top = base ? path_join(o->r->a, o->c->path, base) : o->c->path;
    return place_path(path_join(o->r->a, top, rest));
}

/* An immediate error (§6.10). */
static bool stop(struct scan *s, const struct finding *f)
{
    return object_fail(s->o, f);
}

/* A fault of item NUMBER that is remembered while the comparison goes on. */
static void collect(struct scan *s, size_t number, const struct finding *f)
{
    if (s->first && s->first_number <= number)
        return;
    s->first = f;
    s->first_number = number;
}

static struct finding *note(struct scan *s, enum finding_id id, const char *rest, const char *why)
{
    struct finding *f =
        finding_add(s->o->c->findings, id, item_place(s, rest), why ? "%s" : NULL, why);
    f->stage = STAGE_STATIC;
    return f;
}

static void alter(struct scan *s, const char *why)
{
    collect(s, s->number, note(s, FINDING_SEAL_RESOURCE_MODIFIED, relative(s), why));
}

static bool stop_errno(struct scan *s, const char *rest, int error)
{
    return object_fail_errno(s->o, item_place(s, rest).path, error);
}

/* -- one item (§6.7) */

/* Zeroes are no Finder information, but a fork of zeroes is a fork. */
static bool is_detritus(const struct xattr *x, enum detritus kind)
{
    if (strcmp(x->name, resources_detritus_name(kind)) != 0)
        return false;
    return kind == DETRITUS_FORK ? x->value.n != 0 : !bytes_zero(x->value);
}

const char *resources_detritus_name(enum detritus kind)
{
    return kind == DETRITUS_FORK ? "com.apple.ResourceFork" : "com.apple.FinderInfo";
}

unsigned resources_detritus(struct object *o, const char *path)
{
    struct arena *a = arena_child(o->r->a);
    struct xattr_vec xattrs;
    unsigned found = 0;
    if (fs_xattrs(o->r->fs, a, path, &xattrs, NULL) != DS_OK)
        xattrs.n = 0;
    for (size_t i = 0; i < xattrs.n; i++)
        for (enum detritus kind = DETRITUS_FORK; kind <= DETRITUS_FINDER; kind++)
            if (is_detritus(&xattrs.at[i], kind))
                found |= 1u << kind;
    arena_child_free(a);
    return found;
}

static bool check_sideband(struct scan *s, const struct node *node)
{
    const struct code_options *options = s->o->r->options;
    const char *path = buf_cstr(&s->path), *real = path;
    if (!options->strict || !options->restrict_sideband || s->sealed->version < 2)
        return true;
    int error = node->kind == NODE_LINK ? reader_resolve(s->o->r, path, &real) : 0;
    /* ASSUMPTION(detritus-through-dead-link): out of what we were given, or nowhere, is for the test of links (V8). */
    if (error == EXDEV || error == ENOENT || error == ELOOP)
        return true;
    if (error != 0)
        return stop_errno(s, relative(s), error);
    unsigned found = resources_detritus(s->o, real);
    for (enum detritus kind = DETRITUS_FORK; kind <= DETRITUS_FINDER; kind++)
        if (found & 1u << kind)
            collect(s, s->number,
                    note(s, FINDING_BUNDLE_XATTR, relative(s), resources_detritus_name(kind)));
    return true;
}

/* Lists of the hashes to compare: one for each type the signature carries (§6.6). */
static bool want_hashes(struct scan *s, const struct sealed_entry *entry, struct wanted *out)
{
    const struct signature *sig = &object_slice(s->o)->sig;
    out->count = 0;
    for (size_t i = 0; i < sig->directory_count; i++) {
        uint8_t type = sig->directories[i].hash_type;
        if (codedir_rank(type) == 0)
            continue;
        if (!sealed_hash(entry, (enum digest_type)type, &out->hash[out->count]))
            return false;
        out->type[out->count++] = (enum digest_type)type;
    }
    return true;
}

static bool check_hash(struct scan *s, struct sealed_item *item, const struct node *node)
{
    struct wanted wanted = {.item = item, .number = s->number, .node = *node, .keep = s->in_bundle};
    if (!want_hashes(s, &item->entry, &wanted))
        return stop(s, note(s, FINDING_SEAL_STRUCTURE, relative(s), "its entry holds no hash"));
    if (node->kind == NODE_LINK) {
        alter(s, "it is a symbolic link now");
        return true;
    }
    if (node->kind == NODE_DIR)
        return stop_errno(s, relative(s), EISDIR);
    batch_add(s->batch, &wanted);
    return true;
}

/* Where sealed links may lead (§6.8). */
static void check_destination(struct scan *s, const char *text)
{
    const struct code_options *options = s->o->r->options;
    const char *why;
    if (!options->strict || !options->restrict_symlinks)
        return;
    why = symlink_fault(s->o, buf_cstr(&s->path), text);
    if (why)
        collect(s, s->number,
                finding_add(s->o->c->findings, FINDING_SEAL_SYMLINK, item_place(s, relative(s)),
                            "it leads to %s, which %s",
                            bytes_printable(s->o->r->a, bytes_str(text), 200), why));
}

static bool check_link(struct scan *s, const struct sealed_entry *e, const struct node *node)
{
    char *text;
    int error = 0;
    if (node->kind != NODE_LINK) {
        alter(s, "it was a symbolic link when sealed");
        return true;
    }
    if (fs_readlink(s->o->r->fs, s->o->r->a, buf_cstr(&s->path), &text, &error) != DS_OK)
        return stop_errno(s, relative(s), error);
    if (!bytes_equal(bytes_str(text), e->requirement)) {
        struct arena *a = s->o->r->a;
        alter(s, arena_printf(a, "it leads to %s, sealed was %s",
                              bytes_printable(a, bytes_str(text), 200),
                              bytes_printable(a, e->requirement, 200)));
        return true;
    }
    check_destination(s, text);
    return true;
}

static bool check_nested(struct scan *s, const struct sealed_entry *e, const struct node *node)
{
    if (node->kind == NODE_LINK) {
        alter(s, "it was code when sealed and is a symbolic link now");
        return true;
    }
    const char *path = arena_strdup(s->o->r->a, buf_cstr(&s->path));
    const struct finding *unmet = nested_check(s->o, path, e->requirement);
    if (unmet)
        collect(s, s->number, unmet);
    return true;
}

static bool check_sealed(struct scan *s, struct sealed_item *item, const struct node *node)
{
    const struct sealed_entry *e = &item->entry;
    item->seen = true;
    switch (e->form) {
    case SEALED_NESTED: return check_nested(s, e, node);
    case SEALED_LINK: return check_link(s, e, node);
    case SEALED_HASH: return check_hash(s, item, node);
    case SEALED_BROKEN: break;
    }
    return stop(s, note(s, FINDING_SEAL_STRUCTURE, relative(s), e->why));
}

static bool check_item(struct scan *s, const struct node *node)
{
    struct sealed_item *item;
    s->number++;
    if (!check_sideband(s, node) && !object_goes_on(s->o))
        return false;
    if (s->o->main_literal && strcmp(buf_cstr(&s->path), s->o->main_literal) == 0) {
        collect(s, s->number, note(s, FINDING_SEAL_RECURSIVE, relative(s), NULL));
        return true;
    }
    item = index_find(&s->sealed->by_path, bytes_str(relative(s)));
    if (item)
        return check_sealed(s, item, node);
    if (s->sealed->version == 1 && node->kind == NODE_LINK)
        return true;
    if (!legacy_forgives(s->o, bytes_str(relative(s)), true))
        collect(s, s->number, note(s, FINDING_SEAL_RESOURCE_ADDED, relative(s), NULL));
    return true;
}

/* -- the scan (§6.5) */

static bool scan_directory(struct scan *s, unsigned depth);

static const struct rule *rule_of(struct scan *s)
{
    return rules_find(&s->sealed->matcher, bytes_str(relative(s)));
}

static bool is_sealable(const struct rule *rule)
{
    return rule && !(rule->flags & (RULE_OMIT | RULE_EXCLUDED));
}

static bool scan_link(struct scan *s, const struct node *node)
{
    if (strcasecmp(path_base(relative(s)), ".DS_Store") == 0 &&
        !stop(s, note(s, FINDING_SEAL_DSSTORE_LINK, relative(s), NULL)) && !object_goes_on(s->o))
        return false;
    return is_sealable(rule_of(s)) ? check_item(s, node) : true;
}

static bool scan_subdirectory(struct scan *s, const struct node *node, unsigned depth)
{
    const struct rule *rule = rule_of(s);
    bool nested = rule && (rule->flags & RULE_NESTED) && !(rule->flags & RULE_EXCLUDED);
    if (nested && strchr(path_base(relative(s)), '.'))
        return check_item(s, node);
    if (rule && rule->flags & RULE_EXCLUDED)
        return true;
    bool outside = !s->in_bundle;
    s->in_bundle = s->in_bundle || children_is_bundle(s->o->r, buf_cstr(&s->path));
    bool on = scan_directory(s, depth + 1);
    s->in_bundle = s->in_bundle && !outside;
    return on;
}

static bool scan_other(struct scan *s)
{
    if (!s->o->r->options->strict)
        return true;
    (void)stop(s, note(s, FINDING_SEAL_FILE_TYPE, relative(s), NULL));
    return object_goes_on(s->o);
}

static bool scan_entry(struct scan *s, unsigned depth)
{
    struct node node;
    if (fs_stat(s->o->r->fs, buf_cstr(&s->path), &node, NULL) != DS_OK)
        node.kind = NODE_OTHER;
    switch (node.kind) {
    case NODE_FILE: return is_sealable(rule_of(s)) ? check_item(s, &node) : true;
    case NODE_LINK: return scan_link(s, &node);
    case NODE_DIR: return scan_subdirectory(s, &node, depth);
    case NODE_NONE:
    case NODE_OTHER: break;
    }
    return scan_other(s);
}

/* Limits of ours end the scan as an unreadable directory would. */
static bool within_limits(struct scan *s, unsigned depth)
{
    if (depth <= LIMIT_TREE_DEPTH && s->o->r->nodes < LIMIT_TREE_NODES &&
        !s->sealed->matcher.exhausted)
        return true;
    return stop(s, note(s, FINDING_INPUT_LIMIT, relative(s),
                        depth > LIMIT_TREE_DEPTH       ? "directories too deep"
                        : s->sealed->matcher.exhausted ? "rules too costly to match"
                                                       : "too many files"));
}

/* The directory at the path; false when the scan is to end. */
static bool scan_directory(struct scan *s, unsigned depth)
{
    struct arena *a = arena_child(s->o->r->a);
    struct name_vec names;
    size_t length = s->path.n;
    bool on = within_limits(s, depth);
    if (on && fs_list(s->o->r->fs, a, buf_cstr(&s->path), &names, NULL) != DS_OK) {
        names.n = 0;
        if (s->o->r->options->strict)
            on = stop(s, note(s, FINDING_SEAL_UNREADABLE, relative(s), NULL)) ||
                 object_goes_on(s->o);
    }
    for (size_t i = 0; on && i < names.n; i++, s->o->r->nodes++) {
        buf_cut(&s->path, length);
        buf_printf(&s->path, "/%s", names.at[i]);
        on = scan_entry(s, depth);
    }
    buf_cut(&s->path, length);
    arena_child_free(a);
    return on;
}

/* Sealed and never met (§6.7, last part). */
static void find_missing(struct scan *s)
{
    for (size_t i = 0; i < s->sealed->items.n; i++) {
        struct sealed_item *item = &s->sealed->items.at[i];
        const struct sealed_entry *e = &item->entry;
        const char *path = (const char *)item->path.p;
        if (item->seen)
            continue;
        s->number++;
        if (e->form == SEALED_BROKEN) {
            (void)stop(s, note(s, FINDING_SEAL_STRUCTURE, path, e->why));
            if (!object_goes_on(s->o))
                return;
        } else if (!e->optional) {
            collect(s, s->number, note(s, FINDING_SEAL_RESOURCE_MISSING, path, NULL));
        }
    }
}

/* What the batch found about sealed files. */
static void take_result(void *self, const struct wanted *w)
{
    struct scan *s = self;
    const char *path = (const char *)w->item->path.p;
    if (w->error != 0)
        (void)stop_errno(s, path, w->error);
    else if (w->differs && !legacy_forgives(s->o, w->item->path, false))
        collect(s, w->number, note(s, FINDING_SEAL_RESOURCE_MODIFIED, path, w->why));
}

/* -- one resource (§7.3b) */

static void fail_with(struct scan *s, enum finding_id id, int64_t code, const char *rest,
                      const char *why)
{
    struct finding *f = note(s, id, rest, why);
    f->severity = SEVERITY_FATAL;
    f->code = code;
    (void)stop(s, f);
}

static void aim(struct scan *s, const char *rest)
{
    buf_cut(&s->path, s->base - 1);
    buf_printf(&s->path, "/%s", rest);
}

/* The entry at the path: what is wrong with it is thrown, also what a whole comparison collects. */
static void check_entry(struct scan *s, struct sealed_item *item)
{
    struct node node = {.kind = NODE_NONE};
    if (fs_stat(s->o->r->fs, buf_cstr(&s->path), &node, NULL) != DS_OK || node.kind == NODE_NONE) {
        if (!item->entry.optional)
            collect(s, 0, note(s, FINDING_SEAL_RESOURCE_MISSING, relative(s), NULL));
        return;
    }
    if (check_sideband(s, &node) && check_sealed(s, item, &node))
        batch_flush(s->batch);
    if (s->first && s->first->id == FINDING_NESTED_REQUIREMENT)
        ((struct finding *)(uintptr_t)s->first)->code = errSecCSBadResource;
}

/* What of the path REST above it is sealed: code, which then compares the rest itself, or links, which are right as such.
 * True when REST leads through such a link. */
static bool check_above(struct scan *s, const char *rest)
{
    struct arena *a = s->o->r->a;
    bool through_link = false;
    for (const char *up = path_dir(a, rest); *up && strcmp(up, "/") != 0; up = path_dir(a, up)) {
        struct sealed_item *item = index_find(&s->sealed->by_path, bytes_str(up));
        if (!item)
            continue;
        aim(s, up);
        check_entry(s, item);
        if (item->entry.form == SEALED_NESTED || s->first || s->o->c->outcome.first)
            return false;
        if (item->entry.form != SEALED_LINK)
            break;
        through_link = true;
    }
    if (!through_link)
        collect(s, 0, note(s, FINDING_SEAL_RESOURCE_ADDED, rest, NULL));
    return through_link;
}

/* The resource relative to the base, in the text of its path or where its links lead; NULL: outside. */
static const char *resource_rest(const struct object *o, bool follow)
{
    const char *path = o->r->options->resource, *real;
    const char *rest = path_relative(path, o->layout.support);
    if (follow)
        rest = NULL;
    if (!rest && reader_resolve(o->r, path, &real) == 0)
        rest = path_relative(real, o->base);
    return rest;
}

static void check_resource(struct scan *s, bool follow)
{
    const struct object *o = s->o;
    const char *rest = resource_rest(o, follow);
    if (!rest && o->parent)
        return; /* nested code as such was asked about, and its core has been seen */
    if (!rest) {
        fail_with(s, FINDING_SEAL_NOT_SEALED, errSecParam, path_base(o->r->options->resource),
                  "it does not lie where the seal reaches");
        return;
    }
    aim(s, rest);
    if (strcmp(rest, "Info.plist") == 0 ||
        (o->main_literal && strcmp(buf_cstr(&s->path), o->main_literal) == 0) ||
        (o->main_path && strcmp(buf_cstr(&s->path), o->main_path) == 0))
        return; /* the core has seen them */
    const struct rule *rule = rule_of(s);
    struct sealed_item *item = index_find(&s->sealed->by_path, bytes_str(rest));
    if (rule && rule->flags & (RULE_OMIT | RULE_EXCLUDED))
        fail_with(s, FINDING_SEAL_NOT_SEALED, errSecCSResourcesNotSealed, rest,
                  "a rule leaves it out");
    else if (item)
        check_entry(s, item);
    else if (check_above(s, rest) && !follow)
        check_resource(s, true);
}

static void scan_all(struct object *o)
{
    struct scan s = {.o = o, .sealed = o->sealed, .path = {.arena = o->r->a}};
    struct batch batch = {
        .r = o->r, .a = arena_child(o->r->a), .base = o->base, .take = take_result, .self = &s};
    bool one = o->r->options->resource != NULL, whole = !one;
    if (one && !o->c->reached)
        return;
    s.batch = &batch;
    buf_str(&s.path, o->base);
    s.base = s.path.n + 1;
    if (one)
        check_resource(&s, false);
    else
        whole = scan_directory(&s, 0);
    if (object_goes_on(o))
        batch_flush(&batch);
    arena_child_free(batch.a);
    if (whole && object_goes_on(o))
        find_missing(&s);
    if (o->sealed->matcher.tied.n)
        finding_add(o->c->findings, FINDING_SEAL_RULE_TIE, object_place(o), "%s",
                    bytes_printable(o->r->a, o->sealed->matcher.tied, 200));
    if (s.first && !o->c->outcome.first) {
        object_fail(o, s.first);
        o->c->outcome.collected = !one;
    }
}

/* -- the seal itself (§6.1, §6.12) */

static bool refuse(struct object *o, enum finding_id id, const char *why)
{
    struct place at = object_place(o);
    at.slot = SLOT_RESOURCES;
    return object_fail(o, finding_add(o->c->findings, id, at, why ? "%s" : NULL, why));
}

static bool refuse_absent(struct object *o)
{
    const struct signature *sig = &object_slice(o)->sig;
    bool linker = sig->chosen && sig->chosen->flags & CD_FLAG_LINKER_SIGNED;
    return refuse(o, linker ? FINDING_SEAL_LINKER_SIGNED : FINDING_SEAL_NONE, NULL);
}

/* Slot 3 binds the file: true when it is there and the one that was signed, or not bound at all. */
static bool check_slot(struct object *o, const struct codedir *cd)
{
    if (!codedir_binds(cd, SLOT_RESOURCES))
        return true;
    if (!o->seal.present)
        return refuse(o, FINDING_SEAL_DIRECTORY_MODIFIED,
                      "CodeResources is bound by slot 3 and missing");
    struct bytes digest = digest_bytes(o->r->a, (enum digest_type)cd->hash_type, o->seal.data);
    if (codedir_matches(cd, -(int64_t)SLOT_RESOURCES, digest))
        return true;
    return refuse(o, FINDING_SEAL_DIRECTORY_MODIFIED,
                  "CodeResources is not the file that was signed");
}

/* Q of §6.11: the resources directory relative to the base. */
static const char *resources_prefix(const struct object *o)
{
    return o->layout.kind == LAYOUT_FLAT ? "" : "Resources/";
}

static bool check_rules(struct object *o)
{
    struct arena *a = o->r->a;
    const struct sealed *s = o->sealed;
    const char *weak;
    if (!o->r->options->strict)
        return true;
    for (size_t i = 0; i < s->rules->count; i++)
        if (s->rules->items[i]->type != VALUE_BOOL && s->rules->items[i]->type != VALUE_DICT)
            return refuse(o, FINDING_SEAL_RULES_INVALID,
                          "a rule is neither boolean nor dictionary");
    weak = rules_weakness(a, s->rules, s->version, resources_prefix(o));
    if (weak)
        refuse(o, FINDING_SEAL_RULES_WEAK, weak);
    if (s->version == 1)
        refuse(o, FINDING_SEAL_V1_ONLY, NULL);
    return object_goes_on(o);
}

static bool read_rules(struct object *o)
{
    const char *why, *executable = NULL;
    if (o->main_literal)
        executable = path_relative(o->main_literal, o->layout.support);
    o->sealed->matcher.cache = &o->r->patterns;
    enum rules_error error =
        rules_read(o->r->a, o->sealed->rules, bytes_str(executable), &o->sealed->matcher, &why);
    if (error == RULES_OK)
        return true;
    refuse(o, FINDING_SEAL_RULES_INVALID, why);
    if (error == RULES_FRACTION) {
        struct finding *f = o->c->findings->list.at[o->c->findings->list.n - 1];
        f->code = OSSTATUS_NO_DICTIONARY;
    }
    return false;
}

static bool report(struct object *o, enum sealed_fault fault)
{
    switch (fault) {
    case SEALED_OK: return true;
    case SEALED_UNPARSABLE: return refuse(o, FINDING_SEAL_MALFORMED, "it is no property list");
    case SEALED_UNUSABLE: return refuse_absent(o);
    case SEALED_BAD_PART:
        return refuse(o, FINDING_SEAL_STRUCTURE, "rules2 or files2 is no dictionary");
    case SEALED_NO_DICT: break;
    }
    refuse(o, FINDING_SEAL_MALFORMED, "it is no dictionary");
    o->c->findings->list.at[o->c->findings->list.n - 1]->code = OSSTATUS_NO_DICTIONARY;
    return false;
}

static size_t entries(const struct value *dict)
{
    return value_is(dict, VALUE_DICT) ? dict->count : 0;
}

/* Debug symbols may lie anywhere, by a rule of their own; flat bundles have no places for code. */
static bool is_loose(const struct object *o, const struct sealed_item *item)
{
    const char *path = (const char *)item->path.p;
    return item->entry.form == SEALED_HASH && o->layout.kind != LAYOUT_FLAT && code_place(path) &&
           !strstr(path, ".dSYM");
}

/* As display counts: by the key rules2, not files2. */
static void describe(struct object *o, const struct sealed *sealed)
{
    struct seal_facts *seal = &o->c->seal;
    const struct value *plist = seal->plist = sealed->plist;
    bool second = value_get(plist, "rules2") != NULL;
    seal->version = second ? 2 : 1;
    seal->rules = entries(value_get(plist, second ? "rules2" : "rules"));
    seal->files = seal->version == sealed->version
                      ? sealed->items.n
                      : entries(value_get(plist, second ? "files2" : "files"));
    seal->present = value_is(value_get(plist, "rules"), VALUE_DICT) &&
                    value_is(value_get(plist, "files"), VALUE_DICT);
    for (size_t i = 0; i < sealed->items.n; i++) {
        const char *path = (const char *)sealed->items.at[i].path.p;
        if (sealed->items.at[i].entry.form == SEALED_NESTED)
            vec_push(o->r->a, &seal->nested, path);
        else if (is_loose(o, &sealed->items.at[i]))
            vec_push(o->r->a, &seal->loose, path);
    }
}

static bool open_seal(struct object *o, const struct codedir *cd)
{
    bool bound = check_slot(o, cd);
    if (!bound && !object_goes_on(o))
        return false;
    if (!o->seal.present)
        return bound ? refuse_absent(o) : false;
    struct sealed *sealed = arena_new_of(o->r->a, struct sealed);
    enum sealed_fault fault = sealed_read(o->r->a, o->seal.data, sealed);
    describe(o, sealed);
    if (!codedir_binds(cd, SLOT_RESOURCES))
        return refuse_absent(o);
    if (fault == SEALED_OK)
        o->sealed = sealed;
    return report(o, fault);
}

bool resources_hold(const struct object *o, const char *path, const char *reported)
{
    const char *rest = o->base ? path_relative(path, o->base) : NULL;
    const struct findings *all = o->c->findings;
    if (!rest || !o->sealed || !index_find(&o->sealed->by_path, bytes_str(rest)))
        return false;
    for (size_t i = 0; i < all->list.n; i++) {
        const struct place *at = &all->list.at[i]->place;
        if (all->list.at[i]->severity >= SEVERITY_REFUSED && at->path &&
            strcmp(at->path, reported) == 0)
            return false;
    }
    return true;
}

/* A file has no resources, so a seal in its signature promises some that cannot be there. */
static void check_file(struct object *o, const struct codedir *cd)
{
    struct place at = object_place(o);
    o->seal.present = components_get(&o->parts, SLOT_RESOURCES, o->c->findings, at,
                                     &o->seal.data) == COMPONENT_PRESENT;
    if (!check_slot(o, cd) || !o->seal.present || !codedir_binds(cd, SLOT_RESOURCES))
        return;
    struct sealed *sealed = arena_new_of(o->r->a, struct sealed);
    enum sealed_fault fault = sealed_read(o->r->a, o->seal.data, sealed);
    if (fault == SEALED_OK || fault == SEALED_BAD_PART)
        refuse_absent(o);
    else if (fault != SEALED_UNUSABLE)
        report(o, fault);
}

void resources_check(struct object *o)
{
    const struct signature *sig = &object_slice(o)->sig;
    if (!sig->chosen)
        return;
    if (!o->c->is_bundle && o->pass.resources)
        check_file(o, sig->chosen);
    if (!o->c->is_bundle)
        return;
    bool based = reader_resolve(o->r, o->layout.support, &o->base) == 0;
    if (!open_seal(o, sig->chosen) || !check_rules(o) || !read_rules(o))
        return;
    if (o->pass.resources && based)
        scan_all(o);
}
