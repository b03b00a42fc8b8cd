/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates as a requirement sees them: see cert_subject.h. */
#include "seal/cert_subject.h"

#include "base/arena.h"

static const struct cert_subject *self_of(const struct subject *s)
{
    return s->self;
}

static const struct cert *cert_at(const struct subject *s, size_t index)
{
    return self_of(s)->chain[index];
}

static const uint8_t *sha1(const struct subject *s, size_t index)
{
    return cert_at(s, index)->sha1;
}

static bool field(const struct subject *s, size_t index, struct bytes type, struct bytes *text)
{
    const struct cert_attribute *attribute = cert_attribute(cert_at(s, index), type);
    if (!attribute || !attribute->decoded)
        return false;
    *text = attribute->text;
    return true;
}

static bool has_extension(const struct subject *s, size_t index, struct bytes oid)
{
    return cert_extension(cert_at(s, index), oid) != NULL;
}

static bool has_policy(const struct subject *s, size_t index, struct bytes oid)
{
    return cert_has_policy(cert_at(s, index), oid);
}

static bool date(const struct subject *s, size_t index, struct bytes oid, int64_t *seconds)
{
    return cert_date_extension(cert_at(s, index), oid, seconds);
}

static bool email(const struct subject *s, size_t index, size_t n, struct bytes *text)
{
    const struct bytes_vec *all = &self_of(s)->emails[index];
    if (n >= all->n)
        return false;
    *text = all->at[n];
    return true;
}

static const char *name(const struct subject *s, size_t index)
{
    return cert_at(s, index)->common_name;
}

static enum trust_setting trust(const struct subject *s, size_t index)
{
    const enum trust_setting *settings = self_of(s)->trust;
    return settings ? settings[index] : TRUST_UNSPECIFIED;
}

static bool fragment(const struct subject *s, enum fragment_kind kind, struct bytes name,
                     struct bytes *blob)
{
    const struct value *v = value_get_bytes(self_of(s)->fragments[kind], name);
    if (!value_is(v, VALUE_DATA))
        return false;
    *blob = v->bytes;
    return true;
}

static const struct subject_ops ops = {
    .sha1 = sha1,
    .field = field,
    .has_extension = has_extension,
    .has_policy = has_policy,
    .date = date,
    .email = email,
    .name = name,
    .trust = trust,
    .fragment = fragment,
};

struct cert_subject *cert_subject_make(struct arena *a, const struct cert **chain, size_t count,
                                       struct subject *out)
{
    struct cert_subject *self = arena_new_of(a, struct cert_subject);
    *self = (struct cert_subject){.chain = chain, .count = count};
    self->emails = arena_array(a, count, struct bytes_vec);
    for (size_t i = 0; i < count; i++)
        cert_emails(a, chain[i], &self->emails[i]);
    enum anchor anchor = count ? cert_anchor(chain[count - 1]) : ANCHOR_NONE;
    out->ops = &ops;
    out->self = self;
    out->chain_count = count;
    out->apple_anchor = anchor != ANCHOR_NONE && anchor != ANCHOR_TEST;
    return self;
}
