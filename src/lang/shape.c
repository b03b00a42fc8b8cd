/* SPDX-License-Identifier: Apache-2.0 */
/* Shape: see shape.h. */
#include "config.h"

#include "lang/shape.h"

#include "base/arena.h"
#include "lang/date.h"
#include "lang/explain.h"

/* -- As a subject */

static const struct shape_cert *cert_at(const struct subject *s, size_t index)
{
    const struct shape *shape = s->self;
    return &shape->certs[index];
}

static const struct shape_text *find(const struct shape_text_vec *v, struct bytes key)
{
    for (size_t i = 0; i < v->n; i++)
        if (bytes_equal(v->at[i].key, key))
            return &v->at[i];
    return NULL;
}

static const uint8_t *sha1(const struct subject *s, size_t index)
{
    return cert_at(s, index)->sha1;
}

static bool field(const struct subject *s, size_t index, struct bytes type, struct bytes *text)
{
    const struct shape_text *found = find(&cert_at(s, index)->fields, type);
    if (found)
        *text = found->text;
    return found != NULL;
}

static bool has_extension(const struct subject *s, size_t index, struct bytes oid)
{
    const struct shape_cert *c = cert_at(s, index);
    return find(&c->extensions, oid) || find(&c->dates, oid);
}

static bool has_policy(const struct subject *s, size_t index, struct bytes oid)
{
    return find(&cert_at(s, index)->policies, oid) != NULL;
}

static bool date(const struct subject *s, size_t index, struct bytes oid, int64_t *seconds)
{
    const struct shape_text *found = find(&cert_at(s, index)->dates, oid);
    if (found)
        *seconds = found->number;
    return found != NULL;
}

static bool email(const struct subject *s, size_t index, size_t n, struct bytes *text)
{
    (void)s;
    (void)index;
    (void)n;
    (void)text;
    return false;
}

static enum trust_setting trust(const struct subject *s, size_t index)
{
    return cert_at(s, index)->trust;
}

static bool fragment(const struct subject *s, enum fragment_kind kind, struct bytes name,
                     struct bytes *blob)
{
    const struct shape *shape = s->self;
    const struct shape_text *found = find(&shape->named[kind], name);
    if (found)
        *blob = found->text;
    return found != NULL;
}

static const struct subject_ops ops = {
    .sha1 = sha1,
    .field = field,
    .has_extension = has_extension,
    .has_policy = has_policy,
    .date = date,
    .email = email,
    .trust = trust,
    .fragment = fragment,
};

struct shape *shape_new(struct arena *a, size_t certs)
{
    struct shape *s = arena_new_of(a, struct shape);
    s->certs = arena_array(a, certs, struct shape_cert);
    s->count = certs;
    s->info = value_dict(a);
    s->entitlements = value_dict(a);
    return s;
}

const struct subject *shape_subject(struct shape *s)
{
    s->subject.ops = &ops;
    s->subject.self = s;
    s->subject.chain_count = s->count;
    s->subject.has_directory = true;
    s->subject.info = s->info;
    s->subject.entitlements = s->entitlements;
    return &s->subject;
}

/* -- As text */

static const char *place(struct arena *a, const struct shape *s, size_t index)
{
    if (index == 0)
        return "leaf";
    if (index + 1 == s->count)
        return "root";
    return arena_printf(a, "certificate %zu", index);
}

static const char *field_name(struct bytes type)
{
    for (int f = 0; f < FIELD_COUNT; f++)
        if (bytes_equal(subject_field_type((enum subject_field)f), type))
            return subject_field_phrase((enum subject_field)f);
    return "attribute";
}

static const char *shown(struct buf *b, struct bytes text)
{
    return bytes_printable(b->arena, text, 120);
}

static void put_oids(struct buf *b, const char *where, const char *what,
                     const struct shape_text_vec *v)
{
    for (size_t i = 0; i < v->n; i++)
        buf_printf(b, "%s: has the %s %s\n", where, what, req_oid_phrase(b->arena, v->at[i].key));
}

static void put_dates(struct buf *b, const char *where, const struct shape_text_vec *v)
{
    for (size_t i = 0; i < v->n; i++) {
        buf_printf(b, "%s: the extension %s holds ", where, req_oid_phrase(b->arena, v->at[i].key));
        req_date_put(b, v->at[i].number);
        buf_byte(b, '\n');
    }
}

static void put_cert(struct buf *b, const struct shape *s, size_t index)
{
    const struct shape_cert *c = &s->certs[index];
    const char *where = place(b->arena, s, index);
    if (c->sha1_matters)
        buf_printf(b, "%s: SHA-1 %s\n", where, bytes_hex(b->arena, bytes_of(c->sha1, 20)));
    for (size_t i = 0; i < c->fields.n; i++)
        buf_printf(b, "%s: %s is \"%s\"\n", where, field_name(c->fields.at[i].key),
                   shown(b, c->fields.at[i].text));
    put_oids(b, where, "extension", &c->extensions);
    put_oids(b, where, "policy", &c->policies);
    put_dates(b, where, &c->dates);
    if (c->trust == TRUST_ROOT || c->trust == TRUST_AS_ROOT)
        buf_printf(b, "%s: accepted by trust settings\n", where);
    if (c->trust == TRUST_DENY)
        buf_printf(b, "%s: denied by trust settings\n", where);
}

static void put_dictionary(struct buf *b, const char *what, const struct value *dict)
{
    for (size_t i = 0; i < dict->count; i++)
        buf_printf(b, "%s %s: %s\n", what, shown(b, dict->keys[i].name),
                   value_text(b->arena, dict->items[i]));
}

static void put_chain(struct buf *b, const struct shape *s)
{
    if (s->count == 0) {
        buf_str(b, "no certificates (ad hoc)\n");
        return;
    }
    buf_printf(b, "%zu certificate%s%s\n", s->count, s->count == 1 ? "" : "s",
               s->subject.apple_anchor ? ", the last an Apple root"
               : s->anchor_matters     ? ", the last not an Apple root"
                                       : "");
    for (size_t i = 0; i < s->count; i++)
        put_cert(b, s, i);
}

static void put_services(struct buf *b, const struct subject *s)
{
    if (s->in_trust_cache)
        buf_str(b, "part of the system (in the trust cache)\n");
    if (s->notarized)
        buf_str(b, "notarized\n");
    if (s->legacy_listed)
        buf_str(b, "on the system's list of legacy code\n");
}

void shape_put(struct buf *b, const struct shape *s)
{
    if (s->identifier_matters)
        buf_printf(b, "identifier \"%s\"\n", shown(b, s->subject.identifier));
    if (s->cdhash_matters)
        buf_printf(b, "cdhash %s\n", bytes_hex(b->arena, s->subject.cdhash));
    if (s->platform_matters)
        buf_printf(b, "platform identifier %u\n", s->subject.platform);
    put_chain(b, s);
    put_dictionary(b, "Info.plist key", s->info);
    put_dictionary(b, "entitlement", s->entitlements);
    put_services(b, &s->subject);
    for (int kind = 0; kind < 2; kind++)
        for (size_t i = 0; i < s->named[kind].n; i++)
            buf_printf(b, "the system's requirement \"%s\" holds\n",
                       shown(b, s->named[kind].at[i].key));
}
