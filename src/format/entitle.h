/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Entitlements: the XML form as AMFI's strict parser takes it (subsystem-checks.md EB-01), the DER form in its
 * present and its older shape (static-validation.md §11.7), and their comparison. Input is what stands behind the
 * blob's header; where that is no 0xfade7171 or 0xfade7172 blob the content is ignored (§4.5), which is the caller's
 * business.
 */
#ifndef DS_FORMAT_ENTITLE_H
#define DS_FORMAT_ENTITLE_H

#include "base/arena.h"
#include "base/file.h"
#include "base/value.h"

/*
 * The dictionary in XML text, NULL with *ERROR (may be NULL): "syntax error near line 6", "duplicate dictionary key
 * near line 9", as the Mac words it after "AMFIUnserializeXML: " or "OSUnserializeXML: ". Nodes carry their line.
 */
struct value *entitle_xml(struct arena *a, struct bytes text, const char **error);

struct entitle_der {
    struct value *dict; /* NULL: not readable */
    bool old_form;      /* SET at the top, no version: shipped around 2020 */
    const char *fault;  /* why it is not readable, or not canonical; NULL when it is both */
    uint64_t fault_at;  /* offset in the DER */
};

/* Decode DER; true when it is readable and canonical. */
bool entitle_der_parse(struct arena *a, struct bytes der, struct entitle_der *out);

/* The same for launch constraints: byte strings are values there, and there is no older form. */
bool entitle_der_constraint(struct arena *a, struct bytes der, struct entitle_der *out);

/* One value of the new form, as profiles hold it too; NULL and *FAULT, *FAULT_AT of OUT when it is not readable. */
struct der;
struct value *entitle_der_value(struct arena *a, const struct der *der, struct entitle_der *out);

/* The new form of DICT; false with *ERROR, which names the key, for a value that has none (§11.7). */
bool entitle_der_encode(struct arena *a, const struct value *dict, struct bytes *out,
                        const char **error);

/* One line for each key whose value differs: "com.apple.x: true in XML, false in DER". */
void entitle_differences(struct arena *a, const struct value *xml, const struct value *der,
                         struct name_vec *out);

#endif
