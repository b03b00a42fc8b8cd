/* SPDX-License-Identifier: Apache-2.0 */
/* PKI: see pki.h. Certificates are written element by element (RFC 5280). */
#include "forge/pki.h"

#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "base/when.h"
#include "forge/case_check.h"

#define DAY  INT64_C(86400)
#define YEAR (365 * DAY)

#define MARKERS     3
#define APPLE_ARC   "1.2.840.113635.100."
#define COMMENT_OID "\x60\x86\x48\x01\x86\xf8\x42\x01\x0d" /* 2.16.840.1.113730.1.13 */
#define COMMENT     "dryseal test identity: the key is public, nobody vouches for it"
/* A Developer ID account of a day after 2019-04-08: new enough to need notarization. */
#define ACCOUNT_DATE "20210422000000Z"

enum authority {
    AUTHORITY_NONE, /* self-signed */
    AUTHORITY_DEVELOPER_ID,
    AUTHORITY_WWDR,
    AUTHORITY_APPLE_CODE,
    AUTHORITY_TIMESTAMP,
    AUTHORITY_INTEGRATION,
    AUTHORITY_OWN,
};

static const struct authority_row {
    const char *common_name, *unit, *organisation;
    enum oid_id marker;
    enum test_key key;
} authorities[] = {
    [AUTHORITY_DEVELOPER_ID] = {"Developer ID Certification Authority", "G2", "Apple Inc.",
                                OID_APPLE_DEVID_CA, KEY_INTERMEDIATE},
    [AUTHORITY_WWDR] = {"Apple Worldwide Developer Relations Certification Authority", "G3",
                        "Apple Inc.", OID_APPLE_WWDR, KEY_INTERMEDIATE},
    [AUTHORITY_APPLE_CODE] = {"Apple Code Signing Certification Authority",
                              "Apple Certification Authority", "Apple Inc.", OID_UNKNOWN,
                              KEY_INTERMEDIATE},
    [AUTHORITY_TIMESTAMP] = {"Apple Timestamp Certification Authority",
                             "Apple Certification Authority", "Apple Inc.", OID_UNKNOWN,
                             KEY_INTERMEDIATE},
    [AUTHORITY_INTEGRATION] = {"Apple System Integration CA 4", "Apple Certification Authority",
                               "Apple Inc.", OID_UNKNOWN, KEY_EC_AUTHORITY},
    [AUTHORITY_OWN] = {"Independent Code Signing Authority", NULL, "Independent Trust", OID_UNKNOWN,
                       KEY_INTERMEDIATE},
};

struct signer_row {
    const char *kind, *common_name;
    enum authority authority;
    bool named;
    enum oid_id usage;
    bool hardened;
    const char *profile;
    enum oid_id markers[MARKERS];
};

static const struct signer_row signer_rows[] = {
#define SIGNER_KIND(word, cn, authority, named, usage, hardened, profile, ...) \
    {word, cn, AUTHORITY_##authority, named, OID_##usage, hardened, profile, {__VA_ARGS__}},
#include "forge/signers.def"
#undef SIGNER_KIND
};

static const struct signer_row service_rows[] = {
    [SERVICE_TIMESTAMP] = {"timestamp",
                           "Timestamp Signer MA1",
                           AUTHORITY_TIMESTAMP,
                           false,
                           OID_EKU_TIME_STAMPING,
                           false,
                           NULL,
                           {OID_UNKNOWN}},
    [SERVICE_PROFILE] = {"profile",
                         "Apple Mac OS Provisioning Profile Signing",
                         AUTHORITY_WWDR,
                         false,
                         OID_UNKNOWN,
                         false,
                         NULL,
                         {OID_APPLE_PROFILE_MAC, OID_APPLE_PROFILE_IOS}},
    [SERVICE_PROFILE_DER] = {"profile",
                             "WWDR Provisioning Profile Signing",
                             AUTHORITY_INTEGRATION,
                             false,
                             OID_UNKNOWN,
                             false,
                             NULL,
                             {OID_APPLE_PROFILE_WWDR}},
    [SERVICE_TICKET] = {"ticket",
                        "Software Ticket Signing",
                        AUTHORITY_INTEGRATION,
                        false,
                        OID_UNKNOWN,
                        false,
                        NULL,
                        {OID_APPLE_TICKET}},
    [SERVICE_OWN] = {"own",
                     "Independent Signer",
                     AUTHORITY_OWN,
                     false,
                     OID_EKU_CODE_SIGNING,
                     false,
                     NULL,
                     {OID_UNKNOWN}},
};

/* What a certificate is to say; the issuer's key signs. */
struct template
{
    const char *common_name, *unit, *organisation, *user_id;
    struct bytes serial; /* content octets of the INTEGER */
    int64_t from, to;
    enum test_key key;
    bool authority;
    struct der_list extensions; /* beyond those that every certificate has */
};

/* --- certificates ----------------------------------------------------------------------------------------- */

static void put_rdn(struct arena *a, struct der_list *name, enum oid_id id, const char *text)
{
    uint8_t tag = id == OID_NAME_C ? DER_PRINTABLE : DER_UTF8;

    if (text)
        vec_push(a, name,
                 DER(a, TAG_SET, DER(a, TAG_SEQUENCE, der_oid(a, id), der_text(a, tag, text))));
}

static struct bytes make_name(struct arena *a, const struct template *t)
{
    struct der_list name = {0};

    put_rdn(a, &name, OID_NAME_UID, t->user_id);
    put_rdn(a, &name, OID_NAME_CN, t->common_name);
    put_rdn(a, &name, OID_NAME_OU, t->unit);
    put_rdn(a, &name, OID_NAME_O, t->organisation);
    put_rdn(a, &name, OID_NAME_C, "US");
    return der_list(a, TAG_SEQUENCE, &name);
}

static struct bytes make_extension(struct arena *a, struct bytes oid, bool critical,
                                   struct bytes value)
{
    struct bytes id = der_wrap(a, DER_OID, oid), octets = der_wrap(a, DER_OCTET_STRING, value);

    if (critical)
        return DER(a, TAG_SEQUENCE, id, der_boolean(a, true), octets);
    return DER(a, TAG_SEQUENCE, id, octets);
}

static struct bytes make_marker(struct arena *a, enum oid_id id)
{
    bool date = id == OID_APPLE_DEVID_DATE;
    bool leaf = id != OID_APPLE_WWDR && id != OID_APPLE_DEVID_CA;

    return make_extension(a, oid_bytes(a, id), leaf && !date,
                          date ? der_text(a, DER_UTF8, ACCOUNT_DATE) : der_null(a));
}

struct bytes key_id(struct arena *a, enum test_key key)
{
    struct bytes info = key_public(a, key);
    size_t bits = key_is_rsa(key) ? 24 : 26; /* octets before the key in such an info of ours */

    return digest_bytes(a, DIGEST_SHA1, bytes_of(info.p + bits, info.n - bits));
}

static struct bytes make_extensions(struct arena *a, const struct template *t, enum test_key issuer)
{
    struct der_list all = {0};
    struct bytes constraints = t->authority ? DER(a, TAG_SEQUENCE, der_boolean(a, true))
                                            : der_wrap(a, TAG_SEQUENCE, bytes_of(NULL, 0));
    struct bytes usage = t->authority
                             ? bytes_of("\x03\x02\x01\x06", 4)  /* sign certificates, CRLs */
                             : bytes_of("\x03\x02\x07\x80", 4); /* digital signature */

    vec_push(a, &all, make_extension(a, oid_bytes(a, OID_BASIC_CONSTRAINTS), true, constraints));
    vec_push(a, &all,
             make_extension(a, oid_bytes(a, OID_AUTHORITY_KEY_ID), false,
                            DER(a, TAG_SEQUENCE, der_wrap(a, 0x80, key_id(a, issuer)))));
    vec_push(a, &all,
             make_extension(a, oid_bytes(a, OID_SUBJECT_KEY_ID), false,
                            der_wrap(a, DER_OCTET_STRING, key_id(a, t->key))));
    vec_push(a, &all, make_extension(a, oid_bytes(a, OID_KEY_USAGE), true, usage));
    vec_push(a, &all,
             make_extension(a, bytes_of(COMMENT_OID, sizeof COMMENT_OID - 1), false,
                            der_text(a, DER_IA5, COMMENT)));
    for (size_t i = 0; i < t->extensions.n; i++)
        vec_push(a, &all, t->extensions.at[i]);
    return DER(a, TAG_CONTEXT(3), der_list(a, TAG_SEQUENCE, &all));
}

static struct bytes signature_algorithm(struct arena *a, enum test_key key)
{
    return key_is_rsa(key) ? der_algorithm(a, OID_RSA_SHA256, true)
                           : der_algorithm(a, OID_ECDSA_SHA256, false);
}

/* A certificate of T; ISSUER NULL: self-signed. */
static struct certificate make_certificate(struct arena *a, const struct template *t,
                                           const struct certificate *issuer)
{
    struct certificate c = {.subject = make_name(a, t),
                            .common_name = t->common_name,
                            .organisation = t->organisation,
                            .key = t->key};
    enum test_key signing_key = issuer ? issuer->key : t->key;
    struct bytes body;

    c.issuer = issuer ? issuer->subject : c.subject;
    c.serial = der_wrap(a, DER_INTEGER, t->serial);
    body = DER(a, TAG_SEQUENCE, DER(a, TAG_CONTEXT(0), der_integer(a, 2)), c.serial,
               signature_algorithm(a, signing_key), c.issuer,
               DER(a, TAG_SEQUENCE, der_time(a, t->from), der_time(a, t->to)), c.subject,
               key_public(a, t->key), make_extensions(a, t, signing_key));
    c.der = DER(a, TAG_SEQUENCE, body, signature_algorithm(a, signing_key),
                der_bits(a, key_sign(a, signing_key, DIGEST_SHA256, body)));
    return c;
}

/* Eight octets of a serial number, positive and not 0, from what the certificate is. */
static struct bytes serial_of(struct arena *a, const char *seed)
{
    struct bytes digest = digest_bytes(a, DIGEST_SHA256, bytes_str(seed));
    uint8_t *octets = arena_copy(a, digest.p, 8);

    octets[0] = (uint8_t)((octets[0] & 0x3f) | 0x40);
    return bytes_of(octets, 8);
}

/* Authorities live long enough for every date a case may name. */
static struct template authority_template(struct arena *a, const char *cn, const char *unit,
                                          const char *organisation)
{
    return (struct template){.common_name = cn,
                             .unit = unit,
                             .organisation = organisation,
                             .serial = serial_of(a, cn),
                             .from = when_from_civil((struct civil){2006, 1, 1, 0, 0, 0}),
                             .to = when_from_civil((struct civil){2049, 1, 1, 0, 0, 0}),
                             .authority = true};
}

static struct certificate make_root(struct arena *a, const char *cn, bool own)
{
    struct template t = authority_template(a, cn, own ? NULL : "Apple Certification Authority",
                                           own ? "Independent Trust" : "Apple Inc.");

    t.key = own ? KEY_OWN : KEY_ROOT;
    return make_certificate(a, &t, NULL);
}

static struct certificate make_authority(struct arena *a, enum authority which,
                                         const struct certificate *root)
{
    const struct authority_row *row = &authorities[which];
    struct template t = authority_template(a, row->common_name, row->unit, row->organisation);

    t.key = row->key;
    if (row->marker != OID_UNKNOWN)
        vec_push(a, &t.extensions, make_marker(a, row->marker));
    return make_certificate(a, &t, root);
}

struct certificate pki_responder(struct arena *a, const struct certificate *authority,
                                 bool with_usage)
{
    struct template t = authority_template(a, "Revocation Responder", NULL, "Apple Inc.");

    t.authority = false;
    t.key = KEY_TIMESTAMP;
    if (with_usage)
        vec_push(a, &t.extensions,
                 make_extension(a, oid_bytes(a, OID_EXT_KEY_USAGE), false,
                                DER(a, TAG_SEQUENCE, der_oid(a, OID_EKU_OCSP_SIGNING))));
    return make_certificate(a, &t, authority);
}

/* --- identities ------------------------------------------------------------------------------------------- */

static const struct signer_row *find_signer(const char *kind)
{
    for (size_t i = 0; i < sizeof signer_rows / sizeof *signer_rows; i++)
        if (strcmp(signer_rows[i].kind, kind) == 0)
            return &signer_rows[i];
    return &signer_rows[0];
}

/* NAME and TEAM of the row's pattern replaced. */
static const char *expand_name(struct arena *a, const char *pattern, const char *name,
                               const char *team)
{
    struct buf b = {.arena = a};

    for (const char *p = pattern; *p;) {
        const char *word = text_starts(p, "NAME") ? name : text_starts(p, "TEAM") ? team : NULL;

        if (word)
            buf_str(&b, word);
        else
            buf_byte(&b, (uint8_t)*p);
        p += word ? 4 : 1;
    }
    return buf_cstr(&b);
}

/* An object identifier as written, or the part behind Apple's arc ("6.1.33"). */
static struct bytes parse_marker(struct arena *a, const char *text)
{
    struct bytes oid = {0};

    if (text && text_starts(text, "6."))
        text = arena_printf(a, "%s%s", APPLE_ARC, text);
    if (text)
        oid_parse(a, text, &oid);
    return oid;
}

/* True when MARKER is in the list (or the one text) LIST. */
static bool lists_marker(struct arena *a, const struct value *list, struct bytes marker)
{
    for (size_t i = 0; value_is(list, VALUE_ARRAY) && i < list->count; i++)
        if (bytes_equal(parse_marker(a, case_word(a, list->items[i])), marker))
            return true;
    return !value_is(list, VALUE_ARRAY) && list &&
           bytes_equal(parse_marker(a, case_word(a, list)), marker);
}

static void add_extra_markers(struct arena *a, struct template *t, const struct value *list)
{
    for (size_t i = 0; value_is(list, VALUE_ARRAY) && i < list->count; i++) {
        struct bytes oid = parse_marker(a, case_word(a, list->items[i]));

        if (oid.n)
            vec_push(a, &t->extensions, make_extension(a, oid, false, der_null(a)));
    }
}

static void add_leaf_extensions(struct arena *a, struct template *t, const struct signer_row *row,
                                const struct value *markers)
{
    const struct value *remove = value_get(markers, "remove");

    if (row->usage != OID_UNKNOWN)
        vec_push(a, &t->extensions,
                 make_extension(a, oid_bytes(a, OID_EXT_KEY_USAGE), true,
                                DER(a, TAG_SEQUENCE, der_oid(a, row->usage))));
    for (size_t i = 0; i < MARKERS; i++)
        if (row->markers[i] != OID_UNKNOWN &&
            !lists_marker(a, remove, oid_bytes(a, row->markers[i])))
            vec_push(a, &t->extensions, make_marker(a, row->markers[i]));
    add_extra_markers(a, t, value_get(markers, "add"));
}

static const char *root_name(const char *root)
{
    if (root && strcmp(root, "apple-g2") == 0)
        return "Apple Root CA - G2";
    if (root && strcmp(root, "apple-g3") == 0)
        return "Apple Root CA - G3";
    return "Apple Root CA";
}

/* Put the chain above LEAF together and sign all of it. */
static void make_chain(struct arena *a, struct identity *id, const struct template *leaf,
                       const char *root)
{
    bool own = id->row->authority == AUTHORITY_OWN || (root && strcmp(root, "own") == 0);

    if (id->row->authority == AUTHORITY_NONE) {
        id->chain[0] = make_certificate(a, leaf, NULL);
        id->count = 1;
        return;
    }
    id->chain[2] = make_root(
        a, id->row->authority == AUTHORITY_OWN ? "Independent Root Authority" : root_name(root),
        own);
    id->chain[1] = make_authority(a, id->row->authority, &id->chain[2]);
    id->chain[0] = make_certificate(a, leaf, &id->chain[1]);
    id->count = 3;
    id->apple_root = !own;
}

static void read_carried(struct arena *a, struct identity *id, const struct value *chain)
{
    static const char *const names[] = {"leaf", "intermediate", "root"};
    const char *only = case_word(a, chain);

    for (size_t i = 0; i < 3; i++)
        id->carried[i] =
            !chain || (only ? strcmp(only, names[i]) == 0 : value_has_string(chain, names[i]));
}

/* ASSUMPTION(forge-timestamp): whoever has a certificate stamps, unless the case says no. */
static void read_times(struct identity *id, const struct value *spec, int64_t signed_at)
{
    const struct value *stamp = value_get(spec, "timestamp");
    const char *chain = value_get_cstr(spec, "timestamp-chain");
    int64_t date;

    id->signs_at = id->stamp_at = signed_at;
    if (case_date(stamp, &date))
        id->signs_at = id->stamp_at = date;
    else if (!case_flag(stamp, true))
        id->stamp_at = WHEN_NONE;
    if (chain && strcmp(chain, "broken") == 0)
        id->stamp_chain = STAMP_CHAIN_BROKEN;
    if (chain && strcmp(chain, "rootless") == 0)
        id->stamp_chain = STAMP_CHAIN_ROOTLESS;
}

/* ASSUMPTION(forge-cert-dates): dates of a certificate leave the day of signing alone. */
static void read_validity(const struct identity *id, const struct value *valid, struct template *t)
{
    int64_t from, to;

    t->from = id->signs_at - YEAR;
    t->to = t->from + 5 * YEAR;
    if (value_is(valid, VALUE_ARRAY) && valid->count > 0 && case_date(valid->items[0], &from))
        t->from = from;
    if (value_is(valid, VALUE_ARRAY) && valid->count > 1 && case_date(valid->items[1], &to))
        t->to = to;
}

/* The serial number SPEC gives, else one made of what the certificate is. */
static struct bytes read_serial(struct arena *a, const struct value *spec, const char *seed)
{
    uint64_t number;
    struct buf b = {.arena = a};

    if (!case_number(value_get(spec, "serial"), false, &number))
        return serial_of(a, seed);
    buf_be64(&b, number);
    size_t skip = 0;
    while (skip < 7 && b.p[skip] == 0 && b.p[skip + 1] < 0x80)
        skip++;
    if (b.p[0] >= 0x80)
        buf_insert(&b, 0, 1);
    return bytes_of(b.p + skip, b.n - skip);
}

struct identity *identity_make(struct pki *pki, const char *name, const struct value *spec,
                               int64_t signed_at)
{
    struct arena *a = pki->arena;
    struct identity *id = arena_new_of(a, struct identity);
    const char *kind = value_get_cstr(spec, "kind"), *cn = case_word(a, value_get(spec, "cn"));
    const char *who = case_word(a, value_get(spec, "name")), *key = value_get_cstr(spec, "key");
    const char *team = case_word(a, value_get(spec, "team"));
    struct template leaf = {0};

    *id = (struct identity){
        .pki = pki, .name = name, .row = find_signer(kind ? kind : "developer-id")};
    bool apple_named = id->row->named && id->row->authority != AUTHORITY_OWN &&
                       id->row->authority != AUTHORITY_NONE;
    id->team = team ? team : apple_named ? "TEAMID1234" : NULL;
    who = who ? who : name;
    read_times(id, spec, signed_at);
    read_validity(id, value_get(spec, "valid"), &leaf);
    leaf.common_name =
        cn ? cn : expand_name(a, id->row->common_name, who, id->team ? id->team : "");
    leaf.organisation = id->row->named ? who : "Apple Inc.";
    leaf.unit = id->row->named                               ? id->team
                : id->row->authority == AUTHORITY_APPLE_CODE ? "Apple Software"
                                                             : NULL;
    leaf.user_id = id->row->named ? id->team : NULL;
    leaf.key = key && strcmp(key, "ec") == 0 ? KEY_EC_LEAF : KEY_LEAF;
    leaf.serial =
        read_serial(a, spec, arena_printf(a, "%s/%s/%s", id->row->kind, name, leaf.common_name));
    add_leaf_extensions(a, &leaf, id->row, value_get(spec, "markers"));
    make_chain(a, id, &leaf, value_get_cstr(spec, "root"));
    read_carried(a, id, value_get(spec, "chain"));
    return id;
}

static struct identity *make_service(struct pki *pki, enum service service)
{
    struct arena *a = pki->arena;
    struct identity *id = arena_new_of(a, struct identity);
    const struct signer_row *row = &service_rows[service];
    struct template leaf = authority_template(a, row->common_name, NULL, "Apple Inc.");

    *id = (struct identity){.pki = pki, .name = row->kind, .row = row, .stamp_at = WHEN_NONE};
    leaf.authority = false;
    leaf.key = row->authority == AUTHORITY_TIMESTAMP     ? KEY_TIMESTAMP
               : row->authority == AUTHORITY_INTEGRATION ? KEY_EC_LEAF
                                                         : KEY_LEAF;
    add_leaf_extensions(a, &leaf, row, NULL);
    make_chain(a, id, &leaf, row->authority == AUTHORITY_INTEGRATION ? "apple-g3" : NULL);
    read_carried(a, id, NULL);
    return id;
}

struct identity *identity_service(struct pki *pki, enum service service)
{
    if (!pki->services[service])
        pki->services[service] = make_service(pki, service);
    return arena_copy(pki->arena, pki->services[service], sizeof(struct identity));
}

const char *identity_kind(const struct identity *id)
{
    return id->row->kind;
}

bool identity_hardened(const struct identity *id)
{
    return id->row->hardened;
}

const char *identity_profile(const struct identity *id)
{
    return id->row->profile;
}

bool identity_is_developer_id(const struct identity *id)
{
    return id->apple_root && id->row->authority == AUTHORITY_DEVELOPER_ID;
}

bool identity_is_wwdr(const struct identity *id)
{
    return id->apple_root && id->row->authority == AUTHORITY_WWDR;
}

bool identity_is_store(const struct identity *id)
{
    return id->apple_root && id->row->markers[0] == OID_APPLE_MAC_STORE;
}
