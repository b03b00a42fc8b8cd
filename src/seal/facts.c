/* SPDX-License-Identifier: Apache-2.0 */
/* Facts, written down: see facts.h. One function a member; each answers false after a complaint. */
#include "seal/facts.h"

#include "base/arena.h"
#include "base/text.h"
#include "lang/compile.h"
#include "seal/cert_subject.h"

struct reader {
    struct arena *a;
    const struct facts_source *source;
    struct subject *out;
    struct value_error *error;
    struct value *certs; /* the list itself: trust settings go by the names in it */
    const struct cert **chain;
    size_t count;
    struct cert_subject *self;
};

static bool bad(struct reader *r, const struct value *at, const char *message)
{
    *r->error = (struct value_error){.message = message};
    if (at)
        r->error->span = at->span;
    return false;
}

/* -- Values with marks for what JSON lacks */

static struct value *marked(struct reader *r, const struct value *v)
{
    const struct value *date = value_get(v, "$date"), *data = value_get(v, "$data");
    struct bytes octets;
    if (v->type != VALUE_DICT || v->count != 1)
        return NULL;
    if (value_is(date, VALUE_INT))
        return value_date(r->a, (double)date->integer);
    if (value_is(date, VALUE_REAL))
        return value_date(r->a, date->real);
    if (value_is(data, VALUE_STRING) && bytes_unhex(r->a, data->bytes, &octets))
        return value_data(r->a, octets);
    return NULL;
}

/* A copy of V in which marks are what they stand for. Nesting is as deep as the reader of V allowed. */
static struct value *plain(struct reader *r, const struct value *v)
{
    struct value *out = marked(r, v);
    if (out)
        return out;
    if (v->type == VALUE_ARRAY) {
        out = value_array(r->a);
        for (size_t i = 0; i < v->count; i++)
            value_append(r->a, out, plain(r, v->items[i]));
        return out;
    }
    if (v->type != VALUE_DICT)
        return value_clone(r->a, v);
    out = value_dict(r->a);
    for (size_t i = 0; i < v->count; i++)
        value_add(r->a, out, v->keys[i].name, plain(r, v->items[i]));
    return out;
}

/* -- Certificates */

static bool certificate(struct reader *r, const struct value *v, struct cert *out)
{
    const struct value *data = value_get(v, "$data");
    struct bytes der;
    if (value_is(data, VALUE_STRING)) {
        if (!bytes_unhex(r->a, data->bytes, &der))
            return bad(r, v, "$data is written in hex digits");
    } else if (!value_is(v, VALUE_STRING)) {
        return bad(r, v, "a certificate is the name of a DER file, or {\"$data\": hex}");
    } else if (!r->source->read(r->source->self, value_cstr(v), &der)) {
        return bad(r, v, arena_printf(r->a, "cannot read the certificate %s", value_cstr(v)));
    }
    if (!cert_parse(r->a, der, out))
        return bad(r, v, "this is no DER certificate");
    return true;
}

static bool read_certs(struct reader *r, struct value *v)
{
    if (!value_is(v, VALUE_ARRAY))
        return bad(r, v, "certs is a list, the leaf first");
    r->certs = v;
    r->chain = arena_array(r->a, v->count, const struct cert *);
    for (size_t i = 0; i < v->count; i++) {
        struct cert *cert = arena_new_of(r->a, struct cert);
        if (!certificate(r, v->items[i], cert))
            return false;
        r->chain[r->count++] = cert;
    }
    return true;
}

static bool read_anchors(struct reader *r, struct value *v)
{
    struct cert anchor;
    if (!value_is(v, VALUE_ARRAY))
        return bad(r, v, "apple_anchors is a list of certificates");
    for (size_t i = 0; i < v->count; i++) {
        if (!certificate(r, v->items[i], &anchor))
            return false;
        r->out->apple_anchor |=
            r->count > 0 && bytes_equal(anchor.der, r->chain[r->count - 1]->der);
    }
    return true;
}

static bool trust_word(const struct value *v, enum trust_setting *out)
{
    static const struct {
        const char *word;
        enum trust_setting setting;
    } words[] = {{"trust_root", TRUST_ROOT},
                 {"trust_as_root", TRUST_AS_ROOT},
                 {"deny", TRUST_DENY},
                 {"unspecified", TRUST_UNSPECIFIED}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (value_is(v, VALUE_STRING) && bytes_is(v->bytes, words[i].word)) {
            *out = words[i].setting;
            return true;
        }
    return false;
}

static bool read_trust(struct reader *r, struct value *v)
{
    enum trust_setting *trust = arena_array(r->a, r->count, enum trust_setting), setting;
    if (!value_is(v, VALUE_DICT))
        return bad(r, v, "trust_settings has a setting for each certificate file");
    for (size_t i = 0; i < v->count; i++) {
        if (!trust_word(v->items[i], &setting))
            return bad(r, v->items[i], "one of trust_root, trust_as_root, deny, unspecified");
        for (size_t k = 0; k < r->count; k++)
            if (value_is(r->certs->items[k], VALUE_STRING) &&
                bytes_equal(r->certs->items[k]->bytes, v->keys[i].name))
                trust[k] = setting;
    }
    r->self->trust = trust;
    r->out->unknown &= ~FACT_BIT(FACT_TRUST_SETTINGS);
    return true;
}

/* -- The rest */

static bool read_directory(struct reader *r, struct value *v)
{
    struct value *identifier = value_get(v, "identifier"), *cdhash = value_get(v, "cdhash"),
                 *platform = value_get(v, "platform");
    if (!value_is(v, VALUE_DICT))
        return bad(r, v, "code_directory has identifier, cdhash and platform");
    if (identifier && identifier->type != VALUE_STRING)
        return bad(r, identifier, "an identifier is text");
    if (cdhash &&
        (cdhash->type != VALUE_STRING || !bytes_unhex(r->a, cdhash->bytes, &r->out->cdhash)))
        return bad(r, cdhash, "a cdhash is written in hex digits");
    r->out->has_directory = true;
    if (identifier)
        r->out->identifier = identifier->bytes;
    r->out->platform = (uint8_t)value_int_or(platform, 0);
    return true;
}

static bool read_info(struct reader *r, struct value *v)
{
    if (!value_is(v, VALUE_DICT))
        return bad(r, v, "info is a dictionary");
    r->out->info = plain(r, v);
    return true;
}

static bool read_entitlements(struct reader *r, struct value *v)
{
    if (!value_is(v, VALUE_DICT))
        return bad(r, v, "entitlements is a dictionary");
    r->out->entitlements = plain(r, v);
    return true;
}

static bool read_timestamp(struct reader *r, struct value *v)
{
    if (!value_is(v, VALUE_INT) && !value_is(v, VALUE_REAL))
        return bad(r, v, "secure_timestamp is a number of seconds since 2001");
    r->out->has_timestamp = true;
    r->out->timestamp = v->type == VALUE_INT ? (double)v->integer : v->real;
    return true;
}

static bool read_checksum(struct reader *r, struct value *v)
{
    r->out->has_package_checksum = value_is(v, VALUE_STRING);
    return r->out->has_package_checksum || bad(r, v, "package_checksum is written in hex digits");
}

static bool read_fragment_kind(struct reader *r, const struct value *v, struct value **out)
{
    *out = value_dict(r->a);
    if (v && v->type != VALUE_DICT)
        return bad(r, v, "fragments have a requirement for each name");
    for (size_t i = 0; v && i < v->count; i++) {
        const char *text = value_cstr(v->items[i]);
        struct bytes blob = text ? req_compile_single(r->a, text) : (struct bytes){NULL, 0};
        if (blob.n == 0)
            return bad(r, v->items[i], "a fragment is the text of one requirement");
        value_add(r->a, *out, v->keys[i].name, value_data(r->a, blob));
    }
    return true;
}

static bool read_fragments(struct reader *r, struct value *v)
{
    struct value *code, *anchor;
    if (!read_fragment_kind(r, value_get(v, "subreq"), &code) ||
        !read_fragment_kind(r, value_get(v, "anchorreq"), &anchor))
        return false;
    r->self->fragments[FRAGMENT_CODE] = code;
    r->self->fragments[FRAGMENT_ANCHOR] = anchor;
    return true;
}

static bool read_flag(struct reader *r, struct value *v, bool *out, enum subject_fact fact)
{
    if (!value_is(v, VALUE_BOOL))
        return bad(r, v, "true or false");
    *out = v->boolean;
    r->out->unknown &= ~FACT_BIT(fact);
    return true;
}

static bool read_notarized(struct reader *r, struct value *v)
{
    return read_flag(r, v, &r->out->notarized, FACT_NOTARIZED);
}

static bool read_listed(struct reader *r, struct value *v)
{
    return read_flag(r, v, &r->out->legacy_listed, FACT_LEGACY_LISTED);
}

static bool read_cached(struct reader *r, struct value *v)
{
    return read_flag(r, v, &r->out->in_trust_cache, FACT_TRUST_CACHE);
}

static bool read_internal(struct reader *r, struct value *v)
{
    return read_flag(r, v, &r->out->apple_internal, FACT_INTERNAL);
}

static bool read_forced(struct reader *r, struct value *v)
{
    return read_flag(r, v, &r->out->force_platform, FACT_FORCED_PLATFORM);
}

/* In the order in which they are read: what concerns certificates after the certificates. */
static const struct {
    const char *name;
    bool (*read)(struct reader *r, struct value *v);
} members[] = {
    {"apple_anchors", read_anchors},      {"trust_settings", read_trust},
    {"code_directory", read_directory},   {"info", read_info},
    {"entitlements", read_entitlements},  {"notarized", read_notarized},
    {"legacy_listed", read_listed},       {"in_trust_cache", read_cached},
    {"apple_internal", read_internal},    {"force_platform", read_forced},
    {"secure_timestamp", read_timestamp}, {"package_checksum", read_checksum},
    {"fragments", read_fragments},
};
#define MEMBERS (sizeof members / sizeof *members)

static bool known_members(struct reader *r, const struct value *facts)
{
    const char *names[MEMBERS + 1] = {"certs"};
    for (size_t i = 0; i < MEMBERS; i++)
        names[i + 1] = members[i].name;
    for (size_t i = 0; i < facts->count; i++) {
        const char *name = (const char *)facts->keys[i].name.p;
        size_t k = 0;
        while (k <= MEMBERS && !bytes_is(facts->keys[i].name, names[k]))
            k++;
        if (k <= MEMBERS)
            continue;
        bad(r, facts->items[i], arena_printf(r->a, "no fact is called '%s'", name));
        r->error->span = facts->keys[i].span;
        r->error->suggestion = text_suggest(name, names, MEMBERS + 1);
        return false;
    }
    return true;
}

static bool read_all(struct reader *r, const struct value *facts)
{
    struct value *certs = value_get(facts, "certs");
    if (certs && !read_certs(r, certs))
        return false;
    r->self = cert_subject_make(r->a, r->chain, r->count, r->out);
    for (size_t i = 0; i < MEMBERS; i++) {
        struct value *v = value_get(facts, members[i].name);
        if (v && !members[i].read(r, v))
            return false;
    }
    return true;
}

enum ds_status facts_subject(struct arena *a, const struct value *facts,
                             const struct facts_source *source, struct subject *out,
                             struct value_error *error)
{
    struct reader r = {.a = a, .source = source, .out = out, .error = error};
    *out = (struct subject){0};
    if (!value_is(facts, VALUE_DICT)) {
        bad(&r, facts, "facts are an object");
        return DS_PARSE;
    }
    if (!source->complete) {
        out->unknown =
            FACT_BIT(FACT_NOTARIZED) | FACT_BIT(FACT_LEGACY_LISTED) | FACT_BIT(FACT_TRUST_SETTINGS);
        if (!known_members(&r, facts))
            return DS_PARSE;
    }
    return read_all(&r, facts) ? DS_OK : DS_PARSE;
}
