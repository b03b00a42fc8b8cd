/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Edit: one change of facts, written as text or as a value (dryseal-whatif(1)):
 *
 *     [PATH:]KEY=VALUE        Contents/PlugIns/T.appex:entitlements.com.apple.security.app-sandbox=true
 *     {set: {[PATH:]KEY: VALUE, …}}
 *
 * PATH is the code object, below the top-level item or as reported; none: the top-level item; `*`: all code. KEY is a row of
 * edit.def. VALUE is YAML; null takes away. In the second form the keys of a case's `change` are understood as well
 * (code."A.app".contains."Contents/PlugIns/T.appex".entitlements."KEY").
 */
#ifndef DS_POLICY_EDIT_H
#define DS_POLICY_EDIT_H

#include "policy/judge.h"

enum edit_id {
#define EDIT(id, key, named, phase, function, about) EDIT_##id,
#include "policy/edit.def"
#undef EDIT
    EDIT_COUNT
};

enum edit_phase {
    EDIT_PHASE_MAC,
    EDIT_PHASE_SIGNED,
    EDIT_PHASE_PROFILE,
    EDIT_PHASE_LOOSE,
    EDIT_PHASES
};

struct edit {
    enum edit_id id;
    const char *path;          /* of the code object; NULL: the top-level item */
    const char *name;          /* what follows the key's dot, NULL when the key has none */
    const struct value *value; /* VALUE_NULL: take it away */
    struct profile *profile;   /* EDIT_PROFILE with a file: the profile read from it */
};
struct edit_vec VEC_OF(struct edit);

const char *edit_key(enum edit_id id);
const char *edit_about(enum edit_id id);
enum edit_phase edit_phase(enum edit_id id);

/* DS_OK, or DS_PARSE with *ERROR (a suggestion too, when the key is a slip). */
enum ds_status edit_parse(struct arena *a, const char *text, struct edit *out,
                          struct value_error *error);
/* Append the edits of V: a {set: …}, a text, or a list of these. */
enum ds_status edits_read(struct arena *a, const struct value *v, struct edit_vec *out,
                          struct value_error *error);

/* "[PATH:]KEY=VALUE"; one {set: {KEY: VALUE}}. */
char *edit_text(struct arena *a, const struct edit *e);
struct value *edit_tree(struct arena *a, const struct edit *e);

/* The same change of the same object. */
bool edit_equal(const struct edit *a, const struct edit *b);

/*
 * The parts of a dotted name: a part in quotes may hold dots, and so may the rest when DICT has it as a key (`info.A.B`,
 * where "A.B" is a key). DICT may be NULL.
 */
void edit_parts(struct arena *a, const char *name, const struct value *dict, struct name_vec *out);

#endif
