/* SPDX-License-Identifier: Apache-2.0 */
/* Designate: see designate.h. Requirements are written as text and compiled by the language. */
#include "forge/designate.h"

#include <string.h>

#include "forge/make.h"
#include "lang/compile.h"
#include "lang/print.h"
#include "lang/reqset.h"

#define ARC "1.2.840.113635.100."

/* A value in double quotes. */
static const char *quoted(struct arena *a, const char *text)
{
    struct buf b = {.arena = a};

    buf_byte(&b, '"');
    for (const char *p = text; *p; p++) {
        if (*p == '"' || *p == '\\')
            buf_byte(&b, '\\');
        buf_byte(&b, (uint8_t)*p);
    }
    buf_byte(&b, '"');
    return buf_cstr(&b);
}

/* Up from the leaf while the organisation is the leaf's: "leaf", "1" or "root". */
static const char *third_party_slot(struct arena *a, const struct identity *id, size_t *index)
{
    const char *leaf = id->chain[0].organisation;
    size_t i = 0;

    while (leaf && i + 1 < id->count && id->chain[i + 1].organisation &&
           strcmp(id->chain[i + 1].organisation, leaf) == 0)
        i++;
    *index = i;
    if (leaf && i + 1 == id->count)
        return "root";
    return i == 0 ? "leaf" : arena_printf(a, "%zu", i);
}

static const char *third_party(struct arena *a, const char *ident, const struct identity *id)
{
    size_t i;
    const char *slot = third_party_slot(a, id, &i);
    struct bytes hash = digest_bytes(a, DIGEST_SHA1, id->chain[i].der);

    return arena_printf(a, "identifier %s and certificate %s = H\"%s\"", ident, slot,
                        bytes_hex(a, hash));
}

const char *designate_text(struct forge *f, const struct item *item)
{
    struct arena *a = f->a;
    const struct identity *id = item->signer;
    const char *ident = quoted(a, item->code_identifier);

    if (!id)
        return NULL;
    if (identity_is_store(id))
        return arena_printf(a,
                            "(anchor apple generic and certificate leaf[field." ARC
                            "6.1.9] or anchor apple generic and certificate 1[field." ARC
                            "6.2.6] and certificate leaf[field." ARC
                            "6.1.13] and certificate leaf[subject.OU] = %s) and identifier %s",
                            quoted(a, id->team ? id->team : ""), ident);
    if (identity_is_developer_id(id))
        return arena_printf(a,
                            "identifier %s and (anchor apple generic and (certificate 1[field." ARC
                            "6.2.6] and (certificate leaf[field." ARC
                            "6.1.13] and certificate leaf[subject.OU] = %s)))",
                            ident, quoted(a, id->team ? id->team : ""));
    if (identity_is_wwdr(id))
        return arena_printf(a,
                            "identifier %s and (anchor apple generic and (certificate "
                            "leaf[subject.CN] = %s and certificate 1[field." ARC "6.2.1]))",
                            ident, quoted(a, id->chain[0].common_name));
    if (id->apple_root)
        return arena_printf(a, "identifier %s and anchor apple", ident);
    return third_party(a, ident, id);
}

static struct bytes compile(struct forge *f, const char *text, enum req_mode mode, bool *is_set,
                            const struct value *v)
{
    struct req_options options = {.mode = mode};
    struct req_compiled c = req_compile(f->a, bytes_str(text), &options);

    if (!c.ok)
        forge_refuse(f, v, "the requirement does not compile: %s", text);
    *is_set = c.is_set;
    return c.blob;
}

/* Members of SET, with DESIGNATED put in its place among them. */
static struct bytes overlay(struct arena *a, const struct req_set *set, struct bytes designated)
{
    struct req_member *members = arena_array(a, set->members.n + 1, struct req_member);
    size_t n = 0;
    bool placed = designated.n == 0;

    for (size_t i = 0; i < set->members.n; i++) {
        if (!placed && set->members.at[i].type > REQ_TYPE_DESIGNATED) {
            members[n++] = (struct req_member){.type = REQ_TYPE_DESIGNATED, .blob = designated};
            placed = true;
        }
        members[n++] = set->members.at[i];
    }
    if (!placed)
        members[n++] = (struct req_member){.type = REQ_TYPE_DESIGNATED, .blob = designated};
    return reqset_make(a, members, n);
}

struct bytes designate_set(struct forge *f, struct item *item)
{
    const struct value *v = value_get(item->spec, "requirements");
    const char *given = item_text(f, item->spec, "requirements");
    const char *standard = designate_text(f, item);
    struct req_set set = {0};
    struct bytes explicit = {0}, blob = {0}, text;
    bool is_set = false;

    item->requirement = NULL;
    if (item->mode == MODE_LINKER || (given && strcmp(given, "none") == 0))
        return bytes_of(NULL, 0);
    if (value_is(v, VALUE_DICT)) /* bytes as they are, good or not */
        return make_bytes(f, v);
    if (given && strcmp(given, "default") != 0) {
        text = req_substitute(f->a, bytes_str(given), bytes_str(item->code_identifier));
        blob = compile(f, bytes_cstr(f->a, text), REQ_AUTO, &is_set, v);
        if (is_set)
            reqset_open(f->a, blob, &set);
        else
            explicit = blob; /* a requirement alone is the designated one */
        if (is_set && !reqset_find(&set, REQ_TYPE_DESIGNATED, &blob, NULL))
            blob = bytes_of(NULL, 0);
    }
    if (blob.n == 0 && standard)
        blob = explicit = compile(f, standard, REQ_SINGLE, &is_set, v);
    if (blob.n && req_print(f->a, blob, &text) == REQ_OK)
        item->requirement = bytes_cstr(f->a, text);
    return overlay(f->a, &set, explicit);
}
